/* What a person writes to find lines:
 *   disk alarm from:ben in:#ops after:2026-11-01 before:2026-11-22 since:2d
 * for the server, as the attributes of SEARCH (codeberg.org/emersion/soju
 * doc/ext/search.md), or for what is kept here. */
#ifndef MINICHAT_CLIENT_SEARCH_H
#define MINICHAT_CLIENT_SEARCH_H

#include "protocol/text.h"
#include "protocol/writer.h"

enum {
    SEARCH_LINES = 50,       /* found at most */
    SEARCH_WORDS_SIZE = 512, /* of all words, a NUL after them */
    SEARCH_NAME_SIZE = 256,
};

struct search {
    char words[SEARCH_WORDS_SIZE];
    char from[SEARCH_NAME_SIZE], in[SEARCH_NAME_SIZE]; /* "": anybody, anywhere
                                                        */
    int64_t after, before; /* Unix milliseconds, 0: any time */
};

/* A line that was said. */
struct search_line {
    struct text nick, room, body;
    int64_t when;
};

/* A day begins at midnight where we are (TZ). Returns what is wrong, NULL where
 * nothing is. */
const char *search_read(struct search *search, struct text words, int64_t now);
/* "text=disk\salarm;from=ben;…" */
void search_write(const struct search *search, struct writer *writer);
/* Has it all words, in any letter case, and is from then, there and them? */
bool search_finds(const struct search *search, const struct search_line *line);

#endif
