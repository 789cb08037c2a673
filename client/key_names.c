#include "client/key_names.h"

#include "client/keys.h"
#include "protocol/utf8.h"

enum { TAB = 9, RETURN = 13, ESCAPE = 27, RUBOUT = 127 };
enum { MODIFIERS = KEYS_ALT | KEYS_CONTROL | KEYS_SHIFT };

static const struct {
    const char *name;
    uint32_t key;
} names[] = {
    {"Up", KEYS_UP},
    {"Down", KEYS_DOWN},
    {"Left", KEYS_LEFT},
    {"Right", KEYS_RIGHT},
    {"Home", KEYS_HOME},
    {"End", KEYS_END},
    {"PgUp", KEYS_PAGE_UP},
    {"PgDn", KEYS_PAGE_DOWN},
    {"Insert", KEYS_INSERT},
    {"Delete", KEYS_DELETE},
    {"Backspace", KEYS_BACKSPACE},
    {"Enter", RETURN},
    {"Tab", TAB},
    {"Esc", ESCAPE},
    {"Space", ' '},
};
enum { NAMES = sizeof names / sizeof *names };

static const struct {
    const char *name;
    uint32_t bit;
} modifiers[] = {
    {"C-", KEYS_CONTROL}, {"Ctrl-", KEYS_CONTROL}, {"M-", KEYS_ALT},
    {"Alt-", KEYS_ALT},   {"S-", KEYS_SHIFT},      {"Shift-", KEYS_SHIFT},
};
enum { MODIFIER_NAMES = sizeof modifiers / sizeof *modifiers };

uint32_t key_plain(uint32_t key) {
    uint32_t held = key & MODIFIERS, bare = key & ~(uint32_t)MODIFIERS;
    if (bare == KEYS_ENTER) bare = RETURN;
    if (bare == RUBOUT) bare = KEYS_BACKSPACE;
    if (bare == TAB && held & KEYS_SHIFT) {
        bare = KEYS_BACK_TAB;
        held &= ~(uint32_t)KEYS_SHIFT;
    }
    return bare | held;
}

static uint32_t take_modifiers(struct text *name) {
    uint32_t held = 0;
    for (size_t i = 0; i < MODIFIER_NAMES; i++) {
        size_t length = text_of(modifiers[i].name).length;
        /* "C--" is Control with the hyphen. */
        if (name->length <= length ||
            !text_begins_folded(*name, modifiers[i].name))
            continue;
        *name = text_after(*name, length);
        return modifiers[i].bit | take_modifiers(name);
    }
    return held;
}

static uint32_t read_function(struct text name) {
    uint64_t number;
    if (!text_begins_folded(name, "F") ||
        !text_number(text_after(name, 1), &number) || number < 1 || number > 12)
        return KEYS_UNKNOWN;
    return KEYS_F1 + (uint32_t)number - 1;
}

static uint32_t read_bare(struct text name) {
    for (size_t i = 0; i < NAMES; i++)
        if (text_equals_folded(name, text_of(names[i].name)))
            return names[i].key;
    if (read_function(name) != KEYS_UNKNOWN) return read_function(name);
    if (name.length == 0) return KEYS_UNKNOWN;
    int32_t point = utf8_next(&name);
    bool one = point > ' ' && point != RUBOUT && name.length == 0;
    return one ? (uint32_t)point : (uint32_t)KEYS_UNKNOWN;
}

/* C-a to C-_ are control characters of their own (ECMA-48 8.2). */
static bool has_control(uint32_t bare) {
    return bare >= '@' && bare < RUBOUT;
}

uint32_t key_read(struct text name) {
    uint32_t held = take_modifiers(&name), bare = read_bare(name);
    if (bare == KEYS_UNKNOWN) return KEYS_UNKNOWN;
    if (held & KEYS_CONTROL && has_control(bare)) {
        held &= ~(uint32_t)KEYS_CONTROL;
        bare &= 0x1F;
    }
    return key_plain(bare | held);
}

static bool write_name(struct writer *writer, uint32_t bare) {
    for (size_t i = 0; i < NAMES; i++) {
        if (names[i].key != bare) continue;
        write_string(writer, names[i].name);
        return true;
    }
    return false;
}

void key_write(struct writer *writer, uint32_t key) {
    char bytes[4];
    uint32_t plain = key_plain(key), bare = plain & ~(uint32_t)MODIFIERS;
    if (plain & KEYS_ALT) write_string(writer, "M-");
    if (plain & KEYS_CONTROL) write_string(writer, "C-");
    if (plain & KEYS_SHIFT || bare == KEYS_BACK_TAB) write_string(writer, "S-");
    if (bare == KEYS_BACK_TAB) bare = TAB;
    if (write_name(writer, bare)) return;
    if (bare >= KEYS_F1 && bare <= KEYS_F12)
        write_format(writer, "F%u", bare - KEYS_F1 + 1);
    else if (bare < ' ')
        write_format(writer, "C-%c", text_fold((char)(bare | 0x40)));
    else
        write_text(writer, text_slice(bytes, utf8_put(bytes, bare)));
}
