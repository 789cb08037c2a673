#include "client/commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/cluster.h"
#include "client/commands_parts.h"
#include "client/split.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

struct command {
    const char *name, *usage, *help;
    enum need need;
    unsigned words; /* how many are needed at least */
    bool (*carry_out)(struct task *task);
};

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

static bool help(struct task *task);

/* clang-format off */
static const struct command table[] = {
    {"away",      "[TEXT]",          "say that you are away",                     ONLINE,   0, command_away},
    {"back",      "",                "say that you are back",                     ONLINE,   0, command_back},
    {"bind", "[KEY ACTION]", "list what the keys do, or let one do another thing", ANYWHERE, 0, command_bind},
    {"clear",     "",                "forget what is shown in this buffer",       ANYWHERE, 0, command_clear},
    {"close",     "",                "leave the room and close its buffer",       ANYWHERE, 0, command_close},
    {"connect",   "[NETWORK|ADDRESS]", "go to a network; alone, try again now",    ANYWHERE, 0, command_connect},
    {"copy",      "[N|TEXT]",        "put a link, or a text, on the clipboard",   ANYWHERE, 0, command_copy},
    {"disconnect","[NETWORK] [REASON]","leave a network; its buffers stay",       ANYWHERE, 0, command_disconnect},
    {"edit",      "",                "take back what was not sent, to change it", ANYWHERE, 0, command_edit},
    {"get", "NAME", "show and explain one setting", ANYWHERE, 1, command_get},
    {"help",      "[COMMAND]",       "list the commands, or explain one",         ANYWHERE, 0, help},
    {"history",   "[N]",             "show older lines, N or 100 of them",        ONLINE,   0, command_history},
    {"invite",    "WHO [ROOM]",      "ask someone into a room",                   IN_ROOM,  1, command_invite},
    {"join",      "ROOM [KEY]",      "enter a room and show it",                  ONLINE,   1, command_join},
    {"kick",      "WHO [REASON]",    "put someone out of this room",              IN_ROOM,  1, command_kick},
    {"leave",     "[ROOM] [REASON]", "leave a room; what was said stays to read", ONLINE,   0, command_leave},
    {"list",      "[ROOM]",          "list the rooms of the server",              ONLINE,   0, command_list},
    {"me",        "TEXT",            "say what you do: * alice waves",            IN_TALK,  1, command_me},
    {"msg",       "WHO TEXT",        "say it to one person or room",              ANYWHERE,   2, command_msg},
    {"names",     "[ROOM]",          "list who is in a room",                     ONLINE,   0, command_names},
    {"network",   "[add NAME ADDRESS | del NAME]", "list the networks, add one, forget one", ANYWHERE, 0, command_network},
    {"nick",      "NAME",            "take another name",                         ONLINE,   1, command_nick},
    {"open",      "[N]",             "open a link: the newest, or number N",      ANYWHERE, 0, command_open},
    {"part",      "[ROOM] [REASON]", "the same as /leave",                        ONLINE,   0, command_leave},
    {"query",     "WHO [TEXT]",      "open a buffer to talk with one person",     ANYWHERE,   1, command_query},
    {"queue",     "[list|retry|drop]", "what is not confirmed; send it, drop it", ANYWHERE, 0, command_queue},
    {"quit",      "[REASON]",        "leave all rooms and end the program",       ANYWHERE, 0, command_quit},
    {"raw",       "LINE",            "send an IRC line as it is",                 ONLINE,   1, command_raw},
    {"reconnect", "",                "connect again, now",                        ANYWHERE, 0, command_reconnect},
    {"resend",    "",                "send again what was not sent here",         IN_TALK,  0, command_resend},
    {"save", "", "keep what was changed in the configuration", ANYWHERE, 0, command_save},
    {"search",    "WORDS",           "find lines; also from: in: before: after:", ONLINE,   1, command_search},
    {"set", "[NAME [VALUE]]", "list the settings, or change one", ANYWHERE, 0, command_set},
    {"theme", "[NAME]", "auto, dark, light or mono colours", ANYWHERE, 0, command_theme},
    {"topic",     "[ROOM] [TEXT]",   "show or set what the room is about",        ONLINE,   0, command_topic},
    {"urls",      "",                "list the links of this buffer",             ANYWHERE, 0, command_urls},
    {"who",       "[MASK]",          "list users, those of this room by default", ONLINE,   0, command_who},
    {"whois",     "NAME",            "tell what is known of a user",              ONLINE,   1, command_whois},
};
/* clang-format on */

enum { COMMANDS = sizeof table / sizeof table[0] };

const char *command_name(size_t index) {
    return index < COMMANDS ? table[index].name : NULL;
}

const char *command_usage(size_t index) {
    return index < COMMANDS ? table[index].usage : NULL;
}

static bool begins_so(const struct command *command, struct text name) {
    return strncasecmp(command->name, name.at, name.length) == 0;
}

/* How many names begin so; an exact one counts alone. */
static size_t find(struct text name, const struct command **found) {
    size_t count = 0;
    for (size_t i = 0; i < COMMANDS; i++) {
        if (!begins_so(&table[i], name)) continue;
        *found = &table[i];
        if (strlen(table[i].name) == name.length) return 1;
        count++;
    }
    return count;
}

/* Explains what is wrong with a name that is none, or more than one. */
static bool refuse_name(struct task *task, struct text name, size_t count) {
    char words[COMMAND_TELL_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    name.length = text_fit(name, 40);
    write_format(&writer, "/%.*s ", (int)name.length, name.at);
    write_string(&writer, count ? "could be"
                                : "is no command · /help lists "
                                  "them, // says a /");
    for (size_t i = 0; count && i < COMMANDS; i++)
        if (begins_so(&table[i], name))
            write_format(&writer, " /%s", table[i].name);
    command_tell(task, MESSAGE_ERROR, "%.*s", (int)writer.length, words);
    return false;
}

static void explain(struct task *task, const struct command *command,
                    int columns) {
    char usage[COMMAND_TELL_SIZE];
    snprintf(usage, sizeof usage, "/%s %s", command->name, command->usage);
    command_tell(task, MESSAGE_ANSWER, "%-*s  %s", columns, usage,
                 command->help);
}

static bool help(struct task *task) {
    struct text name = text_word(&task->rest);
    const struct command *found = NULL;
    if (name.length > 0 && name.at[0] == '/') name = text_after(name, 1);
    if (name.length > 0) {
        size_t count = find(name, &found);
        if (count != 1) return refuse_name(task, name, count);
        explain(task, found, 0);
        return true;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        explain(task, &table[i], 22);
    command_tell(
        task, MESSAGE_ANSWER,
        "Tab completes · Alt-1…9, C-n, C-p: other buffers · PgUp, PgDn: "
        "read back · C-c twice: quit · minichat(1) has all keys");
    return true;
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

static const char *reason_not_to(const struct task *task, enum need need) {
    if (need == ANYWHERE) return NULL;
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
    const char *why = reason_not_to(task, need);
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
    size_t count = name.length > 0 ? find(name, &command) : 0;
    if (count != 1) return refuse_name(task, name, count);
    if (count_words(task->rest) < command->words) {
        explain(task, command, 0);
        return false;
    }
    return need_met(task, command->need) && command->carry_out(task);
}

static bool say(struct task *task) {
    if (!need_met(task, IN_TALK)) return false;
    return model_say(task->model, task->network, NEWS_SAID,
                     text_of(task->buffer->name), task->rest);
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
static bool must_ask(struct commands *commands, const struct buffer *buffer) {
    char words[64];
    bool asked = commands->asked;
    size_t messages = split_of(buffer).messages;
    commands->asked = !asked && messages > COMMANDS_UNASKED;
    snprintf(words, sizeof words, "%zu messages? Enter sends them · Esc",
             messages);
    if (commands->asked) model_hint(commands->model, text_of(words));
    return commands->asked;
}

/* The draft is taken first, because a command may close its buffer; a refused
 * one comes back as the line sent last. */
void commands_enter(struct commands *commands) {
    struct buffer *buffer = commands->model->current;
    if (!buffer) return;
    struct text draft = editor_text(&buffer->editor);
    if (text_trim(draft).length == 0) return;
    if (is_pasted_command(commands, &buffer->editor)) return;
    if (must_ask(commands, buffer)) return;
    char *line = memory_string(draft.at, draft.length);
    size_t length = draft.length;
    editor_sent(&buffer->editor, NULL);
    commands->model->stale = true;
    if (!commands_carry_out(commands, text_slice(line, length)))
        editor_older(&buffer->editor);
    free(line);
}
