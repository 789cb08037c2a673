/* Memory that is always there. Everything a peer can make us keep is bounded,
 * so running out is our own mistake: one sentence on standard error, abort. */
#ifndef MINICHAT_MEMORY_H
#define MINICHAT_MEMORY_H

#include <stddef.h>

/* To be called first, if at all: for a program that stays small for days. What
 * is large goes back to the system when it is freed, and threads do not hoard
 * memory of their own. */
void memory_stay_small(void);
/* Zeroed. free() gives it back. */
void *memory_new(size_t count, size_t size);
/* Like realloc; new bytes are not zeroed. count > 0, size > 0. */
void *memory_grow(void *old, size_t count, size_t size);
/* A NUL-terminated copy of length bytes; the caller frees it. */
char *memory_string(const char *string, size_t length);

#endif
