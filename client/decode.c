#include "client/decode.h"

#include <stdlib.h>
#include <string.h>

#include "client/decode_parts.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

enum { ESCAPE = 27, BELL = 7, CANCEL = 24, SUBSTITUTE = 26, INTERRUPT = 3 };
enum { X10_BYTES = 3 };

static const char PASTE_END[] = "\033[201~";

/* What a byte did: it belongs to what is under way; an event is complete; or
 * it ended that and is looked at once more for itself. */
enum step { STEP_ON, STEP_EVENT, STEP_AGAIN };

void decode_init(struct decode *decode) {
    *decode = (struct decode){.state = DECODE_KEYS};
}

void decode_finish(struct decode *decode) {
    free(decode->paste);
    decode_init(decode);
}

static void enter(struct decode *decode, enum decode_state state) {
    decode->state = state;
    decode->length = 0;
}

static void rest(struct decode *decode) {
    enter(decode, DECODE_KEYS);
    decode->alt = false;
}

static void keep(struct decode *decode, char byte) {
    if (decode->length < DECODE_SEQUENCE_MAX)
        decode->sequence[decode->length] = byte;
    decode->length++;
}

/* What is under way; empty where it was too long to be anything. */
static struct text kept(const struct decode *decode) {
    bool whole = decode->length <= DECODE_SEQUENCE_MAX;
    return text_slice(decode->sequence, whole ? decode->length : 0);
}

/* A key is complete; what was begun is over. */
static enum step press(struct decode *decode, struct decoded *event,
                       uint32_t key) {
    bool alt = decode->alt;
    rest(decode);
    if (key == KEYS_UNKNOWN) return STEP_ON;
    *event = (struct decoded){.kind = DECODED_KEY, .key = key};
    if (alt) event->key |= KEYS_ALT;
    return STEP_EVENT;
}

/* Characters -------------------------------------------------------------- */

static size_t size_of_character(unsigned char first) {
    if (first >= 0xF0) return 4;
    if (first >= 0xE0) return 3;
    return 2;
}

/* Bytes that are no UTF-8, and C1 controls, are nothing that one can type. */
static enum step take_character(struct decode *decode, struct decoded *event,
                                char byte) {
    if (((unsigned char)byte & 0xC0) != 0x80) {
        rest(decode);
        return STEP_AGAIN;
    }
    keep(decode, byte);
    if (decode->length < size_of_character((unsigned char)*decode->sequence))
        return STEP_ON;
    struct text bytes = kept(decode);
    int32_t point = utf8_next(&bytes);
    return press(decode, event, point < 0xA0 ? KEYS_UNKNOWN : (uint32_t)point);
}

static enum step take_key(struct decode *decode, struct decoded *event,
                          char byte) {
    unsigned char value = (unsigned char)byte;
    if (value == ESCAPE) {
        enter(decode, DECODE_ESCAPED);
        decode->opened = '\0';
        return STEP_ON;
    }
    if (value < 0x80) return press(decode, event, value);
    if (value < 0xC2 || value > 0xF4) return press(decode, event, KEYS_UNKNOWN);
    enter(decode, DECODE_CHARACTER);
    keep(decode, byte);
    return STEP_ON;
}

/* ESC and a character is Alt and that character, unless it begins something
 * longer. ESC ESC is Alt with what comes then. */
static enum step take_escaped(struct decode *decode, struct decoded *event,
                              char byte) {
    bool twice = decode->opened == ESCAPE;
    decode->opened = byte;
    if (byte == ESCAPE && !twice) return STEP_ON;
    if (byte == '[' || byte == 'O') {
        decode->alt = twice;
        enter(decode, byte == '[' ? DECODE_CONTROL : DECODE_SINGLE);
        return STEP_ON;
    }
    if (strchr("]PX^_", byte) && byte) {
        enter(decode, DECODE_STRING);
        return STEP_ON;
    }
    rest(decode);
    decode->alt = true;
    return byte == ESCAPE ? press(decode, event, ESCAPE) : STEP_AGAIN;
}

/* Sequences --------------------------------------------------------------- */

static void begin_paste(struct decode *decode) {
    rest(decode);
    decode->state = DECODE_PASTE;
    decode->paste = memory_new(DECODE_PASTE_MAX, 1);
    decode->pasted = decode->matched = 0;
    decode->silent = false;
}

/* CSI < button ; column ; row M, or m where it was let go (xterm's SGR mouse
 * mode, 1006). */
static bool read_mouse(struct text rest, struct mouse *mouse) {
    enum { SHIFT = 4, ALT = 8, CONTROL = 16, MOVED = 32, WHEEL = 64 };
    char separator, last = rest.at[rest.length - 1];
    rest = text_slice(rest.at + 1, rest.length - 2);
    unsigned code = take_number(&rest, &separator);
    unsigned column = take_number(&rest, &separator);
    unsigned row = take_number(&rest, &separator);
    unsigned button = code & 3;
    if (column == 0 || row == 0 || code >= 2 * WHEEL) return false;
    if (code & WHEEL ? button > 1 || last == 'm' : button == 3) return false;
    *mouse = (struct mouse){.x = (int)column - 1, .y = (int)row - 1};
    if (code & SHIFT) mouse->modifiers |= KEYS_SHIFT;
    if (code & ALT) mouse->modifiers |= KEYS_ALT;
    if (code & CONTROL) mouse->modifiers |= KEYS_CONTROL;
    if (code & WHEEL) {
        mouse->kind = button == 0 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
        return true;
    }
    mouse->button = button + 1;
    mouse->kind = code & MOVED  ? MOUSE_DRAG
                  : last == 'm' ? MOUSE_RELEASE
                                : MOUSE_PRESS;
    return true;
}

/* CSI ? … c answers DA1, CSI ? mode ; state $ y answers DECRQM: 1 set, 2 reset,
 * 3 always set; 0 and 4 (never set) are no use to us. */
static bool read_answer(struct text rest, struct decoded *event) {
    char separator, last = rest.at[rest.length - 1];
    if (last == 'c') {
        event->kind = DECODED_ATTRIBUTES;
        return true;
    }
    if (last != 'y') return false;
    rest = text_after(rest, 1);
    event->kind = DECODED_MODE;
    event->mode = take_number(&rest, &separator);
    unsigned state = take_number(&rest, &separator);
    event->recognised = state >= 1 && state <= 3;
    return true;
}

static enum step end_control(struct decode *decode, struct decoded *event) {
    struct text sequence = kept(decode);
    struct decoded told = {.kind = DECODED_FOCUS};
    bool known = false;
    if (text_is(sequence, "200~")) {
        begin_paste(decode);
        return STEP_ON;
    }
    if (sequence.length == 0 || strchr("<?", *sequence.at) == NULL) {
        told.focused = text_is(sequence, "I");
        known = told.focused || text_is(sequence, "O");
        if (!known) return press(decode, event, control_key(sequence));
    } else if (*sequence.at == '<') {
        told.kind = DECODED_MOUSE;
        known = read_mouse(sequence, &told.mouse);
    } else {
        known = read_answer(sequence, &told);
    }
    rest(decode);
    if (!known) return STEP_ON;
    *event = told;
    return STEP_EVENT;
}

/* rxvt ends a sequence with $ where Shift is held: CSI 3 $. Elsewhere $ is an
 * intermediate byte, which a private sequence alone has. */
static bool ends_with_shift(const struct decode *decode, char byte) {
    struct text sequence = kept(decode);
    if (byte != '$' || sequence.length == 0 || sequence.length > 2)
        return false;
    for (size_t i = 0; i < sequence.length; i++)
        if (sequence.at[i] < '0' || sequence.at[i] > '9') return false;
    return true;
}

/* ECMA-48 5.4: parameters and intermediate bytes up to one of @ to ~. The
 * Linux console has CSI [ A for F1. */
static enum step take_control(struct decode *decode, struct decoded *event,
                              char byte) {
    if (byte < ' ' || byte > '~') {
        rest(decode);
        return STEP_AGAIN;
    }
    bool first = decode->length == 0;
    bool over = byte >= '@' || ends_with_shift(decode, byte);
    keep(decode, byte);
    if (first && byte == '[') return STEP_ON;
    if (first && byte == 'M') {
        enter(decode, DECODE_X10);
        return STEP_ON;
    }
    return over ? end_control(decode, event) : STEP_ON;
}

static enum step take_single(struct decode *decode, struct decoded *event,
                             char byte) {
    if (byte < ' ' || byte > '~') {
        rest(decode);
        return STEP_AGAIN;
    }
    keep(decode, byte);
    if (byte >= '0' && byte <= ';') return STEP_ON;
    return press(decode, event, single_key(kept(decode)));
}

static enum step take_x10(struct decode *decode, struct decoded *event,
                          char byte) {
    (void)event;
    keep(decode, byte);
    if (decode->length == X10_BYTES) rest(decode);
    return STEP_ON;
}

/* Strings ----------------------------------------------------------------- */

static int digit(char byte) {
    if (byte >= '0' && byte <= '9') return byte - '0';
    byte = text_fold(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* One to four hexadecimal digits, of which F, FF, FFF or FFFF is all. */
static bool read_shade(struct text word, uint8_t *shade) {
    unsigned value = 0, most = 0;
    if (word.length == 0 || word.length > 4) return false;
    for (size_t i = 0; i < word.length; i++) {
        if (digit(word.at[i]) < 0) return false;
        value = 16 * value + (unsigned)digit(word.at[i]);
        most = 16 * most + 15;
    }
    *shade = (uint8_t)(255 * value / most);
    return true;
}

/* OSC 11 ; rgb:RRRR/GGGG/BBBB (XParseColor(3)); rgba: has one more. */
static bool read_ground(struct text words, struct decoded *event) {
    bool opaque = text_begins(words, "11;rgb:");
    if (!opaque && !text_begins(words, "11;rgba:")) return false;
    words = text_after(words, opaque ? 7 : 8);
    event->kind = DECODED_GROUND;
    return read_shade(text_piece(&words, '/'), &event->ground.red) &&
           read_shade(text_piece(&words, '/'), &event->ground.green) &&
           read_shade(text_piece(&words, '/'), &event->ground.blue);
}

static enum step end_string(struct decode *decode, struct decoded *event) {
    struct decoded told = {0};
    bool known = decode->opened == ']' && read_ground(kept(decode), &told);
    rest(decode);
    if (!known) return STEP_ON;
    *event = told;
    return STEP_EVENT;
}

static enum step take_string(struct decode *decode, struct decoded *event,
                             char byte) {
    if (byte == BELL) return end_string(decode, event);
    if (byte == ESCAPE)
        decode->state = DECODE_STRING_ESCAPED;
    else if (byte == CANCEL || byte == SUBSTITUTE)
        rest(decode);
    else
        keep(decode, byte);
    if (decode->length > DECODE_STRING_MAX) rest(decode);
    return STEP_ON;
}

static enum step take_string_escaped(struct decode *decode,
                                     struct decoded *event, char byte) {
    if (byte == '\\') return end_string(decode, event);
    rest(decode);
    decode->state = DECODE_ESCAPED;
    decode->opened = '\0';
    return STEP_AGAIN;
}

/* Pastes ------------------------------------------------------------------ */

static enum step give_paste(struct decode *decode, struct decoded *event) {
    *event = (struct decoded){.kind = DECODED_PASTE};
    event->paste = text_slice(decode->paste, decode->pasted);
    decode->given = true;
    return STEP_EVENT;
}

static void add(struct decode *decode, const char *bytes, size_t length) {
    if (decode->pasted + length > DECODE_PASTE_MAX) return;
    memcpy(decode->paste + decode->pasted, bytes, length);
    decode->pasted += length;
}

/* Only ESC begins the mark at the end, and it is nowhere else in it. A mark
 * that got lost would swallow all that is typed: after a silence, which no
 * pasted text can make, C-c ends the paste too. */
static enum step take_pasted(struct decode *decode, struct decoded *event,
                             char byte) {
    bool silent = decode->silent;
    decode->silent = false;
    if (silent && byte == INTERRUPT) {
        rest(decode);
        return give_paste(decode, event);
    }
    if (byte == PASTE_END[decode->matched]) {
        if (PASTE_END[++decode->matched]) return STEP_ON;
        rest(decode);
        return give_paste(decode, event);
    }
    add(decode, PASTE_END, decode->matched);
    decode->matched = byte == ESCAPE;
    if (byte != ESCAPE) add(decode, &byte, 1);
    return STEP_ON;
}

/* ------------------------------------------------------------------------- */

/* The paste that was given out is no longer looked at. */
static void forget_given(struct decode *decode) {
    if (!decode->given) return;
    decode->given = false;
    decode->pasted = 0;
    if (decode->state == DECODE_PASTE) return;
    free(decode->paste);
    decode->paste = NULL;
}

bool decode_next(struct decode *decode, struct text *bytes,
                 struct decoded *event) {
    static enum step (*const take[])(struct decode *, struct decoded *,
                                     char) = {
        [DECODE_KEYS] = take_key,
        [DECODE_CHARACTER] = take_character,
        [DECODE_ESCAPED] = take_escaped,
        [DECODE_CONTROL] = take_control,
        [DECODE_SINGLE] = take_single,
        [DECODE_X10] = take_x10,
        [DECODE_STRING] = take_string,
        [DECODE_STRING_ESCAPED] = take_string_escaped,
        [DECODE_PASTE] = take_pasted,
    };
    forget_given(decode);
    while (bytes->length > 0) {
        enum step step = take[decode->state](decode, event, *bytes->at);
        if (step == STEP_AGAIN) continue;
        *bytes = text_after(*bytes, 1);
        if (step == STEP_EVENT) return true;
    }
    return false;
}

unsigned decode_patience(const struct decode *decode) {
    switch (decode->state) {
    case DECODE_KEYS: return 0;
    case DECODE_ESCAPED: return DECODE_ESCAPE_MS;
    case DECODE_PASTE:
        return decode->silent && decode->pasted == 0 ? 0 : DECODE_PASTE_MS;
    default: return decode->length == 0 ? DECODE_ESCAPE_MS : DECODE_CUT_MS;
    }
}

/* ESC and one more byte that began nothing were Alt and that key. */
bool decode_lapse(struct decode *decode, struct decoded *event) {
    forget_given(decode);
    if (decode->state == DECODE_PASTE) {
        decode->silent = true;
        return decode->pasted > 0 && give_paste(decode, event) == STEP_EVENT;
    }
    bool alone = decode->state == DECODE_ESCAPED;
    bool begun = decode->length == 0 && (decode->state == DECODE_CONTROL ||
                                         decode->state == DECODE_SINGLE ||
                                         decode->state == DECODE_STRING);
    uint32_t key = (unsigned char)decode->opened;
    if (alone) decode->alt = decode->opened == ESCAPE;
    if (begun) decode->alt = true;
    if (alone) key = ESCAPE;
    if (!alone && !begun) key = KEYS_UNKNOWN;
    return press(decode, event, key) == STEP_EVENT;
}
