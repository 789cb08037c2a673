#include "server/ssh_index.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int order(const void *left, const void *right) {
    const struct ssh_entry *a = left, *b = right;
    return strcmp(a->fingerprint, b->fingerprint);
}

static void add(struct ssh_index *index, const struct ssh_record *record) {
    if (index->count == index->size) {
        index->size = index->size ? index->size * 2 : 64;
        index->entries =
            memory_grow(index->entries, index->size, sizeof *index->entries);
    }
    struct ssh_entry *entry = &index->entries[index->count++];
    memcpy(entry->fingerprint, record->key.fingerprint,
           sizeof entry->fingerprint);
    memcpy(entry->account, record->account, sizeof entry->account);
}

static void load(struct ssh_index *index, struct roll *roll) {
    struct ssh_record record;
    index->count = 0;
    while (ssh_keys_next(roll, &record))
        add(index, &record);
    if (index->count)
        qsort(index->entries, index->count, sizeof *index->entries, order);
}

void ssh_index_refresh(struct ssh_index *index, const struct state *state) {
    char error[STATE_PATH_SIZE + 128];
    struct stat status = {0}; /* of a file that is not there */
    struct roll roll;
    ssh_keys_stat(state, &status);
    if (is_same(&status, &index->read)) return;
    if (!ssh_keys_read(&roll, state, error, sizeof error)) return;
    load(index, &roll);
    roll_close(&roll);
    index->read = status;
}

void ssh_index_finish(struct ssh_index *index) {
    free(index->entries);
    *index = (struct ssh_index){0};
}

static const struct ssh_entry *find_key(const struct ssh_index *index,
                                        struct text fingerprint) {
    struct ssh_entry key = {""};
    if (!index->count) return NULL;
    text_copy(fingerprint, key.fingerprint, sizeof key.fingerprint);
    return bsearch(&key, index->entries, index->count, sizeof key, order);
}

static const struct ssh_entry *find_account(const struct ssh_index *index,
                                            struct text account) {
    for (size_t i = 0; i < index->count; i++)
        if (name_equals(text_of(index->entries[i].account), account))
            return &index->entries[i];
    return NULL;
}

const struct ssh_entry *ssh_index_find(const struct ssh_index *index,
                                       struct text account,
                                       struct text fingerprint) {
    if (!fingerprint.length) return find_account(index, account);
    const struct ssh_entry *found = find_key(index, fingerprint);
    return found && name_equals(text_of(found->account), account) ? found
                                                                  : NULL;
}
