/* What has happened, and why something was refused.
 * Events are past tense and told to witnesses; refusals are values for which
 * each dialect has words (a test walks both lists). */
#ifndef MINICHAT_EVENT_H
#define MINICHAT_EVENT_H

#include "protocol/text.h"

struct user;
struct room;
struct session;

enum happening {
    SAID,     /* user said body in room, or to target */
    NOTICED,  /* the same, not to be answered by programs */
    ACTED,    /* /me */
    TAGGED,   /* client tags without text (IRCv3 TAGMSG) */
    REDACTED, /* user took back a line; in a room whom said it; body = reason */
    JOINED,   /* user joined room */
    LEFT,     /* user left room; body = reason, may be empty */
    KICKED,   /* target was put out of room by user; body = reason. Without a
                 target whom, a member without a seat, belongs there no more */
    QUIT,     /* user's last session ended; body = reason. Told once */
    RENAMED,  /* user, formerly who, is now user->name */
    TOPIC_SET, /* body = new topic, empty: cleared */
    OPPED,     /* target became operator of room (user did it, or NULL) */
    DEOPPED,
    BANNED, /* body = mask */
    UNBANNED,
    MUTED, /* body = mask */
    UNMUTED,
    INVITED,   /* target was invited to room by user */
    WENT_AWAY, /* body = message */
    CAME_BACK,
    REALNAME_SET, /* body = what the user now calls themselves */
    LOGGED_IN,    /* user, a guest until now, has an account */
    MADE_PRIVATE, /* room: only who is invited may enter it */
    MADE_PUBLIC,
    HAPPENINGS
};

enum refusal {
    REFUSED_NOTHING,
    /* names and rooms */
    NAME_MISSING,
    NAME_WRONG, /* not a possible name */
    NAME_TAKEN,
    NAME_RESERVED,    /* belongs to an account that is not yours */
    NAME_OFFICIAL,    /* as if it were the server's, or a service's */
    NAME_LOOKS_ALIKE, /* like an account's */
    NAME_FIXED,       /* the account's name is yours for good */
    NO_SUCH_NAME,
    NO_SUCH_ROOM,
    ROOM_NAME_WRONG,
    NOT_IN_ROOM,
    IN_NO_ROOM,    /* so there is none to speak in */
    JOIN_TO_SPEAK, /* not in the room one wants to speak in */
    THEY_NOT_IN_ROOM,
    ALREADY_IN_ROOM,
    TOO_MANY_ROOMS,
    NO_MORE_ROOMS,    /* as many are known here as there may be */
    ROOM_NOT_ALLOWED, /* the token is for other rooms */
    YOU_ARE_BANNED,
    YOU_ARE_MUTED,
    YOU_ARE_BANISHED, /* from the whole server */
    YOU_ARE_SILENCED, /* muted on the whole server */
    ROOM_IS_PRIVATE,  /* and nobody invited you */
    NOT_OPERATOR,
    NOT_ADMIN,
    /* what was asked for */
    COMMAND_UNKNOWN,
    ARGUMENTS_MISSING,
    ARGUMENTS_WRONG,
    TARGET_MISSING,
    TEXT_MISSING,
    TOO_MANY_TARGETS,
    NOT_ENTERED,          /* log in first */
    ALREADY_ENTERED,      /* registered or logged in before */
    NO_GUESTS,            /* who you are is not known, and guests are off */
    NOBODY_TO_ANSWER,     /* /reply without a private message before it */
    NO_HISTORY,           /* nothing is kept here (durability = none) */
    NO_SEARCH,            /* search = no */
    NO_HISTORY_OF_GUESTS, /* guests can't search, and have no messages */
    SEARCH_WRONG,         /* what to search for is not understood */
    HISTORY_FAILED,       /* the disk could not be read */
    SAID_BEFORE,          /* with this nonce, and it is no longer kept */
    LINE_UNKNOWN,         /* there is none to take back, for who asks */
    LINE_NOT_YOURS,       /* and you may not take back what others said */
    /* the line itself */
    LINE_TOO_LONG,
    LINE_HAS_NUL,
    LINE_NOT_UTF8,
    LINE_HAS_CONTROL,
    TEXT_TOO_LONG,
    REALNAME_TOO_LONG,
    LIST_FULL,      /* bans of a room */
    ACCOUNT_NEEDED, /* guests may not */
    DEED_FAILED,    /* what it is about is a sentence that says why */
    /* tokens */
    NOT_A_TOKEN,
    TOKEN_KEY_UNKNOWN,
    TOKEN_FORGED, /* bad signature */
    TOKEN_EXPIRED,
    TOKEN_NOT_YET,
    TOKEN_REVOKED,
    TOKEN_FOR_OTHER_NETWORK,
    TOKEN_CLAIMS_WRONG,
    TOKEN_BEYOND_KEY, /* whoever signed it may not speak for that account, or
                         not give that role */
    TOKEN_FOR_OTHER_NAME, /* sub is not the account that was asked for */
    UNIX_USER_UNKNOWN,
    NOT_THE_GATEWAY,     /* it says for whom it speaks, and may not */
    GATEWAY_ALONE,       /* it does not say for whom it speaks */
    SSH_KEY_UNKNOWN,     /* no such key of that account, or none any more */
    CERTIFICATE_UNKNOWN, /* of no account, or not any more */
    LOGIN_FAILED,        /* mechanism broken off or malformed */
    ATTEMPT_WAITS, /* too many were wrong: it is looked at later (attempt.h) */
    REFUSALS
};

/* Valid while it is heard; whoever wants to keep something copies it. */
struct event {
    uint64_t id;  /* (Unix ms << 20) | counter, strictly rising */
    int64_t when; /* Unix milliseconds */
    enum happening happening;
    const struct user *user;      /* who did it; NULL: the server */
    const struct session *origin; /* through which session, or NULL */
    const struct user *target;    /* to or with whom, or NULL */
    const struct room *room;      /* where, or NULL */
    struct text who;              /* user's name when it happened */
    struct text whom;             /* target's name when it happened */
    struct text body;             /* what is said: lines with LF between */
    bool is_long; /* it is of several lines, or may need several of IRC */
    /* Where its author has cut long lines: offsets in body, rising. Known only
     * while it is new. */
    const uint16_t *seams;
    size_t seams_count;
    struct text tags;  /* client-only tags as they came: "+a=b;+c" */
    bool again;        /* told again, from what is kept */
    struct text nonce; /* its author's +minichat/nonce; empty: none */
    /* REDACTED: the id of what was taken back. TAGGED: what user reacts to, if
     * that is kept; else 0. */
    uint64_t line;
    /* BANNED, MUTED: until when (Unix ms; 0: for ever), and why. Of UNBANNED
     * and UNMUTED without a user the time was over. */
    int64_t until;
    struct text reason;
    struct text reaction; /* to line: "👍" */
    bool unreacts;        /* it is not meant any more */
};

/* Told once of every event and of who should hear it. Nothing may be changed
 * in the chat while it hears. */
struct witness {
    void (*hear)(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count);
    struct witness *next;
};

#endif
