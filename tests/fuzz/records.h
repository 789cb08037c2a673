/* Files of records, from whatever the fuzzer has. */
#ifndef MINICHAT_FUZZ_RECORDS_H
#define MINICHAT_FUZZ_RECORDS_H

#include <stdlib.h>

#include "client/record.h"

static inline void must(bool holds) {
    if (!holds) abort();
}

/* The fuzzer finds no sums: records are made of its fields. */
static inline void write_sums(struct bytes *file, struct text input) {
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

#endif
