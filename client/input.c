#include "client/input.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "protocol/container.h"

static void on_idle(uv_idle_t *idle);
static void on_poll(uv_poll_t *poll, int status, int events);

/* Lines in hand are given out by the idle handle, new ones come by the poll;
 * a file has no poll and is always idle's. */
static void watch(struct input *input) {
    bool at_hand = framer_has_line(&input->framer) || input->ended;
    if (input->closed) return;
    uv_idle_stop(&input->idle);
    if (input->pollable) uv_poll_stop(&input->poll);
    if (!input->wanted) return;
    if (at_hand || !input->pollable)
        uv_idle_start(&input->idle, on_idle);
    else
        uv_poll_start(&input->poll, UV_READABLE, on_poll);
}

static void serve(struct input *input) {
    struct text line;
    while (input->wanted) {
        enum framed framed = framer_next(&input->framer, &line);
        if (framed == FRAMED_NOTHING) break;
        if (framed == FRAMED_LINE)
            input->owner->take_line(input->owner, line);
        else
            input->owner->skip_line(input->owner);
    }
    if (!input->closed) framer_keep(&input->framer);
}

/* What stands after the last line end is a line too. */
static void serve_end(struct input *input) {
    struct text rest = framer_unfinished(&input->framer);
    input->wanted = false;
    input->over = true;
    watch(input);
    if (rest.length > 0) input->owner->take_line(input->owner, rest);
    if (!input->closed) input->owner->end(input->owner);
}

static void take_in(struct input *input) {
    ssize_t count = read(input->fd, input->bytes, sizeof input->bytes);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
        input->ended = true;
        return;
    }
    framer_feed(&input->framer, text_slice(input->bytes, (size_t)count));
}

static void step(struct input *input) {
    if (!framer_has_line(&input->framer) && !input->ended) take_in(input);
    serve(input);
    if (input->closed) return;
    if (input->wanted && input->ended && !framer_has_line(&input->framer))
        serve_end(input);
    else
        watch(input);
}

static void on_idle(uv_idle_t *idle) {
    step(container_of(idle, struct input, idle));
}

static void on_poll(uv_poll_t *poll, int status, int events) {
    (void)status; /* reading tells what is wrong */
    (void)events;
    step(container_of(poll, struct input, poll));
}

void input_init(struct input *input, uv_loop_t *loop, int fd,
                struct input_owner *owner) {
    *input = (struct input){.owner = owner, .fd = fd};
    framer_init(&input->framer, INPUT_LINE_MAX);
    uv_idle_init(loop, &input->idle);
    input->flags = fcntl(fd, F_GETFL);
    input->pollable = uv_poll_init(loop, &input->poll, fd) == 0;
}

void input_start(struct input *input) {
    if (input->wanted || input->over || input->closed) return;
    input->wanted = true;
    watch(input);
}

void input_pause(struct input *input) {
    input->wanted = false;
    watch(input);
}

void input_close(struct input *input) {
    if (input->closed) return;
    input->closed = true;
    input->wanted = false;
    framer_finish(&input->framer);
    uv_close((uv_handle_t *)&input->idle, NULL);
    if (input->pollable) uv_close((uv_handle_t *)&input->poll, NULL);
    if (input->flags >= 0) (void)fcntl(input->fd, F_SETFL, input->flags);
}
