/* The model in lines, for ears: what is new is told once. */
#include "client/spoken.h"

#include "protocol/writer.h"
#include "tests/face.h"

struct scene {
    struct face face;
    struct spoken spoken;
};

static int open_scene(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    struct bytes nothing = {0};
    face_open(&scene->face);
    we_join(&scene->face, "#ops");
    we_join(&scene->face, "#box");
    model_show(&scene->face.model, find(&scene->face, "#box"));
    spoken_write(&scene->spoken, &scene->face.model, &nothing);
    bytes_finish(&nothing);
    *state = scene;
    return 0;
}

static int close_scene(void **state) {
    struct scene *scene = *state;
    spoken_finish(&scene->spoken);
    face_close(&scene->face);
    free(scene);
    return 0;
}

static void is_told(struct scene *scene, const char *expected) {
    struct bytes told = {0};
    spoken_write(&scene->spoken, &scene->face.model, &told);
    bytes_add_char(&told, '\0');
    assert_string_equal(told.at, expected);
    bytes_finish(&told);
}

static void acts(struct face *face, enum news_kind kind, const char *body) {
    hear(face, (struct news){.kind = kind,
                             .who = text_of("ana"),
                             .room = text_of("#box"),
                             .body = text_of(body)});
}

static void what_is_said_is_told_once(void **state) {
    struct scene *scene = *state;
    says(&scene->face, "ana", "#box", "hi");
    is_told(scene, "#box <ana> hi\n");
    is_told(scene, "");
    we_say(&scene->face, "#box", "hello");
    is_told(scene, "#box <alice> hello\n");
}

static void each_kind_has_its_form(void **state) {
    struct scene *scene = *state;
    acts(&scene->face, NEWS_ACTED, "waves");
    acts(&scene->face, NEWS_NOTICED, "done");
    joins(&scene->face, "ben", "#box");
    is_told(scene, "#box * ana waves\n"
                   "#box -ana- done\n"
                   "#box ben joined\n");
}

static void each_line_of_a_text_stands_alone(void **state) {
    struct scene *scene = *state;
    says(&scene->face, "ana", "#box", "one\ntwo");
    is_told(scene, "#box <ana> one\n#box <ana> two\n");
}

static void what_is_said_to_us_alone_is_told_so(void **state) {
    struct scene *scene = *state;
    says(&scene->face, "ben", "ben", "lunch?");
    is_told(scene, "private <ben> lunch?\n");
    we_say(&scene->face, "ben", "yes");
    is_told(scene, "private to ben <alice> yes\n");
}

static void answers_and_errors_where_we_are_need_no_room(void **state) {
    struct scene *scene = *state;
    struct model *model = &scene->face.model;
    model_tell(model, NULL, MESSAGE_ANSWER, text_of("3 in #box"));
    model_tell(model, NULL, MESSAGE_ERROR, text_of("nobody is here"));
    model_tell(model, find(&scene->face, "#ops"), MESSAGE_ERROR,
               text_of("you are banned"));
    is_told(scene, "#ops error: you are banned\n"
                   "3 in #box\n"
                   "error: nobody is here\n");
}

static void a_lost_connection_is_told_once(void **state) {
    struct scene *scene = *state;
    model_lost(&scene->face.model, scene->face.network, text_of("gone"));
    is_told(scene, "box error: connection lost: gone\n");
}

static void what_was_said_before_has_its_time(void **state) {
    struct scene *scene = *state;
    struct news news = {.kind = NEWS_SAID,
                        .room = text_of("#box"),
                        .who = text_of("ana"),
                        .body = text_of("hi"),
                        .when = NOON - 3600000};
    hear(&scene->face, news);
    news.when -= 24 * 3600000;
    hear(&scene->face, news);
    is_told(scene, "#box 14:00 <ana> hi\n#box 2026-11-21 14:00 <ana> hi\n");
}

static void another_room_tells_what_was_said_elsewhere(void **state) {
    struct scene *scene = *state;
    struct face *face = &scene->face;
    says(face, "ana", "#box", "alice: look");
    says(face, "ana", "#ops", "one");
    says(face, "ben", "ben", "psst");
    is_told(scene, "#ops <ana> one\n#box <ana> alice: look\n"
                   "private <ben> psst\n");
    model_show(&face->model, find(face, "#ops"));
    is_told(scene, "you are in #ops; elsewhere 4 ben, 1 unread, 1 for you\n");
    model_show(&face->model, find(face, "ben"));
    is_told(scene, "you talk with ben\n");
}

static void comings_are_told_as_one_likes(void **state) {
    struct scene *scene = *state;
    scene->face.model.preferences.noise = NOISE_NONE;
    joins(&scene->face, "ben", "#box");
    is_told(scene, "");
}

static void a_mention_rings_where_that_is_wished(void **state) {
    struct scene *scene = *state;
    scene->face.model.preferences.notify = NOTIFY_BELL;
    says(&scene->face, "ana", "#box", "hi");
    says(&scene->face, "ana", "#box", "hi alice");
    is_told(scene, "#box <ana> hi\n#box <ana> hi alice\n\a");
}

static void nothing_that_is_said_drives_the_terminal(void **state) {
    struct scene *scene = *state;
    says(&scene->face, "ana", "#box", "\x1b[31m\x02red\x07\xc2\x9b");
    is_told(scene, "#box <ana> ‹ESC›[31mred‹BEL›‹U+009B›\n");
}

static void what_is_open_is_listed_with_numbers(void **state) {
    struct scene *scene = *state;
    struct bytes words = {0};
    says(&scene->face, "ana", "#ops", "one");
    spoken_list(&scene->face.model, true, &words);
    bytes_add_char(&words, '\0');
    assert_string_equal(words.at, "1 box; 2 #ops, 1 unread; 3 #box, here");
    bytes_finish(&words);
}

static void a_question_is_told_with_its_answers(void **state) {
    struct scene *scene = *state;
    model_ask(&scene->face.model, scene->face.network, text_of("Is it?"),
              text_of("y) yes n) no"), "ny");
    is_told(scene, "Is it?\ny) yes n) no\n");
    is_told(scene, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_said_is_told_once, open_scene,
                                        close_scene),
        cmocka_unit_test_setup_teardown(each_kind_has_its_form, open_scene,
                                        close_scene),
        cmocka_unit_test_setup_teardown(each_line_of_a_text_stands_alone,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(what_is_said_to_us_alone_is_told_so,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(
            answers_and_errors_where_we_are_need_no_room, open_scene,
            close_scene),
        cmocka_unit_test_setup_teardown(a_lost_connection_is_told_once,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(what_was_said_before_has_its_time,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(
            another_room_tells_what_was_said_elsewhere, open_scene,
            close_scene),
        cmocka_unit_test_setup_teardown(comings_are_told_as_one_likes,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_mention_rings_where_that_is_wished,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(
            nothing_that_is_said_drives_the_terminal, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(what_is_open_is_listed_with_numbers,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_question_is_told_with_its_answers,
                                        open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
