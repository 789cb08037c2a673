/* What is kept of the conversation, as it goes to the disk and comes back:
 * one line said or one thing that happened, without pointers into the chat.
 * Pure. */
#ifndef MINICHAT_KEPT_H
#define MINICHAT_KEPT_H

#include "server/event.h"

enum {
    ID_COUNTER_BITS = 20, /* an id is (Unix ms << 20) | counter */
    REACTION_SIZE = 65,   /* with NUL */
    KEPT_LINES = 100,     /* of one body, and of a draft/multiline */
    KEPT_SHORT = 256,     /* a body that surely fits one line of IRC */
    NONCE_SIZE = 65,      /* of +minichat/nonce, with NUL; 32 hex digits by our
                             client, up to 64 visible ASCII by others */
};

/* Texts belong to whoever made it. Where a field does not apply it is empty
 * or 0. */
struct kept {
    uint64_t id;  /* the event's */
    int64_t when; /* Unix ms */
    enum happening happening;
    int64_t place;       /* the room's id; 0: said to one person */
    struct text room;    /* the room's name as it is now */
    struct text account; /* whose it is; empty: a guest's */
    struct text name;    /* what they were called then */
    struct text source;  /* a guest's ident@host; empty for an account */
    struct text whom;    /* said to one person: to whom; KICKED: who was */
    struct text body;    /* RENAMED: the new name */
    struct text tags;
    uint64_t line; /* REDACTED: which, that is kept no more; TAGGED: a reaction
                      to which */
};

/* Is it a line (else: something that happened)? */
bool kept_is_line(enum happening happening);
/* The number that stands for it on disk, which never changes; 0: it is not
 * kept. */
unsigned kept_code(enum happening happening);
/* HAPPENINGS where it is none of the numbers. */
enum happening kept_happening(unsigned code);

/* Behind which id it is told: a reaction behind its line, all else at its own
 * time. */
uint64_t kept_anchor(const struct kept *kept);
/* May it be kept as a reaction: 1 to 64 bytes of clean text? */
bool kept_reaction_valid(struct text reaction);

/* Could it have been said: lines of clean text, at most KEPT_LINES? */
bool kept_body_valid(struct text body);
/* Has it several lines, or may it need several of IRC? */
bool kept_body_is_long(struct text body);

/* The first id of a millisecond, at most INT64_MAX (the year 2248), and the
 * millisecond of an id. */
uint64_t kept_id_at(int64_t when);
int64_t kept_time_of(uint64_t id);

#endif
