/* Keys as text, and names for keys: PASERK k4.public, k4.secret, and the
 * fingerprints k4.pid (of a public key) and k4.sid (of a secret one).
 * (github.com/paseto-standard/paserk: types/public, secret, pid, sid) */
#ifndef MINICHAT_PASERK_H
#define MINICHAT_PASERK_H

#include "protocol/paseto.h"

enum { /* with NUL */
       PASERK_PUBLIC_SIZE = 54,
       PASERK_SECRET_SIZE = 97,
       PASERK_ID_SIZE = 52,
       PASERK_KID_SIZE = 9,
};

void paserk_write_public(const struct paseto_public *key,
                         char to[PASERK_PUBLIC_SIZE]);
/* Whoever calls forgets the text as they forget the key. */
void paserk_write_secret(const struct paseto_secret *key,
                         char to[PASERK_SECRET_SIZE]);
/* One spelling per key; surrounding blanks are the caller's to trim. A secret
 * key whose public half is not its own is refused. */
bool paserk_read_public(struct text text, struct paseto_public *key);
bool paserk_read_secret(struct text text, struct paseto_secret *key);

/* The fingerprint: BLAKE2b-264 of its type and the key as text. */
void paserk_pid(const struct paseto_public *key, char to[PASERK_ID_SIZE]);
void paserk_sid(const struct paseto_secret *key, char to[PASERK_ID_SIZE]);
/* Our short name for a key, the footer of our tokens: the first 8 characters
 * of its k4.pid after the type. 48 bits, to find a key, never to trust one. */
void paserk_kid(const struct paseto_public *key, char to[PASERK_KID_SIZE]);

#endif
