#include "client/commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/cluster.h"
#include "client/commands_parts.h"
#include "client/confinement.h"
#include "client/secrecy.h"
#include "client/split.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

void commands_init(struct commands *commands, struct model *model,
                   struct commands_owner *owner) {
    *commands = (struct commands){.model = model, .owner = owner};
}

void commands_finish(struct commands *commands) {
    changes_clear(&commands->changes);
}

void command_tell(struct task *task, enum message_kind kind, const char *format,
                  ...) {
    char words[COMMAND_TELL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    model_tell(task->model, task->buffer, kind, text_of(words));
}

bool command_ask(struct task *task, const char *verb, struct text a,
                 struct text b, struct text c) {
    task->network->asked = task->buffer;
    session_ask(task->session, verb, a, b, c);
    return true;
}

struct text command_room(struct task *task) {
    struct text rest = task->rest;
    struct text word = text_word(&rest);
    if (!name_is_room(word)) return text_of(task->buffer->name);
    task->rest = rest;
    return word;
}

bool command_begins(const struct command *command, struct text name) {
    return strncasecmp(command->name, name.at, name.length) == 0;
}

size_t command_find(struct text name, const struct command **found) {
    size_t count = 0;
    for (const struct command *c = NULL; (c = command_after(c));) {
        if (!command_begins(c, name)) continue;
        *found = c;
        if (strlen(c->name) == name.length) return 1;
        count++;
    }
    return count;
}

/* What is said where we are about to be waits for that. */
static const char *reason_not_to_talk(const struct task *task) {
    const struct buffer *buffer = task->buffer;
    if (buffer->kind == BUFFER_SERVER)
        return "nobody listens here · /join a room or /query someone";
    if (buffer->kind == BUFFER_PRIVATE || buffer->in || buffer->awaited)
        return NULL;
    return "you are not in this room · /join it first";
}

const char *command_obstacle(const struct task *task, enum need need) {
    if (need == ANYWHERE) return NULL;
    if (need == IN_BUFFER)
        return task->buffer->kind == BUFFER_SERVER
                   ? "the server's buffer stays · /quit ends"
                   : NULL;
    if (need == IN_TALK) return reason_not_to_talk(task);
    if (!task->network->online || !task->session)
        return "not connected: this waits here · /reconnect tries now";
    if (need == IN_ROOM && task->buffer->kind != BUFFER_ROOM)
        return "this is no room · /join one first";
    if (need == IN_ROOM && !task->buffer->in)
        return "you are not in this room · /join it first";
    return NULL;
}

static bool need_met(struct task *task, enum need need) {
    const char *why = command_obstacle(task, need);
    if (why) command_tell(task, MESSAGE_ERROR, "%s", why);
    return !why;
}

static unsigned count_words(struct text text) {
    unsigned count = 0;
    while (text_word(&text).length > 0)
        count++;
    return count;
}

static bool carry_out_command(struct task *task) {
    struct text name = text_word(&task->rest);
    const struct command *command = NULL;
    size_t count = name.length > 0 ? command_find(name, &command) : 0;
    if (count != 1) return command_refuse(task, name, count);
    if (task->model->preferences.confined &&
        confinement_forbids(command->name)) {
        command_tell(task, MESSAGE_ERROR,
                     "/%s is not possible here: you came in by the gateway",
                     command->name);
        return false;
    }
    if (count_words(task->rest) < command->words) {
        command_explain(task, command);
        return false;
    }
    return need_met(task, command->need) && command->carry_out(task);
}

static bool say(struct task *task) {
    return need_met(task, IN_TALK) && command_say(task, NEWS_SAID);
}

static struct task begin(struct commands *commands, struct text rest) {
    struct buffer *buffer = commands->model->current;
    return (struct task){
        commands,
        commands->model,
        commands->owner,
        buffer,
        buffer->network,
        commands->owner->find_session(commands->owner, buffer->network),
        rest,
    };
}

bool commands_carry_out(struct commands *commands, struct text line) {
    struct task task = begin(commands, line);
    if (!text_begins(line, "/")) return say(&task);
    task.rest = text_after(line, 1);
    if (text_begins(line, "//")) return say(&task);
    if (text_find(line, '\n') < line.length) {
        command_tell(&task, MESSAGE_ERROR,
                     "a command is one line · begin with // to say it");
        return false;
    }
    return carry_out_command(&task);
}

/* Text from elsewhere may look like a command; only hands give commands. */
static bool is_pasted_command(struct commands *commands,
                              const struct editor *editor) {
    if (!editor->now.pasted_start) return false;
    if (!text_begins(editor_text(editor), "/")) return false;
    struct task task = begin(commands, text_of(""));
    command_tell(
        &task, MESSAGE_ERROR,
        "pasted text that begins with / is not carried out · type the / "
        "yourself, or put another / before it to say it");
    return true;
}

/* One key may not flood a room. */
static bool are_many(struct commands *commands, const struct buffer *buffer) {
    char words[64];
    size_t messages = split_of(buffer).messages;
    if (messages <= COMMANDS_UNASKED) return false;
    snprintf(words, sizeof words, "%zu messages? Enter sends them · Esc",
             messages);
    model_hint(commands->model, text_of(words));
    return true;
}

/* The name of a command that there is not. */
static bool is_unknown(struct text line, struct text *name) {
    const struct command *found;
    *name = text_after(line, 1);
    *name = text_word(name);
    return text_begins(line, "/") && !text_begins(line, "//") &&
           command_find(*name, &found) == 0;
}

/* "/quti": the next Enter does what was probably meant. */
static bool is_mistyped(struct commands *commands, struct text line) {
    struct text name;
    if (!is_unknown(line, &name) || !command_meant(name)) return false;
    struct task task = begin(commands, line);
    (void)command_refuse(&task, name, 0);
    return true;
}

/* " /quit": nearly a command; the next Enter says it. */
static bool is_nearly(struct commands *commands, struct text line) {
    const struct command *found;
    struct text word = text_trim(line);
    if (!text_begins(line, " ") || !text_begins(word, "/")) return false;
    struct text name = text_after(text_word(&word), 1);
    if (command_find(name, &found) != 1) return false;
    model_hint(commands->model,
               text_of("Enter says it · commands begin with /"));
    return true;
}

static bool gives_away(struct commands *commands, struct text line) {
    if (!secrecy_gives_away(line)) return false;
    model_hint(commands->model,
               text_of("a token is a secret: /login takes it · Enter says it"));
    return true;
}

static bool must_ask(struct commands *commands, const struct buffer *buffer,
                     struct text draft) {
    return is_mistyped(commands, draft) || is_nearly(commands, draft) ||
           gives_away(commands, draft) || are_many(commands, buffer);
}

/* What Enter does when it was pressed twice. free() gives it back. */
static char *as_meant(struct text line) {
    struct text name;
    const struct command *meant =
        is_unknown(line, &name) ? command_meant(name) : NULL;
    if (!meant) return memory_string(line.at, line.length);
    struct text rest = text_after(line, 1 + name.length);
    size_t size = 1 + strlen(meant->name) + rest.length + 1;
    char *whole = memory_new(size, 1);
    struct writer writer = writer_on(whole, size - 1);
    write_char(&writer, '/');
    write_string(&writer, meant->name);
    write_text(&writer, rest);
    return whole;
}

/* Enter alone, while it is waited: now. */
static void hurry(struct commands *commands, struct network *network) {
    if (!network->online && text_begins(text_of(network->state), "retry in"))
        commands->owner->connect(commands->owner, network);
}

/* The draft is taken first, because a command may close its buffer; a refused
 * one comes back as the line sent last. A secret is not among those. */
void commands_enter(struct commands *commands) {
    struct buffer *buffer = commands->model->current;
    if (!buffer) return;
    struct text draft = editor_text(&buffer->editor);
    if (text_trim(draft).length == 0) {
        hurry(commands, buffer->network);
        return;
    }
    if (is_pasted_command(commands, &buffer->editor)) return;
    commands->asked = !commands->asked && must_ask(commands, buffer, draft);
    if (commands->asked) return;
    char *line = as_meant(draft);
    bool secret = secrecy_visible(text_of(line)) < strlen(line);
    editor_sent(&buffer->editor, secret ? "" : NULL);
    commands->model->stale = true;
    bool done = commands_carry_out(commands, text_of(line));
    if (!done && !secret && model_number(commands->model, buffer) > 0)
        editor_older(&buffer->editor);
    explicit_bzero(line, strlen(line));
    free(line);
}
