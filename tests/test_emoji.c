/* Short names of emoji. */
#include "client/emoji.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/cluster.h"
#include "protocol/utf8.h"

static void names_stand_in_order_and_are_found(void **state) {
    const struct emoji *emoji, *before = NULL;
    size_t count = 0;
    (void)state;
    for (; (emoji = emoji_find(text_of(""), count)); count++) {
        if (before) assert_true(strcmp(before->name, emoji->name) < 0);
        before = emoji;
        assert_ptr_equal(emoji_find(text_of(emoji->name), 0), emoji);
        assert_null(strpbrk(emoji->name, ": "));
    }
    assert_true(count > 400);
    assert_string_equal(emoji_find(text_of("heart"), 0)->bytes, "❤️");
    assert_null(emoji_find(text_of("nosuchname"), 0));
}

static void each_is_one_cluster_that_may_be_said(void **state) {
    const struct emoji *emoji;
    char clean[64];
    (void)state;
    for (size_t n = 0; (emoji = emoji_find(text_of(""), n)); n++) {
        struct text bytes = text_of(emoji->bytes);
        assert_int_equal(cluster_after(bytes, 0), bytes.length);
        size_t length = utf8_clean(bytes, clean, sizeof clean);
        assert_true(text_equals(text_slice(clean, length), bytes));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stand_in_order_and_are_found),
        cmocka_unit_test(each_is_one_cluster_that_may_be_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
