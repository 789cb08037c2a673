/* The terminal as a device: its settings, what is typed, and what is written.
 * Nothing here ever waits: what the terminal does not take at once is kept and
 * written by the loop when it does, and while nothing is kept the loop is not
 * woken. It is opened anew, so that the shell's standard input and output stay
 * as they are. It is given back as it was found, whatever ends the process. */
#ifndef MINICHAT_CLIENT_TERMINAL_H
#define MINICHAT_CLIENT_TERMINAL_H

#include <termios.h>
#include <uv.h>

#include "client/bytes.h"
#include "client/rescue.h"

enum {
    TERMINAL_WAITING_MAX = 1 << 20, /* bytes; more that is written while so
                                       much waits is left out */
};

struct terminal_owner {
    /* What was typed, or answered; borrowed until it returns. */
    void (*take)(struct terminal_owner *owner, struct text bytes);
    /* What had to wait has been written. */
    void (*drain)(struct terminal_owner *owner);
    /* It is gone. */
    void (*lose)(struct terminal_owner *owner);
};

struct terminal {
    bool held; /* it is in raw mode, and its screen is ours */
    /* private to terminal.c */
    struct terminal_owner *owner;
    int fd;
    struct termios before;
    uv_poll_t poll;
    bool watched, lost, lent;
    struct bytes waiting;
    size_t sent; /* bytes of it that it has taken */
};

/* That of standard input. NULL where it is open; else one sentence that says
 * why not. Nothing is changed on it yet. */
const char *terminal_open(struct terminal *terminal);
/* Takes it: raw mode from now on; `restore` is written when it is given back.
 * False, and nothing is done, where we are in the background. */
bool terminal_hold(struct terminal *terminal, struct text restore);
/* Takes it as it is, for lines: nothing is changed on it. */
void terminal_share(struct terminal *terminal);
/* What is typed on one that is shared is not seen, or is again. */
void terminal_hush(struct terminal *terminal, bool hush);
/* Gives it back as it was, at once; what still waits is thrown away. */
void terminal_release(struct terminal *terminal);
/* It was taken from us, and is another's to set now. */
void terminal_disown(struct terminal *terminal);
/* Gives it to a program of ours: what is typed is not ours to read until it is
 * taken back. It is then to be held anew. */
void terminal_lend(struct terminal *terminal);
void terminal_take_back(struct terminal *terminal);
/* From now on the loop reads and writes. */
void terminal_start(struct terminal *terminal, uv_loop_t *loop,
                    struct terminal_owner *owner);
void terminal_write(struct terminal *terminal, struct text bytes);
/* Bytes that it has not taken yet. */
size_t terminal_waiting(const struct terminal *terminal);
/* False where it does not know. */
bool terminal_size(const struct terminal *terminal, int *width, int *height);
/* What was typed and not read yet is thrown away. */
void terminal_forget_typed(const struct terminal *terminal);
/* Gives it back and closes it. The memory may go when the loop has ended. */
void terminal_close(struct terminal *terminal);

#endif
