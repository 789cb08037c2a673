/* What `tail` and `wait` do once they are connected: they enter the rooms,
 * follow them without a hole (follow.h), tell what they are to tell, and know
 * when that was all. */
#ifndef MINICHAT_CLIENT_LISTENING_H
#define MINICHAT_CLIENT_LISTENING_H

#include <uv.h>

#include "client/follow.h"
#include "client/outlet.h"
#include "client/pipe_task.h"

enum listened {
    LISTENED_ALL,    /* all was told, or nobody reads any more */
    LISTENED_MISSED, /* that is not to be had: no room, no history */
    LISTENED_LATE,   /* nothing came in time */
};

struct listening_owner {
    /* Once. Nothing is told after it. */
    void (*end)(struct listening_owner *owner, enum listened listened);
};

struct listening {
    struct listening_owner *owner;
    /* private to listening.c */
    const struct pipe_task *task;
    struct outlet *outlet;
    struct follow follow;
    struct follow_owner follow_owner;
    uv_timer_t lapse;         /* until the history has not answered */
    uv_timer_t limit;         /* --timeout */
    unsigned awaited, let_in; /* rooms: asked for; that we came into */
    bool reached, missed, over;
};

/* Everything must live as long as the loop. */
void listening_init(struct listening *listening, uv_loop_t *loop,
                    struct listening_owner *owner, const struct pipe_task *task,
                    struct outlet *outlet);
/* All that a session tells, from NEWS_ONLINE on. */
void listening_hear(struct listening *listening, struct session *session,
                    const struct news *news);
/* The connection is gone. */
void listening_lose(struct listening *listening);
/* Something of what was wanted has been missed. */
bool listening_has_missed(const struct listening *listening);
/* The memory may go, by listening_finish, when the loop has ended. */
void listening_close(struct listening *listening);
void listening_finish(struct listening *listening);

#endif
