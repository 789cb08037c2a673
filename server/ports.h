/* All the places where the server listens: those that are set, or those that
 * systemd hands over instead. */
#ifndef MINICHAT_PORTS_H
#define MINICHAT_PORTS_H

#include "server/config.h"
#include "server/listener.h"
#include "server/notify.h"

enum { PORTS = NOTIFY_SOCKETS + LISTENER_NAMES };

struct ports {
    struct listener listeners[PORTS];
    unsigned count;
};

/* Opens what is set. False: error[] has one sentence; what was opened is to be
 * closed. */
bool ports_open(struct ports *ports, uv_loop_t *loop, struct company *company,
                const struct config *config, char *error, size_t size);
/* Takes over so many sockets, from NOTIFY_FIRST_SOCKET on. */
bool ports_take(struct ports *ports, uv_loop_t *loop, struct company *company,
                int sockets, char *error, size_t size);
bool ports_begin(struct ports *ports);
/* Takes no more connections; the loop must run once more. */
void ports_close(struct ports *ports);
/* The path of the first Unix socket where IRC is spoken, or "". */
void ports_path(const struct ports *ports, char path[ADDRESS_SIZE]);
/* The port for those who come with TLS: the first that takes nothing else, or
 * the first where it is recognised. 0: there is no TCP here. */
uint16_t ports_secure(const struct ports *ports);

#endif
