/* Text in which letter case does not matter, in any script (Unicode's case
 * folding, through utf8proc): to look for words in what people said. Words of
 * ASCII alone are found in ASCII alone ("STRASSE" is not in "Straße"). */
#ifndef MINICHAT_CLIENT_FOLD_H
#define MINICHAT_CLIENT_FOLD_H

#include "protocol/text.h"

enum { NEEDLE_SIZE = 512 }; /* bytes; of longer words the beginning counts */

/* Words that are looked for. */
struct needle {
    char bytes[NEEDLE_SIZE];
    size_t length;
    bool ascii;
};

void needle_init(struct needle *needle, struct text words);
/* The first place in the text where the words stand, a part of the text. Empty
 * where they do not, or where there are none. */
struct text needle_find(const struct needle *needle, struct text text);
/* The same where they are words of their own: no letter, digit or other part
 * of a name is beside them. */
struct text needle_find_word(const struct needle *needle, struct text text);
/* Is the name in that text as a word of its own? */
bool fold_has_word(struct text text, struct text word);

#endif
