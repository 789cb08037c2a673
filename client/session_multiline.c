/* Messages of several lines, said and heard:
 * ircv3.net/specs/extensions/multiline. */
#include <stdlib.h>
#include <string.h>

#include "client/session_parts.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

enum {
    TAGS_SIZE = 80,
    LEAST_BYTES = SESSION_LINE_SIZE, /* a server that takes less takes none */
    SOURCE_SIZE = 512,
};

static const char CONCAT[] = "draft/multiline-concat";

bool session_takes_lines(const struct session *session, enum news_kind kind) {
    return kind == NEWS_SAID && session_can(session, CAP_MULTILINE) &&
           session_can(session, CAP_BATCH) &&
           session_can(session, CAP_MESSAGE_TAGS) &&
           session->multiline_bytes >= LEAST_BYTES &&
           session->multiline_lines != 1;
}

/* What a batch holds so far. */
struct load {
    uint64_t bytes, lines;
};

static bool has_room(const struct session *session, const struct load *load,
                     size_t piece) {
    uint64_t lines = session->multiline_lines;
    return load->bytes + piece <= session->multiline_bytes &&
           (lines == 0 || load->lines < lines);
}

/* How much of the line fits, in whole pieces. */
static size_t load_line(const struct session *session, struct load *load,
                        enum news_kind kind, struct text target,
                        struct text line) {
    struct text rest = line;
    do {
        size_t piece = session_line_fit(session, kind, target, rest);
        if (!has_room(session, load, piece)) break;
        load->bytes += piece;
        load->lines++;
        rest = text_after(rest, piece);
    } while (rest.length > 0);
    load->bytes++; /* its line end */
    return line.length - rest.length;
}

/* Cut at the end of a line; inside the first one where that is too long. */
size_t session_lines_fit(const struct session *session, enum news_kind kind,
                         struct text target, struct text body) {
    struct load load = {0};
    size_t whole = 0, at = 0;
    while (at <= body.length) {
        struct text rest = text_after(body, at);
        struct text line = text_slice(rest.at, text_find(rest, '\n'));
        bool room = has_room(session, &load, 0);
        size_t fits = room ? load_line(session, &load, kind, target, line) : 0;
        if (!room || fits < line.length)
            return at == 0 ? fits : whole > 0 ? whole : 1;
        whole = at + line.length;
        at = whole + 1;
    }
    return body.length;
}

static bool send_batch(struct session *session, char sign, uint64_t label,
                       struct text tags, struct text target) {
    char reference[SESSION_REFERENCE_SIZE];
    struct writer writer = writer_on(reference, sizeof reference);
    write_format(&writer, "%cm%llu", sign, (unsigned long long)session->said);
    struct ircmsg message = {
        .tags = tags, .verb = text_of("BATCH"), .count = 1};
    message.params[0] = writer_text(&writer);
    if (sign == '+') {
        message.params[1] = text_of("draft/multiline");
        message.params[2] = target;
        message.count = 3;
    }
    return session_send(session, &message, label);
}

static void send_piece(struct session *session, struct text target,
                       struct text piece, bool goes_on) {
    char tags[TAGS_SIZE];
    struct writer writer = writer_on(tags, sizeof tags);
    write_format(&writer, "batch=m%llu%s%s", (unsigned long long)session->said,
                 goes_on ? ";" : "", goes_on ? CONCAT : "");
    struct ircmsg message = {
        .tags = writer_text(&writer),
        .verb = text_of("PRIVMSG"),
        .params = {target, piece},
        .count = 2,
    };
    session_send(session, &message, 0);
}

static void send_pieces(struct session *session, struct text target,
                        struct text line) {
    bool goes_on = false;
    do {
        size_t piece = session_line_fit(session, NEWS_SAID, target, line);
        send_piece(session, target, text_slice(line.at, piece), goes_on);
        line = text_after(line, piece);
        goes_on = true;
    } while (line.length > 0);
}

bool session_send_lines(struct session *session, struct text tags,
                        struct text target, struct text body, uint64_t label) {
    if (!send_batch(session, '+', label, tags, target)) return false;
    while (body.length > 0)
        send_pieces(session, target, text_piece(&body, '\n'));
    return send_batch(session, '-', 0, text_of(""), target);
}

struct gathered {
    struct incoming in; /* what opened it says of all of it */
    char source[SOURCE_SIZE], target[SESSION_TARGET_SIZE];
    bool notice;
    unsigned lines;
    size_t length, room;
    char *body;
};

void session_begin_lines(struct batch *batch, const struct incoming *in) {
    struct gathered *gathered = memory_new(1, sizeof *gathered);
    gathered->in = *in;
    text_copy(in->message->source, gathered->source, sizeof gathered->source);
    text_copy(session_param(in, 2), gathered->target, sizeof gathered->target);
    gathered->in.source = ircmsg_split_source(text_of(gathered->source));
    gathered->in.who = gathered->in.source.nick;
    batch->gathered = gathered;
}

static void gather(struct gathered *gathered, struct text text) {
    size_t length = gathered->length + text.length;
    if (length > SESSION_GATHERED_MAX || text.length == 0) return;
    if (length > gathered->room) {
        gathered->room = 2 * length;
        gathered->body = memory_grow(gathered->body, gathered->room, 1);
    }
    memcpy(gathered->body + gathered->length, text.at, text.length);
    gathered->length = length;
}

bool session_take_lines(const struct incoming *in) {
    char none[2];
    struct text verb = in->message->verb;
    bool notice = text_is(verb, "NOTICE");
    if (!in->batch || in->batch->kind != BATCH_MULTILINE) return false;
    if (!notice && !text_is(verb, "PRIVMSG")) return false;
    struct gathered *gathered = in->batch->gathered;
    bool concat = ircmsg_tag(in->message->tags, CONCAT, none, sizeof none);
    if (gathered->lines++ > 0 && !concat) gather(gathered, text_of("\n"));
    gather(gathered, session_param(in, 1));
    gathered->notice = notice;
    return true;
}

static void drop(struct gathered *gathered) {
    if (gathered) free(gathered->body);
    free(gathered);
}

void session_end_lines(struct session *session, struct gathered *gathered) {
    struct text body = text_slice(gathered->body, gathered->length);
    struct ircmsg message = {
        .source = text_of(gathered->source),
        .verb = text_of(gathered->notice ? "NOTICE" : "PRIVMSG"),
        .params = {text_of(gathered->target), body},
        .count = 2,
    };
    gathered->in.message = &message;
    if (gathered->in.who.length > 0 && gathered->length > 0)
        session_hand_on(session, &gathered->in);
    drop(gathered);
}

void session_finish(struct session *session) {
    for (size_t i = 0; i < SESSION_BATCHES; i++) {
        struct batch *batch = &session->batches[i];
        if (batch->kind != BATCH_MULTILINE) continue;
        drop(batch->gathered);
        *batch = (struct batch){0};
    }
}
