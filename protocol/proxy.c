#include "protocol/proxy.h"

#include <string.h>

#include "protocol/subnet.h"

/* Version 1 ---------------------------------------------------------------- */

enum { LINE_MAX_SIZE = 107 }; /* with CR LF */

static bool is_port(struct text word) {
    uint64_t number;
    bool is_padded = word.length > 1 && *word.at == '0';
    return !is_padded && text_number(word, &number) && number <= UINT16_MAX;
}

static bool is_address(struct text word, bool is_v6, unsigned char to[16]) {
    struct subnet one;
    bool has_colon = text_find(word, ':') < word.length;
    if (has_colon != is_v6 || text_find(word, '/') < word.length) return false;
    if (!subnet_read(word, &one)) return false;
    memcpy(to, one.bytes, sizeof one.bytes);
    return true;
}

/* "TCP4 SOURCE DESTINATION PORT PORT", one blank between them. */
static enum proxy_kind read_words(struct text rest, struct proxy *proxy) {
    unsigned char own[16];
    struct text family = text_piece(&rest, ' ');
    if (text_is(family, "UNKNOWN")) return PROXY_SELF;
    bool is_v6 = text_is(family, "TCP6");
    if (!is_v6 && !text_is(family, "TCP4")) return PROXY_WRONG;
    bool fine = is_address(text_piece(&rest, ' '), is_v6, proxy->address) &&
                is_address(text_piece(&rest, ' '), is_v6, own) &&
                is_port(text_piece(&rest, ' ')) && is_port(rest);
    return fine ? PROXY_OTHER : PROXY_WRONG;
}

static enum proxy_kind read_line(struct text bytes, struct proxy *proxy) {
    size_t end = text_find(bytes, '\r');
    if (end > LINE_MAX_SIZE - 2) return PROXY_WRONG;
    if (end + 1 >= bytes.length) return PROXY_MORE;
    if (bytes.at[end + 1] != '\n') return PROXY_WRONG;
    struct text line = text_slice(bytes.at, end);
    proxy->length = end + 2;
    return read_words(text_after(line, strlen("PROXY ")), proxy);
}

/* Version 2 ---------------------------------------------------------------- */

enum {
    COMMAND_AT = 12, /* version and command */
    FAMILY_AT,       /* and protocol */
    LENGTH_AT,       /* of what follows, big-endian */
    HEADER = 16,
    VERSION_LOCAL = 0x20,
    VERSION_PROXY = 0x21,
};

/* What stands there for a stream of each family; its addresses are source and
 * destination, then the two ports. */
struct family {
    unsigned char code;
    size_t size;    /* of all of it */
    size_t address; /* bytes of one; 0: of no use to us */
};

static const struct family FAMILIES[] = {
    {0x00, 0, 0}, {0x11, 12, 4}, {0x21, 36, 16}, {0x31, 216, 0}};

static const struct family *find_family(unsigned char code) {
    for (size_t i = 0; i < sizeof FAMILIES / sizeof *FAMILIES; i++)
        if (FAMILIES[i].code == code) return &FAMILIES[i];
    return NULL;
}

static void take_address(struct proxy *proxy, const unsigned char *from,
                         size_t size) {
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    size_t before = sizeof proxy->address - size;
    memcpy(proxy->address, mapped, before);
    memcpy(proxy->address + before, from, size);
}

static enum proxy_kind read_binary(struct text bytes, struct proxy *proxy) {
    const unsigned char *at = (const unsigned char *)bytes.at;
    if (bytes.length > COMMAND_AT && at[COMMAND_AT] != VERSION_LOCAL &&
        at[COMMAND_AT] != VERSION_PROXY)
        return PROXY_WRONG;
    if (bytes.length < HEADER) return PROXY_MORE;
    size_t size = (size_t)at[LENGTH_AT] << 8 | at[LENGTH_AT + 1];
    if (HEADER + size > PROXY_MAX) return PROXY_WRONG;
    if (bytes.length < HEADER + size) return PROXY_MORE;
    proxy->length = HEADER + size;
    if (at[COMMAND_AT] == VERSION_LOCAL) return PROXY_SELF;
    const struct family *family = find_family(at[FAMILY_AT]);
    if (!family || size < family->size) return PROXY_WRONG;
    if (!family->address) return PROXY_SELF;
    take_address(proxy, at + HEADER, family->address);
    return PROXY_OTHER;
}

/* Which one it is ---------------------------------------------------------- */

/* As far as both go. */
static bool agrees(struct text bytes, struct text begin) {
    size_t count = bytes.length < begin.length ? bytes.length : begin.length;
    return memcmp(bytes.at, begin.at, count) == 0;
}

enum proxy_kind proxy_read(struct text bytes, struct proxy *proxy) {
    static const char binary[] = "\r\n\r\n\0\r\nQUIT\n";
    struct text begins[] = {text_of("PROXY "),
                            text_slice(binary, sizeof binary - 1)};
    *proxy = (struct proxy){0};
    if (bytes.length == 0) return PROXY_MORE;
    for (size_t i = 0; i < 2; i++) {
        if (!agrees(bytes, begins[i])) continue;
        if (bytes.length < begins[i].length) return PROXY_MORE;
        return i == 0 ? read_line(bytes, proxy) : read_binary(bytes, proxy);
    }
    return PROXY_WRONG;
}
