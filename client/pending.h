/* What we said and nobody has confirmed yet, in order.
 *
 *   WAITING ── sent ──► SENT ── echoed ──► confirmed: it leaves this list
 *      ▲                 │ └── the server says no ──► REFUSED
 *      │                 └── the connection breaks ──► LOST
 *      │                                                │
 *      └─ a person says so ─ DOUBTED, REFUSED ◄─────────┤
 *                                                       └─► SENT again
 *
 * A LOST line may have arrived. A server that knows nonces (ISUPPORT NONCE)
 * takes it again and says it once; elsewhere the history tells whether it was
 * said, and where there is none either it is DOUBTED and a person decides. So
 * does a person over what is no longer fresh when it could be sent: a WAITING
 * line is then STALE, a LOST one DOUBTED.
 * Pure; nothing is sent here: session_flush does. What is kept of it on disk
 * is in pending_file.h. */
#ifndef MINICHAT_CLIENT_PENDING_H
#define MINICHAT_CLIENT_PENDING_H

#include "client/bytes.h"
#include "client/nonce.h"
#include "client/session.h"

enum {
    PENDING_MAX = 2000,      /* lines; more are not taken */
    PENDING_BYTES = 1 << 20, /* of all texts together */
    PENDING_SKEW_MS = 60000, /* by how much clocks may differ */
    PENDING_LATE_MS = 30000, /* a receipt that takes longer is missed */
    PENDING_STALE_MS = 10 * 60 * 1000, /* not sent any more without asking */
};

enum pending_state {
    PENDING_WAITING, /* not sent yet */
    PENDING_SENT,
    PENDING_LOST,
    PENDING_DOUBTED,
    PENDING_REFUSED,
    PENDING_STALE,
    PENDING_STATES
};

struct pending_line {
    enum news_kind kind; /* NEWS_SAID, NEWS_ACTED */
    enum pending_state state;
    char nonce[NONCE_SIZE];
    uint64_t label;           /* of this connection; 0: not sent on it */
    bool marked;              /* its echo will bear the nonce or the label */
    bool late;                /* SENT, and the receipt is missed */
    bool agreed;              /* a person has seen that it is not fresh */
    char kept;                /* what the disk knows of it: pending_file.c */
    int64_t when;             /* said, by our clock; Unix milliseconds */
    int64_t sent;             /* SENT: when */
    struct text target, body; /* of bytes[] below */
    char *reason;             /* REFUSED; may be NULL */
    char *reply;              /* the msgid of the line it answers, or NULL */
    char bytes[];
};

struct pending {
    struct pending_line **lines; /* the oldest first */
    size_t count, room, bytes;
    /* Nonces of those that are gone and still on disk, NONCE_SIZE each. */
    struct bytes gone;
};

void pending_finish(struct pending *pending);
/* Could it be said at all, if nothing else waited? */
bool pending_bears(struct text body);
/* One to be said, of one line or several: without what may not be said
 * (utf8_clean), and without blank lines around it; nothing is left of a blank
 * one. False where it cannot be kept. */
bool pending_say(struct pending *pending, enum news_kind kind,
                 struct text target, struct text body, int64_t now);
/* The same that answers the line with that msgid; empty: none. */
bool pending_answer(struct pending *pending, enum news_kind kind,
                    struct text target, struct text body, struct text reply,
                    int64_t now);
/* An empty msgid is none. */
void pending_set_reply(struct pending_line *line, struct text msgid);
/* One that is known already: it stands where its time puts it. */
struct pending_line *pending_put(struct pending *pending, enum news_kind kind,
                                 struct text target, struct text body,
                                 int64_t when, struct text nonce);
/* NULL where there is none. */
struct pending_line *pending_find(const struct pending *pending,
                                  struct text nonce);
/* What is behind `length` bytes becomes one of its own; a line end there goes.
 */
void pending_split(struct pending *pending, struct pending_line *line,
                   size_t length, int64_t now);

/* One of ours came back: the line that it confirms, if any, is gone. Without
 * nonce and label it is the oldest sent there, best one of the same text. */
bool pending_confirm(struct pending *pending, const struct news *news);
/* The same for a line of the history. by_text: it may also be one that was
 * LOST; where the server knows nonces, it is better sent again. */
bool pending_confirm_replayed(struct pending *pending, const struct news *news,
                              bool by_text);
/* An error that is about a line of ours; NULL where it is not. */
struct pending_line *pending_refuse(struct pending *pending,
                                    const struct news *news);
/* What waits to be said there is refused for the same reason. */
void pending_refuse_all(struct pending *pending, struct text target,
                        struct text reason);
/* The connection is gone. */
void pending_lose(struct pending *pending);
/* What was lost on the way there stays so, until a person says more. */
void pending_doubt(struct pending *pending, struct text target);
/* What is to be sent there and was said too long ago needs a person too. */
void pending_age(struct pending *pending, struct text target, int64_t now);
/* Lines whose receipt is missed become late: true where one does now. *next:
 * in how many milliseconds another may, 0: none is awaited. */
bool pending_tick(struct pending *pending, int64_t now, int64_t *next);
/* A person does: what was doubted, refused or is stale waits to be sent.
 * Returns how many lines. */
size_t pending_resend(struct pending *pending, struct text target);
/* Takes the last one out that is not on its way. NULL where there is none;
 * free it with pending_free. */
struct pending_line *pending_take(struct pending *pending, struct text target);
void pending_free(struct pending_line *line);
void pending_drop(struct pending *pending, struct pending_line *line);
/* All that is not on its way there. Returns how many lines are gone. */
size_t pending_discard(struct pending *pending, struct text target);
/* Returns how many lines are gone. */
size_t pending_drop_all(struct pending *pending, struct text target);
/* Who has another name now is meant by what has not been sent. */
void pending_rename(struct pending *pending, struct text from, struct text to);

/* The first line to that target from index *at on; *at is then behind it.
 * NULL at the end. */
const struct pending_line *pending_next(const struct pending *pending,
                                        struct text target, size_t *at);
size_t pending_count(const struct pending *pending, struct text target);

#endif
