/* Lines to one IRC client. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "protocol/utf8.h"
#include "server/irc.h"

enum { VERB_SHOWN = 20, ABOUT_SHOWN = 100 };

const char *irc_server_name(const struct dialogue *dialogue,
                            char name[IRC_SERVER_SIZE]) {
    const char *network = dialogue->house->config->name;
    snprintf(name, IRC_SERVER_SIZE, "%s%s", network,
             strchr(network, '.') ? "" : ".local");
    return name;
}

const char *irc_nick(const struct dialogue *dialogue) {
    if (dialogue->session.user) return dialogue->session.user->name;
    if (dialogue->registration && dialogue->registration->nick[0])
        return dialogue->registration->nick;
    return "*";
}

static struct line *cut_line(char *bytes, size_t length) {
    if (length > IRCMSG_BODY)
        length = utf8_cut(text_slice(bytes, length), IRCMSG_BODY);
    memcpy(bytes + length, "\r\n", 2);
    return line_new(text_slice(bytes, length + 2));
}

static size_t print(char *bytes, size_t size, size_t used, const char *format,
                    va_list list) {
    int length = vsnprintf(bytes + used, size - used, format, list);
    if (length < 0) return used;
    used += (size_t)length;
    return used < size ? used : size - 1;
}

static struct line *line_from_server(const struct dialogue *dialogue,
                                     const char *format, va_list list) {
    char bytes[DIALECT_LINE], name[IRC_SERVER_SIZE];
    size_t used = (size_t)snprintf(bytes, sizeof bytes, ":%s ",
                                   irc_server_name(dialogue, name));
    used = print(bytes, sizeof bytes - 2, used, format, list);
    return cut_line(bytes, used);
}

void irc_say(struct dialogue *dialogue, const char *format, ...) {
    va_list list;
    va_start(list, format);
    struct line *line = line_from_server(dialogue, format, list);
    va_end(list);
    dialogue_send(dialogue, line);
}

void irc_say_alive(struct dialogue *dialogue, const char *format, ...) {
    va_list list;
    va_start(list, format);
    struct line *line = line_from_server(dialogue, format, list);
    va_end(list);
    if (dialogue->house->trouble)
        dialogue_send_ahead(dialogue, line);
    else
        dialogue_send(dialogue, line);
}

void irc_reply(struct dialogue *dialogue, unsigned numeric, const char *format,
               ...) {
    char bytes[DIALECT_LINE], name[IRC_SERVER_SIZE];
    va_list list;
    size_t used = (size_t)snprintf(bytes, sizeof bytes, ":%s %03u %s ",
                                   irc_server_name(dialogue, name), numeric,
                                   irc_nick(dialogue));
    va_start(list, format);
    used = print(bytes, sizeof bytes - 2, used, format, list);
    va_end(list);
    dialogue_send(dialogue, cut_line(bytes, used));
}

void irc_fail(struct dialogue *dialogue, struct text verb, const char *code,
              const char *words) {
    if (!verb.length) verb = text_of("*");
    verb.length = utf8_cut(verb, VERB_SHOWN);
    irc_say(dialogue, "FAIL %.*s %s :%s", (int)verb.length, verb.at, code,
            words);
}

/* A parameter that is not the last: RFC 1459 2.3.1's <middle>. */
static void write_middle(struct writer *writer, struct text word) {
    word.length = text_find(word, ' ');
    word.length = utf8_cut(word, ABOUT_SHOWN);
    if (!word.length || word.at[0] == ':') word = text_of("*");
    write_char(writer, ' ');
    write_text(writer, word);
}

void irc_fail_about(struct dialogue *dialogue, const char *verb,
                    const char *code, const struct text *about, size_t count,
                    const char *words) {
    char memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    for (size_t i = 0; i < count; i++)
        write_middle(&writer, about[i]);
    irc_say(dialogue, "FAIL %s %s%.*s :%s", verb, code, (int)writer.length,
            memory, words);
}

void irc_write_source(struct writer *writer, const struct user *user) {
    write_string(writer, user->name);
    write_char(writer, '!');
    write_string(writer, user->ident);
    write_char(writer, '@');
    write_string(writer, user->host);
}
