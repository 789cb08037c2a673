/* Who comes and goes, told on one line: "chris joined · dora left · ben is now
 * benny". Somebody who came and left again is told of once. Of many the number
 * is told, and the first few names. */
#ifndef MINICHAT_CLIENT_COMINGS_H
#define MINICHAT_CLIENT_COMINGS_H

#include "client/buffer.h"
#include "protocol/writer.h"

enum {
    COMINGS_PERSONS = 1024, /* of more, only how often they came and went */
    COMINGS_NAMES = 5,      /* that are told of each kind */
    COMINGS_NAME_MAX = 64,  /* bytes that are told of a name */
    COMINGS_SLOTS = 4096,
    COMINGS_SIZE = 4096, /* holds all that comings_write writes */
};

/* Their first name here, and the one they have now. */
struct coming_person {
    struct text first, now;
    bool was_in, is_in;
};

struct comings {
    struct coming_person persons[COMINGS_PERSONS];
    size_t count;
    uint16_t slots[COMINGS_SLOTS]; /* by name now: number of a person, or 0 */
    size_t used;
    unsigned came, went; /* of those who are not among the persons */
};

void comings_init(struct comings *comings);
/* The next one, whose texts are borrowed. */
void comings_add(struct comings *comings, const struct message *message);
void comings_write(const struct comings *comings, struct writer *writer);

#endif
