/* What lies on the desk of one network, as it stands on disk: records
 * (record.h), each of which stands for itself.
 *
 *     draft ROOM WHEN HOW TEXT    not sent yet; HOW: typed or pasted
 *     sent ROOM TEXT              to be recalled, the oldest first
 *     open NAME                   talk with a person, in this order
 *
 * Entries of rooms that are not open wait here until they are. Pure. */
#ifndef MINICHAT_CLIENT_TABLE_H
#define MINICHAT_CLIENT_TABLE_H

#include "client/bytes.h"

enum {
    TABLE_ENTRIES = 4000,
    TABLE_BYTES = 512 * 1024, /* more is left out, the oldest first */
};

enum table_kind { TABLE_DRAFT, TABLE_SENT, TABLE_OPEN };

struct table_entry {
    enum table_kind kind;
    bool pasted;
    int64_t when;           /* DRAFT: Unix milliseconds */
    struct text room, text; /* of bytes[] below */
    char bytes[];
};

struct table {
    struct table_entry **list;
    size_t count, room, bytes;
};

void table_add(struct table *table, const struct table_entry *entry);
/* It is free()d by who takes it. */
struct table_entry *table_take(struct table *table, size_t index);
/* Adds what is in a file; what cannot be read goes to `damaged`. */
void table_read(struct table *table, struct text file, struct bytes *damaged);
void table_write_one(struct bytes *to, const struct table_entry *entry);
void table_write(const struct table *table, struct bytes *to);
void table_finish(struct table *table);

#endif
