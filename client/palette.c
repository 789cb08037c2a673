#include "client/palette.h"

enum { FEW = 8, MANY = 256 };

/* Of 8 colours: */
enum { RED = 1, GREEN, YELLOW, BLUE, MAGENTA, CYAN };

/* Of each role: by its number where there are 8, and of 256 by the ground, as
 * enum theme has it. What stands for it without colours. */
static const struct {
    uint8_t few, many[3], bits;
} roles[COLOURS] = {
    [COLOUR_FAINT] = {INK_DEFAULT, {244, 246, 242}},
    [COLOUR_GOOD] = {GREEN, {28, 78, 28}},
    [COLOUR_ALERT] = {RED, {196, 203, 160}, STYLE_BOLD},
    [COLOUR_MENTION] = {MAGENTA, {170, 213, 127}, STYLE_BOLD},
    [COLOUR_ACTIVE] = {CYAN, {31, 44, 25}, STYLE_UNDERLINE},
    [COLOUR_RED] = {RED, {167, 203, 124}},
    [COLOUR_ORANGE] = {YELLOW, {166, 209, 130}},
    [COLOUR_YELLOW] = {YELLOW, {136, 179, 94}},
    [COLOUR_GREEN] = {GREEN, {64, 71, 22}},
    [COLOUR_CYAN] = {CYAN, {30, 80, 23}},
    [COLOUR_BLUE] = {BLUE, {68, 75, 25}},
    [COLOUR_PURPLE] = {MAGENTA, {134, 141, 91}},
};

/* Names; the colours of errors and of what is faint are not among them. */
static const uint8_t unknown[] = {
    131, 166, 137, 136, 100, 64, 29,  30,  31,  32,  67,  68,
    69,  62,  104, 99,  98,  97, 135, 134, 133, 164, 169, 168,
};
static const uint8_t dark[] = {
    174, 209, 216, 180, 215, 179, 178, 143, 184, 148, 149, 70,  107, 76,
    71,  77,  114, 78,  79,  43,  73,  80,  116, 45,  38,  81,  39,  74,
    75,  110, 111, 147, 141, 140, 177, 176, 207, 212, 175, 205,
};
static const uint8_t light[] = {
    88, 94, 58, 22, 23,  24, 25, 26, 27, 19,  61, 62,  57,
    56, 97, 55, 92, 129, 54, 91, 53, 90, 126, 89, 162, 125,
};
static const uint8_t few[3][4] = {
    [THEME_AUTO] = {GREEN, MAGENTA, CYAN, YELLOW},
    [THEME_DARK] = {GREEN, YELLOW, MAGENTA, CYAN},
    [THEME_LIGHT] = {GREEN, BLUE, MAGENTA, CYAN},
};
static const struct {
    const uint8_t *list;
    size_t count;
} hues[] = {
    [THEME_AUTO] = {unknown, sizeof unknown},
    [THEME_DARK] = {dark, sizeof dark},
    [THEME_LIGHT] = {light, sizeof light},
};

static struct ink ink_of_role(enum theme theme, int colours,
                              struct style style) {
    struct ink ink = {.bits = style.bits};
    if (theme == THEME_MONO) {
        ink.bits |= roles[style.colour].bits;
        return ink;
    }
    ink.dim = colours < MANY && style.colour == COLOUR_FAINT;
    ink.colour = colours < MANY ? roles[style.colour].few
                                : roles[style.colour].many[theme];
    return ink;
}

struct ink palette_ink(enum theme theme, int colours, struct style style) {
    if (colours < FEW) theme = THEME_MONO;
    if (style.colour < COLOURS) return ink_of_role(theme, colours, style);
    struct ink ink = {.bits = style.bits};
    size_t hue = style.colour - COLOURS;
    if (theme == THEME_MONO) return ink;
    ink.colour = colours < MANY ? few[theme][hue % sizeof few[theme]]
                                : hues[theme].list[hue % hues[theme].count];
    return ink;
}

/* By luma (ITU-R BT.601), in thousandths. */
enum theme palette_theme(uint8_t red, uint8_t green, uint8_t blue) {
    int luma = 299 * red + 587 * green + 114 * blue;
    return luma < 128 * 1000 ? THEME_DARK : THEME_LIGHT;
}
