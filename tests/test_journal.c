/* What is kept is on disk before its batch is settled, and a disk that refuses
 * is waited for. */
#include "server/journal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/writer.h"
#include "server/roster.h"
#include "server/store.h"
#include "server/store_roster.h"
#include "tests/scratch.h"

enum { DEADLINE_MS = 20000, HOUR_MS = 3600000 };
/* Not long ago, or the chores would find it old. */
#define NOW ((int64_t)time(NULL) * 1000)

struct scene {
    struct state state;
    uv_loop_t loop;
    uv_timer_t deadline;
    struct chat chat;
    struct config config;
    struct house house;
    struct journal *journal;
    struct journal_owner owner;
    struct session ada, bob;
    unsigned warned;
};

static void on_settled(struct journal_owner *owner, bool changed) {
    struct scene *scene = container_of(owner, struct scene, owner);
    scene->warned += changed;
}

static void on_deadline(uv_timer_t *timer) {
    (void)timer;
    fail_msg("nothing happened for %d ms", DEADLINE_MS);
}

static void opens(struct scene *scene, enum durability durability) {
    char error[STORE_ERROR_SIZE] = "";
    bool made;
    chat_init(&scene->chat);
    chat_tick(&scene->chat, NOW);
    scene->house =
        (struct house){.chat = &scene->chat, .config = &scene->config};
    scene->owner.settled = on_settled;
    if (!store_prepare(&scene->state, &made, error, sizeof error))
        fail_msg("%s", error);
    scene->journal =
        journal_open(&scene->house, &scene->loop, &scene->state, durability,
                     &scene->config.keep, &scene->owner, error, sizeof error);
    if (!scene->journal) fail_msg("%s", error);
    struct arrival arrival = {.account = text_of("ada"),
                              .host = text_of("test"),
                              .powers = POWERS_USER};
    chat_meet(&scene->chat, &scene->ada);
    assert_int_equal(chat_enter(&scene->chat, &scene->ada, &arrival), 0);
    arrival.account = text_of("");
    arrival.name = text_of("bob");
    chat_meet(&scene->chat, &scene->bob);
    assert_int_equal(chat_enter(&scene->chat, &scene->bob, &arrival), 0);
}

static void closes(struct scene *scene) {
    chat_finish(&scene->chat);
    journal_close(scene->journal);
    uv_run(&scene->loop, UV_RUN_NOWAIT);
    journal_free(scene->journal);
    scene->journal = NULL;
}

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    scratch_make(&scene->state);
    config_defaults(&scene->config);
    uv_loop_init(&scene->loop);
    uv_timer_init(&scene->loop, &scene->deadline);
    opens(scene, DURABILITY_POWER);
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    if (scene->journal) closes(scene);
    uv_close((uv_handle_t *)&scene->deadline, NULL);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    scratch_remove(&scene->state);
    free(scene);
    return 0;
}

/* What the loop does until the question is true. */
static void turn(struct scene *scene) {
    uv_timer_start(&scene->deadline, on_deadline, DEADLINE_MS, 0);
    uv_run(&scene->loop, UV_RUN_ONCE);
    uv_timer_stop(&scene->deadline);
}

static void settles(struct scene *scene) {
    journal_round(scene->journal);
    uint64_t wanted = journal_collected(scene->journal);
    while (scene->house.settled < wanted)
        turn(scene);
}

static void says(struct scene *scene, struct session *session,
                 const char *words) {
    struct room *room = chat_find_room(&scene->chat, text_of("#dev"));
    struct saying saying = {.body = text_of(words)};
    if (!room || !chat_seat(session->user, room)) {
        chat_join(&scene->chat, session, text_of("#dev"));
        room = chat_find_room(&scene->chat, text_of("#dev"));
    }
    assert_int_equal(chat_say_in(&scene->chat, session, SAID, room, &saying),
                     0);
}

/* The first column of each row, with '|' between. */
static void finds(struct scene *scene, const char *sql, const char *expected) {
    char error[STORE_ERROR_SIZE] = "", found[1024];
    struct writer writer = writer_on(found, sizeof found - 1);
    sqlite3 *db = store_open(&scene->state, STORE_READ, error, sizeof error);
    sqlite3_stmt *statement = store_statement(db, sql, error, sizeof error);
    if (!statement) fail_msg("%s", error);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *column = (const char *)sqlite3_column_text(statement, 0);
        if (writer.length) write_char(&writer, '|');
        write_string(&writer, column ? column : "NULL");
    }
    found[writer.length] = '\0';
    sqlite3_finalize(statement);
    store_close(db);
    assert_string_equal(found, expected);
}

/* Where the chores have to come to it first. */
static void finds_soon(struct scene *scene, const char *sql,
                       const char *expected) {
    char error[STORE_ERROR_SIZE] = "";
    uint64_t begin = uv_hrtime();
    bool is_so = false;
    while (!is_so) {
        sqlite3 *db =
            store_open(&scene->state, STORE_READ, error, sizeof error);
        sqlite3_stmt *statement = store_statement(db, sql, error, sizeof error);
        assert_non_null(statement);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        is_so =
            !strcmp((const char *)sqlite3_column_text(statement, 0), expected);
        sqlite3_finalize(statement);
        store_close(db);
        if (uv_hrtime() - begin > DEADLINE_MS * (uint64_t)1000000)
            fail_msg("%s: not %s", sql, expected);
        if (!is_so) usleep(1000);
    }
}

static bool is_in_file(struct scene *scene, const char *name,
                       const char *words) {
    char file[STATE_PATH_SIZE];
    size_t length = 0;
    assert_true(state_path(&scene->state, name, file));
    FILE *from = fopen(file, "rb");
    if (!from) return false;
    char *bytes = malloc(1 << 24);
    assert_non_null(bytes);
    length = fread(bytes, 1, 1 << 24, from);
    fclose(from);
    bool is_there = memmem(bytes, length, words, strlen(words));
    free(bytes);
    return is_there;
}

static bool is_in_files(struct scene *scene, const char *words) {
    return is_in_file(scene, "minichat.db", words) ||
           is_in_file(scene, "minichat.db-wal", words);
}

static void what_was_said_is_there_when_its_batch_is_settled(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->ada, "hello");
    finds(scene, "SELECT body FROM messages", "");
    settles(scene);
    finds(scene, "SELECT body FROM messages", "hello");
    finds(scene, "SELECT name FROM accounts", "ada");
    finds(scene, "SELECT source FROM messages", "NULL");
}

static void one_batch_collects_while_the_other_is_committed(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->ada, "one");
    uint64_t first = scene->house.batch;
    journal_round(scene->journal);
    assert_int_equal(scene->house.batch, first + 1);
    says(scene, &scene->ada, "two");
    journal_round(scene->journal);
    says(scene, &scene->ada, "three");
    settles(scene);
    finds(scene, "SELECT body FROM messages ORDER BY id", "one|two|three");
    assert_true(scene->house.settled <= first + 2);
}

static void a_guest_is_kept_with_where_they_came_from(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "hi");
    settles(scene);
    finds(scene, "SELECT account FROM messages", "NULL");
    finds(scene, "SELECT name FROM messages", "bob");
    finds(scene, "SELECT source FROM messages", "~guest@test");
}

static void takes_back(struct scene *scene, struct session *session,
                       uint64_t line, const char *whom) {
    const struct taking_back taking = {
        .line = line,
        .room = chat_find_room(&scene->chat, text_of("#dev")),
        .whom = text_of(whom),
        .reason = text_of("spam")};
    chat_take_back(&scene->chat, session, &taking);
}

static void of_what_is_taken_back_only_that_it_was_is_left(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "secret");
    uint64_t line = scene->chat.last_id;
    says(scene, &scene->ada, "hello");
    takes_back(scene, &scene->ada, line, "bob");
    settles(scene);
    finds(scene, "SELECT body FROM messages", "hello");
    finds(scene,
          "SELECT name || ' ' || whom || ' ' || body || ' ' || place FROM"
          " (SELECT coalesce(h.name, a.name) AS name, whom, body, place"
          " FROM happenings h JOIN accounts a ON a.id = h.account"
          " WHERE kind = 10)",
          "ada bob spam 1");
    takes_back(scene, &scene->ada, line, "bob");
    settles(scene);
    finds(scene, "SELECT count(*) FROM happenings WHERE kind = 10", "1");
}

static void what_is_taken_back_is_not_searched(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "secret");
    uint64_t line = scene->chat.last_id;
    settles(scene);
    scene->config.keep.search = true;
    journal_plan(scene->journal, &scene->config.keep);
    finds_soon(scene, "SELECT count(*) FROM words WHERE words MATCH 'secret'",
               "1");
    takes_back(scene, &scene->bob, line, "bob");
    settles(scene);
    finds(scene, "SELECT count(*) FROM words WHERE words MATCH 'secret'", "0");
}

/* The words go from the index and from the log, and what they stood on becomes
 * zeroes. */
static void no_file_has_what_was_taken_back(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "zzyzxquux");
    uint64_t line = scene->chat.last_id;
    settles(scene);
    scene->config.keep.search = true;
    journal_plan(scene->journal, &scene->config.keep);
    for (int i = 0; i < 300; i++)
        says(scene, &scene->ada, "and so on");
    settles(scene);
    finds_soon(scene, "SELECT count(*) FROM words WHERE words MATCH 'and'",
               "300");
    assert_true(is_in_files(scene, "zyzxquux"));
    takes_back(scene, &scene->bob, line, "bob");
    settles(scene);
    finds_soon(scene, "SELECT count(*) FROM facts WHERE name = 'purge'", "0");
    assert_false(is_in_files(scene, "zyzxquux"));
}

static void reacts(struct scene *scene, struct session *session, uint64_t line,
                   const char *emoji, bool off) {
    struct room *room = chat_find_room(&scene->chat, text_of("#dev"));
    const struct saying saying = {
        .line = line, .reaction = text_of(emoji), .unreacts = off};
    assert_int_equal(chat_say_in(&scene->chat, session, TAGGED, room, &saying),
                     0);
}

static void a_reaction_is_kept_with_its_line(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "hello");
    uint64_t line = scene->chat.last_id;
    says(scene, &scene->ada, "hi");
    reacts(scene, &scene->ada, line, "+1", false);
    uint64_t id = scene->chat.last_id;
    reacts(scene, &scene->ada, line, "+1", false);
    reacts(scene, &scene->ada, line, "tada", false);
    reacts(scene, &scene->ada, line + 1, "no such line", false);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions ORDER BY id", "+1|tada");
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM reactions WHERE id = %llu",
             (unsigned long long)id);
    finds(scene, sql, "1");
    reacts(scene, &scene->ada, line, "+1", true);
    reacts(scene, &scene->ada, line, "never meant", true);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions", "tada");
    takes_back(scene, &scene->bob, line, "bob");
    reacts(scene, &scene->ada, line, "too late", false);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions", "");
}

static void a_reaction_is_to_a_line_of_that_place(void **state) {
    struct scene *scene = *state;
    struct saying saying = {.body = text_of("psst")};
    chat_say_to(&scene->chat, &scene->ada, SAID, scene->bob.user, &saying);
    uint64_t line = scene->chat.last_id;
    says(scene, &scene->ada, "hi");
    reacts(scene, &scene->ada, line, "from elsewhere", false);
    saying = (struct saying){.line = line, .reaction = text_of("here")};
    chat_say_to(&scene->chat, &scene->ada, TAGGED, scene->bob.user, &saying);
    chat_say_to_absent(&scene->chat, &scene->ada, TAGGED, text_of("carol"),
                       &saying);
    settles(scene);
    finds(scene, "SELECT emoji || place FROM reactions", "here-1");
    finds(scene, "SELECT count(*) FROM pairs", "1");
}

static void runs(struct scene *scene, const char *sql) {
    char error[STORE_ERROR_SIZE] = "";
    sqlite3 *db = store_open(&scene->state, STORE_WRITE, error, sizeof error);
    if (!db || !store_run(db, sql, error, sizeof error)) fail_msg("%s", error);
    store_close(db);
}

static void reactions_to_one_line_are_bounded(void **state) {
    struct scene *scene = *state;
    char emoji[16], sql[512];
    says(scene, &scene->ada, "hello");
    uint64_t line = scene->chat.last_id;
    for (int i = 0; i < 12; i++) {
        snprintf(emoji, sizeof emoji, "e%d", i);
        reacts(scene, &scene->ada, line, emoji, false);
    }
    settles(scene);
    finds(scene, "SELECT count(*) FROM reactions", "10");
    snprintf(sql, sizeof sql,
             "DELETE FROM reactions; INSERT INTO accounts (id, name, since)"
             " VALUES (50, 'zoe', 1); WITH RECURSIVE n (i) AS (SELECT 1 UNION"
             " ALL SELECT i + 1 FROM n WHERE i < 50) INSERT INTO reactions"
             " (place, line, account, emoji, id) SELECT 1, %llu, 50, 'f' || i,"
             " i FROM n",
             (unsigned long long)line);
    runs(scene, sql);
    reacts(scene, &scene->ada, line, "one more", false);
    reacts(scene, &scene->ada, line, "f7", false);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions WHERE account <> 50", "f7");
}

static void two_alone_have_a_place_of_their_own(void **state) {
    struct scene *scene = *state;
    const struct saying saying = {.body = text_of("lunch?")};
    chat_say_to(&scene->chat, &scene->ada, SAID, scene->bob.user, &saying);
    chat_say_to(&scene->chat, &scene->bob, SAID, scene->ada.user, &saying);
    chat_say_to_absent(&scene->chat, &scene->ada, SAID, text_of("Carol"),
                       &saying);
    settles(scene);
    finds(scene, "SELECT low || ' ' || high FROM pairs ORDER BY id",
          "ada ~bob|ada carol");
    finds(scene, "SELECT place FROM messages ORDER BY id", "-1|-1|-2");
}

static void what_happened_stands_apart(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->ada, "hello");
    says(scene, &scene->bob, "hi");
    chat_set_topic(&scene->chat, &scene->ada,
                   chat_find_room(&scene->chat, text_of("#dev")),
                   text_of("build"));
    chat_rename(&scene->chat, &scene->bob, text_of("rob"));
    chat_depart(&scene->chat, &scene->bob, text_of("gone"));
    settles(scene);
    finds(scene, "SELECT body FROM messages ORDER BY id", "hello|hi");
    finds(scene,
          "SELECT kind || coalesce(body, '') FROM happenings "
          "ORDER BY number",
          "4|4|9build|8rob|7gone");
}

static void ids_rise_over_restarts_and_clocks_that_go_back(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->ada, "one");
    settles(scene);
    uint64_t before = scene->chat.last_id;
    closes(scene);
    opens(scene, DURABILITY_POWER);
    chat_tick(&scene->chat, NOW - HOUR_MS);
    assert_true(scene->chat.last_id > before);
    says(scene, &scene->ada, "two");
    settles(scene);
    finds(scene, "SELECT body FROM messages ORDER BY id", "one|two");
    finds(scene,
          "SELECT coalesce(at < (id >> 20), 'as the id says') FROM messages "
          "ORDER BY id",
          "as the id says|1");
}

static void after_a_clean_end_ids_are_of_their_time(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->ada, "one");
    closes(scene);
    opens(scene, DURABILITY_POWER);
    chat_tick(&scene->chat, NOW + 2000);
    says(scene, &scene->ada, "two");
    settles(scene);
    finds(scene, "SELECT count(at) FROM messages", "0");
}

/* Nothing can be written beyond what the files have now. */
static void disk_is_full(bool full) {
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = full ? 1 : limit.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_is_waited_for(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->ada, "before");
    settles(scene);
    uint64_t settled = scene->house.settled;
    disk_is_full(true);
    says(scene, &scene->ada, "meanwhile");
    journal_round(scene->journal);
    while (!scene->house.trouble)
        turn(scene);
    says(scene, &scene->ada, "and more");
    journal_round(scene->journal);
    assert_int_equal(scene->house.settled, settled);
    assert_int_equal(scene->warned, 1);
    disk_is_full(false);
    settles(scene);
    assert_null(scene->house.trouble);
    assert_int_equal(scene->warned, 2);
    finds(scene, "SELECT body FROM messages ORDER BY id",
          "before|meanwhile|and more");
}

static void who_is_faster_than_the_disk_is_not_read_from(void **state) {
    struct scene *scene = *state;
    disk_is_full(true);
    says(scene, &scene->ada, "first");
    journal_round(scene->journal);
    for (int i = 0; i < JOURNAL_WRITES - 1; i++) {
        assert_false(scene->house.pressed);
        says(scene, &scene->ada, "more");
    }
    says(scene, &scene->ada, "last");
    assert_true(scene->house.pressed);
    disk_is_full(false);
    settles(scene);
    assert_false(scene->house.pressed);
    finds(scene, "SELECT count(*) FROM messages", "4097");
}

static void what_was_collected_at_the_end_is_kept(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->ada, "handed over");
    journal_round(scene->journal);
    says(scene, &scene->ada, "collected");
    closes(scene);
    finds(scene, "SELECT body FROM messages ORDER BY id",
          "handed over|collected");
}

static void a_nonce_is_kept_with_its_line(void **state) {
    struct scene *scene = *state;
    const struct saying saying = {.body = text_of("once"),
                                  .nonce = text_of("0123abc")};
    says(scene, &scene->ada, "hello");
    chat_say_in(&scene->chat, &scene->ada, SAID,
                chat_find_room(&scene->chat, text_of("#dev")), &saying);
    settles(scene);
    finds(scene,
          "SELECT body FROM messages JOIN nonces USING (id) "
          "WHERE nonce = '0123abc' AND nonces.account = 1",
          "once");
}

static void a_guests_nonce_may_have_been_anothers(void **state) {
    struct scene *scene = *state;
    const struct saying saying = {.body = text_of("twice"),
                                  .nonce = text_of("1")};
    says(scene, &scene->bob, "hello");
    for (int i = 0; i < 2; i++)
        chat_say_in(&scene->chat, &scene->bob, SAID,
                    chat_find_room(&scene->chat, text_of("#dev")), &saying);
    settles(scene);
    finds(scene,
          "SELECT count(*) || ' ' || (n.id = max(m.id)) FROM messages m,"
          " nonces n WHERE m.body = 'twice' AND n.nonce = '1'",
          "2 1");
}

static void reads_everything(struct roster *roster, const char *account) {
    struct kept_account *reader = roster_know(roster, text_of(account));
    char target[ROOM_SIZE];
    for (int i = 0; i <= ROSTER_MARKS; i++) {
        snprintf(target, sizeof target, "#room%d", i);
        roster_read(roster, reader, text_of(target), 100 + i);
    }
    roster_seen(roster, reader, 42);
}

static void who_belongs_where_is_read_back(void **state) {
    struct scene *scene = *state;
    struct roster roster, again;
    struct chat nobody;
    char error[STORE_ERROR_SIZE];
    roster_init(&roster, &scene->chat, NULL);
    roster.scribe = scene->house.scribe;
    says(scene, &scene->ada, "hello");
    chat_set_topic(&scene->chat, &scene->ada,
                   chat_find_room(&scene->chat, text_of("#dev")),
                   text_of("bees"));
    reads_everything(&roster, "ada");
    settles(scene);
    closes(scene);
    roster_finish(&roster);
    chat_init(&nobody);
    roster_init(&again, &nobody, NULL);
    assert_true(store_load_roster(&scene->state, &again, error, sizeof error));
    const struct kept_account *ada = roster_account(&again, text_of("ada"));
    const struct kept_room *dev = roster_room(&again, text_of("#dev"));
    assert_string_equal(dev->topic, "bees");
    assert_string_equal(dev->topic_by, "ada!ada@test");
    assert_true(roster_membership(ada, dev)->is_operator);
    assert_int_equal(ada->seen, 42);
    assert_int_equal(ada->marks_count, ROSTER_MARKS);
    assert_int_equal(roster_read_until(ada, text_of("#room0")), 0);
    assert_int_equal(roster_read_until(ada, text_of("#room1")), 101);
    chat_finish(&nobody);
    roster_finish(&again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_was_said_is_there_when_its_batch_is_settled, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            one_batch_collects_while_the_other_is_committed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_guest_is_kept_with_where_they_came_from, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            of_what_is_taken_back_only_that_it_was_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_taken_back_is_not_searched,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_file_has_what_was_taken_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_reaction_is_kept_with_its_line,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reaction_is_to_a_line_of_that_place,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(reactions_to_one_line_are_bounded,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_alone_have_a_place_of_their_own,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_happened_stands_apart, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            ids_rise_over_restarts_and_clocks_that_go_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_a_clean_end_ids_are_of_their_time,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_is_waited_for, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            who_is_faster_than_the_disk_is_not_read_from, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_collected_at_the_end_is_kept,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_guests_nonce_may_have_been_anothers,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_nonce_is_kept_with_its_line, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_belongs_where_is_read_back, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
