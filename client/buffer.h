/* One conversation: its messages, who is in it, and the line being written
 * there. Messages are bounded; the oldest go first. */
#ifndef MINICHAT_CLIENT_BUFFER_H
#define MINICHAT_CLIENT_BUFFER_H

#include "client/editor.h"
#include "client/format.h"
#include "client/members.h"
#include "client/session.h"
#include "protocol/text.h"

struct network;

enum {
    BUFFER_MESSAGES = 5000,      /* kept in memory */
    BUFFER_BODY_MAX = 16 * 1024, /* bytes kept of one message, of a topic */
    BUFFER_NAME_MAX = 512,
};

enum buffer_kind { BUFFER_SERVER, BUFFER_ROOM, BUFFER_PRIVATE };

enum message_kind {
    MESSAGE_SAID,
    MESSAGE_ACTED,
    MESSAGE_NOTICED,
    MESSAGE_EVENT,  /* joined, left, renamed, topic … */
    MESSAGE_ANSWER, /* what was asked for, and what the program has to say */
    MESSAGE_ERROR,
};

/* All text in it is cleaned (utf8_shown). Freed with its buffer. */
struct message {
    int64_t when; /* Unix milliseconds */
    enum message_kind kind;
    bool own, mention;
    uint16_t spans;         /* how many: they stand at the start of bytes[] */
    struct text nick, body; /* of bytes[] below; body is plain text */
    struct text msgid;      /* the same; empty where the server gave none */
    char bytes[];
};

/* A message to be kept, as it came. */
struct entry {
    enum message_kind kind;
    int64_t when;
    struct text nick, body; /* body may be formatted as IRC does it */
    struct text msgid;      /* visible ASCII, or empty */
};

struct slot {
    struct message *message;
    uint64_t id; /* a hash of its msgid, 0: none */
};

/* Where the lowest visible row is: `rows` rows above the end of message
 * `number`. number 0: at the bottom, following what is said. */
struct scroll {
    uint64_t number;
    int rows;
    uint64_t since; /* the newest when one began to read further up */
    uint64_t found; /* what was gone to, until it is scrolled again; or 0 */
};

struct buffer {
    struct network *network;
    enum buffer_kind kind;
    char *name;  /* "#lobby", "bob", the network's name; cleaned */
    char *topic; /* never NULL, cleaned */
    struct members members;
    bool in;             /* we are in the room now */
    bool wanted;         /* we want to be: to be joined after a reconnect */
    bool awaited;        /* and are about to be: what we say waits for that */
    char *key;           /* of the room, to come in again; NULL: none */
    size_t members_from; /* so many stand above those that are listed */
    unsigned unread, mentions; /* since it was last looked at */
    uint64_t mark;   /* what comes after this number is new; 0: no mark */
    uint64_t gap;    /* lines of the past that are missing belong before this
                        number; 0: before what comes next */
    int64_t newest;  /* when the last line was said that we know; 0: none */
    char *newest_id; /* its msgid, "" where it has none */
    int64_t read;    /* what was said until then is read, says the server */
    int64_t seen, told, told_at; /* read here, told to the server, and when */
    struct scroll scroll;
    struct editor editor;
    enum typing typing;         /* what others were told last, */
    int64_t typing_told, typed; /* when, and when we typed last */
    /* The message with number n is in ring[n % BUFFER_MESSAGES]. */
    struct slot *ring;
    uint64_t first, last; /* numbers, counted from 1; last < first: empty */
};

struct buffer *buffer_new(struct network *network, enum buffer_kind kind,
                          struct text name, struct kills *kills);
/* NULL is accepted. */
void buffer_free(struct buffer *buffer);
/* Cleans nick and body, cuts what is longer than is kept. */
struct message *buffer_add(struct buffer *buffer, enum message_kind kind,
                           int64_t when, struct text nick, struct text body);
/* The same at the place that it then has: numbers from there on grow by one,
 * mark, gap and scroll with them. It is moved to `first` where what is there is
 * forgotten to make room. */
struct message *buffer_insert(struct buffer *buffer, uint64_t number,
                              const struct entry *entry);
/* Is a message with that msgid kept? */
bool buffer_knows(const struct buffer *buffer, struct text msgid);
/* The oldest line that was said, NULL where there is none. */
const struct message *buffer_oldest_line(const struct buffer *buffer);
/* How many more messages there is room for. */
unsigned buffer_space(const struct buffer *buffer);
/* The newest line that is known here. */
void buffer_set_newest(struct buffer *buffer, int64_t when, struct text msgid);
/* NULL where the number is not (or no longer) there. */
const struct message *buffer_message(const struct buffer *buffer,
                                     uint64_t number);
/* How its body is formatted: span number i of message->spans. */
struct span message_span(const struct message *message, size_t i);
void buffer_clear(struct buffer *buffer);
void buffer_set_name(struct buffer *buffer, struct text name);
void buffer_set_topic(struct buffer *buffer, struct text topic);
/* An empty one is none. */
void buffer_set_key(struct buffer *buffer, struct text key);

#endif
