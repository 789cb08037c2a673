/* Whose turn it is. */
#include "server/handshakes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/writer.h"

enum { PLACES = 3, MANY = HANDSHAKES_OF_PLACE + 4, TURNS = 2 };

struct scene;

/* One that is over after so many turns, the first of which it is given a letter
 * for, the others a small one; unless it never answers. */
struct guest {
    struct handshake handshake;
    struct scene *scene;
    char letter;
    unsigned turns, needs;
    bool answers;
};

struct scene {
    uv_loop_t loop;
    struct handshakes all;
    struct place places[PLACES];
    struct guest guests[PLACES][MANY];
    char memory[256];
    struct writer turns;
};

static void advance(struct handshake *handshake) {
    struct guest *guest = container_of(handshake, struct guest, handshake);
    struct scene *s = guest->scene;
    bool is_first = guest->turns++ == 0;
    write_char(&s->turns,
               is_first ? guest->letter : (char)(guest->letter - 'A' + 'a'));
    if (!guest->answers) return;
    if (guest->turns == guest->needs)
        handshake_end(&s->all, handshake);
    else
        handshake_wait(&s->all, handshake);
}

static int start(void **state) {
    struct scene *s = calloc(1, sizeof *s);
    uv_loop_init(&s->loop);
    handshakes_init(&s->all, &s->loop, advance);
    s->turns = writer_on(s->memory, sizeof s->memory - 1);
    for (size_t place = 0; place < PLACES; place++)
        for (size_t i = 0; i < MANY; i++)
            s->guests[place][i] =
                (struct guest){.handshake.place = &s->places[place],
                               .scene = s,
                               .letter = (char)('A' + place),
                               .needs = TURNS,
                               .answers = true};
    *state = s;
    return 0;
}

static int end(void **state) {
    struct scene *s = *state;
    for (size_t place = 0; place < PLACES; place++)
        for (size_t i = 0; i < MANY; i++)
            handshake_end(&s->all, &s->guests[place][i].handshake);
    assert_int_equal(s->all.begun, 0);
    for (size_t i = 0; i < HANDSHAKES_KINDS; i++)
        assert_null(s->all.rows[i].first);
    assert_null(s->all.aside.first);
    handshakes_close(&s->all);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&s->loop), 0);
    free(s);
    return 0;
}

static void come(struct scene *s, size_t place, size_t first, size_t count) {
    for (size_t i = first; i < first + count; i++)
        handshake_wait(&s->all, &s->guests[place][i].handshake);
}

static void takes_turns(struct scene *s, const char *expected) {
    uv_run(&s->loop, UV_RUN_DEFAULT);
    s->memory[s->turns.length] = '\0';
    assert_string_equal(s->memory, expected);
    s->turns.length = 0;
}

static void who_has_begun_and_who_begins_alternate(void **state) {
    struct scene *s = *state;
    come(s, 0, 0, 3);
    takes_turns(s, "AaAaAa");
}

static void turns_go_round_among_places(void **state) {
    struct scene *s = *state;
    come(s, 0, 0, 6);
    come(s, 1, 0, 4);
    come(s, 2, 0, 1);
    takes_turns(s, "AaBbCcAaBbAaBbAaBbAaAa");
}

static void who_answers_byte_by_byte_keeps_nobody_from_beginning(void **state) {
    struct scene *s = *state;
    for (size_t i = 0; i < 3; i++)
        s->guests[0][i].needs = 8;
    come(s, 0, 0, 3);
    come(s, 1, 0, 2);
    takes_turns(s, "AaBabAaaaBabaAaaaaaaaaaaaaaa");
}

static void who_comes_from_elsewhere_is_before_those_who_flood(void **state) {
    struct scene *s = *state;
    come(s, 0, 0, MANY);
    come(s, 1, 0, MANY);
    while (s->turns.length < 8)
        uv_run(&s->loop, UV_RUN_ONCE);
    s->turns.length = 0;
    come(s, 2, 0, 1);
    uv_run(&s->loop, UV_RUN_DEFAULT);
    size_t began = text_find(writer_text(&s->turns), 'C');
    size_t ended = text_find(writer_text(&s->turns), 'c');
    assert_true(began < HANDSHAKES_KINDS);
    assert_true(ended < began + 4 * HANDSHAKES_KINDS);
}

static void of_one_place_so_many_are_begun(void **state) {
    struct scene *s = *state;
    char expected[HANDSHAKES_OF_PLACE + 3] = "";
    for (size_t i = 0; i < MANY; i++)
        s->guests[0][i].answers = false;
    come(s, 0, 0, MANY);
    come(s, 1, 0, 1);
    memset(expected, 'A', HANDSHAKES_OF_PLACE + 2);
    expected[1] = 'B';
    expected[2] = 'b';
    takes_turns(s, expected);
    handshake_end(&s->all, &s->guests[0][0].handshake);
    takes_turns(s, "A");
    handshake_end(&s->all, &s->guests[0][MANY - 1].handshake);
    takes_turns(s, "");
    for (size_t i = 0; i < 2; i++)
        handshake_end(&s->all, &s->guests[0][i + 1].handshake);
    takes_turns(s, "AA");
}

static void who_leaves_has_no_turn(void **state) {
    struct scene *s = *state;
    come(s, 0, 0, 3);
    come(s, 1, 0, 1);
    handshake_end(&s->all, &s->guests[0][1].handshake);
    handshake_end(&s->all, &s->guests[1][0].handshake);
    handshake_end(&s->all, &s->guests[1][0].handshake);
    takes_turns(s, "AaAa");
    assert_null(s->places[1].begins.row);
}

static void where_all_are_too_many_one_goes_when_one_has_gone(void **state) {
    struct scene *s = *state;
    s->guests[0][0].answers = false;
    come(s, 0, 0, 1);
    takes_turns(s, "A");
    s->all.begun += HANDSHAKES_IN_ALL - 1;
    come(s, 1, 0, 1);
    come(s, 2, 0, 1);
    takes_turns(s, "");
    handshake_end(&s->all, &s->guests[0][0].handshake);
    takes_turns(s, "BbCc");
    s->all.begun -= HANDSHAKES_IN_ALL - 1;
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(who_has_begun_and_who_begins_alternate),
        SCENE(turns_go_round_among_places),
        SCENE(who_answers_byte_by_byte_keeps_nobody_from_beginning),
        SCENE(who_comes_from_elsewhere_is_before_those_who_flood),
        SCENE(of_one_place_so_many_are_begun),
        SCENE(who_leaves_has_no_turn),
        SCENE(where_all_are_too_many_one_goes_when_one_has_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
