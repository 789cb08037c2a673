/* What is done to the store when nobody waits for it. */
#include "server/chores.h"

#include "tests/keep.h"

enum { DAY = 86400000 };

struct scene {
    struct keep keep;
    sqlite3 *db; /* the chores' */
    struct chores *chores;
    int64_t now;
};

static int start(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    char error[STORE_ERROR_SIZE];
    keep_make(&scene->keep);
    scene->db =
        store_open(&scene->keep.state, STORE_WRITE, error, sizeof error);
    if (!scene->db) fail_msg("%s", error);
    /* What they do is looked at here, not that it outlives a power cut. */
    if (!store_run(scene->db, "PRAGMA synchronous = OFF", error, sizeof error))
        fail_msg("%s", error);
    scene->chores = chores_new(scene->db, error, sizeof error);
    if (!scene->chores) fail_msg("%s", error);
    scene->now = 1000;
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    chores_free(scene->chores);
    store_close(scene->db);
    keep_remove(&scene->keep);
    free(scene);
    return 0;
}

/* Words of the scenes ------------------------------------------------------ */

/* Steps until there is nothing to do; how many there were. */
static unsigned does_all(struct scene *scene) {
    unsigned steps = 1;
    while (chores_step(scene->chores, scene->now) == 0)
        if (++steps > 10000) fail_msg("there is no end to it");
    return steps;
}

static void plans(struct scene *scene, const struct keep_rule *rules,
                  unsigned count) {
    struct chores_plan plan = {.search = true, .count = count};
    for (unsigned i = 0; i < count; i++)
        plan.rules[i] = rules[i];
    chores_plan(scene->chores, &plan);
}

static int64_t number(struct scene *scene, const char *sql) {
    return keep_number(&scene->keep, sql);
}

static int64_t found(struct scene *scene, const char *match) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM words WHERE words MATCH '%s'", match);
    return number(scene, sql);
}

static void has(struct scene *scene, const char *what, int64_t expected) {
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", what);
    if (number(scene, sql) != expected)
        fail_msg("%s: %lld, not %lld", what, (long long)number(scene, sql),
                 (long long)expected);
}

/* So many lines, one each millisecond, "line" and its number. */
static void says_many(struct scene *scene, int place, int from, int count) {
    keep_run(&scene->keep,
             "WITH RECURSIVE n (i) AS (SELECT %d UNION ALL"
             " SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO messages (id, place, kind, account, body)"
             " SELECT i << 20, %d, 1, 1, 'line w' || i FROM n",
             from, from + count - 1, place);
}

static void is_whole(struct scene *scene) {
    keep_run(&scene->keep,
             "INSERT INTO words (words) VALUES ('integrity-check')");
    assert_int_equal(number(scene, "SELECT count(*) FROM words"
                                   " WHERE words MATCH 'line'"),
                     number(scene, "SELECT count(*) FROM messages"
                                   " WHERE body LIKE 'line%'"));
}

/* The index ---------------------------------------------------------------- */

static void every_line_is_indexed(void **state) {
    struct scene *scene = *state;
    says_many(scene, DEV, 1, 1000);
    keep_say(&scene->keep, 2000, ADA_BOB, BOB, "line for ada");
    keep_say(&scene->keep, 2001, ADA_GUEST, GUEST, "line by zoe");
    assert_true(does_all(scene) >= 8);
    is_whole(scene);
    assert_int_equal(store_fact(scene->db, "indexed"), keep_id(2001));
    assert_int_equal(chores_unindexed(scene->chores), 0);
    assert_int_equal(found(scene, "meta : p1"), 1000);
    assert_int_equal(found(scene, "meta : (q1 AND m1 AND m2 AND a2)"), 1);
    assert_int_equal(found(scene, "meta : (q4 AND m1 AND a0)"), 1);
    assert_int_equal(found(scene, "meta : n616461"), 1000);
    assert_int_equal(found(scene, "meta : n7a6f65"), 1);
}

static void what_is_left_is_known(void **state) {
    struct scene *scene = *state;
    says_many(scene, DEV, 1, 500);
    assert_int_equal(chores_step(scene->chores, 1), 0);
    int64_t left = number(scene, "SELECT count(*) FROM messages, facts WHERE"
                                 " facts.name = 'indexed' AND id > value");
    assert_true(left > 0);
    assert_int_equal(chores_unindexed(scene->chores), left);
    chores_step(scene->chores, 1);
    assert_true(chores_unindexed(scene->chores) < (uint64_t)left);
}

static void without_search_the_index_is_emptied(void **state) {
    struct scene *scene = *state;
    struct chores_plan plan = {.search = false};
    says_many(scene, DEV, 1, 300);
    does_all(scene);
    chores_plan(scene->chores, &plan);
    does_all(scene);
    assert_int_equal(found(scene, "line"), 0);
    assert_int_equal(store_fact(scene->db, "indexed"), 0);
    plan.search = true;
    chores_plan(scene->chores, &plan);
    does_all(scene);
    is_whole(scene);
}

/* Trimming ------------------------------------------------------------------
 */

static void without_rules_all_is_kept(void **state) {
    struct scene *scene = *state;
    says_many(scene, DEV, 1, 300);
    keep_happen(&scene->keep, 1, DEV, ADA, JOINED);
    scene->now = 100000 * (int64_t)DAY;
    does_all(scene);
    has(scene, "messages", 300);
    has(scene, "happenings", 1);
}

static void what_is_too_old_is_erased(void **state) {
    static const struct keep_rule rules[] = {
        {"", 2, 0}, {"#OPS", 1, 0}, {"#hall", 0, 0}};
    struct scene *scene = *state;
    for (int day = 0; day < 5; day++) {
        int64_t when = day * (int64_t)DAY + 5;
        keep_say(&scene->keep, when, DEV, ADA, "line");
        keep_say(&scene->keep, when + 1, OPS, ADA, "line");
        keep_say(&scene->keep, when + 2, HALL, ADA, "line");
        keep_say(&scene->keep, when + 3, ADA_BOB, ADA, "line");
        keep_happen(&scene->keep, when + 4, DEV, BOB, JOINED);
        keep_happen(&scene->keep, when + 5, OPS, BOB, JOINED);
        keep_happen(&scene->keep, when + 6, HALL, BOB, JOINED);
    }
    scene->now = 4 * (int64_t)DAY + 100;
    plans(scene, rules, 3);
    does_all(scene);
    has(scene, "messages WHERE place = 1", 2);
    has(scene, "messages WHERE place = 2", 1);
    has(scene, "messages WHERE place = 3", 5);
    has(scene, "messages WHERE place = -1", 2);
    has(scene, "happenings WHERE place = 1", 2);
    has(scene, "happenings WHERE place = 2", 1);
    has(scene, "happenings WHERE place = 3", 5);
    is_whole(scene);
}

static void so_many_lines_are_kept(void **state) {
    static const struct keep_rule rules[] = {
        {"", 0, 100}, {"#ops", 0, 1}, {"#hall", 0, 10000}};
    struct scene *scene = *state;
    says_many(scene, DEV, 1, 300);
    says_many(scene, OPS, 1001, 300);
    says_many(scene, HALL, 2001, 300);
    says_many(scene, ADA_BOB, 3001, 100);
    says_many(scene, ADA_CARL, 4001, 101);
    for (int i = 1; i <= 150; i++)
        keep_happen(&scene->keep, i, DEV, BOB, JOINED);
    plans(scene, rules, 3);
    does_all(scene);
    has(scene, "messages WHERE place = 1", 100);
    has(scene, "messages WHERE place = 2", 1);
    has(scene, "messages WHERE place = 3", 300);
    has(scene, "messages WHERE place = -1", 100);
    has(scene, "messages WHERE place = -2", 100);
    has(scene, "happenings WHERE place = 1", 100);
    assert_int_equal(number(scene, "SELECT min(id) >> 20 FROM messages"), 201);
    is_whole(scene);
}

static void of_days_and_lines_what_ends_first_counts(void **state) {
    static const struct keep_rule rules[] = {{"#dev", 1, 50}, {"#ops", 1, 500}};
    struct scene *scene = *state;
    says_many(scene, DEV, DAY + 1, 100);
    says_many(scene, OPS, DAY + 1001, 100);
    keep_say(&scene->keep, 1, OPS, ADA, "line");
    scene->now = 2 * (int64_t)DAY;
    plans(scene, rules, 2);
    does_all(scene);
    has(scene, "messages WHERE place = 1", 50);
    has(scene, "messages WHERE place = 2", 100);
    is_whole(scene);
}

/* A long way back is gone in many steps. */
static void a_long_room_is_walked_through(void **state) {
    static const struct keep_rule rules[] = {{"#dev", 0, 20000}};
    struct scene *scene = *state;
    keep_run(&scene->keep, "INSERT INTO facts VALUES ('indexed', %lld)",
             (long long)keep_id(30000));
    says_many(scene, DEV, 1, 20050);
    keep_run(&scene->keep, "INSERT INTO words (rowid, body, meta)"
                           " SELECT id, body, 'p1 a1 n616461' FROM messages");
    plans(scene, rules, 1);
    does_all(scene);
    has(scene, "messages", 20000);
    assert_int_equal(number(scene, "SELECT min(id) >> 20 FROM messages"), 51);
    is_whole(scene);
}

static void what_is_not_indexed_yet_is_erased_as_well(void **state) {
    static const struct keep_rule rules[] = {{"", 0, 3}};
    struct scene *scene = *state;
    struct chores_plan plan = {.count = 1, .rules = {rules[0]}};
    says_many(scene, DEV, 1, 10);
    chores_plan(scene->chores, &plan);
    does_all(scene);
    has(scene, "messages", 3);
    says_many(scene, DEV, 20, 10);
    plans(scene, rules, 1);
    does_all(scene);
    has(scene, "messages", 3);
    is_whole(scene);
}

static void it_goes_on_by_itself_and_after_the_clock_went_back(void **state) {
    static const struct keep_rule rules[] = {{"", 0, 3}};
    struct scene *scene = *state;
    plans(scene, rules, 1);
    scene->now = 1000 * (int64_t)DAY;
    does_all(scene);
    says_many(scene, DEV, 1, 10);
    does_all(scene);
    has(scene, "messages", 10);
    scene->now += DAY;
    does_all(scene);
    has(scene, "messages", 3);
    says_many(scene, DEV, 20, 10);
    scene->now -= 10 * (int64_t)DAY;
    does_all(scene);
    has(scene, "messages", 3);
}

static void a_room_that_is_gone_leaves_nothing(void **state) {
    struct scene *scene = *state;
    says_many(scene, DEV, 1, 300);
    says_many(scene, OPS, 1001, 300);
    keep_happen(&scene->keep, 1, OPS, ADA, JOINED);
    keep_happen(&scene->keep, 2, HALL, ADA, JOINED);
    does_all(scene);
    keep_run(&scene->keep,
             "INSERT INTO members (account, room, since) VALUES (1, 2, 1);"
             "UPDATE rooms SET name = NULL WHERE id IN (2, 3)");
    plans(scene, NULL, 0);
    does_all(scene);
    has(scene, "messages", 300);
    has(scene, "happenings", 0);
    has(scene, "members", 0);
    has(scene, "rooms WHERE id = 2", 0);
    has(scene, "rooms WHERE id = 3", 1); /* no other gets its id */
    is_whole(scene);
}

static void that_a_line_was_taken_back_grows_old_as_lines_do(void **state) {
    static const struct keep_rule rules[] = {{"", 0, 3}};
    struct scene *scene = *state;
    for (int i = 1; i <= 5; i++)
        keep_happen(&scene->keep, i, ADA_BOB, ADA, REDACTED);
    plans(scene, rules, 1);
    does_all(scene);
    has(scene, "happenings", 3);
}

static void old_nonces_are_forgotten(void **state) {
    struct scene *scene = *state;
    for (int day = 1; day <= 40; day++)
        keep_run(&scene->keep,
                 "INSERT INTO nonces (nonce, account, id) VALUES"
                 " ('n%d', 1, %lld)",
                 day, (long long)keep_id(day * (int64_t)DAY));
    scene->now = 40 * (int64_t)DAY + 1;
    does_all(scene);
    has(scene, "nonces", CHORES_NONCE_DAYS);
    assert_int_equal(number(scene, "SELECT count(*) FROM nonces"
                                   " WHERE nonce = 'n10'"),
                     0);
}

static void notes(struct scene *scene, int count, int day) {
    keep_run(&scene->keep,
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
             " SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO audit (at, who, deed) SELECT %lld, 'ada', 'ban'"
             " FROM n",
             count, day * (long long)DAY);
}

static void the_audit_log_is_kept_for_a_year(void **state) {
    struct scene *scene = *state;
    notes(scene, 1000, 1);
    notes(scene, 1, 3);
    scene->now = (CHORES_AUDIT_DAYS + 2) * (int64_t)DAY;
    does_all(scene);
    has(scene, "audit", 1);
}

static void and_has_no_more_than_so_many_notes(void **state) {
    struct scene *scene = *state;
    notes(scene, CHORES_AUDIT_NOTES + 300, 1);
    scene->now = 2 * (int64_t)DAY;
    does_all(scene);
    has(scene, "audit", CHORES_AUDIT_NOTES);
    has(scene, "audit WHERE id <= 300", 0);
}

/* Who has a room can do as much there as they like: that is not to push out
 * what was done to everybody. */
static void what_is_done_in_rooms_pushes_nothing_else_out(void **state) {
    struct scene *scene = *state;
    notes(scene, 300, 1);
    notes(scene, CHORES_AUDIT_NOTES + 300, 1);
    keep_run(&scene->keep, "UPDATE audit SET words = '#mine' WHERE id > 300");
    scene->now = 2 * (int64_t)DAY;
    does_all(scene);
    has(scene, "audit WHERE words IS NULL", 300);
    has(scene, "audit WHERE words = '#mine'", CHORES_AUDIT_NOTES);
}

/* The write-ahead log
 * --------------------------------------------------------*/

static int64_t log_size(struct scene *scene) {
    char path[STATE_PATH_SIZE];
    struct stat status;
    assert_true(state_path(&scene->keep.state, "minichat.db-wal", path));
    assert_int_equal(stat(path, &status), 0);
    return status.st_size;
}

/* One step for each commit of the journal is enough. */
static void the_log_does_not_grow_without_end(void **state) {
    struct scene *scene = *state;
    for (int i = 0; i < 400; i++) {
        says_many(scene, DEV, 1 + i * 2000, 2000);
        chores_step(scene->chores, 1);
        if (log_size(scene) > 64 * 1024 * 1024) fail_msg("after %d", i);
    }
}

static void nor_without_the_search(void **state) {
    struct scene *scene = *state;
    const struct chores_plan plan = {.search = false};
    chores_plan(scene->chores, &plan);
    does_all(scene);
    for (int i = 0; i < 400; i++) {
        says_many(scene, DEV, 1 + i * 2000, 2000);
        chores_step(scene->chores, 1);
        if (log_size(scene) > 64 * 1024 * 1024) fail_msg("after %d", i);
    }
}

static void a_huge_log_is_cut_when_nobody_waits(void **state) {
    struct scene *scene = *state;
    keep_run(&scene->keep, "BEGIN; CREATE TABLE big (b)");
    for (int i = 0; i < 80; i++)
        keep_run(&scene->keep, "INSERT INTO big VALUES (zeroblob(1000000))");
    keep_run(&scene->keep, "COMMIT");
    assert_true(log_size(scene) > 70000000);
    does_all(scene);
    assert_int_equal(log_size(scene), 0);
}

/* Who reads keeps the log; when they have read it goes on. */
static void a_reader_in_the_way_is_no_trouble(void **state) {
    struct scene *scene = *state;
    char error[STORE_ERROR_SIZE];
    says_many(scene, DEV, 1, 10);
    sqlite3 *reader =
        store_open(&scene->keep.state, STORE_READ, error, sizeof error);
    assert_true(store_run(reader, "BEGIN; SELECT * FROM messages", error,
                          sizeof error));
    says_many(scene, DEV, 1000, 100000);
    does_all(scene);
    is_whole(scene);
    assert_true(store_run(reader, "COMMIT", error, sizeof error));
    store_close(reader);
    for (int i = 0; i < 20; i++) {
        says_many(scene, DEV, 200000 + 10000 * i, 10000);
        does_all(scene);
    }
    assert_true(log_size(scene) < 96 * 1024 * 1024);
    is_whole(scene);
}

static void a_refusing_store_is_tried_again(void **state) {
    struct scene *scene = *state;
    says_many(scene, DEV, 1, 10);
    keep_run(&scene->keep, "BEGIN IMMEDIATE");
    assert_true(chores_step(scene->chores, 1) > 0);
    keep_run(&scene->keep, "COMMIT");
    does_all(scene);
    is_whole(scene);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(every_line_is_indexed),
        SCENE(what_is_left_is_known),
        SCENE(without_search_the_index_is_emptied),
        SCENE(without_rules_all_is_kept),
        SCENE(what_is_too_old_is_erased),
        SCENE(so_many_lines_are_kept),
        SCENE(of_days_and_lines_what_ends_first_counts),
        SCENE(a_long_room_is_walked_through),
        SCENE(what_is_not_indexed_yet_is_erased_as_well),
        SCENE(it_goes_on_by_itself_and_after_the_clock_went_back),
        SCENE(a_room_that_is_gone_leaves_nothing),
        SCENE(that_a_line_was_taken_back_grows_old_as_lines_do),
        SCENE(old_nonces_are_forgotten),
        SCENE(the_audit_log_is_kept_for_a_year),
        SCENE(and_has_no_more_than_so_many_notes),
        SCENE(what_is_done_in_rooms_pushes_nothing_else_out),
        SCENE(the_log_does_not_grow_without_end),
        SCENE(nor_without_the_search),
        SCENE(a_huge_log_is_cut_when_nobody_waits),
        SCENE(a_reader_in_the_way_is_no_trouble),
        SCENE(a_refusing_store_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
