/* Bans and the audit log, as they are written down. */
#include "server/journal_moderation.h"

#include "tests/keep.h"

struct scene {
    struct keep keep;
    struct journal_moderation moderation;
};

static int start(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    char error[STORE_ERROR_SIZE];
    keep_make(&scene->keep);
    if (!journal_moderation_init(&scene->moderation, scene->keep.db, error,
                                 sizeof error))
        fail_msg("%s", error);
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    journal_moderation_finish(&scene->moderation);
    keep_remove(&scene->keep);
    free(scene);
    return 0;
}

static void writes(struct scene *scene, enum write_kind kind, int64_t place,
                   const char *what, bool mute, int64_t until) {
    struct write write = {.kind = kind, .until = until, .flag = mute};
    write.kept.place = place;
    write.kept.when = 1000;
    write.kept.name = text_of("ada");
    write.kept.whom = text_of(what);
    write.kept.tags = text_of("ban");
    write.kept.body = text_of(until ? "spam" : "");
    assert_int_equal(journal_moderation_write(&scene->moderation, &write),
                     SQLITE_OK);
}

/* The first column of each row, with '|' between. */
static void finds(struct scene *scene, const char *sql, const char *expected) {
    char found[1024] = "";
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_prepare_v2(scene->keep.db, sql, -1, &row, NULL),
                     SQLITE_OK);
    while (sqlite3_step(row) == SQLITE_ROW)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
                 *found ? "|" : "", (const char *)sqlite3_column_text(row, 0));
    sqlite3_finalize(row);
    assert_string_equal(found, expected);
}

static const char bans[] =
    "SELECT room || ' ' || what || ' ' || mute || ' ' || author || ' ' ||"
    " since || ' ' || until || ' ' || coalesce(reason, '-') FROM bans";

static void a_ban_is_kept_with_all_that_is_known_of_it(void **state) {
    struct scene *scene = *state;
    writes(scene, WRITE_BAN, 0, "eve", false, 0);
    writes(scene, WRITE_BAN, 0, "eve", true, 0);
    writes(scene, WRITE_BAN, 7, "zoe", false, 9000);
    finds(scene, bans,
          "0 eve 0 ada 1000 0 -|0 eve 1 ada 1000 0 -|"
          "7 zoe 0 ada 1000 9000 spam");
}

static void the_same_again_takes_its_place(void **state) {
    struct scene *scene = *state;
    writes(scene, WRITE_BAN, 7, "eve", false, 0);
    writes(scene, WRITE_BAN, 7, "EVE", false, 8000);
    finds(scene, bans, "7 eve 0 ada 1000 8000 spam");
}

static void a_ban_is_lifted_and_others_stay(void **state) {
    struct scene *scene = *state;
    writes(scene, WRITE_BAN, 0, "eve", false, 0);
    writes(scene, WRITE_BAN, 0, "eve", true, 0);
    writes(scene, WRITE_BAN, 7, "eve", false, 0);
    writes(scene, WRITE_BAN_GONE, 0, "Eve", false, 0);
    finds(scene, bans, "0 eve 1 ada 1000 0 -|7 eve 0 ada 1000 0 -");
}

static void of_a_room_all_are_lifted(void **state) {
    struct scene *scene = *state;
    writes(scene, WRITE_BAN, 0, "eve", false, 0);
    writes(scene, WRITE_BAN, 7, "eve", false, 0);
    writes(scene, WRITE_BAN, 7, "zoe", true, 0);
    writes(scene, WRITE_BANS_GONE, 7, "", false, 0);
    finds(scene, bans, "0 eve 0 ada 1000 0 -");
}

static void who_did_what_is_kept(void **state) {
    struct scene *scene = *state;
    writes(scene, WRITE_AUDIT, 0, "eve", false, 1);
    writes(scene, WRITE_AUDIT, 0, "", false, 0);
    finds(scene,
          "SELECT at || ' ' || who || ' ' || deed || ' ' ||"
          " coalesce(subject, '-') || ' ' || coalesce(words, '-') FROM audit",
          "1000 ada ban eve spam|1000 ada ban - -");
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(a_ban_is_kept_with_all_that_is_known_of_it),
        SCENE(the_same_again_takes_its_place),
        SCENE(a_ban_is_lifted_and_others_stay),
        SCENE(of_a_room_all_are_lifted),
        SCENE(who_did_what_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
