/* Memory for secrets. It is not swapped out (as far as RLIMIT_MEMLOCK goes), is
 * in no core file, lies between pages that end who touches them, and is
 * overwritten when it is given back. A few pages each: for what is soon given
 * back. (libsodium's sodium_malloc) */
#ifndef MINICHAT_VAULT_H
#define MINICHAT_VAULT_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed; it is always there, as memory_new's. */
void *vault_new(size_t size);
/* NULL is fine. */
void vault_free(void *secret);
/* All of our memory: from now on it is in no core file, and closed to other
 * processes of the same user. False: the kernel would not. */
bool vault_close_process(void);

#endif
