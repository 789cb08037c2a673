/* A program whose IRC is our client's library: its login, its nonces, its
 * list of what has no receipt yet, its reading, its understanding. */
#include <string.h>
#include <time.h>

#include "protocol/container.h"
#include "tests/crash/hearing.h"
#include "tests/crash/reading.h"

static struct member *member_of(struct session_owner *owner) {
    return container_of(owner, struct member, owner);
}

static int64_t wall_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void flush(struct member *member, unsigned place) {
    char target[PLACE_NAME];
    member_target(member, place, target);
    session_flush(&member->session, &member->pending, text_of(target),
                  wall_clock());
}

static void say_again(struct member *member) {
    for (unsigned place = 0; place < member->ledger->place_count; place++)
        if (member->places >> place & 1) flush(member, place);
}

static void speak(struct member *member, unsigned number) {
    char body[BODY_SIZE], target[PLACE_NAME];
    unsigned place = ledger_line(member->ledger, member->number, number)->place;
    struct text text =
        ledger_body(member->ledger, member->number, number, body);
    member_target(member, place, target);
    pending_say(&member->pending, NEWS_SAID, text_of(target), text,
                wall_clock());
    flush(member, place);
}

static void ask(struct member *member, unsigned place, uint64_t last,
                unsigned limit) {
    char target[PLACE_NAME], msgid[32];
    struct writer writer = writer_on(msgid, sizeof msgid);
    if (last) write_format(&writer, "%llx", (unsigned long long)last);
    member_target(member, place, target);
    session_history_after(&member->session, text_of(target),
                          (struct place){.msgid = writer_text(&writer)}, limit);
}

static void on_online(struct member *member, const struct news *news) {
    const struct ledger *ledger = member->ledger;
    (void)news;
    member->reads = session_can(&member->session, CAP_CHATHISTORY);
    for (unsigned place = 0; place < ledger->place_count; place++)
        if (member->places >> place & 1 && ledger->places[place].room[0])
            session_join(&member->session, text_of(ledger->places[place].room),
                         text_of(""));
    member_begin(member);
}

/* An own line may come back twice: from an old connection that the server was
 * still reading, and as the answer to its being sent again. */
static void expect_sent_again(struct member *member, struct text body) {
    struct text rest = body;
    uint64_t number;
    text_piece(&rest, '.');
    if (text_number(text_piece(&rest, '.'), &number) &&
        number < member->ledger->speakers[member->number].count &&
        ledger_line(member->ledger, member->number, (unsigned)number)
                ->sendings > 1)
        return;
    hearing_refused(member, text_of("its own line, which is not pending"),
                    body);
}

/* The room of what is private is the other one's name. */
static void on_said(struct member *member, const struct news *news) {
    struct text own = text_of(member->nick);
    struct text target = news->to_us && !news->own ? own : news->room;
    const struct reading *reading = &member->reading;
    char place[PLACE_NAME];
    member_target(member, reading->place, place);
    bool page = reading->active && text_is(news->room, place);
    enum telling telling = !news->history ? TOLD_LIVE
                           : page         ? TOLD_PAGE
                                          : TOLD_REPLAYED;
    bool found = news->own && news->history &&
                 pending_confirm_replayed(&member->pending, news, false);
    if (news->own && !news->history && !pending_confirm(&member->pending, news))
        expect_sent_again(member, news->body);
    hearing_told(member, news->who, target, news->msgid, news->body, telling);
    /* What it found in the history it does not say again. */
    if (found) member_confirm_read(member, news->body);
}

static void on_page_end(struct member *member, const struct news *news) {
    if (news->body.length > 0)
        reading_refused(member);
    else
        reading_end_page(member);
}

static void on_refused(struct member *member, const struct news *news) {
    hearing_refused(member, text_of("an error"), news->body);
}

static void (*const ears[NEWS_KINDS])(struct member *, const struct news *) = {
    [NEWS_ONLINE] = on_online,         [NEWS_SAID] = on_said,
    [NEWS_HISTORY_END] = on_page_end,  [NEWS_ERROR] = on_refused,
    [NEWS_REFUSED_LOGIN] = on_refused,
};

static void on_news(struct session_owner *owner, const struct news *news) {
    if (ears[news->kind]) ears[news->kind](member_of(owner), news);
}

/* Counts how often the library has sent a line. */
static void on_send(struct session_owner *owner, struct text line) {
    struct member *member = member_of(owner);
    struct ircmsg message;
    uint64_t author, number;
    wire_send(&member->wire, line);
    if (!ircmsg_parse(&message, line) || !text_is(message.verb, "PRIVMSG"))
        return;
    struct text body = ircmsg_param(&message, 1);
    if (text_number(text_piece(&body, '.'), &author) &&
        text_number(text_piece(&body, '.'), &number))
        ledger_sent(member->ledger, (unsigned)author, (unsigned)number,
                    member->connection);
}

static void greet(struct member *member) {
    member->owner = (struct session_owner){on_news, on_send};
    member->login = (struct login){.secret = member->token};
    text_copy(text_of(member->nick), member->login.nick,
              sizeof member->login.nick);
    pending_lose(&member->pending);
    session_init(&member->session, &member->owner, &member->login);
    session_begin(&member->session);
}

static void take(struct member *member, struct text line) {
    session_take(&member->session, line, wall_clock());
}

const struct manner manner_library = {greet, take, speak, say_again, ask};
