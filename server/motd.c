#include "server/motd.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

char *motd_read(const char *path, char *error, size_t size) {
    char *text = memory_new(MOTD_MAX + 1, 1);
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(text, 1, MOTD_MAX, file) : 0;
    bool failed = !file || ferror(file);
    if (failed)
        snprintf(error, size, "%s: %s%s", path, strerror(errno),
                 errno == EACCES
                     ? " (a folder that was not named at the start needs a "
                       "restart)"
                     : "");
    if (file) fclose(file);
    text[length] = '\0';
    if (!failed) return text;
    free(text);
    return NULL;
}
