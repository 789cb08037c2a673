/* What was sent before, searched for as one types. */
#include <string.h>

#include "client/cluster.h"
#include "client/model.h"
#include "protocol/utf8.h"

/* The n-th line sent: those of this buffer, the newest first, then those of
 * the others. */
static const char *sent_line(const struct model *model, size_t n) {
    const struct editor *editor = &model->current->editor;
    if (n < editor->sent_count) return editor->sent[editor->sent_count - 1 - n];
    n -= editor->sent_count;
    for (size_t i = 0; i < model->buffer_count; i++) {
        editor = &model->buffers[i]->editor;
        if (model->buffers[i] == model->current) continue;
        if (n < editor->sent_count)
            return editor->sent[editor->sent_count - 1 - n];
        n -= editor->sent_count;
    }
    return NULL;
}

static bool is_repeated(const struct model *model, size_t n) {
    const char *line = sent_line(model, n);
    for (size_t i = 0; i < n; i++)
        if (strcmp(sent_line(model, i), line) == 0) return true;
    return false;
}

/* In any letter case of ASCII. */
static bool holds(struct text line, struct text words) {
    for (; line.length >= words.length; line = text_after(line, 1)) {
        struct text here = text_slice(line.at, words.length);
        if (text_equals_folded(here, words)) return true;
        if (line.length == 0) break;
    }
    return false;
}

static struct text words_of(const struct recall *recall) {
    return text_slice(recall->words, recall->length);
}

struct text model_recalled(const struct model *model) {
    const struct recall *recall = &model->recall;
    size_t skip = recall->skip;
    const char *line;
    if (recall->length == 0) return text_of("");
    for (size_t n = 0; (line = sent_line(model, n)); n++) {
        if (!holds(text_of(line), words_of(recall))) continue;
        if (is_repeated(model, n)) continue;
        if (skip-- == 0) return text_of(line);
    }
    return text_of("");
}

void model_recall(struct model *model) {
    model->recall = (struct recall){.open = true};
    model->stale = true;
}

void model_recall_type(struct model *model, struct text text) {
    struct recall *recall = &model->recall;
    size_t room = sizeof recall->words - recall->length;
    recall->length += utf8_plain(text, recall->words + recall->length, room);
    recall->skip = 0;
    model->stale = true;
}

void model_recall_rub(struct model *model) {
    struct recall *recall = &model->recall;
    recall->length = cluster_before(words_of(recall), recall->length);
    recall->skip = 0;
    model->stale = true;
}

/* At the oldest it stays. */
void model_recall_older(struct model *model) {
    model->stale = true;
    model->recall.skip++;
    if (model_recalled(model).length == 0) model->recall.skip--;
}

void model_recall_end(struct model *model, bool take) {
    struct editor *editor = &model->current->editor;
    struct text found = model_recalled(model);
    if (take && found.length > 0)
        editor_replace(editor, 0, editor_text(editor).length, found);
    model->recall = (struct recall){0};
    model->stale = true;
}
