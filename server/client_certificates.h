/* Whose certificates they are that TLS clients show: the roll keys/certificates
 * in the state directory. A certificate belongs to one account; an account has
 * any number. A line each:
 *
 *   ada 9f86d081884c7d65…0f00a08 her laptop
 *   account, SHA-256 of the certificate or of its key (64 digits), a comment
 *
 * A line that is not understood lets nobody in and is passed over. */
#ifndef MINICHAT_CLIENT_CERTIFICATES_H
#define MINICHAT_CLIENT_CERTIFICATES_H

#include "server/roll_index.h"

enum {
    CERTIFICATE_HASH_SIZE = 65, /* with NUL */
    CERTIFICATE_COMMENT_SIZE = 97,
    CERTIFICATES_OF_ACCOUNT = 32,
};

struct client_certificate {
    char account[NAME_SIZE];
    char hash[CERTIFICATE_HASH_SIZE]; /* small letters, no colons */
    char comment[CERTIFICATE_COMMENT_SIZE];
};

/* As openssl and others write it: with colons or without, in either case,
 * `sha256:` in front or not. False: that is none. */
bool certificate_hash_read(struct text text, char hash[CERTIFICATE_HASH_SIZE]);

/* Opens it for reading; see roll_read. */
bool client_certificates_read(struct roll *roll, const struct state *state,
                              char *error, size_t size);
/* The next one; false after the last. */
bool client_certificates_next(struct roll *roll,
                              struct client_certificate *certificate);
/* An index of it, by hashes; not read yet. */
struct roll_index client_certificates_index(void);
/* One that is there stays as it is. False, with a sentence: it is another's,
 * there are too many of the account, or it cannot be written. */
bool client_certificates_add(const struct state *state,
                             const struct client_certificate *certificate,
                             char *error, size_t size);
/* Removes those of an account, or one by its hash. *removed: how many; 0 is no
 * error. */
bool client_certificates_remove(const struct state *state, struct text what,
                                size_t *removed, char *error, size_t size);

#endif
