/* Who looks elsewhere is told of what is meant for them, once. */
#include "client/model.h"

#include "tests/face.h"

static int open_face(void **state) {
    *state = calloc(1, sizeof(struct face));
    face_open(*state);
    we_join(*state, "#lobby");
    model_focus(&((struct face *)*state)->model, false);
    return 0;
}

static int close_face(void **state) {
    face_close(*state);
    free(*state);
    return 0;
}

/* NULL: of nothing. */
static void is_told(struct face *face, const char *expected) {
    struct notice *notice = &face->model.errands.notice;
    char words[1024] = "";
    model_tick(&face->model);
    if (notice->text)
        snprintf(words, sizeof words, "%s %s: %s", notice->room, notice->nick,
                 notice->text);
    assert_string_equal(words, expected ? expected : "");
    notice_finish(notice);
}

static void what_is_meant_for_us_is_told_once(void **state) {
    struct face *face = *state;
    says(face, "bob", "#lobby", "hello all");
    is_told(face, NULL);
    says(face, "bob", "#lobby", "alice: hello");
    is_told(face, "#lobby bob: alice: hello");
    is_told(face, NULL);
    face->model.now += 5000;
    is_told(face, NULL);
    says(face, "eve", "eve", "psst");
    is_told(face, "eve eve: psst");
    face->model.now += 5000;
    we_say(face, "#lobby", "alice is me");
    is_told(face, NULL);
}

static void of_many_at_once_the_newest_is_told_and_how_many(void **state) {
    struct face *face = *state;
    says(face, "bob", "#lobby", "alice 1");
    is_told(face, "#lobby bob: alice 1");
    says(face, "bob", "#lobby", "alice 2");
    says(face, "bob", "#lobby", "alice 3");
    face->model.now += 300;
    assert_int_equal(model_tick(&face->model), 700);
    says(face, "bob", "#lobby", "alice 4");
    is_told(face, NULL);
    face->model.now += 700;
    is_told(face, "#lobby bob: alice 4 (and 2 more)");
}

static void who_looks_here_again_needs_no_notice(void **state) {
    struct face *face = *state;
    says(face, "bob", "#lobby", "alice 1");
    is_told(face, "#lobby bob: alice 1");
    says(face, "bob", "#lobby", "alice 2");
    is_told(face, NULL);
    model_focus(&face->model, true);
    face->model.now += 1000;
    is_told(face, NULL);
}

static void what_is_muted_ignored_or_past_is_not_told(void **state) {
    struct face *face = *state;
    find(face, "#lobby")->muted = true;
    says(face, "bob", "#lobby", "alice");
    is_told(face, NULL);
    find(face, "#lobby")->muted = false;
    strcpy(face->model.preferences.ignore, "bob");
    says(face, "bob", "#lobby", "alice");
    is_told(face, NULL);
    hear(face, (struct news){.kind = NEWS_SAID,
                             .who = text_of("ana"),
                             .room = text_of("#lobby"),
                             .body = text_of("alice, old"),
                             .history = true});
    is_told(face, NULL);
}

static void words_of_ours_are_mentions(void **state) {
    struct face *face = *state;
    strcpy(face->model.preferences.highlight, "deploy");
    says(face, "bob", "#lobby", "we Deploy");
    is_told(face, "#lobby bob: we Deploy");
    assert_int_equal(find(face, "#lobby")->mentions, 1);
}

static void what_is_active_is_shown_by_what_it_matters(void **state) {
    struct face *face = *state;
    struct model *model = &face->model;
    model_focus(model, true);
    we_join(face, "#loud");
    we_join(face, "#dev");
    find(face, "#loud")->muted = true;
    says(face, "bob", "#loud", "chatter");
    model_show_active(model);
    assert_string_equal(model->current->name, "box");
    says(face, "bob", "#dev", "a line");
    says(face, "bob", "#loud", "alice!");
    model_show_active(model);
    assert_string_equal(model->current->name, "#loud");
    model_show_active(model);
    assert_string_equal(model->current->name, "#dev");
    model_show_active(model);
    assert_string_equal(model->current->name, "#loud");
}

int main(void) {
#define scene(name) cmocka_unit_test_setup_teardown(name, open_face, close_face)
    const struct CMUnitTest tests[] = {
        scene(what_is_meant_for_us_is_told_once),
        scene(of_many_at_once_the_newest_is_told_and_how_many),
        scene(who_looks_here_again_needs_no_notice),
        scene(what_is_muted_ignored_or_past_is_not_told),
        scene(words_of_ours_are_mentions),
        scene(what_is_active_is_shown_by_what_it_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
