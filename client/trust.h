/* Whom we take for a server under TLS: its rule, and known_servers, where the
 * keys stand that a person has accepted.
 *
 *     irc.example.org:6697 sha256:9f86d081… 2026-11-22
 *
 * The fingerprint is that of the key (SubjectPublicKeyInfo), which stays when a
 * certificate is renewed. Nothing here asks anybody or sends anything. */
#ifndef MINICHAT_CLIENT_TRUST_H
#define MINICHAT_CLIENT_TRUST_H

#include "client/ledger.h"
#include "client/policies.h"
#include "protocol/address.h"
#include "protocol/tls.h"
#include "protocol/writer.h"

enum {
    TRUST_ONCE_MAX = 64,    /* accepted for this run of the program */
    TRUST_SINCE_SIZE = 16,  /* 2026-11-22 */
    TRUST_TEXT_SIZE = 4096, /* holds a description */
};

enum trust_rule {
    TRUST_PIN,  /* an authority vouches for it, or a person did once */
    TRUST_CA,   /* only an authority */
    TRUST_HASH, /* only this key, or this certificate */
};

struct trust_wish {
    enum trust_rule rule;
    char hash[TLS_HASH_SIZE];
};

enum trust_verdict {
    TRUST_FINE,
    TRUST_UNKNOWN,   /* a person may accept it */
    TRUST_CHANGED,   /* it had another key before */
    TRUST_UNVOUCHED, /* TRUST_CA, and no authority does */
    TRUST_MISMATCH,  /* TRUST_HASH, and it is another */
};

enum trust_answer { TRUST_REJECT, TRUST_ACCEPT_ONCE, TRUST_SAVE };

/* A key that was accepted for a server. */
struct trust_entry {
    char server[LEDGER_NAME_SIZE];
    char key[TLS_HASH_SIZE];
    char since[TRUST_SINCE_SIZE];
};

struct trust {
    struct ledger ledger;
    struct policies policies; /* and with whom only TLS will do */
    struct trust_entry once[TRUST_ONCE_MAX];
    size_t once_count;
};

/* "ca", "pin" (also ""), or "sha256:" and 64 hexadecimal digits, with colons
 * between them or without. NULL, or what is wrong with it. */
const char *trust_wish_read(struct trust_wish *wish, struct text text);

void trust_init(struct trust *trust);
void trust_finish(struct trust *trust);
/* What a server is called there: host:port, [2001:db8::1]:port. */
void trust_name(const struct address *address, char to[LEDGER_NAME_SIZE]);
/* entry, unless NULL: what was known of it, else empty. */
enum trust_verdict trust_judge(struct trust *trust,
                               const struct trust_wish *wish,
                               const char *server, const struct tls_peer *peer,
                               struct trust_entry *entry);
/* now: Unix milliseconds. TRUST_SAVE: the ledger has a change to be written. */
void trust_accept(struct trust *trust, const char *server, const char *key,
                  enum trust_answer answer, int64_t now);
/* A host, or a host with its port; also that only TLS will do. How many entries
 * were forgotten. */
size_t trust_forget(struct trust *trust, struct text host);
/* Writes a line for each server that is known, or for those of one host. How
 * many. */
size_t trust_list(struct trust *trust, struct text host, struct writer *writer);

/* What a server has shown, several lines: names, dates, fingerprints. */
void trust_describe(struct writer *writer, const struct tls_peer *peer);
/* Why it is refused and what can be done, one sentence; not for TRUST_FINE. */
void trust_explain(struct writer *writer, enum trust_verdict verdict,
                   const struct trust_wish *wish,
                   const struct trust_entry *entry, const char *server,
                   const struct tls_peer *peer);

#endif
