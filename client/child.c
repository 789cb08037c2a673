#include "client/child.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/container.h"
#include "protocol/memory.h"

struct child {
    uv_process_t process;
    struct children *children;
    struct child_watcher *watcher;
    bool on_terminal;
};

void children_init(struct children *children, uv_loop_t *loop) {
    *children = (struct children){.loop = loop};
}

static void on_closed(uv_handle_t *handle) {
    free(container_of((uv_process_t *)handle, struct child, process));
}

static void let_go(struct child *child) {
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (child->children->list[i] == child) child->children->list[i] = NULL;
    uv_close((uv_handle_t *)&child->process, on_closed);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal) {
    struct child *child = container_of(process, struct child, process);
    struct child_watcher *watcher = child->watcher;
    let_go(child);
    if (watcher) watcher->end(watcher, signal ? 128 + signal : (int)status);
}

static size_t count_of(const char *const *list) {
    size_t count = 0;
    while (list && list[count])
        count++;
    return count;
}

/* "NAME=", with which a setting of the same name begins. */
static bool is_set(const char *const *settings, const char *variable) {
    size_t length = strcspn(variable, "=") + 1;
    for (size_t i = 0; settings && settings[i]; i++)
        if (strncmp(settings[i], variable, length) == 0) return true;
    return false;
}

/* Of two of one name a shell takes the last, others the first: ours alone is
 * handed on. */
static char **environment_with(const char *const *settings) {
    size_t ours = count_of((const char *const *)environ);
    size_t count = count_of(settings);
    char **all = memory_new(ours + count + 1, sizeof *all);
    if (count > 0) memcpy(all, settings, count * sizeof *all);
    for (size_t i = 0; i < ours; i++)
        if (!is_set(settings, environ[i])) all[count++] = environ[i];
    return all;
}

static int spawn(struct child *child, const struct child_plan *plan) {
    uv_stdio_container_t streams[3];
    char **environment = environment_with(plan->settings);
    for (int fd = 0; fd < 3; fd++) {
        streams[fd].flags = plan->on_terminal ? UV_INHERIT_FD : UV_IGNORE;
        streams[fd].data.fd = fd;
    }
    uv_process_options_t options = {
        .exit_cb = on_exit_of,
        .file = plan->words[0],
        .args = (char **)(uintptr_t)plan->words,
        .env = environment,
        .flags = plan->on_terminal ? 0 : UV_PROCESS_DETACHED,
        .stdio_count = 3,
        .stdio = streams,
    };
    int status = uv_spawn(child->children->loop, &child->process, &options);
    free(environment);
    return status;
}

static struct child **free_place(struct children *children) {
    for (size_t i = 0; i < CHILDREN_MAX; i++)
        if (!children->list[i]) return &children->list[i];
    return NULL;
}

const char *children_start(struct children *children,
                           const struct child_plan *plan,
                           struct child_watcher *watcher) {
    struct child **place = free_place(children);
    if (!place) return "too many programs run already";
    struct child *child = memory_new(1, sizeof *child);
    child->children = children;
    child->watcher = watcher;
    child->on_terminal = plan->on_terminal;
    int status = spawn(child, plan);
    if (status == 0)
        *place = child;
    else
        uv_close((uv_handle_t *)&child->process, on_closed);
    return status == 0 ? NULL : uv_strerror(status);
}

void children_close(struct children *children) {
    for (size_t i = 0; i < CHILDREN_MAX; i++) {
        struct child *child = children->list[i];
        if (!child) continue;
        if (child->on_terminal) uv_process_kill(&child->process, SIGHUP);
        let_go(child);
    }
}
