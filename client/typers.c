#include "client/typers.h"

#include <stdlib.h>
#include <string.h>

#include "client/cluster.h"
#include "protocol/memory.h"
#include "protocol/names.h"

enum { NAME_COLUMNS = 16 };

void typers_finish(struct typers *typers) {
    for (size_t i = 0; i < typers->count; i++)
        free(typers->list[i].name);
    free(typers->list);
    *typers = (struct typers){0};
}

static void take_out(struct typers *typers, size_t at) {
    free(typers->list[at].name);
    typers->count--;
    memmove(typers->list + at, typers->list + at + 1,
            (typers->count - at) * sizeof *typers->list);
}

/* Its index, or count. */
static size_t find(const struct typers *typers, struct text name) {
    size_t i = 0;
    while (i < typers->count &&
           !name_equals(text_of(typers->list[i].name), name))
        i++;
    return i;
}

void typers_put(struct typers *typers, struct text name, enum typing typing,
                int64_t now) {
    size_t at = find(typers, name);
    bool known = at < typers->count;
    if (typing == TYPING_DONE) {
        if (known) take_out(typers, at);
        return;
    }
    if (!known && typers->count == TYPERS_MAX) return;
    if (!typers->list)
        typers->list = memory_new(TYPERS_MAX, sizeof *typers->list);
    if (!known)
        typers->list[typers->count++].name =
            memory_string(name.at, name.length);
    typers->list[at].until =
        now + (typing == TYPING_ACTIVE ? TYPERS_ACTIVE_MS : TYPERS_PAUSED_MS);
}

/* A clock that was set back makes nobody type for longer. */
int64_t typers_age(struct typers *typers, int64_t now) {
    int64_t next = 0;
    for (size_t i = typers->count; i > 0; i--) {
        int64_t left = typers->list[i - 1].until - now;
        if (left <= 0 || left > TYPERS_PAUSED_MS)
            take_out(typers, i - 1);
        else if (next == 0 || left < next)
            next = left;
    }
    return next;
}

static void write_name(struct writer *writer, const struct typer *typer) {
    struct text name = text_of(typer->name);
    size_t fits = text_fit(name, NAME_COLUMNS);
    write_text(writer, text_slice(name.at, fits));
    if (fits < name.length) write_string(writer, "…");
}

void typers_write(const struct typers *typers, struct writer *writer) {
    if (typers->count == 0) return;
    if (typers->count > 2)
        write_format(writer, "%zu people", typers->count);
    else
        write_name(writer, &typers->list[0]);
    if (typers->count == 2) {
        write_string(writer, " and ");
        write_name(writer, &typers->list[1]);
    }
    write_string(writer, typers->count > 1 ? " are typing…" : " is typing…");
}
