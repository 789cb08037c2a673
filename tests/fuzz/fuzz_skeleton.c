/* A skeleton is no longer than its name, and its own skeleton. */
#include "protocol/skeleton.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text name = text_slice((const char *)data, size);
    char look[NAME_SIZE], again[NAME_SIZE];
    if (!name_valid(name)) return 0;
    skeleton_of(name, look);
    must(*look && strlen(look) <= size);
    skeleton_of(text_of(look), again);
    must(strcmp(look, again) == 0);
    must(skeleton_alike(name, text_of(look)));
    must(skeleton_is_official(name) == skeleton_is_official(text_of(look)));
    return 0;
}
