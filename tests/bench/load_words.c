#include "tests/bench/load_words.h"

#include <math.h>

/* splitmix64: https://prng.di.unimi.it/splitmix64.c */
uint64_t chance_next(struct chance *chance) {
    uint64_t next = chance->state += 0x9e3779b97f4a7c15;
    next = (next ^ next >> 30) * 0xbf58476d1ce4e5b9;
    next = (next ^ next >> 27) * 0x94d049bb133111eb;
    return next ^ next >> 31;
}

unsigned chance_from(struct chance *chance, unsigned least, unsigned most) {
    return least + (unsigned)(chance_next(chance) % (most - least + 1));
}

/* The logarithm is what is alike for all. */
unsigned chance_rank(struct chance *chance, unsigned count) {
    double part = (double)(chance_next(chance) >> 11) / 0x1p53;
    unsigned rank = (unsigned)exp(part * log((double)count + 1)) - 1;
    return rank < count ? rank : count - 1;
}

/* A number in syllables; no number has two spellings. */
size_t word_write(unsigned rank, char word[WORDS_WORD_SIZE]) {
    static const char first[] = "tsnrlmdkpbvgfhzcwjxq", second[] = "aeiou";
    enum { SYLLABLES = (sizeof first - 1) * (sizeof second - 1) };
    size_t length = 0;
    for (unsigned rest = rank + 1; rest && length + 2 < WORDS_WORD_SIZE;) {
        unsigned syllable = (rest - 1) % SYLLABLES;
        word[length++] = first[syllable % (sizeof first - 1)];
        word[length++] = second[syllable / (sizeof first - 1)];
        rest = (rest - 1) / SYLLABLES;
    }
    word[length] = '\0';
    return length;
}
