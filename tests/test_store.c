/* minichat.db: made whole, opened alike, and never silently replaced. */
#include "server/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "tests/scratch.h"

struct fixture {
    struct state state;
    char error[STORE_ERROR_SIZE];
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->state);
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    scratch_remove(&f->state);
    free(f);
    return 0;
}

/* Words for the scenes. */

static bool prepares(struct fixture *f) {
    bool made;
    *f->error = '\0';
    return store_prepare(&f->state, &made, f->error, sizeof f->error);
}

static void makes(struct fixture *f) {
    bool made;
    if (!store_prepare(&f->state, &made, f->error, sizeof f->error))
        fail_msg("%s", f->error);
    assert_true(made);
}

static sqlite3 *opens(struct fixture *f, enum store_use use) {
    sqlite3 *db = store_open(&f->state, use, f->error, sizeof f->error);
    if (!db) fail_msg("%s", f->error);
    return db;
}

static void runs(struct fixture *f, sqlite3 *db, const char *sql) {
    if (!store_run(db, sql, f->error, sizeof f->error))
        fail_msg("%s: %s", f->error, sqlite3_errmsg(db));
}

/* A statement in a connection of its own. */
static void writes(struct fixture *f, const char *sql) {
    sqlite3 *db = opens(f, STORE_WRITE);
    runs(f, db, sql);
    store_close(db);
}

static int64_t number(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static void says(const struct fixture *f, const char *words) {
    if (!strstr(f->error, words)) fail_msg("%s: not in: %s", words, f->error);
}

static const char *path(const struct fixture *f, const char *name) {
    static char at[STATE_PATH_SIZE];
    assert_true(state_path(&f->state, name, at));
    return at;
}

static bool exists(const struct fixture *f, const char *name) {
    return access(path(f, name), F_OK) == 0;
}

static off_t length_of(const struct fixture *f) {
    struct stat status;
    assert_int_equal(stat(path(f, "minichat.db"), &status), 0);
    return status.st_size;
}

static void overwrite(const struct fixture *f, off_t at, size_t count) {
    char garbage[8192];
    int fd = open(path(f, "minichat.db"), O_WRONLY);
    memset(garbage, 0xa5, sizeof garbage);
    assert_true(count <= sizeof garbage);
    assert_int_equal(pwrite(fd, garbage, count, at), count);
    close(fd);
}

/* All in the file, nothing in the log, as after a stop. */
static void settles(struct fixture *f) {
    writes(f, "PRAGMA wal_checkpoint(TRUNCATE)");
}

/* Refused by whoever comes, with these words, and left as it was. */
static void is_refused(struct fixture *f, const char *words) {
    off_t length = length_of(f);
    assert_false(prepares(f));
    says(f, words);
    assert_null(store_open(&f->state, STORE_READ, f->error, sizeof f->error));
    says(f, words);
    assert_int_equal(length_of(f), length);
}

/* Scenes. */

static void what_is_made_is_for_its_owner_alone(void **state) {
    struct fixture *f = *state;
    struct stat status;
    makes(f);
    assert_int_equal(stat(path(f, "minichat.db"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_false(exists(f, "minichat.db.new"));
    assert_false(exists(f, "minichat.db-wal"));
}

static void what_was_written_is_there_again(void **state) {
    struct fixture *f = *state;
    bool made = true;
    makes(f);
    writes(f, "INSERT INTO accounts (name, since) VALUES ('ada', 7)");
    assert_true(store_prepare(&f->state, &made, f->error, sizeof f->error));
    assert_false(made);
    sqlite3 *db = opens(f, STORE_READ);
    assert_int_equal(
        number(db, "SELECT since FROM accounts WHERE name = 'ADA'"), 7);
    store_close(db);
}

static void every_connection_has_the_same_settings(void **state) {
    struct fixture *f = *state;
    makes(f);
    for (enum store_use use = STORE_READ; use <= STORE_WRITE; use++) {
        sqlite3 *db = opens(f, use);
        assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
        assert_int_equal(number(db, "PRAGMA trusted_schema"), 0);
        assert_int_equal(number(db, "PRAGMA cell_size_check"), 1);
        assert_int_equal(number(db, "PRAGMA synchronous"), 2);
        assert_int_equal(number(db, "PRAGMA wal_autocheckpoint"), 0);
        assert_int_equal(number(db, "PRAGMA busy_timeout"), 5000);
        store_close(db);
    }
}

static void who_reads_cannot_write(void **state) {
    struct fixture *f = *state;
    makes(f);
    sqlite3 *db = opens(f, STORE_READ);
    assert_false(store_run(db, "INSERT INTO facts VALUES ('a', 1)", f->error,
                           sizeof f->error));
    says(f, "read-only");
    store_close(db);
}

static void a_connection_that_ends_leaves_the_log_alone(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "INSERT INTO facts VALUES ('a', 1)");
    off_t length = length_of(f);
    store_close(opens(f, STORE_READ));
    assert_true(exists(f, "minichat.db-wal"));
    assert_int_equal(length_of(f), length);
}

static void names_are_unique_whatever_their_case(void **state) {
    struct fixture *f = *state;
    makes(f);
    sqlite3 *db = opens(f, STORE_WRITE);
    runs(f, db, "INSERT INTO rooms (name, since) VALUES ('#Dev', 1)");
    assert_false(store_run(db,
                           "INSERT INTO rooms (name, since) VALUES ('#dev', 1)",
                           f->error, sizeof f->error));
    runs(f, db, "INSERT INTO rooms (since) VALUES (1), (2)");
    store_close(db);
}

static void nobody_is_a_member_who_does_not_exist(void **state) {
    struct fixture *f = *state;
    makes(f);
    sqlite3 *db = opens(f, STORE_WRITE);
    assert_false(store_run(db,
                           "INSERT INTO members (account, room, since)"
                           " VALUES (1, 1, 1)",
                           f->error, sizeof f->error));
    store_close(db);
}

static void words_are_found_without_their_accents(void **state) {
    struct fixture *f = *state;
    makes(f);
    sqlite3 *db = opens(f, STORE_WRITE);
    runs(f, db,
         "INSERT INTO words (rowid, body, meta)"
         " VALUES (5, 'Crème Brûlée', 'p1 a2')");
    assert_int_equal(
        number(db, "SELECT rowid FROM words('\"creme brulee\" AND meta:p1')"),
        5);
    runs(f, db,
         "INSERT INTO words (words, rowid, body, meta)"
         " VALUES ('delete', 5, 'Crème Brûlée', 'p1 a2')");
    assert_int_equal(number(db, "SELECT count(*) FROM words('creme')"), 0);
    store_close(db);
}

static void a_fact_is_kept(void **state) {
    struct fixture *f = *state;
    makes(f);
    sqlite3 *db = opens(f, STORE_WRITE);
    assert_int_equal(store_fact(db, "reserved"), 0);
    assert_true(store_set_fact(db, "reserved", INT64_MAX));
    assert_true(store_set_fact(db, "reserved", INT64_MAX - 1));
    assert_true(store_fact(db, "reserved") == INT64_MAX - 1);
    store_close(db);
}

static void what_is_not_there_is_not_made_by_opening(void **state) {
    struct fixture *f = *state;
    assert_null(store_open(&f->state, STORE_WRITE, f->error, sizeof f->error));
    says(f, "there is no /");
    assert_false(exists(f, "minichat.db"));
}

static void a_half_made_file_is_replaced(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->state, "minichat.db.new", "half");
    scratch_write(&f->state, "minichat.db.new-journal", "of it");
    makes(f);
    assert_false(exists(f, "minichat.db.new"));
    assert_false(exists(f, "minichat.db.new-journal"));
}

/* Killed at any moment, it left a whole file or none. */
static void a_death_while_it_is_made_leaves_all_or_nothing(void **state) {
    struct fixture *f = *state;
    for (useconds_t delay = 0; delay < 12000; delay += 400) {
        pid_t maker = fork();
        if (maker == 0) _exit(prepares(f) ? 0 : 1);
        usleep(delay);
        kill(maker, SIGKILL);
        assert_int_equal(waitpid(maker, NULL, 0), maker);
        if (!prepares(f)) fail_msg("after %u us: %s", delay, f->error);
        remove(path(f, "minichat.db"));
        remove(path(f, "minichat.db-wal"));
    }
}

static void a_file_of_no_length_is_damage(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->state, "minichat.db", "");
    is_refused(f, "has no length");
}

static void a_file_cut_short_is_damage(void **state) {
    struct fixture *f = *state;
    makes(f);
    settles(f);
    assert_int_equal(truncate(path(f, "minichat.db"), length_of(f) / 2), 0);
    is_refused(f, "minichatctl check");
}

static void a_beginning_overwritten_is_damage(void **state) {
    struct fixture *f = *state;
    makes(f);
    settles(f);
    overwrite(f, 0, 4096);
    is_refused(f, "is not a database, or its beginning was overwritten");
}

static void a_first_page_overwritten_is_damage(void **state) {
    struct fixture *f = *state;
    makes(f);
    settles(f);
    overwrite(f, 100, 3996);
    is_refused(f, "minichatctl check");
}

static void a_missing_table_is_damage(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "DROP TABLE nonces");
    is_refused(f, "minichatctl check");
}

static void a_text_file_is_not_a_database(void **state) {
    struct fixture *f = *state;
    scratch_write(&f->state, "minichat.db", "My dear diary,\n");
    is_refused(f, "is not a database");
}

static void another_programs_file_is_not_touched(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "PRAGMA application_id = 77");
    is_refused(f, "belongs to another program");
}

static void a_newer_minichats_file_is_not_touched(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "PRAGMA user_version = 99");
    is_refused(f, "made by a newer minichat (schema 99");
}

static void an_older_minichats_file_is_brought_to_this(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "DROP TABLE bans; DROP TABLE audit;"
              "DROP TABLE reactions; DROP INDEX happenings_redacted;"
              "ALTER TABLE happenings DROP COLUMN line;"
              "INSERT INTO happenings (id, place, kind) VALUES (1, 1, 4);"
              "PRAGMA user_version = 1");
    if (!prepares(f)) fail_msg("%s", f->error);
    writes(f, "UPDATE happenings SET line = 7 WHERE id = 1");
    writes(f, "DELETE FROM reactions");
}

static void
a_file_of_the_third_schema_gets_bans_and_an_audit_log(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "INSERT INTO accounts (name, since) VALUES ('ada', 7);"
              "DROP TABLE bans; DROP TABLE audit; PRAGMA user_version = 3");
    if (!prepares(f)) fail_msg("%s", f->error);
    writes(f, "INSERT INTO bans (room, what, mute, author, since)"
              " VALUES (0, 'eve', 0, 'ada', 1), (0, 'eve', 1, 'ada', 1)");
    writes(f, "INSERT INTO audit (at, who, deed) VALUES (1, 'ada', 'ban')");
    sqlite3 *db = opens(f, STORE_READ);
    assert_int_equal(number(db, "SELECT since FROM accounts"), 7);
    assert_int_equal(number(db, "SELECT sum(until) FROM bans"), 0);
    assert_int_equal(number(db, "SELECT count(*) FROM audit"), 1);
    store_close(db);
}

static void a_folder_in_its_place_is_told(void **state) {
    struct fixture *f = *state;
    assert_int_equal(mkdir(path(f, "minichat.db"), 0700), 0);
    is_refused(f, "is not a file");
}

/* Played into a new database it would be another's past. */
static void a_log_without_its_database_is_told(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "INSERT INTO facts VALUES ('a', 1)");
    assert_int_equal(remove(path(f, "minichat.db")), 0);
    assert_false(prepares(f));
    says(f, "minichat.db-wal is there, but its minichat.db is gone");
    assert_false(exists(f, "minichat.db"));
}

static void a_file_copied_in_is_put_into_wal_mode(void **state) {
    struct fixture *f = *state;
    makes(f);
    writes(f, "PRAGMA journal_mode = DELETE");
    assert_true(prepares(f));
    sqlite3 *db = opens(f, STORE_READ);
    sqlite3_stmt *mode =
        store_statement(db, "PRAGMA journal_mode", f->error, sizeof f->error);
    assert_int_equal(sqlite3_step(mode), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(mode, 0), "wal");
    sqlite3_finalize(mode);
    store_close(db);
}

/* The commonest mistake of who restores a backup. */
static void a_log_of_another_database_is_told(void **state) {
    struct fixture *f = *state;
    struct state other;
    char backup[STATE_PATH_SIZE];
    makes(f);
    writes(f, "PRAGMA journal_mode = DELETE");
    scratch_make(&other);
    assert_true(state_path(&other, "backup", backup));
    assert_int_equal(rename(path(f, "minichat.db"), backup), 0);
    makes(f);
    writes(f, "INSERT INTO facts VALUES ('a', 1)");
    assert_int_equal(rename(backup, path(f, "minichat.db")), 0);
    is_refused(f, "minichat.db-wal belongs to another minichat.db");
    assert_int_equal(remove(path(f, "minichat.db-wal")), 0);
    assert_true(prepares(f));
    scratch_remove(&other);
}

static void there_is_one_holder_and_the_next_hears_who(void **state) {
    struct fixture *f = *state;
    char pid[32];
    int lock = store_lock(&f->state, f->error, sizeof f->error);
    assert_true(lock >= 0);
    assert_int_equal(store_lock(&f->state, f->error, sizeof f->error), -1);
    snprintf(pid, sizeof pid, "in use by pid %ld ", (long)getpid());
    says(f, pid);
    store_unlock(lock);
    lock = store_lock(&f->state, f->error, sizeof f->error);
    assert_true(lock >= 0);
    store_unlock(lock);
}

static void a_dead_holder_holds_nothing(void **state) {
    struct fixture *f = *state;
    pid_t holder = fork();
    if (holder == 0)
        _exit(store_lock(&f->state, f->error, sizeof f->error) < 0);
    int status;
    assert_int_equal(waitpid(holder, &status, 0), holder);
    assert_int_equal(status, 0);
    int lock = store_lock(&f->state, f->error, sizeof f->error);
    assert_true(lock >= 0);
    store_unlock(lock);
}

static void every_trouble_of_the_disk_has_words(void **state) {
    (void)state;
    assert_string_equal(store_reason(SQLITE_FULL), "the disk is full");
    assert_string_equal(store_reason(SQLITE_IOERR_FSYNC),
                        "the disk gives errors (I/O error)");
    assert_string_equal(store_reason(SQLITE_READONLY_DIRECTORY),
                        "the disk is read-only");
    assert_string_equal(store_reason(SQLITE_CORRUPT_INDEX),
                        "the database is damaged: minichatctl check");
    assert_string_equal(store_reason(SQLITE_MISUSE),
                        sqlite3_errstr(SQLITE_MISUSE));
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(what_is_made_is_for_its_owner_alone),
        SCENE(what_was_written_is_there_again),
        SCENE(every_connection_has_the_same_settings),
        SCENE(who_reads_cannot_write),
        SCENE(a_connection_that_ends_leaves_the_log_alone),
        SCENE(names_are_unique_whatever_their_case),
        SCENE(nobody_is_a_member_who_does_not_exist),
        SCENE(words_are_found_without_their_accents),
        SCENE(a_fact_is_kept),
        SCENE(what_is_not_there_is_not_made_by_opening),
        SCENE(a_half_made_file_is_replaced),
        SCENE(a_death_while_it_is_made_leaves_all_or_nothing),
        SCENE(a_file_of_no_length_is_damage),
        SCENE(a_file_cut_short_is_damage),
        SCENE(a_beginning_overwritten_is_damage),
        SCENE(a_first_page_overwritten_is_damage),
        SCENE(a_missing_table_is_damage),
        SCENE(a_text_file_is_not_a_database),
        SCENE(another_programs_file_is_not_touched),
        SCENE(a_newer_minichats_file_is_not_touched),
        SCENE(an_older_minichats_file_is_brought_to_this),
        SCENE(a_file_of_the_third_schema_gets_bans_and_an_audit_log),
        SCENE(a_folder_in_its_place_is_told),
        SCENE(a_log_without_its_database_is_told),
        SCENE(a_file_copied_in_is_put_into_wal_mode),
        SCENE(a_log_of_another_database_is_told),
        SCENE(there_is_one_holder_and_the_next_hears_who),
        SCENE(a_dead_holder_holds_nothing),
        SCENE(every_trouble_of_the_disk_has_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
