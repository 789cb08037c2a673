#include "client/reactions.h"

#include <stdlib.h>
#include <string.h>

#include "client/cluster.h"
#include "protocol/memory.h"
#include "protocol/names.h"

/* Only what copy() gave. */
static void give_back(const char *string) {
    free((char *)(uintptr_t)string);
}

static void finish(struct reaction *one) {
    give_back(one->text);
    give_back(one->who);
    give_back(one->account);
}

void reactions_finish(struct reactions *reactions) {
    for (size_t i = 0; i < reactions->count; i++)
        finish(&reactions->list[i]);
    free(reactions->list);
    *reactions = (struct reactions){0};
}

static bool is_same_person(const struct reaction *a, const struct reaction *b) {
    if (a->own || b->own) return a->own && b->own;
    if (a->account[0] && b->account[0])
        return name_equals(text_of(a->account), text_of(b->account));
    return name_equals(text_of(a->who), text_of(b->who));
}

/* Its index, or count. */
static size_t find(const struct reactions *reactions,
                   const struct reaction *one) {
    size_t i = 0;
    while (i < reactions->count &&
           (strcmp(reactions->list[i].text, one->text) != 0 ||
            !is_same_person(&reactions->list[i], one)))
        i++;
    return i;
}

/* Is it the first of its kind? */
static bool leads(const struct reactions *reactions, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(reactions->list[i].text, reactions->list[index].text) == 0)
            return false;
    return true;
}

static bool has_room_for(const struct reactions *reactions, const char *text) {
    size_t kinds = 0;
    for (size_t i = 0; i < reactions->count; i++) {
        if (strcmp(reactions->list[i].text, text) == 0)
            return reactions->count < REACTIONS_MAX;
        kinds += leads(reactions, i);
    }
    return kinds < REACTIONS_KINDS && reactions->count < REACTIONS_MAX;
}

static char *copy(const char *string) {
    return memory_string(string, strlen(string));
}

bool reactions_add(struct reactions *reactions, const struct reaction *one) {
    if (find(reactions, one) < reactions->count) return false;
    if (!has_room_for(reactions, one->text)) return false;
    if (reactions->count == reactions->room) {
        reactions->room = 2 * reactions->room + 2;
        reactions->list = memory_grow(reactions->list, reactions->room,
                                      sizeof *reactions->list);
    }
    reactions->list[reactions->count++] = (struct reaction){
        copy(one->text), copy(one->who), copy(one->account), one->own};
    return true;
}

bool reactions_remove(struct reactions *reactions, const struct reaction *one) {
    size_t at = find(reactions, one);
    if (at == reactions->count) return false;
    finish(&reactions->list[at]);
    reactions->count--;
    memmove(reactions->list + at, reactions->list + at + 1,
            (reactions->count - at) * sizeof *reactions->list);
    return true;
}

const char *reactions_own(const struct reactions *reactions) {
    for (size_t i = reactions->count; i > 0; i--)
        if (reactions->list[i - 1].own) return reactions->list[i - 1].text;
    return NULL;
}

static size_t count_alike(const struct reactions *reactions, size_t index) {
    size_t count = 0;
    for (size_t i = index; i < reactions->count; i++)
        count +=
            strcmp(reactions->list[i].text, reactions->list[index].text) == 0;
    return count;
}

static void write_kind(struct writer *writer, const char *text) {
    struct text kind = text_of(text);
    size_t fits = text_fit(kind, REACTION_COLUMNS);
    write_text(writer, text_slice(text, fits));
    if (fits < kind.length) write_string(writer, "…");
}

void reactions_write(const struct reactions *reactions, struct writer *writer,
                     int columns) {
    size_t start = writer->length;
    for (size_t i = 0; i < reactions->count; i++) {
        size_t before = writer->length;
        if (!leads(reactions, i)) continue;
        if (before > start) write_string(writer, "  ");
        write_kind(writer, reactions->list[i].text);
        write_format(writer, " %zu", count_alike(reactions, i));
        if (text_columns(text_after(writer_text(writer), start)) <= columns)
            continue;
        writer->length = before;
        return;
    }
}

void reactions_write_names(const struct reactions *reactions,
                           struct writer *writer) {
    for (size_t i = 0; i < reactions->count; i++) {
        const char *text = reactions->list[i].text;
        if (!leads(reactions, i)) continue;
        if (i > 0) write_string(writer, " · ");
        write_kind(writer, text);
        for (size_t j = i; j < reactions->count; j++) {
            if (strcmp(reactions->list[j].text, text) != 0) continue;
            write_string(writer, j > i ? ", " : " ");
            write_string(writer, reactions->list[j].who);
        }
    }
}
