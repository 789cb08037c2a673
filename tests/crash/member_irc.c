/* A program that speaks IRC: CAP, PASS with a token, +minichat/nonce. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/crash/hearing.h"
#include "tests/crash/reading.h"

static const char CAPS[] =
    "message-tags server-time echo-message batch standard-replies";
static const char BEGINNING[] = "timestamp=1970-01-01T00:00:00.000Z";
static const char END[] = "timestamp=2100-01-01T00:00:00.000Z";

static void greet(struct member *member) {
    member_format(member, "CAP REQ :%s", CAPS);
    member_format(member, "CAP REQ draft/chathistory");
    member_format(member, "PASS %s", member->token);
    member_format(member, "NICK %s", member->nick);
    member_format(member, "USER %s 0 * :%s", member->nick, member->nick);
    member_format(member, "CAP END");
}

static void send_line(struct member *member, unsigned number) {
    char body[BODY_SIZE], nonce[NONCE_HEX], target[PLACE_NAME];
    struct spoken *line = ledger_line(member->ledger, member->number, number);
    struct text text =
        ledger_body(member->ledger, member->number, number, body);
    ledger_nonce(member->ledger, member->number, number, nonce);
    member_target(member, line->place, target);
    member_format(member, "@+minichat/nonce=%s PRIVMSG %s :%.*s", nonce, target,
                  (int)text.length, text.at);
    ledger_sent(member->ledger, member->number, number, member->connection);
}

static void say_again(struct member *member) {
    for (unsigned i = 0; i < member->waiting; i++)
        send_line(member, member->unconfirmed[i]);
}

/* AFTER here, BETWEEN there: both must give all. */
static void ask(struct member *member, unsigned place, uint64_t last,
                unsigned limit) {
    char target[PLACE_NAME], from[64];
    bool between = place % 2 == 1;
    member_target(member, place, target);
    snprintf(from, sizeof from, "msgid=%" PRIx64, last);
    member_format(member, "CHATHISTORY %s %s %s %s %u",
                  between ? "BETWEEN" : "AFTER", target,
                  last ? from : BEGINNING, between ? END : "", limit);
}

static void welcome(struct member *member, const struct ircmsg *message) {
    const struct ledger *ledger = member->ledger;
    (void)message;
    for (unsigned place = 0; place < ledger->place_count; place++)
        if (member->places >> place & 1 && ledger->places[place].room[0])
            member_format(member, "JOIN %s", ledger->places[place].room);
    member_begin(member);
}

static enum telling telling_of(const struct member *member,
                               const struct ircmsg *message) {
    char batch[REFERENCE_SIZE];
    if (!ircmsg_tag(message->tags, "batch", batch, sizeof batch))
        return TOLD_LIVE;
    return strcmp(batch, member->reading.batch) == 0 ? TOLD_PAGE
                                                     : TOLD_REPLAYED;
}

static void said(struct member *member, const struct ircmsg *message) {
    char msgid[64];
    if (!ircmsg_tag(message->tags, "msgid", msgid, sizeof msgid))
        msgid[0] = '\0';
    hearing_told(member, ircmsg_split_source(message->source).nick,
                 ircmsg_param(message, 0), text_of(msgid),
                 ircmsg_param(message, 1), telling_of(member, message));
}

static void batch(struct member *member, const struct ircmsg *message) {
    struct reading *reading = &member->reading;
    struct text mark = ircmsg_param(message, 0), name = text_after(mark, 1);
    bool history = text_is(ircmsg_param(message, 1), "chathistory");
    if (!reading->active) return;
    if (text_begins(mark, "+") && history)
        text_copy(name, reading->batch, sizeof reading->batch);
    else if (text_begins(mark, "-") && text_is(name, reading->batch))
        reading_end_page(member);
}

static void cap(struct member *member, const struct ircmsg *message) {
    if (!text_is(text_trim(ircmsg_param(message, 2)), "draft/chathistory"))
        return;
    member->reads = text_is(ircmsg_param(message, 1), "ACK");
}

static void complain(struct member *member, const struct ircmsg *message) {
    hearing_refused(member, message->verb,
                    ircmsg_param(message, message->count - 1));
}

static void fail(struct member *member, const struct ircmsg *message) {
    if (text_is(ircmsg_param(message, 0), "CHATHISTORY") &&
        text_is(ircmsg_param(message, 1), "MESSAGE_ERROR"))
        reading_refused(member);
    else
        complain(member, message);
}

static void ping(struct member *member, const struct ircmsg *message) {
    struct text mark = ircmsg_param(message, 0);
    member_format(member, "PONG :%.*s", (int)mark.length, mark.at);
}

/* clang-format off */
static const struct {
    const char *verb;
    void (*hear)(struct member *, const struct ircmsg *);
} words[] = {
    {"PRIVMSG", said}, {"BATCH", batch}, {"CAP", cap}, {"PING", ping},
    {"001", welcome}, {"FAIL", fail},
    {"401", complain}, {"403", complain}, {"404", complain},
    {"433", complain}, {"442", complain}, {"464", complain},
};
/* clang-format on */

static void take(struct member *member, struct text line) {
    struct ircmsg message;
    if (!ircmsg_parse(&message, line)) return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (text_is(message.verb, words[i].verb))
            words[i].hear(member, &message);
}

const struct manner manner_irc = {greet, take, send_line, say_again, ask};
