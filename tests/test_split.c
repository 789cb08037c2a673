/* What becomes of a draft. */
#include "client/split.h"

#include "tests/face.h"

struct desk {
    struct face face;
    struct session session;
    struct session_owner owner;
    struct login login;
    struct editor *editor;
};

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    we_join(&desk->face, "#lobby");
    strcpy(desk->login.nick, "alice");
    session_init(&desk->session, &desk->owner, &desk->login);
    desk->face.network->session = &desk->session;
    desk->editor = &find(&desk->face, "#lobby")->editor;
    *state = desk;
    return 0;
}

static int close_desk(void **state) {
    struct desk *desk = *state;
    face_close(&desk->face);
    free(desk);
    return 0;
}

static struct split split(struct desk *desk) {
    return split_of(find(&desk->face, "#lobby"));
}

static void types(struct desk *desk, const char *before, int count) {
    editor_clear(desk->editor);
    assert_true(editor_paste(desk->editor, text_of(before)));
    for (int i = 0; i < count; i++)
        type(desk->editor, "x");
}

static void a_long_line_is_cut(void **state) {
    struct desk *desk = *state;
    types(desk, "hello", 0);
    assert_int_equal(split(desk).messages, 1);
    assert_int_equal(split(desk).count, 0);
    types(desk, "one\nx", 899);
    struct split cut = split(desk);
    assert_int_equal(cut.messages, 4);
    assert_int_equal(cut.count, 1);
    assert_in_range(cut.cuts[0].from, 300, 500);
    assert_int_equal(cut.cuts[0].to, 904);
}

static void each_line_is_a_message(void **state) {
    struct desk *desk = *state;
    types(desk, "\n\na\n\nb\nc", 0);
    assert_int_equal(split(desk).messages, 3);
    assert_int_equal(split(desk).count, 0);
}

static void where_lines_go_together_all_is_one(void **state) {
    struct desk *desk = *state;
    desk->session.caps =
        cap_bit(CAP_MULTILINE) | cap_bit(CAP_BATCH) | cap_bit(CAP_MESSAGE_TAGS);
    desk->session.multiline_bytes = 2000;
    types(desk, "a\n\nb\n", 900);
    assert_int_equal(split(desk).messages, 1);
    assert_int_equal(split(desk).count, 0);
    types(desk, "", 2500);
    assert_int_equal(split(desk).messages, 2);
    assert_in_range(split(desk).cuts[0].from, 1600, 2000);
}

static void commands_are_not_split(void **state) {
    struct desk *desk = *state;
    types(desk, "/topic ", 900);
    assert_int_equal(split(desk).messages, 0);
    types(desk, "/me ", 900);
    assert_int_equal(split(desk).messages, 3);
    types(desk, "//", 900);
    assert_int_equal(split(desk).messages, 3);
    desk->face.network->session = NULL;
    assert_int_equal(split(desk).messages, 0);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        SCENE(a_long_line_is_cut),
        SCENE(each_line_is_a_message),
        SCENE(where_lines_go_together_all_is_one),
        SCENE(commands_are_not_split),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
