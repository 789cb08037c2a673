/* An ssh public key as one line has it: `ssh-ed25519 AAAA… comment`, the form
 * of id_*.pub files and of authorized_keys without options (sshd(8)). Only
 * keys that sshd takes today, and only with the parts that their kind has
 * (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, OpenSSH's PROTOCOL.u2f). */
#ifndef MINICHAT_SSH_KEY_H
#define MINICHAT_SSH_KEY_H

#include "protocol/text.h"

enum {
    SSH_KEY_BYTES = 2304,      /* RSA of 16384 bits has 2071 */
    SSH_KEY_BLOB_MAX = 3072,   /* the same as base64 */
    SSH_KEY_TYPE_SIZE = 40,    /* with NUL */
    SSH_KEY_RSA_BITS = 2048,   /* at least */
    SSH_COMMENT_SIZE = 97,     /* with NUL */
    SSH_FINGERPRINT_SIZE = 51, /* SHA256: and 43 characters, with NUL */
};

struct ssh_key {
    const char *type; /* static */
    struct text blob; /* base64; of the line that was read */
    char fingerprint[SSH_FINGERPRINT_SIZE]; /* as ssh-keygen -l has it */
    char comment[SSH_COMMENT_SIZE];         /* for a terminal; may be empty */
};

/* Reads a key's line. NULL, or what is wrong with it: a static sentence. */
const char *ssh_key_read(struct ssh_key *key, struct text line);
/* The same of its two words, as sshd gives them (%t and %k). */
const char *ssh_key_read_words(struct ssh_key *key, struct text type,
                               struct text blob);
/* Is it written as a fingerprint is? */
bool ssh_fingerprint_valid(struct text word);

#endif
