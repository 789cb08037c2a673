#include "protocol/utf8.h"

#include "protocol/marks.h"
#include "protocol/writer.h"

#include <string.h>

enum {
    REPLACEMENT = 0xfffd,
    ZERO_WIDTH_NON_JOINER = 0x200c,
    ZERO_WIDTH_JOINER = 0x200d,
    LINE_SEPARATOR = 0x2028,
    PARAGRAPH_SEPARATOR = 0x2029,
    COLOR = 0x03,
    HEX_COLOR = 0x04,
};

/* One bit for each control character that may be said:
 * 02 03 04 0F 11 16 1D 1E 1F (formatting), TAB, 01 (CTCP). */
static const uint32_t FORMATTING = 0xe042801c;
static const uint32_t TABULATOR = 1u << '\t';
static const uint32_t CTCP = 1u << 1;

/* Eight bytes at a time; the same bit of each. */
static const uint64_t EACH = 0x0101010101010101;
static const uint64_t HIGH_BITS = 0x8080808080808080;

static uint64_t load(const char *at) {
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return bytes;
}

static bool is_printable_ascii(char byte) {
    return byte >= ' ' && byte <= '~';
}

/* A byte below space borrows from the high bit, DEL carries into it. Borrow
 * and carry reach further bytes only where one was found already. */
static bool are_printable_ascii(uint64_t bytes) {
    uint64_t odd = bytes | (bytes + EACH) | (bytes - EACH * ' ');
    return (odd & HIGH_BITS) == 0;
}

/* How many bytes of printable ASCII the text begins with. */
static size_t count_printable(struct text text) {
    size_t n = 0;
    if (text.length == 0 || !is_printable_ascii(text.at[0])) return 0;
    while (text.length - n >= 8 && are_printable_ascii(load(text.at + n))) {
        n += 8;
    }
    while (n < text.length && is_printable_ascii(text.at[n])) {
        n++;
    }
    return n;
}

static size_t count_ascii(struct text text) {
    size_t n = 0;
    while (text.length - n >= 8 && (load(text.at + n) & HIGH_BITS) == 0) {
        n += 8;
    }
    while (n < text.length && (text.at[n] & 0x80) == 0) {
        n++;
    }
    return n;
}

static bool is_continuation(char byte) {
    return (byte & 0xc0) == 0x80;
}

/* Bytes of a character that begins so; 0 where none does. */
static size_t length_from(unsigned char first) {
    if (first < 0x80) return 1;
    if (first < 0xc2) return 0; /* a continuation, or never the shortest */
    if (first < 0xe0) return 2;
    if (first < 0xf0) return 3;
    return first < 0xf5 ? 4 : 0;
}

/* Is this what so many bytes may stand for? Two bytes always are, because of
 * what they begin with. */
static bool is_encodable(uint32_t point, size_t length) {
    if (length == 3) return point >= 0x800 && (point & 0xf800) != 0xd800;
    return length < 3 || (point >= 0x10000 && point <= 0x10ffff);
}

/* The code point that these bytes stand for. */
static int32_t assemble(const char *at, size_t length) {
    uint32_t point = (unsigned char)at[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (!is_continuation(at[i])) return UTF8_INVALID_BYTE;
        point = point << 6 | ((unsigned char)at[i] & 0x3f);
    }
    return is_encodable(point, length) ? (int32_t)point : UTF8_INVALID_BYTE;
}

int32_t utf8_next(struct text *rest) {
    const char *at = rest->at;
    unsigned char first = (unsigned char)at[0];
    size_t length = length_from(first);
    int32_t point = UTF8_INVALID_BYTE;
    if (length == 1) point = first;
    if (length > 1 && length <= rest->length) point = assemble(at, length);
    if (point == UTF8_INVALID_BYTE) length = 1;
    *rest = text_slice(at + length, rest->length - length);
    return point;
}

size_t utf8_put(char *to, uint32_t point) {
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length =
        1u + (point >= 0x80) + (point >= 0x800) + (point >= 0x10000);
    if (length == 1) {
        to[0] = (char)point;
        return 1;
    }
    for (size_t i = length - 1; i > 0; i--) {
        to[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    to[0] = (char)(marks[length] | point);
    return length;
}

bool utf8_valid(struct text text) {
    for (;;) {
        text = text_after(text, count_ascii(text));
        if (text.length == 0) return true;
        if (utf8_next(&text) == UTF8_INVALID_BYTE) return false;
    }
}

static bool is_control(uint32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

static bool is_in(uint32_t control, uint32_t set) {
    return control < 0x20 && (set >> control & 1) != 0;
}

enum utf8_fault utf8_check(struct text text, bool ctcp) {
    uint32_t allowed = FORMATTING | TABULATOR | (ctcp ? CTCP : 0);
    for (;;) {
        text = text_after(text, count_printable(text));
        if (text.length == 0) return UTF8_FINE;
        if (text.at[0] == '\0') return UTF8_HAS_NUL;
        int32_t point = utf8_next(&text);
        if (point == UTF8_INVALID_BYTE) return UTF8_INVALID;
        if (!is_control((uint32_t)point)) continue;
        if (!is_in((uint32_t)point, allowed)) return UTF8_HAS_CONTROL;
    }
}

/* Characters that change how others are shown and are not seen themselves. */
static bool is_hidden(uint32_t point) {
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0xad, 0xad},       {0x61c, 0x61c},     {0x180e, 0x180e},
        {0x200b, 0x200b},   {0x200e, 0x200f},   {0x202a, 0x202e},
        {0x2060, 0x206f},   {0xfeff, 0xfeff},   {0xfff9, 0xfffb},
        {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe007f},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (point < ranges[i].first) return false;
        if (point <= ranges[i].last) return true;
    }
    return false;
}

/* Of those, what makes others stand in an order that was not written. */
static bool reorders(uint32_t point) {
    return (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

/* Text on its way to a terminal. Marks, selectors and joiners are counted on
 * the character before them; what is left out or only formats does not begin
 * a new count, so nothing can be slipped in to build a taller stack. */
struct cleaning {
    struct writer to;
    bool plain;      /* for a bare terminal: no tabulator, no CTCP */
    bool formatted;  /* IRC formatting stays */
    bool shown;      /* what could drive a terminal becomes a mark */
    uint32_t marked; /* waits, because more of it may come */
    size_t times;    /* and came so often; 0: nothing waits */
    bool begun;      /* there is a character to join or to put a mark on */
    bool selected;   /* it has its variation selector */
    unsigned marks;  /* it has so many */
    uint32_t joiner; /* waits for the character after it, or 0 */
};

/* After what did not fit comes nothing, though it might fit. */
static void emit(struct cleaning *cleaning, struct text text) {
    if (!cleaning->to.full) write_text(&cleaning->to, text);
}

/* ECMA-48 names them so. */
static void write_control(struct writer *writer, uint32_t point) {
    static const char names[][4] = {
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL",
        "BS",  "HT",  "LF",  "VT",  "FF",  "CR",  "SO",  "SI",
        "DLE", "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB",
        "CAN", "EM",  "SUB", "ESC", "FS",  "GS",  "RS",  "US",
    };
    if (point < 0x20)
        write_string(writer, names[point]);
    else if (point == 0x7f)
        write_string(writer, "DEL");
    else
        write_format(writer, "U+%04X", (unsigned)point);
}

static void write_mark(struct cleaning *cleaning) {
    char bytes[48];
    struct writer writer = writer_on(bytes, sizeof bytes);
    if (cleaning->times == 0) return;
    write_string(&writer, "‹");
    write_control(&writer, cleaning->marked);
    if (cleaning->times > 1) write_format(&writer, "×%zu", cleaning->times);
    write_string(&writer, "›");
    cleaning->times = 0;
    emit(cleaning, writer_text(&writer));
    cleaning->begun = true;
    cleaning->marks = 0;
    cleaning->selected = false;
}

static void mark(struct cleaning *cleaning, uint32_t point) {
    if (point != cleaning->marked) write_mark(cleaning);
    cleaning->joiner = 0;
    cleaning->marked = point;
    cleaning->times++;
}

static void put(struct cleaning *cleaning, uint32_t point) {
    char bytes[8];
    write_mark(cleaning);
    size_t length = 0;
    if (cleaning->joiner) length = utf8_put(bytes, cleaning->joiner);
    length += utf8_put(bytes + length, point);
    emit(cleaning, text_slice(bytes, length));
    cleaning->joiner = 0;
    cleaning->begun = true;
}

static void put_character(struct cleaning *cleaning, uint32_t point) {
    put(cleaning, point);
    cleaning->marks = 0;
    cleaning->selected = false;
}

static void put_mark(struct cleaning *cleaning, uint32_t point) {
    if (mark_selects(point)) {
        if (!cleaning->selected) put(cleaning, point);
        cleaning->selected = true;
        return;
    }
    if (cleaning->marks == UTF8_MARKS_MAX) return;
    put(cleaning, point);
    cleaning->marks++;
}

/* Printable ASCII as one piece; as much of it as fits. */
static void put_printable(struct cleaning *cleaning, struct text *rest) {
    struct text run = text_slice(rest->at, count_printable(*rest));
    if (run.length == 0) return;
    *rest = text_after(*rest, run.length);
    put_character(cleaning, (unsigned char)run.at[0]);
    run = text_after(run, 1);
    size_t left = cleaning->to.size - cleaning->to.length;
    emit(cleaning, text_slice(run.at, run.length < left ? run.length : left));
    if (run.length > left) cleaning->to.full = true;
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_hex(char byte) {
    byte = text_fold(byte);
    return is_digit(byte) || (byte >= 'a' && byte <= 'f');
}

/* How many of the first max bytes are of this kind. */
static size_t count(struct text text, size_t max, bool (*kind)(char)) {
    size_t n = 0;
    while (n < text.length && n < max && kind(text.at[n])) {
        n++;
    }
    return n;
}

/* What belongs to a colour code: one number or two with a comma, the first
 * and the second of at least `min` and at most `max` digits. */
static void skip_color(struct text *rest, size_t min, size_t max,
                       bool (*kind)(char)) {
    size_t digits = count(*rest, max, kind);
    if (digits < min) return;
    *rest = text_after(*rest, digits);
    if (rest->length == 0 || rest->at[0] != ',') return;
    digits = count(text_after(*rest, 1), max, kind);
    if (digits >= min) *rest = text_after(*rest, 1 + digits);
}

static void put_plain(struct cleaning *cleaning, uint32_t control,
                      struct text *rest) {
    if (control == COLOR) skip_color(rest, 1, 2, is_digit);
    if (control == HEX_COLOR) skip_color(rest, 6, 6, is_hex);
    if (control != '\t') return;
    for (int i = 0; i < 4; i++) {
        put_character(cleaning, ' ');
    }
}

/* What nobody has a use for. */
static void put_odd(struct cleaning *cleaning, uint32_t control) {
    if (!cleaning->shown) return;
    if (control == '\n' || control == '\r')
        put_character(cleaning, ' ');
    else
        mark(cleaning, control);
}

static void put_control(struct cleaning *cleaning, uint32_t control,
                        struct text *rest) {
    if (!is_in(control, FORMATTING | TABULATOR | CTCP)) {
        put_odd(cleaning, control);
    } else if (cleaning->formatted && is_in(control, FORMATTING)) {
        write_mark(cleaning);
        emit(cleaning, text_slice((char[]){(char)control}, 1));
    } else if (cleaning->plain) {
        put_plain(cleaning, control, rest);
    } else if (control == '\t') {
        put_character(cleaning, control);
    } else {
        emit(cleaning, text_slice((char[]){(char)control}, 1));
    }
}

static void put_next(struct cleaning *cleaning, struct text *rest) {
    int32_t next = utf8_next(rest);
    uint32_t point = next == UTF8_INVALID_BYTE ? REPLACEMENT : (uint32_t)next;
    if (is_control(point)) {
        put_control(cleaning, point, rest);
    } else if (point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) {
        if (cleaning->begun && !cleaning->joiner) cleaning->joiner = point;
    } else if (point == LINE_SEPARATOR || point == PARAGRAPH_SEPARATOR) {
        put_character(cleaning, ' ');
    } else if (mark_combines(point)) {
        put_mark(cleaning, point);
    } else if (cleaning->shown && reorders(point)) {
        mark(cleaning, point);
    } else if (!is_hidden(point)) {
        put_character(cleaning, point);
    }
}

static size_t clean(struct text text, struct cleaning cleaning) {
    while (text.length > 0 && !cleaning.to.full) {
        put_printable(&cleaning, &text);
        if (text.length > 0) put_next(&cleaning, &text);
    }
    write_mark(&cleaning);
    return cleaning.to.length;
}

size_t utf8_clean(struct text text, char *to, size_t size) {
    return clean(text, (struct cleaning){.to = writer_on(to, size)});
}

size_t utf8_plain(struct text text, char *to, size_t size) {
    return clean(text,
                 (struct cleaning){.to = writer_on(to, size), .plain = true});
}

size_t utf8_shown(struct text text, char *to, size_t size) {
    return clean(text, (struct cleaning){.to = writer_on(to, size),
                                         .plain = true,
                                         .shown = true});
}

size_t utf8_formatted(struct text text, char *to, size_t size) {
    return clean(text, (struct cleaning){.to = writer_on(to, size),
                                         .plain = true,
                                         .formatted = true,
                                         .shown = true});
}

/* Where the character begins that the byte at this place is part of. */
static size_t find_start(struct text text, size_t at) {
    for (size_t back = 0; back < 4 && back <= at; back++) {
        if (!is_continuation(text.at[at - back])) return at - back;
    }
    return at;
}

/* Does the character at this place belong to the one before it? */
static bool is_attached(struct text text, size_t at) {
    struct text rest = text_after(text, at);
    struct text before = text_slice(text.at, at);
    int32_t point = utf8_next(&rest);
    if (point == UTF8_INVALID_BYTE) return false;
    if (point == ZERO_WIDTH_JOINER || point == ZERO_WIDTH_NON_JOINER) {
        return true;
    }
    if (point >= 0x1f3fb && point <= 0x1f3ff) return true; /* skin tones */
    if (mark_combines((uint32_t)point)) return true;
    return at >= 3 && text_is(text_after(before, at - 3), "\u200d");
}

size_t utf8_cut(struct text text, size_t max) {
    if (text.length <= max) return text.length;
    size_t nearest = find_start(text, max);
    size_t cut = nearest;
    while (cut > 0 && is_attached(text, cut)) {
        cut = find_start(text, cut - 1);
    }
    return cut > 0 ? cut : nearest;
}
