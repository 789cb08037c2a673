/* Whatever the file says: it is refused with a sentence and changes nothing,
 * or all that then holds is within its range. */
#include "server/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void check(const struct config *config) {
    for (const struct setting *s = NULL; (s = config_after(s));) {
        const char *at = (const char *)config + s->at;
        if (s->kind != SETTING_NUMBER) continue;
        unsigned number = *(const unsigned *)(const void *)at;
        must(number >= s->least && number <= s->most);
    }
    must(config->listeners <= CONFIG_LISTENERS);
    must(strlen(config->name) > 0);
    must(!*config->lobby || room_valid(text_of(config->lobby)));
    must(!*config->motd || *config->motd == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char path[64], error[CONFIG_ERROR_SIZE] = "";
    struct config config;
    int fd = memfd_create("config", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    config_defaults(&config);
    if (config_read(&config, path, error, sizeof error))
        check(&config);
    else
        must(*error && config.listeners == 0 && !config.guests);
    close(fd);
    return 0;
}
