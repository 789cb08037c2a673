/* What is due next, whatever was put in, moved or taken out before. */
#include "server/agenda.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOMENTS = 500 };

static void the_earliest_comes_first(void **state) {
    (void)state;
    struct agenda agenda;
    struct moment moments[3] = {0};
    agenda_init(&agenda);
    assert_null(agenda_next(&agenda));
    agenda_set(&agenda, &moments[0], 30);
    agenda_set(&agenda, &moments[1], 10);
    agenda_set(&agenda, &moments[2], 20);
    assert_ptr_equal(agenda_next(&agenda), &moments[1]);
    agenda_remove(&agenda, &moments[1]);
    assert_ptr_equal(agenda_next(&agenda), &moments[2]);
    agenda_finish(&agenda);
}

static void a_moment_moves_when_it_is_set_again(void **state) {
    (void)state;
    struct agenda agenda;
    struct moment moments[2] = {0};
    agenda_init(&agenda);
    agenda_set(&agenda, &moments[0], 10);
    agenda_set(&agenda, &moments[1], 20);
    agenda_set(&agenda, &moments[0], 30);
    assert_ptr_equal(agenda_next(&agenda), &moments[1]);
    assert_int_equal(agenda.count, 2);
    agenda_finish(&agenda);
}

static void removing_what_is_not_there_does_nothing(void **state) {
    (void)state;
    struct agenda agenda;
    struct moment moments[2] = {0};
    agenda_init(&agenda);
    agenda_set(&agenda, &moments[0], 10);
    agenda_remove(&agenda, &moments[1]);
    agenda_remove(&agenda, &moments[0]);
    agenda_remove(&agenda, &moments[0]);
    assert_null(agenda_next(&agenda));
    agenda_finish(&agenda);
}

/* The same numbers each time. */
static unsigned next_number(unsigned *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static const struct moment *earliest(const struct moment *moments) {
    const struct moment *first = NULL;
    for (size_t i = 0; i < MOMENTS; i++)
        if (moments[i].place && (!first || moments[i].when < first->when))
            first = &moments[i];
    return first;
}

static void any_history_keeps_the_order(void **state) {
    (void)state;
    struct agenda agenda;
    static struct moment moments[MOMENTS];
    agenda_init(&agenda);
    unsigned seed = 1;
    for (int step = 0; step < 20000; step++) {
        struct moment *moment = &moments[next_number(&seed) % MOMENTS];
        if (next_number(&seed) % 3 == 0)
            agenda_remove(&agenda, moment);
        else
            agenda_set(&agenda, moment, next_number(&seed) % 1000);
        const struct moment *expected = earliest(moments);
        const struct moment *next = agenda_next(&agenda);
        assert_int_equal(next != NULL, expected != NULL);
        if (next && expected) assert_int_equal(next->when, expected->when);
    }
    agenda_finish(&agenda);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_comes_first),
        cmocka_unit_test(a_moment_moves_when_it_is_set_again),
        cmocka_unit_test(removing_what_is_not_there_does_nothing),
        cmocka_unit_test(any_history_keeps_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
