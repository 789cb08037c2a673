#include "tests/bench/load_roll.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORD_BITS = 64 };

void roll_init(struct roll *roll, size_t count) {
    size_t words = (count * count + WORD_BITS - 1) / WORD_BITS;
    *roll = (struct roll){.count = count,
                          .known = calloc(words, sizeof *roll->known)};
    if (roll->known) return;
    perror("load");
    exit(EXIT_FAILURE);
}

void roll_finish(struct roll *roll) {
    free(roll->known);
    *roll = (struct roll){0};
}

void roll_mark(struct roll *roll, size_t hearer, size_t who) {
    size_t pair = hearer * roll->count + who;
    uint64_t *word = &roll->known[pair / WORD_BITS];
    uint64_t bit = (uint64_t)1 << pair % WORD_BITS;
    if (*word & bit)
        roll->repeated++;
    else
        roll->marked++;
    *word |= bit;
}
