/* Who may read what was said: whoever has a seat in a room reads all of it,
 * in a private room what was said since they joined. What was said to one
 * person is read by the two accounts.
 *
 * A seat, not a membership: who is banned, or has a token for other rooms, is
 * a member without one. And a seat is the user's: a session with a token for
 * other rooms than another of theirs reads in its own alone. */
#ifndef MINICHAT_READING_H
#define MINICHAT_READING_H

#include "server/dialogue.h"

/* May it read the room of that name? Also a guest may, but not in a private
 * room: when a guest joined is not kept. The room may be NULL where it is not
 * wanted. */
bool reading_room(const struct dialogue *dialogue, struct text name,
                  struct readable *readable, const struct room **room);
/* Puts all rooms that it may read into the question. */
void reading_rooms(const struct dialogue *dialogue, struct question *question);

/* As much of an answer as one peer is given at once, so that who reads slowly
 * is not dropped for having asked: of too much, what is nearest to where it
 * asked from. */
struct reading {
    const struct kept *kept;
    size_t count;
    const struct kept *beside; /* as the answer's */
    size_t beside_count;
};
struct reading reading_fit(const struct dialogue *dialogue,
                           const struct answer *answer);

#endif
