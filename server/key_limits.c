#include "server/key_limits.h"

#include <string.h>

/* Only what names are made of, and wildcards. */
static bool is_pattern(struct text pattern) {
    if (!pattern.length || pattern.length >= 2 * NAME_SIZE) return false;
    for (size_t i = 0; i < pattern.length; i++) {
        char byte = pattern.at[i];
        if (byte <= ' ' || byte > '~') return false;
        if (strchr("#:\"/,", byte)) return false;
    }
    return true;
}

bool key_limits_set_accounts(struct key_limits *limits, struct text patterns) {
    struct text rest = patterns;
    if (!patterns.length || patterns.at[patterns.length - 1] == ',')
        return false;
    while (rest.length)
        if (!is_pattern(text_piece(&rest, ','))) return false;
    return text_copy(patterns, limits->accounts, sizeof limits->accounts);
}

struct said {
    bool accounts, role;
};

static bool read_line(struct key_limits *limits, struct said *said,
                      struct text line) {
    struct text kind = text_word(&line);
    if (!kind.length || *kind.at == '#') return true;
    if (text_is(kind, "accounts")) {
        bool again = said->accounts;
        said->accounts = true;
        return !again && key_limits_set_accounts(limits, line);
    }
    bool again = said->role;
    said->role = true;
    return text_is(kind, "role") && !again &&
           claims_role_of(line, &limits->most);
}

bool key_limits_read(struct text lines, struct key_limits *limits) {
    struct said said = {false, false};
    *limits = (struct key_limits){.most = ROLE_USER};
    while (lines.length)
        if (!read_line(limits, &said, text_trim(text_piece(&lines, '\n'))))
            return false;
    return true;
}

void key_limits_write(const struct key_limits *limits, struct writer *writer) {
    if (*limits->accounts)
        write_format(writer, "accounts %s\n", limits->accounts);
    if (limits->most != ROLE_USER)
        write_format(writer, "role %s\n", claims_role_word(limits->most));
}

bool key_limits_allow(const struct key_limits *limits, const char *account,
                      enum role role) {
    struct text rest = text_of(limits->accounts);
    bool is_for_it = !rest.length;
    while (rest.length)
        if (name_matches(text_piece(&rest, ','), text_of(account)))
            is_for_it = true;
    return is_for_it && role <= limits->most;
}

static bool is_of_one(struct text pattern) {
    return text_find(pattern, '*') == pattern.length &&
           text_find(pattern, '?') == pattern.length;
}

bool key_limits_name(const struct key_limits *limits, const char *account) {
    struct text rest = text_of(limits->accounts);
    while (rest.length) {
        struct text pattern = text_piece(&rest, ',');
        if (is_of_one(pattern) && name_matches(pattern, text_of(account)))
            return true;
    }
    return false;
}
