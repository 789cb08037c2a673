#include "client/gather.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/container.h"
#include "protocol/memory.h"

/* One of its streams. */
struct stream {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
    } uv;
    struct gather *gather;
    size_t length;
    bool ended, cut;
    char spare[512]; /* for what is read and left out */
    char bytes[GATHER_MAX];
};

/* It lives until all of its handles are closed. */
struct gather {
    struct gather_owner *owner; /* NULL: told, or stopped */
    union {
        uv_handle_t handle;
        uv_process_t process;
    } uv;
    struct stream out, errors;
    unsigned open; /* handles */
    bool running, exited, hasty;
    int status;
};

static void release(struct gather *gather) {
    if (--gather->open > 0) return;
    explicit_bzero(gather, sizeof *gather);
    free(gather);
}

static void on_process_closed(uv_handle_t *handle) {
    release(container_of(handle, struct gather, uv.handle));
}

static void on_stream_closed(uv_handle_t *handle) {
    release(container_of(handle, struct stream, uv.handle)->gather);
}

static void close_all(struct gather *gather) {
    gather->owner = NULL;
    uv_close(&gather->uv.handle, on_process_closed);
    uv_close(&gather->out.uv.handle, on_stream_closed);
    uv_close(&gather->errors.uv.handle, on_stream_closed);
}

static void look(struct gather *gather) {
    const struct stream *out = &gather->out, *errors = &gather->errors;
    struct gather_owner *owner = gather->owner;
    bool answered = gather->hasty && gather->status == 0 &&
                    memchr(out->bytes, '\n', out->length);
    if (!owner || !gather->exited) return;
    if (!answered && !(out->ended && errors->ended)) return;
    struct gathered gathered = {
        .out = text_slice(out->bytes, out->length),
        .errors = text_slice(errors->bytes, errors->length),
        .status = gather->status,
        .cut = out->cut,
    };
    gather->owner = NULL;
    owner->end(owner, &gathered);
    close_all(gather);
}

static void on_exit_of(uv_process_t *process, int64_t status, int number) {
    struct gather *gather = container_of(process, struct gather, uv.process);
    gather->exited = true;
    gather->running = false;
    gather->status = number ? 128 + number : (int)status;
    look(gather);
}

static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    struct stream *stream = container_of(handle, struct stream, uv.handle);
    size_t room = sizeof stream->bytes - stream->length;
    (void)suggested;
    stream->cut = stream->cut || room == 0;
    *buffer = room > 0
                  ? uv_buf_init(stream->bytes + stream->length, (unsigned)room)
                  : uv_buf_init(stream->spare, sizeof stream->spare);
}

static void on_read(uv_stream_t *uv, ssize_t count, const uv_buf_t *buffer) {
    struct stream *stream = container_of(uv, struct stream, uv.stream);
    if (count > 0 && buffer->base != stream->spare)
        stream->length += (size_t)count;
    if (count < 0) stream->ended = true;
    if (count < 0) (void)uv_read_stop(uv);
    look(stream->gather);
}

static void open_stream(struct gather *gather, uv_loop_t *loop,
                        struct stream *stream) {
    stream->gather = gather;
    uv_pipe_init(loop, &stream->uv.pipe, 0);
}

static int spawn(struct gather *gather, uv_loop_t *loop,
                 const char *const *words) {
    uv_stdio_container_t streams[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = &gather->out.uv.stream},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = &gather->errors.uv.stream},
    };
    uv_process_options_t options = {
        .exit_cb = on_exit_of,
        .file = words[0],
        .args = (char **)(uintptr_t)words,
        .flags = UV_PROCESS_DETACHED,
        .stdio = streams,
        .stdio_count = sizeof streams / sizeof *streams,
    };
    return uv_spawn(loop, &gather->uv.process, &options);
}

struct gather *gather_start(uv_loop_t *loop, struct gather_owner *owner,
                            const char *const *words, bool hasty,
                            const char **wrong) {
    struct gather *gather = memory_new(1, sizeof *gather);
    gather->owner = owner;
    gather->hasty = hasty;
    gather->open = 3;
    open_stream(gather, loop, &gather->out);
    open_stream(gather, loop, &gather->errors);
    int error = spawn(gather, loop, words);
    gather->running = !error;
    *wrong = error ? uv_strerror(error) : NULL;
    if (error) {
        close_all(gather);
        return NULL;
    }
    (void)uv_read_start(&gather->out.uv.stream, on_room, on_read);
    (void)uv_read_start(&gather->errors.uv.stream, on_room, on_read);
    return gather;
}

void gather_stop(struct gather *gather) {
    if (!gather) return;
    if (gather->running)
        (void)uv_kill(-uv_process_get_pid(&gather->uv.process), SIGTERM);
    close_all(gather);
}
