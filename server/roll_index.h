/* What a running server has read of a roll that says which account has what:
 * an ssh key, a certificate. It is asked at each arrival, and of everybody who
 * is in whenever the keys change. Reads the roll again when it is another
 * file. Which roll, and what is found by which word: ssh_keys_index,
 * client_certificates_index. */
#ifndef MINICHAT_ROLL_INDEX_H
#define MINICHAT_ROLL_INDEX_H

#include <sys/stat.h>

#include "protocol/names.h"
#include "server/rolls.h"

enum { HOLDING_WORD_SIZE = 72 }; /* a SHA-256 in digits, and its NUL */

struct holding {
    char word[HOLDING_WORD_SIZE]; /* what it is found by; nobody else's */
    char account[NAME_SIZE];
};

struct roll_index {
    const char *name; /* of the roll */
    /* The next of what it says; false after the last. */
    bool (*next)(struct roll *roll, struct holding *holding);
    struct holding *holdings; /* sorted by word */
    size_t count, size;
    struct stat read; /* the file as it was when it was read */
};

/* A stat each time. What cannot be read leaves what was read before. */
void roll_index_refresh(struct roll_index *index, const struct state *state);
void roll_index_finish(struct roll_index *index);
/* Whose is it? NULL: nobody's. */
const struct holding *roll_index_find(const struct roll_index *index,
                                      struct text word);
/* Any of an account; NULL: it has none. */
const struct holding *roll_index_of(const struct roll_index *index,
                                    struct text account);

#endif
