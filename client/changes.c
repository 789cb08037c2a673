#include "client/changes.h"

#include <stdlib.h>
#include <string.h>

#include "client/config_line.h"
#include "protocol/memory.h"

static char *keep(struct text text) {
    return memory_string(text.at, text.length);
}

static void drop(struct change *change) {
    free(change->section);
    free(change->name);
    free(change->value);
}

static void forget(struct changes *changes, size_t index) {
    struct change *at = &changes->list[index];
    drop(at);
    changes->count--;
    memmove(at, at + 1, (changes->count - index) * sizeof *at);
}

static bool is_about(const struct change *change, struct text section,
                     struct text name) {
    return change->name && text_equals(text_of(change->section), section) &&
           text_equals(text_of(change->name), name);
}

bool changes_put(struct changes *changes, struct text section, struct text name,
                 struct text value) {
    for (size_t i = changes->count; i > 0; i--)
        if (is_about(&changes->list[i - 1], section, name))
            forget(changes, i - 1);
    if (changes->count == CHANGES_MAX) return false;
    changes->list[changes->count++] =
        (struct change){keep(section), keep(name), keep(value)};
    return true;
}

bool changes_remove_section(struct changes *changes, struct text section) {
    for (size_t i = changes->count; i > 0; i--)
        if (text_equals(text_of(changes->list[i - 1].section), section))
            forget(changes, i - 1);
    if (changes->count == CHANGES_MAX) return false;
    changes->list[changes->count++] = (struct change){.section = keep(section)};
    return true;
}

void changes_clear(struct changes *changes) {
    while (changes->count > 0)
        drop(&changes->list[--changes->count]);
}

/* Where in the file a change belongs. */
struct spot {
    struct text value;  /* of the setting */
    size_t end;         /* behind the last line of its section that says
                           anything; 0: there is no such section */
    bool found, exists; /* the setting; the section */
};

static size_t offset(struct text file, struct text part) {
    return (size_t)(part.at - file.at);
}

/* The last one counts where a setting is there twice, as when it is read. */
static struct spot find(struct text file, const struct change *change) {
    struct text rest = file, section = text_of("");
    struct spot spot = {.exists = change->section[0] == '\0'};
    struct config_line line;
    while (config_next_line(&rest, &line)) {
        if (line.kind == CONFIG_SECTION) section = line.name;
        if (!config_same_section(section, text_of(change->section))) continue;
        spot.exists = true;
        if (line.kind != CONFIG_NOTHING)
            spot.end = offset(file, line.whole) + line.whole.length;
        if (line.kind != CONFIG_PAIR || !text_is(line.name, change->name))
            continue;
        spot.found = true;
        spot.value = line.value;
    }
    return spot;
}

/* The bytes [from, to) of the file are these. */
static char *splice(struct text file, size_t from, size_t to,
                    struct text with) {
    char *result = memory_new(file.length - (to - from) + with.length + 1, 1);
    memcpy(result, file.at, from);
    memcpy(result + from, with.at, with.length);
    memcpy(result + from + with.length, file.at + to, file.length - to);
    return result;
}

static void join(char *to, const char *const *pieces, size_t count) {
    for (size_t i = 0; i < count; i++)
        to = stpcpy(to, pieces[i]);
}

/* "\n[section]\nname = value\n", as much of it as is needed there. */
static char *insert(struct text file, const struct spot *spot,
                    const struct change *change) {
    bool open = spot->exists;
    size_t at = open ? spot->end : file.length;
    bool ended = at == 0 || file.at[at - 1] == '\n';
    const char *const pieces[] = {
        ended ? "" : "\n",
        !open && at > 0 ? "\n" : "",
        open ? "" : "[",
        open ? "" : change->section,
        open ? "" : "]\n",
        change->name,
        " = ",
        change->value,
        open && !ended ? "" : "\n",
    };
    enum { PIECES = sizeof pieces / sizeof *pieces };
    size_t length = 1;
    for (size_t i = 0; i < PIECES; i++)
        length += strlen(pieces[i]);
    char *with = memory_new(length, 1);
    join(with, pieces, PIECES);
    char *result = splice(file, at, at, text_of(with));
    free(with);
    return result;
}

/* Where there was no value, "name =" or a comment is close to it. */
static char *replace(struct text file, const struct spot *spot,
                     const char *value) {
    size_t from = offset(file, spot->value);
    size_t to = from + spot->value.length;
    bool tight = file.at[from - 1] == '=';
    bool comment = to < file.length && file.at[to] == '#';
    char *with = memory_new(strlen(value) + 3, 1);
    join(with,
         (const char *const[]){tight ? " " : "", value, comment ? " " : ""}, 3);
    char *result = splice(file, from, to, text_of(with));
    free(with);
    return result;
}

/* All of that name, where there are several. */
static char *cut_section(struct text file, const char *name) {
    char *left = memory_new(file.length + 1, 1), *to = left;
    struct text rest = file, before = file;
    struct config_line line;
    bool within = false;
    while (config_next_line(&rest, &line)) {
        if (line.kind == CONFIG_SECTION)
            within = config_same_section(line.name, text_of(name));
        size_t length = (size_t)(rest.at - before.at);
        if (!within) to = mempcpy(to, before.at, length);
        before = rest;
    }
    return left;
}

static char *apply(const struct change *change, struct text file) {
    if (!change->name) return cut_section(file, change->section);
    struct spot spot = find(file, change);
    if (spot.found) return replace(file, &spot, change->value);
    return insert(file, &spot, change);
}

char *changes_apply(const struct changes *changes, struct text file) {
    char *text = memory_string(file.at, file.length);
    size_t length = file.length;
    for (size_t i = 0; i < changes->count; i++) {
        char *next = apply(&changes->list[i], text_slice(text, length));
        free(text);
        text = next;
        length = strlen(text);
    }
    return text;
}
