/* However a stream is chopped, and whenever the reader pauses, the same lines
 * come out. The first two bytes choose the limit and the chopping. */
#include "protocol/framer.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void note(struct writer *notes, enum framed framed, struct text line) {
    if (framed == FRAMED_LINE) {
        write_char(notes, '=');
        write_text(notes, line);
        write_char(notes, '\n');
    } else {
        write_string(notes, "!\n");
    }
}

static bool take(struct framer *framer, struct writer *notes) {
    struct text line;
    bool promised = framer_has_line(framer);
    enum framed framed = framer_next(framer, &line);
    must(promised == (framed != FRAMED_NOTHING));
    if (framed == FRAMED_NOTHING) return false;
    if (framed == FRAMED_LINE) must(line.length <= framer->limit);
    note(notes, framed, line);
    return true;
}

static void note_rest(struct framer *framer, struct writer *notes) {
    while (take(framer, notes)) {}
    struct text rest = framer_unfinished(framer);
    must(rest.length <= framer->limit);
    write_text(notes, rest);
    framer_finish(framer);
}

static void feed_whole(size_t limit, struct text text, struct writer *notes) {
    struct framer framer;
    framer_init(&framer, limit);
    framer_feed(&framer, text);
    note_rest(&framer, notes);
}

/* Each chunk is in memory of its own that is gone after framer_keep. */
static void feed_chunk(struct framer *framer, struct text chunk, bool pause,
                       struct writer *notes) {
    char *copy = memory_string(chunk.at, chunk.length);
    framer_feed(framer, text_slice(copy, chunk.length));
    while (take(framer, notes) && !pause) {}
    framer_keep(framer);
    free(copy);
    must(framer->fed.length == 0);
}

static void feed_chunks(size_t limit, struct text text, uint32_t seed,
                        struct writer *notes) {
    struct framer framer;
    bool paused = false;
    framer_init(&framer, limit);
    while (text.length > 0) {
        seed = seed * 1103515245 + 12345;
        size_t length = (seed >> 16) % ((seed >> 8) % 3 ? 7 : 61);
        if (length > text.length) length = text.length;
        bool pause = (seed >> 28) == 0;
        feed_chunk(&framer, text_slice(text.at, length), pause, notes);
        paused = paused || pause;
        must(paused || framer.room <= limit + length + 2);
        text = text_after(text, length);
    }
    note_rest(&framer, notes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2) return 0;
    struct text text = text_slice((const char *)data + 2, size - 2);
    size_t room = 3 * size + 8;
    char *memory = memory_new(2, room);
    struct writer whole = writer_on(memory, room);
    struct writer chopped = writer_on(memory + room, room);
    feed_whole(data[0] % 48, text, &whole);
    feed_chunks(data[0] % 48, text, data[1], &chopped);
    must(!whole.full);
    must(text_equals(writer_text(&whole), writer_text(&chopped)));
    free(memory);
    return 0;
}
