/* Whose ssh keys they are: the roll keys/ssh in the state directory. A key
 * belongs to one account; an account has any number. A line each:
 *
 *   ada 2026-08-01T12:00:00Z root ssh-ed25519 AAAA… ada at her desk
 *   account, since when, who added it, and the key's own line
 *
 * A line that is not understood lets nobody in and is passed over. An account
 * whose name has more than letters, digits and . _ - has no keys: its name is
 * put into a command line. */
#ifndef MINICHAT_SSH_KEYS_H
#define MINICHAT_SSH_KEYS_H

#include "server/roll_index.h"
#include "server/ssh_key.h"

enum { SSH_KEYS_OF_ACCOUNT = 32 };

struct ssh_record {
    char account[NAME_SIZE];
    char by[NAME_SIZE];
    int64_t since; /* Unix ms */
    struct ssh_key key;
};

/* May it have keys? */
bool ssh_account_valid(struct text account);
/* False: the line is not understood. */
bool ssh_record_read(struct ssh_record *record, struct text line);

/* Opens it for reading; see roll_read. */
bool ssh_keys_read(struct roll *roll, const struct state *state, char *error,
                   size_t size);
/* The next key of the roll; false after the last. */
bool ssh_keys_next(struct roll *roll, struct ssh_record *record);
/* The account whose key it is; false: nobody's. */
bool ssh_keys_find(struct roll *roll, const struct ssh_key *key,
                   struct ssh_record *record);
/* An index of it, by fingerprints; not read yet. */
struct roll_index ssh_keys_index(void);

/* Adds a key for an account. False, with a sentence: it is another's, it has
 * too many, or it cannot be written. One that is there stays as it is. */
bool ssh_keys_add(const struct state *state, const struct ssh_record *record,
                  char *error, size_t size);
/* Removes the keys of an account, or one by its fingerprint. *removed: how
 * many; 0 is no error. */
bool ssh_keys_remove(const struct state *state, struct text what,
                     size_t *removed, char *error, size_t size);

#endif
