/* What one wants to see, and to be told of: lists in the configuration to which
 * a command adds, or takes from; and what goes for one buffer alone. */
#include <string.h>

#include "client/commands_parts.h"
#include "client/settings.h"
#include "protocol/writer.h"

/* One such list. */
struct rules {
    const char *setting;
    const char *none; /* said where it is empty */
    const char *(*wrong)(struct text item);
    bool by_word; /* an item is known by its first word, too */
};

static const struct rules IGNORE = {
    "ignore", "nobody is ignored · /ignore nick!user@host", ignore_item_wrong,
    true};
static const struct rules FILTER = {
    "filter", "no lines are filtered · /filter WORDS", list_item_wrong, false};
static const struct rules HIGHLIGHT = {
    "highlight", "only your name is highlighted · /highlight WORD",
    list_item_wrong, false};

static void read_list(const struct task *task, const char *setting,
                      char to[SETTINGS_VALUE_SIZE]) {
    struct writer writer = writer_on(to, SETTINGS_VALUE_SIZE - 1);
    setting_write_preferred(setting_find(SETTING_OF_ALL, text_of(setting)),
                            &task->model->preferences, &writer);
    to[writer.length] = '\0';
}

static bool tell_list(struct task *task, const struct rules *rules) {
    char list[SETTINGS_VALUE_SIZE];
    struct text item;
    read_list(task, rules->setting, list);
    struct text rest = text_of(list);
    if (!list_next(&rest, &item)) {
        command_tell(task, MESSAGE_ANSWER, "%s", rules->none);
        return true;
    }
    do
        command_tell(task, MESSAGE_ANSWER, "%s: %.*s", rules->setting,
                     (int)item.length, item.at);
    while (list_next(&rest, &item));
    return true;
}

static bool names(struct text wanted, struct text item, bool by_word) {
    if (text_equals_folded(item, wanted)) return true;
    return by_word && text_equals_folded(text_word(&item), wanted);
}

/* The list without what is named so; returns how many that were. */
static size_t write_others(struct writer *writer, struct text list,
                           struct text wanted, bool by_word) {
    struct text item;
    size_t found = 0;
    while (list_next(&list, &item)) {
        if (names(wanted, item, by_word)) {
            found++;
            continue;
        }
        if (writer->length > 0) write_string(writer, ", ");
        write_text(writer, item);
    }
    return found;
}

static bool refuse(struct task *task, const char *why) {
    command_tell(task, MESSAGE_ERROR, "%.*s: %s", (int)task->rest.length,
                 task->rest.at, why);
    return false;
}

static bool take_out(struct task *task, const struct rules *rules) {
    char list[SETTINGS_VALUE_SIZE], left[SETTINGS_VALUE_SIZE];
    struct writer writer = writer_on(left, sizeof left);
    read_list(task, rules->setting, list);
    if (!write_others(&writer, text_of(list), task->rest, rules->by_word))
        return refuse(task, "that is not in the list");
    if (!command_change(task, NULL, rules->setting, writer_text(&writer)))
        return false;
    command_tell(task, MESSAGE_ANSWER, "no longer in %s: %.*s", rules->setting,
                 (int)task->rest.length, task->rest.at);
    return true;
}

static bool put_in(struct task *task, const struct rules *rules) {
    char list[SETTINGS_VALUE_SIZE];
    struct writer writer = writer_on(list, sizeof list);
    const char *wrong = rules->wrong(task->rest);
    if (wrong) return refuse(task, wrong);
    read_list(task, rules->setting, list);
    writer.length = strlen(list);
    if (writer.length > 0) write_string(&writer, ", ");
    write_text(&writer, task->rest);
    if (writer.full) return refuse(task, "the list is full");
    if (!command_change(task, NULL, rules->setting, writer_text(&writer)))
        return false;
    command_tell(task, MESSAGE_ANSWER, "%s: %.*s · /save keeps it",
                 rules->setting, (int)task->rest.length, task->rest.at);
    return true;
}

static bool is_in(const struct task *task, const struct rules *rules) {
    char list[SETTINGS_VALUE_SIZE];
    read_list(task, rules->setting, list);
    return list_has(text_of(list), task->rest);
}

/* The same again takes it out. */
static bool toggle(struct task *task, const struct rules *rules) {
    if (task->rest.length == 0) return tell_list(task, rules);
    return is_in(task, rules) ? take_out(task, rules) : put_in(task, rules);
}

bool command_ignore(struct task *task) {
    if (task->rest.length == 0) return tell_list(task, &IGNORE);
    if (is_in(task, &IGNORE)) return refuse(task, "is ignored already");
    return put_in(task, &IGNORE);
}

bool command_unignore(struct task *task) {
    return take_out(task, &IGNORE);
}

bool command_filter(struct task *task) {
    return toggle(task, &FILTER);
}

bool command_highlight(struct task *task) {
    return toggle(task, &HIGHLIGHT);
}

/* For the network's route, where there is one to be saved. */
static bool remember_muted(struct task *task, const struct buffer *buffer) {
    char list[SETTINGS_VALUE_SIZE];
    struct writer writer = writer_on(list, sizeof list);
    struct route *route = buffer->network->route;
    if (!route) return true;
    write_others(&writer, text_of(route->mute), text_of(buffer->name), false);
    if (buffer->muted && writer.length > 0) write_string(&writer, ", ");
    if (buffer->muted) write_string(&writer, buffer->name);
    return command_change(task, route, "mute", writer_text(&writer));
}

bool command_mute(struct task *task) {
    struct buffer *buffer = task->buffer;
    struct text name = text_word(&task->rest);
    if (name.length > 0) buffer = model_find(task->model, task->network, name);
    if (!buffer) {
        command_tell(task, MESSAGE_ERROR, "there is no buffer %.*s",
                     (int)name.length, name.at);
        return false;
    }
    buffer->muted = !buffer->muted;
    task->model->stale = true;
    if (!remember_muted(task, buffer)) return false;
    command_tell(task, MESSAGE_ANSWER,
                 buffer->muted ? "%s is muted: only a mention shows"
                               : "%s is no longer muted",
                 buffer->name);
    return true;
}

bool command_noise(struct task *task) {
    const struct setting *setting =
        setting_find(SETTING_OF_ALL, text_of("noise"));
    struct preferences trial = task->model->preferences;
    char word[32];
    struct writer writer = writer_on(word, sizeof word);
    if (task->rest.length > 0) {
        if (!setting_prefer(setting, &trial, task->rest, NULL))
            return refuse(task, "it may be all, merge, smart or none");
        model_set_noise(task->model, task->buffer, trial.noise);
    }
    trial.noise = model_noise(task->model, task->buffer);
    setting_write_preferred(setting, &trial, &writer);
    command_tell(task, MESSAGE_ANSWER, "who comes and goes here: %.*s",
                 (int)writer.length, word);
    return true;
}
