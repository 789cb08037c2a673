/* All that keeps what was said, put together: store, roster, journal, history,
 * nonces. With durability = none there is only the roster, in memory. */
#ifndef MINICHAT_KEEPING_H
#define MINICHAT_KEEPING_H

#include "server/banishment.h"
#include "server/connection.h"
#include "server/history.h"
#include "server/journal.h"
#include "server/nonces.h"
#include "server/roster.h"

struct keeping {
    struct house *house;
    struct company *company;
    const struct state *state;
    struct roster roster;
    struct nonces nonces;
    struct banishment banishment;
    struct journal *journal; /* NULL: nothing is kept */
    struct history *history;
    struct journal_owner journal_owner;
    struct history_owner history_owner;
};

/* Makes or opens the store, which we have locked, attends the house's chat
 * (which has nobody yet), fills in the house. others: who knows more names.
 * house, company and state must outlive it. False, with a sentence, and nothing
 * is open. */
bool keeping_open(struct keeping *keeping, struct house *house,
                  struct company *company, const struct state *state,
                  uv_loop_t *loop, struct registry *others, char *error,
                  size_t size);
/* The end of a round: what was said goes to the disk. */
void keeping_round(struct keeping *keeping);
/* The configuration was read again. */
void keeping_reload(struct keeping *keeping);
/* The server is told to stop: nothing is read for later. */
void keeping_dismiss(struct keeping *keeping);
/* Nobody is connected any more: commits what is left; the loop must run until
 * it has nothing to do. */
void keeping_close(struct keeping *keeping);
/* After the chat is finished. */
void keeping_free(struct keeping *keeping);

#endif
