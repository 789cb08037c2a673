#include "server/newcomers.h"

#include <stddef.h>

/* It has more now, or fewer. */
static void place_among(struct newcomers *newcomers, struct place *place) {
    unsigned many = place->newcomers;
    if (many > NEWCOMERS_ALIKE) many = NEWCOMERS_ALIKE;
    if (!many)
        row_leave(&place->crowded);
    else if (place->crowded.row != &newcomers->places[many])
        row_join(&newcomers->places[many], &place->crowded);
}

void newcomers_add(struct newcomers *newcomers, struct newcomer *newcomer,
                   struct place *place) {
    *newcomer = (struct newcomer){.place = place};
    row_join(&place->waiting, &newcomer->link);
    newcomers->count++;
    place->newcomers++;
    place_among(newcomers, place);
}

void newcomers_remove(struct newcomers *newcomers, struct newcomer *newcomer) {
    struct place *place = newcomer->place;
    if (!place) return;
    row_leave(&newcomer->link);
    newcomers->count--;
    place->newcomers--;
    place_among(newcomers, place);
    newcomer->place = NULL;
}

struct newcomer *newcomers_oldest(const struct place *place) {
    struct row_link *first = place->waiting.first;
    return first ? container_of(first, struct newcomer, link) : NULL;
}

struct newcomer *newcomers_next_to_go(const struct newcomers *newcomers) {
    for (size_t many = NEWCOMERS_ALIKE; many > 0; many--) {
        struct row_link *first = newcomers->places[many].first;
        if (first)
            return newcomers_oldest(container_of(first, struct place, crowded));
    }
    return NULL;
}

struct newcomer *newcomers_in_excess(const struct newcomers *newcomers,
                                     const struct place *place, unsigned most,
                                     unsigned most_there) {
    if (place && place->newcomers >= most_there) return newcomers_oldest(place);
    return newcomers->count >= most ? newcomers_next_to_go(newcomers) : NULL;
}
