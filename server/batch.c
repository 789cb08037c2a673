#include "server/batch.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

enum {
    CHUNK_SIZE = 64 * 1024,
    FIRST_WRITES = 64,
    KEPT_WRITES = 1024, /* memory for more is given back */
};

struct chunk {
    struct chunk *next;
    size_t used, size;
    char bytes[];
};

void batch_init(struct batch *batch) {
    *batch = (struct batch){0};
}

void batch_finish(struct batch *batch) {
    while (batch->chunks) {
        struct chunk *chunk = batch->chunks;
        batch->chunks = chunk->next;
        free(chunk);
    }
    free(batch->writes);
    batch_init(batch);
}

static struct chunk *chunk_with(struct batch *batch, size_t length) {
    struct chunk *chunk = batch->chunks;
    if (chunk && chunk->size - chunk->used >= length) return chunk;
    size_t size = length > CHUNK_SIZE ? length : CHUNK_SIZE;
    chunk = memory_grow(NULL, sizeof *chunk + size, 1);
    *chunk = (struct chunk){.next = batch->chunks, .size = size};
    batch->chunks = chunk;
    return chunk;
}

static void copy(struct batch *batch, struct text *text) {
    if (!text->length) return;
    struct chunk *chunk = chunk_with(batch, text->length);
    char *to = chunk->bytes + chunk->used;
    memcpy(to, text->at, text->length);
    chunk->used += text->length;
    batch->bytes += text->length;
    text->at = to;
}

void batch_add(struct batch *batch, const struct write *write) {
    if (batch->count == batch->size) {
        batch->size = batch->size ? batch->size * 2 : FIRST_WRITES;
        batch->writes =
            memory_grow(batch->writes, batch->size, sizeof *batch->writes);
    }
    struct write *copied = &batch->writes[batch->count++];
    *copied = *write;
    struct kept *kept = &copied->kept;
    struct text *texts[] = {&kept->room,   &kept->account, &kept->name,
                            &kept->source, &kept->whom,    &kept->body,
                            &kept->tags,   &copied->nonce};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        copy(batch, texts[i]);
}

static void give_back_chunks(struct batch *batch) {
    struct chunk *chunk = batch->chunks;
    while (chunk && (chunk->next || chunk->size > CHUNK_SIZE)) {
        batch->chunks = chunk->next;
        free(chunk);
        chunk = batch->chunks;
    }
    if (chunk) chunk->used = 0;
}

void batch_clear(struct batch *batch) {
    give_back_chunks(batch);
    if (batch->size > KEPT_WRITES) {
        free(batch->writes);
        batch->writes = NULL;
        batch->size = 0;
    }
    batch->count = 0;
    batch->bytes = 0;
    batch->reserved = 0;
}
