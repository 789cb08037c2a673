/* The history in pages: what is asked, and what follows the answer. Where the
 * lines of an answer stand, model_gaps.c knows.
 * ircv3.net/specs/extensions/chathistory
 *
 *   AFTER ── again until nothing new comes ──► all is there
 *     ├─ too much: a gap is left, and LATEST ──► reads on where the talk is
 *     └─ nothing at all: LATEST ──► is our last line still known there?
 *   OLDER ── above the first, as people scroll
 *   DOWN, UP ── one page into a gap, from its upper or its lower end
 *   AROUND ── a page of some day, with gaps at both ends
 *
 * Nothing is taken to be complete because a page is short: some servers give
 * less than they could. Only an empty one, one that reaches what is known, or
 * the server's own count (minichat/left) says so. */
#include "client/model_parts.h"

#include <stdio.h>

static struct place place_of(const struct buffer *buffer, uint64_t number,
                             int by) {
    const struct message *message = buffer_message(buffer, number);
    return (struct place){message->msgid, message->when + by};
}

/* A millisecond earlier than the line itself: where only the time counts,
 * another of the same one is not missed, and what is known is not shown again.
 */
static struct place newest(const struct buffer *buffer,
                           const struct inquiry *inquiry) {
    if (buffer->newest > 0)
        return (struct place){text_of(buffer->newest_id),
                              buffer->newest - !inquiry->beyond};
    return (struct place){.when =
                              buffer->network->catchup.since - CATCHUP_FUZZ_MS};
}

static uint64_t ask_after(struct session *session, struct buffer *buffer,
                          const struct inquiry *inquiry) {
    return session_history_after(session, text_of(buffer->name),
                                 newest(buffer, inquiry), inquiry->limit);
}

/* Of what was said since our last line there are few, where it is known. */
static uint64_t ask_lately(struct session *session, struct buffer *buffer,
                           const struct inquiry *inquiry) {
    struct place bound = {.when = buffer->newest - CATCHUP_FUZZ_MS};
    bool bounded = !inquiry->unbounded && !session->by_id;
    return session_history_latest(session, text_of(buffer->name),
                                  bounded ? &bound : NULL, inquiry->limit);
}

static uint64_t ask_latest(struct session *session, struct buffer *buffer,
                           const struct inquiry *inquiry) {
    struct text name = text_of(buffer->name);
    if (inquiry->doubts) return ask_lately(session, buffer, inquiry);
    uint64_t above = buffer_line_above(buffer, buffer->fill - 1);
    if (buffer->hole == 0 || above == 0 || inquiry->unbounded)
        return session_history_latest(session, name, NULL, inquiry->limit);
    struct place bound = place_of(buffer, above, -1);
    return session_history_latest(session, name, &bound, inquiry->limit);
}

static uint64_t ask_before(struct session *session, struct buffer *buffer,
                           const struct inquiry *inquiry) {
    struct text name = text_of(buffer->name);
    uint64_t below = buffer_line_below(buffer, buffer->fill);
    if (below == 0)
        return session_history_latest(session, name, NULL, inquiry->limit);
    return session_history_before(session, name,
                                  place_of(buffer, below, !inquiry->beyond),
                                  inquiry->limit);
}

static uint64_t ask_down(struct session *session, struct buffer *buffer,
                         const struct inquiry *inquiry) {
    struct text name = text_of(buffer->name);
    uint64_t above = buffer_line_above(buffer, buffer->fill - 1);
    uint64_t below = buffer_line_below(buffer, buffer->fill);
    if (below == 0)
        return session_history_after(session, name, place_of(buffer, above, -1),
                                     inquiry->limit);
    return session_history_between(session, name, place_of(buffer, above, -1),
                                   place_of(buffer, below, 1), inquiry->limit);
}

static uint64_t ask_around(struct session *session, struct buffer *buffer,
                           const struct inquiry *inquiry) {
    struct place place = {text_of(inquiry->msgid), inquiry->until};
    return session_history_around(session, text_of(buffer->name), place,
                                  inquiry->limit);
}

/* By time alone a few would all be of one moment, and known. */
static unsigned page_of(const struct inquiry *inquiry) {
    if (inquiry->kind == INQUIRY_LATEST || inquiry->kind == INQUIRY_AROUND)
        return CATCHUP_LINES;
    if (inquiry->kind != INQUIRY_OLDER || inquiry->wished > CATCHUP_PAGE)
        return CATCHUP_PAGE;
    bool few = inquiry->by_time && inquiry->wished < CATCHUP_LINES;
    return few ? CATCHUP_LINES : inquiry->wished;
}

void model_inquire(struct model *model, struct buffer *buffer,
                   struct inquiry *inquiry) {
    static uint64_t (*const ask[])(struct session * session,
                                   struct buffer * buffer,
                                   const struct inquiry *inquiry) = {
        [INQUIRY_AFTER] = ask_after,  [INQUIRY_LATEST] = ask_latest,
        [INQUIRY_OLDER] = ask_before, [INQUIRY_DOWN] = ask_down,
        [INQUIRY_UP] = ask_before,    [INQUIRY_AROUND] = ask_around,
    };
    struct session *session = buffer->network->session;
    inquiry->asked = model->now;
    inquiry->fresh = 0;
    inquiry->met = inquiry->ends_known = false;
    inquiry->anchored = inquiry->missed = false;
    inquiry->by_time = session->by_time;
    inquiry->limit = session_history_limit(session, page_of(inquiry));
    inquiry->label = ask[inquiry->kind](session, buffer, inquiry);
}

/* Words ------------------------------------------------------------------- */

static void tell(struct model *model, struct buffer *buffer,
                 enum message_kind kind, const char *words) {
    model_tell(model, buffer, kind, text_of(words));
}

static void tell_failure(struct model *model, struct buffer *buffer,
                         struct text why) {
    char words[MESSAGE_BODY_MAX];
    snprintf(words, sizeof words, "what was said before cannot be read: %.*s",
             (int)why.length, why.at);
    tell(model, buffer, MESSAGE_ERROR, words);
}

/* What follows ------------------------------------------------------------ */

/* Each gets the answer's end; true where more was asked. */

/* A full page by time alone, of lines that we know: they are all of one
 * moment, and the next page would be the same. */
static bool is_stuck(const struct inquiry *inquiry, const struct news *news) {
    return inquiry->by_time && !inquiry->beyond && inquiry->fresh == 0 &&
           news->count > 0 && news->count >= inquiry->limit;
}

static bool ask_beyond(struct model *model, struct buffer *buffer,
                       struct inquiry *inquiry) {
    inquiry->beyond = true;
    if (inquiry->kind == INQUIRY_AFTER) buffer_open_hole(buffer);
    if (inquiry->kind == INQUIRY_AFTER) buffer->hole = 0;
    if (inquiry->kind == INQUIRY_OLDER) buffer->fill = buffer->first;
    if (inquiry->kind == INQUIRY_UP) buffer->fill = buffer->hole + 1;
    model_inquire(model, buffer, inquiry);
    return true;
}

static bool ask_on(struct model *model, struct buffer *buffer,
                   struct inquiry *inquiry) {
    inquiry->beyond = false;
    model_inquire(model, buffer, inquiry);
    return true;
}

/* What cannot be caught up with is left as a gap. */
static bool read_latest(struct model *model, struct buffer *buffer,
                        struct inquiry *inquiry) {
    buffer_open_hole(buffer);
    inquiry->kind = INQUIRY_LATEST;
    return ask_on(model, buffer, inquiry);
}

/* Nothing is found by a msgid. Who started anew, and lost what was kept, finds
 * nothing either, and it need not be true. */
static bool is_doubtful(const struct buffer *buffer,
                        const struct inquiry *inquiry,
                        const struct news *news) {
    bool by_msgid = !inquiry->by_time && buffer->newest_id[0];
    return by_msgid && inquiry->rounds == 0 && news->count == 0 &&
           !news->counted;
}

static bool look_lately(struct model *model, struct buffer *buffer,
                        struct inquiry *inquiry) {
    inquiry->kind = INQUIRY_LATEST;
    inquiry->doubts = inquiry->holds = true;
    return ask_on(model, buffer, inquiry);
}

static bool is_enough(const struct inquiry *inquiry, const struct news *news) {
    if (inquiry->rounds >= CATCHUP_ROUNDS_MOST) return true;
    if (news->counted)
        return news->left > CATCHUP_ROUNDS * inquiry->limit &&
               news->left + inquiry->lines > CATCHUP_ENOUGH;
    return inquiry->rounds >= CATCHUP_ROUNDS &&
           inquiry->lines >= CATCHUP_ENOUGH;
}

static bool follow_after(struct model *model, struct buffer *buffer,
                         struct inquiry *inquiry, const struct news *news) {
    inquiry->unbounded = news->body.length > 0;
    if (inquiry->unbounded) return read_latest(model, buffer, inquiry);
    if (is_doubtful(buffer, inquiry, news))
        return look_lately(model, buffer, inquiry);
    if (is_stuck(inquiry, news)) return ask_beyond(model, buffer, inquiry);
    bool over = news->counted ? news->left == 0 : inquiry->fresh == 0;
    if (over && !inquiry->missed) return false;
    inquiry->rounds++;
    inquiry->lines += inquiry->fresh;
    if (is_enough(inquiry, news)) return read_latest(model, buffer, inquiry);
    return ask_on(model, buffer, inquiry);
}

/* The number that stands in the gap. */
static void count_hole(struct buffer *buffer, unsigned left) {
    if (buffer->hole == 0) return;
    if (left == 0)
        model_close_hole(buffer);
    else
        buffer_set_missing(buffer, buffer->hole, left);
}

/* True where another look is needed. */
static bool settle_latest(struct buffer *buffer, const struct inquiry *inquiry,
                          const struct news *news) {
    if (news->counted && !inquiry->unbounded)
        count_hole(buffer, news->left);
    else if (inquiry->met)
        model_close_below(buffer);
    else if (inquiry->fresh == 0)
        model_close_hole(buffer);
    else
        return buffer->hole && !inquiry->unbounded &&
               news->count < inquiry->limit;
    return false;
}

static bool give_up_latest(struct model *model, struct buffer *buffer,
                           struct inquiry *inquiry, const struct news *news) {
    bool again = inquiry->doubts && !inquiry->unbounded;
    inquiry->unbounded = true;
    if (again) return ask_on(model, buffer, inquiry);
    if (inquiry->counts || inquiry->wanted)
        tell_failure(model, buffer, news->body);
    if (inquiry->doubts) buffer_open_hole(buffer);
    return false;
}

static bool follow_latest(struct model *model, struct buffer *buffer,
                          struct inquiry *inquiry, const struct news *news) {
    if (news->body.length > 0)
        return give_up_latest(model, buffer, inquiry, news);
    if (inquiry->doubts) model_cut_above(buffer, inquiry);
    bool look = settle_latest(buffer, inquiry, news);
    if (inquiry->missed) {
        inquiry->kind = INQUIRY_AFTER;
        inquiry->rounds = inquiry->lines = 0;
        inquiry->doubts = false;
        buffer->hole = 0;
        return ask_on(model, buffer, inquiry);
    }
    if (!look) return false;
    inquiry->kind = INQUIRY_DOWN;
    buffer->fill = buffer->hole;
    return ask_on(model, buffer, inquiry);
}

static bool follow_older(struct model *model, struct buffer *buffer,
                         struct inquiry *inquiry, const struct news *news) {
    if (news->body.length > 0) {
        if (inquiry->wanted) tell_failure(model, buffer, news->body);
        return false;
    }
    if (is_stuck(inquiry, news)) return ask_beyond(model, buffer, inquiry);
    if (inquiry->beyond) model_cut_below(buffer, inquiry);
    if (inquiry->fresh == 0) {
        buffer->complete = true;
        if (inquiry->wanted && inquiry->rounds == 0)
            tell(model, buffer, MESSAGE_ANSWER, "nothing older is kept");
        return false;
    }
    inquiry->rounds++;
    inquiry->wished -=
        inquiry->fresh < inquiry->wished ? inquiry->fresh : inquiry->wished;
    if (inquiry->wished == 0) return false;
    buffer->fill = buffer->first;
    return ask_on(model, buffer, inquiry);
}

/* Of the upper end the server may know nothing any more. */
static bool try_up(struct model *model, struct buffer *buffer,
                   struct inquiry *inquiry, const struct news *news) {
    if (buffer->hole == 0 || !buffer_line_below(buffer, buffer->hole)) {
        tell_failure(model, buffer, news->body);
        return false;
    }
    inquiry->kind = INQUIRY_UP;
    buffer->fill = buffer->hole + 1;
    return ask_on(model, buffer, inquiry);
}

/* Nor of the hole's upper end, where it finds nothing below it. */
static bool doubt_down(struct model *model, struct buffer *buffer,
                       struct inquiry *inquiry, const struct news *news) {
    if (buffer->hole == 0) return false;
    if (buffer_line_below(buffer, buffer->hole))
        return try_up(model, buffer, inquiry, news);
    buffer->fill = buffer->last + 1;
    return look_lately(model, buffer, inquiry);
}

static bool follow_down(struct model *model, struct buffer *buffer,
                        struct inquiry *inquiry, const struct news *news) {
    if (news->body.length > 0) return try_up(model, buffer, inquiry, news);
    if (is_doubtful(buffer, inquiry, news))
        return doubt_down(model, buffer, inquiry, news);
    if (news->counted)
        count_hole(buffer, news->left);
    else if (is_stuck(inquiry, news))
        tell(model, buffer, MESSAGE_ERROR,
             "more was said in one moment than the server gives");
    else if (inquiry->fresh == 0)
        model_close_hole(buffer);
    return false;
}

static bool follow_up(struct model *model, struct buffer *buffer,
                      struct inquiry *inquiry, const struct news *news) {
    if (news->body.length > 0) {
        tell_failure(model, buffer, news->body);
        return false;
    }
    if (is_stuck(inquiry, news)) return ask_beyond(model, buffer, inquiry);
    if (inquiry->beyond) model_cut_below(buffer, inquiry);
    if (inquiry->met)
        model_close_below(buffer);
    else if (inquiry->fresh == 0)
        model_close_hole(buffer);
    return false;
}

static bool follow_around(struct model *model, struct buffer *buffer,
                          struct inquiry *inquiry, const struct news *news) {
    model_cut_below(buffer, inquiry);
    if (news->body.length > 0)
        tell_failure(model, buffer, news->body);
    else if (news->count == 0)
        tell(model, buffer, MESSAGE_ANSWER, "nothing is kept of that time");
    else
        model_show_place(model, buffer, text_of(inquiry->msgid),
                         inquiry->until);
    return false;
}

/* Some find a line by its time alone, and say so when asked otherwise. */
static bool asks_again_by_time(struct model *model, struct buffer *buffer,
                               struct inquiry *inquiry,
                               const struct news *news) {
    if (news->body.length == 0 || inquiry->by_time) return false;
    if (!buffer->network->session->by_time) return false;
    return ask_on(model, buffer, inquiry);
}

static bool follow(struct model *model, struct buffer *buffer,
                   struct inquiry *inquiry, const struct news *news) {
    static bool (*const kinds[])(struct model * model, struct buffer * buffer,
                                 struct inquiry * inquiry,
                                 const struct news *news) = {
        [INQUIRY_AFTER] = follow_after, [INQUIRY_LATEST] = follow_latest,
        [INQUIRY_OLDER] = follow_older, [INQUIRY_DOWN] = follow_down,
        [INQUIRY_UP] = follow_up,       [INQUIRY_AROUND] = follow_around,
    };
    if (!buffer || inquiry->kind == INQUIRY_MARKER) return false;
    model->stale = true;
    if (asks_again_by_time(model, buffer, inquiry, news)) return true;
    return kinds[inquiry->kind](model, buffer, inquiry, news);
}

static void answer(struct model *model, struct network *network,
                   struct inquiry *inquiry, const struct news *news) {
    struct buffer *buffer = model_find(model, network, text_of(inquiry->name));
    if (!follow(model, buffer, inquiry, news))
        model_close_inquiry(model, network, inquiry);
}

/* A failure that names nobody ends all that is asked. */
static void fail_all(struct model *model, struct network *network,
                     const struct news *news) {
    struct catchup *catchup = &network->catchup;
    for (size_t i = 0; i < catchup->inquiry_count; i++)
        if (catchup->inquiries[i]->kind == INQUIRY_AFTER)
            catchup->inquiries[i]->kind = INQUIRY_LATEST;
    while (catchup->inquiry_count > 0)
        answer(model, network, catchup->inquiries[0], news);
}

void model_end_history(const struct scene *scene) {
    const struct news *news = scene->news;
    struct catchup *catchup = &scene->network->catchup;
    struct inquiry *inquiry = catchup_answered(catchup, news);
    bool failed = news->body.length > 0;
    if (inquiry)
        answer(scene->model, scene->network, inquiry, news);
    else if (news->room.length == 0 && news->label == 0 && failed)
        fail_all(scene->model, scene->network, news);
}

void model_break_off(struct model *model, struct network *network,
                     const struct inquiry *inquiry) {
    struct buffer *buffer = model_find(model, network, text_of(inquiry->name));
    enum inquiry_kind kind = inquiry->kind;
    if (!buffer || buffer->fill == 0) return;
    bool newer = kind == INQUIRY_AFTER || inquiry->doubts;
    if (inquiry->doubts) model_cut_above(buffer, inquiry);
    if (newer && network->session) buffer_open_hole(buffer);
    if (kind == INQUIRY_AROUND || kind == INQUIRY_OLDER || kind == INQUIRY_UP)
        model_cut_below(buffer, inquiry);
}
