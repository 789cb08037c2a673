#include "server/history_inside.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

/* Columns of a line and of a happening, in one order. */
#define LINE                                                                   \
    "SELECT m.id, m.place, m.kind, a.name, m.name, m.source, m.at, NULL,"      \
    " m.body, m.tags, NULL FROM messages m LEFT JOIN accounts a ON a.id = "    \
    "m.account "
#define HAPPENING                                                              \
    "SELECT h.id, h.place, h.kind, b.name, h.name, h.source, h.at, h.whom,"    \
    " h.body, NULL, h.line FROM happenings h LEFT JOIN accounts b ON b.id = "  \
    "h.account "
#define LINES LINE "WHERE m.place = ?1 AND m.id > ?2 AND m.id < ?3 "
#define HAPPENINGS_OF                                                          \
    HAPPENING "WHERE h.place = ?1 AND h.id > ?2 AND h.id < ?3 AND h.kind <> "  \
              "10 "

enum column {
    ID,
    PLACE,
    KIND,
    ACCOUNT,
    NAME,
    SOURCE,
    AT,
    WHOM,
    BODY,
    TAGS,
    OF_LINE,
};

/* What was taken back (kind 10, kept.c) is no happening for those who read: it
 * stands beside the lines. Lines and happenings are each read by their own
 * index and each up to the limit, so that a million joins cost no more than
 * none. */
/* clang-format off */
static const char *const questions[HISTORY_STATEMENTS] = {
    [FIND_ACCOUNT] = "SELECT id FROM accounts WHERE name = ?1",
    [FIND_ROOM] = "SELECT id FROM rooms WHERE name = ?1",
    [FIND_PAIR] = "SELECT id FROM pairs WHERE low = ?1 AND high = ?2",
    [NAME_ROOM] = "SELECT name FROM rooms WHERE id = ?1",
    [NAME_PAIR] =
        "SELECT p.low, p.high, a.name, b.name FROM pairs p"
        " LEFT JOIN accounts a ON a.name = p.low"
        " LEFT JOIN accounts b ON b.name = p.high WHERE p.id = ?1",
    [LIST_PAIRS] =
        "SELECT id FROM pairs WHERE low = ?1"
        " UNION ALL SELECT id FROM pairs WHERE high = ?1 AND low <> ?1",
    [LINES_UP] = LINES "ORDER BY m.id LIMIT ?4",
    [LINES_DOWN] = LINES "ORDER BY m.id DESC LIMIT ?4",
    [ALL_UP] =
        "SELECT * FROM (" LINES "ORDER BY m.id LIMIT ?4) UNION ALL "
        "SELECT * FROM (" HAPPENINGS_OF "ORDER BY h.id LIMIT ?4)"
        " ORDER BY 1 LIMIT ?4",
    [ALL_DOWN] =
        "SELECT * FROM (" LINES "ORDER BY m.id DESC LIMIT ?4) UNION ALL "
        "SELECT * FROM (" HAPPENINGS_OF "ORDER BY h.id DESC LIMIT ?4)"
        " ORDER BY 1 DESC LIMIT ?4",
    [COUNT_LINES] =
        "SELECT count(*) FROM (SELECT 1 FROM messages m"
        " WHERE m.place = ?1 AND m.id > ?2 AND m.id < ?3 LIMIT ?4)",
    [COUNT_ALL] =
        "SELECT count(*) FROM (SELECT 1 FROM messages m"
        " WHERE m.place = ?1 AND m.id > ?2 AND m.id < ?3"
        " UNION ALL SELECT 1 FROM happenings h"
        " WHERE h.place = ?1 AND h.id > ?2 AND h.id < ?3 AND h.kind <> 10"
        " LIMIT ?4)",
    [TAKEN_BACK] =
        HAPPENING "WHERE h.kind = 10 AND h.place = ?1 AND h.id > ?2"
        " AND h.id < ?3 ORDER BY h.id DESC LIMIT ?4",
    [REACTIONS] =
        "SELECT r.id, r.line, a.name, r.emoji FROM reactions r"
        " JOIN accounts a ON a.id = r.account"
        " WHERE r.place = ?1 AND r.line >= ?2 AND r.line <= ?3"
        " ORDER BY r.line DESC LIMIT ?4",
    [LINE_BY_ID] = LINE "WHERE m.id = ?1",
    [LINE_BY_NONCE] = LINE
        "WHERE m.id = (SELECT id FROM nonces WHERE nonce = ?1 AND account = ?2)"
        " AND (?2 <> 0 OR m.name || '!' || m.source = ?3)",
    [COUNT_NONCE] =
        "SELECT count(*) FROM nonces WHERE nonce = ?1 AND account = ?2",
    [LINES_WRITTEN_TO] = LINE
        "WHERE m.id IN (SELECT w.id FROM messages w INDEXED BY messages_place"
        " WHERE w.place IN (SELECT -id FROM pairs WHERE low = ?1"
        " UNION ALL SELECT -id FROM pairs WHERE high = ?1)"
        " AND w.id > ?2 AND w.account IS NOT ?4 ORDER BY w.id LIMIT ?3)"
        " ORDER BY m.id",
    [COUNT_OTHERS] =
        "SELECT count(*) FROM (SELECT 1 FROM messages m"
        " WHERE m.place = ?1 AND m.id > ?2 AND m.account IS NOT ?3 LIMIT ?4)",
    [NEWEST] =
        "SELECT id, at FROM messages WHERE place = ?1 ORDER BY id DESC LIMIT 1",
    [FIND_WORDS] =
        "SELECT rowid FROM words WHERE words MATCH ?1"
        " AND rowid > ?2 AND rowid < ?3 ORDER BY rowid DESC",
    [TAIL_BEGIN] =
        "SELECT id FROM messages WHERE id > ?1"
        " ORDER BY id DESC LIMIT 1 OFFSET ?2",
};
/* clang-format on */

void reader_init(struct reader *reader, sqlite3 *db) {
    *reader = (struct reader){.db = db};
}

void reader_finish(struct reader *reader) {
    for (size_t i = 0; i < HISTORY_STATEMENTS; i++)
        sqlite3_finalize(reader->statements[i]);
    tail_free(reader->tail);
    reader_init(reader, NULL);
}

/* Asking ---------------------------------------------------------------- */

const char *reader_question(enum history_statement which) {
    return questions[which];
}

void inquiry_fail(struct inquiry *inquiry, int result) {
    if (!inquiry->failed) inquiry->reader->trouble = result;
    inquiry->failed = true;
}

int64_t inquiry_bound(uint64_t id, int64_t otherwise) {
    if (id == 0) return otherwise;
    return id < INT64_MAX ? (int64_t)id : INT64_MAX;
}

sqlite3_stmt *inquiry_ask(struct inquiry *inquiry,
                          enum history_statement which) {
    struct reader *reader = inquiry->reader;
    sqlite3_stmt **statement = &reader->statements[which];
    if (inquiry->failed) return NULL;
    if (!*statement && sqlite3_prepare_v3(reader->db, questions[which], -1,
                                          SQLITE_PREPARE_PERSISTENT, statement,
                                          NULL) != SQLITE_OK)
        inquiry_fail(inquiry, sqlite3_extended_errcode(reader->db));
    sqlite3_reset(*statement);
    return inquiry->failed ? NULL : *statement;
}

bool inquiry_step(struct inquiry *inquiry, sqlite3_stmt *statement) {
    if (inquiry->failed || !statement) return false;
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE)
        inquiry_fail(inquiry,
                     sqlite3_extended_errcode(sqlite3_db_handle(statement)));
    sqlite3_reset(statement);
    return false;
}

int64_t inquiry_number(struct inquiry *inquiry, sqlite3_stmt *statement) {
    bool there = inquiry_step(inquiry, statement);
    int64_t number = there ? sqlite3_column_int64(statement, 0) : 0;
    if (there) sqlite3_reset(statement);
    return number;
}

void inquiry_bind(sqlite3_stmt *statement, int number, struct text text) {
    /* Without an address SQLite would take it for NULL. */
    sqlite3_bind_text(statement, number, text.at ? text.at : "",
                      (int)text.length, SQLITE_TRANSIENT);
}

/* Names ----------------------------------------------------------------- */

/* An account's name, or "~" and a guest's, in lower case. */
static void make_key(struct text name, bool is_guest, char key[KEY_SIZE]) {
    size_t length = 0;
    if (is_guest) key[length++] = '~';
    for (size_t i = 0; i < name.length && length < KEY_SIZE - 1; i++)
        key[length++] = name_fold(name.at[i]);
    key[length] = '\0';
}

struct text inquiry_column(sqlite3_stmt *row, int number) {
    const unsigned char *at = sqlite3_column_text(row, number);
    return text_slice((const char *)at,
                      at ? (size_t)sqlite3_column_bytes(row, number) : 0);
}

/* A guest's name is only known from the key. */
static void name_one(struct text key, struct text account, char *to) {
    text_copy(account.length > 0 ? account : text_after(key, 1), to, NAME_SIZE);
}

static void look_up(struct inquiry *inquiry, struct venue *venue) {
    bool is_pair = venue->place < 0;
    sqlite3_stmt *row = inquiry_ask(inquiry, is_pair ? NAME_PAIR : NAME_ROOM);
    sqlite3_bind_int64(row, 1, is_pair ? -venue->place : venue->place);
    if (!inquiry_step(inquiry, row)) return;
    if (is_pair) {
        text_copy(inquiry_column(row, 0), venue->low, sizeof venue->low);
        text_copy(inquiry_column(row, 1), venue->high, sizeof venue->high);
        name_one(inquiry_column(row, 0), inquiry_column(row, 2),
                 venue->low_name);
        name_one(inquiry_column(row, 1), inquiry_column(row, 3),
                 venue->high_name);
    } else {
        text_copy(inquiry_column(row, 0), venue->room, sizeof venue->room);
    }
    sqlite3_reset(row);
}

const struct venue *inquiry_venue(struct inquiry *inquiry, int64_t place) {
    if (inquiry->venue.place == place) return &inquiry->venue;
    inquiry->venue = (struct venue){.place = place};
    look_up(inquiry, &inquiry->venue);
    return &inquiry->venue;
}

static int64_t find_pair(struct inquiry *inquiry, const char *other) {
    bool is_low = strcmp(inquiry->self_key, other) <= 0;
    sqlite3_stmt *find = inquiry_ask(inquiry, FIND_PAIR);
    inquiry_bind(find, is_low ? 1 : 2, text_of(inquiry->self_key));
    inquiry_bind(find, is_low ? 2 : 1, text_of(other));
    return -inquiry_number(inquiry, find);
}

/* The account of that name; where there never was one, the guest. */
int64_t inquiry_pair(struct inquiry *inquiry, struct text whom) {
    char key[KEY_SIZE];
    if (!inquiry->self_key[0] || whom.length == 0) return 0;
    make_key(whom, false, key);
    int64_t place = find_pair(inquiry, key);
    if (place) return place;
    make_key(whom, true, key);
    return find_pair(inquiry, key);
}

/* Gathering ------------------------------------------------------------- */

enum { TEXTS = 7 };

static struct text *text_at(struct kept *kept, unsigned number) {
    struct text *const texts[TEXTS] = {
        &kept->room, &kept->account, &kept->name, &kept->source,
        &kept->whom, &kept->body,    &kept->tags};
    return texts[number];
}

/* Until all is there the bytes may move, so texts have lengths only. */
static void keep_bytes(struct inquiry *inquiry, struct text *text) {
    size_t needed = inquiry->bytes_used + text->length;
    struct recall *recall = inquiry->recall;
    if (needed > inquiry->bytes_size) {
        inquiry->bytes_size = needed * 2 + 1024;
        recall->bytes = memory_grow(recall->bytes, inquiry->bytes_size, 1);
    }
    if (text->length > 0)
        memcpy(recall->bytes + inquiry->bytes_used, text->at, text->length);
    text->at = NULL;
    inquiry->bytes_used = needed;
}

void inquiry_add(struct inquiry *inquiry, const struct kept *kept) {
    struct recall *recall = inquiry->recall;
    size_t count = recall->answer.count;
    if (count == inquiry->kept_size) {
        inquiry->kept_size = count * 2 + 128;
        recall->kept =
            memory_grow(recall->kept, inquiry->kept_size, sizeof *kept);
    }
    recall->kept[count] = *kept;
    for (unsigned i = 0; i < TEXTS; i++)
        keep_bytes(inquiry, text_at(&recall->kept[count], i));
    recall->answer.count++;
}

/* To whom it was said: the one of the two who did not say it. */
static struct text whom_of(const struct venue *venue, const struct kept *kept) {
    char author[KEY_SIZE];
    make_key(kept->name, kept->account.length == 0, author);
    if (kept->account.length > 0) make_key(kept->account, false, author);
    bool by_low = strcmp(author, venue->low) == 0;
    return text_of(by_low ? venue->high_name : venue->low_name);
}

void inquiry_fill_in(struct inquiry *inquiry, struct kept *kept) {
    const struct venue *venue = inquiry_venue(inquiry, kept->place);
    if (kept->place > 0) {
        kept->room = text_of(venue->room);
    } else {
        kept->whom = whom_of(venue, kept);
        kept->place = 0;
    }
}

void inquiry_add_row(struct inquiry *inquiry, sqlite3_stmt *row) {
    struct kept kept = {
        .id = (uint64_t)sqlite3_column_int64(row, ID),
        .when = sqlite3_column_int64(row, AT),
        .happening = kept_happening((unsigned)sqlite3_column_int(row, KIND)),
        .place = sqlite3_column_int64(row, PLACE),
        .account = inquiry_column(row, ACCOUNT),
        .name = inquiry_column(row, NAME),
        .source = inquiry_column(row, SOURCE),
        .whom = inquiry_column(row, WHOM),
        .body = inquiry_column(row, BODY),
        .tags = inquiry_column(row, TAGS),
        .line = (uint64_t)sqlite3_column_int64(row, OF_LINE),
    };
    if (kept.happening == HAPPENINGS) return; /* a newer minichat's */
    if (!kept.when) kept.when = kept_time_of(kept.id);
    if (kept.name.length == 0) kept.name = kept.account;
    inquiry_fill_in(inquiry, &kept);
    inquiry_add(inquiry, &kept);
}

/* Gives the texts their bytes, which stay where they are from now on. */
static void attach(struct recall *recall) {
    const char *at = recall->bytes;
    for (size_t i = 0; i < recall->answer.count; i++)
        for (unsigned j = 0; j < TEXTS; j++) {
            struct text *text = text_at(&recall->kept[i], j);
            if (text->length == 0) continue;
            text->at = at;
            at += text->length;
        }
}

static int compare(const void *one, const void *other) {
    const struct kept *a = one, *b = other;
    uint64_t one_anchor = kept_anchor(a), other_anchor = kept_anchor(b);
    if (one_anchor != other_anchor) return one_anchor > other_anchor ? 1 : -1;
    return (a->id > b->id) - (a->id < b->id);
}

static void turn_round(struct kept *kept, size_t count) {
    for (size_t i = 0; i < count / 2; i++) {
        struct kept other = kept[i];
        kept[i] = kept[count - 1 - i];
        kept[count - 1 - i] = other;
    }
}

void inquiry_settle(struct inquiry *inquiry) {
    struct recall *recall = inquiry->recall;
    struct answer *answer = &recall->answer;
    struct kept *kept = recall->kept;
    if (answer->count == 0) return;
    attach(recall);
    qsort(kept, answer->count, sizeof *kept, compare);
    if (answer->count > inquiry->limit) {
        if (inquiry->newest) kept += answer->count - inquiry->limit;
        answer->count = inquiry->limit;
    }
    if (inquiry->question->ask == ASK_SEARCH) turn_round(kept, answer->count);
    answer->kept = kept;
}
