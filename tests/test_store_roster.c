/* Who belongs where, read from the disk at the start. */
#include "server/store_roster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "server/store.h"
#include "tests/scratch.h"

struct scene {
    struct state state;
    struct chat chat;
    struct roster roster;
    char error[STORE_ERROR_SIZE];
};

static int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    bool made;
    scratch_make(&scene->state);
    chat_init(&scene->chat);
    roster_init(&scene->roster, &scene->chat, NULL);
    assert_true(
        store_prepare(&scene->state, &made, scene->error, sizeof scene->error));
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    chat_finish(&scene->chat);
    roster_finish(&scene->roster);
    scratch_remove(&scene->state);
    free(scene);
    return 0;
}

static void runs(struct scene *scene, const char *sql) {
    sqlite3 *db = store_open(&scene->state, STORE_WRITE, scene->error,
                             sizeof scene->error);
    if (!db || !store_run(db, sql, scene->error, sizeof scene->error))
        fail_msg("%s: %s", scene->error, sqlite3_errmsg(db));
    store_close(db);
}

static void loads(struct scene *scene) {
    if (!store_load_roster(&scene->state, &scene->roster, scene->error,
                           sizeof scene->error))
        fail_msg("%s", scene->error);
}

static struct kept_account *account(struct scene *scene, const char *name) {
    return roster_account(&scene->roster, text_of(name));
}

static struct kept_room *room(struct scene *scene, const char *name) {
    return roster_room(&scene->roster, text_of(name));
}

static void a_new_store_has_nobody(void **state) {
    struct scene *scene = *state;
    loads(scene);
    assert_int_equal(scene->roster.accounts.count, 0);
    assert_int_equal(scene->roster.rooms.count, 0);
    assert_int_equal(scene->roster.last_room, 0);
}

static void all_that_was_written_is_known(void **state) {
    struct scene *scene = *state;
    runs(scene, "INSERT INTO accounts VALUES (3, 'ada', 11, 12),"
                " (8, 'bob', 13, 0);"
                "INSERT INTO rooms VALUES"
                " (2, '#dev', 'bees', 'ada!ada@box', 21, 22, 1),"
                " (5, '#lobby', NULL, NULL, NULL, 23, 0),"
                " (9, NULL, NULL, NULL, NULL, 24, 1);"
                "INSERT INTO members VALUES (3, 2, 1, 31), (3, 5, 0, 32),"
                " (8, 5, 0, 33), (8, 9, 1, 34);"
                "INSERT INTO marks VALUES (3, '#dev', 41), (3, 'bob', 42)");
    loads(scene);
    struct kept_account *ada = account(scene, "ADA");
    struct kept_account *bob = account(scene, "bob");
    assert_int_equal(ada->since, 11);
    assert_int_equal(ada->seen, 12);
    assert_int_equal(bob->seen, 0);
    const struct kept_room *dev = room(scene, "#dev");
    assert_string_equal(dev->topic, "bees");
    assert_string_equal(dev->topic_by, "ada!ada@box");
    assert_int_equal(dev->topic_when, 21);
    assert_int_equal(dev->since, 22);
    assert_true(dev->is_private);
    assert_int_equal(dev->members, 1);
    assert_null(room(scene, "#lobby")->topic);
    assert_int_equal(room(scene, "#lobby")->members, 2);
    assert_true(roster_membership(ada, dev)->is_operator);
    assert_int_equal(roster_membership(ada, dev)->since, 31);
    assert_null(roster_membership(bob, dev));
    assert_int_equal(bob->rooms_count, 1);
    assert_int_equal(roster_read_until(ada, text_of("#dev")), 41);
    assert_int_equal(roster_read_until(ada, text_of("bob")), 42);
    assert_int_equal(scene->roster.last_room, 9);
}

static void names_that_cannot_be_are_left_out(void **state) {
    struct scene *scene = *state;
    runs(scene,
         "INSERT INTO accounts VALUES (1, 'a b', 1, 0), (2, 'ada', 1, 0);"
         "INSERT INTO rooms (id, name, since) VALUES (1, 'x', 1);"
         "INSERT INTO members VALUES (1, 1, 0, 1), (2, 1, 0, 1)");
    loads(scene);
    assert_int_equal(scene->roster.accounts.count, 1);
    assert_int_equal(scene->roster.rooms.count, 0);
    assert_int_equal(account(scene, "ada")->rooms_count, 0);
}

static void bans_are_read_where_they_belong(void **state) {
    struct scene *scene = *state;
    struct bans bans = {0};
    char error[STORE_ERROR_SIZE];
    runs(scene,
         "INSERT INTO rooms (id, name, since) VALUES (1, '#dev', 1);"
         "INSERT INTO bans (room, what, mute, author, since, until, reason)"
         " VALUES (0, 'eve', 0, 'ada', 5, 0, NULL),"
         " (0, '10.0.0.0/8', 1, 'ada', 5, 9, 'spam'),"
         " (0, 'a b', 0, 'ada', 5, 0, NULL),"
         " (0, 'bad', 0, 'a b', 5, 0, NULL),"
         " (0, 'worse', 0, 'ada', 5, 0, 'x' || char(10) || 'y'),"
         " (1, 'z*', 0, 'bob', 6, 0, NULL), (7, 'bob', 0, 'ada', 5, 0, NULL)");
    loads(scene);
    if (!store_load_bans(&scene->state, &bans, error, sizeof error))
        fail_msg("%s", error);
    assert_int_equal(bans.count, 2);
    const struct ban *range = &bans.list[bans.list[0].mute ? 0 : 1];
    assert_true(range->is_subnet);
    assert_int_equal(range->until, 9);
    assert_string_equal(range->reason, "spam");
    const struct kept_room *dev = roster_room(&scene->roster, text_of("#dev"));
    assert_int_equal(dev->bans.count, 1);
    assert_string_equal(dev->bans.list[0].by, "bob");
    bans_finish(&bans);
}

/* Of our own work, whatever else the machine does. */
static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void many_members_are_read_in_no_time(void **state) {
    struct scene *scene = *state;
    runs(scene,
         "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL"
         " SELECT i + 1 FROM n WHERE i < 10000)"
         "INSERT INTO accounts SELECT i, 'user' || i, 1, 0 FROM n;"
         "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL"
         " SELECT i + 1 FROM n WHERE i < 1000)"
         "INSERT INTO rooms (id, name, since) SELECT i, '#room' || i, 1 FROM n;"
         "INSERT INTO members SELECT a.id, r.id, 0, 1 FROM accounts AS a"
         " JOIN rooms AS r ON r.id % 1000 / 10 = a.id % 100");
    int64_t start = milliseconds();
    loads(scene);
    int64_t took = milliseconds() - start;
    print_message("100,000 members: %lld ms\n", (long long)took);
    assert_int_equal(scene->roster.accounts.count, 10000);
    assert_int_equal(account(scene, "user77")->rooms_count, 10);
    assert_true(took < 2000);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(a_new_store_has_nobody),
        SCENE(all_that_was_written_is_known),
        SCENE(bans_are_read_where_they_belong),
        SCENE(names_that_cannot_be_are_left_out),
        SCENE(many_members_are_read_in_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
