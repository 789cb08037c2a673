#include "protocol/line.h"

#include "protocol/memory.h"

#include <stdlib.h>
#include <string.h>

struct line *line_new(struct text text) {
    struct line *line = memory_grow(NULL, sizeof *line + text.length, 1);
    line->holders = 1;
    line->text = text_slice(line->bytes, text.length);
    if (text.length > 0) memcpy(line->bytes, text.at, text.length);
    return line;
}

struct line *line_hold(struct line *line) {
    line->holders++;
    return line;
}

void line_drop(struct line *line) {
    if (!line || --line->holders > 0) return;
    free(line);
}
