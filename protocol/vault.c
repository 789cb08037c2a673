#include "protocol/vault.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/* LeakSanitizer looks at us from another process when we end. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_LOOKED_AT 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_LOOKED_AT 1
#endif
#endif
#ifndef IS_LOOKED_AT
#define IS_LOOKED_AT 0
#endif

void *vault_new(size_t size) {
    void *secret = sodium_init() < 0 ? NULL : sodium_malloc(size);
    if (secret) {
        sodium_memzero(secret, size);
        return secret;
    }
    fputs("out of guarded memory\n", stderr);
    abort();
}

void vault_free(void *secret) {
    sodium_free(secret);
}

bool vault_close_process(void) {
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return false;
#ifdef __linux__
    if (!IS_LOOKED_AT) return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
#endif
    return true;
}
