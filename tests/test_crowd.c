/* How many are connected from where. */
#include "server/crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void so_many_from_one_place_and_no_more(void **state) {
    (void)state;
    struct crowd crowd;
    crowd_init(&crowd);
    struct place *a = crowd_enter(&crowd, text_of("10.0.0.1"), 2);
    struct place *b = crowd_enter(&crowd, text_of("10.0.0.1"), 2);
    assert_non_null(a);
    assert_ptr_equal(a, b);
    assert_null(crowd_enter(&crowd, text_of("10.0.0.1"), 2));
    struct place *other = crowd_enter(&crowd, text_of("10.0.0.2"), 2);
    assert_non_null(other);
    crowd_leave(&crowd, a);
    assert_non_null(crowd_enter(&crowd, text_of("10.0.0.1"), 2));
    crowd_leave(&crowd, a);
    crowd_leave(&crowd, a);
    crowd_leave(&crowd, other);
    crowd_leave(&crowd, NULL);
    assert_int_equal(crowd.places.count, 0);
    crowd_finish(&crowd);
}

static void none_means_none(void **state) {
    (void)state;
    struct crowd crowd;
    crowd_init(&crowd);
    assert_null(crowd_enter(&crowd, text_of("10.0.0.1"), 0));
    assert_int_equal(crowd.places.count, 0);
    crowd_finish(&crowd);
}

static void a_long_name_is_one_place_too(void **state) {
    (void)state;
    struct crowd crowd;
    char name[200];
    memset(name, 'x', sizeof name);
    crowd_init(&crowd);
    struct place *a = crowd_enter(&crowd, text_slice(name, 200), 9);
    assert_ptr_equal(crowd_enter(&crowd, text_slice(name, 200), 9), a);
    crowd_leave(&crowd, a);
    crowd_leave(&crowd, a);
    crowd_finish(&crowd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(so_many_from_one_place_and_no_more),
        cmocka_unit_test(none_means_none),
        cmocka_unit_test(a_long_name_is_one_place_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
