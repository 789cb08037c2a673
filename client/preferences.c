#include "client/preferences.h"

void preferences_init(struct preferences *preferences) {
    *preferences = (struct preferences){
        .noise = NOISE_MERGE,
        .time = "%H:%M",
        .open_command = "xdg-open",
        .nick_width = 12,
        .history_lines = 20000,
        .mouse = true,
        .log = true,
        .typing = true,
        .read_marker = true,
    };
}

static struct rebinding *find(struct preferences *preferences, uint32_t key) {
    for (size_t i = 0; i < preferences->rebound_count; i++)
        if (preferences->rebound[i].key == key) return &preferences->rebound[i];
    return NULL;
}

bool preferences_rebind(struct preferences *preferences, uint32_t key,
                        struct text action) {
    struct rebinding *row = find(preferences, key);
    if (!row && preferences->rebound_count == PREFERENCE_KEYS) return false;
    if (!row) row = &preferences->rebound[preferences->rebound_count];
    if (!text_copy(action, row->action, sizeof row->action)) return false;
    row->key = key;
    if (row == &preferences->rebound[preferences->rebound_count])
        preferences->rebound_count++;
    return true;
}
