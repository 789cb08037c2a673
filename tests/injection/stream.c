#include "tests/injection/stream.h"

#include <string.h>

/* CSI, up to and with its last byte; 0: it has none. */
static size_t sequence_length(struct text text) {
    for (size_t i = 2; i < text.length; i++)
        if (text.at[i] >= 0x40 && text.at[i] <= 0x7e) return i + 1;
    return 0;
}

static bool shows_or_hides_cursor(struct text sequence) {
    return text_is(sequence, "\033[?25h") || text_is(sequence, "\033[?25l") ||
           text_is(sequence, "\033[?12l") || text_is(sequence, "\033[?12h") ||
           text_is(sequence, "\033[?12;25h") ||
           text_is(sequence, "\033[?12l\033[?25h");
}

/* Cursor, erase, insert and delete, scroll, repeat, colours. */
static bool draws(struct text sequence) {
    char last = sequence.at[sequence.length - 1];
    if (!strchr("ABCDEFGHIJKLMPSTXZ@bdmr", last)) return false;
    for (size_t i = 2; i + 1 < sequence.length; i++)
        if (!strchr("0123456789;:", sequence.at[i])) return false;
    return true;
}

/* OSC 2 ; title BEL */
static const char *take_title(struct text *rest) {
    struct text words = text_after(*rest, strlen("\033]2;"));
    size_t length = text_find(words, '\a');
    if (length == words.length) return "a title without an end";
    *rest = text_after(words, length + 1);
    return judge_shown(text_slice(words.at, length));
}

/* OSC 8 ; id ; link ST */
static const char *take_link(struct text *rest) {
    struct text words = text_after(*rest, strlen("\033]8;"));
    size_t length = text_find(words, '\033');
    *rest = text_after(words, length);
    if (!text_begins(*rest, "\033\\")) return "a link without an end";
    *rest = text_after(*rest, 2);
    for (size_t i = 0; i < length; i++)
        if (words.at[i] <= ' ' || words.at[i] >= 0x7f)
            return "a link that is not of visible ASCII";
    return NULL;
}

/* Takes an escape sequence off. */
static const char *take_sequence(struct text *rest) {
    static const char *const known[] = {"\033(B", "\033M",       "\0337",
                                        "\0338",  "\033[?2026h", "\033[?2026l"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!text_begins(*rest, known[i])) continue;
        *rest = text_after(*rest, strlen(known[i]));
        return NULL;
    }
    if (text_begins(*rest, "\033]2;")) return take_title(rest);
    if (text_begins(*rest, "\033]8;")) return take_link(rest);
    if (!text_begins(*rest, "\033[")) return "a sequence that draws nothing";
    size_t length = sequence_length(*rest);
    struct text sequence = text_slice(rest->at, length);
    *rest = text_after(*rest, length);
    if (length == 0) return "a sequence without an end";
    if (draws(sequence) || shows_or_hides_cursor(sequence)) return NULL;
    return "a sequence that changes a mode";
}

static bool moves(char byte) {
    return byte == '\r' || byte == '\n' || byte == '\b';
}

const char *judge_stream(struct text bytes) {
    const char *why = NULL;
    while (bytes.length > 0 && !why) {
        size_t text = 0;
        while (text < bytes.length && bytes.at[text] != '\033' &&
               !moves(bytes.at[text]))
            text++;
        why = judge_shown(text_slice(bytes.at, text));
        bytes = text_after(bytes, text);
        if (why || bytes.length == 0) break;
        if (bytes.at[0] == '\033')
            why = take_sequence(&bytes);
        else
            bytes = text_after(bytes, 1);
    }
    return why;
}

bool stream_is_whole(struct text bytes) {
    static const char begin[] = "\033[?2026h", end[] = "\033[?2026l";
    const char *frame = NULL, *next;
    while ((next = memmem(bytes.at, bytes.length, begin, strlen(begin)))) {
        frame = next;
        bytes = text_after(bytes, (size_t)(next - bytes.at) + strlen(begin));
    }
    return !frame || memmem(bytes.at, bytes.length, end, strlen(end));
}
