#include "client/station.h"

#include <stdlib.h>
#include <string.h>

#include "client/clock.h"
#include "protocol/container.h"
#include "protocol/memory.h"

/* Frees itself when its connection is closed. */
struct station {
    struct stations *stations; /* NULL: let go */
    struct network *network;
    struct connection connection;
    struct connection_owner owner;
    struct connection_plan plan;
    struct route route; /* as it was when we set out; the plan points here */
    bool refused;
};

static struct station *station_of(struct connection_owner *owner) {
    return container_of(owner, struct station, owner);
}

static void on_news(struct connection_owner *owner, const struct news *news) {
    struct station *station = station_of(owner);
    if (!station->stations || news->kind == NEWS_PONG) return;
    struct model *model = station->stations->model;
    model->now = clock_now();
    station->network->session = connection_session(&station->connection);
    model_hear(model, station->network, news);
    if (news->kind == NEWS_ONLINE) model_join_wanted(model, station->network);
}

static void on_change(struct connection_owner *owner, struct text words) {
    struct station *station = station_of(owner);
    if (!station->stations) return;
    station->network->suspect = connection_doubted(&station->connection);
    model_set_state(station->stations->model, station->network, words);
}

static void on_loss(struct connection_owner *owner, struct text reason,
                    enum loss loss) {
    struct station *station = station_of(owner);
    if (!station->stations) return;
    struct model *model = station->stations->model;
    station->refused = loss != LOSS_AGAIN;
    model->now = clock_now();
    /* That the login was refused, the session has told already. */
    if (loss != LOSS_REFUSED) model_lost(model, station->network, reason);
    if (loss != LOSS_AGAIN)
        model_hint(model, text_of("/reconnect tries again"));
}

static void on_drained(struct connection_owner *owner) {
    (void)owner;
}

static void on_closed(struct connection_owner *owner) {
    struct station *station = station_of(owner);
    if (station->route.secret)
        explicit_bzero(station->route.secret, strlen(station->route.secret));
    free(station->route.secret);
    free(station);
}

void stations_init(struct stations *stations, uv_loop_t *loop,
                   struct model *model) {
    *stations = (struct stations){.loop = loop, .model = model};
}

static struct station *find(const struct stations *stations,
                            const struct network *network) {
    for (size_t i = 0; i < stations->count; i++)
        if (stations->list[i]->network == network) return stations->list[i];
    return NULL;
}

static void make_plan(struct station *station) {
    const struct model *model = station->stations->model;
    struct route *route = &station->route;
    *route = *station->network->route;
    if (!route->nick[0])
        memcpy(route->nick, model->preferences.nick, sizeof route->nick);
    if (route->secret)
        route->secret = memory_string(route->secret, strlen(route->secret));
    station->plan = (struct connection_plan){
        .addresses = route->addresses,
        .count = route->count,
        .nick = route->nick,
        .secret = route->secret,
        .plaintext = route->plaintext,
    };
}

static struct station *set_out(struct stations *stations,
                               struct network *network) {
    struct station *station = memory_new(1, sizeof *station);
    station->stations = stations;
    station->network = network;
    station->owner = (struct connection_owner){on_news, on_change, on_loss,
                                               on_drained, on_closed};
    make_plan(station);
    connection_init(&station->connection, stations->loop, &station->owner,
                    &station->plan);
    stations->list[stations->count++] = station;
    return station;
}

void stations_connect(struct stations *stations, struct network *network) {
    struct station *station = find(stations, network);
    if (!network->route || network->route->count == 0) return;
    if (station && connection_session(&station->connection))
        model_lost(stations->model, network, text_of("reconnecting"));
    if (!station) station = set_out(stations, network);
    station->refused = false;
    connection_start(&station->connection);
}

static void let_go(struct stations *stations, size_t index,
                   struct text reason) {
    struct station *station = stations->list[index];
    stations->count--;
    memmove(&stations->list[index], &stations->list[index + 1],
            (stations->count - index) * sizeof stations->list[0]);
    station->stations = NULL;
    station->network->session = NULL;
    connection_leave(&station->connection, reason);
}

void stations_leave(struct stations *stations, const struct network *network,
                    struct text reason) {
    for (size_t i = 0; i < stations->count; i++) {
        if (stations->list[i]->network != network) continue;
        let_go(stations, i, reason);
        return;
    }
}

void stations_leave_all(struct stations *stations, struct text reason) {
    while (stations->count > 0)
        let_go(stations, stations->count - 1, reason);
}

struct session *stations_session(const struct stations *stations,
                                 const struct network *network) {
    struct station *station = find(stations, network);
    return station ? connection_session(&station->connection) : NULL;
}

bool stations_refused(const struct stations *stations) {
    for (size_t i = 0; i < stations->count; i++)
        if (!stations->list[i]->refused) return false;
    return stations->count > 0;
}
