#include "client/complete.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/commands.h"
#include "client/emoji.h"
#include "protocol/memory.h"
#include "protocol/names.h"
#include "protocol/writer.h"

enum { WORD_MIN = 2 }; /* bytes of ":sm" before emoji are offered */

/* The word that is completed, and what stands around each candidate. */
struct wish {
    struct model *model;
    struct menu *menu;
    struct text word;
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

/* ":smi" or, as it may have been typed whole, ":smile:". */
static void add_emoji(const struct wish *wish) {
    struct text word = wish->word;
    const struct emoji *emoji;
    bool whole = word.length > 0 && word.at[word.length - 1] == ':';
    if (whole) word.length--;
    for (size_t n = 0; (emoji = emoji_find(word, n)); n++)
        if (!whole || strlen(emoji->name) == word.length)
            add(wish, emoji->bytes, emoji->name);
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
    struct wish wish = {
        model, menu, {editor->now.at + from, to - from}, "", " "};
    menu->from = from;
    menu->to = to;
    menu->index = 0;
    bool emoji = text_begins(wish.word, ":") && wish.word.length > WORD_MIN;
    if (from == 0 && text_begins(wish.word, "/")) {
        wish.word = text_after(wish.word, 1);
        wish.before = "/";
        add_commands(&wish);
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
