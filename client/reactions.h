/* What people made of a message: who gave which emoji, in the order in which
 * they came. What is too much is not kept. */
#ifndef MINICHAT_CLIENT_REACTIONS_H
#define MINICHAT_CLIENT_REACTIONS_H

#include "protocol/writer.h"

enum {
    REACTIONS_KINDS = 20,  /* different ones to one message */
    REACTIONS_MAX = 500,   /* in all */
    REACTION_COLUMNS = 16, /* of one that is longer, so much is seen */
};

struct reaction {
    const char *text, *who; /* cleaned */
    const char
        *account; /* who it is, whatever they are called; "": not known */
    bool own;
};

struct reactions {
    struct reaction *list;
    size_t count, room;
};

void reactions_finish(struct reactions *reactions);
/* A copy is kept. False where it is known already, or too much. */
bool reactions_add(struct reactions *reactions, const struct reaction *one);
/* False where there is none of theirs. */
bool reactions_remove(struct reactions *reactions, const struct reaction *one);
/* The last one of ours, NULL where there is none. */
const char *reactions_own(const struct reactions *reactions);
/* "👍 2  🎉 1", each different one once; as many as fit. */
void reactions_write(const struct reactions *reactions, struct writer *writer,
                     int columns);
/* "👍 ana, ben", the same with names. */
void reactions_write_names(const struct reactions *reactions,
                           struct writer *writer);

#endif
