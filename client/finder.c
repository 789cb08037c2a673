#include "client/finder.h"

#include <stdlib.h>

#include "client/message.h"
#include "protocol/memory.h"

enum { FIRST_ROOM = 64 }; /* cells; then twice as many each time */

static const uint64_t FNV_BASIS = 0xCBF29CE484222325u;

void finder_finish(struct finder *finder) {
    free(finder->cells);
    *finder = (struct finder){0};
}

/* FNV-1a */
static uint64_t hash(uint64_t hash, struct text text) {
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 0x100000001B3u;
    return hash;
}

/* The upper bits of such a product depend on all bytes. */
static uint32_t fold(uint64_t hash) {
    return (uint32_t)(hash ^ hash >> 32);
}

uint32_t finder_key(struct text msgid) {
    return fold(hash(FNV_BASIS, msgid));
}

uint32_t finder_key_of_line(int64_t when, struct text nick, struct text body) {
    return fold(hash(hash(FNV_BASIS ^ (uint64_t)when, nick), body));
}

static size_t home_of(const struct finder *finder, uint32_t key) {
    return key & (finder->room - 1);
}

static size_t next_of(const struct finder *finder, size_t at) {
    return (at + 1) & (finder->room - 1);
}

static void put(struct finder *finder, struct message *message) {
    size_t at = home_of(finder, message->key);
    while (finder->cells[at])
        at = next_of(finder, at);
    finder->cells[at] = message;
}

static void grow(struct finder *finder) {
    struct finder old = *finder;
    finder->room = old.room ? 2 * old.room : FIRST_ROOM;
    finder->cells = memory_new(finder->room, sizeof *finder->cells);
    for (size_t i = 0; i < old.room; i++)
        if (old.cells[i]) put(finder, old.cells[i]);
    free(old.cells);
}

/* A quarter stays free, so that what is not there is soon known not to be. */
void finder_add(struct finder *finder, struct message *message) {
    if (4 * (finder->count + 1) > 3 * finder->room) grow(finder);
    put(finder, message);
    finder->count++;
}

/* Does the cell at `at` do as well in `hole`, which comes before it? Not where
 * its home lies between them. */
static bool may_move(const struct finder *finder, size_t hole, size_t at) {
    size_t home = home_of(finder, finder->cells[at]->key);
    size_t mask = finder->room - 1;
    return ((at - home) & mask) >= ((at - hole) & mask);
}

/* What stands behind moves up, so that no search ends too early. */
static void close_up(struct finder *finder, size_t hole) {
    for (size_t at = next_of(finder, hole); finder->cells[at];
         at = next_of(finder, at)) {
        if (!may_move(finder, hole, at)) continue;
        finder->cells[hole] = finder->cells[at];
        hole = at;
    }
    finder->cells[hole] = NULL;
}

void finder_remove(struct finder *finder, const struct message *message) {
    if (finder->room == 0) return;
    size_t at = home_of(finder, message->key);
    while (finder->cells[at] && finder->cells[at] != message)
        at = next_of(finder, at);
    if (!finder->cells[at]) return;
    close_up(finder, at);
    finder->count--;
}

struct message *finder_next(const struct finder *finder, uint32_t key,
                            size_t *at) {
    if (finder->room == 0) return NULL;
    size_t here = (home_of(finder, key) + *at) & (finder->room - 1);
    for (; finder->cells[here]; here = next_of(finder, here)) {
        (*at)++;
        if (finder->cells[here]->key == key) return finder->cells[here];
    }
    return NULL;
}
