#include "server/rolls.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "protocol/memory.h"

static bool load(struct roll *roll, char *error, size_t size) {
    roll->content = state_read(roll->state, roll->name, ROLL_MAX, &roll->length,
                               error, size);
    roll->size = roll->length;
    return roll->content != NULL;
}

bool roll_read(struct roll *roll, const struct state *state, const char *name,
               char *error, size_t size) {
    *roll = (struct roll){.state = state, .name = name, .held = -1};
    return load(roll, error, size);
}

/* The folder stays while its files are replaced. */
static int lock_folder(const struct roll *roll) {
    char folder[STATE_PATH_SIZE];
    errno = ENAMETOOLONG;
    if (!text_copy(text_of(roll->name), folder, sizeof folder)) return -1;
    *strrchr(folder, '/') = '\0';
    int fd = state_folder(roll->state, folder);
    if (fd < 0 || flock(fd, LOCK_EX) == 0) return fd;
    close(fd);
    return -1;
}

bool roll_change(struct roll *roll, const struct state *state, const char *name,
                 char *error, size_t size) {
    *roll = (struct roll){.state = state, .name = name};
    roll->held = lock_folder(roll);
    if (roll->held < 0) {
        snprintf(error, size, "cannot lock %s/%s: %s", state->path, name,
                 strerror(errno));
        return false;
    }
    if (load(roll, error, size)) return true;
    roll_close(roll);
    return false;
}

bool roll_next(struct roll *roll, struct text *line) {
    while (roll->next < roll->length) {
        struct text rest =
            text_after(text_slice(roll->content, roll->length), roll->next);
        roll->line = roll->next;
        roll->number++;
        *line = text_trim(text_piece(&rest, '\n'));
        roll->next = roll->length - rest.length;
        if (line->length && *line->at != '#') return true;
    }
    roll->line = roll->next;
    return false;
}

void roll_rewind(struct roll *roll) {
    roll->line = roll->next = 0;
    roll->number = 0;
}

void roll_drop(struct roll *roll) {
    memmove(roll->content + roll->line, roll->content + roll->next,
            roll->length - roll->next);
    roll->length -= roll->next - roll->line;
    roll->next = roll->line;
}

static bool is_line(struct text line) {
    if (!line.length || line.length > ROLL_LINE_MAX || *line.at == '#')
        return false;
    for (size_t i = 0; i < line.length; i++) {
        unsigned char byte = (unsigned char)line.at[i];
        if (byte < ' ' || byte == 0x7f) return false;
    }
    return true;
}

static void make_room(struct roll *roll, size_t most) {
    if (most <= roll->size) return;
    roll->size = most > 2 * roll->size ? most : 2 * roll->size;
    roll->content = memory_grow(roll->content, roll->size, 1);
}

static void append(struct roll *roll, struct text bytes) {
    memcpy(roll->content + roll->length, bytes.at, bytes.length);
    roll->length += bytes.length;
}

bool roll_add(struct roll *roll, struct text line, char *error, size_t size) {
    line = text_trim(line);
    if (!is_line(line)) {
        snprintf(error, size, "that cannot be a line of %s", roll->name);
        return false;
    }
    size_t longest = roll->length + line.length + 2;
    if (longest > ROLL_MAX) {
        snprintf(error, size, "%s/%s is full", roll->state->path, roll->name);
        return false;
    }
    make_room(roll, longest);
    bool is_open = roll->length && roll->content[roll->length - 1] != '\n';
    if (is_open) append(roll, text_of("\n"));
    append(roll, line);
    append(roll, text_of("\n"));
    return true;
}

bool roll_commit(struct roll *roll, char *error, size_t size) {
    return state_write(roll->state, roll->name,
                       text_slice(roll->content, roll->length), error, size);
}

void roll_close(struct roll *roll) {
    free(roll->content);
    if (roll->held >= 0) close(roll->held);
    *roll = (struct roll){.held = -1};
}
