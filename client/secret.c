#include "client/secret.h"

#include <stdlib.h>
#include <string.h>

#include "client/settings.h"
#include "protocol/container.h"
#include "protocol/memory.h"

enum { WHY_SIZE = 640, COMPLAINT_MAX = 256 };

/* What a command writes: the secret, and its complaints. */
struct stream {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
    } uv;
    struct secret *secret;
    size_t length;
    bool ended;
    char bytes[SECRET_MAX];
};

/* It lives until all of its handles are closed. */
struct secret {
    struct secret_owner *owner; /* NULL: told, or forgotten */
    union {
        uv_handle_t handle;
        uv_process_t process;
    } uv;
    struct stream out, errors;
    unsigned open; /* handles */
    bool running, exited;
    int64_t status;
    int number; /* of the signal that ended it */
};

bool secret_is_hidden(const struct route *route) {
    return route->token_file[0] || route->password_command[0];
}

static void release(struct secret *secret) {
    if (--secret->open > 0) return;
    explicit_bzero(secret, sizeof *secret);
    free(secret);
}

static void on_process_closed(uv_handle_t *handle) {
    release(container_of(handle, struct secret, uv.handle));
}

static void on_stream_closed(uv_handle_t *handle) {
    release(container_of(handle, struct stream, uv.handle)->secret);
}

static void close_all(struct secret *secret) {
    secret->owner = NULL;
    uv_close(&secret->uv.handle, on_process_closed);
    uv_close(&secret->out.uv.handle, on_stream_closed);
    uv_close(&secret->errors.uv.handle, on_stream_closed);
}

static struct text first_line(const struct stream *stream) {
    struct text all = text_slice(stream->bytes, stream->length);
    struct text line = text_trim(text_slice(all.at, text_find(all, '\n')));
    if (line.length > 0 && line.at[line.length - 1] == '\r') line.length--;
    return line;
}

static void fail(struct secret *secret, const char *why) {
    struct secret_owner *owner = secret->owner;
    close_all(secret);
    owner->fail(owner, text_of(why));
}

/* "it ended with status 1: gpg: no key" */
static void fail_by_status(struct secret *secret) {
    char why[WHY_SIZE];
    struct writer writer = writer_on(why, sizeof why - 1);
    struct text complaint = first_line(&secret->errors);
    if (complaint.length > COMPLAINT_MAX) complaint.length = COMPLAINT_MAX;
    if (secret->number)
        write_format(&writer, "it was ended by signal %d", secret->number);
    else
        write_format(&writer, "it ended with status %d", (int)secret->status);
    if (complaint.length > 0) write_string(&writer, ": ");
    write_text(&writer, complaint);
    why[writer.length] = '\0';
    fail(secret, why);
}

static void succeed(struct secret *secret) {
    struct secret_owner *owner = secret->owner;
    struct text line = first_line(&secret->out);
    if (line.length == 0) {
        fail(secret, "its first line is empty");
        return;
    }
    secret->owner = NULL;
    owner->find(owner, line);
    close_all(secret);
}

/* A command may leave something running that keeps its output open; who has
 * written a line and ended well has answered. */
static void look(struct secret *secret) {
    const struct stream *out = &secret->out;
    bool line = memchr(out->bytes, '\n', out->length) != NULL;
    if (!secret->owner || !secret->exited) return;
    bool good = secret->status == 0 && secret->number == 0;
    if (good && (line || out->ended))
        succeed(secret);
    else if (!good && out->ended && secret->errors.ended)
        fail_by_status(secret);
}

static void on_exit_of(uv_process_t *process, int64_t status, int number) {
    struct secret *secret = container_of(process, struct secret, uv.process);
    secret->exited = true;
    secret->running = false;
    secret->status = status;
    secret->number = number;
    look(secret);
}

/* What is longer than is kept is read and left out. */
static void on_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    struct stream *stream = container_of(handle, struct stream, uv.handle);
    size_t room = sizeof stream->bytes - stream->length;
    (void)suggested;
    if (room == 0) stream->length = room = sizeof stream->bytes / 2;
    *buffer = uv_buf_init(stream->bytes + stream->length, (unsigned)room);
}

static void on_read(uv_stream_t *uv, ssize_t count, const uv_buf_t *buffer) {
    struct stream *stream = container_of(uv, struct stream, uv.stream);
    (void)buffer;
    if (count > 0) stream->length += (size_t)count;
    if (count < 0) stream->ended = true;
    if (count < 0) (void)uv_read_stop(uv);
    look(stream->secret);
}

static void open_stream(struct secret *secret, uv_loop_t *loop,
                        struct stream *stream) {
    stream->secret = secret;
    uv_pipe_init(loop, &stream->uv.pipe, 0);
}

/* cat reads the file for us: it may be on a disk that sleeps, or no file but a
 * pipe. A session of its own: nothing that the command does can reach for our
 * terminal, and all of it ends together. */
static int spawn(struct secret *secret, uv_loop_t *loop,
                 const struct route *route) {
    char path[ROUTE_PATH_SIZE], command[ROUTE_PATH_SIZE];
    memcpy(command, route->password_command, sizeof command);
    setting_path(route->token_file, path);
    bool file = path[0];
    char *words[] = {file ? "cat" : "sh", file ? "--" : "-c",
                     file ? path : command, NULL};
    uv_stdio_container_t streams[] = {
        {.flags = UV_IGNORE},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = &secret->out.uv.stream},
        {.flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
         .data.stream = &secret->errors.uv.stream},
    };
    uv_process_options_t options = {
        .exit_cb = on_exit_of,
        .file = words[0],
        .args = words,
        .flags = UV_PROCESS_DETACHED,
        .stdio = streams,
        .stdio_count = sizeof streams / sizeof *streams,
    };
    return uv_spawn(loop, &secret->uv.process, &options);
}

struct secret *secret_seek(uv_loop_t *loop, struct secret_owner *owner,
                           const struct route *route) {
    struct secret *secret = memory_new(1, sizeof *secret);
    secret->owner = owner;
    secret->open = 3;
    open_stream(secret, loop, &secret->out);
    open_stream(secret, loop, &secret->errors);
    int error = spawn(secret, loop, route);
    secret->running = !error;
    if (error) {
        fail(secret, uv_strerror(error));
        return NULL;
    }
    (void)uv_read_start(&secret->out.uv.stream, on_room, on_read);
    (void)uv_read_start(&secret->errors.uv.stream, on_room, on_read);
    return secret;
}

void secret_forget(struct secret *secret) {
    if (!secret) return;
    if (secret->running)
        (void)uv_kill(-uv_process_get_pid(&secret->uv.process), SIGTERM);
    close_all(secret);
}
