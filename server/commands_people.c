#include "server/commands_people.h"

#include "server/commands.h"
#include "server/commands_deeds.h"
#include "server/plain.h"

/* Help -------------------------------------------------------------------- */

static bool may_use(const struct dialogue *dialogue,
                    const struct command *command) {
    if (!command->plain) return false;
    if (command->need == NEED_NOTHING) return true;
    if (!dialogue_entered(dialogue)) return false;
    return command->need != NEED_POWERS || dialogue_may_moderate(dialogue);
}

static enum refusal help_one(struct dialogue *dialogue, struct text word) {
    if (text_begins(word, "/")) word = text_after(word, 1);
    const struct command *command = command_for_people(word);
    if (!command) return COMMAND_UNKNOWN;
    plain_say(dialogue, "= /%s%s%s: %s", command->plain,
              command->usage[0] ? " " : "", command->usage, command->help);
    return REFUSED_NOTHING;
}

enum refusal people_help(struct dialogue *dialogue,
                         const struct request *request) {
    if (request->count) return help_one(dialogue, request->args[0]);
    plain_say(dialogue, "= a line is said in your current room; // says a "
                        "line that begins with /");
    for (const struct command *c = NULL; (c = command_after(c));) {
        char left[64];
        struct writer writer = writer_on(left, sizeof left - 1);
        if (!may_use(dialogue, c)) continue;
        write_format(&writer, "/%s %s", c->plain, c->usage);
        plain_say(dialogue, "= %-26.*s %s", (int)writer.length, left, c->help);
    }
    return REFUSED_NOTHING;
}

/* Who and where one is ------------------------------------------------------
 */

enum refusal people_login(struct dialogue *dialogue,
                          const struct request *request) {
    struct text token = text_trim(request->args[0]);
    if (!text_begins(token, "v4.")) return NOT_A_TOKEN;
    const struct introduction nothing = {0};
    return dialogue_login(dialogue, token, &nothing);
}

enum refusal people_room(struct dialogue *dialogue,
                         const struct request *request) {
    const struct user *user = dialogue->session.user;
    struct text name = request->args[0];
    if (!name.length) return NO_SUCH_ROOM;
    struct room *room = chat_find_room(dialogue->house->chat, name);
    if (!room) return NO_SUCH_ROOM;
    if (!chat_seat(user, room)) return NOT_IN_ROOM;
    dialogue->here = room->id;
    plain_tell_room(dialogue, room);
    return REFUSED_NOTHING;
}

enum refusal people_topic(struct dialogue *dialogue,
                          const struct request *request) {
    struct request asked = *request;
    if (asked.count > 1 && text_is(text_trim(asked.args[1]), "-"))
        asked.args[1].length = 0;
    return do_topic(dialogue, &asked);
}

enum refusal people_away(struct dialogue *dialogue,
                         const struct request *request) {
    struct request asked = *request;
    if (!asked.count) asked.args[asked.count++] = text_of("away");
    return do_away(dialogue, &asked);
}

/* Settings ------------------------------------------------------------------
 */

struct preference {
    const char *name;
    enum plain_setting bit;
    bool inverted; /* the bit means off */
    const char *help;
};

static const struct preference settings[] = {
    {"time", PLAIN_TIME, false, "the time in front of each line"},
    {"color", PLAIN_COLOR, false, "names in colour"},
    {"echo", PLAIN_NO_ECHO, true, "your own lines come back"},
    {"bell", PLAIN_BELL, false, "a bell when you are meant"},
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

static bool is_on(const struct dialogue *dialogue, const struct preference *s) {
    return ((dialogue->settings & s->bit) != 0) != s->inverted;
}

static void say_settings(struct dialogue *dialogue) {
    for (size_t i = 0; i < SETTINGS; i++)
        plain_say(dialogue, "= %s %s: %s", settings[i].name,
                  is_on(dialogue, &settings[i]) ? "on" : "off",
                  settings[i].help);
}

enum refusal people_set(struct dialogue *dialogue,
                        const struct request *request) {
    if (!request->count) say_settings(dialogue);
    if (!request->count) return REFUSED_NOTHING;
    if (request->count < 2) return ARGUMENTS_MISSING;
    bool on = text_is(request->args[1], "on");
    if (!on && !text_is(request->args[1], "off")) return ARGUMENTS_WRONG;
    for (size_t i = 0; i < SETTINGS; i++) {
        const struct preference *s = &settings[i];
        if (!text_equals_folded(request->args[0], text_of(s->name))) continue;
        if (on != s->inverted)
            dialogue->settings |= s->bit;
        else
            dialogue->settings &= ~(uint32_t)s->bit;
        plain_say(dialogue, "= %s %s", s->name, on ? "on" : "off");
        return REFUSED_NOTHING;
    }
    return ARGUMENTS_WRONG;
}

enum refusal people_paste(struct dialogue *dialogue,
                          const struct request *request) {
    (void)request;
    dialogue->settings |= PLAIN_PASTING;
    plain_say(dialogue, "= every line is said as it is; a line with only . "
                        "ends it");
    return REFUSED_NOTHING;
}

enum refusal people_reply(struct dialogue *dialogue,
                          const struct request *request) {
    if (!dialogue->answer_to[0]) return NOBODY_TO_ANSWER;
    struct request message = *request;
    message.command = command_for_people(text_of("msg"));
    message.args[0] = text_of(dialogue->answer_to);
    message.args[1] = request->args[0];
    message.count = 2;
    return message.command->carry_out(dialogue, &message);
}
