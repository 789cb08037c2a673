#include "client/format.h"

enum {
    BOLD = 0x02,
    COLOUR = 0x03,
    HEX_COLOUR = 0x04,
    RESET = 0x0F,
    MONOSPACE = 0x11,
    REVERSE = 0x16,
    ITALIC = 0x1D,
    STRIKE = 0x1E,
    UNDERLINE = 0x1F,
    NO_COLOUR = 99,
};

struct reading {
    struct text rest;
    struct spans *spans;
    struct span now;
};

static bool is_format(char byte) {
    switch (byte) {
    case BOLD:
    case COLOUR:
    case HEX_COLOUR:
    case RESET:
    case MONOSPACE:
    case REVERSE:
    case ITALIC:
    case STRIKE:
    case UNDERLINE: return true;
    default: return false;
    }
}

bool format_is_in(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if (is_format(text.at[i])) return true;
    return false;
}

static int digit(char byte, int base) {
    byte = text_fold(byte);
    if (byte >= '0' && byte <= '9') return byte - '0';
    return base == 16 && byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Takes a number of at least `least` and at most `most` digits off; -1 where
 * there is none. */
static long take_number(struct text *rest, int base, size_t least,
                        size_t most) {
    long number = 0;
    size_t length = 0;
    for (; length < most && length < rest->length; length++) {
        int value = digit(rest->at[length], base);
        if (value < 0) break;
        number = number * base + value;
    }
    if (length < least) return -1;
    *rest = text_after(*rest, length);
    return number;
}

/* A number, and one behind a comma, which would be that of the ground. */
static long take_colour(struct text *rest, int base, size_t least,
                        size_t most) {
    long colour = take_number(rest, base, least, most);
    if (colour < 0 || rest->length == 0 || rest->at[0] != ',') return colour;
    struct text ground = text_after(*rest, 1);
    if (take_number(&ground, base, least, most) >= 0) *rest = ground;
    return colour;
}

/* 0 to 15 as mIRC has them, then rows of twelve hues, then greys. */
static enum format_colour colour_of(long number) {
    static const uint8_t first[16] = {
        FORMAT_PLAIN,  FORMAT_PLAIN,  FORMAT_BLUE,   FORMAT_GREEN,
        FORMAT_RED,    FORMAT_ORANGE, FORMAT_PURPLE, FORMAT_ORANGE,
        FORMAT_YELLOW, FORMAT_GREEN,  FORMAT_CYAN,   FORMAT_CYAN,
        FORMAT_BLUE,   FORMAT_PURPLE, FORMAT_FAINT,  FORMAT_FAINT,
    };
    static const uint8_t hues[12] = {
        FORMAT_RED,   FORMAT_ORANGE, FORMAT_YELLOW, FORMAT_GREEN,
        FORMAT_GREEN, FORMAT_CYAN,   FORMAT_CYAN,   FORMAT_BLUE,
        FORMAT_BLUE,  FORMAT_PURPLE, FORMAT_PURPLE, FORMAT_RED,
    };
    if (number < 0 || number >= NO_COLOUR) return FORMAT_PLAIN;
    if (number < 16) return (enum format_colour)first[number];
    if (number >= 88) return FORMAT_FAINT;
    return (enum format_colour)hues[(number - 16) % 12];
}

/* The hue of 0xRRGGBB in six parts; plain where it has as good as none. */
static enum format_colour colour_of_rgb(long rgb) {
    if (rgb < 0) return FORMAT_PLAIN;
    long red = rgb >> 16 & 0xFF, green = rgb >> 8 & 0xFF, blue = rgb & 0xFF;
    long high = red > green ? red : green, low = red < green ? red : green;
    if (blue > high) high = blue;
    if (blue < low) low = blue;
    long middle = (high + low) / 2;
    if (high - low < 48) return FORMAT_PLAIN;
    if (red == high && blue > middle) return FORMAT_PURPLE;
    if (red == high && green > middle) return FORMAT_YELLOW;
    if (red == high) return green > low + 48 ? FORMAT_ORANGE : FORMAT_RED;
    if (green == high) return blue > middle ? FORMAT_CYAN : FORMAT_GREEN;
    if (red > middle) return FORMAT_PURPLE;
    return green > middle ? FORMAT_CYAN : FORMAT_BLUE;
}

static void toggle(struct span *now, unsigned bit) {
    now->bits = (uint8_t)(now->bits ^ bit);
}

static void change(struct reading *reading, char code) {
    struct span *now = &reading->now;
    switch (code) {
    case BOLD: toggle(now, FORMAT_BOLD); return;
    case ITALIC: toggle(now, FORMAT_ITALIC); return;
    case UNDERLINE: toggle(now, FORMAT_UNDERLINE); return;
    case STRIKE: toggle(now, FORMAT_STRIKE); return;
    case REVERSE: toggle(now, FORMAT_REVERSE); return;
    case COLOUR:
        now->colour = (uint8_t)colour_of(take_colour(&reading->rest, 10, 1, 2));
        return;
    case HEX_COLOUR:
        now->colour =
            (uint8_t)colour_of_rgb(take_colour(&reading->rest, 16, 6, 6));
        return;
    case RESET:
    case '\n': *now = (struct span){0}; return;
    default: return;
    }
}

/* From here on the text is as it is now, if that is news. */
static void note(struct reading *reading, size_t at) {
    struct spans *spans = reading->spans;
    struct span before = {0};
    if (spans->count > 0) before = spans->list[spans->count - 1];
    bool same = before.bits == reading->now.bits &&
                before.colour == reading->now.colour;
    if (same || at > FORMAT_TEXT_MAX || spans->count == FORMAT_SPANS) return;
    if (spans->count == FORMAT_SPANS - 1) reading->now = (struct span){0};
    if (spans->count > 0 && before.at == at) spans->count--;
    reading->now.at = (uint16_t)at;
    spans->list[spans->count++] = reading->now;
}

size_t format_read(char *bytes, size_t length, struct spans *spans) {
    struct reading reading = {.rest = text_slice(bytes, length),
                              .spans = spans};
    size_t written = 0;
    spans->count = 0;
    while (reading.rest.length > 0) {
        char byte = reading.rest.at[0];
        reading.rest = text_after(reading.rest, 1);
        if (is_format(byte) || byte == '\n') change(&reading, byte);
        if (is_format(byte)) continue;
        if (byte != '\n') note(&reading, written);
        bytes[written++] = byte;
    }
    return written;
}
