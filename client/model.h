/* What the client knows: networks, their buffers, and which one is looked at.
 * Pure: it hears news and is asked by the view. It knows no clock (set `now`),
 * no socket and no screen. Everything that comes from a network is cleaned
 * here (utf8_shown), so that nothing kept can drive a terminal.
 *
 * Lines of our own come as news too (own = true); the session makes them
 * itself where a server has no echo-message. */
#ifndef MINICHAT_CLIENT_MODEL_H
#define MINICHAT_CLIENT_MODEL_H

#include "client/buffer.h"
#include "client/catchup.h"
#include "client/errands.h"
#include "client/fold.h"
#include "client/hosts.h"
#include "client/log_batch.h"
#include "client/menu.h"
#include "client/pending.h"
#include "client/preferences.h"
#include "client/question.h"
#include "client/route.h"
#include "client/search.h"
#include "client/session.h"
#include "client/table.h"

enum {
    MODEL_NETWORKS = 16,
    MODEL_BUFFERS = 400, /* more are not opened: what is said there is told in
                            the server's buffer */
    MODEL_STATE_SIZE = 160, /* bytes of a state line or hint */
    MODEL_STEP_MS = 250,    /* that a step of connecting takes to be shown */
};

struct network {
    unsigned id;         /* never given twice: to be kept over a round */
    struct route *route; /* of model->routes; NULL: none is known */
    char *name;          /* as it is shown: "box"; cleaned */
    char *key;           /* its name on disk, the same each time */
    char *nick;          /* ours there; cleaned, "" before the first login */
    bool online;         /* registered */
    bool suspect;        /* but does not answer any more */
    bool reached;        /* registered once */
    bool away;
    char state[MODEL_STATE_SIZE]; /* "connecting…", "retry in 4s (2)" */
    char step[MODEL_STATE_SIZE]; /* the state that is shown at step_at, or "" */
    int64_t step_at;
    struct question *question; /* about it, until it is answered; or NULL */
    struct question *login;    /* for a secret, the same; before the other */
    char *complaint;           /* why it was not reached, last; or NULL */
    struct buffer *server;     /* its server buffer */
    struct buffer *asked;      /* where answers and errors go */
    bool token_awaited; /* an answer may be a token: it is shown in a box */
    /* A NAMES answer that is under way, and its room. */
    struct members names;
    char *names_room;
    bool names_wanted; /* by /names: the list is also told as text */
    char *follow;      /* a room that was asked for: shown when it is joined */
    char *follow_key;  /* and its key, or NULL */
    /* To be asked and spoken to, set by the program while it is online. */
    struct session *session;
    struct pending pending;
    bool kept; /* what is pending is on disk too, and outlives us */
    struct catchup catchup;
    struct hosts hosts; /* of those who said something */
    int64_t heard;      /* when the last line was said that we know; 0: none */
};

/* What stands around the messages, as the hands on the keys have it. */
enum pane { PANE_AUTO, PANE_SHOWN, PANE_HIDDEN }; /* auto: as preferred */
struct shown {
    enum pane buffers; /* as a list at the left; else in the bar */
    enum pane members;
    bool bare; /* messages and input alone, from edge to edge */
};

/* A search in what was sent, while it is under way. */
struct recall {
    bool open;
    char words[MODEL_STATE_SIZE]; /* what is looked for */
    size_t length, skip;          /* skip: newer ones that are passed over */
};

/* What is about to be done with the message that is pointed at: the current
 * buffer's `picked`. */
enum { PICK_RECENT = 8 };
struct pick {
    bool sure;   /* to be taken back, if that is said once more */
    bool reacts; /* a reaction is chosen: the menu has them */
    char words[SESSION_REACTION_SIZE]; /* of its name */
    size_t length;
    char recent[PICK_RECENT][SESSION_REACTION_SIZE];
};

/* A search in what was said, as one types, while it is under way. */
enum seek_scope {
    SEEK_HERE,       /* in the current buffer: one goes from match to match */
    SEEK_EVERYWHERE, /* in all buffers: a list, the newest first */
    SEEK_SERVER,     /* what the server of this buffer finds */
    SEEK_NAMES,      /* no lines but buffers, by letters of their names */
};
enum { SEEK_FOUND = 100 }; /* in the list */

/* All of it is a copy; when 0: a buffer. */
struct finding {
    struct network *network;
    int64_t when;
    char *room, *nick, *body, *msgid;
};

struct seek {
    bool open;
    enum seek_scope scope;
    char words[MODEL_STATE_SIZE];
    size_t length;
    struct needle needle; /* the same */
    struct scroll origin; /* where one read before */
    uint64_t number;      /* HERE: the match that is gone to, 0: none */
    bool missed;          /* HERE: there is none */
    struct finding *list;
    size_t count, picked;
    bool asked;              /* SERVER: for these words */
    unsigned awaited;        /* answers, */
    struct network *network; /* and from where */
};

/* What somebody who looks elsewhere is to be told of, soon. */
struct attention {
    struct notice notice; /* the newest; text NULL: nothing */
    unsigned more;        /* lines before it that were not told of */
    int64_t told;         /* when the last was, Unix milliseconds */
};

struct model {
    struct network *networks[MODEL_NETWORKS];
    size_t network_count;
    unsigned network_ids;                  /* the last one given */
    struct buffer *buffers[MODEL_BUFFERS]; /* as they are numbered, from 1 */
    size_t buffer_count;
    struct buffer *current;  /* NULL before the first network */
    struct buffer *previous; /* looked at before, or NULL */
    struct kills kills;
    struct recall recall;
    struct seek seek;
    struct pick pick;
    struct menu menu; /* of the current buffer's draft */
    int64_t now;      /* Unix milliseconds, set by the program each round */
    uint64_t heard;   /* counts lines said: members' `heard` */
    char hint[MODEL_STATE_SIZE]; /* shown until the next key */
    struct preferences preferences;
    struct errands errands;
    struct attention attention;
    struct log_batch log; /* what was said and is not in the log yet */
    struct routes routes; /* networks that are known */
    struct shown shown;
    bool focused; /* the person looks at this terminal, as far as it tells */
    bool stale;   /* something visible changed: draw, then set it to false */
};

void model_init(struct model *model);
void model_finish(struct model *model);
/* Opens its server buffer. NULL where there are MODEL_NETWORKS. It lives as
 * long as the model. */
struct network *model_add_network(struct model *model, struct text name,
                                  struct text nick);
/* All that belongs to it goes, drafts and unsent lines too. There must be
 * another one. */
void model_remove_network(struct model *model, struct network *network);
/* The network that the route leads to, with the rooms that shall be joined
 * there. NULL where there are MODEL_NETWORKS. */
struct network *model_add_route(struct model *model, struct route *route);
/* The one with that id, or NULL where it is gone. */
struct network *model_network(const struct model *model, unsigned id);
/* NULL where we were never on the way there. */
struct network *model_find_network(const struct model *model,
                                   const struct route *route);
/* Opens these rooms (route_next_room) as wanted. */
void model_want_rooms(struct model *model, struct network *network,
                      struct text list);
/* Enters all rooms that are wanted there, in as few lines as they fit in. */
void model_join_wanted(struct model *model, struct network *network);
/* What the connection is doing, for the status line; empty when online. Of
 * "connecting… (tcp)" what is in the brackets is shown only once it has taken
 * MODEL_STEP_MS: mostly the next step is there first. */
void model_set_state(struct model *model, struct network *network,
                     struct text state);
/* The connection is gone: each buffer that was in use says so once; rooms are
 * no longer `in` but stay `wanted`. Where there was no login, `reason` is told
 * as it is, once as long as it stays the same: where we never were, in all its
 * buffers, else in the server's, as the others know that it is gone. */
void model_lost(struct model *model, struct network *network,
                struct text reason);
/* The same, but it is not tried again: that is told in all its buffers. */
void model_given_up(struct model *model, struct network *network,
                    struct text reason);
/* What a person is asked about it; replaces what they were asked before. keys:
 * as in question.h. */
void model_ask(struct model *model, struct network *network, struct text text,
               struct text prompt, const char *keys);
/* It needs no answer any more. */
void model_unask(struct model *model, struct network *network);
/* The same for a secret (question_new_secret), which stands before all that is
 * asked otherwise: who types it types it to its end. */
void model_ask_secret(struct model *model, struct network *network,
                      struct text text);
void model_unask_secret(struct model *model, struct network *network);
/* The one that stands before everything else, or NULL. */
struct question *model_question(const struct model *model);
/* Everything that a session tells. */
void model_hear(struct model *model, struct network *network,
                const struct news *news);

/* What is read is marked, and what is not answered given up. To be called each
 * round; in how many milliseconds again, 0: when something happens. */
int64_t model_tick(struct model *model);

/* A line of ours, or several: pending until the server confirms them; sent as
 * soon as that may be. False, and told, where too many are waiting. */
bool model_say(struct model *model, struct network *network,
               enum news_kind kind, struct text target, struct text body);
/* The same that answers the line with that msgid; empty: none. */
bool model_answer(struct model *model, struct network *network,
                  enum news_kind kind, struct text target, struct text body,
                  struct text reply);
/* The draft of the current buffer is another now. */
void model_typed(struct model *model);
/* Sends again what was refused or is doubted in that buffer. */
size_t model_resend(struct model *model, struct buffer *buffer);
/* Lines of a file (pending_file_read) are pending again, each in its buffer,
 * unless we have read that they were said. Returns how many were in it. */
size_t model_restore(struct model *model, struct network *network,
                     struct text file, struct bytes *damaged,
                     struct bytes *full);
/* What lies on the desk of a network, for a file: drafts, lines sent before,
 * whom one talks with. */
void model_take_table(const struct model *model, const struct network *network,
                      struct bytes *to);
/* Another number where that has changed. */
uint64_t model_table_mark(const struct model *model,
                          const struct network *network);
/* Lays out what has its place open, and takes it off the table. A draft that
 * finds another there is among the lines sent before. */
void model_lay_table(struct model *model, struct network *network,
                     struct table *table);
/* Asks for that many older lines; a person did, or a look at the top. */
void model_ask_older(struct model *model, struct buffer *buffer, unsigned count,
                     bool wanted);
/* Asks for a page of what a gap stands for: what follows its upper neighbour,
 * or what is before its lower one. False where that cannot be. */
enum gap_end { GAP_UPPER_END, GAP_LOWER_END };
bool model_load_gap(struct model *model, struct buffer *buffer, uint64_t gap,
                    enum gap_end end, bool wanted);
/* Is the history asked for something there that has not come? */
bool model_is_asking(const struct buffer *buffer);
/* Shows the buffer where a line stands, by its msgid or, where that is empty,
 * what was said first since then; what is not loaded is asked for. False, and
 * told, where it cannot be. */
bool model_go_to(struct model *model, struct buffer *buffer, struct text msgid,
                 int64_t when);

/* The preferences of what is ignored, filtered or highlighted are others now:
 * all that is kept is weighed anew, and unread is what it would have been. */
void model_reweigh(struct model *model);

/* Which comings and goings are shown there. */
enum noise model_noise(const struct model *model, const struct buffer *buffer);
void model_set_noise(struct model *model, struct buffer *buffer,
                     enum noise noise);

/* A line of the program's own in a buffer (NULL: the current one). */
void model_tell(struct model *model, struct buffer *buffer,
                enum message_kind kind, struct text body);
void model_hint(struct model *model, struct text hint);

/* Points at that message of the current buffer; 0: at none any more. */
void model_pick(struct model *model, uint64_t number);
/* NULL where there is none. */
const struct message *model_picked(const struct model *model);
/* What one does with a line that was said. */
enum act { ACT_REPLY, ACT_REACT, ACT_UNREACT, ACT_REDACT, ACT_CORRECT };
/* In words; NULL: it can be done. */
const char *model_reason_not_to(const struct buffer *buffer,
                                const struct message *message, enum act act);
/* The one that is pointed at, else the last that is probably meant; or NULL. */
const struct message *model_line_for(const struct buffer *buffer, enum act act);
/* Will others see which line we answer? Else we say whom. */
bool model_may_tell(const struct buffer *buffer, const struct message *message);
/* The draft answers it from now on; where the server does not let that be seen,
 * it begins with the name of who said it. */
void model_start_reply(struct model *model, struct buffer *buffer,
                       const struct message *message);
/* Its words come into the draft, which must be empty. False where it is not. */
bool model_start_correction(struct model *model, struct buffer *buffer,
                            const struct message *message);
/* As model_say, of what answers or corrects as well. */
bool model_say_here(struct model *model, struct buffer *buffer,
                    enum news_kind kind, struct text body);
/* NULL where it is done, else why not. An emoji, its name, or a word; with
 * nothing the last one of ours is taken back. */
const char *model_react(struct model *model, struct buffer *buffer,
                        const struct message *message, struct text reaction);
const char *model_unreact(struct buffer *buffer, const struct message *message,
                          struct text reaction);
const char *model_redact(struct buffer *buffer, const struct message *message,
                         struct text reason);
/* A reaction is chosen from the menu by its name. */
void model_choose(struct model *model);
void model_choose_type(struct model *model, struct text text);
void model_choose_rub(struct model *model);
void model_choose_step(struct model *model, int step);
/* take: it is sent. NULL, or why not. */
const char *model_choose_end(struct model *model, bool take);

/* C-r: a search in the lines sent from here, then in those sent from other
 * buffers, the newest first. */
void model_recall(struct model *model);
void model_recall_type(struct model *model, struct text text);
void model_recall_rub(struct model *model);
void model_recall_older(struct model *model);
/* take: what was found becomes the draft. */
void model_recall_end(struct model *model, bool take);
/* What is found now; empty: nothing. Borrowed. */
struct text model_recalled(const struct model *model);

/* Tells, in that buffer, what is kept of its network that is looked for, the
 * newest SEARCH_LINES at most; returns how many. */
size_t model_search(struct model *model, struct buffer *place,
                    const struct search *search);

/* C-s: begins a search, M-g one of buffers. */
void model_seek(struct model *model, enum seek_scope scope);
/* Here, everywhere, on the server, and here again. */
void model_seek_widen(struct model *model);
void model_seek_type(struct model *model, struct text text);
void model_seek_rub(struct model *model);
/* In the list: +1 is older. */
void model_seek_pick(struct model *model, int step);
/* The match nearest to that message, with it, upwards (-1) or down: its number,
 * or 0. */
uint64_t model_seek_step(const struct model *model, uint64_t from, int step);
/* Asks the server for these words. False where that was done, or cannot be. */
bool model_seek_ask(struct model *model);
/* Goes to what is chosen in the list; the search is over. */
bool model_seek_go(struct model *model);
void model_seek_end(struct model *model);

/* Names are compared as IRC does: ASCII letter case does not matter. */
struct buffer *model_find(const struct model *model,
                          const struct network *network, struct text name);
/* Finds or opens a room's or a person's buffer (told apart by the first
 * byte); NULL where there are too many. */
struct buffer *model_open(struct model *model, struct network *network,
                          struct text name);
/* A server buffer stays. */
void model_close(struct model *model, struct buffer *buffer);
void model_show(struct model *model, struct buffer *buffer);
/* The person looks at this terminal, or away: what comes then is new. */
void model_focus(struct model *model, bool focused);
/* By number as shown, from 1. Nothing happens where there is none. */
void model_show_number(struct model *model, size_t number);
/* +1: the next, -1: the one before; around the ends. */
void model_show_step(struct model *model, int step);
/* The next with a mention, else with something unread (a muted one not), else
 * back to where we were. */
void model_show_active(struct model *model);
/* Number of a buffer as shown; 0 where it is not there. */
size_t model_number(const struct model *model, const struct buffer *buffer);
bool name_is_room(struct text name);

#endif
