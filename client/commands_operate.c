/* What the operators of a room do. */
#include "client/commands_parts.h"
#include "protocol/writer.h"

enum { AT_ONCE = 4 }; /* modes with a parameter that any server takes */

static bool send(struct task *task, const struct writer *line) {
    if (line->full) {
        command_tell(task, MESSAGE_ERROR, "this is too long for one line");
        return false;
    }
    task->network->asked = task->buffer;
    task->session->owner->send(task->session->owner, writer_text(line));
    return true;
}

bool command_mode(struct task *task) {
    char words[SESSION_LINE_SIZE - 2];
    struct writer line = writer_on(words, sizeof words);
    /* "+m" is a change, although "+room" may be a room. */
    bool change = text_begins(task->rest, "+") || text_begins(task->rest, "-");
    struct text room =
        change ? text_of(task->buffer->name) : command_room(task);
    if (!name_is_room(room)) room = text_of(task->network->nick);
    write_string(&line, "MODE ");
    write_text(&line, room);
    if (task->rest.length > 0) write_char(&line, ' ');
    write_text(&line, task->rest);
    return send(task, &line);
}

/* MODE #room +oo ana ben */
static bool set_for(struct task *task, char sign, char letter) {
    char modes[AT_ONCE + 1], names[SESSION_LINE_SIZE];
    char words[SESSION_LINE_SIZE - 2];
    struct writer mode = writer_on(modes, sizeof modes);
    struct writer name = writer_on(names, sizeof names);
    struct writer line = writer_on(words, sizeof words);
    write_char(&mode, sign);
    for (int i = 0; i < AT_ONCE && task->rest.length > 0; i++) {
        write_char(&mode, letter);
        write_char(&name, ' ');
        write_text(&name, text_word(&task->rest));
    }
    write_format(&line, "MODE %s ", task->buffer->name);
    write_text(&line, writer_text(&mode));
    write_text(&line, writer_text(&name));
    bool good = !name.full && send(task, &line);
    return good && (task->rest.length == 0 || set_for(task, sign, letter));
}

bool command_op(struct task *task) {
    return set_for(task, '+', 'o');
}

bool command_deop(struct task *task) {
    return set_for(task, '-', 'o');
}

bool command_voice(struct task *task) {
    return set_for(task, '+', 'v');
}

bool command_devoice(struct task *task) {
    return set_for(task, '-', 'v');
}

bool command_kick(struct task *task) {
    struct text whom = text_word(&task->rest);
    return command_ask(task, "KICK", text_of(task->buffer->name), whom,
                       task->rest);
}

static bool is_mask(struct text who) {
    return text_find(who, '!') < who.length ||
           text_find(who, '@') < who.length || text_find(who, '*') < who.length;
}

/* Takes off whom, as a mask: a name alone is nick!*@*. */
static struct text take_mask(struct task *task, char mask[SESSION_LINE_SIZE]) {
    struct writer writer = writer_on(mask, SESSION_LINE_SIZE);
    struct text who = text_word(&task->rest);
    write_text(&writer, who);
    if (who.length > 0 && !is_mask(who)) write_string(&writer, "!*@*");
    return writer_text(&writer);
}

static bool ban(struct task *task, const char *change) {
    char memory[SESSION_LINE_SIZE];
    struct text mask = take_mask(task, memory);
    return command_ask(task, "MODE", text_of(task->buffer->name),
                       text_of(change), mask);
}

/* How long and why, which MODE cannot say, minichatd is told by a verb of its
 * own. */
static bool ban_for(struct task *task) {
    char memory[SESSION_LINE_SIZE];
    struct text mask = take_mask(task, memory);
    return command_ask(task, "BAN", text_of(task->buffer->name), mask,
                       task->rest);
}

bool command_ban(struct task *task) {
    struct text after = task->rest;
    text_word(&after);
    if (after.length > 0) return ban_for(task);
    return ban(task, task->rest.length > 0 ? "+b" : "b");
}

bool command_unban(struct task *task) {
    return ban(task, "-b");
}
