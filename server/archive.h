/* Asking for what was kept. A question goes to the archive and is answered in
 * a later round, by the asker's session id; who is gone by then is not found.
 * Pure: history.c is the archive that reads the disk in worker threads, tests
 * have others. */
#ifndef MINICHAT_ARCHIVE_H
#define MINICHAT_ARCHIVE_H

#include "protocol/names.h"
#include "server/kept.h"

enum {
    ARCHIVE_LIMIT = 1000,            /* of one answer; more is cut to this */
    ARCHIVE_BESIDE = 1000,           /* the newest of what stands beside it */
    ARCHIVE_LEFT = 1000000,          /* so many that are left out are counted */
    ARCHIVE_PLACES = 64,             /* rooms one may be in (ROOMS_PER_USER) */
    SEARCH_SIZE = 512,               /* of what is searched for, with NUL */
    GUEST_SIZE = NAME_SIZE * 2 + 64, /* the chat's SOURCE_SIZE */
};

enum ask {
    ASK_LATEST,  /* the newest `limit` of those after `after` (0: of all) */
    ASK_BEFORE,  /* the newest `limit` of those before `before` */
    ASK_AFTER,   /* the oldest `limit` of those after `after` */
    ASK_AROUND,  /* `limit` around `after`, it included */
    ASK_BETWEEN, /* between `after` and `before`: from `after` on where that
                    is the smaller, else backwards from `after` */
    ASK_TARGETS, /* conversations whose newest line is between after and
                    before: kept.room or kept.whom, kept.id, kept.when; oldest
                    first */
    ASK_SEARCH,  /* `words` in all that may be read, newest first */
    ASK_INBOX,   /* what was written to `self` alone after `after`, oldest
                    first */
    ASK_UNREAD,  /* how many lines (by others) after `after`, at most `limit`,
                    in one room: answer.total */
    ASK_LINE,    /* the line with the id `after`, wherever it was said: who
                    asks must look whether it may be told of it */
    ASK_NONCE,   /* the line that `self` sent with this nonce, or none; total
                    = 1: there was one, which is no longer kept. Guests, who
                    share one space of nonces: one of `guest`, or none */
    ASKS
};

/* A room that may be read, from this id on (private rooms: from one's own
 * joining; else 0). */
struct readable {
    int64_t place;
    uint64_t since;
};

struct question {
    enum ask ask;
    uint64_t session;
    char self[NAME_SIZE]; /* the account that asks; empty: a guest */
    /* Where: places[0] is the room; without places it is what `self` and
     * `whom` said to each other. TARGETS and SEARCH: all these, and what was
     * said to or by `self` alone. */
    struct readable places[ARCHIVE_PLACES];
    size_t places_count;
    char whom[NAME_SIZE];
    uint64_t after, before; /* ids, themselves left out; 0: no bound */
    uint64_t until; /* the last id when it was asked: what is said later is
                       heard, or no longer for who asks; 0: no bound */
    unsigned limit;
    bool events;             /* what happened, too (event-playback) */
    bool counts;             /* answer.left is wanted */
    bool redactions;         /* what was taken back meanwhile, in answer.beside:
                                of LATEST, BEFORE, AFTER and BETWEEN */
    bool reactions;          /* those to the lines of the answer, there, too */
    char words[SEARCH_SIZE]; /* SEARCH, as people write it: see query.h */
    char in[ROOM_SIZE];      /* SEARCH: in this room or with this person only;
                                empty: everywhere */
    char nonce[NONCE_SIZE];
    char guest[GUEST_SIZE]; /* NONCE of a guest: name!ident@host */
};

enum outcome {
    ANSWERED,
    ANSWER_WRONG,  /* SEARCH: words are not understood */
    ANSWER_FAILED, /* the disk; logged there */
};

/* Valid while it is told. Oldest first, but for SEARCH. */
struct answer {
    const struct question *question;
    enum outcome outcome;
    const struct kept *kept;
    size_t count;
    /* What belongs to these and does not count as one of them: REDACTED, and
     * reactions, which are TAGGED; in the order of their anchors and ids. */
    const struct kept *beside;
    size_t beside_count;
    unsigned total; /* ASK_UNREAD, ASK_NONCE */
    unsigned left;  /* LATEST, AFTER, BETWEEN, where it is asked for: how many
                       there are beyond the limit, at most ARCHIVE_LEFT */
};

struct archive {
    /* Copies the question; the answer is told by dialogue_answered, perhaps
     * before this returns. */
    void (*ask)(struct archive *archive, const struct question *question);
};

#endif
