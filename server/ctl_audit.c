#include "server/ctl_audit.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "protocol/duration.h"
#include "protocol/timestamp.h"
#include "protocol/utf8.h"
#include "server/ctl_store.h"
#include "server/unix_users.h"

enum { USUAL_NOTES = 50, MOST_NOTES = 1000000, SHOWN_SIZE = 4096 };

/* Noting ------------------------------------------------------------------- */

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool has_store(const struct ctl *ctl) {
    char path[STATE_PATH_SIZE];
    return state_path(&ctl->state, "minichat.db", path) &&
           access(path, F_OK) == 0;
}

static bool insert(struct ctl *ctl, sqlite3 *db, const char *deed,
                   const char *subject, const char *words) {
    char name[NAME_SIZE], who[NAME_SIZE + 16];
    sqlite3_stmt *note =
        ctl_ask(ctl, db,
                "INSERT INTO audit (at, who, deed, subject, words)"
                " VALUES (?1, ?2, ?3, nullif(?4, ''), nullif(?5, ''))");
    if (!note) return false;
    if (!unix_users_name(getuid(), name))
        snprintf(name, sizeof name, "uid %u", (unsigned)getuid());
    snprintf(who, sizeof who, "%s (minichatctl)", name);
    sqlite3_bind_int64(note, 1, now_ms());
    sqlite3_bind_text(note, 2, who, -1, SQLITE_STATIC);
    sqlite3_bind_text(note, 3, deed, -1, SQLITE_STATIC);
    sqlite3_bind_text(note, 4, subject, -1, SQLITE_STATIC);
    sqlite3_bind_text(note, 5, words, -1, SQLITE_STATIC);
    sqlite3_step(note);
    if (sqlite3_finalize(note) == SQLITE_OK) return true;
    ctl_fail_by(ctl, db, "write");
    return false;
}

void ctl_audit_note(struct ctl *ctl, const char *deed, const char *subject,
                    const char *words) {
    if (!has_store(ctl)) return;
    sqlite3 *db = ctl_open(ctl, STORE_WRITE);
    bool fine = db && insert(ctl, db, deed, subject, words);
    store_close(db);
    if (!fine)
        fprintf(stderr, "minichatctl: not noted in the audit log: %s\n",
                ctl->error);
    *ctl->error = '\0';
}

/* Reading ------------------------------------------------------------------ */

struct asked {
    int64_t since; /* Unix ms */
    const char *who;
    uint64_t count;
};

static const char notes[] =
    "SELECT at, who, deed, subject, words FROM"
    " (SELECT * FROM audit WHERE at >= ?1 AND (?2 IS NULL"
    "  OR subject = ?2 COLLATE NOCASE OR who = ?2 COLLATE NOCASE"
    "  OR lower(substr(who, 1, length(?2) + 2)) = lower(?2) || ' (')"
    " ORDER BY id DESC LIMIT ?3) ORDER BY id";

static void print_column(sqlite3_stmt *note, int column, const char *before) {
    char shown[SHOWN_SIZE];
    struct text text = ctl_column(note, column);
    text.length = utf8_cut(text, sizeof shown / UTF8_MARK_MAX);
    if (!text.length) return;
    size_t length = utf8_shown(text, shown, sizeof shown);
    printf("%s%.*s", before, (int)length, shown);
}

static void print(sqlite3_stmt *note) {
    char when[TIMESTAMP_SIZE];
    timestamp_write_seconds(sqlite3_column_int64(note, 0), when);
    printf("%s  ", when);
    print_column(note, 1, "");
    print_column(note, 2, "  ");
    print_column(note, 3, " ");
    print_column(note, 4, "  ");
    putchar('\n');
}

static json_t *string_of(sqlite3_stmt *note, int column) {
    struct text text = ctl_column(note, column);
    json_t *string = text.length ? json_stringn(text.at, text.length) : NULL;
    return string ? string : json_null(); /* it is no UTF-8 */
}

static json_t *describe(sqlite3_stmt *note) {
    char when[TIMESTAMP_SIZE];
    timestamp_write(sqlite3_column_int64(note, 0), when);
    return json_pack("{ss so so so so}", "when", when, "who",
                     string_of(note, 1), "deed", string_of(note, 2), "subject",
                     string_of(note, 3), "words", string_of(note, 4));
}

static int tell(struct ctl *ctl, sqlite3 *db, const struct asked *asked) {
    json_t *array = ctl->json ? json_array() : NULL;
    sqlite3_stmt *note = ctl_ask(ctl, db, notes);
    if (!note) return CTL_FAILED;
    sqlite3_bind_int64(note, 1, asked->since);
    if (asked->who) sqlite3_bind_text(note, 2, asked->who, -1, SQLITE_STATIC);
    sqlite3_bind_int64(note, 3, (int64_t)asked->count);
    while (sqlite3_step(note) == SQLITE_ROW) {
        if (array)
            json_array_append_new(array, describe(note));
        else
            print(note);
    }
    if (array) ctl_print_json(array);
    if (sqlite3_finalize(note) == SQLITE_OK) return CTL_FINE;
    return ctl_fail_by(ctl, db, "read");
}

static bool read_since(struct ctl *ctl, const char *written, int64_t *since) {
    int64_t ago;
    if (timestamp_read(text_of(written), since)) return true;
    if (duration_read(text_of(written), &ago)) {
        *since = now_ms() - ago;
        return true;
    }
    ctl_fail(ctl, "--since: expected a time such as 2027-08-01T12:00:00Z, or "
                  "how long ago: 2h, 7d");
    return false;
}

static bool read_count(struct ctl *ctl, const char *written, uint64_t *count) {
    if (text_number(text_of(written), count) && *count > 0 &&
        *count <= MOST_NOTES)
        return true;
    ctl_fail(ctl, "--last: expected a number from 1 to %d", MOST_NOTES);
    return false;
}

static int read_words(struct ctl *ctl, char **words, struct asked *asked) {
    while (*words) {
        const char *value = NULL;
        if (ctl_option(&words, "--since", &value)) {
            if (value && !read_since(ctl, value, &asked->since))
                return CTL_FAILED;
        } else if (ctl_option(&words, "--last", &value)) {
            if (value && !read_count(ctl, value, &asked->count))
                return CTL_FAILED;
        } else if (ctl_option(&words, "--who", &value)) {
            asked->who = value;
        }
        if (!value) return CTL_USAGE;
    }
    return CTL_FINE;
}

int ctl_audit(struct ctl *ctl, char **words) {
    struct asked asked = {.count = USUAL_NOTES};
    int result = read_words(ctl, words, &asked);
    if (result != CTL_FINE) return result;
    sqlite3 *db = ctl_open(ctl, STORE_READ);
    if (!db) return CTL_FAILED;
    result = tell(ctl, db, &asked);
    store_close(db);
    return result;
}
