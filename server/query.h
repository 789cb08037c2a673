/* What people search for: words, a beginn* of one, "a phrase", from:NAME,
 * in:ROOM or in:NAME, before:DATE, after:DATE. All of it must hold. Pure: it
 * becomes the parts of a question of the index, with every word quoted, so
 * nothing of FTS5's own language can be written by a peer
 * (https://sqlite.org/fts5.html, 3.1). */
#ifndef MINICHAT_QUERY_H
#define MINICHAT_QUERY_H

#include "protocol/names.h"
#include "protocol/text.h"

enum { QUERY_MATCH_SIZE = 4096, QUERY_WORDS = 32 };

struct query {
    char match[QUERY_MATCH_SIZE]; /* FTS5: "build" "is green"; empty where only
                                     from: in: and dates were given */
    char from[NAME_SIZE];         /* empty: anybody */
    char in[ROOM_SIZE];           /* a room's or a person's name; empty:
                                     anywhere */
    int64_t after, before; /* Unix ms: from `after` on, and up to the one before
                              `before`; 0: no bound. after:DAY counts from the
                              end of that day, before:DAY to its beginning */
};

/* now: Unix ms, for "today", "yesterday" and "7d" (so long ago) as dates; else
 * YYYY-MM-DD or RFC 3339. Days are UTC. False: nothing is asked (*wrong is
 * empty), a name or a date is none, a key is given twice, or there are more
 * than QUERY_WORDS; *wrong, within words, is what is not understood. */
bool query_read(struct query *query, struct text words, int64_t now,
                struct text *wrong);

#endif
