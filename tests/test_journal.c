/* What is kept is on disk before its batch is settled, and a disk that refuses
 * is waited for. */
#include "server/roster.h"
#include "server/store_roster.h"
#include "tests/journal.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

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
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(what_was_said_is_there_when_its_batch_is_settled),
        SCENE(one_batch_collects_while_the_other_is_committed),
        SCENE(a_guest_is_kept_with_where_they_came_from),
        SCENE(two_alone_have_a_place_of_their_own),
        SCENE(what_happened_stands_apart),
        SCENE(ids_rise_over_restarts_and_clocks_that_go_back),
        SCENE(after_a_clean_end_ids_are_of_their_time),
        SCENE(a_full_disk_is_waited_for),
        SCENE(who_is_faster_than_the_disk_is_not_read_from),
        SCENE(what_was_collected_at_the_end_is_kept),
        SCENE(a_guests_nonce_may_have_been_anothers),
        SCENE(a_nonce_is_kept_with_its_line),
        SCENE(who_belongs_where_is_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
