#include "client/complete.h"

#include <stdlib.h>
#include <strings.h>

#include "client/commands.h"
#include "protocol/memory.h"
#include "protocol/names.h"
#include "protocol/writer.h"

void complete_init(struct complete *complete) {
    *complete = (struct complete){0};
}

void complete_end(struct complete *complete) {
    for (size_t i = 0; i < complete->count; i++)
        free(complete->candidates[i]);
    complete->count = 0;
}

void complete_finish(struct complete *complete) {
    complete_end(complete);
}

static void add(struct complete *complete, const char *before, const char *name,
                const char *behind) {
    char whole[BUFFER_NAME_MAX + 8];
    if (complete->count == COMPLETE_MAX) return;
    struct writer writer = writer_on(whole, sizeof whole);
    write_format(&writer, "%s%s%s", before, name, behind);
    complete->candidates[complete->count++] =
        memory_string(whole, writer.length);
}

static bool begins(const char *name, struct text word) {
    struct text all = text_of(name);
    return all.length >= word.length &&
           name_equals(text_slice(all.at, word.length), word);
}

static void add_commands(struct complete *complete, struct text word) {
    const char *name;
    for (size_t i = 0; (name = command_name(i)) != NULL; i++)
        if (begins(name, text_after(word, 1))) add(complete, "/", name, " ");
}

static void add_buffers(struct complete *complete, const struct model *model,
                        enum buffer_kind kind, struct text word,
                        const char *behind) {
    for (size_t i = 0; i < model->buffer_count; i++) {
        const struct buffer *buffer = model->buffers[i];
        if (buffer->network == model->current->network &&
            buffer->kind == kind && begins(buffer->name, word))
            add(complete, "", buffer->name, behind);
    }
}

static int by_last_heard(const void *left, const void *right) {
    const struct member *const *a = left, *const *b = right;
    if ((*a)->heard != (*b)->heard) return (*a)->heard < (*b)->heard ? 1 : -1;
    return strcasecmp((*a)->name, (*b)->name);
}

static void add_members(struct complete *complete, const struct model *model,
                        struct text word, const char *behind) {
    const struct members *members = &model->current->members;
    const struct member **found =
        memory_new(members->count + 1, sizeof found[0]);
    size_t count = 0;
    for (size_t i = 0; i < members->count; i++)
        if (begins(members->list[i].name, word))
            found[count++] = &members->list[i];
    qsort(found, count, sizeof found[0], by_last_heard);
    for (size_t i = 0; i < count; i++)
        add(complete, "", found[i]->name, behind);
    free(found);
}

static size_t word_start(const struct editor *editor) {
    size_t at = editor->now.cursor;
    while (at > 0 && editor->now.at[at - 1] != ' ' &&
           editor->now.at[at - 1] != '\n')
        at--;
    return at;
}

static void gather(struct complete *complete, const struct model *model,
                   const struct editor *editor) {
    size_t from = word_start(editor);
    struct text word =
        text_slice(editor->now.at + from, editor->now.cursor - from);
    complete->from = from;
    complete->to = editor->now.cursor;
    complete->index = 0;
    if (from == 0 && text_begins(word, "/")) {
        add_commands(complete, word);
        return;
    }
    if (name_is_room(word)) {
        add_buffers(complete, model, BUFFER_ROOM, word, " ");
        return;
    }
    const char *behind = from == 0 ? ": " : " ";
    add_members(complete, model, word, behind);
    add_buffers(complete, model, BUFFER_PRIVATE, word, behind);
}

void complete_step(struct complete *complete, const struct model *model,
                   struct editor *editor, int step) {
    if (complete->count > 0) {
        size_t by = step > 0 ? 1 : complete->count - 1;
        complete->index = (complete->index + by) % complete->count;
    } else {
        gather(complete, model, editor);
        if (complete->count == 0) return;
    }
    struct text candidate = text_of(complete->candidates[complete->index]);
    editor_replace(editor, complete->from, complete->to, candidate);
    complete->to = editor->now.cursor;
}
