/* What is left of a formatted text is plain, and its spans are in order. */
#include "client/format.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct spans spans;
    struct text text = text_slice((const char *)data, size);
    char *bytes = memory_new(UTF8_MARK_MAX * size + 1, 1);
    size_t length = utf8_formatted(text, bytes, UTF8_MARK_MAX * size);
    length = format_read(bytes, length, &spans);
    struct text plain = text_slice(bytes, length);
    must(!format_is_in(plain) && utf8_valid(plain));
    must(spans.count <= FORMAT_SPANS);
    for (size_t i = 0; i < spans.count; i++) {
        must(spans.list[i].at < length);
        must(i == 0 || spans.list[i].at > spans.list[i - 1].at);
        must(spans.list[i].colour <= FORMAT_PURPLE);
    }
    free(bytes);
    return 0;
}
