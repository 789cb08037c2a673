/* Where the lines of the past belong. The lines of one answer follow one
 * another with nothing between them. So each belongs right behind the one
 * before it, be that new or known; and where an answer goes on behind a gap
 * with what is known there, that gap is none.
 *
 * Only where an answer begins may not be known yet: then its lines stand where
 * they were asked for, until one comes that is known further up. */
#include "client/model_parts.h"

static uint64_t gap_between(const struct buffer *buffer, uint64_t from,
                            uint64_t to) {
    for (uint64_t n = from; n < to; n++)
        if (buffer_is_gap(buffer, n)) return n;
    return 0;
}

/* So many more, or fewer, are missing there; where that is not known, it stays
 * so. */
static void add(struct buffer *buffer, uint64_t gap, int64_t count) {
    if (count == 0 || !buffer_is_gap(buffer, gap)) return;
    int64_t missing = buffer_message(buffer, gap)->missing;
    if (missing == 0) return;
    missing += count;
    buffer_set_missing(buffer, gap, missing > 0 ? (unsigned)missing : 0);
}

/* The gap before the next line, past what only happened. */
static uint64_t gap_before_line(const struct buffer *buffer, uint64_t number) {
    uint64_t line = buffer_line_below(buffer, number);
    return gap_between(buffer, number, line ? line : buffer->last + 1);
}

void model_count_filled(struct buffer *buffer, const struct inquiry *inquiry) {
    uint64_t gap = gap_before_line(buffer, buffer->fill);
    if (gap == 0 && !inquiry->met) gap = buffer->hole;
    add(buffer, gap, -1);
}

/* That line is further up. What the answer brought before it comes before it,
 * and was not from the hole; and where a gap lies below, what comes next does
 * too. */
static void meet(struct buffer *buffer, struct inquiry *inquiry,
                 uint64_t number) {
    unsigned count = inquiry->anchored ? 0 : inquiry->fresh;
    bool gap = gap_between(buffer, number, buffer->fill);
    add(buffer, buffer->hole, count);
    if (count > 0)
        buffer_move(buffer, buffer->fill - count, buffer->fill, number);
    add(buffer, number - 1, -(int64_t)count);
    if (!gap) return;
    inquiry->met = true;
    buffer->fill = number + count + 1;
}

void model_pass(struct buffer *buffer, struct inquiry *inquiry,
                uint64_t number) {
    if (number < buffer->fill)
        meet(buffer, inquiry, number);
    else
        buffer->fill =
            number + 1 - buffer_close_gaps(buffer, buffer->fill, number);
    inquiry->anchored = inquiry->ends_known = true;
}

void model_close_hole(struct buffer *buffer) {
    if (buffer->hole) buffer_remove(buffer, buffer->hole);
}

void model_close_below(struct buffer *buffer) {
    uint64_t next = buffer_line_below(buffer, buffer->fill);
    buffer_close_gaps(buffer, buffer->fill, next ? next : buffer->last);
}

void model_cut_below(struct buffer *buffer, const struct inquiry *inquiry) {
    if (inquiry->fresh == 0 || inquiry->ends_known) return;
    if (gap_before_line(buffer, buffer->fill)) return;
    if (buffer->hole) buffer_set_missing(buffer, buffer->hole, 0);
    buffer_insert_gap(buffer, buffer->fill, 0);
}

void model_cut_above(struct buffer *buffer, const struct inquiry *inquiry) {
    uint64_t first = buffer->fill - inquiry->fresh;
    if (inquiry->fresh == 0 || inquiry->anchored) return;
    if (buffer_line_above(buffer, first - 1))
        buffer_insert_gap(buffer, first, 0);
}

/* What is told without being asked for stands by its time, below any gap. */
uint64_t model_place_by_time(const struct buffer *buffer, int64_t when) {
    uint64_t number = buffer->last;
    while (number >= buffer->first && !buffer_is_gap(buffer, number) &&
           buffer_message(buffer, number)->when > when)
        number--;
    return number + 1;
}
