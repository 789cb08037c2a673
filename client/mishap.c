#include "client/mishap.h"

#include <string.h>

static void write_place(struct writer *writer, const struct address *address) {
    bool ipv6 = strchr(address->host, ':');
    if (address->kind == ADDRESS_UNIX)
        write_string(writer, address->path);
    else
        write_format(writer, ipv6 ? "[%s]:%u" : "%s:%u", address->host,
                     (unsigned)address->port);
}

static void write_other(struct writer *writer, const struct address *address,
                        const char *why) {
    struct address other = *address;
    char words[ADDRESS_SIZE];
    bool encrypt = strcmp(why, "this port speaks TLS") == 0;
    if (!encrypt && strcmp(why, "this port does not speak TLS") != 0) return;
    other.kind = encrypt ? ADDRESS_TLS : ADDRESS_TCP;
    other.rooms[0] = '\0';
    address_write(&other, words);
    write_string(writer, " · ");
    write_string(writer, words);
    if (!encrypt) write_string(writer, " if you accept no encryption");
}

void mishap_write(struct writer *writer, const struct address *address,
                  bool reached, const char *why) {
    if (!reached) {
        write_string(writer, "cannot connect to ");
        write_place(writer, address);
        write_string(writer, ": ");
    }
    write_string(writer, why);
    write_other(writer, address, why);
}
