/* Tab. */
#include "client/complete.h"

#include "tests/face.h"

struct desk {
    struct face face;
    struct complete complete;
};

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    complete_init(&desk->complete);
    we_join(&desk->face, "#lobby");
    we_join(&desk->face, "#dev");
    joins(&desk->face, "ana", "#lobby");
    joins(&desk->face, "Andrew", "#lobby");
    joins(&desk->face, "bob", "#lobby");
    *state = desk;
    return 0;
}

static int close_desk(void **state) {
    struct desk *desk = *state;
    complete_finish(&desk->complete);
    face_close(&desk->face);
    free(desk);
    return 0;
}

static struct editor *editor_of(struct desk *desk) {
    return &desk->face.model.current->editor;
}

static void tab(struct desk *desk, int step) {
    complete_step(&desk->complete, &desk->face.model, editor_of(desk), step);
}

static void write_and_tab(struct desk *desk, const char *text) {
    complete_end(&desk->complete);
    editor_clear(editor_of(desk));
    type(editor_of(desk), text);
    tab(desk, 1);
}

static void a_name_at_the_start_is_spoken_to(void **state) {
    write_and_tab(*state, "b");
    draft_is(editor_of(*state), "bob: ");
    write_and_tab(*state, "ask b");
    draft_is(editor_of(*state), "ask bob ");
}

static void who_was_heard_last_comes_first(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "ana", "#lobby", "hi");
    says(&desk->face, "Andrew", "#lobby", "hi");
    write_and_tab(desk, "AN");
    draft_is(editor_of(desk), "Andrew: ");
    tab(desk, 1);
    draft_is(editor_of(desk), "ana: ");
    tab(desk, 1);
    draft_is(editor_of(desk), "Andrew: ");
    tab(desk, -1);
    draft_is(editor_of(desk), "ana: ");
    says(&desk->face, "ana", "#lobby", "me again");
    write_and_tab(desk, "an");
    draft_is(editor_of(desk), "ana: ");
}

static void rooms_and_commands_are_known(void **state) {
    write_and_tab(*state, "see #d");
    draft_is(editor_of(*state), "see #dev ");
    write_and_tab(*state, "/jo");
    draft_is(editor_of(*state), "/join ");
    write_and_tab(*state, "say /jo");
    draft_is(editor_of(*state), "say /jo");
}

static void people_talked_with_are_known(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "zed", "zed", "hi");
    write_and_tab(desk, "/msg z");
    draft_is(editor_of(desk), "/msg zed ");
}

static void what_is_behind_the_cursor_stays(void **state) {
    struct desk *desk = *state;
    type(editor_of(desk), "b, look");
    editor_to_start(editor_of(desk));
    editor_right(editor_of(desk));
    tab(desk, 1);
    draft_is(editor_of(desk), "bob: , look");
}

static void nothing_fits_and_nothing_happens(void **state) {
    write_and_tab(*state, "xyz");
    draft_is(editor_of(*state), "xyz");
    tab(*state, 1);
    draft_is(editor_of(*state), "xyz");
}

static void an_empty_word_goes_through_all(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "bob", "#lobby", "hi");
    tab(desk, 1);
    draft_is(editor_of(desk), "bob: ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_name_at_the_start_is_spoken_to,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(who_was_heard_last_comes_first,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(rooms_and_commands_are_known, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(people_talked_with_are_known, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(what_is_behind_the_cursor_stays,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(nothing_fits_and_nothing_happens,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(an_empty_word_goes_through_all,
                                        open_desk, close_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
