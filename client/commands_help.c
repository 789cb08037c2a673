/* What can be done here, and how. */
#include <stdio.h>
#include <string.h>

#include "client/cluster.h"
#include "client/commands_parts.h"
#include "client/key_names.h"
#include "client/keys.h"
#include "client/settings.h"
#include "protocol/writer.h"

static const char *const titles[] = {
    [TALK] = "talk",         [READ] = "read",       [ROOMS] = "rooms",
    [OPERATE] = "operators", [PEOPLE] = "people",   [NETWORKS] = "networks",
    [SETTINGS] = "settings", [PROGRAM] = "program",
};

void command_explain(struct task *task, const struct command *command) {
    command_tell(task, MESSAGE_ANSWER, "/%s %s  %s", command->name,
                 command->usage, command->help);
}

bool command_refuse(struct task *task, struct text name, size_t count) {
    char words[COMMAND_TELL_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    const struct command *meant = count == 0 ? command_meant(name) : NULL;
    name.length = text_fit(name, 40);
    write_format(&writer, "/%.*s ", (int)name.length, name.at);
    if (meant)
        write_format(&writer, "is no command · Enter does /%s · // says a /",
                     meant->name);
    else
        write_string(&writer, count ? "could be"
                                    : "is no command · /help lists "
                                      "them, // says a /");
    for (const struct command *c = NULL; count && (c = command_after(c));)
        if (command_begins(c, name)) write_format(&writer, " /%s", c->name);
    command_tell(task, MESSAGE_ERROR, "%.*s", (int)writer.length, words);
    return false;
}

/* One line: those that would be carried out now. */
static void list_group(struct task *task, enum group group) {
    char words[COMMAND_TELL_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    for (const struct command *c = NULL; (c = command_after(c));)
        if (c->group == group && !command_obstacle(task, c->need))
            write_format(&writer, " /%s", c->name);
    if (writer.length > 0)
        command_tell(task, MESSAGE_ANSWER, "%-10s%.*s", titles[group],
                     (int)writer.length, words);
}

static bool list(struct task *task) {
    for (enum group group = TALK; group <= PROGRAM; group++)
        list_group(task, group);
    command_tell(task, MESSAGE_ANSWER,
                 "/help WORD explains one · any start of a name will do · Tab "
                 "completes · M-1…9, C-n, C-p: other buffers · PgUp, PgDn: "
                 "read back · /bind: all keys · C-c twice: quit");
    return true;
}

static bool explain_setting(struct task *task, struct text word) {
    const struct setting *setting = setting_find(SETTING_OF_ALL, word);
    if (!setting) setting = setting_find(SETTING_OF_NETWORK, word);
    if (!setting) return false;
    command_tell(task, MESSAGE_ANSWER, "%s is a setting: %s · /get %s",
                 setting->name, setting->sentence, setting->name);
    return true;
}

static bool explain_key(struct task *task, struct text word) {
    uint32_t bound, key = key_read(word);
    const char *action;
    for (size_t i = 0; (action = keys_action(i, &bound)); i++) {
        if (bound != key && !text_is(word, action)) continue;
        char name[64];
        struct writer writer = writer_on(name, sizeof name);
        key_write(&writer, bound);
        command_tell(task, MESSAGE_ANSWER, "%.*s does %s · /bind changes it",
                     (int)writer.length, name, action);
        return true;
    }
    return false;
}

/* Commands that speak of it. */
static bool explain_mentions(struct task *task, struct text word) {
    char needle[64];
    bool found = false;
    if (!text_copy(word, needle, sizeof needle)) return false;
    for (const struct command *c = NULL; (c = command_after(c));) {
        if (!strcasestr(c->help, needle)) continue;
        command_explain(task, c);
        found = true;
    }
    return found;
}

bool command_help(struct task *task) {
    struct text word = text_word(&task->rest);
    const struct command *found = NULL;
    if (word.length == 0) return list(task);
    bool slash = word.at[0] == '/';
    struct text name = text_after(word, slash ? 1 : 0);
    if (command_find(name, &found) == 1) {
        command_explain(task, found);
        const char *why = command_obstacle(task, found->need);
        if (why) command_tell(task, MESSAGE_ANSWER, "not now: %s", why);
        return true;
    }
    if (!slash && (explain_setting(task, word) || explain_key(task, word) ||
                   explain_mentions(task, word)))
        return true;
    return command_refuse(task, name, command_find(name, &found));
}
