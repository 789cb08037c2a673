#include "server/journal_moderation.h"

#include <string.h>

#include "server/store.h"

enum { FIRST = WRITE_BAN };

/* Which texts and numbers of a write are bound: the parameters of a statement
 * have the same meaning in all of them. */
enum parameter {
    ROOM = 1,
    WHAT,
    MUTE,
    AUTHOR,
    SINCE,
    UNTIL,
    BODY,
    DEED,
};

static const char *const sql[] = {
    [WRITE_BAN - FIRST] =
        ("INSERT INTO bans (room, what, mute, author, since, until, reason) "
         "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
         "ON CONFLICT (room, what, mute) DO UPDATE SET "
         "author = excluded.author, since = excluded.since, "
         "until = excluded.until, reason = excluded.reason"),
    [WRITE_BAN_GONE - FIRST] =
        "DELETE FROM bans WHERE room = ?1 AND what = ?2 AND mute = ?3",
    [WRITE_BANS_GONE - FIRST] = "DELETE FROM bans WHERE room = ?1",
    [WRITE_AUDIT - FIRST] = ("INSERT INTO audit (at, who, deed, subject, words)"
                             " VALUES (?5, ?4, ?8, ?2, ?7)"),
};

bool journal_moderation_init(struct journal_moderation *moderation, sqlite3 *db,
                             char *error, size_t size) {
    for (size_t i = 0; i < JOURNAL_MODERATION_STATEMENTS; i++) {
        moderation->statements[i] = store_statement(db, sql[i], error, size);
        if (!moderation->statements[i]) return false;
    }
    return true;
}

void journal_moderation_finish(struct journal_moderation *moderation) {
    for (size_t i = 0; i < JOURNAL_MODERATION_STATEMENTS; i++)
        sqlite3_finalize(moderation->statements[i]);
    memset(moderation, 0, sizeof *moderation);
}

/* A statement has only the first few of the parameters. */
static void bind_text(sqlite3_stmt *statement, int which, struct text text) {
    if (which <= sqlite3_bind_parameter_count(statement) && text.length)
        sqlite3_bind_text(statement, which, text.at, (int)text.length,
                          SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *statement, int which, int64_t number) {
    if (which <= sqlite3_bind_parameter_count(statement))
        sqlite3_bind_int64(statement, which, number);
}

static void bind(sqlite3_stmt *statement, const struct write *write) {
    const struct kept *kept = &write->kept;
    bind_number(statement, ROOM, kept->place);
    bind_text(statement, WHAT, kept->whom);
    bind_number(statement, MUTE, write->flag);
    bind_text(statement, AUTHOR, kept->name);
    bind_number(statement, SINCE, kept->when);
    bind_number(statement, UNTIL, write->until);
    bind_text(statement, BODY, kept->body);
    bind_text(statement, DEED, kept->tags);
}

int journal_moderation_write(struct journal_moderation *moderation,
                             const struct write *write) {
    sqlite3_stmt *statement = moderation->statements[write->kind - FIRST];
    bind(statement, write);
    sqlite3_step(statement);
    int result = sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result;
}
