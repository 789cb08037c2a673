/* What lies on the desk comes back from the disk. */
#include "client/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/memory.h"

static void put(struct table *table, enum table_kind kind, const char *room,
                const char *text) {
    struct table_entry entry = {.kind = kind,
                                .when = 7,
                                .pasted = true,
                                .room = text_of(room),
                                .text = text_of(text)};
    table_add(table, &entry);
}

static void is(const struct table_entry *entry, enum table_kind kind,
               const char *room, const char *text) {
    assert_int_equal(entry->kind, kind);
    assert_true(text_is(entry->room, room));
    assert_true(text_is(entry->text, text));
}

static void all_of_it_comes_back(void **state) {
    struct table table = {0}, again = {0};
    struct bytes file = {0}, damaged = {0};
    (void)state;
    put(&table, TABLE_OPEN, "bob", "");
    put(&table, TABLE_DRAFT, "#a", "two\nlines\twith a tab");
    put(&table, TABLE_SENT, "#a", "said");
    table_write(&table, &file);
    bytes_add_string(&file, "cut off in the");
    table_read(&again, bytes_text(&file), &damaged);
    assert_int_equal(again.count, 3);
    is(again.list[0], TABLE_OPEN, "bob", "");
    is(again.list[1], TABLE_DRAFT, "#a", "two\nlines\twith a tab");
    assert_true(again.list[1]->pasted);
    assert_int_equal(again.list[1]->when, 7);
    is(again.list[2], TABLE_SENT, "#a", "said");
    assert_true(text_is(bytes_text(&damaged), "cut off in the\n"));
    table_finish(&table);
    table_finish(&again);
    bytes_finish(&file);
    bytes_finish(&damaged);
}

static void what_is_taken_is_gone(void **state) {
    struct table table = {0};
    (void)state;
    put(&table, TABLE_SENT, "#a", "one");
    put(&table, TABLE_SENT, "#b", "two");
    struct table_entry *entry = table_take(&table, 0);
    is(entry, TABLE_SENT, "#a", "one");
    free(entry);
    assert_int_equal(table.count, 1);
    is(table.list[0], TABLE_SENT, "#b", "two");
    table_finish(&table);
    assert_int_equal(table.bytes, 0);
}

static void the_oldest_go_where_it_is_too_much(void **state) {
    struct table table = {0};
    char *much = memory_new(TABLE_BYTES / 4, 1);
    (void)state;
    memset(much, 'x', TABLE_BYTES / 4 - 1);
    put(&table, TABLE_SENT, "#a", "first");
    for (int i = 0; i < 4; i++)
        put(&table, TABLE_SENT, "#a", much);
    assert_int_equal(table.count, 3);
    for (int i = 0; i < TABLE_ENTRIES + 5; i++)
        put(&table, TABLE_SENT, "#a", "x");
    assert_true(table.count <= TABLE_ENTRIES);
    assert_true(table.bytes <= TABLE_BYTES);
    table_finish(&table);
    free(much);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_comes_back),
        cmocka_unit_test(what_is_taken_is_gone),
        cmocka_unit_test(the_oldest_go_where_it_is_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
