#include "tests/bench/load_tally.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORD_BITS = 64 };
static const uint64_t FNV_PRIME = 0x100000001b3;

static void *allot(size_t count, size_t size) {
    void *memory = calloc(count ? count : 1, size);
    if (memory) return memory;
    perror("load");
    exit(EXIT_FAILURE);
}

static size_t words(const struct tally *tally) {
    return (tally->messages + WORD_BITS - 1) / WORD_BITS;
}

void tally_init(struct tally *tally, size_t receivers, size_t senders,
                size_t messages) {
    *tally = (struct tally){
        .receivers = receivers, .senders = senders, .messages = messages};
    tally->next = allot(receivers * senders, sizeof *tally->next);
    tally->order = allot(receivers, sizeof *tally->order);
    tally->heard =
        allot(receivers * senders * words(tally), sizeof *tally->heard);
}

void tally_finish(struct tally *tally) {
    free(tally->heard);
    free(tally->next);
    free(tally->order);
    *tally = (struct tally){0};
}

bool tally_hear(struct tally *tally, size_t receiver, size_t sender,
                size_t number) {
    if (receiver >= tally->receivers || sender >= tally->senders ||
        number >= tally->messages) {
        tally->foreign++;
        return false;
    }
    size_t pair = receiver * tally->senders + sender;
    uint64_t *word = &tally->heard[pair * words(tally) + number / WORD_BITS];
    uint64_t bit = (uint64_t)1 << number % WORD_BITS;
    uint64_t *order = &tally->order[receiver];
    *order = (*order ^ (sender << 32 | number)) * FNV_PRIME;
    if (*word & bit) {
        tally->repeated++;
        return false;
    }
    *word |= bit;
    tally->delivered++;
    if (number < tally->next[pair]) tally->disordered++;
    if (number >= tally->next[pair]) tally->next[pair] = (uint32_t)number + 1;
    return true;
}

size_t tally_disagreeing(const struct tally *tally, size_t first, size_t end) {
    size_t disagreeing = 0;
    for (size_t i = first; i < end && i < tally->receivers; i++)
        if (tally->order[i] != tally->order[first]) disagreeing++;
    return disagreeing;
}
