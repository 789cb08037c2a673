#include "client/wrap.h"

#include "client/cluster.h"

static struct text skip_blanks(struct text text) {
    while (text.length > 0 && text.at[0] == ' ')
        text = text_after(text, 1);
    return text;
}

/* Where a row that could hold `fits` bytes should end: behind the last word
 * that is whole, or at fits where the first word is longer than the row. */
static size_t break_at(struct text text, size_t fits) {
    if (text.at[fits] == ' ') return fits;
    size_t end = fits;
    while (end > 0 && text.at[end - 1] != ' ')
        end--;
    size_t blanks = end;
    while (blanks > 0 && text.at[blanks - 1] == ' ')
        blanks--;
    return blanks > 0 ? end : fits;
}

static size_t trimmed(struct text text, size_t length) {
    while (length > 0 && text.at[length - 1] == ' ')
        length--;
    return length;
}

/* Of a text of one line. */
static struct text next_of_line(struct text *rest, int columns) {
    struct text text = *rest;
    size_t fits = text_fit(text, columns);
    if (fits == text.length) {
        *rest = text_after(text, fits);
        return text;
    }
    if (fits == 0) return cluster_next(rest);
    size_t end = break_at(text, fits);
    *rest = skip_blanks(text_after(text, end));
    return text_slice(text.at, trimmed(text, end));
}

struct text wrap_next(struct text *rest, int columns) {
    struct text text = *rest;
    struct text line = text_slice(text.at, text_find(text, '\n'));
    size_t length = line.length;
    struct text row = length > 0 ? next_of_line(&line, columns) : line;
    size_t taken = length - line.length;
    *rest = text_after(text, line.length == 0 ? taken + 1 : taken);
    return row;
}

int wrap_rows(struct text text, int columns) {
    int rows = 0;
    while (text.length > 0) {
        wrap_next(&text, columns);
        rows++;
    }
    return rows > 0 ? rows : 1;
}
