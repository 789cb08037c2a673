/* What a terminal sends. Each scene is played whole and cut at every byte. */
#include "client/decode.h"

#include "protocol/memory.h"
#include "protocol/writer.h"
#include "tests/face.h"

enum { TOLD = 4096 };

/* Keys as people write them: C-x, M-x, S-Up, F5, U+E9. */
static void tell_key(struct writer *told, uint32_t key) {
    static const char *const names[] = {
        "Up",   "Down", "Left",   "Right",  "Home",      "End",
        "PgUp", "PgDn", "Insert", "Delete", "Backspace", "Enter",
    };
    if (key & KEYS_CONTROL) write_string(told, "C-");
    if (key & KEYS_ALT) write_string(told, "M-");
    if (key & KEYS_SHIFT) write_string(told, "S-");
    key &= ~(uint32_t)(KEYS_CONTROL | KEYS_ALT | KEYS_SHIFT);
    if (key == 27)
        write_string(told, "Esc");
    else if (key < 32)
        write_format(told, "^%c", (char)(key + '@'));
    else if (key < 127)
        write_char(told, (char)key);
    else if (key < KEYS_UP)
        write_format(told, "U+%X", key);
    else if (key <= KEYS_ENTER)
        write_string(told, names[key - KEYS_UP]);
    else if (key == KEYS_BACK_TAB)
        write_string(told, "BackTab");
    else if (key >= KEYS_F1 && key <= KEYS_F12)
        write_format(told, "F%u", key - KEYS_F1 + 1);
    else
        write_string(told, "?");
}

static void tell_mouse(struct writer *told, const struct mouse *mouse) {
    static const char *const kinds[] = {"press", "release", "drag", "wheel-up",
                                        "wheel-down"};
    write_format(told, "<%s%s%s %u at %d,%d>",
                 mouse->modifiers & KEYS_CONTROL ? "C-" : "",
                 mouse->modifiers & KEYS_SHIFT ? "S-" : "", kinds[mouse->kind],
                 mouse->button, mouse->x, mouse->y);
}

static void tell(struct writer *told, const struct decoded *event) {
    if (told->length > 0) write_char(told, ' ');
    switch (event->kind) {
    case DECODED_KEY: tell_key(told, event->key); break;
    case DECODED_PASTE:
        write_format(told, "<paste %.*s>", (int)event->paste.length,
                     event->paste.at);
        break;
    case DECODED_MOUSE: tell_mouse(told, &event->mouse); break;
    case DECODED_FOCUS:
        write_string(told, event->focused ? "<in>" : "<out>");
        break;
    case DECODED_GROUND:
        write_format(told, "<ground %02x%02x%02x>", event->ground.red,
                     event->ground.green, event->ground.blue);
        break;
    case DECODED_ATTRIBUTES: write_string(told, "<attributes>"); break;
    case DECODED_MODE:
        write_format(told, "<mode %u %s>", event->mode,
                     event->recognised ? "yes" : "no");
        break;
    }
}

static void feed(struct decode *decode, struct text bytes,
                 struct writer *told) {
    struct decoded event;
    while (decode_next(decode, &bytes, &event))
        tell(told, &event);
}

/* In two pieces, the second after `at` bytes; each in memory of its own, so
 * that what is borrowed too long is seen. */
static void play(struct text bytes, size_t at, struct writer *told) {
    struct decode decode;
    char *first = memory_string(bytes.at, at);
    char *second = memory_string(bytes.at + at, bytes.length - at);
    decode_init(&decode);
    feed(&decode, text_slice(first, at), told);
    free(first);
    feed(&decode, text_slice(second, bytes.length - at), told);
    free(second);
    struct decoded event;
    if (decode_patience(&decode) > 0 && decode_lapse(&decode, &event))
        tell(told, &event);
    decode_finish(&decode);
}

static void means_bytes(struct text bytes, const char *expected) {
    for (size_t at = 0; at <= bytes.length; at++) {
        char words[TOLD] = "";
        struct writer told = writer_on(words, sizeof words - 1);
        play(bytes, at, &told);
        assert_string_equal(words, expected);
    }
}

static void means(const char *bytes, const char *expected) {
    means_bytes(text_of(bytes), expected);
}

static void text_is_text(void **state) {
    (void)state;
    means("hi", "h i");
    means("é日👍", "U+E9 U+65E5 U+1F44D");
    means("\x01\r\t\x7f\n", "^A ^M ^I U+7F ^J");
    means("\033é\033x", "M-U+E9 M-x");
    means("\033\r\033\x7f", "M-^M M-U+7F");
}

static void what_is_no_text_is_not_typed(void **state) {
    (void)state;
    means("a\xff\xfe\x80z", "a z");
    means("a\xc3(z", "a ( z");
    means("a\xed\xa0\x80z", "a z");
    means("a\xc2\x9bz", "a z"); /* CSI as U+009B */
    means_bytes(text_slice("\0", 1), "^@");
}

static void cursor_keys_have_many_forms(void **state) {
    (void)state;
    means("\033[A\033[B\033[C\033[D", "Up Down Right Left");
    means("\033OA\033OB\033OC\033OD", "Up Down Right Left");
    means("\033[1;2A\033[1;3B\033[1;5C\033[1;6D",
          "S-Up M-Down C-Right C-S-Left");
    means("\033[a\033Oa\033\033[A\033\033OD", "S-Up C-Up M-Up M-Left");
    means("\033O5C\033O1;5D", "C-Right C-Left");
}

static void editing_keys_have_many_forms(void **state) {
    (void)state;
    means("\033[H\033[F\033OH\033OF\033[1~\033[4~\033[7~\033[8~",
          "Home End Home End Home End Home End");
    means("\033[1;5H\033[1;5F\033[7^\033[8^", "C-Home C-End C-Home C-End");
    means("\033[2~\033[3~\033[5~\033[6~", "Insert Delete PgUp PgDn");
    means("\033[3;5~\033[3^\033[3$\033[3@\033[5;2~",
          "C-Delete C-Delete S-Delete C-S-Delete S-PgUp");
    means("\033[Z\033OM", "BackTab Enter");
}

static void function_keys_have_many_forms(void **state) {
    (void)state;
    means("\033OP\033OQ\033OR\033OS", "F1 F2 F3 F4");
    means("\033[[A\033[[B\033[[C\033[[D\033[[E", "F1 F2 F3 F4 F5");
    means("\033[11~\033[12~\033[13~\033[14~\033[15~", "F1 F2 F3 F4 F5");
    means("\033[17~\033[18~\033[19~\033[20~\033[21~\033[23~\033[24~",
          "F6 F7 F8 F9 F10 F11 F12");
    means("\033[1;2P\033[15;5~\033O2R", "S-F1 C-F5 S-F3");
}

static void kittys_keys_are_the_old_ones(void **state) {
    (void)state;
    means("\033[27u\033[97;5u\033[97;3u\033[97;7u", "Esc ^A M-a M-^A");
    means("\033[97u\033[233u", "a U+E9");
    means("\033[13;2u\033[13;3u\033[9;2u\033[127;3u",
          "S-^M M-^M BackTab M-U+7F");
    means("\033[46:62;4u\033[97:65;4u\033[97;6u", "M-> M-A ^A");
    means("\033[32;5u\033[47;5u\033[59;5u", "^@ ^_ C-;");
    means("\033[57417u\033[57414u\033[57400;129u", "Left Enter 1");
    means("\033[1089::99;5u", "^C"); /* Cyrillic es where c is */
    means("\033[27;5;99~\033[27;2;13~", "^C S-^M");
}

static void what_is_let_go_or_not_for_us_is_not_pressed(void **state) {
    (void)state;
    means("\033[97;1:3ux", "x");
    means("\033[1;1:3Ax", "x");
    means("\033[97;9ux", "x");    /* Super */
    means("\033[57441;2ux", "x"); /* Shift alone */
    means("\033[?5ux", "x");      /* which keys it reports */
    means("\033[128ux\033[55296ux\033[4294967295ux", "x x x");
}

static void escape_alone_is_a_key(void **state) {
    (void)state;
    means("\033", "Esc");
    means("\033\033", "M-Esc");
    means("\033[", "M-[");
    means("\033O", "M-O");
    means("\033]", "M-]");
    means("\033P", "M-P");
}

static void what_nobody_knows_is_swallowed(void **state) {
    (void)state;
    means("\033[99~x\033[1;2;3;4yx\033[ qx\033[>1;2cx", "x x x x");
    means("\033]0;title\007x\033P1$r0m\033\\x\033_apc\033\\x", "x x x");
    means("\033[M !!x", "x"); /* a mouse report of 1987 */
    means("\033[12;40Rx", "x");
}

static void what_is_cut_off_is_forgotten(void **state) {
    (void)state;
    means("\033[1;", "");
    means("\033[1;\033[A", "Up");
    means("\033[1;\rx", "^M x");
    means("\033]11;rgb:0", "");
    means("\033]11;rgb:0\033[Ax", "Up x");
    means("\033[200", "");
    means("\xe6\x97", "");
}

static void sequences_have_an_end(void **state) {
    (void)state;
    char bytes[DECODE_STRING_MAX + 64];
    char words[TOLD] = "";
    struct writer told = writer_on(words, sizeof words - 1);
    struct decode decode;
    memset(bytes, '1', sizeof bytes);
    decode_init(&decode);
    feed(&decode, text_of("\033["), &told);
    feed(&decode, text_slice(bytes, 1000), &told);
    feed(&decode, text_of("~a"), &told);
    feed(&decode, text_of("\033]"), &told);
    feed(&decode, text_slice(bytes, DECODE_STRING_MAX + 1), &told);
    feed(&decode, text_of("b"), &told);
    assert_string_equal(words, "a b");
    decode_finish(&decode);
}

static void a_paste_is_one_thing(void **state) {
    (void)state;
    means("\033[200~/quit\r\n\033[A\003\033[201~x",
          "<paste /quit\r\n\033[A\003> x");
    means("\033[200~\033[201~x", "<paste > x");
    means("\033[200~a\033[20\033[201~\033[200~b\033[201~",
          "<paste a\033[20> <paste b>");
    means("\033[200~\033\033\033[201~", "<paste \033\033>");
}

static void a_paste_without_end_is_shown_and_can_be_ended(void **state) {
    (void)state;
    char words[TOLD] = "";
    struct writer told = writer_on(words, sizeof words - 1);
    struct decode decode;
    struct decoded event;
    decode_init(&decode);
    feed(&decode, text_of("\033[200~one\003two\r"), &told);
    assert_int_equal(decode_patience(&decode), DECODE_PASTE_MS);
    assert_true(decode_lapse(&decode, &event));
    tell(&told, &event);
    feed(&decode, text_of(""), &told);
    assert_int_equal(decode_patience(&decode), 0);
    feed(&decode, text_of("three\003\r"), &told);
    assert_true(decode_lapse(&decode, &event));
    tell(&told, &event);
    feed(&decode, text_of("\003x"), &told);
    assert_string_equal(words, "<paste one\003two\r> <paste three\003\r> "
                               "<paste > x");
    decode_finish(&decode);
}

static void a_paste_is_bounded(void **state) {
    (void)state;
    struct decode decode;
    struct decoded event;
    size_t size = DECODE_PASTE_MAX + 100;
    char *bytes = memory_new(size, 1);
    memset(bytes, 'x', size);
    decode_init(&decode);
    struct text begin = text_of("\033[200~"), text = text_slice(bytes, size),
                end = text_of("\033[201~");
    assert_false(decode_next(&decode, &begin, &event));
    assert_false(decode_next(&decode, &text, &event));
    assert_true(decode_next(&decode, &end, &event));
    assert_int_equal(event.paste.length, DECODE_PASTE_MAX);
    decode_finish(&decode);
    free(bytes);
}

static void the_mouse_is_told(void **state) {
    (void)state;
    means("\033[<0;1;1M\033[<0;1;1m", "<press 1 at 0,0> <release 1 at 0,0>");
    means("\033[<2;10;20M\033[<32;300;100M",
          "<press 3 at 9,19> <drag 1 at 299,99>");
    means("\033[<64;5;6M\033[<65;5;6M\033[<80;5;6M",
          "<wheel-up 0 at 4,5> <wheel-down 0 at 4,5> <C-wheel-up 0 at 4,5>");
    means("\033[<4;1;2M", "<S-press 1 at 0,1>");
    means("\033[<35;5;6Mx\033[<66;5;6Mx\033[<0;0;1Mx\033[<128;1;1Mx\033[<x",
          "x x x x");
}

static void focus_and_answers_are_told(void **state) {
    (void)state;
    means("\033[I\033[O", "<in> <out>");
    means("\033]11;rgb:ffff/8080/0000\007", "<ground ff8000>");
    means("\033]11;rgb:f/8/0\033\\", "<ground ff8800>");
    means("\033]11;rgba:1e1e/1e1e/2e2e/ffff\033\\", "<ground 1e1e2e>");
    means("\033]11;rgb:xx/8/0\033\\\033]11;rgb:1/2\033\\x", "x");
    means("\033[?62;4c\033[?1004;2$y\033[?1004;0$y",
          "<attributes> <mode 1004 yes> <mode 1004 no>");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_text),
        cmocka_unit_test(what_is_no_text_is_not_typed),
        cmocka_unit_test(cursor_keys_have_many_forms),
        cmocka_unit_test(editing_keys_have_many_forms),
        cmocka_unit_test(function_keys_have_many_forms),
        cmocka_unit_test(kittys_keys_are_the_old_ones),
        cmocka_unit_test(what_is_let_go_or_not_for_us_is_not_pressed),
        cmocka_unit_test(escape_alone_is_a_key),
        cmocka_unit_test(what_nobody_knows_is_swallowed),
        cmocka_unit_test(what_is_cut_off_is_forgotten),
        cmocka_unit_test(sequences_have_an_end),
        cmocka_unit_test(a_paste_is_one_thing),
        cmocka_unit_test(a_paste_without_end_is_shown_and_can_be_ended),
        cmocka_unit_test(a_paste_is_bounded),
        cmocka_unit_test(the_mouse_is_told),
        cmocka_unit_test(focus_and_answers_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
