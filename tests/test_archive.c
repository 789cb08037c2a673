/* The archive at work: questions from the loop, answers back in it. Whom they
 * are for is not asked: they are told to the scene. */
#include "server/history.h"

#include "tests/keep.h"

#include "server/nonces.h"

struct scene {
    struct keep keep;
    struct house house;
    struct nonces nonces;
    struct history_owner owner;
    struct history *history;
    uv_loop_t loop;
    uint64_t collected;
    unsigned begun, told, failed;
    uint64_t last;  /* the session that was told last */
    unsigned again; /* so often it asks again when it is told */
};

static void ask(struct scene *scene, uint64_t session, enum ask what) {
    struct question question = {.ask = what,
                                .session = session,
                                .self = "ada",
                                .places = {{DEV, 0}},
                                .places_count = 1,
                                .limit = 10,
                                .events = true,
                                .words = "line"};
    scene->house.archive->ask(scene->house.archive, &question);
    memset(&question, 0, sizeof question); /* it was copied */
}

void dialogue_answered(struct house *house, const struct answer *answer) {
    struct scene *scene = container_of(house, struct scene, house);
    assert_int_equal(scene->begun, ++scene->told);
    scene->last = answer->question->session;
    assert_string_equal(answer->question->self, "ada");
    if (answer->outcome == ANSWER_FAILED) {
        scene->failed++;
        return;
    }
    assert_int_equal(answer->count, 3);
    assert_true(text_is(answer->kept[0].body, "line"));
    if (scene->again == 0) return;
    scene->again--;
    ask(scene, answer->question->session + 1, ASK_LATEST);
}

static void on_begin(struct history_owner *owner) {
    container_of(owner, struct scene, owner)->begun++;
}

static uint64_t on_collected(struct history_owner *owner) {
    return container_of(owner, struct scene, owner)->collected;
}

static void opens(struct scene *scene) {
    char error[STORE_ERROR_SIZE];
    scene->history =
        history_open(&scene->house, &scene->loop, &scene->keep.state,
                     &scene->owner, error, sizeof error);
    if (!scene->history) fail_msg("%s", error);
}

static void closes(struct scene *scene) {
    if (!scene->history) return;
    history_close(scene->history);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    history_free(scene->history);
    scene->history = NULL;
}

static int start(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    keep_make(&scene->keep);
    for (int i = 1; i <= 3; i++)
        keep_say(&scene->keep, i, DEV, ADA, "line");
    uv_loop_init(&scene->loop);
    nonces_init(&scene->nonces);
    scene->house.nonces = &scene->nonces;
    scene->owner.begin = on_begin;
    scene->owner.collected = on_collected;
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    closes(scene);
    nonces_finish(&scene->nonces);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    keep_remove(&scene->keep);
    free(scene);
    return 0;
}

static void runs(struct scene *scene) {
    uv_run(&scene->loop, UV_RUN_DEFAULT);
}

static void every_question_is_answered_once(void **state) {
    struct scene *scene = *state;
    opens(scene);
    for (unsigned i = 0; i < 500; i++)
        ask(scene, i, i % 2 ? ASK_LATEST : ASK_SEARCH);
    assert_int_equal(scene->told, 0);
    runs(scene);
    assert_int_equal(scene->told, 500);
    assert_int_equal(scene->failed, 0);
}

static void who_is_told_may_ask_again(void **state) {
    struct scene *scene = *state;
    opens(scene);
    scene->again = 100;
    ask(scene, 1, ASK_LATEST);
    runs(scene);
    assert_int_equal(scene->told, 101);
    assert_int_equal(scene->last, 101);
}

static void a_question_waits_for_what_was_collected(void **state) {
    struct scene *scene = *state;
    opens(scene);
    scene->house.settled = 4;
    scene->collected = 4;
    ask(scene, 1, ASK_LATEST);
    scene->collected = 5;
    ask(scene, 2, ASK_LATEST);
    scene->collected = 6;
    ask(scene, 3, ASK_LATEST);
    runs(scene);
    assert_int_equal(scene->told, 1);
    scene->house.settled = 5;
    history_settled(scene->history);
    runs(scene);
    assert_int_equal(scene->last, 2);
    assert_int_equal(scene->told, 2);
    scene->house.settled = 6;
    history_settled(scene->history);
    runs(scene);
    assert_int_equal(scene->told, 3);
}

static void after_the_end_nothing_is_told(void **state) {
    struct scene *scene = *state;
    opens(scene);
    for (unsigned i = 0; i < 50; i++)
        ask(scene, i, ASK_LATEST);
    scene->collected = 9;
    ask(scene, 99, ASK_LATEST);
    closes(scene);
    assert_int_equal(scene->told, 0);
    assert_null(scene->house.archive);
}

static void a_trouble_is_told_and_passes(void **state) {
    struct scene *scene = *state;
    opens(scene);
    keep_run(&scene->keep, "ALTER TABLE happenings RENAME TO elsewhere");
    ask(scene, 1, ASK_LATEST);
    runs(scene);
    assert_int_equal(scene->failed, 1);
    keep_run(&scene->keep, "ALTER TABLE elsewhere RENAME TO happenings");
    ask(scene, 2, ASK_LATEST);
    runs(scene);
    assert_int_equal(scene->told, 2);
    assert_int_equal(scene->failed, 1);
}

/* n1, n2, ... of accounts 1, 2, 3, 0, ... */
static void has_nonces(struct scene *scene, int count) {
    keep_run(&scene->keep,
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
             " SELECT i + 1 FROM n WHERE i < %d)"
             " INSERT INTO nonces (nonce, account, id)"
             " SELECT 'n' || i, i %% 4, i FROM n",
             count);
}

static void nonces_of_the_disk_are_known(void **state) {
    struct scene *scene = *state;
    has_nonces(scene, 3000);
    opens(scene);
    assert_false(scene->nonces.complete);
    runs(scene);
    assert_true(scene->nonces.complete);
    for (int i = 1; i <= 3000; i++) {
        static const char *const accounts[] = {"", "ada", "bob", "carl"};
        char nonce[NONCE_SIZE];
        snprintf(nonce, sizeof nonce, "n%d", i);
        assert_true(nonces_may_know(&scene->nonces, text_of(accounts[i % 4]),
                                    text_of(nonce)));
    }
    assert_false(
        nonces_may_know(&scene->nonces, text_of("ada"), text_of("never said")));
}

static void nor_is_a_load_that_was_broken_off_complete(void **state) {
    struct scene *scene = *state;
    keep_run(&scene->keep, "INSERT INTO nonces (nonce, account, id)"
                           " VALUES ('n', 1, 1)");
    opens(scene);
    closes(scene);
    assert_false(scene->nonces.complete);
}

/* However many there are, it is the slice under way that a stop waits for. */
static void who_stops_does_not_wait_for_all_nonces(void **state) {
    struct scene *scene = *state;
    has_nonces(scene, 3000);
    opens(scene);
    history_dismiss(scene->history);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_false(scene->nonces.complete);
    assert_int_equal(scene->nonces.layers[0].count, 0);
    history_dismiss(scene->history); /* it has ended */
    ask(scene, 1, ASK_LATEST);
    runs(scene);
    assert_int_equal(scene->told, 1);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(every_question_is_answered_once),
        SCENE(who_is_told_may_ask_again),
        SCENE(a_question_waits_for_what_was_collected),
        SCENE(after_the_end_nothing_is_told),
        SCENE(a_trouble_is_told_and_passes),
        SCENE(nonces_of_the_disk_are_known),
        SCENE(who_stops_does_not_wait_for_all_nonces),
        SCENE(nor_is_a_load_that_was_broken_off_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
