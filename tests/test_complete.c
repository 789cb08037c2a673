/* Tab. */
#include "client/complete.h"

#include "tests/face.h"

struct desk {
    struct face face;
};

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
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
    face_close(&desk->face);
    free(desk);
    return 0;
}

static struct editor *editor_of(struct desk *desk) {
    return &desk->face.model.current->editor;
}

static void tab(struct desk *desk, int step) {
    complete_step(&desk->face.model, step);
}

static void write_and_tab(struct desk *desk, const char *text) {
    menu_close(&desk->face.model.menu);
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

static void one_candidate_is_taken_at_once_more_are_a_menu(void **state) {
    struct desk *desk = *state;
    const struct menu *menu = &desk->face.model.menu;
    write_and_tab(desk, "b");
    assert_int_equal(menu->count, 0);
    write_and_tab(desk, "an");
    assert_int_equal(menu->count, 2);
    assert_string_equal(menu->list[0].text, "ana: ");
    tab(desk, 1);
    draft_is(editor_of(desk), "Andrew: ");
    menu_take_back(&desk->face.model.menu, editor_of(desk));
    draft_is(editor_of(desk), "an");
    assert_int_equal(menu->count, 0);
}

static void several_are_spoken_to(void **state) {
    struct desk *desk = *state;
    write_and_tab(desk, "ana: b");
    draft_is(editor_of(desk), "ana, bob: ");
    write_and_tab(desk, "ana, bob: andr");
    draft_is(editor_of(desk), "ana, bob, Andrew: ");
    write_and_tab(desk, "note: b");
    draft_is(editor_of(desk), "note: bob ");
}

static void commands_say_how_they_are_used(void **state) {
    struct desk *desk = *state;
    write_and_tab(desk, "/wh");
    assert_string_equal(desk->face.model.menu.list[0].text, "/who ");
    assert_string_equal(desk->face.model.menu.list[0].note, "[MASK]");
}

static void what_can_be_set_is_known(void **state) {
    struct desk *desk = *state;
    write_and_tab(desk, "/set the");
    draft_is(editor_of(desk), "/set theme ");
    write_and_tab(desk, "/set theme l");
    draft_is(editor_of(desk), "/set theme light ");
    write_and_tab(desk, "/set mouse of");
    draft_is(editor_of(desk), "/set mouse off ");
    write_and_tab(desk, "/theme m");
    draft_is(editor_of(desk), "/theme mono ");
    write_and_tab(desk, "/bind M-k kill-wh");
    draft_is(editor_of(desk), "/bind M-k kill-whole-line ");
    write_and_tab(desk, "/help reconnec");
    draft_is(editor_of(desk), "/help reconnect ");
    write_and_tab(desk, "/msg b");
    draft_is(editor_of(desk), "/msg bob ");
}

static void emoji_have_short_names(void **state) {
    struct desk *desk = *state;
    write_and_tab(desk, "well :tada");
    draft_is(editor_of(desk), "well 🎉 ");
    write_and_tab(desk, ":smile:");
    draft_is(editor_of(desk), "😄 ");
    write_and_tab(desk, ":smi");
    assert_true(desk->face.model.menu.count > 3);
    assert_string_equal(desk->face.model.menu.list[0].note, "smile");
    write_and_tab(desk, ":)");
    draft_is(editor_of(desk), ":)");
    write_and_tab(desk, ":zzz");
    draft_is(editor_of(desk), ":zzz");
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
        cmocka_unit_test_setup_teardown(
            one_candidate_is_taken_at_once_more_are_a_menu, open_desk,
            close_desk),
        cmocka_unit_test_setup_teardown(several_are_spoken_to, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(commands_say_how_they_are_used,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_can_be_set_is_known, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(emoji_have_short_names, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(an_empty_word_goes_through_all,
                                        open_desk, close_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
