/* The round: what one turn of the event loop changed is finished here, in one
 * place and in one order.
 *
 * Callbacks only read, change the chat and fill outboxes; whoever has
 * something to send or to end joins the round. At its end (uv_check after the
 * callbacks of sockets, uv_prepare after those of timers):
 *   1. the doomed depart, each with its reason, which tells the living; that
 *      may doom others, so until there are none;
 *   2. what is to be kept goes to the journal (commit);
 *   3. everyone touched is flushed, once, whatever the number of lines, and
 *      who departed is closed when its last line is out; a failed write
 *      dooms, so from 1 again. Lines that wait for the journal stay: who has
 *      such is held, and flushed again when the batch is on disk.
 * Nobody writes, closes or frees before that. A round that has grown heavy is
 * ended early, between two peers, so that a storm cannot fill the memory.
 *
 * It also wakes: one timer serves every moment its members wait for, and that
 * at which the next ban is over. */
#ifndef MINICHAT_ROUND_H
#define MINICHAT_ROUND_H

#include <stdbool.h>
#include <uv.h>

#include "server/agenda.h"
#include "server/dialogue.h"

enum {
    ROUND_HEAVY = 1 << 17, /* lines given to outboxes in one round */
};

/* Embedded in what takes part (struct connection). */
struct turn {
    struct turn *next_touched, *next_doomed;
    struct moment moment;
    struct turn *next_held, **held_link;
    bool touched, doomed, departed, held;
};

struct round;

/* What the round does to those who take part. */
struct round_acts {
    void (*depart)(struct turn *turn);
    void (*flush)(struct turn *turn);
    void (*wake)(struct turn *turn);     /* its moment has come */
    void (*commit)(struct round *round); /* what was said goes to the disk */
};

struct round {
    uv_prepare_t prepare;
    uv_check_t check;
    uv_timer_t timer;
    const struct round_acts *acts;
    struct house *house; /* its clock and its chat's are set by the round */
    struct agenda agenda;
    struct turn *touched, *doomed, *held;
    unsigned weight;
    int64_t set_for; /* when the timer fires; 0: it does not */
    bool ending;
};

/* loop, house and acts must outlive it. Keeps no loop alive. */
void round_init(struct round *round, uv_loop_t *loop, struct house *house,
                const struct round_acts *acts);
/* Keeps the loop alive, or no longer. */
void round_stay(struct round *round, bool stay);
/* Closes its handles; the loop must run once more. Nobody takes part. */
void round_close(struct round *round);
/* After the handles are closed. */
void round_finish(struct round *round);

/* To be called first in every callback that changes something: tells house
 * and chat what time it is. */
void round_begin(struct round *round);
/* To be called last where something was taken from a peer: ends a heavy
 * round. The peer may be gone afterwards. */
void round_relieve(struct round *round);

/* It has something to send: flush is called at the end. */
void round_touch(struct round *round, struct turn *turn);
/* It has lines that wait for the journal. */
void round_hold(struct round *round, struct turn *turn);
/* A batch is on disk: who is held is flushed at the end of the round. */
void round_release(struct round *round);
/* It ends: depart is called at the end, then flush. Once. */
void round_doom(struct round *round, struct turn *turn);
/* Something was added to an outbox. */
static inline void round_weigh(struct round *round) {
    round->weight++;
}

/* Wakes it at that moment (monotonic ms as house->tick), which takes the
 * place of one set before. */
void round_wake_at(struct round *round, struct turn *turn, int64_t when);
/* Is not woken any more, nor held. */
void round_forget(struct round *round, struct turn *turn);

#endif
