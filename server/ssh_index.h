/* Whose ssh keys they are, in memory: what a running server asks at each
 * arrival by the gateway, and of everybody who came in by it whenever the keys
 * change. Reads keys/ssh again when it is another file. */
#ifndef MINICHAT_SSH_INDEX_H
#define MINICHAT_SSH_INDEX_H

#include <sys/stat.h>

#include "server/ssh_keys.h"

struct ssh_entry {
    char fingerprint[SSH_FINGERPRINT_SIZE];
    char account[NAME_SIZE];
};

struct ssh_index {
    struct ssh_entry *entries; /* sorted by fingerprint */
    size_t count, size;
    struct stat read; /* the file as it was when it was read */
};

/* A stat each time. What cannot be read leaves what was read before. Begins
 * with one that is all zero. */
void ssh_index_refresh(struct ssh_index *index, const struct state *state);
void ssh_index_finish(struct ssh_index *index);
/* Does the account have this key, or, where fingerprint is empty, any? NULL:
 * no. */
const struct ssh_entry *ssh_index_find(const struct ssh_index *index,
                                       struct text account,
                                       struct text fingerprint);

#endif
