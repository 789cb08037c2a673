/* What chores.c and chores_trim.c share. Not for others. */
#ifndef MINICHAT_CHORES_INSIDE_H
#define MINICHAT_CHORES_INSIDE_H

#include "server/chores.h"

enum chores_statement {
    DATA_VERSION,
    NEWEST_LINE,
    COUNT_LINES, /* after, most */
    INDEX_LINE,  /* id, body, meta */
    UNINDEX_LINE,
    NEXT_ROOM, /* after: id, name */
    NEXT_PAIR,
    WALK_LINES, /* place, before, how many to pass: the id there */
    WALK_HAPPENINGS,
    OLDEST_LINES, /* place, before, most */
    DELETE_LINE,
    DELETE_REACTIONS,  /* place, line */
    DELETE_HAPPENINGS, /* place, before, most */
    DELETE_NONCES,     /* before, most */
    DELETE_AUDIT,      /* before (Unix ms), as many of rooms are kept, most */
    DELETE_AUDIT_REST, /* as many others are kept, most */
    DELETE_MEMBERS,    /* of a room */
    DELETE_ROOM,
    MERGE_INDEX, /* pages; below 0: begins with all parts */
    END_PURGE,   /* as of this redaction */
    CHORES_STATEMENTS
};

/* One walk through all places, in which what is too old is erased. */
struct sweep {
    enum {
        SWEEP_ROOMS,
        SWEEP_PAIRS,
        SWEEP_NONCES,
        SWEEP_AUDIT,
        SWEEP_DONE
    } phase;
    int64_t last;      /* the room or pair looked at last */
    bool is_at_place;  /* that one is being worked on */
    bool is_gone;      /* it is a room that nobody may read any more */
    bool happenings;   /* of its two tables, the second */
    unsigned lines;    /* as many of it are kept; 0: all */
    unsigned passed;   /* so many of them were passed */
    int64_t by_days;   /* what is before this id is too old */
    int64_t before;    /* and this is what has been found out so far */
    int64_t place, at; /* and how far the walk back in time has come */
};

struct chores {
    sqlite3 *db;
    sqlite3_stmt *statements[CHORES_STATEMENTS];
    sqlite3_stmt *lines; /* chores_lines */
    struct chores_plan plan;
    int64_t data_version; /* as of the last step */
    uint64_t unindexed;
    int pages, largest; /* of the write-ahead log: now, since it was cut */
    int tried;          /* how many it had when moving all was not possible */
    struct sweep sweep;
    int64_t next_sweep; /* Unix ms */
    int64_t purging;    /* after this redaction; 0: it has not begun */
    int64_t next_purge; /* Unix ms, not before */
    bool failed;        /* this step */
};

/* The statement, ready; what a step of it could not do makes the chore fail. */
sqlite3_stmt *chores_use(struct chores *chores, enum chores_statement which);
/* The next row? */
bool chores_row(struct chores *chores, sqlite3_stmt *statement);
/* Runs it to its end: the first number of the first row, 0 without. */
int64_t chores_run(struct chores *chores, sqlite3_stmt *statement);
bool chores_begin(struct chores *chores);
void chores_commit(struct chores *chores);
/* Is the line in the index? Then it is taken out of it. */
void chores_unindex(struct chores *chores, int64_t id, int64_t indexed);

/* All is moved from the log into the database, and the log is cut to nothing;
 * false: somebody reads in it. */
bool chores_empty_log(struct chores *chores);

/* Is there something that was taken back, and time for it? */
bool chores_purge_is_due(const struct chores *chores, int64_t now);
/* One step. */
void chores_purge(struct chores *chores, int64_t now);

/* One step of the sweep; sweep.phase says where it is. */
void chores_sweep(struct chores *chores, int64_t now);

#endif
