/* What a person prefers: plain values with their defaults, read by the model,
 * the view and the program. Where they come from (configuration, /set) is
 * config's business. */
#ifndef MINICHAT_CLIENT_PREFERENCES_H
#define MINICHAT_CLIENT_PREFERENCES_H

#include <stdbool.h>
#include <stddef.h>

#include "protocol/names.h"

enum {
    PREFERENCE_TEXT_SIZE = 512,
    PREFERENCE_LIST_SIZE = 4096,
    PREFERENCE_LINES_MIN = 100,
    PREFERENCE_LINES_MAX = 1000000,
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

struct preferences {
    enum theme theme;
    enum panes panes;
    enum notify notify;
    enum noise noise;
    enum low_bandwidth low_bandwidth;
    char nick[NAME_SIZE];            /* where a network has none of its own */
    char time[PREFERENCE_TEXT_SIZE]; /* strftime(3) */
    char notify_command[PREFERENCE_TEXT_SIZE]; /* for sh -c */
    char highlight[PREFERENCE_LIST_SIZE]; /* words and *patterns*, by commas */
    unsigned nick_width;                  /* columns */
    unsigned history_lines;               /* kept in memory for each buffer */
    unsigned log_days;                    /* 0: logs are kept */
    bool mouse, log, typing, read_marker, accessible;
};

void preferences_init(struct preferences *preferences);

#endif
