#include "server/crowd.h"

#include <stdlib.h>

#include "protocol/container.h"
#include "protocol/memory.h"

struct place *crowd_find(const struct crowd *crowd, struct text name) {
    if (name.length >= PLACE_SIZE) name.length = PLACE_SIZE - 1;
    struct index_entry *entry = index_find(&crowd->places, name);
    return entry ? container_of(entry, struct place, entry) : NULL;
}

static struct place *open_place(struct crowd *crowd, struct text name) {
    struct place *place = memory_new(1, sizeof *place);
    text_copy(name, place->name, sizeof place->name);
    index_add(&crowd->places, &place->entry, text_of(place->name));
    return place;
}

void crowd_init(struct crowd *crowd) {
    index_init(&crowd->places);
}

void crowd_finish(struct crowd *crowd) {
    index_finish(&crowd->places);
}

struct place *crowd_enter(struct crowd *crowd, struct text name,
                          unsigned most) {
    if (name.length >= PLACE_SIZE) name.length = PLACE_SIZE - 1;
    if (most == 0) return NULL;
    struct place *place = crowd_find(crowd, name);
    if (!place) place = open_place(crowd, name);
    if (place->count >= most) return NULL;
    place->count++;
    return place;
}

void crowd_leave(struct crowd *crowd, struct place *place) {
    if (!place || --place->count > 0) return;
    index_remove(&crowd->places, &place->entry);
    free(place);
}
