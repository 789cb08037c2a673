#include "client/links.h"

#include <string.h>

#include "protocol/writer.h"

static const char *const schemes[] = {
    "https://", "http://", "ircs://", "irc://", "gemini://", "mailto:",
};

/* What ends a sentence, also where it is not ASCII. */
static const char *const stops[] = {
    ".",  ",",  ":",  ";",  "!",  "?", "'", "*", "_", "~",  "。", "，",
    "、", "！", "？", "；", "：", "’", "”", "»", "›", "」", "』", "…",
};

/* What opens and closes around a link. */
static const char brackets[][2] = {"()", "[]", "{}"};

static bool is_word(char byte) {
    byte = text_fold(byte);
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

static bool is_beyond_ascii(char byte) {
    return (unsigned char)byte >= 0x80;
}

static bool belongs(char byte) {
    return byte > ' ' && byte != 0x7F && !strchr("<>\"`|\\^", byte);
}

/* Up to where it could go; a mark for a control character ends it too. */
static size_t run(struct text text) {
    size_t length = 0;
    while (length < text.length &&
           (is_beyond_ascii(text.at[length]) || belongs(text.at[length])) &&
           !text_begins(text_after(text, length), "‹"))
        length++;
    return length;
}

static bool ends(struct text text, const char *with) {
    size_t length = strlen(with);
    return text.length >= length &&
           memcmp(text.at + text.length - length, with, length) == 0;
}

static size_t length_of_stop(struct text link) {
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
        if (ends(link, stops[i])) return strlen(stops[i]);
    return 0;
}

/* How many brackets of a kind are closed that were not opened: kept up while a
 * link is made shorter, so that many of them take no longer than few. */
struct balance {
    int closed[sizeof brackets / sizeof *brackets];
};

static struct balance weigh(struct text link) {
    struct balance balance = {0};
    for (size_t i = 0; i < link.length; i++)
        for (size_t k = 0; k < sizeof brackets / sizeof *brackets; k++)
            balance.closed[k] +=
                (link.at[i] == brackets[k][1]) - (link.at[i] == brackets[k][0]);
    return balance;
}

static bool take_bracket(struct text *link, struct balance *balance) {
    for (size_t k = 0; k < sizeof brackets / sizeof *brackets; k++) {
        if (link->at[link->length - 1] != brackets[k][1]) continue;
        if (balance->closed[k] <= 0) return false;
        balance->closed[k]--;
        link->length--;
        return true;
    }
    return false;
}

static struct text trim(struct text link) {
    struct balance balance = weigh(link);
    while (link.length > 0) {
        size_t stop = length_of_stop(link);
        link.length -= stop;
        if (stop == 0 && !take_bracket(&link, &balance)) break;
    }
    return link;
}

static const char *scheme_at(struct text text) {
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (text_begins_folded(text, schemes[i])) return schemes[i];
    return NULL;
}

static bool may_begin(char byte) {
    return is_word(byte) || is_beyond_ascii(byte) || byte == '[';
}

/* The link that begins here; empty where none does. */
static struct text link_at(struct text text) {
    struct text none = text_slice(text.at, 0);
    const char *scheme = scheme_at(text);
    if (!scheme) return none;
    size_t before = strlen(scheme);
    if (text.length == before || !may_begin(text.at[before])) return none;
    struct text link = trim(text_slice(text.at, run(text)));
    return link.length > before ? link : none;
}

bool links_next(struct text *rest, struct text *link) {
    struct text all = *rest;
    if (text_find(all, ':') == all.length) return false;
    for (size_t i = 0; i < all.length; i++) {
        if (i > 0 && is_word(all.at[i - 1])) continue;
        *link = link_at(text_after(all, i));
        if (link->length == 0) continue;
        *rest = text_after(all, i + link->length);
        return true;
    }
    return false;
}

struct text links_encode(struct text link, char *to, size_t size) {
    struct writer writer = writer_on(to, size);
    for (size_t i = 0; i < link.length; i++) {
        unsigned char byte = (unsigned char)link.at[i];
        if (byte > ' ' && byte < 0x7F)
            write_char(&writer, link.at[i]);
        else
            write_format(&writer, "%%%02X", byte);
    }
    return writer.full ? text_slice(to, 0) : writer_text(&writer);
}
