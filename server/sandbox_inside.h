/* The two halves of the sandbox. Not for others. */
#ifndef MINICHAT_SANDBOX_INSIDE_H
#define MINICHAT_SANDBOX_INSIDE_H

#include "server/sandbox.h"

/* Sanitizers look at us from a thread of their own when we end, and read
 * where functions are: their builds may do more. */
#if defined(__SANITIZE_ADDRESS__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

bool sandbox_can_filter_calls(void);
bool sandbox_filter_calls(char *error, size_t size);
/* 0: this kernel cannot. */
int sandbox_landlock_version(void);
bool sandbox_confine_files(const struct sandbox *sandbox, int version,
                           char *error, size_t size);

#endif
