#include "client/session.h"

#include <string.h>

#include "client/answer.h"
#include "client/session_parts.h"
#include "protocol/timestamp.h"

enum {
    ANSWER_SIZE = 9000,       /* a whole message of the server */
    VERSION_INTERVAL = 10000, /* ms between two answers to CTCP VERSION: who
                                 asks more often only wants to make us talk */
    USERHOST_MAX = 150,       /* what a hostile server could make of it */
};

struct text session_param(const struct incoming *in, size_t n) {
    return ircmsg_param(in->message, n);
}

bool session_is_room(const struct session *session, struct text name) {
    return name.length > 0 && name.at[0] &&
           strchr(session->chantypes, name.at[0]);
}

bool session_is_us(const struct session *session, struct text name) {
    return name_equals(name, text_of(session->nick));
}

/* They stand side by side in the line. */
static struct text host_of(struct ircmsg_source source) {
    if (source.user.length == 0 || source.host.length == 0) return text_of("");
    return text_slice(source.user.at,
                      source.user.length + 1 + source.host.length);
}

struct news session_news(const struct incoming *in, enum news_kind kind) {
    return (struct news){
        .kind = kind,
        .who = in->who,
        .account = text_of(in->account),
        .msgid = text_of(in->msgid),
        .host = host_of(in->source),
        .nonce = text_of(in->nonce),
        .reply = text_of(in->reply),
        .label = in->label,
        .when = in->when,
        .own = in->own,
        .history = in->history,
    };
}

/* The first parameter that is a room: where an answer or an error belongs. */
static struct text room_in(const struct session *session,
                           const struct incoming *in) {
    for (size_t i = 0; i < in->message->count; i++)
        if (session_is_room(session, session_param(in, i)))
            return session_param(in, i);
    return text_of("");
}

static void answer(struct session *session, const struct incoming *in,
                   struct text body) {
    struct news news = session_news(in, NEWS_ANSWER);
    news.body = body;
    session_tell(session, &news);
}

/* "@#room" is said to the operators of #room (STATUSMSG). */
static struct text without_status(const struct session *session,
                                  struct text target) {
    struct text rest = target;
    while (rest.length > 0 && rest.at[0] &&
           strchr(session->prefixes, rest.at[0]))
        rest = text_after(rest, 1);
    return session_is_room(session, rest) ? rest : target;
}

void session_place(const struct session *session, const struct incoming *in,
                   struct news *news) {
    struct text target = without_status(session, session_param(in, 0));
    news->to_us = !session_is_room(session, target);
    news->room = news->to_us && !in->own ? in->who : target;
}

static bool is_ctcp(struct text body) {
    return body.length > 1 && body.at[0] == '\001';
}

/* "\1VERSION\1" gives VERSION, with "" left in rest. */
static struct text ctcp_word(struct text *body) {
    *body = text_after(*body, 1);
    if (body->length > 0 && body->at[body->length - 1] == '\001')
        body->length--;
    return text_piece(body, ' ');
}

static void tell_version(struct session *session, const struct incoming *in) {
    static const char version[] =
        "\001VERSION minichat " MINICHAT_VERSION "\001";
    if (in->own || in->history || !session_is_us(session, session_param(in, 0)))
        return;
    if (session->version_told &&
        in->now - session->version_told < VERSION_INTERVAL)
        return;
    session->version_told = in->now;
    session_ask(session, "NOTICE", in->who, text_of(version), text_of(""));
}

static bool is_found(const struct incoming *in) {
    return in->batch && in->batch->kind == BATCH_SEARCH;
}

static void tell_said(struct session *session, const struct incoming *in,
                      enum news_kind kind, struct text body) {
    struct news news = session_news(in, kind);
    session_place(session, in, &news);
    news.body = body;
    if (is_found(in)) {
        news.kind = NEWS_FOUND;
        news.prefix = text_of(kind == NEWS_ACTED ? "*" : "");
    }
    session_tell(session, &news);
}

/* modern.ircdocs.horse/ctcp */
static void on_ctcp(struct session *session, const struct incoming *in) {
    struct text body = session_param(in, 1);
    struct text word = ctcp_word(&body);
    if (text_is(word, "ACTION")) tell_said(session, in, NEWS_ACTED, body);
    if (text_is(word, "VERSION") && !in->batch) tell_version(session, in);
}

static void on_privmsg(struct session *session, const struct incoming *in) {
    if (is_ctcp(session_param(in, 1)))
        on_ctcp(session, in);
    else
        tell_said(session, in, NEWS_SAID, session_param(in, 1));
}

/* A notice of the server itself is an answer to nobody in particular. */
static void on_notice(struct session *session, const struct incoming *in) {
    bool server = in->source.user.length == 0 && in->source.host.length == 0;
    if (is_ctcp(session_param(in, 1))) return;
    if (server && !session_is_room(session, session_param(in, 0)))
        answer(session, in, session_param(in, 1));
    else
        tell_said(session, in, NEWS_NOTICED, session_param(in, 1));
}

static void remember_userhost(struct session *session,
                              struct ircmsg_source source) {
    size_t length = host_of(source).length;
    if (length == 0) return;
    session->userhost = length < USERHOST_MAX ? length : USERHOST_MAX;
}

static void announce(struct session *session, int64_t now) {
    struct news news = {
        .kind = NEWS_ONLINE,
        .who = text_of(session->nick),
        .account = text_of(session->account),
        .body = text_of(session->network),
        .when = now,
        .own = true,
    };
    if (!session->registered || session->announced) return;
    session->announced = true;
    session_tell(session, &news);
}

/* extended-join: JOIN #room ACCOUNT :Real Name; "*" is no account. */
static void on_join(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_JOINED);
    news.room = session_param(in, 0);
    if (session_param(in, 1).length > 0 && !text_is(session_param(in, 1), "*"))
        news.account = session_param(in, 1);
    if (in->own && !in->history) {
        remember_userhost(session, in->source);
        announce(session, in->now);
    }
    session_tell(session, &news);
}

static void on_part(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_LEFT);
    news.room = session_param(in, 0);
    news.body = session_param(in, 1);
    session_tell(session, &news);
}

static void on_kick(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_KICKED);
    news.room = session_param(in, 0);
    news.who = session_param(in, 1);
    news.by = in->who;
    news.body = session_param(in, 2);
    news.own = session_is_us(session, news.who);
    session_tell(session, &news);
}

static void on_quit(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_QUIT);
    news.body = session_param(in, 0);
    session_tell(session, &news);
}

static void on_nick(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_RENAMED);
    news.body = session_param(in, 0);
    if (news.body.length == 0) return;
    if (in->own && !in->history && news.body.length < sizeof session->nick)
        text_copy(news.body, session->nick, sizeof session->nick);
    session_tell(session, &news);
}

static void on_topic(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_TOPIC);
    news.by = in->who;
    news.room = session_param(in, 0);
    news.body = session_param(in, 1);
    session_tell(session, &news);
}

static void on_topic_is(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_TOPIC);
    news.room = session_param(in, 1);
    news.body = session_param(in, 2);
    session_tell(session, &news);
}

static void on_topic_none(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_TOPIC);
    news.room = session_param(in, 1);
    session_tell(session, &news);
}

/* "@+alice" or, with userhost-in-names, "@+alice!user@host". */
static void tell_named(struct session *session, const struct incoming *in,
                       struct text name) {
    struct news news = session_news(in, NEWS_NAMED);
    size_t marks = 0;
    while (marks < name.length && name.at[marks] &&
           strchr(session->prefixes, name.at[marks]))
        marks++;
    news.prefix = text_slice(name.at, marks);
    news.who = ircmsg_split_source(text_after(name, marks)).nick;
    news.room = session_param(in, 2);
    news.own = session_is_us(session, news.who);
    if (news.who.length > 0) session_tell(session, &news);
}

static void on_names(struct session *session, const struct incoming *in) {
    struct text names = session_param(in, 3);
    while (names.length > 0)
        tell_named(session, in, text_word(&names));
}

static void on_names_end(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_NAMES_END);
    news.room = session_param(in, 1);
    session_tell(session, &news);
}

/* CHANMODES=A,B,C,D: lists, always a parameter, one when set, never one. */
static bool mode_takes_param(const struct session *session, char mode,
                             bool set) {
    struct text classes = text_of(session->chanmodes);
    if (strchr(session->prefix_modes, mode)) return true;
    for (int class = 0; class < 3; class ++) {
        struct text modes = text_piece(&classes, ',');
        if (text_find(modes, mode) < modes.length) return class < 2 || set;
    }
    return false;
}

static void tell_prefix(struct session *session, const struct incoming *in,
                        char mode, bool set, struct text who) {
    const char *found = strchr(session->prefix_modes, mode);
    struct news news = session_news(in, NEWS_PREFIX);
    if (!found || who.length == 0) return;
    size_t rank = (size_t)(found - session->prefix_modes);
    if (set && rank < strlen(session->prefixes))
        news.prefix = text_slice(session->prefixes + rank, 1);
    news.by = in->who;
    news.who = who;
    news.own = session_is_us(session, who);
    news.room = session_param(in, 0);
    session_tell(session, &news);
}

/* True where somebody's rank changed. */
static bool tell_prefixes(struct session *session, const struct incoming *in) {
    struct text modes = session_param(in, 1);
    size_t next = 2;
    bool set = true, changed = false;
    for (size_t i = 0; i < modes.length; i++) {
        char mode = modes.at[i];
        if (mode == '+' || mode == '-') set = mode == '+';
        if (mode == '+' || mode == '-') continue;
        if (!mode_takes_param(session, mode, set)) continue;
        tell_prefix(session, in, mode, set, session_param(in, next++));
        if (strchr(session->prefix_modes, mode)) changed = true;
    }
    return changed;
}

static void on_mode(struct session *session, const struct incoming *in) {
    char change[ANSWER_SIZE];
    struct writer writer = writer_on(change, sizeof change);
    struct news news = session_news(in, NEWS_MODE);
    if (!session_is_room(session, session_param(in, 0))) return;
    for (size_t i = 1; i < in->message->count; i++) {
        if (i > 1) write_char(&writer, ' ');
        write_text(&writer, session_param(in, i));
    }
    news.by = in->who;
    news.room = session_param(in, 0);
    news.body = writer_text(&writer);
    session_tell(session, &news);
    bool changed = tell_prefixes(session, in);
    /* An operator who gets a voice stays operator; only the server knows all
     * the ranks that somebody has. */
    if (changed && !in->history && strlen(session->prefixes) > 1)
        session_ask(session, "NAMES", news.room, text_of(""), text_of(""));
}

static void on_away(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_AWAY);
    news.body = session_param(in, 0);
    session_tell(session, &news);
}

/* 306, 305: it is ourselves. */
static void on_own_away(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_AWAY);
    news.who = text_of(session->nick);
    news.own = true;
    if (text_is(in->message->verb, "306")) news.body = text_of("away");
    session_tell(session, &news);
}

static void on_invite(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_INVITED);
    news.by = in->who;
    news.who = session_param(in, 0);
    news.room = session_param(in, 1);
    news.own = session_is_us(session, news.who);
    session_tell(session, &news);
}

static void on_chghost(struct session *session, const struct incoming *in) {
    struct ircmsg_source now = {.user = session_param(in, 0),
                                .host = session_param(in, 1)};
    if (in->own) remember_userhost(session, now);
}

static void on_ping(struct session *session, const struct incoming *in) {
    session_ask(session, "PONG", session_param(in, 0), session_param(in, 1),
                text_of(""));
}

static void on_pong(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_PONG);
    news.body = session_param(in, in->message->count - 1);
    session_tell(session, &news);
}

static void on_error(struct session *session, const struct incoming *in) {
    struct news news = session_news(in, NEWS_ENDED);
    news.body = session_param(in, 0);
    session_tell(session, &news);
}

/* FAIL VERB CODE [context…] :words; ircv3.net/specs/extensions/
 * standard-replies */
static void on_standard_reply(struct session *session,
                              const struct incoming *in) {
    bool note = text_is(in->message->verb, "NOTE");
    struct news news = session_news(in, note ? NEWS_ANSWER : NEWS_ERROR);
    if (in->message->count < 3 || session_take_fail(session, in)) return;
    news.room = room_in(session, in);
    news.body = session_param(in, in->message->count - 1);
    session_tell(session, &news);
}

/* No such nick or room; cannot be said there; nobody, nothing to say; too
 * long; and what some servers answer to who is not known to them. */
static bool is_unsaid(struct text number) {
    static const char *const numbers[] = {"401", "403", "404", "411",
                                          "412", "413", "417", "477",
                                          "486", "489", "531"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (text_is(number, numbers[i])) return true;
    return false;
}

/* WHOIS, from its first reply to its end. */
static void note_description(struct session *session, struct text number) {
    if (text_is(number, "311")) session->describing = true;
    if (text_is(number, "318")) session->describing = false;
}

/* Nobody of that name, or away: it belongs to the talk with them. */
static bool is_about_talk(const struct session *session, struct text number) {
    return text_is(number, "401") ||
           (text_is(number, "301") && !session->describing);
}

static void on_numeric(struct session *session, const struct incoming *in) {
    char words[ANSWER_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    enum answer_kind kind = answer_write(&writer, in->message);
    struct news news =
        session_news(in, kind == ANSWER_WRONG ? NEWS_ERROR : NEWS_ANSWER);
    note_description(session, in->message->verb);
    if (kind == ANSWER_NOTHING) return;
    news.room = room_in(session, in);
    if (is_about_talk(session, in->message->verb))
        news.room = session_param(in, 1);
    if (news.kind == NEWS_ERROR) news.unsaid = is_unsaid(in->message->verb);
    if (news.unsaid) news.room = session_param(in, 1);
    news.body = writer_text(&writer);
    session_tell(session, &news);
}

static void on_motd_end(struct session *session, const struct incoming *in) {
    announce(session, in->now);
}

/* Counts and dates of the server, told by every one when we come in: nobody
 * asked. */
static void on_greeting(struct session *session, const struct incoming *in) {
    if (session->announced) on_numeric(session, in);
}

struct verb {
    const char *name;
    size_t least; /* parameters without which it says nothing */
    bool sourced; /* says nothing without a source either */
    void (*take)(struct session *session, const struct incoming *in);
};

/* clang-format off */
static const struct verb VERBS[] = {
    {"PRIVMSG", 2, true,  on_privmsg},
    {"NOTICE",  2, false, on_notice},
    {"TAGMSG",  1, true,  session_take_tagmsg},
    {"REDACT",  2, true,  session_take_redact},
    {"PING",    1, false, on_ping},
    {"PONG",    1, false, on_pong},
    {"JOIN",    1, true,  on_join},
    {"PART",    1, true,  on_part},
    {"QUIT",    0, true,  on_quit},
    {"NICK",    1, true,  on_nick},
    {"KICK",    2, true,  on_kick},
    {"TOPIC",   1, true,  on_topic},
    {"MODE",    2, false, on_mode},
    {"AWAY",    0, true,  on_away},
    {"INVITE",  2, true,  on_invite},
    {"CHGHOST", 2, true,  on_chghost},
    {"ERROR",   0, false, on_error},
    {"BATCH",   1, false, session_take_batch},
    {"MARKREAD", 2, false, session_take_marker},
    {"CHATHISTORY", 3, false, session_take_target},
    {"FAIL",    1, false, on_standard_reply},
    {"WARN",    1, false, on_standard_reply},
    {"NOTE",    1, false, on_standard_reply},
    {"002",     1, false, on_greeting},
    {"003",     1, false, on_greeting},
    {"004",     1, false, on_greeting},
    {"005",     1, false, session_take_isupport},
    {"250",     1, false, on_greeting},
    {"251",     1, false, on_greeting},
    {"252",     1, false, on_greeting},
    {"253",     1, false, on_greeting},
    {"254",     1, false, on_greeting},
    {"255",     1, false, on_greeting},
    {"265",     1, false, on_greeting},
    {"266",     1, false, on_greeting},
    {"305",     0, false, on_own_away},
    {"306",     0, false, on_own_away},
    {"331",     2, false, on_topic_none},
    {"332",     2, false, on_topic_is},
    {"353",     4, false, on_names},
    {"366",     2, false, on_names_end},
    {"376",     0, false, on_motd_end},
    {"422",     0, false, on_motd_end},
};
/* clang-format on */

static bool is_numeric(struct text verb) {
    uint64_t number;
    return verb.length == 3 && text_number(verb, &number);
}

void session_hand_on(struct session *session, const struct incoming *in) {
    for (size_t i = 0; i < sizeof VERBS / sizeof *VERBS; i++) {
        const struct verb *verb = &VERBS[i];
        if (!text_equals_folded(in->message->verb, text_of(verb->name)))
            continue;
        if (in->message->count < verb->least) return;
        if (!verb->sourced || in->who.length > 0) verb->take(session, in);
        return;
    }
    if (is_numeric(in->message->verb)) on_numeric(session, in);
}

/* It goes back to the server as a parameter. */
static bool is_visible(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~') return false;
    return true;
}

/* A msgid, or nothing. */
static void read_id(struct text tags, const char *name,
                    char to[SESSION_MSGID_SIZE]) {
    if (!ircmsg_tag(tags, name, to, SESSION_MSGID_SIZE) ||
        !is_visible(text_of(to)))
        to[0] = '\0';
}

static void read_tags(struct session *session, struct incoming *in) {
    struct text tags = in->message->tags;
    char value[SESSION_REFERENCE_SIZE];
    if (ircmsg_tag(tags, "time", value, sizeof value) &&
        !timestamp_read(text_of(value), &in->when))
        in->when = in->now;
    if (ircmsg_tag(tags, "label", value, sizeof value) &&
        !text_number(text_of(value), &in->label))
        in->label = 0;
    if (ircmsg_tag(tags, "batch", value, sizeof value))
        in->batch = session_find_batch(session, text_of(value));
    read_id(tags, "msgid", in->msgid);
    read_id(tags, "+reply", in->reply);
    if (!in->reply[0]) read_id(tags, "+draft/reply", in->reply);
    if (!ircmsg_tag(tags, "+minichat/nonce", in->nonce, sizeof in->nonce))
        in->nonce[0] = '\0';
    if (!ircmsg_tag(tags, "account", in->account, sizeof in->account))
        in->account[0] = '\0';
}

/* What was done with lines stands beside them and is none. */
static bool is_line(struct text verb) {
    return !text_is(verb, "BATCH") && !text_is(verb, "TAGMSG") &&
           !text_is(verb, "REDACT");
}

static void read_batch(struct incoming *in) {
    if (!in->batch) return;
    in->history =
        in->batch->kind == BATCH_HISTORY || in->batch->kind == BATCH_REPLAY;
    if (in->label == 0) in->label = in->batch->label;
    if (is_line(in->message->verb)) in->batch->count++;
}

/* In the answer to a search, and in a list of targets, nothing happens. */
static bool belongs(const struct incoming *in) {
    struct text verb = in->message->verb;
    enum batch_kind kind = in->batch ? in->batch->kind : BATCH_OTHER;
    if (kind != BATCH_SEARCH && kind != BATCH_TARGETS) return true;
    return text_is(verb, "BATCH") || text_is(verb, "CHATHISTORY") ||
           (kind == BATCH_SEARCH &&
            (text_is(verb, "PRIVMSG") || text_is(verb, "NOTICE")));
}

void session_take(struct session *session, struct text line, int64_t now) {
    struct ircmsg message;
    struct incoming in = {.message = &message, .now = now, .when = now};
    /* No message holds a NUL; one that does is no message (RFC 2812 2.3.1). */
    if (text_find(line, '\0') < line.length) return;
    if (!ircmsg_parse(&message, line)) return;
    in.source = ircmsg_split_source(message.source);
    in.who = in.source.nick;
    in.own = session_is_us(session, in.who);
    if (session_login_take(session, &message)) return;
    read_tags(session, &in);
    read_batch(&in);
    if (belongs(&in) && !session_take_lines(&in)) session_hand_on(session, &in);
}

void session_init(struct session *session, struct session_owner *owner,
                  const struct login *login) {
    *session = (struct session){.owner = owner, .login = login};
    memcpy(session->nick, login->nick, sizeof session->nick);
    text_copy(text_of("#&"), session->chantypes, sizeof session->chantypes);
    text_copy(text_of("@+"), session->prefixes, sizeof session->prefixes);
    text_copy(text_of("ov"), session->prefix_modes,
              sizeof session->prefix_modes);
    text_copy(text_of("beI,k,l,imnpst"), session->chanmodes,
              sizeof session->chanmodes);
}

void session_begin(struct session *session) {
    session_login_begin(session);
}
