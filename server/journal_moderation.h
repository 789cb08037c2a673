/* Writes bans and the audit log: what of a batch has to do with nobody's
 * account. The journal's writer has one; within its transaction. */
#ifndef MINICHAT_JOURNAL_MODERATION_H
#define MINICHAT_JOURNAL_MODERATION_H

#include <sqlite3.h>
#include <stdbool.h>

#include "server/scribe.h"

enum { JOURNAL_MODERATION_STATEMENTS = 4 };

struct journal_moderation {
    sqlite3_stmt *statements[JOURNAL_MODERATION_STATEMENTS];
};

/* False, with a sentence; then it is to be finished all the same. */
bool journal_moderation_init(struct journal_moderation *moderation, sqlite3 *db,
                             char *error, size_t size);
/* May be done twice. */
void journal_moderation_finish(struct journal_moderation *moderation);
/* WRITE_BAN to WRITE_AUDIT. SQLite's result. */
int journal_moderation_write(struct journal_moderation *moderation,
                             const struct write *write);

#endif
