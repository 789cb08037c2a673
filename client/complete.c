#include "client/complete.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/commands.h"
#include "client/emoji.h"
#include "client/keys.h"
#include "client/settings.h"
#include "protocol/memory.h"
#include "protocol/names.h"
#include "protocol/writer.h"

enum { WORD_MIN = 2 }; /* bytes of ":sm" before emoji are offered */

/* The word that is completed, and what stands around each candidate. */
struct wish {
    struct model *model;
    struct menu *menu;
    struct text word;
    struct text line; /* of a command: what stands before the word */
    const char *before, *behind;
};

static void add(const struct wish *wish, const char *text, const char *note) {
    char whole[MENU_TEXT_MAX + 1];
    struct writer writer = writer_on(whole, sizeof whole);
    write_string(&writer, wish->before);
    write_string(&writer, text);
    write_string(&writer, wish->behind);
    menu_add(wish->menu, writer_text(&writer), text_of(note));
}

static bool begins(const char *name, struct text word) {
    struct text all = text_of(name);
    return all.length >= word.length &&
           name_equals(text_slice(all.at, word.length), word);
}

static void add_commands(const struct wish *wish) {
    const char *name;
    for (size_t i = 0; (name = command_name(i)) != NULL; i++)
        if (begins(name, wish->word)) add(wish, name, command_usage(i));
}

/* What is nearest to what was typed comes first. */
static int by_length(const void *left, const void *right) {
    const struct emoji *const *a = left, *const *b = right;
    size_t one = strlen((*a)->name), other = strlen((*b)->name);
    if (one != other) return one < other ? -1 : 1;
    return strcmp((*a)->name, (*b)->name);
}

/* ":smi" or, as it may have been typed whole, ":smile:". */
static void add_emoji(const struct wish *wish) {
    const struct emoji *found[MENU_MAX] = {0}, *emoji;
    struct text word = wish->word;
    size_t count = 0;
    bool whole = word.length > 0 && word.at[word.length - 1] == ':';
    if (whole) word.length--;
    for (size_t n = 0; count < MENU_MAX && (emoji = emoji_find(word, n)); n++)
        if (!whole || strlen(emoji->name) == word.length)
            found[count++] = emoji;
    qsort(found, count, sizeof found[0], by_length);
    for (size_t i = 0; i < count; i++)
        add(wish, found[i]->bytes, found[i]->name);
}

static void add_buffers(const struct wish *wish, enum buffer_kind kind) {
    const struct model *model = wish->model;
    for (size_t i = 0; i < model->buffer_count; i++) {
        const struct buffer *buffer = model->buffers[i];
        if (buffer->network == model->current->network &&
            buffer->kind == kind && begins(buffer->name, wish->word))
            add(wish, buffer->name, buffer->topic);
    }
}

static int by_last_heard(const void *left, const void *right) {
    const struct member *const *a = left, *const *b = right;
    if ((*a)->heard != (*b)->heard) return (*a)->heard < (*b)->heard ? 1 : -1;
    return strcasecmp((*a)->name, (*b)->name);
}

static void add_members(const struct wish *wish) {
    const struct members *members = &wish->model->current->members;
    const struct member **found =
        memory_new(members->count + 1, sizeof found[0]);
    size_t count = 0;
    for (size_t i = 0; i < members->count; i++)
        if (begins(members->list[i].name, wish->word))
            found[count++] = &members->list[i];
    qsort(found, count, sizeof found[0], by_last_heard);
    for (size_t i = 0; i < count; i++)
        add(wish, found[i]->name, found[i]->away ? "away" : "");
    free(found);
}

static void add_people(const struct wish *wish) {
    add_members(wish);
    if (wish->menu->count == 0) add_buffers(wish, BUFFER_PRIVATE);
}

static void add_if_begins(const struct wish *wish, const char *text,
                          const char *note) {
    if (begins(text, wish->word)) add(wish, text, note);
}

static void add_settings(const struct wish *wish) {
    const struct setting *setting = NULL;
    while ((setting = setting_after(setting)))
        if (setting->scope == SETTING_OF_ALL)
            add_if_begins(wish, setting->name, setting->sentence);
}

static void add_values_of(const struct wish *wish,
                          const struct setting *setting) {
    struct text choices = text_of(setting ? setting->choices : NULL);
    if (setting && setting->kind == SETTING_SWITCH) choices = text_of("on off");
    while (choices.length > 0) {
        struct text word = text_word(&choices);
        char *choice = memory_string(word.at, word.length);
        add_if_begins(wish, choice, "");
        free(choice);
    }
}

static void add_values(const struct wish *wish) {
    struct text line = wish->line;
    text_word(&line);
    add_values_of(wish, setting_find(SETTING_OF_ALL, text_word(&line)));
}

static void add_themes(const struct wish *wish) {
    add_values_of(wish, setting_find(SETTING_OF_ALL, text_of("theme")));
}

static void add_noises(const struct wish *wish) {
    add_values_of(wish, setting_find(SETTING_OF_ALL, text_of("noise")));
}

/* Whom one hears no more, to be heard again. */
static void add_ignored(const struct wish *wish) {
    struct text list = text_of(wish->model->preferences.ignore), item;
    while (list_next(&list, &item)) {
        char *whole = memory_string(item.at, item.length);
        add_if_begins(wish, whole, "");
        free(whole);
    }
}

static void add_actions(const struct wish *wish) {
    const char *name, *before = "";
    uint32_t key;
    for (size_t i = 0; (name = keys_action(i, &key)); i++) {
        if (strcmp(name, before) != 0) add_if_begins(wish, name, "");
        before = name;
    }
}

static void add_networks(const struct wish *wish) {
    const struct model *model = wish->model;
    for (size_t i = 0; i < model->routes.count; i++)
        add_if_begins(wish, model->routes.list[i]->name, "");
}

/* Which word of which command is none of the usual ones. */
static const struct {
    const char *command;
    unsigned place; /* 1: the first behind its name */
    void (*add)(const struct wish *wish);
} arguments[] = {
    {"set", 1, add_settings},        {"set", 2, add_values},
    {"get", 1, add_settings},        {"theme", 1, add_themes},
    {"help", 1, add_commands},       {"bind", 2, add_actions},
    {"connect", 1, add_networks},    {"reconnect", 1, add_networks},
    {"disconnect", 1, add_networks}, {"noise", 1, add_noises},
    {"unignore", 1, add_ignored},
};

static bool add_arguments(const struct wish *wish) {
    struct text line = wish->line;
    struct text command = text_after(text_word(&line), 1);
    unsigned place = 1;
    while (text_word(&line).length > 0)
        place++;
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
        if (arguments[i].place != place) continue;
        if (!text_is(command, arguments[i].command)) continue;
        arguments[i].add(wish);
        return true;
    }
    return false;
}

static size_t word_start(const struct editor *editor) {
    size_t at = editor->now.cursor;
    while (at > 0 && editor->now.at[at - 1] != ' ' &&
           editor->now.at[at - 1] != '\n')
        at--;
    return at;
}

/* "ana, bob: " are spoken to; one more may be. */
static bool are_spoken_to(const struct model *model, struct text before) {
    if (before.length < 2 || before.at[before.length - 1] != ' ' ||
        before.at[before.length - 2] != ':')
        return false;
    before.length -= 2;
    while (before.length > 0) {
        struct text name = text_trim(text_piece(&before, ','));
        if (!members_find(&model->current->members, name)) return false;
    }
    return true;
}

static void gather_people(struct wish *wish, size_t from) {
    struct text before =
        text_slice(editor_text(&wish->model->current->editor).at, from);
    bool more = are_spoken_to(wish->model, before);
    if (more) wish->menu->from = from - 2;
    wish->before = more ? ", " : "";
    wish->behind = from == 0 || more ? ": " : " ";
    add_people(wish);
}

static void gather(struct model *model) {
    const struct editor *editor = &model->current->editor;
    struct menu *menu = &model->menu;
    size_t from = word_start(editor), to = editor->now.cursor;
    struct wish wish = {.model = model,
                        .menu = menu,
                        .word =
                            text_after(text_slice(editor->now.at, to), from),
                        .line = text_slice(editor->now.at, from),
                        .before = "",
                        .behind = " "};
    menu->from = from;
    menu->to = to;
    menu->index = 0;
    bool emoji = text_begins(wish.word, ":") && wish.word.length > WORD_MIN;
    if (from == 0 && text_begins(wish.word, "/")) {
        wish.word = text_after(wish.word, 1);
        wish.before = "/";
        add_commands(&wish);
    } else if (text_begins(wish.line, "/") && add_arguments(&wish)) {
        return;
    } else if (name_is_room(wish.word)) {
        add_buffers(&wish, BUFFER_ROOM);
    } else if (emoji) {
        wish.word = text_after(wish.word, 1);
        add_emoji(&wish);
    } else {
        gather_people(&wish, from);
    }
}

void complete_step(struct model *model, int step) {
    struct menu *menu = &model->menu;
    struct editor *editor = &model->current->editor;
    size_t count = menu->count;
    if (count == 0)
        gather(model);
    else
        menu->index = (menu->index + (step > 0 ? 1 : count - 1)) % count;
    if (menu->count == 0) return;
    menu_put(menu, editor);
    if (menu->count == 1) menu_close(menu);
}
