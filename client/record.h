/* A line of the files that we keep for ourselves: a sum, and fields.
 *
 *     5f3a9c01 TAB say TAB #lobby TAB two\nlines LF
 *
 * The sum (FNV-1a of what stands behind it, 8 hexadecimal digits) tells a line
 * that was cut or damaged from one that is whole; a damaged one does not harm
 * those around it. In fields \\ \n \r \t and \0 stand for these bytes. Pure. */
#ifndef MINICHAT_CLIENT_RECORD_H
#define MINICHAT_CLIENT_RECORD_H

#include "client/bytes.h"

enum { RECORD_FIELDS = 8 };

struct record {
    struct text fields[RECORD_FIELDS]; /* those that are missing are empty */
    size_t count;
};

/* count <= RECORD_FIELDS */
void record_write(struct bytes *to, const struct text fields[], size_t count);
/* A line without its end. memory has line.length bytes and holds the fields.
 * False where the line is damaged or has too many. */
bool record_read(struct record *record, struct text line, char *memory);

#endif
