/* How to get to one network, and as whom: what a person has said of it in the
 * configuration, on the command line or with /connect. Plain values; whether
 * we are there is the model's and the connection's business. */
#ifndef MINICHAT_CLIENT_ROUTE_H
#define MINICHAT_CLIENT_ROUTE_H

#include "client/session.h"
#include "protocol/address.h"
#include "protocol/names.h"

enum {
    ROUTE_NAME_SIZE = 64,
    ROUTE_KEY_SIZE = 512,
    ROUTE_ADDRESSES = 5,
    ROUTE_JOIN_SIZE = 2048,
    ROUTE_PATH_SIZE = 1024,
    ROUTE_TRUST_SIZE = 128,
    ROUTE_SPEAKS_FOR_SIZE = 96,
    ROUTES_MAX = 16,
};

enum route_connect {
    ROUTE_CONNECT_AUTO, /* at the start */
    ROUTE_CONNECT_NO,   /* when a person says so */
};

struct route {
    char name[ROUTE_NAME_SIZE]; /* what a person calls it; never empty */
    bool named; /* a person chose that: the server's own name is not shown */
    struct address addresses[ROUTE_ADDRESSES]; /* tried in this order */
    size_t count;
    char nick[NAME_SIZE];       /* "": as everywhere */
    char join[ROUTE_JOIN_SIZE]; /* "#chan, #other KEY": route_next_room */
    char mute[ROUTE_JOIN_SIZE]; /* of whom only mentions show, by commas */
    char user[NAME_SIZE];       /* the account; "": as the nick */
    char speaks_for[ROUTE_SPEAKS_FOR_SIZE]; /* by the gateway: caller.h */
    enum sasl sasl;
    /* Where the secret is found, "" nowhere. Paths begin with / or ~/. */
    char token_file[ROUTE_PATH_SIZE];
    char password_command[ROUTE_PATH_SIZE]; /* for sh -c */
    char cert[ROUTE_PATH_SIZE];   /* ours, with its key, for EXTERNAL */
    char trust[ROUTE_TRUST_SIZE]; /* "", ca, pin or sha256:FINGERPRINT */
    enum route_connect connect;
    bool plaintext; /* the secret may travel unencrypted */
    char *secret;   /* token or password that was given, or NULL; its own */
};

/* All that are known, whether we are there or not. */
struct routes {
    struct route *list[ROUTES_MAX];
    size_t count;
};

/* NULL where it has been taken; else what is wrong with the address, or that
 * there is no room for another. The rooms in it are added to `join`. */
const char *route_add_address(struct route *route, struct text text);
/* False where there is no space for them: then none is. */
bool route_add_rooms(struct route *route, struct text rooms);
/* Rooms are separated by commas or blanks; a word behind a room that is none
 * itself is its key. False at the end of the list. */
bool route_next_room(struct text *list, struct text *room, struct text *key);
/* Is a server on this machine, as far as the addresses tell? */
bool route_is_local(const struct route *route);
/* What it is called on disk. The name that a person gave, else where it leads:
 * two that lead elsewhere never have one key. */
void route_key(const struct route *route, char key[ROUTE_KEY_SIZE]);
void route_set_secret(struct route *route, struct text secret);

/* An empty one of that name, or of a similar one ("example-2") where that one
 * is taken. NULL where there are ROUTES_MAX. */
struct route *routes_add(struct routes *routes, struct text name);
/* One to that address, named as its host, or "box" where that is a socket; with
 * the rooms in it. NULL, and *wrong says why, where it cannot be. */
struct route *routes_add_address(struct routes *routes, struct text text,
                                 const char **wrong);
/* By its name, or by a beginning that no other has; letter case does not
 * matter. NULL where there is none. */
struct route *routes_find(const struct routes *routes, struct text name);
/* The route is freed, what was secret is wiped. */
void routes_remove(struct routes *routes, struct route *route);
void routes_finish(struct routes *routes);

#endif
