#include "client/escape.h"

#include <stdlib.h>

#include "protocol/base64.h"
#include "protocol/memory.h"
#include "protocol/names.h"
#include "protocol/utf8.h"

#define ESC "\033"
#define BEL "\007"
#define CAN "\030"
#define ST "\033\\"

enum { CLEAN = 4 * ESCAPE_WORDS_MAX }; /* utf8_plain never cuts in that */

/* Words that cannot end what they stand in: no control characters, and no
 * semicolon where that separates (';' becomes ','). */
static void put_words(struct bytes *to, struct text words, bool fields) {
    char clean[CLEAN];
    words = text_slice(words.at, utf8_cut(words, ESCAPE_WORDS_MAX));
    size_t length = utf8_plain(words, clean, sizeof clean);
    for (size_t i = 0; fields && i < length; i++)
        if (clean[i] == ';') clean[i] = ',';
    bytes_add(to, text_slice(clean, length));
}

void escape_link(struct bytes *to, const char *link) {
    bytes_add_string(to, ESC "]8;id=");
    bytes_add_number(to, name_hash(text_of(link)));
    bytes_add_string(to, ";");
    bytes_add_string(to, link);
    bytes_add_string(to, ST);
}

void escape_link_end(struct bytes *to) {
    bytes_add_string(to, ESC "]8;;" ST);
}

void escape_title(struct bytes *to, struct text title) {
    bytes_add_string(to, ESC "]2;");
    put_words(to, title, false);
    bytes_add_string(to, BEL);
}

/* For the terminal around tmux (tmux(1), allow-passthrough): each ESC twice. */
static void wrap(struct bytes *to, struct text sequence) {
    bytes_add_string(to, ESC "Ptmux;");
    for (size_t i = 0; i < sequence.length; i++) {
        if (sequence.at[i] == '\033') bytes_add_string(to, ESC);
        bytes_add(to, text_slice(sequence.at + i, 1));
    }
    bytes_add_string(to, ST);
}

/* Line by line, so that the line ends stay. */
static struct text clean_lines(struct text text, char *to, size_t size) {
    size_t length = 0;
    while (text.length > 0) {
        size_t end = text_find(text, '\n');
        length +=
            utf8_plain(text_slice(text.at, end), to + length, size - length);
        if (end < text.length) to[length++] = '\n';
        text = text_after(text, end + 1);
    }
    return text_slice(to, length);
}

static void put_copy(struct bytes *to, struct text clean) {
    size_t size = 4 * (clean.length / 3 + 1) + 1;
    char *letters = memory_new(size, 1);
    struct writer writer = writer_on(letters, size);
    base64_write(BASE64_STANDARD, &writer, (const unsigned char *)clean.at,
                 clean.length);
    bytes_add_string(to, ESC "]52;c;");
    bytes_add(to, writer_text(&writer));
    bytes_add_string(to, BEL);
    free(letters);
}

void escape_copy(struct bytes *to, struct text text, bool tmux) {
    size_t size = 4 * text.length + 1;
    char *memory = memory_new(size, 1);
    struct bytes sequence = {0};
    put_copy(&sequence, clean_lines(text, memory, size));
    bytes_add(to, bytes_text(&sequence));
    if (tmux) wrap(to, bytes_text(&sequence));
    bytes_finish(&sequence);
    free(memory);
}

/* "#room" and "nick: text", or "nick" and "text" where they wrote to us
 * alone. */
static struct text title_of(const struct notice *notice) {
    return text_of(notice->room && *notice->room ? notice->room : notice->nick);
}

static void put_body(struct bytes *to, const struct notice *notice,
                     bool fields) {
    bool named = notice->room && *notice->room && notice->nick &&
                 !text_is(text_of(notice->nick), notice->room);
    if (named) {
        put_words(to, text_of(notice->nick), fields);
        bytes_add_string(to, ": ");
    }
    put_words(to, text_of(notice->text), fields);
}

static void put_osc9(struct bytes *to, const struct notice *notice) {
    bytes_add_string(to, ESC "]9;");
    put_words(to, title_of(notice), true); /* 9;4; is a progress bar */
    bytes_add_string(to, " ");
    put_body(to, notice, false);
    bytes_add_string(to, BEL);
}

/* In two parts of one notice (i); the first is not the last (d=0). */
static void put_osc99(struct bytes *to, const struct notice *notice) {
    bytes_add_string(to, ESC "]99;i=minichat:d=0:p=title;");
    put_words(to, title_of(notice), false);
    bytes_add_string(to, ST ESC "]99;i=minichat:p=body;");
    put_body(to, notice, false);
    bytes_add_string(to, ST);
}

static void put_osc777(struct bytes *to, const struct notice *notice) {
    bytes_add_string(to, ESC "]777;notify;");
    put_words(to, title_of(notice), true);
    bytes_add_string(to, ";");
    put_body(to, notice, true);
    bytes_add_string(to, BEL);
}

void escape_notice(struct bytes *to, enum notify form,
                   const struct notice *notice, bool tmux) {
    struct bytes sequence = {0};
    if (form == NOTIFY_OSC9) put_osc9(&sequence, notice);
    if (form == NOTIFY_OSC99) put_osc99(&sequence, notice);
    if (form == NOTIFY_OSC777) put_osc777(&sequence, notice);
    if (form == NOTIFY_BELL)
        bytes_add_string(to, BEL);
    else if (tmux && sequence.length > 0)
        wrap(to, bytes_text(&sequence));
    else
        bytes_add(to, bytes_text(&sequence));
    bytes_finish(&sequence);
}

/* The title is put aside (22; xterm's ctlseqs) and taken back at the end. Of
 * kitty's keys: those that could be taken for others, and both characters of
 * a key (1 and 4). */
void escape_modes(struct bytes *to, bool able) {
    bytes_add_string(to, ESC "[?2004h");
    if (able) bytes_add_string(to, ESC "[22;2t" ESC "[?1004h" ESC "[>5u");
}

void escape_modes_off(struct bytes *to, bool able) {
    bytes_add_string(to, CAN);
    if (able)
        bytes_add_string(to, ST ESC "]8;;" ST ESCAPE_FRAME_END ESC "[<u" ESC
                                    "[?1004l" ESC "[23;2t");
    if (able) escape_mouse(to, false);
    bytes_add_string(to, ESC "[?2004l");
}

/* Press and release, drags, and coordinates as numbers. */
void escape_mouse(struct bytes *to, bool on) {
    bytes_add_string(to, on ? ESC "[?1002h" ESC "[?1006h"
                            : ESC "[?1006l" ESC "[?1002l");
}

void escape_questions(struct bytes *to) {
    bytes_add_string(to, ESC "]11;?" BEL ESC "[?1004$p" ESC "[c");
}
