#include "server/journal_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/chores.h"
#include "server/journal_moderation.h"
#include "server/log.h"

enum {
    CACHE = 1024, /* names whose ids are known, a power of two */
    KEY_SIZE = NAME_SIZE + 1,
};

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    FIND_ACCOUNT,
    ADD_ACCOUNT,
    FIND_PAIR,
    ADD_PAIR,
    ADD_LINE,
    ADD_NONCE,
    ADD_HAPPENING,
    ADD_REDACTION,
    ADD_REACTION,
    END_REACTION,
    ERASE_REACTIONS,
    ERASE_LINE,
    UNINDEX,
    SET_PURGE,
    SET_ROOM,
    END_ROOM,
    SET_MEMBER,
    END_MEMBER,
    SET_READ,
    END_READ,
    SET_SEEN,
    SET_RESERVED,
    STATEMENTS
};

static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [FIND_ACCOUNT] = "SELECT id FROM accounts WHERE name = ?1",
    [ADD_ACCOUNT] = "INSERT INTO accounts (name, since) VALUES (?1, ?2)",
    [FIND_PAIR] = "SELECT id FROM pairs WHERE low = ?1 AND high = ?2",
    [ADD_PAIR] = "INSERT INTO pairs (low, high) VALUES (?1, ?2)",
    [ADD_LINE] = ("INSERT INTO messages (id, place, kind, account, name, "
                  "source, at, body, tags) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
    /* Guests share one space: it is whose line is the newest. */
    [ADD_NONCE] = ("INSERT INTO nonces (nonce, account, id) "
                   "VALUES (?1, ?2, ?3) ON CONFLICT (nonce, account) "
                   "DO UPDATE SET id = excluded.id WHERE account = 0"),
    [ADD_HAPPENING] = ("INSERT INTO happenings (id, place, kind, account, "
                       "name, source, at, whom, body) "
                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
    /* As many rows as there are lines with that id, one or none. */
    [ADD_REDACTION] = ("INSERT INTO happenings (id, place, kind, account, "
                       "name, source, at, whom, body, line) "
                       "SELECT ?1, place, ?3, ?4, ?5, ?6, ?7, ?8, ?9, id "
                       "FROM messages WHERE id = ?2"),
    /* place, line, account, reaction, id */
    [ADD_REACTION] =
        ("INSERT INTO reactions (place, line, account, emoji, id) "
         "SELECT place, id, ?3, ?4, ?5 FROM messages m "
         "WHERE id = ?2 AND place = ?1 "
         "AND (SELECT count(DISTINCT emoji) < 50 AND count(*) < 1000 "
         "FROM reactions WHERE place = ?1 AND line = ?2 AND emoji <> ?4) "
         "AND (SELECT count(*) < 10 FROM reactions "
         "WHERE place = ?1 AND line = ?2 AND account = ?3) "
         "ON CONFLICT DO NOTHING"),
    [END_REACTION] = ("DELETE FROM reactions WHERE place = ?1 AND line = ?2 "
                      "AND account = ?3 AND emoji = ?4"),
    [ERASE_REACTIONS] =
        ("DELETE FROM reactions WHERE line = ?1 "
         "AND place = (SELECT place FROM messages WHERE id = ?1)"),
    [ERASE_LINE] = "DELETE FROM messages WHERE id = ?1",
    [UNINDEX] = CHORES_UNINDEX,
    [SET_PURGE] = ("INSERT INTO facts (name, value) VALUES ('purge', ?1) "
                   "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
    [SET_ROOM] = ("INSERT INTO rooms (id, name, topic, topic_by, topic_when, "
                  "since, private) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                  "ON CONFLICT (id) DO UPDATE SET name = excluded.name, "
                  "topic = excluded.topic, topic_by = excluded.topic_by, "
                  "topic_when = excluded.topic_when, "
                  "private = excluded.private"),
    [END_ROOM] = "UPDATE rooms SET name = NULL WHERE id = ?1",
    [SET_MEMBER] = ("INSERT INTO members (account, room, operator, since) "
                    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (account, room) "
                    "DO UPDATE SET operator = excluded.operator"),
    [END_MEMBER] = "DELETE FROM members WHERE account = ?1 AND room = ?2",
    [SET_READ] = ("INSERT INTO marks (account, target, read) "
                  "VALUES (?1, ?2, ?3) ON CONFLICT (account, target) "
                  "DO UPDATE SET read = max(read, excluded.read)"),
    [END_READ] = "DELETE FROM marks WHERE account = ?1 AND target = ?2",
    [SET_SEEN] = "UPDATE accounts SET seen = max(seen, ?2) WHERE id = ?1",
    [SET_RESERVED] =
        ("INSERT INTO facts (name, value) VALUES ('reserved', ?1) "
         "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
};

/* One name and its id: whoever has the same place in the cache follows. */
struct known {
    char low[KEY_SIZE], high[KEY_SIZE];
    int64_t id;
};

struct journal_writer {
    const struct state *state;
    enum durability durability, now; /* as configured; of the next commit */
    sqlite3 *db;                     /* NULL: to be opened anew */
    sqlite3_stmt *statements[STATEMENTS];
    sqlite3_stmt *lines; /* chores_lines */
    struct journal_moderation moderation;
    struct known accounts[CACHE], pairs[CACHE];
};

/* Opening ---------------------------------------------------------------- */

static void shut(struct journal_writer *writer) {
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(writer->statements[i]);
    sqlite3_finalize(writer->lines);
    journal_moderation_finish(&writer->moderation);
    writer->lines = NULL;
    memset(writer->statements, 0, sizeof writer->statements);
    store_close(writer->db);
    writer->db = NULL;
}

bool journal_write_durably(sqlite3 *db, enum durability durability, char *error,
                           size_t size) {
    bool power = durability == DURABILITY_POWER;
    return store_run(
        db, power ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
        error, size);
}

static bool prepare(struct journal_writer *writer, char *error, size_t size) {
    writer->now = writer->durability;
    if (!journal_write_durably(writer->db, writer->now, error, size))
        return false;
    for (size_t i = 0; i < STATEMENTS; i++) {
        writer->statements[i] =
            store_statement(writer->db, sql[i], error, size);
        if (!writer->statements[i]) return false;
    }
    if (!journal_moderation_init(&writer->moderation, writer->db, error, size))
        return false;
    int result = chores_lines(writer->db, &writer->lines);
    if (result)
        snprintf(error, size, "cannot use minichat.db: %s",
                 store_reason(result));
    return result == SQLITE_OK;
}

static bool open_anew(struct journal_writer *writer, char *error, size_t size) {
    writer->db = store_open(writer->state, STORE_WRITE, error, size);
    if (writer->db && prepare(writer, error, size)) return true;
    shut(writer);
    return false;
}

struct journal_writer *journal_writer_open(const struct state *state,
                                           enum durability durability,
                                           char *error, size_t size) {
    struct journal_writer *writer = memory_new(1, sizeof *writer);
    writer->state = state;
    writer->durability = durability;
    if (open_anew(writer, error, size)) return writer;
    free(writer);
    return NULL;
}

void journal_writer_close(struct journal_writer *writer) {
    if (!writer) return;
    shut(writer);
    free(writer);
}

/* Statements ------------------------------------------------------------- */

static void bind(sqlite3_stmt *statement, int place, struct text text) {
    if (text.length)
        sqlite3_bind_text(statement, place, text.at, (int)text.length,
                          SQLITE_STATIC);
    else
        sqlite3_bind_null(statement, place);
}

static void bind_number(sqlite3_stmt *statement, int place, int64_t number) {
    sqlite3_bind_int64(statement, place, number);
}

static void bind_id(sqlite3_stmt *statement, int place, int64_t id) {
    if (id)
        sqlite3_bind_int64(statement, place, id);
    else
        sqlite3_bind_null(statement, place);
}

/* Runs it to its end; SQLITE_OK, or what went wrong. */
static int run(sqlite3_stmt *statement) {
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW ? SQLITE_OK : result;
}

/* The number in its first row, or 0. */
static int run_for_id(sqlite3_stmt *statement, int64_t *id) {
    int result = sqlite3_step(statement);
    *id = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW ? SQLITE_OK : result;
}

/* Names ------------------------------------------------------------------- */

/* An account's name in lower case, or "~" and a guest's. */
static void make_key(char key[KEY_SIZE], struct text name, bool is_guest) {
    size_t length = 0;
    if (is_guest) key[length++] = '~';
    for (size_t i = 0; i < name.length && length < KEY_SIZE - 1; i++)
        key[length++] = name_fold(name.at[i]);
    key[length] = '\0';
}

static struct known *place_of(struct known cache[CACHE], const char *low,
                              const char *high) {
    uint32_t hash = name_hash(text_of(low)) * 31 + name_hash(text_of(high));
    return &cache[hash & (CACHE - 1)];
}

static bool is_known(const struct known *known, const char *low,
                     const char *high) {
    return known->id && strcmp(known->low, low) == 0 &&
           strcmp(known->high, high) == 0;
}

static void note(struct known *known, const char *low, const char *high,
                 int64_t id) {
    known->id = id;
    text_copy(text_of(low), known->low, sizeof known->low);
    text_copy(text_of(high), known->high, sizeof known->high);
}

static int find_or_add_account(struct journal_writer *writer, struct text name,
                               int64_t when, int64_t *id) {
    sqlite3_stmt *find = writer->statements[FIND_ACCOUNT];
    sqlite3_stmt *add = writer->statements[ADD_ACCOUNT];
    bind(find, 1, name);
    int result = run_for_id(find, id);
    if (result || *id) return result;
    bind(add, 1, name);
    bind_number(add, 2, when);
    result = run(add);
    *id = sqlite3_last_insert_rowid(writer->db);
    return result;
}

/* The account's id; 0 for a guest. */
static int account_id(struct journal_writer *writer, struct text name,
                      int64_t when, int64_t *id) {
    char key[KEY_SIZE];
    *id = 0;
    if (!name.length) return SQLITE_OK;
    make_key(key, name, false);
    struct known *known = place_of(writer->accounts, key, "");
    if (is_known(known, key, "")) {
        *id = known->id;
        return SQLITE_OK;
    }
    int result = find_or_add_account(writer, name, when, id);
    if (!result) note(known, key, "", *id);
    return result;
}

static int find_or_add_pair(struct journal_writer *writer, const char *low,
                            const char *high, int64_t *id) {
    sqlite3_stmt *find = writer->statements[FIND_PAIR];
    sqlite3_stmt *add = writer->statements[ADD_PAIR];
    bind(find, 1, text_of(low));
    bind(find, 2, text_of(high));
    int result = run_for_id(find, id);
    if (result || *id) return result;
    bind(add, 1, text_of(low));
    bind(add, 2, text_of(high));
    result = run(add);
    *id = sqlite3_last_insert_rowid(writer->db);
    return result;
}

/* The two who speak, in order; write->flag: the other one is a guest. */
static void make_keys(const struct write *write, char low[KEY_SIZE],
                      char high[KEY_SIZE]) {
    const struct kept *kept = &write->kept;
    char one[KEY_SIZE], other[KEY_SIZE];
    make_key(one, kept->account.length ? kept->account : kept->name,
             !kept->account.length);
    make_key(other, kept->whom, write->flag);
    bool in_order = strcmp(one, other) <= 0;
    memcpy(low, in_order ? one : other, KEY_SIZE);
    memcpy(high, in_order ? other : one, KEY_SIZE);
}

static int pair_id(struct journal_writer *writer, const struct write *write,
                   int64_t *id) {
    char low[KEY_SIZE], high[KEY_SIZE];
    make_keys(write, low, high);
    struct known *known = place_of(writer->pairs, low, high);
    if (is_known(known, low, high)) {
        *id = known->id;
        return SQLITE_OK;
    }
    int result = find_or_add_pair(writer, low, high, id);
    if (!result) note(known, low, high, *id);
    return result;
}

/* Writes ------------------------------------------------------------------ */

/* What lines and happenings have in common. */
static void bind_kept(sqlite3_stmt *statement, const struct kept *kept,
                      int64_t place, int64_t account) {
    bool same = kept->account.length && name_equals(kept->account, kept->name);
    bind_number(statement, 1, (int64_t)kept->id);
    bind_number(statement, 2, place);
    bind_number(statement, 3, kept_code(kept->happening));
    bind_id(statement, 4, account);
    bind(statement, 5, same ? text_of("") : kept->name);
    bind(statement, 6, kept->source);
    bind_id(statement, 7,
            kept->when == kept_time_of(kept->id) ? 0 : kept->when);
}

static int add_nonce(struct journal_writer *writer, const struct write *write,
                     int64_t account) {
    sqlite3_stmt *add = writer->statements[ADD_NONCE];
    if (!write->nonce.length) return SQLITE_OK;
    bind(add, 1, write->nonce);
    bind_number(add, 2, account);
    bind_number(add, 3, (int64_t)write->kept.id);
    return run(add);
}

static int add_line(struct journal_writer *writer, const struct write *write) {
    sqlite3_stmt *add = writer->statements[ADD_LINE];
    const struct kept *kept = &write->kept;
    int64_t place = kept->place, account;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (!result && !place) {
        result = pair_id(writer, write, &place);
        place = -place;
    }
    if (result) return result;
    bind_kept(add, kept, place, account);
    sqlite3_bind_text(add, 8, kept->body.length ? kept->body.at : "",
                      (int)kept->body.length, SQLITE_STATIC);
    bind(add, 9, kept->tags);
    result = run(add);
    return result ? result : add_nonce(writer, write, account);
}

static int add_happening(struct journal_writer *writer,
                         const struct write *write) {
    sqlite3_stmt *add = writer->statements[ADD_HAPPENING];
    const struct kept *kept = &write->kept;
    int64_t account;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (result) return result;
    bind_kept(add, kept, kept->place, account);
    bind(add, 8, kept->whom);
    bind(add, 9, kept->body);
    return run(add);
}

/* The index knows lines up to some id. */
static int unindex(struct journal_writer *writer, int64_t id) {
    if (id > store_fact(writer->db, "indexed")) return SQLITE_OK;
    return chores_unindex_line(writer->lines, writer->statements[UNINDEX], id);
}

static int run_with(sqlite3_stmt *statement, int64_t number) {
    bind_number(statement, 1, number);
    return run(statement);
}

static int erase(struct journal_writer *writer, const struct kept *kept) {
    int64_t line = (int64_t)kept->line;
    int result = unindex(writer, line);
    if (!result) result = run_with(writer->statements[ERASE_REACTIONS], line);
    if (!result) result = run_with(writer->statements[ERASE_LINE], line);
    if (result) return result;
    return run_with(writer->statements[SET_PURGE], (int64_t)kept->id);
}

/* What is left of a line is who took it back, and when. */
static int add_redaction(struct journal_writer *writer,
                         const struct write *write) {
    sqlite3_stmt *add = writer->statements[ADD_REDACTION];
    const struct kept *kept = &write->kept;
    int64_t account;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (result) return result;
    bind_kept(add, kept, (int64_t)kept->line, account);
    bind(add, 8, kept->whom);
    bind(add, 9, kept->body);
    result = run(add);
    if (result || !sqlite3_changes(writer->db)) return result;
    return erase(writer, kept);
}

/* Where a reaction is; 0: the two have never spoken. */
static int find_place(struct journal_writer *writer, const struct write *write,
                      int64_t *place) {
    sqlite3_stmt *find = writer->statements[FIND_PAIR];
    char low[KEY_SIZE], high[KEY_SIZE];
    *place = write->kept.place;
    if (*place) return SQLITE_OK;
    make_keys(write, low, high);
    bind(find, 1, text_of(low));
    bind(find, 2, text_of(high));
    int result = run_for_id(find, place);
    *place = -*place;
    return result;
}

static int react(struct journal_writer *writer, const struct write *write) {
    bool ends = write->kind == WRITE_UNREACTION;
    sqlite3_stmt *set = writer->statements[ends ? END_REACTION : ADD_REACTION];
    const struct kept *kept = &write->kept;
    int64_t account, place;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (!result) result = find_place(writer, write, &place);
    if (result) return result;
    bind_number(set, 1, place);
    bind_number(set, 2, (int64_t)kept->line);
    bind_number(set, 3, account);
    bind(set, 4, kept->body);
    if (!ends) bind_number(set, 5, (int64_t)kept->id);
    return run(set);
}

static int set_room(struct journal_writer *writer, const struct write *write) {
    sqlite3_stmt *set = writer->statements[SET_ROOM];
    const struct kept *kept = &write->kept;
    bind_number(set, 1, kept->place);
    bind(set, 2, kept->room);
    bind(set, 3, kept->body);
    bind(set, 4, kept->whom);
    bind_id(set, 5, write->topic_when);
    bind_number(set, 6, kept->when);
    bind_number(set, 7, write->flag);
    return run(set);
}

static int end_room(struct journal_writer *writer, const struct write *write) {
    return run_with(writer->statements[END_ROOM], write->kept.place);
}

static int set_member(struct journal_writer *writer,
                      const struct write *write) {
    sqlite3_stmt *set = writer->statements[SET_MEMBER];
    const struct kept *kept = &write->kept;
    int64_t account;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (result) return result;
    bind_number(set, 1, account);
    bind_number(set, 2, kept->place);
    bind_number(set, 3, write->flag);
    bind_number(set, 4, (int64_t)kept->id);
    return run(set);
}

static int end_member(struct journal_writer *writer,
                      const struct write *write) {
    sqlite3_stmt *end = writer->statements[END_MEMBER];
    const struct kept *kept = &write->kept;
    int64_t account;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (result) return result;
    bind_number(end, 1, account);
    bind_number(end, 2, kept->place);
    return run(end);
}

static int set_account(struct journal_writer *writer,
                       const struct write *write) {
    int64_t account;
    return account_id(writer, write->kept.account, write->kept.when, &account);
}

static int set_read(struct journal_writer *writer, const struct write *write) {
    const struct kept *kept = &write->kept;
    sqlite3_stmt *set = writer->statements[kept->when ? SET_READ : END_READ];
    int64_t account;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (result) return result;
    bind_number(set, 1, account);
    bind(set, 2, kept->whom);
    if (kept->when) bind_number(set, 3, kept->when);
    return run(set);
}

static int set_seen(struct journal_writer *writer, const struct write *write) {
    sqlite3_stmt *set = writer->statements[SET_SEEN];
    const struct kept *kept = &write->kept;
    int64_t account;
    int result = account_id(writer, kept->account, kept->when, &account);
    if (result) return result;
    bind_number(set, 1, account);
    bind_number(set, 2, (int64_t)kept->id);
    return run(set);
}

static int set_reserved(struct journal_writer *writer,
                        const struct write *write) {
    return run_with(writer->statements[SET_RESERVED], (int64_t)write->kept.id);
}

static int moderate(struct journal_writer *writer, const struct write *write) {
    return journal_moderation_write(&writer->moderation, write);
}

static int (*const carry_out[WRITES])(struct journal_writer *,
                                      const struct write *) = {
    [WRITE_LINE] = add_line,           [WRITE_HAPPENING] = add_happening,
    [WRITE_REDACTION] = add_redaction, [WRITE_REACTION] = react,
    [WRITE_UNREACTION] = react,        [WRITE_ROOM] = set_room,
    [WRITE_ROOM_GONE] = end_room,      [WRITE_MEMBER] = set_member,
    [WRITE_MEMBER_GONE] = end_member,  [WRITE_ACCOUNT] = set_account,
    [WRITE_READ] = set_read,           [WRITE_SEEN] = set_seen,
    [WRITE_RESERVED] = set_reserved,   [WRITE_BAN] = moderate,
    [WRITE_BAN_GONE] = moderate,       [WRITE_BANS_GONE] = moderate,
    [WRITE_AUDIT] = moderate,
};

/* One that contradicts what is there already is our mistake and would be
 * refused for ever: it is told and left out, so that the others go on. */
static int write_one(struct journal_writer *writer, const struct write *write) {
    int result = carry_out[write->kind](writer, write);
    if ((result & 0xff) != SQLITE_CONSTRAINT) return result;
    log_say(LOG_ERROR, "a write of kind %d contradicts the store: %s",
            (int)write->kind, sqlite3_errmsg(writer->db));
    return SQLITE_OK;
}

/* Even where a power cut may take lines away, an id is never used again: what
 * reserves them is always synced, and that is seldom. */
static bool set_durability(struct journal_writer *writer,
                           const struct batch *batch) {
    char error[STORE_ERROR_SIZE];
    enum durability wanted =
        batch->reserved ? DURABILITY_POWER : writer->durability;
    if (wanted == writer->now) return true;
    writer->now = wanted;
    return journal_write_durably(writer->db, wanted, error, sizeof error);
}

static int write_all(struct journal_writer *writer, const struct batch *batch) {
    if (!set_durability(writer, batch)) return SQLITE_ERROR;
    int result = run(writer->statements[BEGIN]);
    for (size_t i = 0; i < batch->count && !result; i++)
        result = write_one(writer, &batch->writes[i]);
    return result ? result : run(writer->statements[COMMIT]);
}

/* What was found out within a transaction that failed is not so. */
static void give_up(struct journal_writer *writer) {
    memset(writer->accounts, 0, sizeof writer->accounts);
    memset(writer->pairs, 0, sizeof writer->pairs);
    if (!sqlite3_get_autocommit(writer->db)) run(writer->statements[ROLLBACK]);
    shut(writer);
}

int journal_writer_commit(struct journal_writer *writer,
                          const struct batch *batch) {
    char error[STORE_ERROR_SIZE];
    if (!writer->db && !open_anew(writer, error, sizeof error))
        return SQLITE_CANTOPEN;
    int result = write_all(writer, batch);
    if (result) {
        int extended = sqlite3_extended_errcode(writer->db);
        if (sqlite3_errcode(writer->db) == result) result = extended;
        give_up(writer);
    }
    return result;
}
