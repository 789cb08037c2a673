/* What the files history_*.c share: one connection that reads, and one
 * question that it answers. Not for others. */
#ifndef MINICHAT_HISTORY_INSIDE_H
#define MINICHAT_HISTORY_INSIDE_H

#include <sqlite3.h>

#include "server/history.h"

enum history_statement {
    FIND_ACCOUNT, /* name: id */
    FIND_ROOM,    /* name: id */
    FIND_PAIR,    /* low, high: id */
    NAME_ROOM,    /* id: name */
    NAME_PAIR,    /* id: low, high, and the accounts' names */
    LIST_PAIRS,   /* of one key */
    LINES_UP,     /* place, after, before, limit: the oldest, oldest first */
    LINES_DOWN,   /* the newest, newest first */
    ALL_UP,       /* the same with happenings */
    ALL_DOWN,
    COUNT_LINES, /* place, after, before, most */
    COUNT_ALL,   /* the same with happenings */
    TAKEN_BACK,  /* place, after, before, most: the newest */
    REACTIONS,   /* place, first line, last line, most: the newest lines' */
    LINE_BY_ID,
    LINE_BY_NONCE,    /* nonce, account, of a guest: name!ident@host */
    COUNT_NONCE,      /* nonce, account: 0 or 1 */
    LINES_WRITTEN_TO, /* key, after, limit, account */
    COUNT_OTHERS,     /* place, after, account, limit */
    NEWEST,           /* place: id, at */
    FIND_WORDS,       /* match, after, before: ids, newest first */
    TAIL_BEGIN,       /* after, lines: id from which on there are so many */
    HISTORY_STATEMENTS
};

enum {
    KEY_SIZE = NAME_SIZE + 1, /* of a pair's one: "ada", "~bob" */
    HISTORY_TAIL = 4096,      /* lines that are found before they are indexed */
};

/* A connection and its statements, each prepared when it is first needed. */
struct reader {
    sqlite3 *db;
    sqlite3_stmt *statements[HISTORY_STATEMENTS];
    struct tail *tail; /* NULL until something was searched for */
    int trouble;       /* SQLite's result of the last question; 0: fine */
};

/* Where something was said, by names. */
struct venue {
    int64_t place;
    char room[ROOM_SIZE];
    char low[KEY_SIZE], high[KEY_SIZE]; /* a pair's keys */
    char low_name[NAME_SIZE], high_name[NAME_SIZE];
};

/* Ids between these two, which are left out, in this place. */
struct range {
    int64_t place, after, before;
};

/* One question under way. */
struct inquiry {
    struct reader *reader;
    const struct question *question;
    struct recall *recall;
    int64_t self; /* the account's id; 0: a guest */
    char self_key[KEY_SIZE];
    unsigned limit;
    struct venue venue; /* the last that was looked up */
    struct range span;  /* what the page is all of; place 0: none */
    size_t kept_size, bytes_used, bytes_size;
    bool newest; /* of too many, the newest are kept */
    bool failed; /* reader->trouble says why */
};

void reader_init(struct reader *reader, sqlite3 *db);
/* The connection stays open. */
void reader_finish(struct reader *reader);
/* Answers; false: failed, see reader->trouble. */
bool reader_answer(struct reader *reader, const struct question *question,
                   struct recall *recall);

/* The statement, reset; NULL, and failed, where the database refuses. */
sqlite3_stmt *inquiry_ask(struct inquiry *inquiry,
                          enum history_statement which);
void inquiry_bind(sqlite3_stmt *statement, int number, struct text text);
/* An id as SQLite has it, a signed number; 0 stands for no bound. */
int64_t inquiry_bound(uint64_t id, int64_t otherwise);
/* The next row? A refusal is noted. The statement is reset after the last. */
bool inquiry_step(struct inquiry *inquiry, sqlite3_stmt *statement);
/* The first column of the first row; 0: there is none. */
int64_t inquiry_number(struct inquiry *inquiry, sqlite3_stmt *statement);
/* Adds the line or happening that the statement stands on. */
void inquiry_add_row(struct inquiry *inquiry, sqlite3_stmt *row);
void inquiry_add(struct inquiry *inquiry, const struct kept *kept);
/* Where it was said, by names: from kept->place. */
void inquiry_fill_in(struct inquiry *inquiry, struct kept *kept);
/* What is in a column of text, until the next step. */
struct text inquiry_column(sqlite3_stmt *row, int number);
const struct venue *inquiry_venue(struct inquiry *inquiry, int64_t place);
/* The place of what `self` and `whom` said to each other; 0: nothing yet. */
int64_t inquiry_pair(struct inquiry *inquiry, struct text whom);
/* All is added: puts it in order of ids, keeps `limit` of it. */
void inquiry_settle(struct inquiry *inquiry);
/* The first result of a refusal is kept as reader->trouble. */
void inquiry_fail(struct inquiry *inquiry, int result);

/* All is in order: adds what stands beside it. */
void inquiry_look_beside(struct inquiry *inquiry);

/* ASK_SEARCH. */
void inquiry_search(struct inquiry *inquiry);

/* The newest lines that are not yet in the index, in one of their own, in
 * memory: so the very same questions find them. */
void tail_free(struct tail *tail);
/* Brings it up to what the inquiry sees, where lines up to `indexed` are in
 * the index: the statement FIND_WORDS for it, reset; NULL: failed. */
sqlite3_stmt *tail_ask(struct inquiry *inquiry, int64_t indexed);
/* What FIND_WORDS asks. */
const char *reader_question(enum history_statement which);

/* Reads the nonces that are on disk into house->nonces, slice by slice in
 * worker threads. *owner is NULL again when it has ended. */
struct loader;
void loader_start(struct loader **owner, struct house *house, uv_loop_t *loop,
                  const struct state *state);
/* No more is added; the loop must run until it has ended. NULL is accepted. */
void loader_stop(struct loader *loader);

#endif
