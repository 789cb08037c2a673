/* What a person is asked, and that it takes nothing from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "client/commands.h"
#include "client/keys.h"
#include "client/model.h"
#include "client/view.h"

enum { ESCAPE = 27, CONTROL_C = 3 };

struct desk {
    struct model model;
    struct network *network;
    struct commands commands;
    struct commands_owner owner;
    struct keys keys;
};

static struct desk desk;

static struct session *nobody(struct commands_owner *owner,
                              struct network *network) {
    (void)owner, (void)network;
    return NULL;
}

static int lay(void **state) {
    desk = (struct desk){0};
    model_init(&desk.model);
    desk.model.now = 1000000;
    desk.network =
        model_add_network(&desk.model, text_of("box"), text_of("ada"));
    desk.owner.find_session = nobody;
    commands_init(&desk.commands, &desk.model, &desk.owner);
    keys_init(&desk.keys, &desk.model, &desk.commands);
    *state = &desk;
    return 0;
}

static int clear(void **state) {
    struct desk *t = *state;
    keys_finish(&t->keys);
    model_finish(&t->model);
    return 0;
}

static void is_asked(struct desk *t) {
    model_ask(&t->model, t->network, text_of("Is this it?"),
              text_of("a) accept · r) reject"), "ra");
}

static void passes(struct desk *t, int64_t ms) {
    t->model.now += ms;
    (void)model_tick(&t->model);
}

static void types(struct desk *t, const char *keys) {
    for (; *keys; keys++)
        keys_press(&t->keys, (uint32_t)*keys);
}

static void draft_is(struct desk *t, const char *draft) {
    struct text text = editor_text(&t->model.current->editor);
    assert_int_equal(text.length, strlen(draft));
    assert_memory_equal(text.at, draft, text.length);
}

static char answer(struct desk *t) {
    return t->network->question->answer;
}

static void who_is_writing_goes_on_writing(void **state) {
    struct desk *t = *state;
    types(t, "half of ");
    is_asked(t);
    types(t, "a line");
    draft_is(t, "half of a line");
    assert_int_equal(answer(t), 0);
    assert_false(t->network->question->ready);
}

static void each_key_keeps_it_waiting(void **state) {
    struct desk *t = *state;
    is_asked(t);
    for (int i = 0; i < 10; i++) {
        passes(t, QUESTION_CALM_MS - 1);
        types(t, "a");
    }
    draft_is(t, "aaaaaaaaaa");
    assert_int_equal(answer(t), 0);
}

static void after_a_moment_a_letter_answers(void **state) {
    struct desk *t = *state;
    types(t, "draft");
    is_asked(t);
    t->model.stale = false;
    passes(t, QUESTION_CALM_MS);
    assert_true(t->model.stale);
    types(t, "x");
    assert_int_equal(answer(t), 0);
    passes(t, QUESTION_CALM_MS);
    assert_ptr_equal(model_question(&t->model), t->network->question);
    types(t, "A");
    assert_int_equal(answer(t), 'a');
    assert_null(model_question(&t->model));
    draft_is(t, "draft");
}

static void a_word_is_no_answer(void **state) {
    struct desk *t = *state;
    types(t, "draft");
    is_asked(t);
    passes(t, QUESTION_CALM_MS);
    types(t, "hello all");
    assert_int_equal(answer(t), 0);
    passes(t, QUESTION_CALM_MS);
    types(t, "a");
    assert_int_equal(answer(t), 'a');
    draft_is(t, "draft");
}

static void it_waits_as_long_as_it_must(void **state) {
    struct desk *t = *state;
    is_asked(t);
    assert_int_equal(model_tick(&t->model), QUESTION_CALM_MS);
    t->model.now += 100;
    assert_int_equal(model_tick(&t->model), QUESTION_CALM_MS - 100);
    t->model.now += QUESTION_CALM_MS;
    assert_int_equal(model_tick(&t->model), 0);
    assert_true(t->network->question->ready);
}

static void to_get_rid_of_it_is_the_first_answer(void **state) {
    struct desk *t = *state;
    is_asked(t);
    passes(t, QUESTION_CALM_MS);
    keys_press(&t->keys, ESCAPE);
    assert_int_equal(answer(t), 'r');
    is_asked(t);
    passes(t, QUESTION_CALM_MS);
    keys_press(&t->keys, CONTROL_C);
    assert_int_equal(answer(t), 'r');
}

/* Enter would be the end of a line that somebody writes. */
static void enter_is_no_answer(void **state) {
    struct desk *t = *state;
    is_asked(t);
    passes(t, QUESTION_CALM_MS);
    keys_press(&t->keys, KEYS_ENTER);
    keys_press(&t->keys, '\r');
    assert_int_equal(answer(t), 0);
}

static void a_paste_is_no_answer(void **state) {
    struct desk *t = *state;
    is_asked(t);
    passes(t, QUESTION_CALM_MS);
    keys_paste(&t->keys, text_of("aaa"));
    assert_int_equal(answer(t), 0);
    draft_is(t, "aaa");
}

static void two_are_asked_one_after_the_other(void **state) {
    struct desk *t = *state;
    struct network *other =
        model_add_network(&t->model, text_of("other"), text_of("ada"));
    model_ask(&t->model, other, text_of("And this?"), text_of("y"), "y");
    is_asked(t);
    passes(t, QUESTION_CALM_MS);
    types(t, "a");
    assert_int_equal(answer(t), 'a');
    assert_ptr_equal(model_question(&t->model), other->question);
    model_unask(&t->model, other);
    assert_null(model_question(&t->model));
}

/* It comes up when the one before it is answered, under hands that still type.
 */
static void what_was_behind_another_waits_for_calm(void **state) {
    struct desk *t = *state;
    struct network *other =
        model_add_network(&t->model, text_of("other"), text_of("ada"));
    is_asked(t);
    model_ask(&t->model, other, text_of("And this?"), text_of("y"), "na");
    passes(t, 10 * QUESTION_CALM_MS);
    types(t, "a");
    assert_int_equal(answer(t), 'a');
    model_unask(&t->model, t->network);
    passes(t, 1);
    types(t, "and so on");
    assert_int_equal(other->question->answer, 0);
    passes(t, QUESTION_CALM_MS);
    types(t, "a");
    assert_int_equal(other->question->answer, 'a');
}

static void what_it_says_is_clean(void **state) {
    struct desk *t = *state;
    model_ask(&t->model, t->network, text_of("one\n\033[31mtwo\001"),
              text_of("y\033)"), "y");
    assert_null(strchr(t->network->question->text, 033));
    assert_null(strchr(t->network->question->prompt, 033));
    assert_non_null(strchr(t->network->question->text, '\n'));
}

static void draws_at_any_size(struct desk *t) {
    struct grid grid;
    grid_init(&grid);
    for (int width = 1; width <= 100; width++)
        for (int height = 1; height <= 30; height++) {
            view_draw(&grid, &t->model, width, height);
            assert_in_range(grid.cursor_x, 0, width - 1);
            assert_in_range(grid.cursor_y, 0, height - 1);
        }
    grid_finish(&grid);
}

static void it_is_drawn_at_any_size(void **state) {
    struct desk *t = *state;
    is_asked(t);
    passes(t, QUESTION_CALM_MS);
    draws_at_any_size(t);
}

static void is_asked_for_a_token(struct desk *t) {
    model_ask_secret(&t->model, t->network, text_of("Who are you?"));
}

static void a_secret_is_typed_unseen_at_once(void **state) {
    struct desk *t = *state;
    struct question *question;
    types(t, "draft ");
    is_asked_for_a_token(t);
    question = model_question(&t->model);
    types(t, "sesamX");
    keys_press(&t->keys, 127);
    types(t, "e");
    assert_int_equal(question->answer, 0);
    keys_press(&t->keys, '\r');
    assert_int_equal(question->answer, 'y');
    assert_true(text_is(question_typed(question), "sesame"));
    draft_is(t, "draft ");
}

static void a_secret_is_pasted_too(void **state) {
    struct desk *t = *state;
    is_asked_for_a_token(t);
    struct question *question = model_question(&t->model);
    types(t, "wrong");
    keys_press(&t->keys, 'u' & 0x1F);
    keys_paste(&t->keys, text_of("v4.public.\x1b[0mabc\r\nrest"));
    assert_true(text_is(question_typed(question), "v4.public.[0mabc"));
    assert_int_equal(question->answer, 0);
    draft_is(t, "");
}

static void no_secret_is_no_answer(void **state) {
    struct desk *t = *state;
    is_asked_for_a_token(t);
    struct question *question = model_question(&t->model);
    keys_press(&t->keys, '\r');
    assert_int_equal(question->answer, 'n');
    is_asked_for_a_token(t);
    question = model_question(&t->model);
    types(t, "half");
    keys_press(&t->keys, ESCAPE);
    assert_int_equal(question->answer, 'n');
    assert_int_equal(question_typed(question).length, 0);
}

/* Else the rest of it would go where a line is written, and be said. */
static void a_secret_is_typed_whole_whatever_else_is_asked(void **state) {
    struct desk *t = *state;
    struct network *other =
        model_add_network(&t->model, text_of("other"), text_of("ada"));
    model_ask_secret(&t->model, other, text_of("Who are you?"));
    struct question *secret = model_question(&t->model);
    types(t, "ses");
    is_asked(t);
    model_ask(&t->model, other, text_of("And this?"), text_of("y"), "y");
    types(t, "a");
    passes(t, QUESTION_CALM_MS);
    types(t, "me");
    draft_is(t, "");
    assert_ptr_equal(model_question(&t->model), secret);
    keys_press(&t->keys, '\r');
    assert_int_equal(secret->answer, 'y');
    assert_true(text_is(question_typed(secret), "sesame"));
    assert_int_equal(answer(t), 0);
}

static void what_was_asked_meanwhile_waits_for_calm(void **state) {
    struct desk *t = *state;
    is_asked_for_a_token(t);
    is_asked(t);
    passes(t, 10 * QUESTION_CALM_MS);
    types(t, "x\r");
    model_unask_secret(&t->model, t->network);
    assert_ptr_equal(model_question(&t->model), t->network->question);
    passes(t, 1);
    types(t, "a");
    assert_int_equal(answer(t), 0);
    passes(t, QUESTION_CALM_MS);
    types(t, "a");
    assert_int_equal(answer(t), 'a');
}

static void more_than_a_secret_can_be_is_left_out(void **state) {
    struct desk *t = *state;
    is_asked_for_a_token(t);
    struct question *question = model_question(&t->model);
    for (int i = 0; i < 3 * QUESTION_SECRET_SIZE; i++)
        keys_press(&t->keys, 0xE4);
    struct text typed = question_typed(question);
    assert_int_equal(typed.length, (QUESTION_SECRET_SIZE - 1) / 2 * 2);
    keys_press(&t->keys, 127);
    assert_int_equal(question_typed(question).length, typed.length - 2);
}

static void a_secret_is_drawn_at_any_size(void **state) {
    struct desk *t = *state;
    is_asked_for_a_token(t);
    draws_at_any_size(t);
    for (int i = 0; i < 300; i++)
        keys_press(&t->keys, 'x');
    draws_at_any_size(t);
}

static const char TOKEN[] = "v4.public.sesame";

static void is_answered(struct desk *t, const char *body) {
    struct news news = {.kind = NEWS_ANSWER, .body = text_of(body)};
    model_hear(&t->model, t->network, &news);
}

static void last_body_is(struct desk *t, const char *expected) {
    struct buffer *buffer = t->network->server;
    assert_true(text_is(buffer_message(buffer, buffer->last)->body, expected));
}

static void a_token_that_was_asked_for_stands_in_a_box_alone(void **state) {
    struct desk *t = *state;
    t->network->token_awaited = true;
    uint64_t before = t->network->server->last;
    is_answered(t, TOKEN);
    assert_int_equal(t->network->server->last, before);
    assert_string_equal(t->network->question->token, TOKEN);
    assert_non_null(strstr(t->network->question->text, TOKEN));
    passes(t, QUESTION_CALM_MS);
    draws_at_any_size(t);
    types(t, "c");
    assert_int_equal(answer(t), 'c');
    question_stay(t->network->question);
    types(t, "s");
    assert_int_equal(answer(t), 's');
    question_stay(t->network->question);
    keys_press(&t->keys, ESCAPE);
    assert_int_equal(answer(t), 'd');
}

/* Whoever came in by the gateway has no files. */
static void without_files_a_token_is_not_saved(void **state) {
    struct desk *t = *state;
    t->model.preferences.confined = true;
    t->network->token_awaited = true;
    is_answered(t, TOKEN);
    passes(t, QUESTION_CALM_MS);
    types(t, "s");
    assert_int_equal(answer(t), 0);
}

/* No server puts a box before us that we did not ask for, nor a second one. */
static void what_was_not_asked_for_is_told_as_any_answer(void **state) {
    struct desk *t = *state;
    is_answered(t, TOKEN);
    assert_null(t->network->question);
    last_body_is(t, TOKEN);
    t->network->token_awaited = true;
    is_answered(t, "v4.public.with more behind it");
    assert_null(t->network->question);
    is_asked(t);
    is_answered(t, "v4.public.another");
    assert_null(t->network->question->token);
    last_body_is(t, "v4.public.another");
    model_unask(&t->model, t->network);
    is_answered(t, TOKEN);
    model_unask(&t->model, t->network);
    is_answered(t, TOKEN);
    assert_null(t->network->question);
}

#define play(claim) cmocka_unit_test_setup_teardown(claim, lay, clear)

int main(void) {
    const struct CMUnitTest scenes[] = {
        play(who_is_writing_goes_on_writing),
        play(each_key_keeps_it_waiting),
        play(after_a_moment_a_letter_answers),
        play(a_word_is_no_answer),
        play(it_waits_as_long_as_it_must),
        play(to_get_rid_of_it_is_the_first_answer),
        play(enter_is_no_answer),
        play(a_paste_is_no_answer),
        play(two_are_asked_one_after_the_other),
        play(what_was_behind_another_waits_for_calm),
        play(what_it_says_is_clean),
        play(it_is_drawn_at_any_size),
        play(a_secret_is_typed_unseen_at_once),
        play(a_secret_is_pasted_too),
        play(no_secret_is_no_answer),
        play(a_secret_is_typed_whole_whatever_else_is_asked),
        play(what_was_asked_meanwhile_waits_for_calm),
        play(more_than_a_secret_can_be_is_left_out),
        play(a_secret_is_drawn_at_any_size),
        play(a_token_that_was_asked_for_stands_in_a_box_alone),
        play(without_files_a_token_is_not_saved),
        play(what_was_not_asked_for_is_told_as_any_answer),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
