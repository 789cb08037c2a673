/* Whatever stands in the lists of what is seen, and whatever is said: each line
 * has its importance, and what is found of words is a part of the text. */
#include "client/importance.h"

#include <stdlib.h>

#include "client/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void find(struct text words, struct text text) {
    struct needle needle;
    needle_init(&needle, words);
    must(needle.length <= NEEDLE_SIZE);
    struct text found = needle_find(&needle, text);
    must(found.at >= text.at &&
         found.at + found.length <= text.at + text.length);
    must(needle_find_word(&needle, text).length == 0 || found.length > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text rest = text_slice((const char *)data, size);
    struct taste taste = {
        .nick = text_piece(&rest, '\n'),
        .highlight = text_piece(&rest, '\n'),
        .ignore = text_piece(&rest, '\n'),
        .filter = text_piece(&rest, '\n'),
    };
    struct occasion occasion = {
        .nick = text_piece(&rest, '\n'),
        .host = text_piece(&rest, '\n'),
        .room = text_piece(&rest, '\n'),
        .body = rest,
        .kind = (enum occasion_kind)(size % OCCASION_KINDS),
    };
    must(importance_of(&occasion, &taste) <= IMPORTANCE_MENTION);
    (void)ignore_item_wrong(taste.ignore);
    find(taste.highlight, rest);
    return 0;
}
