/* What one does with rooms, and in them. */
#include <stdlib.h>

#include "client/commands_parts.h"
#include "client/plain.h"
#include "client/spoken.h"
#include "protocol/writer.h"

/* A room as one may write it: "dev" is "#dev". Keeps it in to[]. */
static struct text as_room(struct text name, char to[MESSAGE_NAME_MAX]) {
    struct writer writer = writer_on(to, MESSAGE_NAME_MAX);
    if (!name_is_room(name)) write_char(&writer, '#');
    write_text(&writer, name);
    return writer_text(&writer);
}

bool command_join(struct task *task) {
    char written[MESSAGE_NAME_MAX];
    struct text room = as_room(text_word(&task->rest), written);
    struct buffer *buffer = model_find(task->model, task->network, room);
    if (buffer && buffer->in) {
        model_show(task->model, buffer);
        return true;
    }
    task->network->asked = task->buffer;
    free(task->network->follow);
    free(task->network->follow_key);
    task->network->follow = plain_copy(room, MESSAGE_NAME_MAX);
    struct text key = text_word(&task->rest);
    task->network->follow_key = plain_copy(key, MESSAGE_NAME_MAX);
    session_join(task->session, room, key);
    return true;
}

static bool is_in_room(struct task *task, struct text room) {
    struct buffer *buffer = model_find(task->model, task->network, room);
    if (name_is_room(room) && buffer && buffer->in) return true;
    command_tell(task, MESSAGE_ERROR, "you are not in %.*s", (int)room.length,
                 room.at);
    return false;
}

bool command_leave(struct task *task) {
    struct text room = command_room(task);
    if (!is_in_room(task, room)) return false;
    session_leave(task->session, room, task->rest);
    return true;
}

bool command_close(struct task *task) {
    struct buffer *buffer = task->buffer;
    struct session *session =
        task->owner->find_session(task->owner, task->network);
    if (buffer->in && session && task->network->online)
        session_leave(session, text_of(buffer->name), text_of(""));
    model_close(task->model, buffer);
    return true;
}

static bool names_a_room(struct task *task, struct text room) {
    if (name_is_room(room)) return true;
    command_tell(task, MESSAGE_ERROR, "which room? this buffer is none");
    return false;
}

bool command_topic(struct task *task) {
    struct text room = command_room(task);
    if (!names_a_room(task, room)) return false;
    return command_ask(task, "TOPIC", room, task->rest, text_of(""));
}

bool command_names(struct task *task) {
    struct text room = command_room(task);
    if (!names_a_room(task, room)) return false;
    task->network->names_wanted = true;
    return command_ask(task, "NAMES", room, text_of(""), text_of(""));
}

bool command_list(struct task *task) {
    return command_ask(task, "LIST", text_word(&task->rest), text_of(""),
                       text_of(""));
}

bool command_invite(struct task *task) {
    struct text who_to = text_word(&task->rest);
    return command_ask(task, "INVITE", who_to, command_room(task), text_of(""));
}

static bool list_rooms(struct task *task) {
    struct bytes list = {0};
    spoken_list(task->model, true, &list);
    model_tell(task->model, NULL, MESSAGE_ANSWER, bytes_text(&list));
    bytes_finish(&list);
    return true;
}

/* By its number, its name, or its name without the #. */
static struct buffer *find_open(struct task *task, struct text name) {
    char room[MESSAGE_NAME_MAX];
    struct writer writer = writer_on(room, sizeof room);
    uint64_t number;
    struct model *model = task->model;
    if (text_number(name, &number))
        return number > 0 && number <= model->buffer_count
                   ? model->buffers[number - 1]
                   : NULL;
    struct buffer *found = model_find(model, task->network, name);
    write_char(&writer, '#');
    write_text(&writer, name);
    return found ? found
                 : model_find(model, task->network, writer_text(&writer));
}

bool command_show(struct task *task) {
    struct text name = text_word(&task->rest);
    if (name.length == 0) return list_rooms(task);
    struct buffer *buffer = find_open(task, name);
    if (buffer)
        model_show(task->model, buffer);
    else
        command_tell(task, MESSAGE_ERROR,
                     "that is not open · /room lists what is, /join enters");
    return buffer != NULL;
}
