/* What is seen around a message: what it answers, what people made of it, and
 * that it is pointed at. */
#include "tests/desk.h"

static int open_desk(void **state) {
    struct desk *desk = *state = desk_new();
    we_join(&desk->face, "#dev");
    model_show(&desk->face.model, find(&desk->face, "#dev"));
    buffer_clear(desk->face.model.current);
    return 0;
}

/* The rows of messages, from the day on. */
static void rows_are(struct desk *desk, const char *expected) {
    const char *found = strstr(desk->screen, "2026");
    assert_non_null(found);
    found = strchr(found, '\n') + 1;
    if (strncmp(found, expected, strlen(expected)) != 0)
        fail_msg("not\n%s\nbut\n%s", expected, found);
}

static void it_is_as_in_the_sketch(void **state) {
    struct desk *desk = *state;
    says_as(&desk->face, "ana", "m1", "", "who can look at the disk alarm?");
    says_as(&desk->face, "ben", "m2", "m1", "I can, give me 5 min");
    does(&desk->face, NEWS_REACTED, "ana", "m2", "👍");
    does(&desk->face, NEWS_REACTED, "alice", "m2", "👍");
    does(&desk->face, NEWS_REACTED, "ana", "m2", "🎉");
    draw(desk, 78, 12);
    /* clang-format off */
    rows_are(desk,
        " 15:00          ana  who can look at the disk alarm?\n"
        "                     ╭ ana: who can look at the disk alarm?\n"
        "                ben  I can, give me 5 min                          👍 2  🎉 1\n");
    /* clang-format on */
    draw(desk, 40, 12);
    rows_are(desk, "15:00     ana who can look at the disk\n"
                   "              alarm?\n"
                   "              ╭ ana: who can look at th…\n"
                   "          ben I can, give me 5 min\n"
                   "                              👍 2  🎉 1\n");
    draw(desk, 26, 12);
    assert_non_null(strstr(desk->screen, "╭ ana: who can look at t…\n"
                                         "ben: I can, give me 5 min\n"));
}

static void an_unknown_line_is_answered_too(void **state) {
    struct desk *desk = *state;
    says_as(&desk->face, "ben", "m2", "gone", "I can");
    draw(desk, 60, 12);
    rows_are(desk, "                     ╭ an earlier message\n"
                   " 15:00          ben  I can\n");
}

static void of_several_lines_the_first_is_quoted(void **state) {
    struct desk *desk = *state;
    says_as(&desk->face, "ana", "m1", "", "one\ntwo");
    says_as(&desk->face, "ben", "m2", "m1", "yes");
    draw(desk, 60, 12);
    rows_are(desk, " 15:00          ana  one\n"
                   "                     two\n"
                   "                     ╭ ana: one …\n"
                   "                ben  yes\n");
}

static void what_was_taken_back_is_not_seen(void **state) {
    struct desk *desk = *state;
    says_as(&desk->face, "ana", "m1", "", "a secret");
    says_as(&desk->face, "ben", "m2", "m1", "oh");
    does(&desk->face, NEWS_REDACTED, "ana", "m1", "");
    draw(desk, 60, 12);
    rows_are(desk, " 15:00          ana  (taken back)\n"
                   "                     ╭ ana: (taken back)\n"
                   "                ben  oh\n");
}

static void who_is_typing_moves_nothing(void **state) {
    struct desk *desk = *state;
    static char before[64 * 1024];
    says_as(&desk->face, "ana", "m1", "", "hello");
    draw(desk, 60, 12);
    assert_true(text_copy(text_of(desk->screen), before, sizeof before));
    does(&desk->face, NEWS_TYPING, "ana", "", "");
    draw(desk, 60, 12);
    assert_non_null(strstr(desk->screen, "─ ana is typing… ─"));
    char *status = strstr(desk->screen, "── ●");
    assert_non_null(status);
    assert_memory_equal(desk->screen, before, (size_t)(status - desk->screen));
    draw(desk, 40, 12);
    assert_non_null(strstr(desk->screen, "#dev ana is typing…"));
    assert_true(desk->face.model.current->scroll.number == 0);
}

static bool is_marked(const struct desk *desk, int x, int y) {
    return grid_cell(&desk->grid, x, y)->style.bits & STYLE_REVERSE;
}

static void the_picked_one_stands_out(void **state) {
    struct desk *desk = *state;
    says_as(&desk->face, "ana", "m1", "", "one");
    says_as(&desk->face, "ana", "m2", "m1", "two\nlines");
    desk->face.model.current->picked = desk->face.model.current->last;
    draw(desk, 60, 12);
    assert_false(is_marked(desk, 0, 6)); /* one, and the quote below it */
    assert_false(is_marked(desk, 0, 7));
    assert_true(is_marked(desk, 0, 8));
    assert_true(is_marked(desk, 17, 9));
    assert_false(is_marked(desk, 21, 8));
    draw(desk, 20, 6);
    assert_true(is_marked(desk, 0, 4));
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(it_is_as_in_the_sketch),
        SCENE(an_unknown_line_is_answered_too),
        SCENE(of_several_lines_the_first_is_quoted),
        SCENE(what_was_taken_back_is_not_seen),
        SCENE(who_is_typing_moves_nothing),
        SCENE(the_picked_one_stands_out),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
