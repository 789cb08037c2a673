/* Colours: they can be read, and where there are none there are none. */
#include "client/palette.h"

#include "tests/face.h"

/* Light that comes off one part of a colour (WCAG 2, relative luminance):
 * x ^ 2.4, by its fifth root, without the mathematical library. */
static double fifth_root(double x) {
    double root = x > 0 ? 1 : 0;
    for (int i = 0; x > 0 && i < 60; i++)
        root -= (root - x / (root * root * root * root)) / 5;
    return root;
}

static double light_of(int part) {
    double value = part / 255.0;
    if (value <= 0.03928) return value / 12.92;
    double root = fifth_root((value + 0.055) / 1.055);
    double squared = root * root;
    double sixth = squared * squared * squared;
    return sixth * sixth; /* (x ^ 1/5) ^ 12 */
}

/* Of xterm's 256 colours; the first 16 are the person's own. */
static double luminance(int colour) {
    static const int steps[] = {0, 95, 135, 175, 215, 255};
    int red, green, blue;
    assert_in_range(colour, 16, 255);
    if (colour >= 232) {
        red = green = blue = 8 + 10 * (colour - 232);
    } else {
        red = steps[(colour - 16) / 36];
        green = steps[(colour - 16) / 6 % 6];
        blue = steps[(colour - 16) % 6];
    }
    return 0.2126 * light_of(red) + 0.7152 * light_of(green) +
           0.0722 * light_of(blue);
}

static double contrast(double a, double b) {
    return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

static void can_be_read(enum theme theme, double ground, double least) {
    for (int colour = 0; colour < 256; colour++) {
        struct ink ink =
            palette_ink(theme, 256, (struct style){(uint8_t)colour, 0});
        if (ink.colour == INK_DEFAULT) continue;
        if (contrast(luminance(ink.colour), ground) < least)
            fail_msg("style %d, colour %d: contrast %f", colour, ink.colour,
                     contrast(luminance(ink.colour), ground));
    }
}

static void all_can_be_read_on_their_ground(void **state) {
    (void)state;
    double black = 0, grey = luminance(234), white = 1;
    can_be_read(THEME_DARK, black, 4.5);
    can_be_read(THEME_DARK, grey, 4.5);
    can_be_read(THEME_LIGHT, white, 4.5);
    can_be_read(THEME_AUTO, black, 3);
    can_be_read(THEME_AUTO, grey, 3);
    can_be_read(THEME_AUTO, white, 3);
}

static void eight_colours_are_the_usual_ones(void **state) {
    (void)state;
    for (int theme = THEME_AUTO; theme <= THEME_LIGHT; theme++)
        for (int colour = 0; colour < 256; colour++) {
            struct style style = {(uint8_t)colour, 0};
            struct ink ink = palette_ink((enum theme)theme, 8, style);
            assert_true(ink.colour < 7);
            assert_true(ink.dim == (colour == COLOUR_FAINT));
        }
}

static void mono_has_no_colour(void **state) {
    (void)state;
    for (int colours = 0; colours <= 256; colours += 8)
        for (int colour = 0; colour < 256; colour++) {
            struct style style = {(uint8_t)colour, STYLE_REVERSE};
            struct ink ink = palette_ink(THEME_MONO, colours, style);
            assert_int_equal(ink.colour, INK_DEFAULT);
            assert_false(ink.dim);
            assert_true(ink.bits & STYLE_REVERSE);
        }
    struct ink alert = palette_ink(THEME_MONO, 0, style_of(COLOUR_ALERT, 0));
    assert_int_equal(alert.bits, STYLE_BOLD);
    struct ink few = palette_ink(THEME_DARK, 2, style_of(COLOUR_ALERT, 0));
    assert_int_equal(few.colour, INK_DEFAULT);
}

static void a_ground_is_dark_or_light(void **state) {
    (void)state;
    assert_int_equal(palette_theme(0, 0, 0), THEME_DARK);
    assert_int_equal(palette_theme(0x1e, 0x1e, 0x2e), THEME_DARK);
    assert_int_equal(palette_theme(0, 0x2b, 0x36), THEME_DARK);
    assert_int_equal(palette_theme(255, 255, 255), THEME_LIGHT);
    assert_int_equal(palette_theme(0xfd, 0xf6, 0xe3), THEME_LIGHT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_can_be_read_on_their_ground),
        cmocka_unit_test(eight_colours_are_the_usual_ones),
        cmocka_unit_test(mono_has_no_colour),
        cmocka_unit_test(a_ground_is_dark_or_light),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
