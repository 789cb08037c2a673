/* All that a person can set: one table. It drives the configuration's parser,
 * /set and /get, completion, the manual's list (a test compares) and /save.
 * A setting is of everything (preferences) or of one network (a route). */
#ifndef MINICHAT_CLIENT_SETTINGS_H
#define MINICHAT_CLIENT_SETTINGS_H

#include "client/preferences.h"
#include "client/route.h"
#include "protocol/writer.h"

enum {
    SETTINGS_VALUE_SIZE = PREFERENCE_LIST_SIZE, /* holds any value as text */
    SETTINGS_WRONG_SIZE = 256,                  /* and what is wrong with one */
};

enum setting_scope { SETTING_OF_ALL, SETTING_OF_NETWORK };

enum setting_kind {
    SETTING_SWITCH, /* on or off */
    SETTING_CHOICE, /* one of some words */
    SETTING_NUMBER,
    SETTING_TEXT,
    SETTING_TIME,  /* strftime(3) */
    SETTING_NAME,  /* of a user; may be empty */
    SETTING_PATH,  /* / or ~/ begins it; may be empty */
    SETTING_TRUST, /* ca, pin or sha256:… */
    SETTING_ADDRESSES,
    SETTING_ROOMS,
};

/* One row of the table. */
struct setting {
    enum setting_scope scope;
    enum setting_kind kind;
    const char *name;
    const char *choices;  /* "auto dark light": the words of a choice, in the
                             order of its enum */
    unsigned least, most; /* of a number; most: bytes of a text */
    size_t at;            /* in struct preferences or struct route */
    const char *standard; /* what holds without it */
    const char *sentence; /* what it is for */
};

/* The table in order: NULL begins and ends. */
const struct setting *setting_after(const struct setting *setting);
const struct setting *setting_find(enum setting_scope scope, struct text name);
/* What may be written for it: "on or off", "a number from 1 to 40". */
void setting_expects(const struct setting *setting, struct writer *writer);

/* False where the value is none: then nothing changes and `wrong`, if it is
 * not NULL, is told what was expected. */
bool setting_prefer(const struct setting *setting,
                    struct preferences *preferences, struct text value,
                    struct writer *wrong);
bool setting_route(const struct setting *setting, struct route *route,
                   struct text value, struct writer *wrong);
/* The value as it is written in the configuration. */
void setting_write_preferred(const struct setting *setting,
                             const struct preferences *preferences,
                             struct writer *writer);
void setting_write_route(const struct setting *setting,
                         const struct route *route, struct writer *writer);

/* A path with ~/ replaced; "" where there is no home, or no space. */
void setting_path(const char *path, char to[ROUTE_PATH_SIZE]);

#endif
