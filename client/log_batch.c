#include "client/log_batch.h"

#include <string.h>

enum { TEXTS = 4 };

/* What stands before the bytes of the texts. */
struct head {
    int64_t when;
    enum log_kind kind;
    bool past;
    size_t lengths[TEXTS];
};

void log_batch_add(struct log_batch *batch, const struct log_entry *entry) {
    const struct text texts[TEXTS] = {entry->network, entry->room,
                                      entry->line.nick, entry->line.body};
    struct head head = {entry->line.when, entry->line.kind, entry->past, {0}};
    size_t size = sizeof head;
    for (size_t i = 0; i < TEXTS; i++) {
        head.lengths[i] = texts[i].length;
        size += texts[i].length;
    }
    if (size > LOG_BATCH_MAX - batch->bytes.length) {
        batch->lost++;
        return;
    }
    char bytes[sizeof head];
    memcpy(bytes, &head, sizeof head);
    bytes_add(&batch->bytes, text_slice(bytes, sizeof bytes));
    for (size_t i = 0; i < TEXTS; i++)
        bytes_add(&batch->bytes, texts[i]);
}

bool log_batch_next(const struct log_batch *batch, size_t *at,
                    struct log_entry *entry) {
    struct head head;
    struct text texts[TEXTS];
    if (*at >= batch->bytes.length) return false;
    memcpy(&head, batch->bytes.at + *at, sizeof head);
    *at += sizeof head;
    for (size_t i = 0; i < TEXTS; i++) {
        texts[i] = text_slice(batch->bytes.at + *at, head.lengths[i]);
        *at += head.lengths[i];
    }
    *entry = (struct log_entry){
        .network = texts[0],
        .room = texts[1],
        .line = {head.when, head.kind, texts[2], texts[3]},
        .past = head.past,
    };
    return true;
}

void log_batch_finish(struct log_batch *batch) {
    bytes_finish(&batch->bytes);
    batch->lost = 0;
}
