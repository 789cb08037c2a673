#include "server/roll_index.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int order(const void *left, const void *right) {
    const struct holding *a = left, *b = right;
    return strcmp(a->word, b->word);
}

static void add(struct roll_index *index, const struct holding *holding) {
    if (index->count == index->size) {
        index->size = index->size ? index->size * 2 : 16;
        index->holdings =
            memory_grow(index->holdings, index->size, sizeof *index->holdings);
    }
    index->holdings[index->count++] = *holding;
}

static void load(struct roll_index *index, struct roll *roll) {
    struct holding holding;
    index->count = 0;
    while (index->next(roll, &holding))
        add(index, &holding);
    if (index->count)
        qsort(index->holdings, index->count, sizeof holding, order);
}

void roll_index_refresh(struct roll_index *index, const struct state *state) {
    char path[STATE_PATH_SIZE], error[STATE_PATH_SIZE + 128];
    struct stat status = {0}; /* of a file that is not there */
    struct roll roll;
    if (state_path(state, index->name, path) && stat(path, &status) < 0)
        status = (struct stat){0};
    if (is_same(&status, &index->read)) return;
    if (!roll_read(&roll, state, index->name, error, sizeof error)) return;
    load(index, &roll);
    roll_close(&roll);
    index->read = status;
}

void roll_index_finish(struct roll_index *index) {
    free(index->holdings);
    *index = (struct roll_index){0};
}

const struct holding *roll_index_find(const struct roll_index *index,
                                      struct text word) {
    struct holding key = {""};
    if (!index->count || !text_copy(word, key.word, sizeof key.word))
        return NULL;
    return bsearch(&key, index->holdings, index->count, sizeof key, order);
}

const struct holding *roll_index_of(const struct roll_index *index,
                                    struct text account) {
    for (size_t i = 0; i < index->count; i++)
        if (name_equals(text_of(index->holdings[i].account), account))
            return &index->holdings[i];
    return NULL;
}
