/* Links are parts of the text, in order, and are given on as visible ASCII. */
#include "client/links.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text rest = text_slice((const char *)data, size), link;
    const char *from = rest.at, *end = rest.at + size;
    char to[256];
    while (links_next(&rest, &link)) {
        must(link.length > 0 && link.at >= from);
        must(link.at + link.length == rest.at);
        must(rest.at + rest.length == end);
        from = rest.at;
        struct text given = links_encode(link, to, sizeof to);
        for (size_t i = 0; i < given.length; i++)
            must(given.at[i] > ' ' && given.at[i] < 0x7F);
    }
    return 0;
}
