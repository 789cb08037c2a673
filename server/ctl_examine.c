#include <sqlite3.h>
#include <string.h>

#include "protocol/names.h"
#include "protocol/utf8.h"
#include "server/chat.h"
#include "server/ctl_store.h"
#include "server/kept.h"

/* What the server would never have written. It shows what it reads to people
 * and puts it into lines of IRC, so each text must be one that could have been
 * said. */

/* May stand where a line of IRC has one word. */
static bool is_word(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~') return false;
    return true;
}

static bool is_said(struct text text) {
    return text.length < BODY_SIZE && utf8_check(text, true) == UTF8_FINE;
}

static bool is_body(struct text text) {
    return text.length < BODY_SIZE && kept_body_valid(text);
}

static bool is_nobody_or_name(struct text text) {
    return text.length == 0 || name_valid(text);
}

/* "~" and a guest's name, or an account's. */
static bool is_party(struct text text) {
    if (text_begins(text, "~")) return is_word(text);
    return name_valid(text);
}

static bool is_tags(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] == ' ') return false;
    return text.length < BODY_SIZE && utf8_check(text, false) == UTF8_FINE;
}

/* The rows of a table, the first column a number that tells which. */

static bool account_fine(sqlite3_stmt *row) {
    return name_valid(ctl_column(row, 1));
}

static bool room_fine(sqlite3_stmt *row) {
    struct text name = ctl_column(row, 1), topic = ctl_column(row, 2);
    struct text by = ctl_column(row, 3);
    return (name.length == 0 || room_valid(name)) &&
           topic.length < TOPIC_SIZE && is_said(topic) &&
           by.length < SOURCE_SIZE && is_word(by);
}

static bool mark_fine(sqlite3_stmt *row) {
    struct text target = ctl_column(row, 1);
    return name_valid(target) || room_valid(target);
}

static bool pair_fine(sqlite3_stmt *row) {
    return is_party(ctl_column(row, 1)) && is_party(ctl_column(row, 2));
}

static bool line_fine(sqlite3_stmt *row) {
    enum happening happening =
        kept_happening((unsigned)sqlite3_column_int(row, 1));
    return happening != HAPPENINGS && kept_is_line(happening) &&
           is_nobody_or_name(ctl_column(row, 2)) &&
           is_word(ctl_column(row, 3)) && is_body(ctl_column(row, 4)) &&
           is_tags(ctl_column(row, 5));
}

static bool happening_fine(sqlite3_stmt *row) {
    enum happening happening =
        kept_happening((unsigned)sqlite3_column_int(row, 1));
    return happening != HAPPENINGS && !kept_is_line(happening) &&
           is_nobody_or_name(ctl_column(row, 2)) &&
           is_word(ctl_column(row, 3)) && is_said(ctl_column(row, 4)) &&
           is_nobody_or_name(ctl_column(row, 5));
}

static bool reaction_fine(sqlite3_stmt *row) {
    return kept_reaction_valid(ctl_column(row, 1));
}

static bool ban_fine(sqlite3_stmt *row) {
    return ban_mask_valid(ctl_column(row, 1)) &&
           name_valid(ctl_column(row, 2)) && is_said(ctl_column(row, 3));
}

static bool note_fine(sqlite3_stmt *row) {
    return is_said(ctl_column(row, 1)) && is_word(ctl_column(row, 2)) &&
           is_said(ctl_column(row, 3)) && is_said(ctl_column(row, 4));
}

/* drop: takes the row out, by its first column and, where it has ?2, its
 * second. */
/* clang-format off */
static const struct {
    const char *sql, *words, *drop;
    bool (*fine)(sqlite3_stmt *row);
} rows[] = {
    {"SELECT id, name FROM accounts",
     "people have a name that cannot be",
     "DELETE FROM accounts WHERE id = ?1", account_fine},
    {"SELECT id, name, topic, topic_by FROM rooms",
     "rooms have a name or a topic that cannot be",
     "DELETE FROM rooms WHERE id = ?1", room_fine},
    {"SELECT account, target FROM marks",
     "read markers are of what has no name",
     "DELETE FROM marks WHERE account = ?1 AND target = ?2", mark_fine},
    {"SELECT id, low, high FROM pairs",
     "conversations are between names that cannot be",
     "DELETE FROM pairs WHERE id = ?1", pair_fine},
    {"SELECT id, kind, name, source, body, tags FROM messages",
     "lines could not have been said",
     "DELETE FROM messages WHERE id = ?1", line_fine},
    {"SELECT number, kind, name, source, body, whom FROM happenings",
     "happenings could not have happened",
     "DELETE FROM happenings WHERE number = ?1", happening_fine},
    {"SELECT line, emoji FROM reactions",
     "reactions could not have been made",
     "DELETE FROM reactions WHERE line = ?1 AND emoji = ?2", reaction_fine},
    {"SELECT room, what, author, reason FROM bans",
     "bans are of what has no name",
     "DELETE FROM bans WHERE room = ?1 AND what = ?2", ban_fine},
    {"SELECT id, who, deed, subject, words FROM audit",
     "notes are of what cannot be done",
     "DELETE FROM audit WHERE id = ?1", note_fine},
};

/* How many there are of what should not be, and an example. */
static const struct {
    const char *sql, *words;
} questions[] = {
    {"SELECT count(*), min(place) FROM (SELECT DISTINCT place FROM messages"
     " UNION SELECT DISTINCT place FROM happenings)"
     " WHERE place = 0 OR (place > 0 AND place NOT IN (SELECT id FROM rooms))"
     " OR (place < 0 AND -place NOT IN (SELECT id FROM pairs))",
     "places are gone in which lines were said"},
    {"SELECT count(*), min(id) FROM messages WHERE id <= 0",
     "lines have ids that cannot be"},
    {"SELECT count(*), min(number) FROM (SELECT number, id,"
     " lag(id, 1, 0) OVER (ORDER BY number) AS before FROM happenings)"
     " WHERE id < before OR id = 0",
     "happenings have ids that do not rise"},
    {"SELECT count(*), min(line) FROM happenings"
     " WHERE line IN (SELECT id FROM messages)",
     "lines were taken back and are still there"},
    {"SELECT count(*), min(line) FROM reactions r WHERE NOT EXISTS"
     " (SELECT 1 FROM messages WHERE id = r.line AND place = r.place)",
     "reactions are to lines that are not there"},
    {"SELECT count(*), min(room) FROM bans WHERE room <> 0"
     " AND room NOT IN (SELECT id FROM rooms)",
     "bans are from rooms that are not there"},
    {"SELECT count(*), min(id) FROM pairs WHERE low > high",
     "conversations are written the wrong way round"},
    {"SELECT count(*), min(id) FROM nonces WHERE account <> 0"
     " AND account NOT IN (SELECT id FROM accounts)",
     "nonces are of people who are not there"},
    {"SELECT used > reserved, used FROM (SELECT"
     " max(coalesce((SELECT max(id) FROM messages), 0),"
     "     coalesce((SELECT max(id) FROM happenings), 0)) AS used,"
     " coalesce((SELECT value FROM facts WHERE name = 'reserved'), 0)"
     "     AS reserved)",
     "id was used that was not reserved"},
    {"SELECT indexed < 0 OR indexed > reserved, indexed FROM (SELECT"
     " coalesce((SELECT value FROM facts WHERE name = 'indexed'), 0)"
     "     AS indexed,"
     " coalesce((SELECT value FROM facts WHERE name = 'reserved'), 0)"
     "     AS reserved)",
     "id is said to be searched that never was"},
};
/* clang-format on */

enum {
    ROWS = sizeof rows / sizeof rows[0],
    QUESTIONS = sizeof questions / sizeof questions[0],
};

static void tell(json_t *problems, int64_t count, const char *words,
                 int64_t first) {
    if (count)
        ctl_tell(problems, "%lld %s (the first: %lld)", (long long)count, words,
                 (long long)first);
}

static void take_out(sqlite3_stmt *drop, sqlite3_stmt *row) {
    sqlite3_bind_value(drop, 1, sqlite3_column_value(row, 0));
    if (sqlite3_bind_parameter_count(drop) > 1)
        sqlite3_bind_value(drop, 2, sqlite3_column_value(row, 1));
    sqlite3_step(drop);
    sqlite3_reset(drop);
}

/* With drop the rows that cannot be are taken out, too. */
static bool judge(struct ctl *ctl, sqlite3 *db, size_t number,
                  sqlite3_stmt *drop, json_t *problems) {
    int64_t count = 0, first = 0;
    sqlite3_stmt *row = ctl_ask(ctl, db, rows[number].sql);
    if (!row) return false;
    while (sqlite3_step(row) == SQLITE_ROW) {
        if (rows[number].fine(row)) continue;
        if (!count++) first = sqlite3_column_int64(row, 0);
        if (drop) take_out(drop, row);
    }
    tell(problems, count, rows[number].words, first);
    if (sqlite3_finalize(row) == SQLITE_OK) return true;
    ctl_fail_by(ctl, db, "read");
    return false;
}

static bool ask(struct ctl *ctl, sqlite3 *db, size_t number, json_t *problems) {
    sqlite3_stmt *row = ctl_ask(ctl, db, questions[number].sql);
    if (!row) return false;
    if (sqlite3_step(row) == SQLITE_ROW)
        tell(problems, sqlite3_column_int64(row, 0), questions[number].words,
             sqlite3_column_int64(row, 1));
    if (sqlite3_finalize(row) == SQLITE_OK) return true;
    ctl_fail_by(ctl, db, "read");
    return false;
}

bool ctl_examine(struct ctl *ctl, sqlite3 *db, json_t *problems) {
    for (size_t i = 0; i < ROWS; i++)
        if (!judge(ctl, db, i, NULL, problems)) return false;
    for (size_t i = 0; i < QUESTIONS; i++)
        if (!ask(ctl, db, i, problems)) return false;
    return true;
}

bool ctl_leave_out(struct ctl *ctl, sqlite3 *db, json_t *left_out) {
    bool fine = true;
    for (size_t i = 0; fine && i < ROWS; i++) {
        sqlite3_stmt *drop = ctl_ask(ctl, db, rows[i].drop);
        fine = drop && judge(ctl, db, i, drop, left_out);
        sqlite3_finalize(drop);
    }
    return fine;
}
