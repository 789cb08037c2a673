/* Whatever stands in a file of the queue: what is read can be written, and
 * comes back the same; nothing that is not read is lost. */
#include "client/pending_file.h"

#include <string.h>

#include "client/secrecy.h"
#include "protocol/utf8.h"
#include "tests/fuzz/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_sound(const struct pending_line *line) {
    must(line->target.length > 0 && line->body.length > 0);
    must(utf8_valid(line->body) && utf8_valid(line->target));
    must(nonce_valid(text_of(line->nonce)));
}

/* They are not written. */
static void drop_secrets(struct pending *pending) {
    for (size_t i = pending->count; i > 0; i--) {
        struct pending_line *line = pending->lines[i - 1];
        if (secrecy_said(line->target, line->body)) pending_drop(pending, line);
    }
}

static void is_same(const struct pending *a, const struct pending *b) {
    must(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        must(text_equals(a->lines[i]->body, b->lines[i]->body));
        must(strcmp(a->lines[i]->nonce, b->lines[i]->nonce) == 0);
        must(a->lines[i]->state == b->lines[i]->state);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pending pending = {0}, again = {0};
    struct bytes file = {0}, damaged = {0}, full = {0}, copy = {0};
    write_sums(&file, text_slice((const char *)data, size));
    pending_file_read(&pending, bytes_text(&file), &damaged, &full);
    must(pending.count <= PENDING_MAX && pending.bytes <= PENDING_BYTES);
    must(damaged.length <= file.length + 1);
    for (size_t i = 0; i < pending.count; i++)
        is_sound(pending.lines[i]);
    bytes_finish(&damaged);
    drop_secrets(&pending);
    pending_file_write_all(&pending, false, &copy);
    pending_file_read(&again, bytes_text(&copy), &damaged, &full);
    must(damaged.length == 0);
    is_same(&pending, &again);
    pending_finish(&pending);
    pending_finish(&again);
    bytes_finish(&file);
    bytes_finish(&damaged);
    bytes_finish(&full);
    bytes_finish(&copy);
    return 0;
}
