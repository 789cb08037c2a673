/* Programs that we start: an editor on our terminal, one that opens a link or
 * tells a person something. The loop never waits for one, none is left as a
 * zombie, and there are never more than a few. No shell sees what is passed
 * as a word. */
#ifndef MINICHAT_CLIENT_CHILD_H
#define MINICHAT_CLIENT_CHILD_H

#include <stdbool.h>
#include <uv.h>

enum { CHILDREN_MAX = 8 }; /* at once; another one is not started */

struct child_watcher {
    /* It ended: its exit status, or 128 and the signal's number. */
    void (*end)(struct child_watcher *watcher, int status);
};

/* Both lists end with NULL. */
struct child_plan {
    const char *const *words;    /* its arguments; the first is looked for in
                                    PATH */
    const char *const *settings; /* "NAME=value", beside our environment; NULL:
                                    none */
    bool on_terminal; /* it has our standard streams and is one job with us;
                         else it has none, and a session of its own */
};

struct child;

struct children {
    uv_loop_t *loop;
    struct child *list[CHILDREN_MAX]; /* with holes */
};

void children_init(struct children *children, uv_loop_t *loop);
/* NULL where it runs; else why not. watcher may be NULL, else it must live as
 * long as the child. */
const char *children_start(struct children *children,
                           const struct child_plan *plan,
                           struct child_watcher *watcher);
/* Nobody is told any more. One on our terminal is asked to end, others go
 * on. */
void children_close(struct children *children);

#endif
