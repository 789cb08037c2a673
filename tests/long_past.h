/* A room with a long past, and a server, played here, that gives it by its own
 * custom. */
#ifndef MINICHAT_TESTS_LONG_PAST_H
#define MINICHAT_TESTS_LONG_PAST_H

#include "client/catchup.h"
#include "protocol/container.h"
#include "protocol/timestamp.h"
#include "protocol/writer.h"
#include "tests/face.h"

enum { PAST_MAX = 70000 };

/* How a server keeps and gives its history. */
struct custom {
    unsigned limit;  /* lines in an answer */
    unsigned moment; /* lines in one millisecond */
    bool by_time;    /* it finds lines by their time alone */
    bool nameless;   /* its lines have no msgid */
    bool counts;     /* minichat/left */
    bool labels;
    bool timeless; /* it finds lines by their msgid alone */
    bool forgets;  /* of a msgid that it does not know it finds nothing */
};

struct room {
    struct face face;
    struct session_owner owner;
    struct login login;
    struct session session;
    struct custom custom;
    unsigned said;       /* lines in the past: 0 to said - 1 */
    unsigned kept;       /* the first that is still there */
    char asked[16][256]; /* questions that are not answered yet */
    unsigned asked_count;
    unsigned questions; /* so far */
    unsigned batches;
    bool silent; /* it answers nothing */
};

static inline int64_t when_of(const struct room *room, unsigned line) {
    return NOON + 1000 + line / room->custom.moment;
}

static inline void on_news(struct session_owner *owner,
                           const struct news *news) {
    struct room *room = container_of(owner, struct room, owner);
    if (news->kind == NEWS_ONLINE) room->face.network->session = &room->session;
    model_hear(&room->face.model, room->face.network, news);
}

static inline void on_send(struct session_owner *owner, struct text line) {
    struct room *room = container_of(owner, struct room, owner);
    struct ircmsg message;
    assert_true(ircmsg_parse(&message, line));
    if (!text_is(message.verb, "CHATHISTORY")) return;
    assert_true(room->asked_count < 16);
    assert_true(text_copy(line, room->asked[room->asked_count++], 256));
    room->questions++;
}

static inline void server(struct room *room, const char *line) {
    session_take(&room->session, text_of(line), room->face.model.now);
}

static inline void tell_line(struct room *room, unsigned line,
                             const char *tags) {
    char time[TIMESTAMP_SIZE], bytes[256], id[32];
    timestamp_write(when_of(room, line), time);
    snprintf(id, sizeof id, ";msgid=i%u", line);
    snprintf(bytes, sizeof bytes, "@%stime=%s%s :bob!b@h PRIVMSG #a :%u", tags,
             time, room->custom.nameless ? "" : id, line);
    server(room, bytes);
}

static inline struct buffer *buffer_of(struct room *room) {
    return find(&room->face, "#a");
}

/* Lines [*from, *end) that a reference stands for; "*": none. */
static inline void find_reference(const struct room *room,
                                  struct text reference, unsigned *from,
                                  unsigned *end) {
    struct text value = reference, kind = text_piece(&value, '=');
    uint64_t id;
    int64_t when;
    if (text_is(kind, "msgid")) {
        assert_true(text_number(text_after(value, 1), &id));
        *from = (unsigned)id;
        *end = *from + 1;
        return;
    }
    assert_true(timestamp_read(value, &when));
    for (*from = 0; *from < room->said && when_of(room, *from) < when;)
        ++*from;
    for (*end = *from; *end < room->said && when_of(room, *end) == when;)
        ++*end;
}

/* A msgid of before `kept`. */
static inline bool is_forgotten(const struct room *room,
                                struct text reference) {
    unsigned from, end;
    if (!text_begins(reference, "msgid=")) return false;
    find_reference(room, reference, &from, &end);
    return room->custom.forgets && from < room->kept;
}

/* Of [from, end) those that fit, at its start or at its end. */
struct page {
    unsigned from, end, left;
};

static inline struct page cut(struct room *room, unsigned from, unsigned end,
                              unsigned limit, bool at_end) {
    if (from < room->kept) from = room->kept;
    if (end > room->said) end = room->said;
    if (from > end) from = end;
    if (limit > room->custom.limit) limit = room->custom.limit;
    unsigned left = end - from > limit ? end - from - limit : 0;
    return at_end ? (struct page){from + left, end, left}
                  : (struct page){from, end - left, left};
}

static inline struct page
read_page(struct room *room, const struct ircmsg *question, bool *bounded) {
    struct text what = ircmsg_param(question, 0);
    struct text at = ircmsg_param(question, 2), to = ircmsg_param(question, 3);
    unsigned from, end, until, unused, limit = 1000;
    uint64_t number;
    if (text_number(ircmsg_param(question, question->count - 1), &number))
        limit = (unsigned)number;
    *bounded = !text_is(at, "*") && !text_is(what, "BEFORE") &&
               !text_is(what, "AROUND");
    if (text_is(at, "*")) return cut(room, 0, room->said, limit, true);
    if (is_forgotten(room, at)) return (struct page){0};
    find_reference(room, at, &from, &end);
    if (text_is(what, "BEFORE")) return cut(room, 0, from, limit, true);
    if (text_is(what, "AFTER")) return cut(room, end, room->said, limit, false);
    if (text_is(what, "LATEST")) return cut(room, end, room->said, limit, true);
    if (text_is(what, "AROUND"))
        return cut(room, from > limit / 2 ? from - limit / 2 : 0, room->said,
                   limit, false);
    assert_true(text_is(what, "BETWEEN"));
    find_reference(room, to, &until, &unused);
    return cut(room, end, until, limit, false);
}

static inline bool refuses(struct room *room, const struct ircmsg *question) {
    char bytes[256];
    if (!room->custom.timeless) return false;
    if (!text_begins(ircmsg_param(question, 2), "timestamp=")) return false;
    snprintf(bytes, sizeof bytes,
             ":box FAIL CHATHISTORY INVALID_MSGREFTYPE %.*s #a :by msgid",
             (int)ircmsg_param(question, 0).length,
             ircmsg_param(question, 0).at);
    server(room, bytes);
    return true;
}

static inline void answer_one(struct room *room, const char *line) {
    char bytes[256], tags[64], label[64];
    struct ircmsg question;
    bool bounded, labelled;
    assert_true(ircmsg_parse(&question, text_of(line)));
    labelled = ircmsg_tag(question.tags, "label", label, sizeof label);
    if (text_is(ircmsg_param(&question, 0), "TARGETS")) {
        server(room, ":box BATCH +t draft/chathistory-targets");
        server(room, ":box BATCH -t");
        return;
    }
    if (refuses(room, &question)) return;
    struct page page = read_page(room, &question, &bounded);
    struct writer writer = writer_on(bytes, sizeof bytes - 1);
    write_string(&writer, "@x=y");
    if (labelled) write_format(&writer, ";label=%s", label);
    if (bounded && room->custom.counts)
        write_format(&writer, ";minichat/left=%u", page.left);
    write_format(&writer, " :box BATCH +%u chathistory #a", ++room->batches);
    bytes[writer.length] = '\0';
    server(room, bytes);
    snprintf(tags, sizeof tags, "batch=%u;", room->batches);
    for (unsigned i = page.from; i < page.end; i++)
        tell_line(room, i, tags);
    snprintf(bytes, sizeof bytes, ":box BATCH -%u", room->batches);
    server(room, bytes);
}

static inline void answer(struct room *room) {
    char line[256];
    while (!room->silent && room->asked_count > 0) {
        memcpy(line, room->asked[0], sizeof line);
        room->asked_count--;
        memmove(room->asked[0], room->asked[1],
                room->asked_count * sizeof room->asked[0]);
        answer_one(room, line);
    }
}

static inline void come_in(struct room *room) {
    char line[256];
    const struct custom *custom = &room->custom;
    const char *caps = custom->labels
                           ? "batch message-tags server-time echo-message "
                             "draft/chathistory labeled-response"
                           : "batch message-tags server-time echo-message "
                             "draft/chathistory";
    session_init(&room->session, &room->owner, &room->login);
    session_begin(&room->session);
    snprintf(line, sizeof line, ":box CAP * LS :%s", caps);
    server(room, line);
    snprintf(line, sizeof line, ":box CAP * ACK :%s", caps);
    server(room, line);
    server(room, ":box 001 alice :hi");
    snprintf(line, sizeof line, ":box 005 alice CHATHISTORY=%u %s :are",
             custom->limit,
             custom->by_time    ? "MSGREFTYPES=timestamp"
             : custom->timeless ? "MSGREFTYPES=msgid"
                                : "UTF8ONLY");
    server(room, line);
    server(room, ":box 422 alice :none");
    answer(room);
    server(room, ":alice!a@h JOIN #a");
    answer(room);
}

static inline void go_away(struct room *room) {
    model_lost(&room->face.model, room->face.network, text_of("gone"));
    room->asked_count = 0;
}

static inline void is_said(struct room *room) {
    tell_line(room, room->said++, "");
}

static inline int open_room(void **state) {
    struct room *room = calloc(1, sizeof *room);
    face_open(&room->face);
    model_lost(&room->face.model, room->face.network, text_of("not yet"));
    room->owner = (struct session_owner){on_news, on_send};
    strcpy(room->login.nick, "alice");
    room->custom = (struct custom){.limit = 100, .moment = 1};
    *state = room;
    return 0;
}

static inline int close_room(void **state) {
    struct room *room = *state;
    face_close(&room->face);
    free(room);
    return 0;
}

/* What is seen ------------------------------------------------------------ */

struct sight {
    unsigned lines, gaps, first, last;
};

static inline unsigned line_of(const struct message *message) {
    uint64_t line;
    if (!text_number(message->body, &line)) return PAST_MAX;
    return (unsigned)line;
}

/* In order, once, and with a gap, the right one, where any is missing. */
static inline struct sight look(struct room *room) {
    struct buffer *buffer = buffer_of(room);
    struct sight sight = {0};
    const struct message *gap = NULL;
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        const struct message *message = buffer_message(buffer, n);
        if (message->kind == MESSAGE_GAP) {
            assert_null(gap);
            assert_true(sight.lines > 0);
            gap = message;
            sight.gaps++;
        }
        if (message->nick.length == 0) continue;
        unsigned line = line_of(message);
        if (sight.lines++ == 0) sight.first = sight.last = line;
        unsigned missing = line - sight.last - 1;
        if (sight.lines > 1) assert_true(line > sight.last);
        if (sight.lines > 1 && missing > 0) assert_non_null(gap);
        if (gap && gap->missing > 0) assert_int_equal(gap->missing, missing);
        sight.last = line;
        gap = NULL;
    }
    assert_null(gap);
    if (buffer->complete) assert_int_equal(sight.first, room->kept);
    return sight;
}

static inline void load_all_gaps(struct room *room, enum gap_end end) {
    struct buffer *buffer = buffer_of(room);
    uint64_t gap;
    unsigned turns = 0;
    while ((gap = buffer_gap_above(buffer, buffer->last)) > 0) {
        assert_true(model_load_gap(&room->face.model, buffer, gap, end, true));
        answer(room);
        look(room);
        assert_true(++turns < 1000);
    }
}

/* Scenes ------------------------------------------------------------------ */

static inline void miss(struct room *room, unsigned lines) {
    come_in(room);
    for (int i = 0; i < 3; i++)
        is_said(room);
    go_away(room);
    room->said += lines;
    come_in(room);
}

#endif
