/* One conversation: its messages, who is in it, and the line being written
 * there. Messages are bounded: those go that are furthest from what is read.
 * Where lines are missing between two messages, a gap stands between them. */
#ifndef MINICHAT_CLIENT_BUFFER_H
#define MINICHAT_CLIENT_BUFFER_H

#include "client/editor.h"
#include "client/finder.h"
#include "client/members.h"
#include "client/message.h"
#include "client/preferences.h"
#include "client/session.h"
#include "client/typers.h"
#include "protocol/text.h"

struct network;

enum {
    BUFFER_LIMIT = 20000,   /* messages kept, unless set_limit says other */
    BUFFER_LEAST = 100,     /* it sets no smaller limit */
    BUFFER_TAIL = 200,      /* messages at the end that always stay */
    BUFFER_SKEW_MS = 60000, /* by how much clocks may differ */
};

enum buffer_kind { BUFFER_SERVER, BUFFER_ROOM, BUFFER_PRIVATE };

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
    enum noise noise;   /* that a person wants here, where noise_set */
    enum typing typing; /* what others were told last */
    unsigned limit;     /* messages kept */
    char *name;         /* "#lobby", "bob", the network's name; cleaned */
    char *topic;        /* never NULL, cleaned */
    struct members members;
    bool in;      /* we are in the room now */
    bool wanted;  /* we want to be: to be joined after a reconnect */
    bool awaited; /* and are about to be: what we say waits for that */
    bool noise_set;
    bool muted;          /* only a mention is told by colour */
    bool complete;       /* the server has nothing older than the first line */
    bool corrects;       /* the draft shall be read instead of `reply` */
    char *key;           /* of the room, to come in again; NULL: none */
    size_t members_from; /* so many stand above those that are listed */
    unsigned unread, mentions; /* since it was last looked at */
    uint64_t mark;   /* what comes after this number is new; 0: no mark */
    uint64_t fill;   /* the next line of the past belongs before this number;
                        0: nothing is asked for */
    uint64_t hole;   /* the gap that is being filled, 0: none */
    int64_t newest;  /* when the last line was said that we know; 0: none */
    char *newest_id; /* its msgid, "" where it has none */
    int64_t read;    /* what was said until then is read, says the server */
    int64_t seen, told, told_at; /* read here, told to the server, and when */
    int64_t parted;              /* `seen` when the connection was lost */
    struct scroll scroll;
    struct editor editor;
    int64_t typing_told, typed; /* when that was, and when we typed last */
    struct typers typers;       /* who else is writing here */
    char *reply;     /* the msgid of the line that the draft answers, or NULL */
    uint64_t picked; /* the message that is pointed at; 0: none */
    /* The message with number n is in ring[n % room]. Numbers count from 1 and
     * have no holes; last < first: empty. */
    uint64_t first, last;
    struct message **ring;
    size_t room;
    struct finder finder;
};

struct buffer *buffer_new(struct network *network, enum buffer_kind kind,
                          struct text name, struct kills *kills);
/* NULL is accepted. */
void buffer_free(struct buffer *buffer);
/* How many messages are kept from now on. */
void buffer_set_limit(struct buffer *buffer, unsigned limit);
/* Cleans nick and body, cuts what is longer than is kept. It is of the
 * importance that its kind has by itself. */
struct message *buffer_add(struct buffer *buffer, enum message_kind kind,
                           int64_t when, struct text nick, struct text body);
/* The same at the place that it then has: numbers from there on grow by one,
 * those that are kept in the buffer with them. Where others go to make room
 * for it, numbers may be others afterwards. */
struct message *buffer_insert(struct buffer *buffer, uint64_t number,
                              const struct entry *entry);
/* Of the past: before `fill`, which is then behind it. */
struct message *buffer_fill(struct buffer *buffer, const struct entry *entry);
/* A gap before `fill`: the hole that is to be filled. 0 where nothing is above
 * it: there is always more before the first. */
uint64_t buffer_open_hole(struct buffer *buffer);
/* Those from `from` up to `end` (not with it) stand before `to` now, which is
 * further up. */
void buffer_move(struct buffer *buffer, uint64_t from, uint64_t end,
                 uint64_t to);
/* A gap before that message; missing 0: it is not known how many. */
void buffer_insert_gap(struct buffer *buffer, uint64_t number,
                       unsigned missing);
void buffer_set_missing(struct buffer *buffer, uint64_t number,
                        unsigned missing);
/* Numbers behind it are smaller by one afterwards. */
void buffer_remove(struct buffer *buffer, uint64_t number);
/* Nothing is missing between those two. Returns how many gaps there were. */
unsigned buffer_close_gaps(struct buffer *buffer, uint64_t from, uint64_t to);
bool buffer_is_gap(const struct buffer *buffer, uint64_t number);
/* The message with that msgid, or NULL. */
struct message *buffer_find(const struct buffer *buffer, struct text msgid);
/* One without msgid that was said then by them in these words, or NULL. */
struct message *buffer_find_line(const struct buffer *buffer, int64_t when,
                                 struct text nick, struct text body);
/* The same of one that may have a msgid: looked for from the end. */
struct message *buffer_find_named(const struct buffer *buffer, int64_t when,
                                  struct text nick, struct text body);
/* Our own that was heard from nobody, of about that time: its number, or 0. */
uint64_t buffer_find_ours(const struct buffer *buffer, int64_t when,
                          struct text body);
/* Another in its place. */
struct message *buffer_replace(struct buffer *buffer, uint64_t number,
                               const struct entry *entry);
/* Its words are gone, from memory too; these stand there instead. */
void buffer_redact(struct buffer *buffer, struct message *message,
                   struct text words);
/* Is the draft an answer to another line, or a correction of one? */
static inline bool buffer_answers(const struct buffer *buffer) {
    return buffer->reply || buffer->corrects;
}
/* What the draft answers; an empty msgid: nothing. */
void buffer_set_reply(struct buffer *buffer, struct text msgid);
/* The number of one that is kept: looked for from the end. */
uint64_t buffer_number(const struct buffer *buffer,
                       const struct message *message);
/* The nearest line that was said, from there upwards, downwards: its number,
 * or 0. Gaps and what happened are none. */
uint64_t buffer_line_above(const struct buffer *buffer, uint64_t number);
uint64_t buffer_line_below(const struct buffer *buffer, uint64_t number);
/* The nearest gap from there upwards: its number, or 0. */
uint64_t buffer_gap_above(const struct buffer *buffer, uint64_t number);
/* The newest line that is known here. */
void buffer_set_newest(struct buffer *buffer, int64_t when, struct text msgid);
/* NULL where the number is not (or no longer) there. */
const struct message *buffer_message(const struct buffer *buffer,
                                     uint64_t number);
/* The same, to be weighed anew. */
struct message *buffer_at(struct buffer *buffer, uint64_t number);
void buffer_clear(struct buffer *buffer);
void buffer_set_name(struct buffer *buffer, struct text name);
void buffer_set_topic(struct buffer *buffer, struct text topic);
/* An empty one is none. */
void buffer_set_key(struct buffer *buffer, struct text key);

#endif
