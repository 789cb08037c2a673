/* Somebody who tries wrong tokens and passwords, exactly so many: by PASS, by
 * SASL PLAIN and by /login, no two alike, each on a connection of its own, from
 * many addresses. An attempt is over when its refusal was heard; one that was
 * cut off before is made again. */
#ifndef MINICHAT_KNOCKS_H
#define MINICHAT_KNOCKS_H

#include "tests/attacks/attacker.h"

/* token: a good one, spoilt here. Returns when all have been refused, or where
 * no connection can be made. */
void knocks_make(uint16_t port, const char *token, unsigned count,
                 struct tally *tally);

#endif
