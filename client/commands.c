#include "client/commands.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/cluster.h"
#include "client/plain.h"
#include "client/search.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

enum { TELL_SIZE = 512 };
enum need {
    ANYWHERE,
    ONLINE,  /* logged in at the server of this buffer */
    IN_ROOM, /* and in a room's buffer */
    IN_TALK, /* where something can be said, now or soon: a room, a person */
};

/* One command being carried out. */
struct task {
    struct commands *commands;
    struct model *model;
    struct commands_owner *owner;
    struct buffer *buffer;
    struct network *network;
    struct session *session; /* NULL unless the command needs ONLINE */
    struct text rest;        /* of the line, behind the command */
};

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

__attribute__((format(printf, 3, 4))) static void
tell(struct task *task, enum message_kind kind, const char *format, ...) {
    char words[TELL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    model_tell(task->model, task->buffer, kind, text_of(words));
}

static struct text nothing(void) {
    return text_of("");
}

/* The answer is told where it was asked for. */
static bool ask(struct task *task, const char *verb, struct text a,
                struct text b, struct text c) {
    task->network->asked = task->buffer;
    session_ask(task->session, verb, a, b, c);
    return true;
}

/* A room as one may write it: "dev" is "#dev". Keeps it in to[]. */
static struct text as_room(struct text name, char to[BUFFER_NAME_MAX]) {
    struct writer writer = writer_on(to, BUFFER_NAME_MAX);
    if (!name_is_room(name)) write_char(&writer, '#');
    write_text(&writer, name);
    return writer_text(&writer);
}

/* A room named first, else the one that we are looking at. */
static struct text room_argument(struct task *task) {
    struct text rest = task->rest;
    struct text word = text_word(&rest);
    if (!name_is_room(word)) return text_of(task->buffer->name);
    task->rest = rest;
    return word;
}

static bool join(struct task *task) {
    char written[BUFFER_NAME_MAX];
    struct text room = as_room(text_word(&task->rest), written);
    struct buffer *buffer = model_find(task->model, task->network, room);
    if (buffer && buffer->in) {
        model_show(task->model, buffer);
        return true;
    }
    task->network->asked = task->buffer;
    free(task->network->follow);
    task->network->follow = plain_copy(room, BUFFER_NAME_MAX);
    session_join(task->session, room, text_word(&task->rest));
    return true;
}

static bool is_in_room(struct task *task, struct text room) {
    struct buffer *buffer = model_find(task->model, task->network, room);
    if (name_is_room(room) && buffer && buffer->in) return true;
    tell(task, MESSAGE_ERROR, "you are not in %.*s", (int)room.length, room.at);
    return false;
}

static bool leave(struct task *task) {
    struct text room = room_argument(task);
    if (!is_in_room(task, room)) return false;
    session_leave(task->session, room, task->rest);
    return true;
}

static bool msg(struct task *task) {
    struct text who = text_word(&task->rest);
    task->network->asked = task->buffer;
    return model_say(task->model, task->network, NEWS_SAID, who, task->rest);
}

static bool query(struct task *task) {
    struct text who = text_word(&task->rest);
    struct buffer *buffer = model_open(task->model, task->network, who);
    if (!buffer) {
        tell(task, MESSAGE_ERROR, "too many buffers are open · /close one");
        return false;
    }
    model_show(task->model, buffer);
    if (buffer->last < buffer->first)
        model_ask_older(task->model, buffer, CATCHUP_LINES, false);
    if (task->rest.length == 0) return true;
    return model_say(task->model, task->network, NEWS_SAID, who, task->rest);
}

static bool me(struct task *task) {
    return model_say(task->model, task->network, NEWS_ACTED,
                     text_of(task->buffer->name), task->rest);
}

static bool resend(struct task *task) {
    if (model_resend(task->model, task->buffer) > 0) return true;
    tell(task, MESSAGE_ERROR, "there is nothing here that was not sent");
    return false;
}

/* The draft is empty now: the command itself stood there. */
static bool edit(struct task *task) {
    struct pending_line *line =
        pending_take(&task->network->pending, text_of(task->buffer->name));
    if (!line) {
        tell(task, MESSAGE_ERROR, "there is nothing here that was not sent");
        return false;
    }
    if (line->kind == NEWS_ACTED)
        editor_type(&task->buffer->editor, text_of("/me "));
    else if (text_begins(line->body, "/"))
        editor_type(&task->buffer->editor, text_of("/"));
    editor_type(&task->buffer->editor, line->body);
    pending_free(line);
    return true;
}

static bool history(struct task *task) {
    struct text number = text_word(&task->rest);
    uint64_t count = CATCHUP_LINES;
    if (number.length > 0 && !text_number(number, &count)) {
        tell(task, MESSAGE_ERROR, "how many lines? /history 200");
        return false;
    }
    if (count > BUFFER_MESSAGES) count = BUFFER_MESSAGES;
    if (count > 0)
        model_ask_older(task->model, task->buffer, (unsigned)count, true);
    return true;
}

static bool nick(struct task *task) {
    return ask(task, "NICK", text_word(&task->rest), nothing(), nothing());
}

static bool names_a_room(struct task *task, struct text room) {
    if (name_is_room(room)) return true;
    tell(task, MESSAGE_ERROR, "which room? this buffer is none");
    return false;
}

static bool topic(struct task *task) {
    struct text room = room_argument(task);
    if (!names_a_room(task, room)) return false;
    return ask(task, "TOPIC", room, task->rest, nothing());
}

static bool names(struct task *task) {
    struct text room = room_argument(task);
    if (!names_a_room(task, room)) return false;
    task->network->names_wanted = true;
    return ask(task, "NAMES", room, nothing(), nothing());
}

static bool who(struct task *task) {
    struct text mask = text_word(&task->rest);
    if (mask.length == 0) mask = text_of(task->buffer->name);
    return ask(task, "WHO", mask, nothing(), nothing());
}

static bool whois(struct task *task) {
    return ask(task, "WHOIS", text_word(&task->rest), nothing(), nothing());
}

static bool list(struct task *task) {
    return ask(task, "LIST", text_word(&task->rest), nothing(), nothing());
}

static bool away(struct task *task) {
    struct text why = task->rest.length ? task->rest : text_of("away");
    return ask(task, "AWAY", why, nothing(), nothing());
}

static bool back(struct task *task) {
    return ask(task, "AWAY", nothing(), nothing(), nothing());
}

static bool invite(struct task *task) {
    struct text who_to = text_word(&task->rest);
    return ask(task, "INVITE", who_to, room_argument(task), nothing());
}

static bool kick(struct task *task) {
    struct text whom = text_word(&task->rest);
    return ask(task, "KICK", text_of(task->buffer->name), whom, task->rest);
}

static bool close_buffer(struct task *task) {
    struct buffer *buffer = task->buffer;
    if (buffer->kind == BUFFER_SERVER) {
        tell(task, MESSAGE_ERROR, "the server's buffer stays · /quit ends");
        return false;
    }
    struct session *session =
        task->owner->find_session(task->owner, task->network);
    if (buffer->in && session && task->network->online)
        session_leave(session, text_of(buffer->name), nothing());
    model_close(task->model, buffer);
    return true;
}

static bool clear(struct task *task) {
    buffer_clear(task->buffer);
    task->model->stale = true;
    return true;
}

static bool reconnect(struct task *task) {
    task->owner->reconnect(task->owner, task->network);
    return true;
}

static bool quit(struct task *task) {
    size_t waiting = task->network->pending.count;
    if (waiting > 0 && waiting != task->commands->warned) {
        task->commands->warned = waiting;
        tell(task, MESSAGE_ERROR,
             "%zu of your lines are not sent · /quit again leaves without",
             waiting);
        return true;
    }
    task->owner->quit(task->owner, task->rest);
    return true;
}

static bool raw(struct task *task) {
    task->network->asked = task->buffer;
    task->session->owner->send(task->session->owner, task->rest);
    return true;
}

static bool search(struct task *task) {
    char line[TELL_SIZE];
    struct writer writer = writer_on(line, sizeof line);
    const char *wrong = search_write(&writer, task->rest);
    if (!session_can(task->session, CAP_SEARCH))
        wrong = "this server cannot search";
    else if (writer.full)
        wrong = "that is too long to search for";
    if (wrong) {
        tell(task, MESSAGE_ERROR, "%s", wrong);
        return false;
    }
    task->network->asked = task->buffer;
    session_search(task->session, writer_text(&writer));
    return true;
}

static bool help(struct task *task);

/* clang-format off */
static const struct command table[] = {
    {"away",      "[TEXT]",          "say that you are away",                     ONLINE,   0, away},
    {"back",      "",                "say that you are back",                     ONLINE,   0, back},
    {"clear",     "",                "forget what is shown in this buffer",       ANYWHERE, 0, clear},
    {"close",     "",                "leave the room and close its buffer",       ANYWHERE, 0, close_buffer},
    {"edit",      "",                "take back what was not sent, to change it", ANYWHERE, 0, edit},
    {"help",      "[COMMAND]",       "list the commands, or explain one",         ANYWHERE, 0, help},
    {"history",   "[N]",             "show older lines, N or 100 of them",        ONLINE,   0, history},
    {"invite",    "WHO [ROOM]",      "ask someone into a room",                   IN_ROOM,  1, invite},
    {"join",      "ROOM [KEY]",      "enter a room and show it",                  ONLINE,   1, join},
    {"kick",      "WHO [REASON]",    "put someone out of this room",              IN_ROOM,  1, kick},
    {"leave",     "[ROOM] [REASON]", "leave a room; what was said stays to read", ONLINE,   0, leave},
    {"list",      "[ROOM]",          "list the rooms of the server",              ONLINE,   0, list},
    {"me",        "TEXT",            "say what you do: * alice waves",            IN_TALK,  1, me},
    {"msg",       "WHO TEXT",        "say it to one person or room",              ANYWHERE,   2, msg},
    {"names",     "[ROOM]",          "list who is in a room",                     ONLINE,   0, names},
    {"nick",      "NAME",            "take another name",                         ONLINE,   1, nick},
    {"part",      "[ROOM] [REASON]", "the same as /leave",                        ONLINE,   0, leave},
    {"query",     "WHO [TEXT]",      "open a buffer to talk with one person",     ANYWHERE,   1, query},
    {"quit",      "[REASON]",        "leave all rooms and end the program",       ANYWHERE, 0, quit},
    {"raw",       "LINE",            "send an IRC line as it is",                 ONLINE,   1, raw},
    {"reconnect", "",                "connect again, now",                        ANYWHERE, 0, reconnect},
    {"resend",    "",                "send again what was not sent here",         IN_TALK,  0, resend},
    {"search",    "WORDS",           "find lines; also from: in: before: after:", ONLINE,   1, search},
    {"topic",     "[ROOM] [TEXT]",   "show or set what the room is about",        ONLINE,   0, topic},
    {"who",       "[MASK]",          "list users, those of this room by default", ONLINE,   0, who},
    {"whois",     "NAME",            "tell what is known of a user",              ONLINE,   1, whois},
};
/* clang-format on */

enum { COMMANDS = sizeof table / sizeof table[0] };

const char *command_name(size_t index) {
    return index < COMMANDS ? table[index].name : NULL;
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
    char words[TELL_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    name.length = text_fit(name, 40);
    write_format(&writer, "/%.*s ", (int)name.length, name.at);
    write_string(&writer, count ? "could be"
                                : "is no command · /help lists "
                                  "them, // says a /");
    for (size_t i = 0; count && i < COMMANDS; i++)
        if (begins_so(&table[i], name))
            write_format(&writer, " /%s", table[i].name);
    tell(task, MESSAGE_ERROR, "%.*s", (int)writer.length, words);
    return false;
}

static void explain(struct task *task, const struct command *command,
                    int columns) {
    char usage[TELL_SIZE];
    snprintf(usage, sizeof usage, "/%s %s", command->name, command->usage);
    tell(task, MESSAGE_ANSWER, "%-*s  %s", columns, usage, command->help);
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
    tell(task, MESSAGE_ANSWER,
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
    if (why) tell(task, MESSAGE_ERROR, "%s", why);
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
        tell(&task, MESSAGE_ERROR,
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
    struct task task = begin(commands, nothing());
    tell(&task, MESSAGE_ERROR,
         "pasted text that begins with / is not carried out · type the / "
         "yourself, or put another / before it to say it");
    return true;
}

/* The draft is taken first, because a command may close its buffer; a refused
 * one comes back as the line sent last. */
void commands_enter(struct commands *commands) {
    struct buffer *buffer = commands->model->current;
    if (!buffer) return;
    struct text draft = editor_text(&buffer->editor);
    if (text_trim(draft).length == 0) return;
    if (is_pasted_command(commands, &buffer->editor)) return;
    char *line = memory_string(draft.at, draft.length);
    size_t length = draft.length;
    editor_sent(&buffer->editor, NULL);
    commands->model->stale = true;
    if (!commands_carry_out(commands, text_slice(line, length)))
        editor_older(&buffer->editor);
    free(line);
}
