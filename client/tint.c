#include "client/tint.h"

#include "client/grid.h"

static const char *const roles[] = {
    [COLOUR_PLAIN] = "plain",     [COLOUR_FAINT] = "faint",
    [COLOUR_GOOD] = "good",       [COLOUR_ALERT] = "alert",
    [COLOUR_MENTION] = "mention", [COLOUR_ACTIVE] = "active",
};
enum { ROLES = sizeof roles / sizeof *roles };

static const struct {
    const char *name;
    uint8_t bit;
} bits[] = {
    {"bold", STYLE_BOLD},     {"reverse", STYLE_REVERSE},
    {"italic", STYLE_ITALIC}, {"underline", STYLE_UNDERLINE},
    {"strike", STYLE_STRIKE},
};
enum { BITS = sizeof bits / sizeof *bits };

/* As terminals number them (ECMA-48 8.3.117). */
static const char *const colours[] = {"black", "red",     "green", "yellow",
                                      "blue",  "magenta", "cyan",  "white"};
enum { COLOURS_NAMED = sizeof colours / sizeof *colours, DEFAULT = -1 };

const char *tint_role(size_t index) {
    return index < ROLES ? roles[index] : NULL;
}

size_t tint_find_role(struct text role) {
    for (size_t i = 0; i < ROLES; i++)
        if (text_is(role, roles[i])) return i;
    return PREFERENCE_TINTS;
}

static bool take_bit(struct tint *tint, struct text word) {
    for (size_t i = 0; i < BITS; i++) {
        if (!text_is(word, bits[i].name)) continue;
        tint->bits |= bits[i].bit;
        return true;
    }
    return false;
}

static bool take_colour(struct tint *tint, struct text word, bool bright) {
    uint64_t number;
    for (size_t i = 0; i < COLOURS_NAMED; i++) {
        if (!text_is(word, colours[i])) continue;
        tint->colour = (int16_t)(i + (bright ? COLOURS_NAMED : 0));
        return true;
    }
    if (bright) return false;
    if (text_is(word, "default")) {
        tint->colour = DEFAULT;
        return true;
    }
    if (!text_number(word, &number) || number > 255) return false;
    tint->colour = (int16_t)number;
    return true;
}

bool tint_read(struct tint *tint, struct text words) {
    struct tint read = {.set = true, .colour = DEFAULT};
    bool bright = false, coloured = false, any = false;
    if (text_is(words, "theme")) {
        *tint = (struct tint){0};
        return true;
    }
    while (words.length > 0) {
        struct text word = text_word(&words);
        if (word.length == 0) break;
        any = true;
        if (!bright && !coloured && text_is(word, "bright"))
            bright = true;
        else if (!coloured && take_colour(&read, word, bright))
            coloured = true;
        else if ((bright && !coloured) || !take_bit(&read, word))
            return false;
    }
    if (!any || (bright && !coloured)) return false;
    *tint = read;
    return true;
}

void tint_write(struct writer *writer, const struct tint *tint) {
    if (!tint->set) {
        write_string(writer, "theme");
        return;
    }
    for (size_t i = 0; i < BITS; i++)
        if (tint->bits & bits[i].bit) {
            write_string(writer, bits[i].name);
            write_char(writer, ' ');
        }
    int colour = tint->colour;
    if (colour < 0)
        write_string(writer, "default");
    else if (colour < 2 * COLOURS_NAMED)
        write_format(writer, "%s%s", colour < COLOURS_NAMED ? "" : "bright ",
                     colours[colour % COLOURS_NAMED]);
    else
        write_number(writer, (uint64_t)colour);
}
