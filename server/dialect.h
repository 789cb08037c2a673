/* A way of writing the chat as bytes. There are two: plain (people) and IRC
 * (programs). Both end in the same requests; no command knows which it was. */
#ifndef MINICHAT_DIALECT_H
#define MINICHAT_DIALECT_H

#include "protocol/ircmsg.h"
#include "protocol/writer.h"
#include "server/dialogue.h"

enum {
    DIALECT_LINE = 16384,           /* the longest line that is ever rendered */
    RENDER_SIZE = 8 * DIALECT_LINE, /* a long text split, with its tags */
};

#define NONCE_TAG "+minichat/nonce" /* DESIGN 5 */
#define DATA_TAG "minichat/data"    /* see dialect.tell */

enum need {
    NEED_NOTHING, /* before login too */
    NEED_ENTERED,
    NEED_POWERS, /* moderators, administrators */
};

struct request {
    const struct command *command;
    struct text args[IRCMSG_PARAMS];
    size_t count;
    struct text verb;
    struct text tags; /* raw client tags */
};

struct command {
    const char *plain; /* /word, or NULL */
    const char *irc;   /* VERB, or NULL */
    const char *usage; /* arguments as a person types them */
    const char *help;  /* one sentence */
    enum need need;
    unsigned cost;  /* see limits */
    unsigned least; /* arguments that must be there */
    unsigned words; /* plain: so many arguments, the last takes the rest */
    bool here;      /* plain: the current room is put in front where the
                       first argument is not a room */
    enum refusal (*carry_out)(struct dialogue *dialogue,
                              const struct request *request);
};

struct dialect {
    const char *name;
    /* One line of input into verb and arguments, by the table. False: it was
     * dealt with (empty line, or refused). */
    bool (*parse)(struct dialogue *dialogue, struct text line,
                  struct request *request);
    void (*greet)(struct dialogue *dialogue);
    void (*refuse)(struct dialogue *dialogue, const struct request *request,
                   enum refusal refusal, struct text subject);
    /* One line of an answer; what came from others may be in it. data: the
     * same for programs, as JSON; empty: there is none. */
    void (*tell)(struct dialogue *dialogue, struct text words,
                 struct text data);
    /* A small number: two sessions with the same variant get the same bytes
     * for this event. SILENT: this one is told nothing. */
    unsigned (*variant)(const struct dialogue *dialogue,
                        const struct event *event);
    void (*render)(struct writer *writer, const struct event *event,
                   unsigned variant);
    /* Answers, to this dialogue alone. */
    void (*welcome)(struct dialogue *dialogue); /* it has just entered */
    /* It is in this room: what one wants to know of it on arriving. */
    void (*tell_room)(struct dialogue *dialogue, const struct room *room);
    void (*tell_names)(struct dialogue *dialogue, const struct room *room,
                       struct text asked);
    /* asked: a room, a mask of names, or empty: everybody. */
    void (*tell_who)(struct dialogue *dialogue, struct text asked,
                     const struct request *request);
    /* user: NULL where nobody is called what was asked for. */
    void (*tell_whois)(struct dialogue *dialogue, const struct user *user,
                       struct text asked);
    void (*tell_rooms)(struct dialogue *dialogue, struct text mask);
    void (*tell_topic)(struct dialogue *dialogue, const struct room *room);
    /* Who is banned (or muted) in the room. */
    void (*tell_bans)(struct dialogue *dialogue, const struct room *room,
                      bool mute);
    void (*tell_away)(struct dialogue *dialogue, const struct user *target);
    void (*tell_self_away)(struct dialogue *dialogue, bool away);
    /* What was said to this account is kept: it is not here. */
    void (*tell_absent)(struct dialogue *dialogue, struct text name);
    /* What was written to it alone while it was not here, oldest first. is_cut:
     * there is more. */
    void (*tell_inbox)(struct dialogue *dialogue, const struct kept *kept,
                       size_t count, bool is_cut);
    /* How many lines it has not read, HOMECOMING_UNREAD + 1: more than that;
     * NULL: it finds out itself. */
    void (*tell_unread)(struct dialogue *dialogue, const struct room *room,
                        unsigned count);
    void (*tell_invited)(struct dialogue *dialogue, const struct user *target,
                         const struct room *room);
    bool (*ping)(struct dialogue *dialogue); /* NULL: cannot ask */
    /* A request that had to wait for its answer has it; or NULL. */
    void (*answered)(struct dialogue *dialogue);
    /* Everybody must know, now: the disk is full. */
    void (*warn)(struct dialogue *dialogue, struct text words);
    void (*farewell)(struct dialogue *dialogue, struct text reason);
};

extern const struct dialect dialect_plain, dialect_irc;

enum { VARIANT_SILENT = 0x7fffffff };

#endif
