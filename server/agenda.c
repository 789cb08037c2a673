#include "server/agenda.h"

#include <stdlib.h>

#include "protocol/memory.h"

static void put(struct agenda *agenda, struct moment *moment, size_t place) {
    agenda->heap[place - 1] = moment;
    moment->place = place;
}

static struct moment *at(const struct agenda *agenda, size_t place) {
    return agenda->heap[place - 1];
}

static void rise(struct agenda *agenda, struct moment *moment) {
    size_t place = moment->place;
    while (place > 1 && moment->when < at(agenda, place / 2)->when) {
        put(agenda, at(agenda, place / 2), place);
        place /= 2;
    }
    put(agenda, moment, place);
}

static void sink(struct agenda *agenda, struct moment *moment) {
    size_t place = moment->place;
    for (;;) {
        size_t child = place * 2;
        if (child > agenda->count) break;
        if (child < agenda->count &&
            at(agenda, child + 1)->when < at(agenda, child)->when)
            child++;
        if (moment->when <= at(agenda, child)->when) break;
        put(agenda, at(agenda, child), place);
        place = child;
    }
    put(agenda, moment, place);
}

static void append(struct agenda *agenda, struct moment *moment) {
    if (agenda->count == agenda->size) {
        agenda->size = agenda->size > 0 ? agenda->size * 2 : 64;
        agenda->heap =
            memory_grow(agenda->heap, agenda->size, sizeof(struct moment *));
    }
    put(agenda, moment, ++agenda->count);
}

void agenda_init(struct agenda *agenda) {
    *agenda = (struct agenda){0};
}

void agenda_finish(struct agenda *agenda) {
    free(agenda->heap);
    agenda_init(agenda);
}

void agenda_set(struct agenda *agenda, struct moment *moment, int64_t when) {
    moment->when = when;
    if (moment->place == 0) append(agenda, moment);
    rise(agenda, moment);
    sink(agenda, moment);
}

void agenda_remove(struct agenda *agenda, struct moment *moment) {
    if (moment->place == 0) return;
    struct moment *last = at(agenda, agenda->count--);
    if (last != moment) {
        put(agenda, last, moment->place);
        rise(agenda, last);
        sink(agenda, last);
    }
    moment->place = 0;
}

struct moment *agenda_next(const struct agenda *agenda) {
    return agenda->count > 0 ? at(agenda, 1) : NULL;
}
