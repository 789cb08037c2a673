/* What lies on the desk: taken up when the program ends, and laid out again
 * when it begins. */
#include "client/model_parts.h"

#include <stdlib.h>
#include <string.h>

#include "client/secrecy.h"

/* A server's buffer, whatever it is called next time. */
static const char SERVER[] = "*";

static struct text name_of(const struct buffer *buffer) {
    return text_of(buffer->kind == BUFFER_SERVER ? SERVER : buffer->name);
}

/* Taking it up ------------------------------------------------------------- */

static void take_draft(const struct model *model, const struct buffer *buffer,
                       struct bytes *to) {
    struct table_entry entry = {
        .kind = TABLE_DRAFT,
        .pasted = buffer->editor.now.pasted_start,
        .when = model->now,
        .room = name_of(buffer),
        .text = editor_text(&buffer->editor),
    };
    if (entry.text.length == 0 || secrecy_typed(entry.text)) return;
    table_write_one(to, &entry);
}

static void take_sent(const struct buffer *buffer, struct bytes *to) {
    struct table_entry entry = {.kind = TABLE_SENT, .room = name_of(buffer)};
    for (size_t i = 0; i < buffer->editor.sent_count; i++) {
        entry.text = text_of(buffer->editor.sent[i]);
        if (!secrecy_typed(entry.text)) table_write_one(to, &entry);
    }
}

void model_take_table(const struct model *model, const struct network *network,
                      struct bytes *to) {
    struct table_entry entry = {.kind = TABLE_OPEN};
    for (size_t i = 0; i < model->buffer_count; i++) {
        const struct buffer *buffer = model->buffers[i];
        if (buffer->network != network) continue;
        entry.room = text_of(buffer->name);
        if (buffer->kind == BUFFER_PRIVATE) table_write_one(to, &entry);
        take_draft(model, buffer, to);
        take_sent(buffer, to);
    }
}

/* Enough to see that something has changed: all of the current draft, and how
 * much there is of the others, which nobody touches. */
uint64_t model_table_mark(const struct model *model,
                          const struct network *network) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < model->buffer_count; i++) {
        const struct buffer *buffer = model->buffers[i];
        if (buffer->network != network) continue;
        const struct editor *editor = &buffer->editor;
        struct text text = editor_text(editor);
        hash = (hash ^ text.length) * 0x100000001B3u;
        hash = (hash ^ editor->sent_count) * 0x100000001B3u;
        if (editor->sent_count == EDITOR_HISTORY)
            hash ^= (uintptr_t)editor->sent[EDITOR_HISTORY - 1];
        for (size_t j = 0; buffer == model->current && j < text.length; j++)
            hash = (hash ^ (unsigned char)text.at[j]) * 0x100000001B3u;
    }
    return hash;
}

/* Laying it out ------------------------------------------------------------ */

static struct buffer *place_of(struct model *model, struct network *network,
                               const struct table_entry *entry) {
    if (text_is(entry->room, SERVER)) return network->server;
    if (entry->kind == TABLE_OPEN && !name_is_room(entry->room))
        return model_open(model, network, entry->room);
    return model_find(model, network, entry->room);
}

/* What was pasted is still not to be carried out. */
static void lay_draft(struct editor *editor, const struct table_entry *entry) {
    if (editor_set(editor, entry->text))
        editor->now.pasted_start = entry->pasted;
}

static void lay(struct buffer *buffer, const struct table_entry *entry) {
    struct editor *editor = &buffer->editor;
    bool draft = entry->kind == TABLE_DRAFT;
    if (entry->kind == TABLE_OPEN) return;
    if (draft && editor_text(editor).length == 0)
        lay_draft(editor, entry);
    else
        editor_remember(editor, entry->text);
}

void model_lay_table(struct model *model, struct network *network,
                     struct table *table) {
    size_t i = 0;
    while (i < table->count) {
        struct buffer *buffer = place_of(model, network, table->list[i]);
        if (!buffer) {
            i++;
            continue;
        }
        struct table_entry *entry = table_take(table, i);
        lay(buffer, entry);
        free(entry);
        model->stale = true;
    }
}
