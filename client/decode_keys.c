#include "client/decode_parts.h"

#include "client/keys.h"

enum { TAB = 9, RETURN = 13, ESCAPE = 27, RUBOUT = 127 };
enum { NUMBER_MAX = 9999999 };

struct row {
    unsigned code;
    uint32_t key;
};

/* CSI and SS3 with a letter; rxvt has small ones with Shift or Control. */
static const struct row letters[] = {
    {'A', KEYS_UP},     {'B', KEYS_DOWN},   {'C', KEYS_RIGHT},
    {'D', KEYS_LEFT},   {'H', KEYS_HOME},   {'F', KEYS_END},
    {'P', KEYS_F1},     {'Q', KEYS_F1 + 1}, {'R', KEYS_F1 + 2},
    {'S', KEYS_F1 + 3}, {'M', KEYS_ENTER},  {'Z', KEYS_BACK_TAB},
    {'a', KEYS_UP},     {'b', KEYS_DOWN},   {'c', KEYS_RIGHT},
    {'d', KEYS_LEFT},   {0, KEYS_UNKNOWN},
};

/* SS3 of a keypad in application mode. */
static const struct row keypad[] = {
    {'X', '='}, {'j', '*'}, {'k', '+'}, {'l', ','},        {'m', '-'},
    {'n', '.'}, {'o', '/'}, {'p', '0'}, {'q', '1'},        {'r', '2'},
    {'s', '3'}, {'t', '4'}, {'u', '5'}, {'v', '6'},        {'w', '7'},
    {'x', '8'}, {'y', '9'}, {' ', ' '}, {0, KEYS_UNKNOWN},
};

/* CSI number ~, as the VT220 and all after it. */
static const struct row numbers[] = {
    {1, KEYS_HOME},     {2, KEYS_INSERT},  {3, KEYS_DELETE},
    {4, KEYS_END},      {5, KEYS_PAGE_UP}, {6, KEYS_PAGE_DOWN},
    {7, KEYS_HOME},     {8, KEYS_END},     {11, KEYS_F1},
    {12, KEYS_F1 + 1},  {13, KEYS_F1 + 2}, {14, KEYS_F1 + 3},
    {15, KEYS_F1 + 4},  {17, KEYS_F1 + 5}, {18, KEYS_F1 + 6},
    {19, KEYS_F1 + 7},  {20, KEYS_F1 + 8}, {21, KEYS_F1 + 9},
    {23, KEYS_F1 + 10}, {24, KEYS_F12},    {0, KEYS_UNKNOWN},
};

/* CSI number u: kitty's numbers for the keypad; other keys have their code
 * point. */
static const struct row functional[] = {
    {57399, '0'},         {57400, '1'},          {57401, '2'},
    {57402, '3'},         {57403, '4'},          {57404, '5'},
    {57405, '6'},         {57406, '7'},          {57407, '8'},
    {57408, '9'},         {57409, '.'},          {57410, '/'},
    {57411, '*'},         {57412, '-'},          {57413, '+'},
    {57414, KEYS_ENTER},  {57415, '='},          {57416, ','},
    {57417, KEYS_LEFT},   {57418, KEYS_RIGHT},   {57419, KEYS_UP},
    {57420, KEYS_DOWN},   {57421, KEYS_PAGE_UP}, {57422, KEYS_PAGE_DOWN},
    {57423, KEYS_HOME},   {57424, KEYS_END},     {57425, KEYS_INSERT},
    {57426, KEYS_DELETE}, {0, KEYS_UNKNOWN},
};

static uint32_t look_up(const struct row *row, unsigned code) {
    while (row->code != 0 && row->code != code)
        row++;
    return row->key;
}

unsigned take_number(struct text *rest, char *separator) {
    unsigned number = 0;
    *separator = '\0';
    while (rest->length > 0) {
        char byte = *rest->at;
        if (byte < '0' || byte > '9') {
            *separator = byte;
            *rest = text_after(*rest, byte == ';' || byte == ':');
            return number;
        }
        number = 10 * number + (unsigned)(byte - '0');
        if (number > NUMBER_MAX) number = NUMBER_MAX;
        *rest = text_after(*rest, 1);
    }
    return number;
}

/* xterm counts what is held from 1 on: Shift 1, Alt 2, Control 4; kitty too,
 * with Super 8 and Hyper 16, which are for others to use, Meta 32, and the
 * locks. */
enum { SHIFT = 1, ALT = 2, CONTROL = 4, OTHERS = 8 | 16, META = 32 };

struct held {
    unsigned bits;
    bool released;
};

/* modifiers[:event], of which event 3 is the release of the key. */
static struct held take_held(struct text *rest) {
    char separator;
    unsigned number = take_number(rest, &separator);
    struct held held = {number > 0 ? number - 1 : 0, false};
    if (separator == ':') held.released = take_number(rest, &separator) == 3;
    return held;
}

static uint32_t with(uint32_t key, unsigned bits) {
    if (key == KEYS_UNKNOWN || bits & OTHERS) return KEYS_UNKNOWN;
    if (bits & (ALT | META)) key |= KEYS_ALT;
    if (bits & CONTROL) key |= KEYS_CONTROL;
    if (bits & SHIFT && key != KEYS_BACK_TAB) key |= KEYS_SHIFT;
    return key;
}

/* What Control makes of a character, as terminals always did; 0 is C-Space,
 * KEYS_UNKNOWN: nothing. */
static uint32_t control_of(uint32_t point) {
    if (point >= 'a' && point <= 'z') return point & 0x1F;
    if (point >= '@' && point <= '_') return point & 0x1F;
    if (point == ' ') return 0;
    if (point == '/') return '_' & 0x1F;
    return KEYS_UNKNOWN;
}

/* A character with what is held. Shift is in the character already, but for
 * those that have no other one. */
static uint32_t character(uint32_t point, unsigned bits) {
    bool plain =
        point == TAB || point == RETURN || point == ESCAPE || point == RUBOUT;
    if (bits & SHIFT && point == TAB) return with(KEYS_BACK_TAB, bits);
    if (plain) return with(point, bits);
    if (bits & SHIFT && point >= 'a' && point <= 'z') point -= 'a' - 'A';
    bits &= ~(unsigned)SHIFT;
    uint32_t control = control_of(point);
    if (!(bits & CONTROL) || control == KEYS_UNKNOWN) return with(point, bits);
    return with(control, bits & ~(unsigned)CONTROL);
}

/* Code points from the private use area are keys that have none. */
static bool is_character(uint32_t point) {
    bool control = point < 0x20 || (point >= 0x80 && point < 0xA0);
    bool plain = point == TAB || point == RETURN || point == ESCAPE;
    bool surrogate = point >= 0xD800 && point < 0xE000;
    bool private = point >= 0xE000 && point < 0xF900;
    return (!control || plain) && !surrogate && !private && point < KEYS_UP;
}

/* CSI code[:shifted[:base]] ; modifiers[:event] u (kitty's keyboard protocol).
 * Where Control is held and the layout has other letters than Latin ones, the
 * key is that of the base layout. */
static uint32_t kitty_key(struct text rest) {
    char separator;
    unsigned shifted = 0, base = 0;
    unsigned code = take_number(&rest, &separator);
    if (separator == ':') shifted = take_number(&rest, &separator);
    if (separator == ':') base = take_number(&rest, &separator);
    struct held held = take_held(&rest);
    if (held.released) return KEYS_UNKNOWN;
    uint32_t key = look_up(functional, code);
    if (key != KEYS_UNKNOWN) return with(key, held.bits);
    if (held.bits & SHIFT && shifted > 0) code = shifted;
    if (held.bits & CONTROL && code > RUBOUT && base > 0) code = base;
    return is_character(code) ? character(code, held.bits) : KEYS_UNKNOWN;
}

/* CSI 27 ; modifiers ; code ~ (xterm's modifyOtherKeys) */
static uint32_t other_key(struct text rest) {
    char separator;
    struct held held = take_held(&rest);
    unsigned code = take_number(&rest, &separator);
    return is_character(code) ? character(code, held.bits) : KEYS_UNKNOWN;
}

/* CSI number [; modifiers] ~, and rxvt's ends: ^ with Control, $ with Shift,
 * @ with both. */
static uint32_t numbered_key(struct text rest, char last) {
    char separator;
    unsigned number = take_number(&rest, &separator);
    if (number == 27 && separator == ';') return other_key(rest);
    struct held held = take_held(&rest);
    if (last == '^' || last == '@') held.bits |= CONTROL;
    if (last == '$' || last == '@') held.bits |= SHIFT;
    if (held.released) return KEYS_UNKNOWN;
    return with(look_up(numbers, number), held.bits);
}

/* CSI [1 ; modifiers] letter */
static uint32_t letter_key(struct text rest, char last) {
    char separator;
    unsigned first = take_number(&rest, &separator);
    struct held held = take_held(&rest);
    if (last >= 'a') held.bits |= SHIFT;
    if (first > 1 || held.released || last == 'M') return KEYS_UNKNOWN;
    return with(look_up(letters, (unsigned char)last), held.bits);
}

/* CSI [ A to E: F1 to F5 of the Linux console */
static uint32_t console_key(char last) {
    return last >= 'A' && last <= 'E' ? KEYS_F1 + (uint32_t)(last - 'A')
                                      : KEYS_UNKNOWN;
}

uint32_t control_key(struct text sequence) {
    if (sequence.length == 0) return KEYS_UNKNOWN;
    char first = *sequence.at, last = sequence.at[sequence.length - 1];
    struct text rest = text_slice(sequence.at, sequence.length - 1);
    if (first == '[' && rest.length == 1) return console_key(last);
    for (size_t i = 0; i < rest.length; i++)
        if (rest.at[i] < '0' || rest.at[i] > ';') return KEYS_UNKNOWN;
    if (last == 'u') return kitty_key(rest);
    if (last == '~' || last == '^' || last == '$' || last == '@')
        return numbered_key(rest, last);
    return letter_key(rest, last);
}

/* SS3 [modifiers] letter */
uint32_t single_key(struct text sequence) {
    if (sequence.length == 0) return KEYS_UNKNOWN;
    char last = sequence.at[sequence.length - 1];
    struct text rest = text_slice(sequence.at, sequence.length - 1);
    char separator = ';';
    unsigned bits = 0;
    while (rest.length > 0 && separator)
        bits = take_number(&rest, &separator);
    bits = bits > 0 ? bits - 1 : 0;
    if (last >= 'a' && last <= 'd') bits |= CONTROL;
    uint32_t key = look_up(keypad, (unsigned char)last);
    if (key == KEYS_UNKNOWN) key = look_up(letters, (unsigned char)last);
    return with(key, bits);
}
