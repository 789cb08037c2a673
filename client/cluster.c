#include "client/cluster.h"

#include <string.h>
#include <utf8proc.h>

#include "protocol/utf8.h"

enum {
    REPLACEMENT = 0xFFFD,
    FIRST_REGIONAL = 0x1F1E6, /* a flag is two of these, A to Z */
    LAST_REGIONAL = 0x1F1FF,
};

static bool is_plain(char byte) {
    return byte >= 0x20 && byte < 0x7F;
}

struct text cluster_next(struct text *rest) {
    struct text all = *rest;
    if (all.length > 1 && is_plain(all.at[0]) && is_plain(all.at[1])) {
        *rest = text_after(all, 1);
        return text_slice(all.at, 1);
    }
    utf8proc_int32_t state = 0;
    int32_t before = utf8_next(rest);
    while (before != UTF8_INVALID_BYTE && rest->length > 0) {
        struct text further = *rest;
        int32_t point = utf8_next(&further);
        if (point == UTF8_INVALID_BYTE) break;
        if (utf8proc_grapheme_break_stateful(before, point, &state)) break;
        before = point;
        *rest = further;
    }
    return text_slice(all.at, all.length - rest->length);
}

size_t cluster_before(struct text text, size_t at) {
    struct text rest = text;
    size_t start = 0;
    while (rest.length > 0) {
        size_t length = cluster_next(&rest).length;
        if (start + length >= at) return start;
        start += length;
    }
    return start;
}

size_t cluster_after(struct text text, size_t at) {
    if (at >= text.length) return text.length;
    struct text rest = text_after(text, at);
    return at + cluster_next(&rest).length;
}

static bool is_pictograph(int32_t point) {
    return utf8proc_get_property(point)->boundclass ==
           UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

static bool is_unassigned(int32_t point) {
    return utf8proc_category(point) == UTF8PROC_CATEGORY_CN;
}

/* Columns of a code point; 0: it belongs to the one before it. */
static int columns_of(int32_t point) {
    if (point >= 0x20 && point < 0x7F) return 1;
    if (is_unassigned(point)) return 1;
    return utf8proc_charwidth(point);
}

/* What stands at the start of a glyph is always visible and of known width. */
static int32_t visible(int32_t point) {
    if (point >= FIRST_REGIONAL && point <= LAST_REGIONAL)
        return 'A' + (point - FIRST_REGIONAL);
    if (point < 0x20 || (point >= 0x7F && point < 0xA0)) return REPLACEMENT;
    if (is_unassigned(point) || columns_of(point) < 1) return REPLACEMENT;
    return point;
}

/* Joiners and variation selectors change what is drawn in ways that terminals
 * do not agree on. */
static bool is_mark(int32_t point) {
    utf8proc_category_t category = utf8proc_category(point);
    if (point >= 0xFE00 && point <= 0xFE0F) return false;
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

static void add_point(struct glyph *glyph, int32_t point) {
    glyph->length =
        (uint8_t)(glyph->length +
                  utf8_put(glyph->bytes + glyph->length, (uint32_t)point));
    glyph->bytes[glyph->length] = '\0';
}

static bool add_marks(struct glyph *glyph, struct text *cluster) {
    struct text further = *cluster;
    int points = 1;
    while (further.length > 0) {
        int32_t point = utf8_next(&further);
        if (point == UTF8_INVALID_BYTE || columns_of(point) > 0) return false;
        if (is_mark(point) && points++ < GLYPH_POINTS) add_point(glyph, point);
        *cluster = further;
    }
    return true;
}

bool glyph_next(struct text *rest, struct glyph *glyph) {
    if (rest->length == 0) return false;
    struct text all = *rest;
    struct text cluster = cluster_next(rest);
    size_t whole = cluster.length;
    int32_t base = utf8_next(&cluster);
    int32_t shown = visible(base);

    memset(glyph, 0, sizeof *glyph);
    add_point(glyph, shown);
    glyph->width = (uint8_t)(columns_of(shown) > 1 ? 2 : 1);
    if (base >= 0 && is_pictograph(base)) return true;
    if (!add_marks(glyph, &cluster))
        *rest = text_after(all, whole - cluster.length);
    return true;
}

/* How many clusters of one printable ASCII byte the text begins with, at most
 * so many. What follows could combine with the last. */
static size_t plain_run(struct text text, size_t most) {
    size_t n = 0;
    while (n < most && n < text.length && is_plain(text.at[n]))
        n++;
    bool open = n > 0 && n < text.length && !is_plain(text.at[n]);
    return open ? n - 1 : n;
}

int text_columns(struct text text) {
    struct glyph glyph = {.width = 0};
    int columns = 0;
    do {
        size_t run = plain_run(text, text.length);
        columns += (int)run + glyph.width;
        text = text_after(text, run);
    } while (glyph_next(&text, &glyph));
    return columns;
}

size_t text_fit(struct text text, int columns) {
    struct text rest = text;
    while (rest.length > 0 && columns > 0) {
        size_t run = plain_run(rest, (size_t)columns);
        columns -= (int)run;
        rest = text_after(rest, run);
        if (run > 0) continue;
        struct text before = rest;
        columns -= text_columns(cluster_next(&rest));
        if (columns < 0) return text.length - before.length;
    }
    return text.length - rest.length;
}
