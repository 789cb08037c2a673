#include "client/outset.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/settings.h"

/* Those of the user only where the environment says where that is. */
static void guess_address(struct route *box, const char *base,
                          const char *rest) {
    char path[ADDRESS_SIZE];
    struct writer writer = writer_on(path, sizeof path);
    if (!base || !*base) return;
    write_string(&writer, base);
    write_string(&writer, rest);
    (void)route_add_address(box, writer_text(&writer)); /* too long is none */
}

/* Where a server of this box may be, one after the other. */
static void guess_sockets(struct route *box) {
    const char *state = getenv("XDG_STATE_HOME");
    bool set = state && *state;
    guess_address(box, "/run", "/minichat/minichat.sock");
    guess_address(box, getenv("XDG_RUNTIME_DIR"), "/minichat.sock");
    guess_address(box, set ? state : getenv("HOME"),
                  set ? "/minichat/minichat.sock"
                      : "/.local/state/minichat/minichat.sock");
}

static bool has_socket(const struct route *box) {
    for (size_t i = 0; i < box->count; i++)
        if (access(box->addresses[i].path, F_OK) == 0) return true;
    return false;
}

/* What the route does not say, it has from the other one. */
static void fill_in(struct route *route, const struct route *from) {
    char own[SETTINGS_VALUE_SIZE], value[SETTINGS_VALUE_SIZE];
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        struct writer is = writer_on(own, sizeof own);
        struct writer may = writer_on(value, sizeof value);
        if (s->scope != SETTING_OF_NETWORK) continue;
        setting_write_route(s, route, &is);
        setting_write_route(s, from, &may);
        if (text_is(writer_text(&is), s->standard))
            (void)setting_route(s, route, writer_text(&may), NULL);
    }
}

static bool is_same(const struct address *a, const struct address *b) {
    return a->kind == b->kind && a->port == b->port &&
           strcmp(a->host, b->host) == 0 && strcmp(a->path, b->path) == 0;
}

/* One that is configured with the same address is meant. */
static void adopt(struct route *route, const struct routes *known) {
    for (size_t i = 0; i < known->count; i++) {
        const struct route *other = known->list[i];
        if (other->count == 0 ||
            !is_same(&other->addresses[0], &route->addresses[0]))
            continue;
        fill_in(route, other);
        return;
    }
}

static struct route *find_box(const struct routes *routes) {
    for (size_t i = 0; i < routes->count; i++)
        if (text_equals_folded(text_of(routes->list[i]->name), text_of("box")))
            return routes->list[i];
    return NULL;
}

/* Takes it out of the one list, to the end of the other. */
static void move(struct routes *to, struct routes *from, struct route *route) {
    struct route *moved = routes_add(to, text_of(route->name));
    if (!moved) return;
    char name[ROUTE_NAME_SIZE];
    memcpy(name, moved->name, sizeof name); /* the old one may be taken */
    *moved = *route;
    memcpy(moved->name, name, sizeof name);
    route->secret = NULL;
    routes_remove(from, route);
}

static void add_box(struct routes *routes, struct config *config) {
    bool only = config->routes.count == 0;
    struct route *box = routes_add(routes, text_of("box"));
    guess_sockets(box);
    if (only) guess_address(box, "tcp://127.0.0.1", ":6667");
    if (only || has_socket(box))
        fill_in(box, &config->loose);
    else
        routes_remove(routes, box);
}

/* [network box] without an address is where the box's sockets are. */
static void place_box(struct routes *routes, struct config *config) {
    struct route *box = find_box(&config->routes);
    if (!box) {
        add_box(routes, config);
        return;
    }
    if (box->count == 0) guess_sockets(box);
    fill_in(box, &config->loose);
    move(routes, &config->routes, box);
}

static void add_loose(struct routes *routes, const struct route *loose) {
    const char *host = loose->addresses[0].host;
    struct route *route = routes_add(routes, text_of(*host ? host : "box"));
    fill_in(route, loose);
}

static void choose(struct routes *named, struct config *config) {
    if (config->loose.count > 0)
        add_loose(named, &config->loose);
    else
        place_box(named, config);
}

/* Ours have one; servers elsewhere that are named as IRC's may be anybody's. */
static bool has_lobby(const struct route *route) {
    return route_is_local(route) ||
           (route->count > 0 && route->addresses[0].dialect != ADDRESS_IRC);
}

static void choose_rooms(struct routes *routes, const char *rooms) {
    if (rooms[0] && routes->count > 0)
        text_copy(text_of(rooms), routes->list[0]->join, ROUTE_JOIN_SIZE);
    for (size_t i = 0; i < routes->count; i++) {
        struct route *route = routes->list[i];
        if (!route->join[0] && has_lobby(route))
            (void)route_add_rooms(route, text_of("#lobby"));
    }
}

void outset_choose(struct routes *named, struct config *config,
                   const char *rooms) {
    size_t count = named->count;
    for (size_t i = 0; i < count; i++)
        adopt(named->list[i], &config->routes);
    for (size_t i = 0; count > 0 && i < config->routes.count; i++)
        config->routes.list[i]->connect = ROUTE_CONNECT_NO;
    if (count == 0) choose(named, config);
    while (config->routes.count > 0 && named->count < ROUTES_MAX)
        move(named, &config->routes, config->routes.list[0]);
    choose_rooms(named, rooms);
}
