/* Who heard what: one bit for each message and receiver, so that a lost, a
 * repeated and a displaced message are each found, not estimated.
 * Senders number their messages from 0; a receiver must hear the numbers of
 * one sender in rising order, each once. */
#ifndef MINICHAT_LOAD_TALLY_H
#define MINICHAT_LOAD_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally {
    size_t receivers, senders, messages; /* messages of each sender */
    uint64_t *heard;                     /* a bit for each of them */
    uint32_t *next;     /* receiver x sender: the last number heard, plus one */
    uint64_t *order;    /* receiver: a digest of all it heard, in its order */
    uint64_t delivered; /* heard for the first time */
    uint64_t repeated;  /* heard again */
    uint64_t disordered; /* heard after a later one of the same sender */
    uint64_t foreign;    /* no message that was ever sent to that receiver */
};

/* senders: how many of them one receiver hears. */
void tally_init(struct tally *tally, size_t receivers, size_t senders,
                size_t messages);
void tally_finish(struct tally *tally);
/* True where the receiver had not heard it yet. */
bool tally_hear(struct tally *tally, size_t receiver, size_t sender,
                size_t number);
/* How many of the receivers first … end-1 heard another order than the first
 * of them: of several senders, too, there is one order for all. */
size_t tally_disagreeing(const struct tally *tally, size_t first, size_t end);

#endif
