/* A program on a terminal of its own: a pty, seen through libvterm. It is the
 * terminal, so what the program draws is compared as a person would see it.
 * The program dies with this process. */
#ifndef MINICHAT_TERMINAL_H
#define MINICHAT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>
#include <vterm.h>

#include "protocol/text.h"

enum {
    TITLE_SIZE = 256,
    ROW_SIZE = 4096,
    RAW_MAX = 1 << 20, /* bytes kept of what was written; the older half goes */
};

struct terminal {
    VTerm *vterm;
    VTermScreen *screen;
    int fd; /* our end of the pty */
    int rows, columns;
    pid_t program;
    bool ended; /* everybody has closed the other end */
    VTermPos cursor;
    bool cursor_visible, alternate, mouse, bracketed, focus;
    unsigned bells;
    char title[TITLE_SIZE];
    char aside[TITLE_SIZE]; /* a title that was put aside */
    char last[8];           /* the end of what was written, to find modes in */
    char *raw;              /* what was written, as it came */
    size_t raw_length;
    uint64_t written; /* bytes in all */
    bool stalled;     /* nobody reads it for a while */
    FILE *record;     /* what was written goes there too; NULL: nowhere */
};

/* Runs a shell command line in directory home, which becomes its HOME, as
 * user (0: as we are). NULL where there is no pty. */
struct terminal *terminal_open(const char *command, const char *home,
                               const char *path, uid_t user, int rows,
                               int columns);
/* Kills the program if it still runs. NULL is accepted. */
void terminal_close(struct terminal *terminal);

/* Reads what was written; never waits. */
void terminal_read(struct terminal *terminal);
/* Types bytes. False where the program does not take them. */
bool terminal_type(struct terminal *terminal, struct text bytes);
void terminal_resize(struct terminal *terminal, int rows, int columns);
/* The row as UTF-8 without blanks at its end. */
struct text terminal_row(const struct terminal *terminal, int row,
                         char bytes[ROW_SIZE]);

#endif
