/* The first bytes of a connection: who speaks does not depend on how they are
 * cut, as far as it matters. What is a request of HTTP when it is whole was
 * never settled to be anything else before; telnet negotiation is skipped
 * whole, and never more than there is. */
#include "server/speech.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static bool is_foreign(enum speech speech) {
    return speech == SPEECH_HTTP || speech == SPEECH_TLS ||
           speech == SPEECH_BINARY;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text whole = text_slice((const char *)data, size);
    size_t skip;
    enum speech speech = speech_recognise(whole, &skip);
    must(skip <= size);
    bool was_settled = false, was_foreign = false;
    for (size_t length = 0; length <= size; length++) {
        struct text part = text_slice(whole.at, length);
        enum speech now = speech_recognise(part, &skip);
        must(skip <= length);
        if (is_foreign(now) && !was_foreign) must(!was_settled);
        was_foreign |= is_foreign(now);
        was_settled |= speech_is_settled(part);
    }
    must(!is_foreign(speech) || was_foreign);
    return 0;
}
