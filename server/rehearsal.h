/* What would keep a server with these settings from starting, and what is
 * surely not meant, found without starting one: for --check. What only the
 * start can tell (is an address free?) is not asked. */
#ifndef MINICHAT_REHEARSAL_H
#define MINICHAT_REHEARSAL_H

#include "server/config.h"

/* False, with one sentence, where it would not start. */
bool rehearsal_pass(const struct config *config, char *error, size_t size);
/* Tells each setting that is fine by itself and does not do here what it is
 * for, in a sentence. */
void rehearsal_doubt(const struct config *config,
                     void (*tell)(const char *words));

#endif
