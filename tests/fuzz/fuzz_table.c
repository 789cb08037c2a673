/* Whatever stands in the file of a desk: what is read can be written and comes
 * back the same, and it is bounded. */
#include "client/table.h"

#include "protocol/utf8.h"
#include "tests/fuzz/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
