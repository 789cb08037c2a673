#include "client/sheet.h"

#include "client/cluster.h"

struct sheet sheet_on(struct text text, int columns) {
    return (struct sheet){.rest = text, .columns = columns < 1 ? 1 : columns};
}

/* How much of a line that is too long for one row stands in it. */
static size_t break_at(struct text line, size_t fits) {
    if (line.at[fits] == ' ') return fits + 1;
    size_t end = fits;
    while (end > 0 && line.at[end - 1] != ' ')
        end--;
    if (end > 0) return end;
    return fits > 0 ? fits : cluster_after(line, 0);
}

bool sheet_row(struct sheet *sheet, struct text *row) {
    struct text rest = sheet->rest;
    if (sheet->over) return false;
    struct text line = text_slice(rest.at, text_find(rest, '\n'));
    size_t end = text_fit(line, sheet->columns);
    bool whole = end == line.length;
    if (!whole) end = break_at(line, end);
    *row = text_slice(line.at, end);
    /* What is typed behind a blank that has no column begins a new row. */
    bool hangs = !whole && line.at[end - 1] == ' ';
    sheet->over = end == rest.length && !hangs;
    bool ends = end == line.length && end < rest.length;
    sheet->rest = text_after(rest, ends ? end + 1 : end);
    return true;
}

int sheet_rows(struct text text, int columns) {
    struct sheet sheet = sheet_on(text, columns);
    struct text row;
    int rows = 0;
    while (sheet_row(&sheet, &row))
        rows++;
    return rows;
}

struct spot sheet_spot(struct text text, int columns, size_t at) {
    struct sheet sheet = sheet_on(text, columns);
    struct spot spot = {-1, 0};
    struct text row;
    while (sheet_row(&sheet, &row)) {
        size_t start = (size_t)(row.at - text.at);
        if (start > at) break;
        size_t before = at - start < row.length ? at - start : row.length;
        spot.row++;
        spot.column = text_columns(text_slice(row.at, before));
    }
    return spot;
}

size_t sheet_byte(struct text text, int columns, struct spot spot) {
    struct sheet sheet = sheet_on(text, columns);
    struct text row = text;
    for (int i = 0; i <= spot.row && sheet_row(&sheet, &row); i++)
        continue;
    size_t start = (size_t)(row.at - text.at);
    size_t fits = text_fit(row, spot.column);
    /* What is behind the last byte of a row that goes on is in the next. */
    bool goes_on = !sheet.over && sheet.rest.at == row.at + row.length;
    if (fits == row.length && goes_on) fits = cluster_before(row, fits);
    return start + fits;
}
