#include "client/importance.h"

#include <string.h>

#include "client/fold.h"
#include "protocol/names.h"

static const char *const KINDS[] = {
    [OCCASION_SAID] = "said",
    [OCCASION_NOTICED] = "notices",
    [OCCASION_COMES] = "comings",
};

bool list_next(struct text *list, struct text *item) {
    while (list->length > 0) {
        *item = text_trim(text_piece(list, ','));
        if (item->length > 0) return true;
    }
    return false;
}

bool list_has(struct text list, struct text item) {
    struct text other;
    while (list_next(&list, &other))
        if (text_equals_folded(other, item)) return true;
    return false;
}

static bool is_pattern(struct text item) {
    return text_find(item, '*') < item.length ||
           text_find(item, '?') < item.length;
}

static bool is_like_a_word(struct text pattern, struct text line) {
    while (line.length > 0)
        if (name_matches(pattern, text_word(&line))) return true;
    return false;
}

static bool is_highlighted(struct text list, struct text line) {
    struct text item;
    while (list_next(&list, &item)) {
        if (!is_pattern(item) && fold_has_word(line, item)) return true;
        if (!is_pattern(item)) continue;
        if (name_matches(item, line) || is_like_a_word(item, line)) return true;
    }
    return false;
}

static bool is_filtered(struct text list, struct text line) {
    struct text item;
    while (list_next(&list, &item)) {
        struct needle needle;
        needle_init(&needle, item);
        if (is_pattern(item) ? name_matches(item, line)
                             : needle_find(&needle, line).length > 0)
            return true;
    }
    return false;
}

/* "nick!user@host", "nick" or "user@host". */
static bool is_masked(struct text mask, const struct occasion *occasion) {
    bool whole = text_find(mask, '!') < mask.length;
    bool host = text_find(mask, '@') < mask.length;
    if (!whole && host) return name_matches(mask, occasion->host);
    struct text nick = text_piece(&mask, '!');
    if (!name_matches(nick, occasion->nick)) return false;
    return mask.length == 0 || name_matches(mask, occasion->host);
}

static bool find_kind(struct text word, enum occasion_kind *kind) {
    for (unsigned i = 0; i < OCCASION_KINDS; i++) {
        *kind = (enum occasion_kind)i;
        if (text_equals_folded(word, text_of(KINDS[i]))) return true;
    }
    return false;
}

/* The words behind the mask; where there are none of a sort, all are meant. */
static bool is_meant(struct text words, const struct occasion *occasion) {
    bool kinds = false, rooms = false, kind_is = false, room_is = false;
    while (words.length > 0) {
        enum occasion_kind kind;
        struct text word = text_word(&words);
        bool of_kind = find_kind(word, &kind);
        if (of_kind && kind == occasion->kind) kind_is = true;
        if (!of_kind && name_equals(word, occasion->room)) room_is = true;
        kinds |= of_kind;
        rooms |= !of_kind;
    }
    return (kind_is || !kinds) && (room_is || !rooms);
}

static bool is_ignored(struct text list, const struct occasion *occasion) {
    struct text item;
    while (list_next(&list, &item)) {
        struct text mask = text_word(&item);
        if (is_masked(mask, occasion) && is_meant(item, occasion)) return true;
    }
    return false;
}

enum importance importance_of(const struct occasion *occasion,
                              const struct taste *taste) {
    bool comes = occasion->kind == OCCASION_COMES;
    if (occasion->own) return IMPORTANCE_QUIET;
    if (occasion->below || is_ignored(taste->ignore, occasion))
        return IMPORTANCE_IGNORED;
    if (comes) return IMPORTANCE_NOISE;
    if (is_filtered(taste->filter, occasion->body)) return IMPORTANCE_IGNORED;
    if (occasion->to_us) return IMPORTANCE_MENTION;
    if (taste->nick.length > 0 && fold_has_word(occasion->body, taste->nick))
        return IMPORTANCE_MENTION;
    return is_highlighted(taste->highlight, occasion->body) ? IMPORTANCE_MENTION
                                                            : IMPORTANCE_NORMAL;
}

const char *list_item_wrong(struct text item) {
    if (text_find(item, ',') < item.length) return "it has a comma";
    return item.length < LIST_ITEM_SIZE ? NULL : "it is too long";
}

const char *ignore_item_wrong(struct text item) {
    const char *wrong = list_item_wrong(item);
    (void)text_word(&item);
    while (item.length > 0 && !wrong) {
        enum occasion_kind kind;
        struct text word = text_word(&item);
        bool room = strchr("#&+!", word.at[0]) != NULL;
        if (!room && !find_kind(word, &kind))
            wrong = "behind the name there may be said, notices, comings, or "
                    "a room";
    }
    return wrong;
}
