/* Looks at what a dead server left: a copy is opened, so that the store itself
 * is as it was for the server that comes next. */
#ifndef MINICHAT_CRASH_INSPECT_H
#define MINICHAT_CRASH_INSPECT_H

#include "tests/crash/ledger.h"

/* SQLite's integrity_check, and the search index's own, of minichat.db in this
 * state directory. False, and a fault, where it is not whole. */
bool inspect_store(struct ledger *ledger, const char *state);

#endif
