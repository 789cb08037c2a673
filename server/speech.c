#include "server/speech.h"

#include <string.h>

enum {
    TELNET_IAC = 255,
    TELNET_SB = 250,
    TELNET_SE = 240,
    TELNET_WILL = 251,
    TLS_HANDSHAKE = 0x16,
    TLS_MAJOR = 0x03,
    VERB_MAX = 12,
};

static const char *const irc_verbs[] = {
    "CAP", "NICK", "USER", "PASS", "PING", "WEBIRC", "AUTHENTICATE", NULL};
static const char *const http_verbs[] = {
    "GET",   "POST",    "HEAD",  "PUT", "DELETE", "OPTIONS",
    "PATCH", "CONNECT", "TRACE", "PRI", NULL};

static bool is_one_of(struct text word, const char *const verbs[]) {
    for (size_t i = 0; verbs[i]; i++)
        if (text_is(word, verbs[i])) return true;
    return false;
}

static bool may_become(struct text word, const char *const verbs[]) {
    for (size_t i = 0; verbs[i]; i++)
        if (word.length <= strlen(verbs[i]) &&
            strncmp(verbs[i], word.at, word.length) == 0)
            return true;
    return false;
}

/* Length of the telnet command at the start, 0 where it is not complete.
 * RFC 854: IAC x, IAC WILL..DONT x, IAC SB … IAC SE. */
static size_t telnet_command(struct text bytes) {
    if (bytes.length < 2) return 0;
    unsigned char what = (unsigned char)bytes.at[1];
    if (what < TELNET_SB) return 2;
    if (what >= TELNET_WILL) return bytes.length < 3 ? 0 : 3;
    for (size_t i = 2; i + 1 < bytes.length; i++)
        if ((unsigned char)bytes.at[i] == TELNET_IAC &&
            (unsigned char)bytes.at[i + 1] == TELNET_SE)
            return i + 2;
    return 0;
}

static size_t skip_telnet(struct text bytes, bool *cut) {
    size_t skip = 0;
    *cut = false;
    while (skip < bytes.length && (unsigned char)bytes.at[skip] == TELNET_IAC) {
        size_t length = telnet_command(text_after(bytes, skip));
        if (!length) *cut = true;
        if (!length) break;
        skip += length;
    }
    return skip;
}

/* What stands in front of the first line: telnet negotiation, a byte order
 * mark, blank lines. */
static struct text first_line(struct text bytes, size_t *skip, bool *cut) {
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    *skip = skip_telnet(bytes, cut);
    if (text_begins(text_after(bytes, *skip), byte_order_mark))
        *skip += sizeof byte_order_mark - 1;
    while (*skip < bytes.length && strchr("\r\n", bytes.at[*skip]) &&
           bytes.at[*skip])
        (*skip)++;
    return text_after(bytes, *skip);
}

/* METHOD TARGET HTTP/1.1 (RFC 9112 3), whatever the method: it can be any word
 * where a page comes from a name that stands for this machine meanwhile (DNS
 * rebinding). */
static bool is_request_line(struct text bytes) {
    struct text rest = text_slice(bytes.at, text_find(bytes, '\n'));
    struct text method = text_piece(&rest, ' ');
    struct text target = text_piece(&rest, ' ');
    if (!text_begins(rest, "HTTP/") || !target.length) return false;
    return strchr("/*", target.at[0]) || text_is(method, "CONNECT") ||
           text_find(target, ':') < target.length;
}

static enum speech by_first_word(struct text bytes) {
    size_t end = 0;
    while (end < bytes.length && end <= VERB_MAX &&
           !strchr(" \r\n", bytes.at[end]))
        end++;
    struct text word = text_slice(bytes.at, end);
    if (end > VERB_MAX) return SPEECH_PLAIN;
    if (end == bytes.length)
        return may_become(word, irc_verbs) || may_become(word, http_verbs)
                   ? SPEECH_UNKNOWN
                   : SPEECH_PLAIN;
    if (is_one_of(word, irc_verbs)) return SPEECH_IRC;
    if (!is_one_of(word, http_verbs) || bytes.at[end] != ' ')
        return SPEECH_PLAIN;
    if (end + 1 == bytes.length) return SPEECH_UNKNOWN;
    return strchr("/h*", bytes.at[end + 1]) ? SPEECH_HTTP : SPEECH_PLAIN;
}

/* "@tags NICK ada" is a program; "@ada look" is a person. */
static enum speech by_second_word(struct text bytes) {
    size_t end = text_find(bytes, ' ');
    if (text_find(bytes, '\n') < end) return SPEECH_PLAIN;
    if (end >= bytes.length - 1) return SPEECH_UNKNOWN;
    enum speech speech = by_first_word(text_after(bytes, end + 1));
    return speech == SPEECH_HTTP ? SPEECH_PLAIN : speech;
}

enum speech speech_recognise(struct text bytes, size_t *skip) {
    bool cut;
    bytes = first_line(bytes, skip, &cut);
    if (cut || !bytes.length) return SPEECH_UNKNOWN;
    if (bytes.at[0] == '\0') return SPEECH_BINARY;
    if (bytes.at[0] == TLS_HANDSHAKE) {
        if (bytes.length < 2) return SPEECH_UNKNOWN;
        return bytes.at[1] == TLS_MAJOR ? SPEECH_TLS : SPEECH_PLAIN;
    }
    if (is_request_line(bytes)) return SPEECH_HTTP;
    return bytes.at[0] == '@' ? by_second_word(bytes) : by_first_word(bytes);
}

bool speech_is_settled(struct text bytes) {
    size_t skip;
    bool cut;
    bytes = first_line(bytes, &skip, &cut);
    return !cut && text_find(bytes, '\n') < bytes.length;
}
