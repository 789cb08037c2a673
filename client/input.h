/* Lines from a file descriptor, whatever it is: a pipe, a terminal, a socket
 * or a file. The loop never waits for it, and it is left as it was found
 * (libuv needs it non-blocking; others may share it). */
#ifndef MINICHAT_CLIENT_INPUT_H
#define MINICHAT_CLIENT_INPUT_H

#include <uv.h>

#include "protocol/framer.h"

enum { INPUT_LINE_MAX = 64 * 1024 };

struct input_owner {
    /* Borrowed until it returns. It may pause or close the input. */
    void (*take_line)(struct input_owner *owner, struct text line);
    /* A line over INPUT_LINE_MAX was left out. */
    void (*skip_line)(struct input_owner *owner);
    void (*end)(struct input_owner *owner);
};

struct input {
    struct input_owner *owner;
    /* private to input.c */
    int fd, flags;
    uv_poll_t poll;
    uv_idle_t idle; /* for what is always ready, and for lines in hand */
    bool pollable, wanted, ended, over, closed;
    struct framer framer;
    char bytes[16 * 1024];
};

/* Reads nothing before input_start. */
void input_init(struct input *input, uv_loop_t *loop, int fd,
                struct input_owner *owner);
void input_start(struct input *input);
/* No line is given out until input_start; none is lost. */
void input_pause(struct input *input);
/* The memory may go when the loop has ended. May be called twice. */
void input_close(struct input *input);

#endif
