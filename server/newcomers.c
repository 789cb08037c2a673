#include "server/newcomers.h"

#include <stddef.h>

void newcomers_add(struct newcomers *newcomers, struct newcomer *newcomer,
                   struct place *place) {
    *newcomer = (struct newcomer){.older = newcomers->newest,
                                  .older_there = place->newest,
                                  .place = place};
    *(newcomer->older ? &newcomer->older->newer : &newcomers->oldest) =
        newcomer;
    *(newcomer->older_there ? &newcomer->older_there->newer_there
                            : &place->oldest) = newcomer;
    newcomers->newest = place->newest = newcomer;
    newcomers->count++;
    place->newcomers++;
}

static void leave_all(struct newcomers *newcomers,
                      const struct newcomer *newcomer) {
    *(newcomer->older ? &newcomer->older->newer : &newcomers->oldest) =
        newcomer->newer;
    *(newcomer->newer ? &newcomer->newer->older : &newcomers->newest) =
        newcomer->older;
    newcomers->count--;
}

static void leave_place(const struct newcomer *newcomer) {
    struct place *place = newcomer->place;
    *(newcomer->older_there ? &newcomer->older_there->newer_there
                            : &place->oldest) = newcomer->newer_there;
    *(newcomer->newer_there ? &newcomer->newer_there->older_there
                            : &place->newest) = newcomer->older_there;
    place->newcomers--;
}

void newcomers_remove(struct newcomers *newcomers, struct newcomer *newcomer) {
    if (!newcomer->place) return;
    leave_all(newcomers, newcomer);
    leave_place(newcomer);
    newcomer->place = NULL;
}

struct newcomer *newcomers_in_excess(const struct newcomers *newcomers,
                                     const struct place *place, unsigned most,
                                     unsigned most_there) {
    if (place && place->newcomers >= most_there) return place->oldest;
    return newcomers->count >= most ? newcomers->oldest : NULL;
}
