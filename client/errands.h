/* What the model and the commands want done outside: something to the
 * clipboard, a link to be opened, the draft to be edited, a person to be told
 * of something while they look elsewhere. Notes only; at the end of a round
 * the program does them and takes them off. */
#ifndef MINICHAT_CLIENT_ERRANDS_H
#define MINICHAT_CLIENT_ERRANDS_H

#include "protocol/text.h"

enum {
    ERRANDS_COPY_MAX = 64 * 1024, /* bytes for the clipboard */
    ERRANDS_TEXT_MAX = 400,       /* bytes of a notice's words */
};

/* Told once, outside of the terminal's screen. All of it is clean. */
struct notice {
    char *room, *nick, *text; /* text NULL: there is no notice */
};

struct errands {
    char *copy;           /* for the clipboard, or NULL */
    char *open;           /* a link, or NULL */
    struct notice notice; /* the newest; more of one round are one */
    bool edit;            /* the current draft, in $EDITOR */
};

/* NULL is accepted by none; texts are copied, and cut where they are too long.
 * What stood there and was not yet done is replaced. */
void errands_copy(struct errands *errands, struct text text);
void errands_open(struct errands *errands, struct text link);
void errands_notify(struct errands *errands, struct text room, struct text nick,
                    struct text text);
void errands_finish(struct errands *errands);
void notice_finish(struct notice *notice);

#endif
