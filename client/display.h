/* Between the person and the model: what the terminal sends is pressed on the
 * keys, and what has changed is drawn.
 *
 * When it is drawn:
 *   - at once after a key, so that it echoes;
 *   - else at the end of a round, once there is nothing more to read, 60 times
 *     a second at most (10 with low-bandwidth);
 *   - a flood is drawn no faster than anyone could read it: after DISPLAY_BURST
 *     screens' worth of bytes, DISPLAY_RATE a second, but twice a second at
 *     least; with low-bandwidth = off that is not so;
 *   - never while the terminal has not taken the last frame. What came
 *     meanwhile is on the next one, which is drawn when it has: after however
 *     long a stall, one;
 *   - never when nothing has changed. */
#ifndef MINICHAT_CLIENT_DISPLAY_H
#define MINICHAT_CLIENT_DISPLAY_H

#include "client/decode.h"
#include "client/emulator.h"
#include "client/screen.h"
#include "client/terminal.h"

enum {
    DISPLAY_FRAME_MS = 16,
    DISPLAY_SLOW_MS = 100,     /* between frames, with low-bandwidth */
    DISPLAY_FLOOD_MS = 500,    /* at most, however much was written */
    DISPLAY_READ_MS = 100,     /* there may be more to read for so long */
    DISPLAY_PATIENCE_MS = 200, /* a frame that took longer: the line is slow */
    DISPLAY_SLUGGISH_MS = 30 * 1000, /* and so it is for a while */
    DISPLAY_BURST = 4, /* screens of bytes, a byte for each cell */
    DISPLAY_RATE = 15, /* tenths of a screen each second */
    DISPLAY_TITLE_SIZE = 256,
};

struct display_owner {
    /* The terminal is gone. */
    void (*lose)(struct display_owner *owner);
};

struct display_signal {
    uv_signal_t handle;
    struct display *display;
};

struct display {
    struct screen screen;
    struct terminal terminal;
    /* private to display.c */
    struct display_owner *owner;
    struct terminal_owner terminal_owner;
    struct emulator emulator;
    struct decode decode;
    struct model *model;
    struct keys *keys;
    uv_loop_t *loop;
    uv_timer_t frame; /* until something stale may be drawn */
    uv_timer_t lapse; /* until what was begun to be typed is complete */
    struct display_signal resized, continued, stopped;
    uint64_t drawn, drawn_before; /* when the last two frames were, uv_now */
    uint64_t counted;  /* when it was last counted what may be written */
    int64_t allowance; /* that, thousandths of a byte; below 0: too much was */
    uint64_t sluggish; /* until when the line is taken to be slow */
    uint64_t woken;    /* when we last went on after a stop */
    enum theme ground; /* what the terminal said of its background */
    bool no_colour, answered, tells_focus, mouse, resize, open;
    char title[DISPLAY_TITLE_SIZE];
    char restore[RESCUE_BYTES_MAX];
    size_t restore_length;
};

/* NULL where it is open; else one sentence that says why not. */
const char *display_open(struct display *display);
/* Draws for the first time. Everything must live as long as the loop. */
void display_start(struct display *display, uv_loop_t *loop,
                   struct display_owner *owner, struct model *model,
                   struct keys *keys);
/* The end of a round: draws what is stale, now or soon, and does the errands
 * that a terminal can do. */
void display_round(struct display *display);
/* Gives the terminal to a program that runs on it; takes it back, and draws
 * all anew. */
void display_lend(struct display *display);
void display_take_back(struct display *display);
/* Does the person look at it? False where the terminal does not tell. */
bool display_is_seen(const struct display *display);
/* Gives the terminal back. The memory may go when the loop has ended. */
void display_close(struct display *display);

#endif
