#include "protocol/skeleton.h"

#include <string.h>

static const char *const officials[] = {
    "admin",   "administrator", "all",      "channel",   "daemon",  "everyone",
    "here",    "irc",           "minichat", "minichatd", "mod",     "moderator",
    "network", "nobody",        "operator", "oper",      "owner",   "root",
    "server",  "service",       "services", "staff",     "support", "sysadmin",
    "sysop",   "system",        "you",
};

/* clang-format off */
static const struct {
    char looks_like[3], one;
} pairs[] = {
    {"rn", 'm'}, {"vv", 'w'},
};
/* clang-format on */

static char simplify(char byte) {
    switch (name_fold(byte)) {
    case '0': return 'o';
    case '1':
    case 'i':
    case '|': return 'l';
    case '5': return 's';
    case '-':
    case '.': return '_';
    default: return name_fold(byte);
    }
}

/* What the last two bytes are together, or 0. */
static char joined(const char *last) {
    if (last[0] == '_' && last[1] == '_') return '_';
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (memcmp(last, pairs[i].looks_like, 2) == 0) return pairs[i].one;
    return '\0';
}

void skeleton_of(struct text name, char to[NAME_SIZE]) {
    size_t length = 0;
    for (size_t i = 0; i < name.length && length < NAME_SIZE - 1; i++) {
        to[length++] = simplify(name.at[i]);
        char one = length > 1 ? joined(to + length - 2) : '\0';
        if (one) to[--length - 1] = one;
    }
    to[length] = '\0';
}

bool skeleton_alike(struct text a, struct text b) {
    char x[NAME_SIZE], y[NAME_SIZE];
    skeleton_of(a, x);
    skeleton_of(b, y);
    return strcmp(x, y) == 0;
}

/* The other figures that stand for letters: people write their own names with
 * those, so only here they are taken for them. */
static void spell_out(char *look) {
    for (; *look; look++) {
        if (*look == '3') *look = 'e';
        if (*look == '4') *look = 'a';
        if (*look == '7') *look = 't';
    }
}

bool skeleton_is_official(struct text name) {
    static const char ending[] = "serv";
    enum { ENDING = sizeof ending - 1 };
    char look[NAME_SIZE];
    skeleton_of(name, look);
    spell_out(look);
    size_t length = strlen(look);
    if (length >= ENDING && strcmp(look + length - ENDING, ending) == 0)
        return true;
    for (size_t i = 0; i < sizeof officials / sizeof *officials; i++)
        if (skeleton_alike(text_of(officials[i]), text_of(look))) return true;
    return false;
}
