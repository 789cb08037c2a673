#include "client/session_parts.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

/* What we use where it is offered. */
static const enum cap WANTED[] = {
    CAP_MESSAGE_TAGS,   CAP_SERVER_TIME,       CAP_ECHO_MESSAGE,
    CAP_BATCH,          CAP_LABELED_RESPONSE,  CAP_MULTI_PREFIX,
    CAP_SASL,           CAP_STANDARD_REPLIES,  CAP_ACCOUNT_TAG,
    CAP_ACCOUNT_NOTIFY, CAP_EXTENDED_JOIN,     CAP_AWAY_NOTIFY,
    CAP_CHGHOST,        CAP_SETNAME,           CAP_INVITE_NOTIFY,
    CAP_CAP_NOTIFY,     CAP_USERHOST_IN_NAMES, CAP_CHATHISTORY,
    CAP_READ_MARKER,    CAP_MULTILINE,         CAP_SEARCH,
    CAP_REDACTION,      CAP_REACTIONS,
};

void session_refuse(struct session *session, struct text why) {
    struct news news = {.kind = NEWS_REFUSED_LOGIN, .body = why};
    session_tell(session, &news);
}

void session_send_secret(struct session *session, const char *verb,
                         struct text secret) {
    size_t size = strlen(verb) + 2 + secret.length;
    char *line = memory_new(size, 1);
    struct writer writer = writer_on(line, size);
    write_string(&writer, verb);
    write_char(&writer, ' ');
    write_text(&writer, secret);
    session->owner->send(session->owner, writer_text(&writer));
    explicit_bzero(line, size);
    free(line);
}

/* NICK and USER. A password for the whole server stands before them (RFC 2812
 * 3.1.1), and only where SASL cannot carry it. */
static void introduce(struct session *session, bool with_pass) {
    if (session->introduced) return;
    session->introduced = true;
    if (with_pass && session->login->secret)
        session_send_secret(session, "PASS", text_of(session->login->secret));
    session_ask(session, "NICK", text_of(session->nick), text_of(""),
                text_of(""));
    struct text name = text_of(session->login->nick);
    struct ircmsg user = {
        .verb = text_of("USER"),
        .params = {name, text_of("0"), text_of("*"), name},
        .count = 4,
    };
    session_send(session, &user, 0);
}

static void cap_end(struct session *session) {
    if (session->registered) return;
    session_ask(session, "CAP", text_of("END"), text_of(""), text_of(""));
}

/* The server and we agree on the capabilities: log in, or go on. */
static void agree(struct session *session) {
    if (session->registered) return;
    enum sasl_begun begun = session_sasl_begin(session);
    if (begun == SASL_UNDER_WAY) return;
    introduce(session,
              begun == SASL_NOT_BEGUN || !session_sasl_has_secret(session));
    if (begun == SASL_BEGUN)
        session_sasl_ask(session);
    else
        cap_end(session);
}

static uint32_t wanted(const struct session *session) {
    uint32_t bits = 0;
    for (size_t i = 0; i < sizeof WANTED / sizeof *WANTED; i++)
        bits |= cap_bit(WANTED[i]);
    if (session->registered || !session_sasl_wanted(session))
        bits &= ~cap_bit(CAP_SASL);
    return bits & session->offered & ~session->caps;
}

static void request(struct session *session) {
    char list[SESSION_LINE_SIZE];
    struct writer writer = writer_on(list, sizeof list);
    uint32_t bits = wanted(session);
    for (enum cap cap = 0; cap < CAPS_COUNT; cap++) {
        if (!(bits & cap_bit(cap))) continue;
        if (writer.length > 0) write_char(&writer, ' ');
        write_string(&writer, cap_name(cap));
    }
    if (bits == 0) {
        agree(session);
        return;
    }
    session_ask(session, "CAP", text_of("REQ"), writer_text(&writer),
                text_of(""));
}

/* max-bytes=4096,max-lines=24 */
static void read_multiline(struct session *session, struct text list) {
    session->multiline_bytes = session->multiline_lines = 0;
    while (list.length > 0) {
        struct text value = text_piece(&list, ',');
        struct text key = text_piece(&value, '=');
        if (text_is(key, "max-bytes"))
            text_number(value, &session->multiline_bytes);
        if (text_is(key, "max-lines"))
            text_number(value, &session->multiline_lines);
    }
}

/* It is never asked for, and that it is taken back means nothing. */
static void tell_policy(struct session *session, struct text value) {
    struct news news = {.kind = NEWS_POLICY, .body = value};
    session_tell(session, &news);
}

static void on_offered(struct session *session, struct text list) {
    while (list.length > 0) {
        struct text value = text_word(&list);
        struct text name = text_piece(&value, '=');
        enum cap cap = cap_find(name);
        if (text_is(name, "sts")) tell_policy(session, value);
        if (cap == CAPS_COUNT) continue;
        session->offered |= cap_bit(cap);
        if (cap == CAP_SASL) session_sasl_offered(session, value);
        if (cap == CAP_MULTILINE) read_multiline(session, value);
    }
}

static void on_withdrawn(struct session *session, struct text list) {
    while (list.length > 0) {
        enum cap cap = cap_find(text_word(&list));
        if (cap == CAPS_COUNT) continue;
        session->offered &= ~cap_bit(cap);
        session->caps &= ~cap_bit(cap);
    }
}

static void on_granted(struct session *session, struct text list) {
    while (list.length > 0) {
        struct text name = text_word(&list);
        bool off = text_begins(name, "-");
        enum cap cap = cap_find(off ? text_after(name, 1) : name);
        if (cap == CAPS_COUNT) continue;
        if (off)
            session->caps &= ~cap_bit(cap);
        else
            session->caps |= cap_bit(cap);
    }
    agree(session);
}

static void on_cap(struct session *session, const struct ircmsg *message) {
    struct text what = ircmsg_param(message, 1);
    struct text list = ircmsg_param(message, message->count - 1);
    if (message->count < 3) return;
    if (text_is(what, "LS")) {
        on_offered(session, list);
        /* "*" says that another line of the list follows. */
        if (!text_is(ircmsg_param(message, 2), "*")) request(session);
    }
    if (text_is(what, "NEW")) {
        on_offered(session, list);
        if (wanted(session)) request(session);
    }
    if (text_is(what, "ACK")) on_granted(session, list);
    if (text_is(what, "NAK")) agree(session);
    if (text_is(what, "DEL")) on_withdrawn(session, list);
}

static void on_authenticate(struct session *session,
                            const struct ircmsg *message) {
    session_sasl_take(session, ircmsg_param(message, 0));
}

static void on_logged_in(struct session *session,
                         const struct ircmsg *message) {
    struct news news = {.kind = NEWS_LOGGED_IN,
                        .account = ircmsg_param(message, 2)};
    if (!text_copy(news.account, session->account, sizeof session->account))
        session->account[0] = '\0';
    session_tell(session, &news);
}

static void on_sasl_done(struct session *session,
                         const struct ircmsg *message) {
    (void)message;
    cap_end(session);
}

static void on_sasl_failed(struct session *session,
                           const struct ircmsg *message) {
    struct text why = ircmsg_param(message, message->count - 1);
    if (!session->registered && session_sasl_fail(session, why))
        cap_end(session);
}

/* 908: which there are; that none was taken follows. */
static void on_sasl_mechanisms(struct session *session,
                               const struct ircmsg *message) {
    (void)session;
    (void)message;
}

static void on_kept_out(struct session *session, const struct ircmsg *message) {
    session_refuse(session, ircmsg_param(message, message->count - 1));
}

static void try_nick(struct session *session, struct text nick) {
    text_copy(nick, session->nick, sizeof session->nick);
    session_ask(session, "NICK", nick, text_of(""), text_of(""));
}

/* alice is taken: alice_, alice__ … in the space that a name has. */
static void on_nick_taken(struct session *session,
                          const struct ircmsg *message) {
    char nick[NAME_SIZE];
    struct writer writer = writer_on(nick, sizeof nick - 1);
    struct text wish = text_of(session->login->nick);
    (void)message;
    if (++session->nick_tries > SESSION_NICK_TRIES) {
        session_refuse(session,
                       text_of("that name is taken, and so are those like "
                               "it; choose another with --nick"));
        return;
    }
    size_t room = sizeof nick - 1 - session->nick_tries;
    write_text(&writer,
               text_slice(wish.at, wish.length < room ? wish.length : room));
    for (unsigned i = 0; i < session->nick_tries; i++)
        write_char(&writer, '_');
    try_nick(session, writer_text(&writer));
}

/* Some servers have names of nine bytes only (RFC 1459 1.2). */
static void on_nick_invalid(struct session *session,
                            const struct ircmsg *message) {
    enum { SHORT = 9 };
    (void)message;
    if (strlen(session->nick) <= SHORT) {
        session_refuse(session,
                       text_of("the server does not take this name; choose "
                               "another with --nick"));
        return;
    }
    char nick[NAME_SIZE];
    text_copy(text_slice(session->nick, SHORT), nick, sizeof nick);
    try_nick(session, text_of(nick));
}

/* A server without capabilities says so; then there is nothing to wait for. */
static void on_no_caps(struct session *session, const struct ircmsg *message) {
    (void)message;
    if (session_sasl_begin(session) == SASL_UNDER_WAY) return;
    introduce(session, true);
}

static void on_welcome(struct session *session, const struct ircmsg *message) {
    struct text nick = ircmsg_param(message, 0);
    session->registered = true;
    if (nick.length > 0 && nick.length < sizeof session->nick)
        text_copy(nick, session->nick, sizeof session->nick);
}

struct step {
    const char *verb;
    bool early; /* only before registration does it mean this */
    void (*take)(struct session *session, const struct ircmsg *message);
};

static const struct step STEPS[] = {
    {"CAP", false, on_cap},         {"AUTHENTICATE", true, on_authenticate},
    {"001", true, on_welcome},      {"410", true, on_no_caps},
    {"421", true, on_no_caps},      {"451", true, on_no_caps},
    {"432", true, on_nick_invalid}, {"433", true, on_nick_taken},
    {"436", true, on_nick_taken},   {"437", true, on_nick_taken},
    {"464", true, on_kept_out},     {"465", true, on_kept_out},
    {"900", false, on_logged_in},   {"902", true, on_sasl_failed},
    {"903", true, on_sasl_done},    {"904", true, on_sasl_failed},
    {"905", true, on_sasl_failed},  {"906", true, on_sasl_failed},
    {"907", true, on_sasl_done},    {"908", true, on_sasl_mechanisms},
};

bool session_login_take(struct session *session, const struct ircmsg *message) {
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        const struct step *step = &STEPS[i];
        if (!text_is(message->verb, step->verb)) continue;
        if (step->early && session->registered) return false;
        if (message->count > 0) step->take(session, message);
        return true;
    }
    return false;
}

/* With a secret, NICK and USER wait for what the server can do: only so is it
 * known whether PASS must stand before them. */
void session_login_begin(struct session *session) {
    session_ask(session, "CAP", text_of("LS"), text_of("302"), text_of(""));
    if (!session->login->secret) introduce(session, false);
}
