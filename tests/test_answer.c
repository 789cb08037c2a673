/* What a server's numeric replies say, in words. */
#include "client/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void says(const char *line, const char *words) {
    char told[512];
    struct writer writer = writer_on(told, sizeof told - 1);
    struct ircmsg message;
    assert_true(ircmsg_parse(&message, text_of(line)));
    (void)answer_write(&writer, &message);
    told[writer.length] = '\0';
    assert_string_equal(told, words);
}

static void what_letters_of_who_mean_is_said(void **state) {
    (void)state;
    says(":x 352 us #lab ada box x ada H :0 Ada",
         "ada · ada@box · #lab · here");
    says(":x 352 us #lab ada box x ada G*@ :0 Ada",
         "ada · ada@box · #lab · away, administrator, operator");
    says(":x 352 us #lab ada box x ada Hr+ :0 Ada",
         "ada · ada@box · #lab · here, may speak");
}

static void how_long_is_told_as_people_say_it(void **state) {
    (void)state;
    says(":x 317 us ada 7500 1795909333 :seconds idle",
         "ada was last heard 2h5m ago");
    says(":x 317 us ada 0 1795909333 :seconds idle",
         "ada was last heard 0s ago");
    says(":x 317 us ada 99999999999999999999 :seconds idle",
         "ada was last heard 99999999999999999999 s ago");
    says(":x 317 us ada later :seconds idle", "ada was last heard later s ago");
}

static void what_is_not_known_is_told_as_it_stands(void **state) {
    (void)state;
    says(":x 999 us one :two three", "one two three");
    says(":x 352 us", " · @ ·  · ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_letters_of_who_mean_is_said),
        cmocka_unit_test(how_long_is_told_as_people_say_it),
        cmocka_unit_test(what_is_not_known_is_told_as_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
