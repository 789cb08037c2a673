/* A draft in rows of a given width: where each ends, and where each byte
 * stands. A row ends at a line end, behind a blank where it can, inside a word
 * where the word alone is wider, and never inside a cluster. Nothing is left
 * out (as wrap does with blanks): a blank at the break stands behind the last
 * column, so a row may be one column wider than it was asked for. */
#ifndef MINICHAT_CLIENT_SHEET_H
#define MINICHAT_CLIENT_SHEET_H

#include "protocol/text.h"

struct sheet {
    struct text rest;
    int columns;
    bool over;
};

/* Counted from 0. */
struct spot {
    int row, column;
};

struct sheet sheet_on(struct text text, int columns);
/* Gives the next row, without its line end; false behind the last. An empty
 * text has one row. */
bool sheet_row(struct sheet *sheet, struct text *row);
int sheet_rows(struct text text, int columns);
/* Where the byte at `at`, or the end of the text, is drawn. */
struct spot sheet_spot(struct text text, int columns, size_t at);
/* The byte that is drawn there, or the nearest one in that row that is; the
 * last row is taken for those behind it. */
size_t sheet_byte(struct text text, int columns, struct spot spot);

#endif
