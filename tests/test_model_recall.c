/* C-r: what was sent is found again. */
#include "tests/face.h"

static int open_face(void **state) {
    static const char *const lobby[] = {"build is red", "Build is green",
                                        "lunch?", "Build is green"};
    struct face *face = calloc(1, sizeof *face);
    face_open(face);
    we_join(face, "#lobby");
    we_join(face, "#dev");
    for (size_t i = 0; i < sizeof lobby / sizeof *lobby; i++)
        editor_sent(&find(face, "#lobby")->editor, lobby[i]);
    editor_sent(&find(face, "#dev")->editor, "who builds today?");
    model_show(&face->model, find(face, "#lobby"));
    model_recall(&face->model);
    *state = face;
    return 0;
}

static int close_face(void **state) {
    face_close(*state);
    free(*state);
    return 0;
}

static void finds(struct face *face, const char *line) {
    struct text found = model_recalled(&face->model);
    if (text_is(found, line)) return;
    fail_msg("\"%.*s\" is found, not \"%s\"", (int)found.length, found.at,
             line);
}

static void it_searches_as_one_types(void **state) {
    struct face *face = *state;
    finds(face, "");
    model_recall_type(&face->model, text_of("l"));
    finds(face, "Build is green");
    model_recall_type(&face->model, text_of("u"));
    finds(face, "lunch?");
    model_recall_type(&face->model, text_of("x"));
    finds(face, "");
    model_recall_rub(&face->model);
    finds(face, "lunch?");
}

static void older_ones_follow_each_once_then_those_of_others(void **state) {
    struct face *face = *state;
    model_recall_type(&face->model, text_of("bui"));
    finds(face, "Build is green");
    model_recall_older(&face->model);
    finds(face, "build is red");
    model_recall_older(&face->model);
    finds(face, "who builds today?");
    model_recall_older(&face->model);
    finds(face, "who builds today?");
}

static void what_is_taken_is_the_draft(void **state) {
    struct face *face = *state;
    struct editor *editor = &find(face, "#lobby")->editor;
    type(editor, "draft");
    model_recall_type(&face->model, text_of("lun"));
    model_recall_end(&face->model, false);
    draft_is(editor, "draft");
    model_recall(&face->model);
    model_recall_type(&face->model, text_of("lun"));
    model_recall_end(&face->model, true);
    draft_is(editor, "lunch?");
    editor_undo(editor);
    draft_is(editor, "draft");
    assert_false(face->model.recall.open);
}

static void what_is_typed_is_bounded(void **state) {
    struct face *face = *state;
    for (int i = 0; i < 500; i++)
        model_recall_type(&face->model, text_of("日"));
    finds(face, "");
    for (int i = 0; i < 500; i++)
        model_recall_rub(&face->model);
    assert_int_equal(face->model.recall.length, 0);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_face, close_face)
    const struct CMUnitTest tests[] = {
        SCENE(it_searches_as_one_types),
        SCENE(older_ones_follow_each_once_then_those_of_others),
        SCENE(what_is_taken_is_the_draft),
        SCENE(what_is_typed_is_bounded),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
