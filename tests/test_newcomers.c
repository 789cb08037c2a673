/* Who has not logged in yet, and who makes room. */
#include "server/newcomers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 8 };

struct scene {
    struct newcomers all;
    struct place here, there;
    struct newcomer guests[MANY];
};

static int start(void **state) {
    *state = calloc(1, sizeof(struct scene));
    return 0;
}

static int end(void **state) {
    free(*state);
    return 0;
}

/* Every other one comes from here. */
static struct scene *all_come(void **state) {
    struct scene *s = *state;
    for (size_t i = 0; i < MANY; i++)
        newcomers_add(&s->all, &s->guests[i], i % 2 ? &s->there : &s->here);
    return s;
}

static void the_oldest_of_all_makes_room(void **state) {
    struct scene *s = all_come(state);
    assert_null(newcomers_in_excess(&s->all, NULL, MANY + 1, MANY));
    for (size_t i = 0; i < MANY; i++) {
        struct newcomer *oldest =
            newcomers_in_excess(&s->all, NULL, MANY - (unsigned)i, MANY);
        assert_ptr_equal(oldest, &s->guests[i]);
        newcomers_remove(&s->all, oldest);
    }
    assert_null(newcomers_in_excess(&s->all, NULL, 1, 1));
    assert_int_equal(s->all.count, 0);
}

static void a_full_place_makes_room_for_its_own(void **state) {
    struct scene *s = all_come(state);
    assert_null(newcomers_in_excess(&s->all, &s->there, 100, MANY / 2 + 1));
    assert_ptr_equal(newcomers_in_excess(&s->all, &s->there, 100, MANY / 2),
                     &s->guests[1]);
    newcomers_remove(&s->all, &s->guests[1]);
    newcomers_remove(&s->all, &s->guests[5]);
    assert_ptr_equal(newcomers_in_excess(&s->all, &s->there, 100, 2),
                     &s->guests[3]);
    assert_int_equal(s->there.newcomers, 2);
    assert_int_equal(s->here.newcomers, MANY / 2);
}

/* However long that one has been waiting, and however many come. */
static void who_comes_alone_outlasts_those_who_come_in_numbers(void **state) {
    struct scene *s = *state;
    struct place alone = {.name = "alone"};
    struct newcomer one;
    newcomers_add(&s->all, &one, &alone);
    all_come(state);
    for (size_t i = 0; i < MANY - 2; i++) {
        struct newcomer *next = newcomers_in_excess(&s->all, NULL, 1, MANY);
        assert_ptr_not_equal(next, &one);
        newcomers_remove(&s->all, next);
    }
    assert_int_equal(s->here.newcomers, 1);
    assert_int_equal(s->there.newcomers, 1);
    assert_ptr_equal(newcomers_next_to_go(&s->all), &one);
    newcomers_remove(&s->all, &one);
}

static void places_with_very_many_are_alike(void **state) {
    enum { CROWD = 2 * NEWCOMERS_ALIKE };
    struct scene *s = *state;
    struct newcomer crowd[CROWD];
    for (size_t i = 0; i < CROWD; i++)
        newcomers_add(&s->all, &crowd[i], &s->here);
    newcomers_add(&s->all, &s->guests[0], &s->there);
    for (size_t i = 0; i < CROWD - 1; i++) {
        assert_ptr_equal(newcomers_next_to_go(&s->all), &crowd[i]);
        newcomers_remove(&s->all, &crowd[i]);
    }
    assert_ptr_equal(newcomers_next_to_go(&s->all), &s->guests[0]);
    newcomers_remove(&s->all, &s->guests[0]);
    assert_ptr_equal(newcomers_next_to_go(&s->all), &crowd[CROWD - 1]);
}

static void who_has_logged_in_never_makes_room(void **state) {
    struct scene *s = all_come(state);
    newcomers_remove(&s->all, &s->guests[0]);
    newcomers_remove(&s->all, &s->guests[0]);
    assert_ptr_equal(newcomers_in_excess(&s->all, &s->here, MANY, MANY / 2 - 1),
                     &s->guests[2]);
    assert_int_equal(s->all.count, MANY - 1);
}

static void in_any_order_they_go(void **state) {
    static const size_t order[MANY] = {3, 7, 0, 4, 6, 1, 2, 5};
    struct scene *s = all_come(state);
    for (size_t i = 0; i < MANY; i++)
        newcomers_remove(&s->all, &s->guests[order[i]]);
    assert_null(newcomers_next_to_go(&s->all));
    assert_null(newcomers_oldest(&s->here));
    assert_null(s->there.waiting.last);
    assert_null(s->here.crowded.row);
    newcomers_add(&s->all, &s->guests[0], &s->here);
    assert_ptr_equal(newcomers_in_excess(&s->all, &s->here, 1, 9),
                     &s->guests[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_oldest_of_all_makes_room, start,
                                        end),
        cmocka_unit_test_setup_teardown(a_full_place_makes_room_for_its_own,
                                        start, end),
        cmocka_unit_test_setup_teardown(
            who_comes_alone_outlasts_those_who_come_in_numbers, start, end),
        cmocka_unit_test_setup_teardown(places_with_very_many_are_alike, start,
                                        end),
        cmocka_unit_test_setup_teardown(who_has_logged_in_never_makes_room,
                                        start, end),
        cmocka_unit_test_setup_teardown(in_any_order_they_go, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
