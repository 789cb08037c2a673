/* What a big store of measured lines is made of, the same for who fills it and
 * for who asks it: chance that can be repeated, words, rooms and accounts of
 * which few are common and most are rare (Zipf's law). */
#ifndef MINICHAT_LOAD_WORDS_H
#define MINICHAT_LOAD_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum {
    WORDS = 500000,
    WORDS_ROOMS = 1000,   /* #room0 … */
    WORDS_AUTHORS = 500,  /* author0 … */
    WORDS_READERS = 16,   /* reader0 …: reader n is in room n, n + 16, … */
    WORDS_WORD_SIZE = 8,  /* with NUL */
    WORDS_NAME_SIZE = 16, /* of a room or an account, with NUL */
};

struct chance {
    uint64_t state; /* any number: another gives another course */
};

uint64_t chance_next(struct chance *chance);
/* At least `least`, at most `most`; all alike. */
unsigned chance_from(struct chance *chance, unsigned least, unsigned most);
/* Below count; n + 1 is about 1/(n + 1) as often as 0. */
unsigned chance_rank(struct chance *chance, unsigned count);

/* The word that is so many places behind the most common one: letters only,
 * the rarer the longer, another for each rank below WORDS. */
size_t word_write(unsigned rank, char word[WORDS_WORD_SIZE]);

#endif
