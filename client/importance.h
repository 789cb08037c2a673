/* How much a line matters to the person: one scale, from which follows whether
 * it is shown, whether it is unread, in which colour a buffer stands in the
 * bar, where Alt-a goes, and whether one is told while looking elsewhere. */
#ifndef MINICHAT_CLIENT_IMPORTANCE_H
#define MINICHAT_CLIENT_IMPORTANCE_H

#include "protocol/text.h"

enum importance {
    IMPORTANCE_IGNORED, /* not shown, but kept */
    IMPORTANCE_NOISE,   /* who comes and goes; shown as preferred */
    IMPORTANCE_QUIET,   /* shown, and never unread: what we did or asked for */
    IMPORTANCE_NORMAL,  /* unread */
    IMPORTANCE_MENTION, /* meant for us */
};

enum occasion_kind { OCCASION_SAID, OCCASION_NOTICED, OCCASION_COMES };
enum { OCCASION_KINDS = OCCASION_COMES + 1 };

/* What happened, as far as it counts. */
struct occasion {
    enum occasion_kind kind;
    bool own;
    bool to_us;       /* to us alone, or it answers a line of ours */
    bool below;       /* it answers a line that is ignored */
    struct text nick; /* who did it */
    struct text host; /* their user@host; empty: not known */
    struct text room; /* where, or with whom */
    struct text body;
};

/* What the person has said of it, as it stands in the configuration. */
struct taste {
    struct text nick; /* by which they are called */
    struct text highlight, ignore, filter;
};

enum importance importance_of(const struct occasion *occasion,
                              const struct taste *taste);

/* Items of these lists are separated by commas.
 *
 * highlight: a word, in any letter case, is looked for as a word of its own; a
 * pattern with * or ? is compared with each word and with the whole line.
 * ignore: MASK [KIND|ROOM]…, where MASK is nick!user@host, a nick, or
 * user@host, with * and ?. Kinds are said, notices and comings; without any it
 * is all of them, and without a room all rooms.
 * filter: lines that hold these words, or that a pattern is like. */
enum { LIST_ITEM_SIZE = 256 };
/* Takes the next item off, without blanks around it; false at the end. */
bool list_next(struct text *list, struct text *item);
/* Is there one that is the same but for letter case? */
bool list_has(struct text list, struct text item);
/* NULL, or what is wrong with it. */
const char *list_item_wrong(struct text item);
/* Is this an item of ignore's? NULL, or what is wrong with it. */
const char *ignore_item_wrong(struct text item);

#endif
