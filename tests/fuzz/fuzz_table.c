/* Whatever stands in the file of a desk: what is read can be written and comes
 * back the same, and it is bounded. */
#include "client/table.h"

#include <stdlib.h>

#include "client/record.h"
#include "protocol/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

/* The fuzzer finds no sums: records are made of its fields. */
static void write_sums(struct bytes *file, struct text input) {
    while (input.length > 0) {
        struct text fields[RECORD_FIELDS], line = text_piece(&input, '\n');
        size_t count = 0;
        if (text_begins(line, "!")) {
            bytes_add(file, line);
            bytes_add_char(file, '\n');
            continue;
        }
        while (count < RECORD_FIELDS && line.length > 0)
            fields[count++] = text_piece(&line, '|');
        if (count > 0) record_write(file, fields, count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct table table = {0}, again = {0};
    struct bytes file = {0}, copy = {0}, damaged = {0};
    write_sums(&file, text_slice((const char *)data, size));
    table_read(&table, bytes_text(&file), &damaged);
    must(table.count <= TABLE_ENTRIES && table.bytes <= TABLE_BYTES);
    bytes_finish(&damaged);
    table_write(&table, &copy);
    table_read(&again, bytes_text(&copy), &damaged);
    must(damaged.length == 0 && again.count == table.count);
    for (size_t i = 0; i < table.count; i++) {
        must(text_equals(table.list[i]->text, again.list[i]->text));
        must(utf8_valid(table.list[i]->room));
        must(table.list[i]->kind == again.list[i]->kind);
    }
    table_finish(&table);
    table_finish(&again);
    bytes_finish(&file);
    bytes_finish(&copy);
    bytes_finish(&damaged);
    return 0;
}
