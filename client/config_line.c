#include "client/config_line.h"

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct text trim(struct text text) {
    while (text.length > 0 && is_blank(text.at[0]))
        text = text_after(text, 1);
    while (text.length > 0 && is_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

/* The value ends where a # stands alone. */
static struct text without_comment(struct text text) {
    for (size_t i = 0; i < text.length; i++) {
        bool before = i == 0 || is_blank(text.at[i - 1]);
        bool behind = i + 1 == text.length || is_blank(text.at[i + 1]);
        if (text.at[i] == '#' && before && behind)
            return text_slice(text.at, i);
    }
    return text;
}

static void take_section(struct config_line *line, struct text text) {
    struct text bare = trim(without_comment(text));
    line->kind = CONFIG_NONSENSE;
    if (bare.length < 3 || bare.at[bare.length - 1] != ']') return;
    line->kind = CONFIG_SECTION;
    line->name = trim(text_slice(bare.at + 1, bare.length - 2));
}

static void take_pair(struct config_line *line, struct text text) {
    size_t equals = text_find(text, '=');
    line->name = trim(text_slice(text.at, equals));
    bool good = equals < text.length && line->name.length > 0;
    line->kind = good ? CONFIG_PAIR : CONFIG_NONSENSE;
    if (good) line->value = trim(without_comment(text_after(text, equals + 1)));
}

bool config_next_line(struct text *rest, struct config_line *line) {
    if (rest->length == 0) return false;
    *line = (struct config_line){.kind = CONFIG_NOTHING};
    line->whole = text_piece(rest, '\n');
    struct text text = trim(line->whole);
    if (text.length == 0 || text.at[0] == '#' || text.at[0] == ';') return true;
    if (text.at[0] == '[')
        take_section(line, text);
    else
        take_pair(line, text);
    return true;
}

bool config_is_value(struct text value) {
    struct text same = trim(without_comment(value));
    if (same.length != value.length) return false;
    return text_find(value, '\n') == value.length &&
           text_find(value, '\0') == value.length;
}

bool config_same_section(struct text a, struct text b) {
    a = trim(a);
    b = trim(b);
    while (a.length > 0 && b.length > 0)
        if (!text_equals_folded(text_word(&a), text_word(&b))) return false;
    return a.length == b.length;
}
