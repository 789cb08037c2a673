#include "client/hosts.h"

#include <stdlib.h>

#include "protocol/memory.h"
#include "protocol/names.h"

void hosts_finish(struct hosts *hosts) {
    for (size_t i = 0; i < hosts->count; i++)
        free(hosts->list[i]);
    free(hosts->list);
    free(hosts->slots);
    *hosts = (struct hosts){0};
}

struct text hosts_text(const struct hosts *hosts, uint16_t number) {
    if (number == 0 || number > hosts->count) return text_of("");
    return text_of(hosts->list[number - 1]);
}

/* Where it is, or would be; half of the slots are always empty. */
static uint16_t *slot_of(const struct hosts *hosts, struct text host) {
    uint32_t at = name_hash(host) % HOSTS_SLOTS;
    while (hosts->slots[at] &&
           !text_equals(hosts_text(hosts, hosts->slots[at]), host))
        at = (at + 1) % HOSTS_SLOTS;
    return &hosts->slots[at];
}

static bool is_keepable(struct text host) {
    return host.length > 0 && host.length <= HOSTS_LENGTH_MAX &&
           text_find(host, '\0') == host.length;
}

uint16_t hosts_number(struct hosts *hosts, struct text host) {
    if (!is_keepable(host)) return 0;
    if (!hosts->list) {
        hosts->list = memory_new(HOSTS_MAX, sizeof *hosts->list);
        hosts->slots = memory_new(HOSTS_SLOTS, sizeof *hosts->slots);
    }
    uint16_t *slot = slot_of(hosts, host);
    if (*slot || hosts->count == HOSTS_MAX) return *slot;
    hosts->list[hosts->count++] = memory_string(host.at, host.length);
    return *slot = (uint16_t)hosts->count;
}
