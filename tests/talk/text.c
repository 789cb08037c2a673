/* The texts of a script: variables, escapes, patterns; and the transcript. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "tests/talk/talk.h"

void talk_show(FILE *to, struct text text) {
    enum { SHOWN = 600 };
    for (size_t i = 0; i < text.length && i < SHOWN; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= ' ' && byte != 0x7f)
            fputc(byte, to);
        else
            fprintf(to, "\\x%02x", byte);
    }
    if (text.length > SHOWN) fprintf(to, "... (%zu bytes)", text.length);
    fputc('\n', to);
}

void talk_note(struct talk *talk, const struct peer *peer, const char *sign,
               struct text text) {
    fprintf(talk->transcript, "%s%s ", peer->name, sign);
    talk_show(talk->transcript, text);
}

bool talk_complain(struct talk *talk, const char *format, ...) {
    va_list list;
    va_start(list, format);
    free(talk->complaint);
    if (vasprintf(&talk->complaint, format, list) < 0) talk->complaint = NULL;
    va_end(list);
    return false;
}

const char *talk_variable(const struct talk *talk, struct text name) {
    for (size_t i = talk->variable_count; i-- > 0;)
        if (text_is(name, talk->variables[i].name))
            return talk->variables[i].value;
    return NULL;
}

void talk_let(struct talk *talk, struct text name, const char *value) {
    size_t n = 0;
    while (n < talk->variable_count && !text_is(name, talk->variables[n].name))
        n++;
    struct variable *variable = &talk->variables[n];
    if (n == VARIABLES) return;
    if (!text_copy(name, variable->name, sizeof variable->name)) return;
    if (n < talk->variable_count) free(variable->value);
    variable->value = memory_string(value, strlen(value));
    if (n == talk->variable_count) talk->variable_count++;
}

/* {name}, {x*1000}, {ab*3}; anything else in braces stays as it is. */
static void write_braces(const struct talk *talk, struct text inside,
                         FILE *to) {
    const char *value = talk_variable(talk, inside);
    size_t star = text_find(inside, '*');
    uint64_t times;
    if (value) {
        fputs(value, to);
    } else if (text_number(text_after(inside, star + 1), &times)) {
        while (times-- > 0)
            fwrite(inside.at, 1, star, to);
    } else {
        fprintf(to, "{%.*s}", (int)inside.length, inside.at);
    }
}

/* Writes one escape; returns the bytes of raw that it took. */
static size_t write_escape(struct text raw, FILE *to) {
    static const char from[] = "nrt\\", into[] = "\n\r\t\\";
    char digits[3], *end;
    const char *known;
    if (raw.length >= 4 && raw.at[1] == 'x' &&
        text_copy(text_slice(raw.at + 2, 2), digits, sizeof digits)) {
        long byte = strtol(digits, &end, 16);
        if (end == digits + 2) {
            fputc((int)byte, to);
            return 4;
        }
    }
    known = raw.length < 2 ? NULL : strchr(from, raw.at[1]);
    fputc(known && *known ? into[known - from] : '\\', to);
    return known && *known ? 2 : 1;
}

/* The text that was meant; its memory is the caller's. */
struct text talk_expand(const struct talk *talk, struct text raw) {
    char *bytes = NULL;
    size_t length = 0, end;
    FILE *to = open_memstream(&bytes, &length);
    while (raw.length > 0) {
        size_t taken = 1;
        end = text_find(raw, '}');
        if (*raw.at == '\\') {
            taken = write_escape(raw, to);
        } else if (*raw.at == '{' && end < raw.length) {
            write_braces(talk, text_slice(raw.at + 1, end - 1), to);
            taken = end + 1;
        } else {
            fputc(*raw.at, to);
        }
        raw = text_after(raw, taken);
    }
    fclose(to);
    return text_slice(bytes, length);
}

char *talk_expand_string(const struct talk *talk, struct text raw) {
    return (char *)talk_expand(talk, raw).at;
}

static const char *find(struct text text, struct text part) {
    return memmem(text.at, text.length, part.at, part.length);
}

static bool ends_with(struct text text, struct text end) {
    return text.length >= end.length &&
           memcmp(text.at + text.length - end.length, end.at, end.length) == 0;
}

/* The piece of a pattern up to the next "..."; *more: there was one. */
static struct text next_piece(struct text *pattern, bool *more) {
    const char *dots = find(*pattern, text_of("..."));
    size_t length = dots ? (size_t)(dots - pattern->at) : pattern->length;
    struct text piece = text_slice(pattern->at, length);
    *more = dots;
    *pattern = text_after(*pattern, length + 3);
    return piece;
}

bool talk_matches(const struct talk *talk, struct text pattern,
                  struct text line) {
    bool first = true, more = true, fits = true;
    while (more && fits) {
        struct text raw = next_piece(&pattern, &more);
        struct text piece = talk_expand(talk, raw);
        const char *at = find(line, piece);
        if (first && !more)
            fits = text_equals(line, piece);
        else if (!more)
            fits = ends_with(line, piece);
        else
            fits = at && (!first || at == line.at);
        if (fits)
            line = text_after(line, (size_t)(at - line.at) + piece.length);
        first = false;
        free((char *)piece.at);
    }
    return fits;
}
