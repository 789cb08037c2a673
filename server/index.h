/* Things found by their folded name. Intrusive: the entry sits in the thing,
 * the index owns only its slots and grows with what it holds. */
#ifndef MINICHAT_INDEX_H
#define MINICHAT_INDEX_H

#include "protocol/text.h"

struct index_entry {
    struct index_entry *next;
    uint32_t hash;
    struct text name; /* must stay where it is while it is in the index */
};

struct index {
    struct index_entry **slots;
    size_t size, count;
};

void index_init(struct index *index);
void index_finish(struct index *index);
/* name must not be in it yet. */
void index_add(struct index *index, struct index_entry *entry,
               struct text name);
void index_remove(struct index *index, struct index_entry *entry);
struct index_entry *index_find(const struct index *index, struct text name);
/* Walks in no order: NULL begins, NULL ends. Nothing may be added or removed
 * on the way. */
struct index_entry *index_after(const struct index *index,
                                const struct index_entry *entry);

#endif
