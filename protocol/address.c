#include "protocol/address.h"

#include "protocol/names.h"
#include "protocol/writer.h"

#include <string.h>

enum { PORT = 6667, TLS_PORT = 6697 };

static const struct scheme {
    const char *prefix;
    enum address_kind kind;
    enum address_dialect dialect;
    uint16_t port;
} schemes[] = {
    {"tcp://", ADDRESS_TCP, ADDRESS_AUTO, PORT},
    {"tls://", ADDRESS_TLS, ADDRESS_AUTO, TLS_PORT},
    {"irc://", ADDRESS_TCP, ADDRESS_IRC, PORT},
    {"ircs://", ADDRESS_TLS, ADDRESS_IRC, TLS_PORT},
    {"unix:", ADDRESS_UNIX, ADDRESS_AUTO, 0},
};
enum { SCHEMES = sizeof schemes / sizeof schemes[0] };

static bool is_host_byte(char byte) {
    byte = text_fold(byte);
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_';
}

/* A name or an IPv4 address; whether it exists is for others to find out. */
static bool is_host(struct text host) {
    if (host.length == 0) return false;
    for (size_t i = 0; i < host.length; i++) {
        if (!is_host_byte(host.at[i])) return false;
    }
    return host.at[0] != '-' && host.at[0] != '.';
}

static bool is_ipv6_byte(char byte) {
    byte = text_fold(byte);
    return (byte >= 'a' && byte <= 'f') || (byte >= '0' && byte <= '9') ||
           byte == ':' || byte == '.';
}

/* Digits and colons, and perhaps the interface of a link-local address after
 * a '%' (RFC 4007 11). */
static bool is_ipv6(struct text host) {
    struct text digits = text_piece(&host, '%');
    bool zone = host.length == 0 || is_host(host);
    if (text_find(digits, ':') == digits.length) return false;
    for (size_t i = 0; i < digits.length; i++) {
        if (!is_ipv6_byte(digits.at[i])) return false;
    }
    return zone && digits.length >= 2;
}

static const char *take_port(struct address *address, struct text port) {
    uint64_t number;
    if (!text_number(port, &number) || number > UINT16_MAX) {
        return "the port is not a number from 0 to 65535";
    }
    address->port = (uint16_t)number;
    return NULL;
}

static void lower(char *string) {
    for (; *string; string++) {
        *string = text_fold(*string);
    }
}

static const char *keep_host(struct address *address, struct text host) {
    if (!text_copy(host, address->host, sizeof address->host)) {
        return "the host name is longer than 253 bytes";
    }
    lower(address->host);
    return NULL;
}

/* [IPv6] or [IPv6]:PORT */
static const char *take_ipv6(struct address *address, struct text text) {
    struct text rest = text_after(text, 1);
    size_t end = text_find(rest, ']');
    struct text host = text_slice(rest.at, end);
    if (end == rest.length || !is_ipv6(host)) {
        return "there is no IPv6 address between [ and ]";
    }
    rest = text_after(rest, end + 1);
    const char *wrong = keep_host(address, host);
    if (wrong || rest.length == 0) return wrong;
    if (rest.at[0] != ':') return "after ] there is only :PORT";
    return take_port(address, text_after(rest, 1));
}

/* HOST or HOST:PORT */
static const char *take_host(struct address *address, struct text text) {
    if (text_begins(text, "[")) return take_ipv6(address, text);
    size_t end = text_find(text, ':');
    struct text host = text_slice(text.at, end);
    if (host.length == 0) return "there is no host; expected HOST or HOST:PORT";
    if (!is_host(host)) {
        return "the host is not a name, an IPv4 address or [IPv6]";
    }
    const char *wrong = keep_host(address, host);
    if (wrong || end == text.length) return wrong;
    return take_port(address, text_after(text, end + 1));
}

static bool write_room(struct writer *rooms, struct text room) {
    char name[ROOM_SIZE];
    struct writer writer = writer_on(name, sizeof name);
    if (!text_begins(room, "#") && !text_begins(room, "%23")) {
        write_char(&writer, '#');
    }
    for (; text_begins(room, "%23"); room = text_after(room, 3)) {
        write_char(&writer, '#');
    }
    write_text(&writer, room);
    if (writer.full || !room_valid(writer_text(&writer))) return false;
    if (rooms->length > 0) write_char(rooms, ',');
    write_text(rooms, writer_text(&writer));
    return true;
}

/* #ROOM,#ROOM,… */
static const char *take_rooms(struct address *address, struct text list) {
    struct writer rooms = writer_on(address->rooms, sizeof address->rooms - 1);
    while (list.length > 0) {
        if (!write_room(&rooms, text_piece(&list, ','))) {
            return "after / there is something that is no room's name";
        }
    }
    if (rooms.full) return "the rooms' names are longer than 511 bytes";
    address->rooms[rooms.length] = '\0';
    return NULL;
}

static const char *take_net(struct address *address, struct text text) {
    size_t end = text_find(text, '/');
    const char *wrong = take_host(address, text_slice(text.at, end));
    struct text rooms = text_after(text, end + 1);
    if (wrong || rooms.length == 0) return wrong;
    if (address->dialect != ADDRESS_IRC) {
        return "only irc:// and ircs:// addresses have rooms after the host";
    }
    return take_rooms(address, rooms);
}

static bool is_visible(struct text text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte < ' ' || byte == 0x7f) return false;
    }
    return true;
}

static const char *take_path(struct address *address, struct text path) {
    while (text_begins(path, "//")) { /* unix:///run is /run */
        path = text_after(path, 1);
    }
    if (path.length == 0) return "there is no path; expected unix:PATH";
    if (!is_visible(path)) return "the path has a control character in it";
    if (!text_copy(path, address->path, sizeof address->path)) {
        return "the path is longer than 107 bytes (a limit of the system)";
    }
    return NULL;
}

static const char *take_dialect(struct address *address, struct text query) {
    bool plain = text_is(query, "dialect=plain");
    if (!plain && !text_is(query, "dialect=irc")) {
        return "after ? there is only dialect=irc or dialect=plain";
    }
    if (plain && address->dialect == ADDRESS_IRC) {
        return "irc:// speaks IRC; for plain text use tcp:// or tls://";
    }
    address->dialect = plain ? ADDRESS_PLAIN : ADDRESS_IRC;
    return NULL;
}

static const struct scheme *find_scheme(struct text *text) {
    for (size_t i = 0; i < SCHEMES; i++) {
        if (!text_begins_folded(*text, schemes[i].prefix)) continue;
        *text = text_after(*text, strlen(schemes[i].prefix));
        return &schemes[i];
    }
    if (text_begins(*text, "/")) return &schemes[SCHEMES - 1];
    return NULL;
}

const char *address_parse(struct address *address, struct text text) {
    const struct scheme *scheme = find_scheme(&text);
    *address = (struct address){0};
    if (!scheme) {
        return "expected tcp://HOST:PORT, tls://HOST:PORT, irc://HOST:PORT, "
               "ircs://HOST:PORT, unix:PATH or an absolute path";
    }
    address->kind = scheme->kind;
    address->port = scheme->port;
    address->dialect = scheme->dialect;
    size_t end = text_find(text, '?');
    struct text place = text_slice(text.at, end);
    const char *wrong = scheme->kind == ADDRESS_UNIX ? take_path(address, place)
                                                     : take_net(address, place);
    if (wrong || end == text.length) return wrong;
    return take_dialect(address, text_after(text, end + 1));
}

static const char *scheme_of(const struct address *address) {
    bool irc = address->dialect == ADDRESS_IRC;
    if (address->kind == ADDRESS_UNIX) return "unix:";
    if (address->kind == ADDRESS_TLS) return irc ? "ircs://" : "tls://";
    return irc ? "irc://" : "tcp://";
}

static void write_net(struct writer *writer, const struct address *address) {
    bool ipv6 = strchr(address->host, ':');
    write_format(writer, ipv6 ? "[%s]:%u" : "%s:%u", address->host,
                 (unsigned)address->port);
    if (address->rooms[0]) write_format(writer, "/%s", address->rooms);
}

void address_write(const struct address *address, char to[ADDRESS_SIZE]) {
    struct writer writer = writer_on(to, ADDRESS_SIZE - 1);
    write_string(&writer, scheme_of(address));
    if (address->kind == ADDRESS_UNIX) {
        write_string(&writer, address->path);
    } else {
        write_net(&writer, address);
    }
    if (address->dialect == ADDRESS_PLAIN) {
        write_string(&writer, "?dialect=plain");
    }
    if (address->dialect == ADDRESS_IRC && address->kind == ADDRESS_UNIX) {
        write_string(&writer, "?dialect=irc");
    }
    to[writer.length] = '\0';
}

/* 127.0.0.0/8 in figures: "127.example" is a name like any other. */
static bool is_loopback(const char *host) {
    return strncmp(host, "127.", 4) == 0 &&
           host[strspn(host, "0123456789.")] == '\0';
}

bool address_is_local(const struct address *address) {
    struct text host = text_of(address->host);
    return address->kind == ADDRESS_UNIX || text_is(host, "localhost") ||
           text_is(host, "::1") || is_loopback(address->host);
}
