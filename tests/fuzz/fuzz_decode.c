/* However what a terminal sends is cut into pieces, the same events come out,
 * and each of them is one that may be. The first byte chooses the cutting. */
#include "client/decode.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void check(const struct decoded *event) {
    uint32_t held = KEYS_ALT | KEYS_CONTROL | KEYS_SHIFT;
    uint32_t key = event->key & ~held;
    if (event->kind == DECODED_KEY) {
        must(key < KEYS_UNKNOWN);
        must(key < 0x80 || key >= 0xA0);
        must(key < 0xD800 || key >= 0xE000);
    }
    if (event->kind == DECODED_MOUSE)
        must(event->mouse.x >= 0 && event->mouse.y >= 0);
}

static void note(struct writer *notes, const struct decoded *event) {
    check(event);
    write_format(notes, "%d %x %d %u %u %d %d %d %u %u;", (int)event->kind,
                 event->key, (int)event->mouse.kind, event->mouse.button,
                 event->mouse.modifiers, event->mouse.x, event->mouse.y,
                 event->focused, event->ground.red, event->mode);
    if (event->kind == DECODED_PASTE) write_text(notes, event->paste);
}

static void feed(struct decode *decode, struct text bytes,
                 struct writer *notes) {
    struct decoded event;
    while (decode_next(decode, &bytes, &event))
        note(notes, &event);
    must(bytes.length == 0);
}

static void play(struct text bytes, size_t step, struct writer *notes) {
    struct decode decode;
    struct decoded event;
    decode_init(&decode);
    while (bytes.length > 0) {
        size_t length = bytes.length < step ? bytes.length : step;
        char *copy = memory_string(bytes.at, length);
        feed(&decode, text_slice(copy, length), notes);
        free(copy);
        bytes = text_after(bytes, length);
    }
    while (decode_patience(&decode) > 0)
        if (decode_lapse(&decode, &event)) note(notes, &event);
    decode_finish(&decode);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    struct text bytes = text_slice((const char *)data + 1, size - 1);
    size_t room = 128 * size + 256;
    char *memory = memory_new(2, room);
    struct writer whole = writer_on(memory, room);
    struct writer cut = writer_on(memory + room, room);
    play(bytes, size, &whole);
    play(bytes, 1 + data[0] % 16, &cut);
    must(!whole.full && text_equals(writer_text(&whole), writer_text(&cut)));
    free(memory);
    return 0;
}
