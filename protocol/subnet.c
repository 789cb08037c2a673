#include "protocol/subnet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { BITS = 128, V4_BITS = 32, BEFORE_V4 = BITS - V4_BITS, HOST_SIZE = 46 };

static const unsigned char v4_prefix[BEFORE_V4 / 8] = {
    [10] = 0xff, [11] = 0xff};

/* *most: as many bits as its kind of address has. */
static bool read_address(const char *written, struct subnet *subnet,
                         unsigned *most) {
    unsigned char v4[V4_BITS / 8];
    *most = BITS;
    if (inet_pton(AF_INET6, written, subnet->bytes) == 1) return true;
    *most = V4_BITS;
    if (inet_pton(AF_INET, written, v4) != 1) return false;
    memcpy(subnet->bytes, v4_prefix, sizeof v4_prefix);
    memcpy(subnet->bytes + sizeof v4_prefix, v4, sizeof v4);
    return true;
}

static void clear_rest(struct subnet *subnet) {
    for (unsigned bit = subnet->bits; bit < BITS; bit++)
        subnet->bytes[bit / 8] &= (unsigned char)~(0x80u >> bit % 8);
}

bool subnet_read(struct text text, struct subnet *subnet) {
    char written[HOST_SIZE];
    size_t slash = text_find(text, '/');
    unsigned most;
    uint64_t bits;
    if (!text_copy(text_slice(text.at, slash), written, sizeof written))
        return false;
    if (!read_address(written, subnet, &most)) return false;
    subnet->bits = BITS;
    if (slash == text.length) return true;
    struct text number = text_after(text, slash + 1);
    if (number.length > 3 || !text_number(number, &bits) || bits > most)
        return false;
    subnet->bits = BITS - most + (unsigned)bits;
    /* Of IPv4 as IPv6 has it somebody counts the bits of IPv4. */
    bool is_mapped = memcmp(subnet->bytes, v4_prefix, sizeof v4_prefix) == 0;
    if (is_mapped && subnet->bits < BEFORE_V4) return false;
    clear_rest(subnet);
    return true;
}

bool subnet_holds(const struct subnet *subnet, const struct subnet *other) {
    size_t whole = subnet->bits / 8;
    if (other->bits < subnet->bits) return false;
    if (memcmp(subnet->bytes, other->bytes, whole) != 0) return false;
    if (subnet->bits % 8 == 0) return true;
    unsigned mask = 0xff00u >> subnet->bits % 8 & 0xffu;
    return (other->bytes[whole] & mask) == subnet->bytes[whole];
}

static bool is_v4(const struct subnet *subnet) {
    return subnet->bits >= BEFORE_V4 &&
           memcmp(subnet->bytes, v4_prefix, sizeof v4_prefix) == 0;
}

void subnet_write(const struct subnet *subnet, char to[SUBNET_SIZE]) {
    char written[HOST_SIZE] = "";
    bool v4 = is_v4(subnet);
    const unsigned char *bytes = subnet->bytes + (v4 ? sizeof v4_prefix : 0);
    inet_ntop(v4 ? AF_INET : AF_INET6, bytes, written, sizeof written);
    const char *before = *written == ':' ? "0" : "";
    if (subnet->bits == BITS)
        snprintf(to, SUBNET_SIZE, "%s%s", before, written);
    else
        snprintf(to, SUBNET_SIZE, "%s%s/%u", before, written,
                 subnet->bits - (v4 ? BEFORE_V4 : 0));
}
