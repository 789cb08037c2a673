/* Threads inherit which signals are blocked, and libuv starts its own with the
 * first thing that is done by one: a thread that took SIGTSTP would let us draw
 * on while we are stopped. So what may start threads is done quietly. */
#ifndef MINICHAT_CLIENT_QUIET_H
#define MINICHAT_CLIENT_QUIET_H

#include <pthread.h>
#include <signal.h>

static inline void quiet_begin(sigset_t *before) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, before);
}

static inline void quiet_end(const sigset_t *before) {
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

#endif
