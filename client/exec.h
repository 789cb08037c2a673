/* /exec: what a command prints, shown in the buffer where it was asked for, or
 * put into the draft there, so that nothing is said without another Enter. */
#ifndef MINICHAT_CLIENT_EXEC_H
#define MINICHAT_CLIENT_EXEC_H

#include "client/gather.h"
#include "client/model.h"

enum { EXEC_LINES = 200 }; /* shown; more are counted */

struct exec {
    uv_loop_t *loop;
    struct model *model;
    /* private to exec.c */
    struct gather_owner owner;
    struct gather *gather;
    unsigned network; /* its id */
    char *room;       /* the buffer's name */
    bool say;
};

void exec_init(struct exec *exec, uv_loop_t *loop, struct model *model);
void exec_finish(struct exec *exec);
/* For the current buffer. NULL where it runs; else why not. */
const char *exec_start(struct exec *exec, struct text command, bool say);

#endif
