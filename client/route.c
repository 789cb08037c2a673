#include "client/route.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/writer.h"

const char *route_add_address(struct route *route, struct text text) {
    struct address *address = &route->addresses[route->count];
    if (route->count == ROUTE_ADDRESSES) return "these are too many addresses";
    const char *wrong = address_parse(address, text);
    if (wrong) return wrong;
    if (!route_add_rooms(route, text_of(address->rooms)))
        return "these are too many rooms";
    route->count++;
    return NULL;
}

bool route_add_rooms(struct route *route, struct text rooms) {
    struct writer writer = writer_on(route->join, sizeof route->join - 1);
    size_t before = strlen(route->join);
    writer.length = before;
    if (rooms.length == 0) return true;
    if (before > 0) write_char(&writer, ',');
    write_text(&writer, rooms);
    route->join[writer.full ? before : writer.length] = '\0';
    return !writer.full;
}

static bool is_between(char byte) {
    return byte == ',' || byte == ' ' || byte == '\t';
}

static struct text take_word(struct text *list) {
    size_t length = 0;
    while (length < list->length && !is_between(list->at[length]))
        length++;
    struct text word = text_slice(list->at, length);
    *list = text_after(*list, length);
    return word;
}

static bool begins_room(struct text text) {
    return text.length > 0 && text.at[0] && strchr("#&+!", text.at[0]);
}

bool route_next_room(struct text *list, struct text *room, struct text *key) {
    while (list->length > 0 && is_between(list->at[0]))
        *list = text_after(*list, 1);
    *room = take_word(list);
    *key = text_slice(list->at, 0);
    *list = text_trim(*list);
    if (list->length > 0 && list->at[0] != ',' && !begins_room(*list))
        *key = take_word(list);
    return room->length > 0;
}

bool route_is_local(const struct route *route) {
    for (size_t i = 0; i < route->count; i++)
        if (address_is_local(&route->addresses[i])) return true;
    return false;
}

static void wipe_secret(struct route *route) {
    if (!route->secret) return;
    explicit_bzero(route->secret, strlen(route->secret));
    free(route->secret);
    route->secret = NULL;
}

/* Both encrypted and not: they are usual, and one network's. */
static bool is_usual_port(unsigned port) {
    return port == 6667 || port == 6697;
}

static void write_place(struct writer *writer, const struct address *address) {
    if (address->kind == ADDRESS_UNIX) {
        write_string(writer, address->path);
        return;
    }
    write_string(writer, address->host);
    if (!is_usual_port(address->port))
        write_format(writer, ":%u", (unsigned)address->port);
}

void route_key(const struct route *route, char key[ROUTE_KEY_SIZE]) {
    struct writer writer = writer_on(key, ROUTE_KEY_SIZE - 1);
    if (route->named || route->count != 1)
        write_string(&writer, route->name);
    else
        write_place(&writer, &route->addresses[0]);
    key[writer.length] = '\0';
}

void route_set_secret(struct route *route, struct text secret) {
    wipe_secret(route);
    if (secret.length > 0)
        route->secret = memory_string(secret.at, secret.length);
}

static bool is_taken(const struct routes *routes, struct text name) {
    for (size_t i = 0; i < routes->count; i++)
        if (text_equals_folded(text_of(routes->list[i]->name), name))
            return true;
    return false;
}

/* "example" where that is free, else "example-2", "example-3" … */
static void choose_name(const struct routes *routes, struct route *route,
                        struct text name) {
    struct writer writer = writer_on(route->name, sizeof route->name - 4);
    if (name.length > writer.size) name.length = writer.size;
    write_text(&writer, name);
    size_t length = writer.length;
    writer.size = sizeof route->name - 1;
    for (unsigned n = 2; is_taken(routes, writer_text(&writer)); n++) {
        writer.length = length;
        write_char(&writer, '-');
        write_number(&writer, n);
    }
    route->name[writer.length] = '\0';
}

struct route *routes_add(struct routes *routes, struct text name) {
    if (routes->count == ROUTES_MAX) return NULL;
    struct route *route = memory_new(1, sizeof *route);
    choose_name(routes, route, name);
    routes->list[routes->count++] = route;
    return route;
}

struct route *routes_add_address(struct routes *routes, struct text text,
                                 const char **wrong) {
    struct address address;
    *wrong = address_parse(&address, text);
    if (!*wrong && routes->count == ROUTES_MAX)
        *wrong = "these are too many networks";
    if (*wrong) return NULL;
    struct route *route =
        routes_add(routes, text_of(address.host[0] ? address.host : "box"));
    *wrong = route_add_address(route, text);
    if (!*wrong) return route;
    routes_remove(routes, route);
    return NULL;
}

static bool begins_so(const struct route *route, struct text name) {
    struct text all = text_of(route->name);
    return all.length >= name.length &&
           text_equals_folded(text_slice(all.at, name.length), name);
}

struct route *routes_find(const struct routes *routes, struct text name) {
    struct route *found = NULL;
    size_t count = 0;
    for (size_t i = 0; i < routes->count; i++) {
        struct route *route = routes->list[i];
        if (!begins_so(route, name)) continue;
        if (strlen(route->name) == name.length) return route;
        found = route;
        count++;
    }
    return count == 1 ? found : NULL;
}

static void free_route(struct route *route) {
    wipe_secret(route);
    free(route);
}

void routes_remove(struct routes *routes, struct route *route) {
    for (size_t i = 0; i < routes->count; i++) {
        struct route **at = &routes->list[i];
        if (*at != route) continue;
        routes->count--;
        memmove(at, at + 1, (routes->count - i) * sizeof *at);
        free_route(route);
        return;
    }
}

void routes_finish(struct routes *routes) {
    for (size_t i = 0; i < routes->count; i++)
        free_route(routes->list[i]);
    *routes = (struct routes){0};
}
