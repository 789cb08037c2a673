/* What a person asks of the past: more above, what is missing, some day. */
#include "client/model_parts.h"

enum { SHOWN_BELOW = 8 }; /* messages below one that was gone to */

bool model_is_asking(const struct buffer *buffer) {
    return catchup_find(&buffer->network->catchup, text_of(buffer->name));
}

static const char *reason_not_to_ask(const struct buffer *buffer) {
    const struct network *network = buffer->network;
    if (buffer->kind == BUFFER_SERVER) return "nothing is said here";
    if (!network->online) return "not connected: it is read when we are";
    if (!model_has_history(network)) return "this server keeps no history";
    if (model_is_asking(buffer)) return "it is being read already";
    return NULL;
}

static bool may_ask(struct model *model, struct buffer *buffer, bool wanted) {
    const char *why = reason_not_to_ask(buffer);
    if (why && wanted) model_tell(model, buffer, MESSAGE_ERROR, text_of(why));
    return !why;
}

static struct inquiry *open_inquiry(struct model *model, struct buffer *buffer,
                                    enum inquiry_kind kind, uint64_t fill,
                                    uint64_t hole) {
    buffer->fill = fill;
    buffer->hole = hole;
    return catchup_open(&buffer->network->catchup, text_of(buffer->name), kind,
                        model->now);
}

void model_ask_older(struct model *model, struct buffer *buffer, unsigned count,
                     bool wanted) {
    if (!may_ask(model, buffer, wanted)) return;
    if (buffer->complete && wanted)
        model_tell(model, buffer, MESSAGE_ANSWER,
                   text_of("nothing older is kept"));
    if (buffer->complete) return;
    struct inquiry *inquiry =
        open_inquiry(model, buffer, INQUIRY_OLDER, buffer->first, 0);
    inquiry->wished = count;
    inquiry->wanted = wanted;
    model_inquire(model, buffer, inquiry);
}

bool model_load_gap(struct model *model, struct buffer *buffer, uint64_t gap,
                    enum gap_end end, bool wanted) {
    if (!buffer_is_gap(buffer, gap)) return false;
    if (!may_ask(model, buffer, wanted)) return false;
    bool above = buffer_line_above(buffer, gap) > 0;
    bool below = buffer_line_below(buffer, gap) > 0;
    bool up = below && (end == GAP_LOWER_END || !above);
    struct inquiry *inquiry = open_inquiry(
        model, buffer, up ? INQUIRY_UP : INQUIRY_DOWN, up ? gap + 1 : gap, gap);
    inquiry->wanted = wanted;
    if (above || below)
        model_inquire(model, buffer, inquiry);
    else
        model_close_inquiry(model, buffer->network, inquiry);
    return true;
}

/* So that some of what followed is seen, but nothing across a gap. */
static void show(struct model *model, struct buffer *buffer, uint64_t number) {
    uint64_t lowest = number;
    while (lowest < buffer->last && lowest < number + SHOWN_BELOW &&
           !buffer_is_gap(buffer, lowest + 1))
        lowest++;
    model_show(model, buffer);
    buffer->scroll = (struct scroll){.since = buffer->last, .found = number};
    if (lowest < buffer->last) buffer->scroll.number = lowest;
    model->stale = true;
}

/* The first line that was said then or later; behind the last: none. */
static uint64_t first_since(const struct buffer *buffer, int64_t when) {
    uint64_t number = buffer_line_below(buffer, buffer->first);
    while (number > 0 && buffer_message(buffer, number)->when < when)
        number = buffer_line_below(buffer, number + 1);
    return number > 0 ? number : buffer->last + 1;
}

void model_show_place(struct model *model, struct buffer *buffer,
                      struct text msgid, int64_t when) {
    const struct message *found = buffer_find(buffer, msgid);
    uint64_t number =
        found ? buffer_number(buffer, found) : first_since(buffer, when);
    if (number > buffer->last) number = buffer->last;
    if (number >= buffer->first) show(model, buffer, number);
}

/* Is that line here, or what was said right before it? */
static bool is_loaded(const struct buffer *buffer, uint64_t number,
                      uint64_t gap, uint64_t above) {
    if (above == 0) return buffer->complete && number <= buffer->last;
    return gap < above && (number <= buffer->last || gap == 0);
}

bool model_go_to(struct model *model, struct buffer *buffer, struct text msgid,
                 int64_t when) {
    uint64_t number = first_since(buffer, when);
    uint64_t above = buffer_line_above(buffer, number - 1);
    uint64_t gap = buffer_gap_above(buffer, number - 1);
    bool here = msgid.length > 0 ? buffer_find(buffer, msgid) != NULL
                                 : is_loaded(buffer, number, gap, above);
    if (here) {
        model_show_place(model, buffer, msgid, when);
        return true;
    }
    if (!may_ask(model, buffer, true)) return false;
    uint64_t hole = gap > above ? gap : 0;
    uint64_t fill = hole ? hole + 1 : above ? number : buffer->first;
    struct inquiry *inquiry =
        open_inquiry(model, buffer, INQUIRY_AROUND, fill, hole);
    inquiry->until = when;
    text_copy(msgid, inquiry->msgid, sizeof inquiry->msgid);
    inquiry->wanted = true;
    model_inquire(model, buffer, inquiry);
    return true;
}
