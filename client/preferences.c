#include "client/preferences.h"

void preferences_init(struct preferences *preferences) {
    *preferences = (struct preferences){
        .noise = NOISE_MERGE,
        .time = "%H:%M",
        .nick_width = 12,
        .history_lines = 20000,
        .mouse = true,
        .log = true,
        .typing = true,
        .read_marker = true,
    };
}
