#include "server/index.h"

#include <stdlib.h>

#include "protocol/memory.h"
#include "protocol/names.h"

enum { FIRST_SIZE = 64 };

void index_init(struct index *index) {
    *index = (struct index){.size = FIRST_SIZE};
    index->slots = memory_new(FIRST_SIZE, sizeof(struct index_entry *));
}

void index_finish(struct index *index) {
    free(index->slots);
    *index = (struct index){0};
}

static struct index_entry **slot(const struct index *index, uint32_t hash) {
    return &index->slots[hash & (index->size - 1)];
}

static void put(struct index *index, struct index_entry *entry) {
    struct index_entry **at = slot(index, entry->hash);
    entry->next = *at;
    *at = entry;
}

static void grow(struct index *index) {
    struct index old = *index;
    index->size *= 2;
    index->slots = memory_new(index->size, sizeof(struct index_entry *));
    for (size_t i = 0; i < old.size; i++) {
        struct index_entry *next;
        for (struct index_entry *e = old.slots[i]; e; e = next) {
            next = e->next;
            put(index, e);
        }
    }
    free(old.slots);
}

void index_add(struct index *index, struct index_entry *entry,
               struct text name) {
    if (index->count >= index->size) grow(index);
    entry->name = name;
    entry->hash = name_hash(name);
    put(index, entry);
    index->count++;
}

void index_remove(struct index *index, struct index_entry *entry) {
    struct index_entry **at = slot(index, entry->hash);
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    index->count--;
}

struct index_entry *index_find(const struct index *index, struct text name) {
    uint32_t hash = name_hash(name);
    for (struct index_entry *e = *slot(index, hash); e; e = e->next)
        if (e->hash == hash && name_equals(e->name, name)) return e;
    return NULL;
}

struct index_entry *index_after(const struct index *index,
                                const struct index_entry *entry) {
    if (entry && entry->next) return entry->next;
    size_t i = entry ? (entry->hash & (index->size - 1)) + 1 : 0;
    for (; i < index->size; i++)
        if (index->slots[i]) return index->slots[i];
    return NULL;
}
