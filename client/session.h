/* One IRC session seen from the client: capabilities, login, and what the
 * server says as typed news. Pure: it is given lines and gives out lines and
 * news; it knows no socket, no screen and no clock.
 * Works with minichatd and with any server of modern.ircdocs.horse. */
#ifndef MINICHAT_CLIENT_SESSION_H
#define MINICHAT_CLIENT_SESSION_H

#include "protocol/caps.h"
#include "protocol/ircmsg.h"
#include "protocol/names.h"
#include "protocol/text.h"

enum news_kind {
    NEWS_ONLINE,        /* registered: who = our name, body = network's name */
    NEWS_LOGGED_IN,     /* account = as whom */
    NEWS_REFUSED_LOGIN, /* body = why; the server will close or goes on */
    NEWS_SAID,          /* room or private; who, room, body */
    NEWS_ACTED,         /* /me */
    NEWS_NOTICED,
    NEWS_JOINED,    /* who, room, account; own = ourselves */
    NEWS_LEFT,      /* who, room, body = reason */
    NEWS_KICKED,    /* who was kicked by `by`, body = reason */
    NEWS_QUIT,      /* who, body = reason; once, room is empty: the model
                       knows where they were */
    NEWS_RENAMED,   /* who became body */
    NEWS_NAMED,     /* one member in a NAMES answer: who, prefix */
    NEWS_NAMES_END, /* room: the list that was given is complete */
    NEWS_TOPIC,     /* room, body; by, empty `by` on joining */
    NEWS_MODE,      /* room, by, body = the change as text */
    NEWS_PREFIX,    /* who now has `prefix` in room ("" = none) */
    NEWS_AWAY,      /* who; body = message, empty = back */
    NEWS_INVITED,   /* by, room */
    NEWS_ANSWER,    /* body: a line of an answer (WHOIS, LIST, WHO, MOTD);
                       room may be set */
    NEWS_ERROR,     /* body: what went wrong, in words; room where it
                       belongs, may be empty */
    NEWS_ENDED,     /* ERROR from the server: body = reason */
    NEWS_PONG,      /* the answer to session_ping: body = its mark */
};

struct news {
    enum news_kind kind;
    struct text who, by, account, room, body, prefix, msgid;
    uint64_t label; /* which line of ours it answers (`said` then), or 0 */
    int64_t when; /* Unix milliseconds: server-time, else when it came; 0 where
                     the session made the news itself */
    bool own;     /* who is ourselves */
    bool to_us;   /* a private message: room is then the other one's name */
    bool history; /* replayed, not live */
};

/* Told what happens and given what is to be sent. */
struct session_owner {
    void (*hear)(struct session_owner *owner, const struct news *news);
    /* One IRC line without line end. */
    void (*send)(struct session_owner *owner, struct text line);
};

struct login {
    char nick[NAME_SIZE];
    char account[NAME_SIZE]; /* SASL PLAIN authcid; may be empty */
    const char *secret;      /* token or password, or NULL; not copied */
    bool external;           /* SASL EXTERNAL: Unix socket, certificate */
};

enum {
    SESSION_ISUPPORT_SIZE = 64,
    SESSION_BATCHES = 8, /* open at once; a server needs one or two */
    SESSION_REFERENCE_SIZE = 33,
    SESSION_NICK_TRIES = 5,
    SESSION_LINE_SIZE = 512, /* with CR LF, without tags */
};

struct session {
    struct session_owner *owner;
    const struct login *login;
    char nick[NAME_SIZE];
    char network[SESSION_ISUPPORT_SIZE];
    char chantypes[8], prefixes[16], prefix_modes[16];
    uint32_t offered, caps; /* cap_bit() */
    bool registered;
    uint64_t said; /* lines said so far; the last one's label */
    /* private to session*.c */
    char chanmodes[SESSION_ISUPPORT_SIZE];
    char batches[SESSION_BATCHES][SESSION_REFERENCE_SIZE]; /* of history */
    unsigned sasl_step, mechanisms, nick_tries;
    size_t userhost; /* bytes of user@host as others see us; 0: not known */
    int64_t version_told;
    bool introduced, announced;
};

/* login must live as long as the session. */
void session_init(struct session *session, struct session_owner *owner,
                  const struct login *login);
/* The connection stands: sends CAP LS, NICK, USER. */
void session_begin(struct session *session);
/* One line from the server without line end; now = Unix milliseconds. */
void session_take(struct session *session, struct text line, int64_t now);
bool session_is_room(const struct session *session, struct text name);
bool session_is_us(const struct session *session, struct text name);

/* What a person does. Text of any length: it is split at line ends and at
 * character ends so that each line reaches everyone whole (512 bytes with our
 * own source); what may not be said (utf8_clean) is left out. Each line counts
 * in `said`. Where the server echoes, its echo is the news; elsewhere the
 * session tells it at once. */
void session_say(struct session *session, struct text target, struct text body);
void session_act(struct session *session, struct text target, struct text body);
void session_join(struct session *session, struct text room, struct text key);
void session_leave(struct session *session, struct text room,
                   struct text reason);
void session_quit(struct session *session, struct text reason);
/* VERB and up to 3 parameters, empty ones at the end are left out. What does
 * not fit a line is not sent and told as NEWS_ERROR. */
void session_ask(struct session *session, const char *verb, struct text a,
                 struct text b, struct text c);
void session_ping(struct session *session, struct text mark);

#endif
