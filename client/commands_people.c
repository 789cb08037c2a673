/* Who we are, and who others are. */
#include "client/commands_parts.h"

bool command_nick(struct task *task) {
    return command_ask(task, "NICK", text_word(&task->rest), text_of(""),
                       text_of(""));
}

bool command_who(struct task *task) {
    struct text mask = text_word(&task->rest);
    if (mask.length == 0) mask = text_of(task->buffer->name);
    return command_ask(task, "WHO", mask, text_of(""), text_of(""));
}

bool command_whois(struct task *task) {
    return command_ask(task, "WHOIS", text_word(&task->rest), text_of(""),
                       text_of(""));
}

bool command_away(struct task *task) {
    struct text why = task->rest.length ? task->rest : text_of("away");
    return command_ask(task, "AWAY", why, text_of(""), text_of(""));
}

bool command_back(struct task *task) {
    return command_ask(task, "AWAY", text_of(""), text_of(""), text_of(""));
}
