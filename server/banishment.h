/* Who is banned from the whole server, or may be here but not speak: accounts,
 * guests' names, addresses. Kept by the scribe, for ever or until their time is
 * over.
 *
 * Checked when a connection is taken (its address, before anything else), when
 * somebody enters (the account or name, the address), and for those who are
 * here when the list changes. Administrators are not kept out or silent by
 * their name: whoever wants that takes their powers first. Who comes over the
 * Unix socket has no address. */
#ifndef MINICHAT_BANISHMENT_H
#define MINICHAT_BANISHMENT_H

#include "server/bans.h"
#include "server/dialogue.h"

enum { BANISHMENT_WORDS_SIZE = BAN_REASON_SIZE + 128 };

struct banishment {
    struct bans bans;
    int64_t next_end; /* before this none is over */
};

void banishment_init(struct banishment *banishment);
void banishment_finish(struct banishment *banishment);
/* Its bans were read from the store; nobody is here yet. */
void banishment_begin(struct banishment *banishment);

/* Where house->banishment is NULL nobody is banned. */

/* Is this address kept out? Then words is what a program is told, with a line
 * end. */
bool banishment_turns_away(const struct house *house, struct text host,
                           char words[BANISHMENT_WORDS_SIZE]);
/* Is whoever wants to enter by this name (an account's, or a guest's) kept
 * out? Then they are told why, and their connection ends. */
bool banishment_keeps_out(struct dialogue *dialogue, struct text name,
                          enum powers powers);
/* Is a guest not to have this name? */
bool banishment_names(const struct house *house, struct text name);
/* Somebody has entered: may they speak? */
void banishment_silence(const struct house *house, struct user *user);

/* Whom it hits among those who are here: the bans, or somebody's powers, have
 * changed. */
void banishment_judge(struct house *house);

/* The ban counts at once, for those who are here, too. False: the list is
 * full. */
bool banishment_add(struct house *house, const struct ban *ban);
/* False: there is no such ban. */
bool banishment_lift(struct house *house, const struct ban *like);
/* Bans whose time is over end; this is logged. */
void banishment_tick(struct house *house);

#endif
