/* Which command was meant by what is none. */
#include <string.h>

#include "client/commands_parts.h"

enum { NEAR = 2, LONGEST = 16 };

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

static bool swapped(const char *name, struct text word, size_t i, size_t j) {
    return i > 1 && j > 1 && name[i - 1] == text_fold(word.at[j - 2]) &&
           name[i - 2] == text_fold(word.at[j - 1]);
}

/* Insertions, deletions, other letters and swapped neighbours (optimal string
 * alignment) between a name and a word that are not longer than LONGEST. */
static size_t distance(const char *name, struct text word) {
    size_t rows[LONGEST + 1][LONGEST + 1], length = strlen(name);
    for (size_t i = 0; i <= length; i++)
        for (size_t j = 0; j <= word.length; j++) {
            rows[i][j] = i + j; /* right where one of them is 0 */
            if (i == 0 || j == 0) continue;
            bool same = name[i - 1] == text_fold(word.at[j - 1]);
            rows[i][j] = least(rows[i - 1][j], rows[i][j - 1]) + 1;
            rows[i][j] = least(rows[i][j], rows[i - 1][j - 1] + !same);
            if (swapped(name, word, i, j))
                rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    return rows[length][word.length];
}

/* A short word is near to everything, so it must be nearer. */
const struct command *command_meant(struct text name) {
    const struct command *nearest = NULL;
    size_t best = name.length < 4 ? NEAR : NEAR + 1;
    if (name.length < 2 || name.length > LONGEST) return NULL;
    for (const struct command *c = NULL; (c = command_after(c));) {
        if (strlen(c->name) > LONGEST) continue;
        size_t d = distance(c->name, name);
        if (d == best) nearest = NULL; /* two are as near: none is meant */
        if (d >= best) continue;
        best = d;
        nearest = c;
    }
    return nearest;
}
