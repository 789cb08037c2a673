/* A roll: a file of lines in the state directory, one thing a line, its words
 * parted by blanks: `ada ssh-ed25519 AAAA… …`. Empty lines and lines that
 * begin with '#' say nothing and stay as they are. It is read whole, within a
 * bound; whoever changes it holds the lock of its folder meanwhile and
 * replaces it whole, so that two at once lose nothing and a reader never sees
 * half of it. What the words mean is for whoever uses it.
 *
 *   if (!roll_change(&roll, state, "keys/ssh", error, size)) return false;
 *   while (roll_next(&roll, &line))
 *       if (is_old(line)) roll_drop(&roll);
 *   fine = roll_add(&roll, new, error, size) &&
 *          roll_commit(&roll, error, size);
 *   roll_close(&roll);
 */
#ifndef MINICHAT_ROLLS_H
#define MINICHAT_ROLLS_H

#include "server/state.h"

enum {
    ROLL_MAX = 16 * 1024 * 1024, /* bytes of a file */
    ROLL_LINE_MAX = 8192,
};

struct roll {
    const struct state *state;
    const char *name;
    char *content; /* NULL: closed */
    size_t length, size;
    size_t line, next; /* where the line given last, and the next one, begin */
    unsigned number;   /* of the line given last, from 1 */
    int held;          /* the lock; -1: only reading */
};

/* Opens it for reading; one that is not there is empty. state and name must
 * outlive it. False, with a sentence, where it cannot be read or is larger
 * than ROLL_MAX: then nothing needs closing. */
bool roll_read(struct roll *roll, const struct state *state, const char *name,
               char *error, size_t size);
/* The same to change it: waits for others who do. Its folder must be there.
 * The lock is that of keyring.h: not to be called while that is held. */
bool roll_change(struct roll *roll, const struct state *state, const char *name,
                 char *error, size_t size);
/* The next line that says something, without blanks at its ends; borrowed
 * until the roll is changed or closed. False after the last. */
bool roll_next(struct roll *roll, struct text *line);
/* From the first line again. */
void roll_rewind(struct roll *roll);
/* Takes out the line given last, once. */
void roll_drop(struct roll *roll);
/* A new last line. False, with a sentence, for one that is too long, would
 * say nothing or is not one line of text, and where there is no room. */
bool roll_add(struct roll *roll, struct text line, char *error, size_t size);
/* What was changed is on disk, whole; false: it is as it was. */
bool roll_commit(struct roll *roll, char *error, size_t size);
/* Forgets what was not committed, and lets the lock go. */
void roll_close(struct roll *roll);

#endif
