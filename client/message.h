/* One message as it is kept: who said what when, cleaned, in one piece of
 * memory. What is about its place among others is in buffer.h. */
#ifndef MINICHAT_CLIENT_MESSAGE_H
#define MINICHAT_CLIENT_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "client/format.h"
#include "client/importance.h"
#include "client/reactions.h"
#include "protocol/text.h"

enum {
    MESSAGE_BODY_MAX = 16 * 1024, /* bytes kept of one body, of a topic */
    MESSAGE_NAME_MAX = 512,
};

enum message_kind {
    MESSAGE_SAID,
    MESSAGE_ACTED,
    MESSAGE_NOTICED,
    MESSAGE_EVENT,  /* joined, left, renamed, topic … */
    MESSAGE_ANSWER, /* what was asked for, and what the program has to say */
    MESSAGE_ERROR,
    MESSAGE_GAP, /* stands for lines that are not loaded; its body says so */
};

/* One whom it is about has come, gone, or another name. */
enum coming { COMING_NONE, COMING_JOINED, COMING_LEFT, COMING_RENAMED };

/* All text in it is cleaned (utf8_shown). Freed with its buffer. */
struct message {
    int64_t when; /* Unix milliseconds */
    enum message_kind kind : 8;
    enum importance importance : 8;
    enum coming coming : 8; /* EVENT */
    bool own;
    bool told;      /* it stands in the lines that were written (spoken.h) */
    bool redacted;  /* taken back: its body says so, and what it was is gone */
    bool ours;      /* heard from nobody: our own line where no server echoes;
                       its time is of our clock until the server gives the line */
    bool lately;    /* of a coming: they had said something shortly before */
    uint8_t reply;  /* bytes of message_reply */
    uint16_t who;   /* bytes of a coming's body that are their name */
    uint16_t host;  /* whose line it is, of the network's hosts; 0: unknown */
    uint16_t spans; /* how many: they stand at the start of bytes[] */
    unsigned missing; /* GAP: so many lines; 0: nobody has said how many */
    uint32_t key;     /* of a line: that it is found by */
    struct text nick, body; /* of bytes[] below; body is plain text */
    struct text msgid;      /* the same; empty where the server gave none */
    struct reactions *reactions; /* NULL: none */
    char bytes[];
};

/* A message to be kept, as it came. */
struct entry {
    enum message_kind kind;
    int64_t when;
    struct text nick, body; /* body may be formatted as IRC does it */
    struct text msgid;      /* visible ASCII, or empty */
    struct text reply;      /* the same */
};

/* Cleans nick and body, cuts what is longer than is kept. It is of the
 * importance that its kind has by itself, and the caller's to free. */
struct message *message_new(const struct entry *entry);
/* Stands for lines that are missing; 0: nobody has said how many. */
struct message *message_new_gap(int64_t when, unsigned missing);
void message_free(struct message *message);
/* Its body is overwritten: freed memory may be read by others. */
void message_wipe(struct message *message);

/* It was said: neither a gap nor something that happened. */
static inline bool message_is_line(const struct message *message) {
    return message->kind == MESSAGE_SAID || message->kind == MESSAGE_ACTED ||
           message->kind == MESSAGE_NOTICED;
}
static inline bool message_is_mention(const struct message *message) {
    return message->importance == IMPORTANCE_MENTION;
}
/* Of a coming: whose it is. */
static inline struct text message_who(const struct message *message) {
    return text_slice(message->body.at, message->who);
}
/* The msgid of the line that it answers, or empty. */
struct text message_reply(const struct message *message);
/* How its body is formatted: span number i of message->spans. */
struct span message_span(const struct message *message, size_t i);
/* NULL where there are none, unless they are to be added to. */
struct reactions *message_reactions(struct message *message, bool add);

#endif
