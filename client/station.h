/* The networks that we are at or on our way to: each has a connection of its
 * own, which is made when a person wants to be there and let go when they do
 * not. What a connection tells is heard by its network of the model; what it
 * still has to say after it was let go, nobody hears. */
#ifndef MINICHAT_CLIENT_STATION_H
#define MINICHAT_CLIENT_STATION_H

#include "client/connection.h"
#include "client/model.h"

struct station;

struct stations {
    uv_loop_t *loop;
    struct model *model;
    struct disk *disk;
    struct trust trust;
    struct station *list[MODEL_NETWORKS];
    size_t count;
};

void stations_init(struct stations *stations, uv_loop_t *loop,
                   struct model *model, struct disk *disk);
/* After the loop has ended. */
void stations_finish(struct stations *stations);
/* The end of a round: what a person has answered is done. */
void stations_round(struct stations *stations);
/* Goes there, as its route says; or, where we are already there or on the way,
 * drops that and begins anew. */
void stations_connect(struct stations *stations, struct network *network);
/* Leaves. Nothing happens where we were not. */
void stations_leave(struct stations *stations, const struct network *network,
                    struct text reason);
/* Goes there anew with another secret, which is kept until we end. */
void stations_log_in(struct stations *stations, struct network *network,
                     struct text secret);
void stations_leave_all(struct stations *stations, struct text reason);
/* Shows what is sent and received in the server's buffer, or no longer; returns
 * whether it does now. */
bool stations_trace(struct stations *stations, const struct network *network);
/* What the server of that network has shown, and its name among those that are
 * trusted; NULL where there was no TLS. */
const struct tls_peer *stations_peer(const struct stations *stations,
                                     const struct network *network,
                                     char server[LEDGER_NAME_SIZE]);
/* Time has passed without us: are they still there? */
void stations_wake(struct stations *stations);
/* NULL while nothing can be said. */
struct session *stations_session(const struct stations *stations,
                                 const struct network *network);
/* Was the login refused wherever we wanted to be? */
bool stations_refused(const struct stations *stations);

#endif
