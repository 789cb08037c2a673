/* The store of a server that is not running, seen from outside. */
#ifndef MINICHAT_CRASH_INSPECT_H
#define MINICHAT_CRASH_INSPECT_H

#include "tests/crash/ledger.h"

/* SQLite's integrity_check, and the search index's own, of a copy of
 * minichat.db in this state directory: the store itself stays as the server
 * left it for the one that comes next. False, and a fault, where it is not
 * whole. */
bool inspect_store(struct ledger *ledger, const char *state);
/* Puts so many nonces of guests into it, of lines said just now. False, and a
 * fault, where that fails. */
bool inspect_add_nonces(struct ledger *ledger, const char *state,
                        unsigned count);

#endif
