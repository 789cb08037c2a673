/* A line of our own files comes back as it was written, or not at all. */
#include "client/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/memory.h"

static struct text written(struct bytes *to, const struct text fields[],
                           size_t count) {
    record_write(to, fields, count);
    struct text line = bytes_text(to);
    assert_int_equal(text_find(line, '\n'), line.length - 1);
    return text_slice(line.at, line.length - 1);
}

static bool reads(struct record *record, struct text line, char memory[256]) {
    assert_true(line.length <= 256);
    return record_read(record, line, memory);
}

static void fields_come_back_byte_for_byte(void **state) {
    struct text fields[] = {
        text_of("say"), text_slice("a\tb\nc\r\\d\0e", 11),
        text_of(""),    text_of("äöü \033"),
        text_of(""),
    };
    struct bytes bytes = {0};
    struct record record;
    char memory[256];
    (void)state;
    assert_true(reads(&record, written(&bytes, fields, 5), memory));
    assert_int_equal(record.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(text_equals(record.fields[i], fields[i]));
    assert_int_equal(record.fields[7].length, 0);
    bytes_finish(&bytes);
}

static void any_damage_is_seen(void **state) {
    struct text fields[] = {text_of("say"), text_of("two words")};
    struct bytes bytes = {0};
    struct record record;
    char memory[256];
    (void)state;
    struct text line = written(&bytes, fields, 2);
    for (size_t cut = 0; cut < line.length; cut++)
        assert_false(reads(&record, text_slice(line.at, cut), memory));
    for (size_t i = 0; i < line.length; i++) {
        bytes.at[i] = (char)(bytes.at[i] ^ 4);
        assert_false(reads(&record, line, memory));
        bytes.at[i] = (char)(bytes.at[i] ^ 4);
    }
    assert_true(reads(&record, line, memory));
    bytes_finish(&bytes);
}

static void too_many_fields_are_no_record(void **state) {
    struct text fields[RECORD_FIELDS + 1] = {text_of("a")};
    struct bytes bytes = {0};
    struct record record;
    char memory[256];
    (void)state;
    assert_false(
        reads(&record, written(&bytes, fields, RECORD_FIELDS + 1), memory));
    bytes_finish(&bytes);
    assert_true(reads(&record, written(&bytes, fields, RECORD_FIELDS), memory));
    bytes_finish(&bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_back_byte_for_byte),
        cmocka_unit_test(any_damage_is_seen),
        cmocka_unit_test(too_many_fields_are_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
