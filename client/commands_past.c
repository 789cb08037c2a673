/* What was said before, and what is missing of it. */
#include "client/commands_parts.h"
#include "client/since.h"

static bool go_to(struct task *task, int64_t when) {
    return model_go_to(task->model, task->buffer, text_of(""), when);
}

bool command_history(struct task *task) {
    uint64_t count = CATCHUP_LINES;
    int64_t when;
    if (since_read(task->rest, task->model->now, &when))
        return go_to(task, when);
    if (task->rest.length > 0 && !text_number(task->rest, &count)) {
        command_tell(task, MESSAGE_ERROR,
                     "how many lines, or since when? /history 200, "
                     "/history 2026-11-22, /history 3d");
        return false;
    }
    if (count > task->model->preferences.history_lines)
        count = task->model->preferences.history_lines;
    if (count > 0)
        model_ask_older(task->model, task->buffer, (unsigned)count, true);
    return true;
}

bool command_gap(struct task *task) {
    const struct buffer *buffer = task->buffer;
    uint64_t from =
        buffer->scroll.number ? buffer->scroll.number : buffer->last;
    uint64_t gap = buffer_gap_above(buffer, from);
    if (gap == 0) gap = buffer_gap_above(buffer, buffer->last);
    if (gap == 0) {
        command_tell(task, MESSAGE_ERROR, "nothing is missing here");
        return false;
    }
    return model_load_gap(task->model, task->buffer, gap, GAP_UPPER_END, true);
}
