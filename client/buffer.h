/* One conversation: its messages, who is in it, and the line being written
 * there. Messages are bounded; the oldest go first. */
#ifndef MINICHAT_CLIENT_BUFFER_H
#define MINICHAT_CLIENT_BUFFER_H

#include "client/editor.h"
#include "client/members.h"
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

/* All text in it is cleaned (utf8_plain). Freed with its buffer. */
struct message {
    int64_t when; /* Unix milliseconds */
    enum message_kind kind;
    bool own, mention;
    struct text nick, body; /* of bytes[] below */
    char bytes[];
};

/* Where the lowest visible row is: `rows` rows above the end of message
 * `number`. number 0: at the bottom, following what is said. */
struct scroll {
    uint64_t number;
    int rows;
};

struct buffer {
    struct network *network;
    enum buffer_kind kind;
    char *name;  /* "#lobby", "bob", the network's name; cleaned */
    char *topic; /* never NULL, cleaned */
    struct members members;
    bool in;     /* we are in the room now */
    bool wanted; /* we want to be: to be joined after a reconnect */
    unsigned unread, mentions; /* since it was last looked at */
    uint64_t mark; /* what comes after this number is new; 0: no mark */
    struct scroll scroll;
    struct editor editor;
    /* The message with number n is ring[n % BUFFER_MESSAGES]. */
    struct message **ring;
    uint64_t first, last; /* numbers, counted from 1; last < first: empty */
};

struct buffer *buffer_new(struct network *network, enum buffer_kind kind,
                          struct text name, struct killed *killed);
/* NULL is accepted. */
void buffer_free(struct buffer *buffer);
/* Cleans nick and body, cuts what is longer than is kept. */
struct message *buffer_add(struct buffer *buffer, enum message_kind kind,
                           int64_t when, struct text nick, struct text body);
/* NULL where the number is not (or no longer) there. */
const struct message *buffer_message(const struct buffer *buffer,
                                     uint64_t number);
void buffer_clear(struct buffer *buffer);
void buffer_set_name(struct buffer *buffer, struct text name);
void buffer_set_topic(struct buffer *buffer, struct text topic);

#endif
