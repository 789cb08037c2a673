/* A room with a long past, read in every order: what is shown is in order,
 * once, and where anything is missing a gap says so. The server is played. */
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

static int64_t when_of(const struct room *room, unsigned line) {
    return NOON + 1000 + line / room->custom.moment;
}

static void on_news(struct session_owner *owner, const struct news *news) {
    struct room *room = container_of(owner, struct room, owner);
    if (news->kind == NEWS_ONLINE) room->face.network->session = &room->session;
    model_hear(&room->face.model, room->face.network, news);
}

static void on_send(struct session_owner *owner, struct text line) {
    struct room *room = container_of(owner, struct room, owner);
    struct ircmsg message;
    assert_true(ircmsg_parse(&message, line));
    if (!text_is(message.verb, "CHATHISTORY")) return;
    assert_true(room->asked_count < 16);
    assert_true(text_copy(line, room->asked[room->asked_count++], 256));
    room->questions++;
}

static void server(struct room *room, const char *line) {
    session_take(&room->session, text_of(line), room->face.model.now);
}

static void tell_line(struct room *room, unsigned line, const char *tags) {
    char time[TIMESTAMP_SIZE], bytes[256], id[32];
    timestamp_write(when_of(room, line), time);
    snprintf(id, sizeof id, ";msgid=i%u", line);
    snprintf(bytes, sizeof bytes, "@%stime=%s%s :bob!b@h PRIVMSG #a :%u", tags,
             time, room->custom.nameless ? "" : id, line);
    server(room, bytes);
}

static struct buffer *buffer_of(struct room *room) {
    return find(&room->face, "#a");
}

/* Lines [*from, *end) that a reference stands for; "*": none. */
static void find_reference(const struct room *room, struct text reference,
                           unsigned *from, unsigned *end) {
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
static bool is_forgotten(const struct room *room, struct text reference) {
    unsigned from, end;
    if (!text_begins(reference, "msgid=")) return false;
    find_reference(room, reference, &from, &end);
    return room->custom.forgets && from < room->kept;
}

/* Of [from, end) those that fit, at its start or at its end. */
struct page {
    unsigned from, end, left;
};

static struct page cut(struct room *room, unsigned from, unsigned end,
                       unsigned limit, bool at_end) {
    if (from < room->kept) from = room->kept;
    if (end > room->said) end = room->said;
    if (from > end) from = end;
    if (limit > room->custom.limit) limit = room->custom.limit;
    unsigned left = end - from > limit ? end - from - limit : 0;
    return at_end ? (struct page){from + left, end, left}
                  : (struct page){from, end - left, left};
}

static struct page read_page(struct room *room, const struct ircmsg *question,
                             bool *bounded) {
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

static bool refuses(struct room *room, const struct ircmsg *question) {
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

static void answer_one(struct room *room, const char *line) {
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

static void answer(struct room *room) {
    char line[256];
    while (!room->silent && room->asked_count > 0) {
        memcpy(line, room->asked[0], sizeof line);
        room->asked_count--;
        memmove(room->asked[0], room->asked[1],
                room->asked_count * sizeof room->asked[0]);
        answer_one(room, line);
    }
}

static void come_in(struct room *room) {
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

static void go_away(struct room *room) {
    model_lost(&room->face.model, room->face.network, text_of("gone"));
    room->asked_count = 0;
}

static void is_said(struct room *room) {
    tell_line(room, room->said++, "");
}

static int open_room(void **state) {
    struct room *room = calloc(1, sizeof *room);
    face_open(&room->face);
    model_lost(&room->face.model, room->face.network, text_of("not yet"));
    room->owner = (struct session_owner){on_news, on_send};
    strcpy(room->login.nick, "alice");
    room->custom = (struct custom){.limit = 100, .moment = 1};
    *state = room;
    return 0;
}

static int close_room(void **state) {
    struct room *room = *state;
    face_close(&room->face);
    free(room);
    return 0;
}

/* What is seen ------------------------------------------------------------ */

struct sight {
    unsigned lines, gaps, first, last;
};

static unsigned line_of(const struct message *message) {
    uint64_t line;
    if (!text_number(message->body, &line)) return PAST_MAX;
    return (unsigned)line;
}

/* In order, once, and with a gap, the right one, where any is missing. */
static struct sight look(struct room *room) {
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

static void load_all_gaps(struct room *room, enum gap_end end) {
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

static void miss(struct room *room, unsigned lines) {
    come_in(room);
    for (int i = 0; i < 3; i++)
        is_said(room);
    go_away(room);
    room->said += lines;
    come_in(room);
}

/* Behaviour 7, with the limits of a large and of a small server. */
static void what_was_missed_is_there_once_and_in_order(void **state) {
    static const struct custom customs[] = {
        {.limit = 1000, .moment = 1},
        {.limit = 100, .moment = 1},
        {.limit = 100, .moment = 7},
        {.limit = 100, .moment = 1, .counts = true, .labels = true},
        {.limit = 100, .moment = 7, .by_time = true},
        {.limit = 1000, .moment = 3, .by_time = true, .nameless = true},
    };
    for (size_t i = 0; i < sizeof customs / sizeof *customs; i++) {
        struct room *room = *state;
        room->custom = customs[i];
        miss(room, 1500);
        struct sight sight = look(room);
        assert_int_equal(sight.lines, 1503);
        assert_int_equal(sight.gaps, 0);
        close_room(state);
        open_room(state);
    }
}

/* Behaviour 8 */
static void a_gap_is_loaded_until_it_is_none(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){.limit = 1000, .moment = 1, .counts = true};
    keep_lines(&room->face.model, PAST_MAX);
    miss(room, 50000);
    struct buffer *buffer = buffer_of(room);
    uint64_t gap = buffer_gap_above(buffer, buffer->last);
    assert_int_equal(look(room).gaps, 1);
    unsigned missing = buffer_message(buffer, gap)->missing;
    assert_int_equal(missing, 50003 - look(room).lines);
    model_load_gap(&room->face.model, buffer, gap, GAP_UPPER_END, true);
    answer(room);
    gap = buffer_gap_above(buffer, buffer->last);
    assert_int_equal(buffer_message(buffer, gap)->missing,
                     missing - CATCHUP_PAGE);
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).lines, 50003);
    is_said(room);
    assert_int_equal(look(room).last, 50003);
}

static void a_gap_is_loaded_from_below_too(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){.limit = 300, .moment = 2};
    miss(room, 9000);
    struct buffer *buffer = buffer_of(room);
    assert_int_equal(look(room).gaps, 1);
    buffer->scroll.number = buffer_gap_above(buffer, buffer->last) + 1;
    const struct message *seen = buffer_message(buffer, buffer->scroll.number);
    load_all_gaps(room, GAP_LOWER_END);
    assert_int_equal(look(room).lines, 9003);
    assert_ptr_equal(buffer_message(buffer, buffer->scroll.number), seen);
}

static void a_server_that_never_counts_is_asked_to_the_end(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){.limit = 50, .moment = 1};
    miss(room, 4000);
    struct buffer *buffer = buffer_of(room);
    uint64_t gap = buffer_gap_above(buffer, buffer->last);
    assert_int_equal(look(room).gaps, 1);
    assert_true(text_is(buffer_message(buffer, gap)->body,
                        "more was said here · Enter loads it"));
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).lines, 4003);
}

/* More in one moment than the server gives: nothing is passed over. */
static void a_moment_too_full_leaves_a_gap(void **state) {
    struct room *room = *state;
    room->custom = (struct custom){
        .limit = 20, .moment = 50, .by_time = true, .nameless = false};
    miss(room, 500);
    look(room);
    assert_true(look(room).gaps > 0);
    assert_int_equal(look(room).last, 502);
}

static void scrolling_up_has_no_end_but_the_servers(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    room->custom = (struct custom){.limit = 500, .moment = 1};
    room->said = 12000;
    keep_lines(model, 1500);
    come_in(room);
    struct buffer *buffer = buffer_of(room);
    for (int i = 0; i < 1000 && !buffer->complete; i++) {
        buffer->scroll.number = buffer->first + 1;
        model_ask_older(model, buffer, 100, false);
        answer(room);
        assert_true(buffer->last - buffer->first < 1500);
        if (i % 10 > 0) continue;
        is_said(room);
        look(room);
    }
    assert_true(buffer->complete);
    assert_int_equal(look(room).first, 0);
    assert_int_equal(look(room).gaps, 1);
    assert_int_equal(look(room).last, room->said - 1);
    uint64_t gap = buffer_gap_above(buffer, buffer->last);
    assert_true(buffer->last - gap >= BUFFER_TAIL);
}

/* And comes down again, to where the talk is. */
static void coming_down_loads_what_had_to_go(void **state) {
    struct room *room = *state;
    scrolling_up_has_no_end_but_the_servers(state);
    struct buffer *buffer = buffer_of(room);
    uint64_t gap;
    while ((gap = buffer_gap_above(buffer, buffer->last)) > 0) {
        buffer->scroll.number = gap;
        model_load_gap(&room->face.model, buffer, gap, GAP_UPPER_END, false);
        answer(room);
        look(room);
    }
    assert_int_equal(look(room).last, room->said - 1);
    assert_int_equal(look(room).gaps, 0);
    assert_false(buffer->complete);
}

static void live_lines_push_out_the_oldest(void **state) {
    struct room *room = *state;
    keep_lines(&room->face.model, 500);
    come_in(room);
    for (int i = 0; i < 3000; i++)
        is_said(room);
    assert_int_equal(look(room).gaps, 0);
    assert_int_equal(look(room).last, 2999);
}

/* Somebody reads in the middle of what is kept, and people go on talking. */
static void who_reads_keeps_what_is_read(void **state) {
    struct room *room = *state;
    keep_lines(&room->face.model, 1000);
    come_in(room);
    for (int i = 0; i < 1000; i++)
        is_said(room);
    struct buffer *buffer = buffer_of(room);
    buffer->scroll.number = buffer->first + 300;
    const struct message *seen = buffer_message(buffer, buffer->scroll.number);
    char body[16];
    assert_true(text_copy(seen->body, body, sizeof body));
    for (int i = 0; i < 5000; i++)
        is_said(room);
    seen = buffer_message(buffer, buffer->scroll.number);
    assert_true(text_is(seen->body, body));
    assert_int_equal(look(room).gaps, 1);
}

static void a_day_long_ago_is_shown_with_gaps_around_it(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    room->custom.moment = 2;
    room->said = 20000;
    come_in(room);
    struct buffer *buffer = buffer_of(room);
    assert_true(model_go_to(model, buffer, text_of(""), when_of(room, 10000)));
    answer(room);
    struct sight sight = look(room);
    assert_int_equal(sight.gaps, 1);
    assert_int_equal(sight.lines, 200);
    assert_int_equal(line_of(buffer_message(buffer, buffer->scroll.found)),
                     10000);
    assert_true(
        model_go_to(model, buffer, text_of("i15000"), when_of(room, 15000)));
    answer(room);
    assert_int_equal(look(room).gaps, 2);
    assert_int_equal(line_of(buffer_message(buffer, buffer->scroll.found)),
                     15000);
    assert_true(model_go_to(model, buffer, text_of(""), when_of(room, 15080)));
    answer(room);
    assert_int_equal(look(room).gaps, 2); /* these overlap */
    unsigned before = room->questions;
    assert_true(model_go_to(model, buffer, text_of(""), when_of(room, 15010)));
    assert_int_equal(room->questions, before); /* it is here */
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).last - look(room).first + 1, look(room).lines);
}

static void a_page_that_breaks_off_leaves_a_gap(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    room->said = 1000;
    come_in(room);
    model_ask_older(model, buffer_of(room), 100, true);
    server(room, ":box BATCH +z chathistory #a");
    for (unsigned i = 800; i < 850; i++)
        tell_line(room, i, "batch=z;");
    go_away(room);
    assert_int_equal(look(room).gaps, 1);
    come_in(room);
    load_all_gaps(room, GAP_LOWER_END);
    assert_int_equal(look(room).lines, 200);
}

static void who_does_not_answer_leaves_a_gap(void **state) {
    struct room *room = *state;
    struct model *model = &room->face.model;
    come_in(room);
    is_said(room);
    go_away(room);
    room->said += 10;
    room->silent = true;
    come_in(room);
    is_said(room);
    model->now += CATCHUP_PATIENCE_MS;
    model_tick(model);
    room->silent = false;
    room->asked_count = 0;
    assert_int_equal(look(room).gaps, 1);
    assert_int_equal(look(room).last, 11);
    load_all_gaps(room, GAP_UPPER_END);
    assert_int_equal(look(room).lines, 12);
}

/* A server that was started anew, and lost what it kept. */
static void forget(struct room *room, unsigned said_since) {
    come_in(room);
    for (int i = 0; i < 3; i++)
        is_said(room);
    go_away(room);
    room->kept = room->said;
    room->said += said_since;
    come_in(room);
}

static const struct custom FORGETFUL[] = {
    {.limit = 100, .moment = 1, .forgets = true},
    {.limit = 40, .moment = 7, .forgets = true, .labels = true},
    {.limit = 100, .moment = 1, .forgets = true, .timeless = true},
};
enum { FORGETFUL_COUNT = sizeof FORGETFUL / sizeof *FORGETFUL };

static void who_forgot_what_we_know_leaves_a_gap(void **state) {
    static const unsigned said[] = {1, 30, 700};
    for (size_t i = 0; i < 3 * FORGETFUL_COUNT; i++) {
        struct room *room = *state;
        room->custom = FORGETFUL[i % FORGETFUL_COUNT];
        forget(room, said[i / FORGETFUL_COUNT]);
        assert_int_equal(look(room).gaps, 1);
        assert_int_equal(look(room).last, room->said - 1);
        is_said(room);
        load_all_gaps(room, i % 2 ? GAP_LOWER_END : GAP_UPPER_END);
        assert_int_equal(look(room).lines, room->said);
        close_room(state);
        open_room(state);
    }
}

static void where_nothing_was_said_no_gap_is_left(void **state) {
    for (size_t i = 0; i < FORGETFUL_COUNT; i++) {
        struct room *room = *state;
        room->custom = FORGETFUL[i];
        miss(room, 0);
        assert_int_equal(look(room).gaps, 0);
        assert_int_equal(look(room).lines, 3);
        is_said(room);
        assert_int_equal(look(room).last, 3);
        close_room(state);
        open_room(state);
        room = *state;
        room->custom = FORGETFUL[i];
        forget(room, 0);
        is_said(room);
        assert_int_equal(look(room).last, 3);
        assert_int_equal(look(room).gaps, 0);
        close_room(state);
        open_room(state);
    }
}

static unsigned roll(unsigned *seed, unsigned sides) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 16) % sides;
}

static void do_something(struct room *room, unsigned *seed) {
    struct model *model = &room->face.model;
    struct buffer *buffer = buffer_of(room);
    uint64_t count = buffer->last + 1 - buffer->first;
    uint64_t somewhere = buffer->first + roll(seed, (unsigned)count);
    uint64_t gap = buffer_gap_above(buffer, somewhere);
    switch (roll(seed, 9)) {
    case 0: buffer->scroll = (struct scroll){.number = somewhere}; break;
    case 1: buffer->scroll = (struct scroll){0}; break;
    case 2:
        buffer->scroll = (struct scroll){.number = buffer->first};
        model_ask_older(model, buffer, 1 + roll(seed, 300), false);
        break;
    case 3:
        if (gap) model_load_gap(model, buffer, gap, GAP_LOWER_END, true);
        break;
    case 4:
        if (gap) model_load_gap(model, buffer, gap, GAP_UPPER_END, true);
        break;
    case 5:
        model_go_to(model, buffer, text_of(""),
                    when_of(room, roll(seed, room->said)));
        break;
    case 6:
        for (unsigned i = roll(seed, 200); i > 0; i--)
            is_said(room);
        break;
    case 7:
        go_away(room);
        room->said += roll(seed, 4) ? roll(seed, 300) : roll(seed, 6000);
        come_in(room);
        break;
    case 8: joins(&room->face, "eve", "#a"); break;
    }
    answer(room);
}

static void whatever_is_done_nothing_is_missing_unsaid(void **state) {
    static const struct custom customs[] = {
        {.limit = 100, .moment = 1, .counts = true, .labels = true},
        {.limit = 100, .moment = 1},
        {.limit = 37, .moment = 5},
        {.limit = 1000, .moment = 3, .labels = true},
        {.limit = 100, .moment = 3, .by_time = true},
        {.limit = 64, .moment = 4, .by_time = true, .nameless = true},
    };
    for (unsigned i = 0; i < 24; i++) {
        struct room *room = *state;
        unsigned seed = i;
        room->custom = customs[i % (sizeof customs / sizeof *customs)];
        room->said = roll(&seed, 3000);
        keep_lines(&room->face.model, 100 + roll(&seed, 2000));
        come_in(room);
        for (int turn = 0; turn < 40; turn++) {
            do_something(room, &seed);
            struct sight sight = look(room);
            if (sight.lines > 0) assert_int_equal(sight.last, room->said - 1);
        }
        close_room(state);
        open_room(state);
    }
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_room, close_room)
    const struct CMUnitTest tests[] = {
        SCENE(what_was_missed_is_there_once_and_in_order),
        SCENE(a_gap_is_loaded_until_it_is_none),
        SCENE(a_gap_is_loaded_from_below_too),
        SCENE(a_server_that_never_counts_is_asked_to_the_end),
        SCENE(a_moment_too_full_leaves_a_gap),
        SCENE(scrolling_up_has_no_end_but_the_servers),
        SCENE(coming_down_loads_what_had_to_go),
        SCENE(live_lines_push_out_the_oldest),
        SCENE(who_reads_keeps_what_is_read),
        SCENE(a_day_long_ago_is_shown_with_gaps_around_it),
        SCENE(a_page_that_breaks_off_leaves_a_gap),
        SCENE(who_does_not_answer_leaves_a_gap),
        SCENE(who_forgot_what_we_know_leaves_a_gap),
        SCENE(where_nothing_was_said_no_gap_is_left),
        SCENE(whatever_is_done_nothing_is_missing_unsaid),
    };
#undef SCENE
    return cmocka_run_group_tests(tests, NULL, NULL);
}
