/* Batches, and what was said before: ircv3.net/specs/extensions/batch,
 * chathistory, read-marker; codeberg.org/emersion/soju doc/ext/search.md. */
#include <limits.h>
#include <string.h>

#include "client/session_parts.h"
#include "protocol/timestamp.h"

enum { PLACE_SIZE = SESSION_MSGID_SIZE + 16 };

/* Labels of questions to the history begin here: far from those of lines. */
static const uint64_t FIRST_LABEL = (uint64_t)1 << 40;

static const struct {
    const char *name;
    enum batch_kind kind;
} KINDS[] = {
    {"chathistory", BATCH_HISTORY},
    {"znc.in/playback", BATCH_REPLAY},
    {"draft/chathistory-targets", BATCH_TARGETS},
    {"draft/multiline", BATCH_MULTILINE},
    {"soju.im/search", BATCH_SEARCH},
    {"labeled-response", BATCH_LABELLED},
};

struct batch *session_find_batch(struct session *session, struct text name) {
    for (size_t i = 0; i < SESSION_BATCHES && name.length > 0; i++)
        if (text_is(name, session->batches[i].reference))
            return &session->batches[i];
    return NULL;
}

/* What is inside an answer and of no kind of its own is part of it. */
static enum batch_kind kind_of(const struct incoming *in) {
    struct text name = session_param(in, 1);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (text_is(name, KINDS[i].name)) return KINDS[i].kind;
    return in->batch ? in->batch->kind : BATCH_OTHER;
}

static struct batch *free_batch(struct session *session) {
    for (size_t i = 0; i < SESSION_BATCHES; i++)
        if (!session->batches[i].reference[0]) return &session->batches[i];
    return NULL;
}

static void read_left(struct batch *batch, const struct incoming *in) {
    char value[16];
    uint64_t left;
    if (!ircmsg_tag(in->message->tags, "minichat/left", value, sizeof value))
        return;
    if (!text_number(text_of(value), &left) || left > UINT_MAX) return;
    batch->counted = true;
    batch->left = (unsigned)left;
}

static void open_batch(struct session *session, const struct incoming *in,
                       struct text name) {
    struct batch *batch = free_batch(session);
    enum batch_kind kind = kind_of(in);
    if (!batch || kind == BATCH_OTHER) return;
    *batch = (struct batch){.kind = kind, .label = in->label};
    batch->inner = in->batch && in->batch->kind == kind;
    text_copy(name, batch->reference, sizeof batch->reference);
    if (kind == BATCH_HISTORY) {
        text_copy(session_param(in, 2), batch->target, sizeof batch->target);
        read_left(batch, in);
    }
    if (kind != BATCH_MULTILINE) return;
    session_begin_lines(batch, in);
    if (in->batch) in->batch->count++;
}

static void close_batch(struct session *session, const struct incoming *in,
                        struct text name) {
    static const enum news_kind kinds[] = {
        [BATCH_HISTORY] = NEWS_HISTORY_END,
        [BATCH_TARGETS] = NEWS_TARGETS_END,
        [BATCH_SEARCH] = NEWS_FOUND_END,
    };
    struct batch *found = session_find_batch(session, name);
    if (!found) return;
    struct batch batch = *found;
    found->reference[0] = '\0';
    found->gathered = NULL;
    if (batch.kind == BATCH_MULTILINE)
        session_end_lines(session, batch.gathered);
    if (batch.kind == BATCH_MULTILINE) return;
    if (batch.inner || batch.kind == BATCH_LABELLED) return;
    if (batch.kind == BATCH_REPLAY) return;
    struct news news = {.kind = kinds[batch.kind],
                        .room = text_of(batch.target),
                        .label = batch.label,
                        .count = batch.count,
                        .counted = batch.counted,
                        .left = batch.left,
                        .when = in->now};
    session_tell(session, &news);
}

void session_take_batch(struct session *session, const struct incoming *in) {
    struct text mark = session_param(in, 0), name = text_after(mark, 1);
    if (name.length == 0 || name.length >= SESSION_REFERENCE_SIZE) return;
    if (mark.at[0] == '-') close_batch(session, in, name);
    if (mark.at[0] == '+') open_batch(session, in, name);
}

/* "timestamp=2026-…", in one of them without the name; "*" is none: 0. */
static bool read_time(struct text text, int64_t *when) {
    struct text rest = text;
    *when = 0;
    if (text_is(text, "*")) return true;
    if (text_is(text_piece(&rest, '='), "timestamp")) text = rest;
    return timestamp_read(text, when);
}

/* MARKREAD target time */
void session_take_marker(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_READ);
    news.room = session_param(in, 0);
    if (read_time(session_param(in, 1), &news.when))
        session_tell(session, &news);
}

/* CHATHISTORY TARGETS target time */
void session_take_target(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_TARGET);
    news.room = session_param(in, 1);
    if (!text_is(session_param(in, 0), "TARGETS")) return;
    if (read_time(session_param(in, 2), &news.when))
        session_tell(session, &news);
}

/* FAIL CHATHISTORY code subcommand target … :why. Where no target is named it
 * is nobody's, or everybody's. Who asked by what the server does not know,
 * asks by time from then on. */
static void tell_no_history(struct session *session,
                            const struct incoming *in) {
    bool targets = text_is(session_param(in, 2), "TARGETS");
    struct news news =
        session_news(in, targets ? NEWS_TARGETS_END : NEWS_HISTORY_END);
    if (in->message->count > 4) news.room = session_param(in, 3);
    news.body = session_param(in, in->message->count - 1);
    if (text_is(session_param(in, 1), "INVALID_MSGREFTYPE"))
        session->by_time = !session->by_id;
    session_tell(session, &news);
}

static void tell_no_search(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_FOUND_END);
    news.body = session_param(in, in->message->count - 1);
    session_tell(session, &news);
}

/* A server that keeps no markers for us (a guest) is not told any. */
bool session_take_fail(struct session *session, const struct incoming *in) {
    struct text what = session_param(in, 0);
    if (!text_is(in->message->verb, "FAIL")) return false;
    if (text_is(what, "MARKREAD")) session->caps &= ~cap_bit(CAP_READ_MARKER);
    if (text_is(what, "CHATHISTORY")) tell_no_history(session, in);
    if (text_is(what, "SEARCH")) tell_no_search(session, in);
    return text_is(what, "MARKREAD") || text_is(what, "CHATHISTORY") ||
           text_is(what, "SEARCH");
}

static void write_time(struct writer *writer, int64_t when) {
    char time[TIMESTAMP_SIZE];
    timestamp_write(when, time);
    write_string(writer, "timestamp=");
    write_string(writer, time);
}

static void write_place(struct writer *writer, const struct session *session,
                        const struct place *place) {
    if (!place) {
        write_char(writer, '*');
    } else if (place->msgid.length > 0 && !session->by_time) {
        write_string(writer, "msgid=");
        write_text(writer, place->msgid);
    } else {
        write_time(writer, place->when);
    }
}

unsigned session_history_limit(const struct session *session, unsigned limit) {
    unsigned most = session->history_limit;
    return most > 0 && most < limit ? most : limit;
}

/* The place is one reference, or two. */
static uint64_t ask(struct session *session, const char *part,
                    struct text target, const struct place *place,
                    const struct place *other, unsigned limit) {
    char reference[PLACE_SIZE], second[PLACE_SIZE], number[16];
    struct writer at = writer_on(reference, sizeof reference);
    struct writer to = writer_on(second, sizeof second);
    struct writer most = writer_on(number, sizeof number);
    struct ircmsg message = {.verb = text_of("CHATHISTORY"),
                             .params = {text_of(part), target},
                             .count = 2};
    uint64_t label = 0;
    write_place(&at, session, place);
    message.params[message.count++] = writer_text(&at);
    if (other) write_place(&to, session, other);
    if (other) message.params[message.count++] = writer_text(&to);
    write_number(&most, session_history_limit(session, limit));
    message.params[message.count++] = writer_text(&most);
    if (session_can(session, CAP_LABELED_RESPONSE))
        label = session->asked =
            1 + (session->asked ? session->asked : FIRST_LABEL);
    session_send(session, &message, label);
    return label;
}

uint64_t session_history_latest(struct session *session, struct text target,
                                const struct place *bound, unsigned limit) {
    return ask(session, "LATEST", target, bound, NULL, limit);
}

uint64_t session_history_before(struct session *session, struct text target,
                                struct place place, unsigned limit) {
    return ask(session, "BEFORE", target, &place, NULL, limit);
}

uint64_t session_history_after(struct session *session, struct text target,
                               struct place place, unsigned limit) {
    return ask(session, "AFTER", target, &place, NULL, limit);
}

uint64_t session_history_between(struct session *session, struct text target,
                                 struct place from, struct place to,
                                 unsigned limit) {
    return ask(session, "BETWEEN", target, &from, &to, limit);
}

uint64_t session_history_around(struct session *session, struct text target,
                                struct place place, unsigned limit) {
    return ask(session, "AROUND", target, &place, NULL, limit);
}

void session_targets(struct session *session, int64_t from, int64_t to,
                     unsigned limit) {
    char first[PLACE_SIZE], last[PLACE_SIZE], number[16];
    struct writer a = writer_on(first, sizeof first);
    struct writer b = writer_on(last, sizeof last);
    struct writer most = writer_on(number, sizeof number);
    write_time(&a, from);
    write_time(&b, to);
    write_number(&most, session_history_limit(session, limit));
    struct ircmsg message = {
        .verb = text_of("CHATHISTORY"),
        .params = {text_of("TARGETS"), writer_text(&b), writer_text(&a),
                   writer_text(&most)},
        .count = 4,
    };
    session_send(session, &message, 0);
}

void session_mark_read(struct session *session, struct text target,
                       int64_t when) {
    char time[PLACE_SIZE];
    struct writer writer = writer_on(time, sizeof time);
    if (when > 0) write_time(&writer, when);
    session_ask(session, "MARKREAD", target, writer_text(&writer), text_of(""));
}

void session_search(struct session *session, struct text attributes) {
    session_ask(session, "SEARCH", attributes, text_of(""), text_of(""));
}
