/* A small file of the state directory with one line about each server: its
 * name, a blank, and what is known of it. Any program of ours may change it at
 * any time: it is read anew whenever something is looked for, and a change is
 * made to what stands there when it is written, from one moment to the next
 * (file_replace). To read it is cheap; writing is for a worker thread. */
#ifndef MINICHAT_CLIENT_LEDGER_H
#define MINICHAT_CLIENT_LEDGER_H

#include "client/folder.h"

enum {
    LEDGER_MAX = 256 * 1024, /* bytes; a longer file is not read */
    LEDGER_NAME_SIZE = 320,  /* of a server: a host, a colon, a port */
};

struct ledger_change {
    struct ledger_change *next;
    struct ledger *ledger; /* that waits for it to be written */
    char *path, *name;
    char *rest; /* NULL: it is to be forgotten */
};

struct ledger {
    char path[FOLDER_PATH]; /* "": there is no place, it is kept in memory */
    struct bytes content;
    struct ledger_change *changes; /* to be written, in order */
    unsigned unwritten;            /* until 0 the file is behind our memory */
    int error; /* of errno(3): what was to be written was not; else 0 */
};

/* file: its name in the state directory. */
void ledger_init(struct ledger *ledger, const char *file);
void ledger_finish(struct ledger *ledger);
/* All of it, line by line; borrowed until the next call. */
struct text ledger_content(struct ledger *ledger);
/* What is known of that one; borrowed until the next call. */
bool ledger_find(struct ledger *ledger, struct text name, struct text *rest);
/* The rest is one line. */
void ledger_set(struct ledger *ledger, struct text name, struct text rest);
void ledger_forget(struct ledger *ledger, struct text name);

/* Content with a change made: appended to `to`. rest NULL: forgotten. */
void ledger_apply(struct bytes *to, struct text content, const char *name,
                  const char *rest);
/* The next change to be written, or NULL; it is the caller's. */
struct ledger_change *ledger_take(struct ledger *ledger);
/* Blocks. 0, or an error of errno(3). */
int ledger_write(const struct ledger_change *change);
void ledger_change_free(struct ledger_change *change);

#endif
