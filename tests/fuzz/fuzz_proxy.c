/* Whatever a proxy says: what is whole is so with anything behind it, what is
 * not whole is not wrong before, and an address is only taken from a header
 * that is all there. */
#include "protocol/proxy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text all = text_slice((const char *)data, size);
    struct proxy proxy, part;
    enum proxy_kind kind = proxy_read(all, &proxy);
    if (kind == PROXY_MORE) must(size < PROXY_MAX);
    bool is_whole = kind == PROXY_SELF || kind == PROXY_OTHER;
    size_t end = is_whole ? proxy.length : size;
    must(end <= size && end <= (is_whole ? PROXY_MAX : size));
    for (size_t length = 0; length < end && length < 300; length++) {
        enum proxy_kind so_far = proxy_read(text_slice(all.at, length), &part);
        must(so_far == PROXY_MORE || (so_far == kind && kind == PROXY_WRONG));
    }
    if (!is_whole) return 0;
    must(proxy_read(text_slice(all.at, end), &part) == kind);
    must(part.length == proxy.length);
    must(memcmp(part.address, proxy.address, sizeof part.address) == 0);
    return 0;
}
