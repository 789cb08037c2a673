#include "client/secret.h"

#include <string.h>

#include "client/settings.h"
#include "protocol/container.h"

enum { COMPLAINT_MAX = 256, SECRET_MAX = 8192 };

bool secret_is_hidden(const struct route *route) {
    return route->token_file[0] || route->password_command[0];
}

/* cat reads the file for us: it may be on a disk that sleeps, or no file but a
 * pipe. */
struct gather *secret_seek(uv_loop_t *loop, struct gather_owner *owner,
                           const struct route *route, const char **wrong) {
    char path[ROUTE_PATH_SIZE];
    setting_path(route->token_file, path);
    const char *const cat[] = {"cat", "--", path, NULL};
    const char *const sh[] = {"sh", "-c", route->password_command, NULL};
    return gather_start(loop, owner, path[0] ? cat : sh, true, wrong);
}

static struct text first_line(struct text all) {
    struct text line = text_trim(text_slice(all.at, text_find(all, '\n')));
    if (line.length > 0 && line.at[line.length - 1] == '\r') line.length--;
    return line;
}

/* "it ended with status 2: gpg: no key" */
static void write_failure(struct writer *writer,
                          const struct gathered *gathered) {
    struct text complaint = first_line(gathered->errors);
    if (complaint.length > COMPLAINT_MAX) complaint.length = COMPLAINT_MAX;
    write_format(writer, "it ended with status %d", gathered->status);
    if (complaint.length > 0) write_string(writer, ": ");
    write_text(writer, complaint);
}

struct text secret_found(const struct gathered *gathered,
                         char why[SECRET_WHY_SIZE]) {
    struct writer writer = writer_on(why, SECRET_WHY_SIZE - 1);
    struct text line = first_line(gathered->out);
    if (gathered->status != 0)
        write_failure(&writer, gathered);
    else if (line.length == 0)
        write_string(&writer, "its first line is empty");
    else if (line.length > SECRET_MAX)
        write_string(&writer, "its first line is too long");
    else
        return line;
    why[writer.length] = '\0';
    return text_of("");
}

/* One who waits. */
struct waiting {
    struct gather_owner owner;
    struct route *route;
    char *why;
};

static void on_end(struct gather_owner *owner,
                   const struct gathered *gathered) {
    struct waiting *waiting = container_of(owner, struct waiting, owner);
    route_set_secret(waiting->route, secret_found(gathered, waiting->why));
}

bool secret_wait(struct route *route, char why[SECRET_WHY_SIZE]) {
    struct waiting waiting = {{on_end}, route, why};
    const char *wrong;
    uv_loop_t loop;
    uv_loop_init(&loop);
    if (!secret_seek(&loop, &waiting.owner, route, &wrong))
        (void)text_copy(text_of(wrong), why, SECRET_WHY_SIZE);
    uv_run(&loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&loop);
    return route->secret != NULL;
}
