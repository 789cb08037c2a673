#include "client/exec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/clock.h"
#include "protocol/container.h"
#include "protocol/memory.h"

/* It may have been closed meanwhile. */
static struct buffer *find_buffer(const struct exec *exec) {
    const struct model *model = exec->model;
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network->id == exec->network &&
            strcmp(model->buffers[i]->name, exec->room) == 0)
            return model->buffers[i];
    return model->current;
}

/* Returns how many lines there are. */
static size_t show(const struct exec *exec, struct buffer *buffer,
                   enum message_kind kind, struct text lines) {
    size_t count = 0;
    for (; lines.length > 0; count++) {
        struct text line = text_piece(&lines, '\n');
        if (count < EXEC_LINES) model_tell(exec->model, buffer, kind, line);
    }
    return count;
}

static void put_into_draft(const struct exec *exec, struct buffer *buffer,
                           struct text out) {
    if (out.length > 0 && out.at[out.length - 1] == '\n') out.length--;
    if (!editor_paste(&buffer->editor, out))
        model_tell(exec->model, buffer, MESSAGE_ERROR,
                   text_of("the output is too long to be said"));
    else
        model_hint(exec->model, text_of("Enter says it"));
}

static void tell_end(const struct exec *exec, struct buffer *buffer,
                     const struct gathered *gathered, size_t lines) {
    char words[128];
    if (lines > EXEC_LINES || gathered->cut) {
        snprintf(words, sizeof words, "… %zu lines%s, %d are shown", lines,
                 gathered->cut ? " and more" : "", EXEC_LINES);
        model_tell(exec->model, buffer, MESSAGE_ANSWER, text_of(words));
    }
    if (gathered->status != 0)
        snprintf(words, sizeof words, "the command ended with status %d",
                 gathered->status);
    else if (lines == 0)
        snprintf(words, sizeof words, "the command printed nothing");
    else
        return;
    model_tell(exec->model, buffer,
               gathered->status ? MESSAGE_ERROR : MESSAGE_ANSWER,
               text_of(words));
}

static void on_end(struct gather_owner *owner,
                   const struct gathered *gathered) {
    struct exec *exec = container_of(owner, struct exec, owner);
    struct buffer *buffer = find_buffer(exec);
    size_t lines = 1;
    exec->gather = NULL;
    exec->model->now = clock_now();
    exec->model->stale = true;
    if (exec->say && gathered->status == 0 && gathered->out.length > 0)
        put_into_draft(exec, buffer, gathered->out);
    else
        lines = show(exec, buffer, MESSAGE_ANSWER, gathered->out);
    (void)show(exec, buffer, MESSAGE_ERROR, gathered->errors);
    tell_end(exec, buffer, gathered, lines);
}

void exec_init(struct exec *exec, uv_loop_t *loop, struct model *model) {
    *exec = (struct exec){.loop = loop, .model = model, .owner = {on_end}};
}

void exec_finish(struct exec *exec) {
    gather_stop(exec->gather);
    free(exec->room);
    exec->gather = NULL;
    exec->room = NULL;
}

const char *exec_start(struct exec *exec, struct text command, bool say) {
    const struct buffer *buffer = exec->model->current;
    const char *wrong;
    if (exec->gather) return "another command still runs";
    char *line = memory_string(command.at, command.length);
    const char *const words[] = {"sh", "-c", line, NULL};
    exec->gather = gather_start(exec->loop, &exec->owner, words, false, &wrong);
    free(line);
    if (!exec->gather) return wrong;
    free(exec->room);
    exec->room = memory_string(buffer->name, strlen(buffer->name));
    exec->network = buffer->network->id;
    exec->say = say;
    return NULL;
}
