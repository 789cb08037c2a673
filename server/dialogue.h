/* One peer's conversation with the server, whatever carries it: which dialect
 * it speaks, who it has proven to be, its settings, its session in the chat.
 * Knows no socket: a connection gives it lines and takes lines from it. */
#ifndef MINICHAT_DIALOGUE_H
#define MINICHAT_DIALOGUE_H

#include "protocol/caps.h"
#include "protocol/container.h"
#include "protocol/line.h"
#include "server/archive.h"
#include "server/chat.h"
#include "server/config.h"
#include "server/door.h"
#include "server/limits.h"
#include "server/speech.h"

struct banishment;
struct dialect;
struct gate;
struct later; /* attempt: a line that is carried out again */
struct nonces;
struct roster;
struct scribe;
struct workshop;
struct multiline;    /* commands: a text of several lines under way */
struct registration; /* dialect_irc: what is known before login */

/* What a dialogue needs of what carries it. */
struct carrier {
    /* Holds the line until it is written; it leaves with the round, but not
     * before that batch of the journal is on disk (0: need not wait). */
    void (*send)(struct carrier *carrier, struct line *line, uint64_t batch);
    /* Ends the connection at the end of the round; what was sent before is
     * still written. reason is copied, shown to others as the quit reason;
     * the first one counts. */
    void (*close)(struct carrier *carrier, struct text reason);
    /* A line that overtakes those that wait for the disk: that the disk is
     * full, or that somebody is there. */
    void (*send_ahead)(struct carrier *carrier, struct line *line);
    /* What the dialogue waited for is there: it takes lines again. */
    void (*resume)(struct carrier *carrier);
};

/* What all dialogues of a server share. */
struct house {
    struct chat *chat;
    struct door *door; /* NULL: no tokens (tests) */
    struct gate *gate; /* NULL: no attempt has to wait (tests) */
    const struct config *config;
    uint16_t secure_port;          /* where TLS is spoken; 0: nowhere */
    char *motd;                    /* the text, NULL: none; owned by server */
    int64_t tick;                  /* monotonic ms, set at each round */
    int64_t started;               /* Unix ms */
    struct archive *archive;       /* NULL: nothing is kept */
    struct roster *roster;         /* NULL: members are who is here (tests) */
    struct scribe *scribe;         /* NULL: nothing is kept */
    struct nonces *nonces;         /* NULL: nothing is kept */
    struct banishment *banishment; /* NULL: nobody is banned (tests) */
    uint64_t batch; /* of the journal that collects what is said now; 0: there
                       is no journal */
    uint64_t batch_lines;     /* in outboxes, since it collects */
    uint64_t settled;         /* batches up to this are on disk */
    uint64_t reserved;        /* ids up to this may be used: the disk knows */
    bool pressed;             /* the disk is behind: nobody is read from */
    uint64_t kept;            /* written down since the start */
    int64_t stuck_since;      /* Unix ms; 0: the disk takes what it is given */
    const char *trouble;      /* why nothing can be written now; NULL: it can */
    struct dialogue *waiting; /* those with an errand */
    struct workshop *workshop; /* NULL: tasks are done at once (tests) */
    /* Takes over the settings anew, as SIGHUP does; false, with a sentence:
     * all is as it was; true, with one: the certificate is. NULL: it cannot
     * (tests). */
    bool (*reload)(struct house *house, char *error, size_t size);
};

enum { HOST_SIZE = 64, LABEL_SIZE = 65 };

/* Something one asked for that is answered in a later round. Until then the
 * dialogue takes no more lines, so what follows comes after the answer. */
typedef void errand_tell(struct dialogue *dialogue, const struct answer *answer,
                         struct text line);
struct errand {
    struct dialogue *next; /* in house->waiting */
    errand_tell *tell;
    struct label *label;    /* of the request; owned */
    struct text line;       /* what tell is given back; owned */
    char nonce[NONCE_SIZE]; /* that is asked for; empty: none is */
    uint64_t asked;         /* the line that is asked for; 0: none is */
    bool is_gone;           /* it was taken back meanwhile: it is not found */
};

/* A labeled request under way (IRCv3 labeled-response): what is sent to its
 * author is kept until it is known whether it is one line, many or none. */
struct label {
    char name[LABEL_SIZE];
    struct line **lines;
    size_t count, size;
    uint64_t batch; /* of the journal: they leave after it */
    bool is_batch;  /* they are one already: its first line has the label */
};

struct dialogue {
    struct session session;
    struct house *house;
    struct carrier *carrier;
    const struct dialect *dialect;     /* NULL until it is known */
    struct registration *registration; /* IRC before login; owned, one block */
    struct limits limits;
    char host[HOST_SIZE];        /* address of the peer, or "unix" */
    bool is_unix, is_gateway;    /* the gateway speaks for others alone */
    bool is_secure;              /* under TLS */
    struct admission *proof;     /* who it is, as the kernel or a token said,
                                    and what it may; NULL: not known. Owned */
    uint32_t caps;               /* IRC: cap_bit() in force */
    uint32_t settings;           /* plain: see dialect_plain.h */
    uint64_t here;               /* plain: id of the current room, 0: none */
    char answer_to[NAME_SIZE];   /* plain: whom /reply answers */
    struct label *label;         /* IRC: a labeled request under way, or NULL */
    struct multiline *multiline; /* IRC: its open batch, or NULL */
    struct text line;            /* the one that is carried out; borrowed */
    bool nonce_is_new;           /* the disk was asked */
    bool nonce_was_said;         /* by another session, since it was asked */
    struct errand *errand;       /* NULL: it waits for nothing. Owned */
    struct text place;   /* where it comes from, for the gate; borrowed */
    struct later *later; /* NULL: no attempt to log in waits. Owned */
    bool arriving;       /* not welcomed yet: it hears nothing */
    bool leaving;        /* asked to quit: takes no more lines */
    bool told_expiry;    /* that its token is about to expire */
    bool told_secret;    /* the line that was taken has one in it: whoever has
                            that in memory wipes it, and this flag */
};

/* carrier and house must outlive it. proof: who the kernel says it is, or
 * NULL. */
void dialogue_init(struct dialogue *dialogue, struct house *house,
                   struct carrier *carrier, struct text host, bool is_unix,
                   const struct admission *proof);
/* Before it has entered: who it is is known by something else, which takes the
 * place of what the kernel says. */
void dialogue_vouch(struct dialogue *dialogue,
                    const struct admission *admission);
/* The peer is gone: its session departs with the reason; frees what is
 * owned. */
void dialogue_finish(struct dialogue *dialogue, struct text reason);

/* Who speaks is now known (SPEECH_IRC or SPEECH_PLAIN): greets a person. */
void dialogue_begin(struct dialogue *dialogue, enum speech speech);
/* Lines of input go to commands_take (commands.h). */
/* An over-long line was left out. */
void dialogue_refuse_long(struct dialogue *dialogue);
/* How long a line may now be: 8 KiB more with client tags, or before an IRC
 * login; config's for a person. */
size_t dialogue_line_limit(const struct dialogue *dialogue);
/* Has it logged in? Until then the registration deadline runs. */
bool dialogue_entered(const struct dialogue *dialogue);
/* Asks whether the peer is alive; false where the dialect cannot (plain). */
bool dialogue_ping(struct dialogue *dialogue);
/* Tells the peer why it is closed ("ERROR :…", "! …"); call before closing. */
void dialogue_farewell(struct dialogue *dialogue, struct text reason);
/* How fast it may ask: guests have a rate of their own. */
const struct limits_rule *dialogue_rate(const struct dialogue *dialogue);
/* Milliseconds until it may be given the next line; 0: now. */
uint64_t dialogue_wait(const struct dialogue *dialogue);

/* For dialects and commands: a line to this peer alone. Takes over the
 * caller's hold. */
void dialogue_send(struct dialogue *dialogue, struct line *line);
/* The same, but not before that batch of the journal is on disk. */
void dialogue_send_after(struct dialogue *dialogue, struct line *line,
                         uint64_t batch);
/* The same as dialogue_send, ahead of what waits for the disk. */
void dialogue_send_ahead(struct dialogue *dialogue, struct line *line);
/* One line of an answer, printf; what came from others may be in it. */
void dialogue_tell(struct dialogue *dialogue, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Asks the archive; `tell` tells the answer, in a later round or at once, and
 * is given back a copy of line. session and self of the question are filled in
 * here; a token for some rooms asks for them alone. NO_HISTORY where nothing is
 * kept. */
enum refusal dialogue_ask(struct dialogue *dialogue, struct question *question,
                          errand_tell *tell, struct text line);
/* Does it wait for an answer, or for the time of an attempt to log in? Then it
 * must not be given lines. */
bool dialogue_waits(const struct dialogue *dialogue);
/* The request under way is not answered yet, and what others say meanwhile is
 * no answer: its label waits with the errand. */
void dialogue_part_label(struct dialogue *dialogue);
/* The same without the archive: it takes no more lines until dialogue_go_on. */
void dialogue_await(struct dialogue *dialogue);
/* What this session waited for is there, and what it is told now answers its
 * request. NULL: it is gone. */
struct dialogue *dialogue_awaited(struct house *house, uint64_t session);
void dialogue_go_on(struct dialogue *dialogue);
/* By the archive: tells whoever asked, if they are still here. */
void dialogue_answered(struct house *house, const struct answer *answer);
/* Frees the label and the lines it kept. */
void dialogue_drop_label(struct dialogue *dialogue);
/* A line was left out: if it belongs to a text, that is not whole any more. */
void dialogue_spoil(struct dialogue *dialogue);
/* Frees what has come of a text of several lines. */
void dialogue_drop_multiline(struct dialogue *dialogue);

/* A text of several lines as one client sends it, line by line, between BATCH
 * +reference and BATCH -reference (draft/multiline). */
enum { REFERENCE_SIZE = 65, MULTILINE_SECONDS = 60 };
struct multiline {
    char reference[REFERENCE_SIZE];
    int64_t since;       /* monotonic ms, as house->tick */
    struct label *label; /* of the request that opened it, or NULL; owned */
    struct text target, tags;      /* owned */
    const struct command *command; /* of its first line; NULL: none came */
    char *body;                    /* what has come, clean; owned */
    size_t length, size;
    size_t bytes, lines; /* as its author counts */
    uint16_t seams[KEPT_LINES];
    size_t seams_count;
    bool is_spoilt; /* a line was refused that may belong to it */
    bool failed;    /* that was told: what still comes is left out */
};

/* How somebody introduces themselves. Nothing of it is proven. */
struct introduction {
    struct text name, ident, realname;
};
/* Enters the chat as this account (NULL: as a guest). The dialect then
 * welcomes. NO_GUESTS and what chat_enter refuses. */
enum refusal dialogue_enter(struct dialogue *dialogue,
                            const struct admission *admission,
                            const struct introduction *introduction);
/* What may be done through this session. An account may do something in one
 * session and not in another, whose token says less. Whoever the kernel says
 * is root, or the server's own user, has powers on the Unix socket before it
 * has entered too. */
enum powers dialogue_powers(const struct dialogue *dialogue);
/* `admins` has changed. */
void dialogue_judge_powers(struct house *house);
/* May it administrate? Not with a token for some rooms alone. */
bool dialogue_may_administrate(const struct dialogue *dialogue);
/* And to keep others out of it, or silent in it? */
bool dialogue_may_moderate(const struct dialogue *dialogue);
/* With a token, as its account; ATTEMPT_WAITS where there were too many wrong
 * ones (attempt.h). */
enum refusal dialogue_login(struct dialogue *dialogue, struct text token,
                            const struct introduction *introduction);
/* Is its token for some rooms alone? Then it is shown nothing else that is its
 * account's: neither its other rooms nor what was written to it alone. */
bool dialogue_is_limited(const struct dialogue *dialogue);
/* Does its token allow this room? Nothing else can be named that a limited one
 * would allow. */
bool dialogue_may_enter(const struct dialogue *dialogue, struct text room);
/* As chat_may_see, through this session. */
bool dialogue_may_see(const struct dialogue *dialogue, const struct room *room);
/* Joins, or refuses what the token does not allow; all sessions of the user
 * are told of the room. */
enum refusal dialogue_join(struct dialogue *dialogue, struct text name);

static inline struct dialogue *dialogue_of(const struct session *session) {
    return container_of((struct session *)session, struct dialogue, session);
}

#endif
