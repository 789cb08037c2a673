/* Whatever is searched for, what the index is asked is a row of quoted
 * strings and nothing else. */
#include "server/query.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

/* Past one "...", in which quotes are doubled. */
static const char *after_string(const char *at) {
    must(*at++ == '"');
    while (*at != '"' || at[1] == '"') {
        must(*at != '\0');
        at += *at == '"' ? 2 : 1;
    }
    return at + 1;
}

static void is_strings_only(const char *match) {
    while (*match) {
        match = after_string(match);
        if (*match == '*') match++;
        if (!*match) return;
        must(*match++ == ' ');
        must(*match == '"');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct query query;
    struct text words = text_slice((const char *)data, size), wrong;
    if (!query_read(&query, words, 1786789800000, &wrong)) {
        must(wrong.length <= words.length);
        return 0;
    }
    must(strlen(query.match) < sizeof query.match);
    must(!query.from[0] || name_valid(text_of(query.from)));
    must(!query.in[0] || name_valid(text_of(query.in)) ||
         room_valid(text_of(query.in)));
    must(query.after >= 0 && query.before >= 0);
    is_strings_only(query.match);
    return 0;
}
