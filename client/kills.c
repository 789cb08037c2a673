#include "client/kills.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

void kills_finish(struct kills *kills) {
    for (size_t i = 0; i < kills->count; i++)
        free(kills->list[i].at);
    *kills = (struct kills){0};
}

static void forget_oldest(struct kills *kills) {
    free(kills->list[0].at);
    kills->count--;
    memmove(kills->list, kills->list + 1, kills->count * sizeof kills->list[0]);
}

void kills_add(struct kills *kills, struct text text) {
    if (kills->count == KILLS_MAX) forget_oldest(kills);
    kills->list[kills->count++] =
        (struct killed){memory_string(text.at, text.length), text.length};
}

static void replace_newest(struct kills *kills, struct text first,
                           struct text second) {
    struct killed *newest = &kills->list[kills->count - 1];
    size_t length = first.length + second.length;
    char *both = memory_new(length + 1, 1);
    memcpy(both, first.at, first.length);
    memcpy(both + first.length, second.at, second.length);
    free(newest->at);
    *newest = (struct killed){both, length};
}

void kills_append(struct kills *kills, struct text text) {
    if (kills->count == 0)
        kills_add(kills, text);
    else
        replace_newest(kills, kills_get(kills, 0), text);
}

void kills_prepend(struct kills *kills, struct text text) {
    if (kills->count == 0)
        kills_add(kills, text);
    else
        replace_newest(kills, text, kills_get(kills, 0));
}

struct text kills_get(const struct kills *kills, size_t age) {
    if (kills->count == 0) return text_of("");
    size_t index = kills->count - 1 - age % kills->count;
    return text_slice(kills->list[index].at, kills->list[index].length);
}
