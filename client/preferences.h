/* What a person prefers: plain values with their defaults, read by the model,
 * the view and the program. Where they come from (configuration, /set) is
 * config's business. */
#ifndef MINICHAT_CLIENT_PREFERENCES_H
#define MINICHAT_CLIENT_PREFERENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol/names.h"

enum {
    PREFERENCE_TEXT_SIZE = 512,
    PREFERENCE_LIST_SIZE = 4096,
    PREFERENCE_LINES_MIN = 100,
    PREFERENCE_LINES_MAX = 1000000,
    PREFERENCE_TINTS = 16,
    PREFERENCE_KEYS = 64,
    PREFERENCE_ACTION_SIZE = 32,
};

enum theme { THEME_AUTO, THEME_DARK, THEME_LIGHT, THEME_MONO };
/* auto: by the screen's size; on, off: always, never where they fit. */
enum panes { PANES_AUTO, PANES_ON, PANES_OFF };
/* How somebody who looks elsewhere is told; auto: by the terminal. */
enum notify {
    NOTIFY_AUTO,
    NOTIFY_OFF,
    NOTIFY_BELL,
    NOTIFY_OSC9,
    NOTIFY_OSC99,
    NOTIFY_OSC777,
    NOTIFY_COMMAND,
};
/* Comings and goings: each its own line; several on one; only of those who
 * spoke lately; none. */
enum noise { NOISE_ALL, NOISE_MERGE, NOISE_SMART, NOISE_NONE };
enum low_bandwidth { LOW_BANDWIDTH_AUTO, LOW_BANDWIDTH_ON, LOW_BANDWIDTH_OFF };

/* How something is drawn where the theme's way is not liked. */
struct tint {
    bool set;
    int16_t colour; /* of the terminal's 256; -1: its own */
    uint8_t bits;   /* STYLE_… of grid.h */
};

/* A key that does something else than it does by itself. */
struct rebinding {
    uint32_t key;                        /* keys.h */
    char action[PREFERENCE_ACTION_SIZE]; /* "none": nothing */
};

struct preferences {
    enum theme theme;
    enum panes panes;
    enum notify notify;
    enum noise noise;
    enum low_bandwidth low_bandwidth;
    char nick[NAME_SIZE];            /* where a network has none of its own */
    char time[PREFERENCE_TEXT_SIZE]; /* strftime(3) */
    char notify_command[PREFERENCE_TEXT_SIZE]; /* for sh -c */
    char open_command[PREFERENCE_TEXT_SIZE];   /* words; the link follows */
    char highlight[PREFERENCE_LIST_SIZE]; /* words and *patterns*, by commas */
    char ignore[PREFERENCE_LIST_SIZE];    /* importance.h tells how they are */
    char filter[PREFERENCE_LIST_SIZE];
    unsigned nick_width;                 /* columns */
    unsigned history_lines;              /* kept in memory for each buffer */
    unsigned log_days;                   /* 0: logs are kept */
    struct tint tints[PREFERENCE_TINTS]; /* by enum colour of grid.h */
    struct rebinding rebound[PREFERENCE_KEYS];
    size_t rebound_count;
    bool mouse, log, typing, read_marker, accessible;
    bool confined; /* not a setting: nothing of this machine (confinement.h) */
};

void preferences_init(struct preferences *preferences);
/* False where there are PREFERENCE_KEYS, or the action's name is too long. */
bool preferences_rebind(struct preferences *preferences, uint32_t key,
                        struct text action);

#endif
