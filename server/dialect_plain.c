/* The dialect of people on a raw connection: a line is said, /word is a
 * command (DESIGN 4, minichat-protocol(7)). */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "server/commands.h"
#include "server/plain.h"

void plain_say(struct dialogue *dialogue, const char *format, ...) {
    char bytes[DIALECT_LINE];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(bytes, sizeof bytes - 1, format, list);
    va_end(list);
    if (length < 0) return;
    size_t used = (size_t)length;
    if (used > sizeof bytes - 2) used = sizeof bytes - 2;
    bytes[used++] = '\n';
    dialogue_send(dialogue, line_new(text_slice(bytes, used)));
}

/* Input -------------------------------------------------------------------- */

/* One room, or several with commas between. */
static bool begins_with_rooms(struct text rest) {
    struct text word = text_word(&rest);
    bool are_rooms = word.length > 0;
    while (are_rooms && word.length)
        are_rooms = room_valid(text_piece(&word, ','));
    return are_rooms;
}

static void add(struct request *request, struct text argument) {
    request->args[request->count++] = argument;
}

/* The arguments of a /command, cut by its row of the table. */
static void cut_arguments(struct dialogue *dialogue, struct request *request,
                          struct text rest) {
    const struct command *command = request->command;
    unsigned words = command->words;
    if (command->here && !begins_with_rooms(rest)) {
        struct room *room = plain_here(dialogue);
        add(request, room ? text_of(room->name) : text_of(""));
        words--;
    }
    for (; words > 1 && rest.length; words--)
        add(request, text_word(&rest));
    if (words && rest.length) add(request, rest);
}

static bool parse_command(struct dialogue *dialogue, struct text line,
                          struct request *request) {
    struct text rest = text_after(line, 1);
    request->verb = text_word(&rest);
    request->command = command_for_people(request->verb);
    if (!request->command) {
        plain_refuse(dialogue, request, COMMAND_UNKNOWN, request->verb);
        return false;
    }
    cut_arguments(dialogue, request, rest);
    return true;
}

static bool parse_speech(struct dialogue *dialogue, struct text line,
                         struct request *request) {
    struct room *room = plain_here(dialogue);
    request->verb = text_of("say");
    request->command = command_for_people(request->verb);
    add(request, room ? text_of(room->name) : text_of(""));
    add(request, line);
    return true;
}

static bool parse_token(struct text line, struct request *request) {
    request->verb = text_of("login");
    request->command = command_for_people(request->verb);
    add(request, line);
    return true;
}

/* Between /paste and "." nothing is a command. */
static bool parse_pasted(struct dialogue *dialogue, struct text line,
                         struct request *request) {
    if (!text_is(line, ".")) return parse_speech(dialogue, line, request);
    dialogue->settings &= ~(uint32_t)PLAIN_PASTING;
    plain_say(dialogue, "= pasted; / begins a command again");
    return false;
}

static bool parse(struct dialogue *dialogue, struct text line,
                  struct request *request) {
    struct text trimmed = text_trim(line);
    if (!trimmed.length) return false;
    /* A token is never said to a room, whoever pastes it wherever. */
    if (text_begins(trimmed, "v4.public."))
        return parse_token(trimmed, request);
    if (dialogue->settings & PLAIN_PASTING)
        return parse_pasted(dialogue, line, request);
    if (line.at[0] != '/') return parse_speech(dialogue, line, request);
    if (line.length > 1 && line.at[1] == '/')
        return parse_speech(dialogue, text_after(line, 1), request);
    return parse_command(dialogue, line, request);
}

/* Output ------------------------------------------------------------------- */

static void greet(struct dialogue *dialogue) {
    const char *name = dialogue->house->config->name;
    plain_say(dialogue, "= this is %s, a chat; /help lists what you can do",
              name);
    const struct introduction nothing = {0};
    enum refusal refusal = NO_GUESTS;
    if (dialogue->proof)
        refusal = dialogue_enter(dialogue, dialogue->proof, &nothing);
    if (refusal && dialogue->proof)
        plain_refuse(dialogue, NULL, refusal,
                     text_of(dialogue->proof->account));
    if (!refusal) return;
    if (dialogue->house->config->guests)
        plain_say(dialogue, "= who are you? /nick NAME, or /login TOKEN");
    else
        plain_say(dialogue, "= who are you? /login TOKEN, or paste the token");
}

static void say_motd(struct dialogue *dialogue) {
    char memory[DIALECT_LINE];
    struct text rest = text_of(dialogue->house->motd);
    while (rest.length) {
        struct writer writer = writer_on(memory, sizeof memory);
        plain_write_text(&writer, text_piece(&rest, '\n'));
        plain_say(dialogue, "= %.*s", (int)writer.length, writer.at);
    }
}

static void tell_rooms_of_token(struct dialogue *dialogue) {
    const struct admission *proof = dialogue->proof;
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    for (size_t i = 0; i < proof->rooms_count; i++)
        write_format(&writer, "%s%s", i ? "," : "", proof->rooms[i]);
    plain_say(dialogue, "= your token is for these rooms: /join %.*s",
              (int)writer.length, memory);
}

/* Whoever comes arrives in the lobby, unless their token is for others. */
static void enter_lobby(struct dialogue *dialogue, struct text lobby) {
    const struct room *room = chat_find_room(dialogue->house->chat, lobby);
    if (!dialogue_may_enter(dialogue, lobby)) {
        tell_rooms_of_token(dialogue);
        return;
    }
    if (room && chat_seat(dialogue->session.user, room)) {
        plain_tell_room(dialogue, room);
        return;
    }
    enum refusal refusal = dialogue_join(dialogue, lobby);
    if (refusal) plain_refuse(dialogue, NULL, refusal, lobby);
}

static void welcome(struct dialogue *dialogue) {
    const struct user *user = dialogue->session.user;
    struct text lobby = text_of(dialogue->house->config->lobby);
    plain_say(dialogue, "= hello %s%s", user->name,
              user->account[0] ? "" : ", you are a guest");
    say_motd(dialogue);
    if (lobby.length) enter_lobby(dialogue, lobby);
    for (const struct seat *s = user->seats; s; s = s->next) {
        struct text name = text_of(s->room->name);
        if (!text_equals_folded(name, lobby) &&
            dialogue_may_enter(dialogue, name))
            plain_tell_room(dialogue, s->room);
    }
}

static void tell(struct dialogue *dialogue, struct text words,
                 struct text data) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    (void)data;
    plain_write_text(&writer, words);
    plain_say(dialogue, "= %.*s", (int)writer.length, memory);
}

static void warn(struct dialogue *dialogue, struct text words) {
    char bytes[DIALECT_LINE];
    struct writer writer = writer_on(bytes, sizeof bytes - 1);
    write_string(&writer, "! ");
    plain_write_text(&writer, words);
    write_char(&writer, '\n');
    dialogue_send_ahead(dialogue, line_new(writer_text(&writer)));
}

static void farewell(struct dialogue *dialogue, struct text reason) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    plain_write_text(&writer, reason);
    plain_say(dialogue, "! goodbye: %.*s", (int)writer.length, memory);
}

const struct dialect dialect_plain = {
    .name = "plain",
    .parse = parse,
    .greet = greet,
    .refuse = plain_refuse,
    .tell = tell,
    .variant = plain_variant,
    .render = plain_render,
    .welcome = welcome,
    .tell_room = plain_tell_room,
    .tell_names = plain_tell_names,
    .tell_who = plain_tell_who,
    .tell_whois = plain_tell_whois,
    .tell_rooms = plain_tell_rooms,
    .tell_topic = plain_tell_topic,
    .tell_bans = plain_tell_bans,
    .tell_away = plain_tell_away,
    .tell_self_away = plain_tell_self_away,
    .tell_absent = plain_tell_absent,
    .tell_inbox = plain_tell_inbox,
    .tell_unread = plain_tell_unread,
    .tell_invited = plain_tell_invited,
    .warn = warn,
    .farewell = farewell,
};
