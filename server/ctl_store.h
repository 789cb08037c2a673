/* What minichatctl's commands on minichat.db share: how it is opened, what is
 * in it, and files that are whole or not there. */
#ifndef MINICHAT_CTL_STORE_H
#define MINICHAT_CTL_STORE_H

#include <jansson.h>
#include <stdio.h>

#include "server/ctl.h"
#include "server/store.h"

/* One table of the store, as it is exported; columns up to NULL. */
struct ctl_table {
    const char *name;
    const char *columns[12];
    const char *order;
    bool has_key; /* order is one column, an integer, unique */
};

/* The tables, each after those that it refers to; NULL after the last. */
const struct ctl_table *ctl_table(size_t number);
/* NULL where there is none of that name. */
const struct ctl_table *ctl_table_named(const char *name);

/* A connection; NULL, with a sentence. */
sqlite3 *ctl_open(struct ctl *ctl, enum store_use use);
/* Fails with what the database says; what: "read". */
int ctl_fail_by(struct ctl *ctl, sqlite3 *db, const char *what);
bool ctl_run(struct ctl *ctl, sqlite3 *db, const char *sql);
/* A statement to be finalized, NULL, with a sentence. */
sqlite3_stmt *ctl_ask(struct ctl *ctl, sqlite3 *db, const char *sql);
/* The answer to a question that has one number; false, with a sentence. */
bool ctl_number(struct ctl *ctl, sqlite3 *db, const char *sql, int64_t *number);
/* What is in a column, until the next step. */
struct text ctl_column(sqlite3_stmt *statement, int column);
/* Of minichat.db and its -wal; 0 where there is none. */
int64_t ctl_file_size(const struct ctl *ctl, const char *name);
/* Adds a sentence to an array of them. */
void ctl_tell(json_t *sentences, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Prints with an end of line, and frees. */
void ctl_print_json(json_t *value);
/* What contradicts what the server would have written: a sentence for each.
 * False, with a sentence, where it cannot be read. */
bool ctl_examine(struct ctl *ctl, sqlite3 *db, json_t *problems);

/* Takes out the rows that could not be, with a sentence for each kind. */
bool ctl_leave_out(struct ctl *ctl, sqlite3 *db, json_t *left_out);

/* A file that is written beside, as PATH.new, and is at its place whole or
 * not at all; one that is there is never replaced. */
struct ctl_draft {
    const char *path;
    char beside[STATE_PATH_SIZE];
};

/* 0600, open for writing. -1, with a sentence. */
int ctl_draft_make(struct ctl *ctl, struct ctl_draft *draft, const char *path);
/* It is on disk under its name; false, with a sentence: it is gone. */
bool ctl_draft_keep(struct ctl *ctl, struct ctl_draft *draft);
void ctl_draft_drop(const struct ctl_draft *draft);

#endif
