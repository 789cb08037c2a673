/* The model told in lines, for terminals without a screen and for ears: what is
 * new is written once, a line each, in words, and nothing is ever drawn again.
 *
 *   #box <ana> hi              said in #box
 *   private <ana> lunch?       said to us alone; "private to ana <ada> yes"
 *   #box * ana waves           what she does;  "#box -ci- done": a notice
 *   #box ben joined            what happened
 *   #box 15:24 <ana> hello     what was said a while ago; another day's has
 *                              its date
 *   12 in #box: ana ben        an answer where we are
 *   error: nobody is here      and what is wrong
 *   you are in #box            where what is typed goes, when that changes
 *
 * With several networks the rooms are "net/#box". Pure. */
#ifndef MINICHAT_CLIENT_SPOKEN_H
#define MINICHAT_CLIENT_SPOKEN_H

#include "client/bytes.h"
#include "client/model.h"

enum {
    SPOKEN_LATE_MS = 5 * 60 * 1000, /* what is older has its time */
    SPOKEN_KEPT = 2000, /* messages kept: nobody scrolls, so no more is told */
};

struct spoken {
    char *here; /* what was said last of where we are, or NULL */
};

void spoken_finish(struct spoken *spoken);
/* Adds what was not told yet to `to`, and forgets the hint. */
void spoken_write(struct spoken *spoken, struct model *model, struct bytes *to);
/* What is open, with its number, and what is unread there: "2 #ops, 3 unread;
 * 3 ben, 1 for you"; only what is unread, but where all is wanted. */
void spoken_list(const struct model *model, bool all, struct bytes *to);

#endif
