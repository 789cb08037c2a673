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

struct pending;

/* What others are told of somebody who writes. */
enum typing { TYPING_DONE, TYPING_PAUSED, TYPING_ACTIVE };

enum news_kind {
    NEWS_ONLINE,        /* registered: who = our name, account = as whom we are
                         * logged in, body = network's name */
    NEWS_LOGGED_IN,     /* account = as whom */
    NEWS_REFUSED_LOGIN, /* body = why; the server will close or goes on */
    NEWS_SAID,          /* room or private; who, room, body */
    NEWS_ACTED,         /* /me */
    NEWS_NOTICED,
    NEWS_JOINED,      /* who, room, account; own = ourselves */
    NEWS_LEFT,        /* who, room, body = reason */
    NEWS_KICKED,      /* who was kicked by `by`, body = reason */
    NEWS_QUIT,        /* who, body = reason; once, room is empty: the model
                         knows where they were */
    NEWS_RENAMED,     /* who became body */
    NEWS_NAMED,       /* one member in a NAMES answer: who, prefix */
    NEWS_NAMES_END,   /* room: the list that was given is complete */
    NEWS_TOPIC,       /* room, body; by, empty `by` on joining */
    NEWS_MODE,        /* room, by, body = the change as text */
    NEWS_PREFIX,      /* who now has `prefix` in room ("" = none) */
    NEWS_AWAY,        /* who; body = message, empty = back */
    NEWS_INVITED,     /* by, room */
    NEWS_ANSWER,      /* body: a line of an answer (WHOIS, LIST, WHO, MOTD);
                         room may be set */
    NEWS_ERROR,       /* body: what went wrong, in words; room where it
                         belongs, may be empty */
    NEWS_POLICY,      /* before the login: body = what the server says of TLS,
                         ircv3.net/specs/extensions/sts */
    NEWS_ENDED,       /* ERROR from the server: body = reason */
    NEWS_PONG,        /* the answer to session_ping: body = its mark */
    NEWS_HISTORY_END, /* room: an answer to session_history is complete,
                         count lines; body = why there is none, or empty;
                         label = of the question, 0: nobody asked, or the
                         server has no labels */
    NEWS_TARGET,      /* room: something was said there until `when` */
    NEWS_TARGETS_END, /* the answer to session_targets is complete */
    NEWS_FOUND,       /* a line that was searched for: who, room, body;
                         prefix "*" where they did it (/me) */
    NEWS_FOUND_END,   /* count lines were found; or body says why none are */
    NEWS_READ,        /* room was read up to `when`, by us or by another
                         session of ours; 0: never */
    NEWS_TYPING,      /* who, room: what they do is `typing` */
    NEWS_REACTED,   /* who, room: body, an emoji mostly, to the line `reply` */
    NEWS_UNREACTED, /* and takes that back */
    NEWS_REDACTED,  /* by, room: the line `reply` is taken back; body = why */
    NEWS_KINDS
};

struct news {
    enum news_kind kind;
    struct text who, by, account, room, body, prefix;
    struct text msgid; /* visible ASCII, or empty */
    struct text host;  /* user@host of `who` as it came, or empty */
    struct text nonce; /* of our own line, where the server gives it back */
    struct text reply; /* the msgid of the line that this is about */
    uint64_t label;    /* which line of ours it answers (`said` then), or 0 */
    unsigned count;    /* of lines in the answer that ends here */
    enum typing typing;
    bool counted;  /* and of those that it left out, where the server */
    unsigned left; /* says so (minichat/left, minichat-protocol(7)) */
    int64_t when;  /* Unix milliseconds: server-time, else when it came; 0 where
                      the session made the news itself; READ: see there */
    bool own;      /* who is ourselves */
    bool to_us;    /* a private message: room is then the other one's name */
    bool history;  /* replayed, not live */
    bool unsaid;   /* an error: something was not said in room, or to them */
};

/* Told what happens and given what is to be sent. */
struct session_owner {
    void (*hear)(struct session_owner *owner, const struct news *news);
    /* One IRC line without line end. */
    void (*send)(struct session_owner *owner, struct text line);
};

/* How we prove who we are. Auto: with a secret, as the server offers it or,
 * where it has no SASL, as its password; else as we are known by other means,
 * where it asks; else as nobody. One that is named is used, or none. */
enum sasl {
    SASL_AUTO,
    SASL_PLAIN,
    SASL_EXTERNAL,
    SASL_OAUTHBEARER,
    SASL_NONE, /* a secret is the password of the server */
};

struct login {
    char nick[NAME_SIZE];
    char account[NAME_SIZE]; /* whom the secret proves; may be empty */
    const char *secret;      /* token or password, or NULL; not copied */
    const char *speaks_for;  /* EXTERNAL: for whom; NULL, "": ourselves */
    bool external; /* known by other means: Unix socket, certificate */
    enum sasl sasl;
};

enum {
    SESSION_ISUPPORT_SIZE = 64,
    SESSION_DENIED_SIZE = 256,
    SESSION_BATCHES = 8, /* open at once; a server needs one or two */
    SESSION_REFERENCE_SIZE = 33,
    SESSION_TARGET_SIZE = 256,
    SESSION_MSGID_SIZE = 256,
    SESSION_REACTION_SIZE = 65, /* with a NUL; a longer one is none */
    SESSION_NICK_TRIES = 5,
    SESSION_LINE_SIZE = 512,          /* with CR LF, without tags */
    SESSION_GATHERED_MAX = 64 * 1024, /* bytes of a message of several lines */
};

enum batch_kind {
    BATCH_OTHER,
    BATCH_LABELLED, /* all of an answer: what is in it has its label */
    BATCH_HISTORY,
    BATCH_REPLAY, /* the same, unasked: by what stands between us and it */
    BATCH_TARGETS,
    BATCH_SEARCH,
    BATCH_MULTILINE,
};

struct gathered; /* what a message of several lines holds so far */

/* ircv3.net/specs/extensions/batch */
struct batch {
    char reference[SESSION_REFERENCE_SIZE]; /* empty: this one is free */
    char target[SESSION_TARGET_SIZE];
    enum batch_kind kind;
    bool inner; /* inside another of the same kind, which ends later */
    uint64_t label;
    unsigned count; /* lines in it so far */
    bool counted;   /* minichat/left */
    unsigned left;
    struct gathered *gathered; /* MULTILINE: freed with the batch */
};

struct session {
    struct session_owner *owner;
    const struct login *login;
    char nick[NAME_SIZE];
    char account[NAME_SIZE]; /* as whom we are logged in; or "" */
    char network[SESSION_ISUPPORT_SIZE];
    char chantypes[8], prefixes[16], prefix_modes[16];
    uint32_t offered, caps; /* cap_bit() */
    bool registered;
    uint64_t said;  /* lines said so far; the last one's label */
    uint64_t asked; /* the label of the last question to the history */
    /* The server says a line that it gets twice with one +minichat/nonce only
     * once, and answers the second with the first one's echo. */
    bool nonces;
    bool by_time;           /* it finds a place in history by time alone, */
    bool by_id;             /* or by a msgid alone */
    unsigned history_limit; /* lines in one answer, 0: any number */
    /* What one message of several lines may have (draft/multiline); no bytes:
     * there are none such, no lines: any number. */
    uint64_t multiline_bytes, multiline_lines;
    /* private to session*.c */
    char chanmodes[SESSION_ISUPPORT_SIZE];
    char denied[SESSION_DENIED_SIZE]; /* CLIENTTAGDENY */
    struct batch batches[SESSION_BATCHES];
    enum sasl sasl; /* that is being done */
    unsigned sasl_step, mechanisms, nick_tries;
    char sasl_fault[64]; /* what a refused token was told */
    size_t userhost;     /* bytes of user@host as others see us; 0: not known */
    int64_t version_told;
    bool introduced, announced;
    bool describing; /* it answers /whois */
};

/* login must live as long as the session. */
void session_init(struct session *session, struct session_owner *owner,
                  const struct login *login);
/* Nothing more comes on this connection: what is half said is forgotten. */
void session_finish(struct session *session);
/* The connection stands: sends CAP LS, NICK, USER. */
void session_begin(struct session *session);
/* One line from the server without line end; now = Unix milliseconds. */
void session_take(struct session *session, struct text line, int64_t now);
bool session_is_room(const struct session *session, struct text name);
bool session_is_us(const struct session *session, struct text name);

static inline bool session_can(const struct session *session, enum cap cap) {
    return session->caps & cap_bit(cap);
}

/* What a person does. */

/* Sends what waits to be said to that target, and, where the server knows
 * nonces, what was lost on the way: each once, in order. Several lines, or one
 * that is too long, go as one message where the server takes such (ircv3.net/
 * specs/extensions/multiline); else each line is a message, cut at characters'
 * ends so that it reaches everyone whole (512 bytes with our own source). Each
 * message counts in `said`. Where the server echoes, its echo is
 * the news; elsewhere the session tells it at once. A line that cannot be sent
 * is told as NEWS_ERROR with its label. */
void session_flush(struct session *session, struct pending *pending,
                   struct text target, int64_t now);
/* How many bytes of body one message to that target holds, all of it or up to
 * a good place to cut, a line end where that is one; 0: the target is too long
 * to be spoken to. */
size_t session_fit(const struct session *session, enum news_kind kind,
                   struct text target, struct text body);
/* Will others see our tag +name? (ISUPPORT CLIENTTAGDENY) */
bool session_may_tag(const struct session *session, const char *name);
/* Will others see what line ours answers, and what we make of one? */
bool session_may_reply(const struct session *session);
bool session_may_react(const struct session *session);
/* An emoji, or a word, to the line with that msgid; or takes it back. Where the
 * server does not echo, the session tells it at once. Only where we may. */
void session_react(struct session *session, struct text target,
                   struct text msgid, struct text reaction, bool on);
/* Takes that line back, where the server has the capability:
 * ircv3.net/specs/extensions/message-redaction */
void session_redact(struct session *session, struct text target,
                    struct text msgid, struct text reason);
/* Tells them there what we do; nothing where they would not see it. */
void session_typing(struct session *session, struct text target,
                    enum typing typing);
void session_join(struct session *session, struct text room, struct text key);
void session_leave(struct session *session, struct text room,
                   struct text reason);
void session_quit(struct session *session, struct text reason);
/* VERB and up to 3 parameters, empty ones at the end are left out. What does
 * not fit a line is not sent and told as NEWS_ERROR. */
void session_ask(struct session *session, const char *verb, struct text a,
                 struct text b, struct text c);
void session_ping(struct session *session, struct text mark);

/* What was said before: ircv3.net/specs/extensions/chathistory, read-marker;
 * codeberg.org/emersion/soju doc/ext/search.md. To be asked only where the
 * server has the capability. */

/* A line: by its msgid where it has one, else by its time. */
struct place {
    struct text msgid;
    int64_t when; /* Unix milliseconds */
};

/* Up to limit lines next to that one, or between two, the nearest to `from`;
 * the latest, down to `bound` where that is not NULL; those around a place.
 * What they return is the label of the answer (NEWS_HISTORY_END, and the lines
 * before it), 0 where the server has no labels. */
uint64_t session_history_latest(struct session *session, struct text target,
                                const struct place *bound, unsigned limit);
uint64_t session_history_before(struct session *session, struct text target,
                                struct place place, unsigned limit);
uint64_t session_history_after(struct session *session, struct text target,
                               struct place place, unsigned limit);
uint64_t session_history_between(struct session *session, struct text target,
                                 struct place from, struct place to,
                                 unsigned limit);
uint64_t session_history_around(struct session *session, struct text target,
                                struct place place, unsigned limit);
/* limit, or less where the server gives less at once. */
unsigned session_history_limit(const struct session *session, unsigned limit);
/* Where anything was said in that time, the latest first. */
void session_targets(struct session *session, int64_t from, int64_t to,
                     unsigned limit);
/* when: up to there; 0 asks how far. */
void session_mark_read(struct session *session, struct text target,
                       int64_t when);
/* attributes: as message tags are written, "text=two\\swords;from=bob". */
void session_search(struct session *session, struct text attributes);

#endif
