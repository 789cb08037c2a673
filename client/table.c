#include "client/table.h"

#include <stdlib.h>
#include <string.h>

#include "client/record.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

static size_t size_of(const struct table_entry *entry) {
    return sizeof *entry + entry->room.length + entry->text.length;
}

static struct table_entry *copy_of(const struct table_entry *entry) {
    struct table_entry *copy = memory_new(1, size_of(entry));
    *copy = *entry;
    if (entry->room.length > 0)
        memcpy(copy->bytes, entry->room.at, entry->room.length);
    if (entry->text.length > 0)
        memcpy(copy->bytes + entry->room.length, entry->text.at,
               entry->text.length);
    copy->room = text_slice(copy->bytes, entry->room.length);
    copy->text =
        text_slice(copy->bytes + entry->room.length, entry->text.length);
    return copy;
}

struct table_entry *table_take(struct table *table, size_t index) {
    struct table_entry *entry = table->list[index];
    table->count--;
    table->bytes -= size_of(entry);
    memmove(table->list + index, table->list + index + 1,
            (table->count - index) * sizeof table->list[0]);
    return entry;
}

void table_add(struct table *table, const struct table_entry *entry) {
    if (table->count == table->room) {
        table->room = 2 * table->room + 16;
        table->list =
            memory_grow(table->list, table->room, sizeof table->list[0]);
    }
    table->list[table->count++] = copy_of(entry);
    table->bytes += size_of(entry);
    while (table->count > TABLE_ENTRIES || table->bytes > TABLE_BYTES)
        free(table_take(table, 0));
}

void table_finish(struct table *table) {
    for (size_t i = 0; i < table->count; i++)
        free(table->list[i]);
    free(table->list);
    *table = (struct table){0};
}

/* Writing ------------------------------------------------------------------ */

void table_write_one(struct bytes *to, const struct table_entry *entry) {
    char when[24];
    struct writer writer = writer_on(when, sizeof when);
    write_number(&writer, (uint64_t)entry->when);
    struct text draft[] = {text_of("draft"), entry->room, writer_text(&writer),
                           text_of(entry->pasted ? "pasted" : "typed"),
                           entry->text};
    struct text sent[] = {text_of("sent"), entry->room, entry->text};
    struct text open[] = {text_of("open"), entry->room};
    if (entry->kind == TABLE_DRAFT) record_write(to, draft, 5);
    if (entry->kind == TABLE_SENT) record_write(to, sent, 3);
    if (entry->kind == TABLE_OPEN) record_write(to, open, 2);
}

void table_write(const struct table *table, struct bytes *to) {
    for (size_t i = 0; i < table->count; i++)
        table_write_one(to, table->list[i]);
}

/* Reading ------------------------------------------------------------------ */

static bool read_draft(const struct record *record, struct table_entry *entry) {
    const struct text *fields = record->fields;
    uint64_t when;
    if (record->count != 5 || !text_number(fields[2], &when)) return false;
    entry->kind = TABLE_DRAFT;
    entry->pasted = !text_is(fields[3], "typed");
    entry->when = when < INT64_MAX ? (int64_t)when : 0;
    entry->text = fields[4];
    return true;
}

static bool read_entry(const struct record *record, struct table_entry *entry) {
    const struct text *fields = record->fields;
    *entry = (struct table_entry){.room = fields[1], .text = fields[2]};
    if (!utf8_valid(fields[1]) || fields[1].length == 0) return false;
    if (text_is(fields[0], "draft")) return read_draft(record, entry);
    entry->kind = text_is(fields[0], "sent") ? TABLE_SENT : TABLE_OPEN;
    if (entry->kind == TABLE_SENT) return record->count == 3;
    return text_is(fields[0], "open") && record->count == 2;
}

void table_read(struct table *table, struct text file, struct bytes *damaged) {
    while (file.length > 0) {
        struct text line = text_piece(&file, '\n');
        struct table_entry entry;
        struct record record;
        if (line.length == 0) continue;
        char *memory = memory_new(line.length, 1);
        bool read =
            record_read(&record, line, memory) && read_entry(&record, &entry);
        if (read) table_add(table, &entry);
        free(memory);
        if (read) continue;
        bytes_add(damaged, line);
        bytes_add_char(damaged, '\n');
    }
}
