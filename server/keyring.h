/* The keys: those that tokens are signed with here, those of others whose
 * tokens are trusted, those that are trusted no longer, and what is revoked.
 * They are files, so that minichatctl and a running server need not meet:
 *
 *   keys/NAME.secret    k4.secret: signs and is trusted; the newest one signs
 *   keys/NAME.public    k4.public: trusted, within what key_limits.h says
 *   keys/NAME.retired   k4.public: its tokens are refused as revoked
 *   keys/revoked        see revoked.h
 *
 * keys/ is 0700, the files are 0600, each is replaced whole. Secret keys are
 * read when something is signed and forgotten at once; otherwise only their
 * public halves are in memory. */
#ifndef MINICHAT_KEYRING_H
#define MINICHAT_KEYRING_H

#include "protocol/claims.h"
#include "protocol/paserk.h"
#include "server/key_limits.h"
#include "server/revoked.h"
#include "server/state.h"

enum {
    KEYRING_KEYS = 64,
    KEYRING_NAME_SIZE = 33,
    KEYRING_TRIES = 8, /* keys tried for a token that names none */
    KEYRING_FAULT_SIZE = 1280,
};

enum standing { KEY_RETIRED, KEY_TRUSTED, KEY_ISSUER };

struct key {
    char name[KEYRING_NAME_SIZE];
    enum standing standing;
    struct paseto_public key;
    char pid[PASERK_ID_SIZE];
    char kid[PASERK_KID_SIZE]; /* what our tokens carry as their footer */
    int64_t since;             /* Unix ms: when its file was written */
    struct key_limits limits;  /* KEY_TRUSTED: what it may say */
};

struct keyring {
    struct state state;
    struct key keys[KEYRING_KEYS]; /* sorted by name */
    size_t count;
    struct revoked revoked;
    uint64_t stamp;  /* of the files, to see that they changed */
    bool stale;      /* look again although nothing seems changed */
    int64_t look_at; /* and where there is a fault from then on, monotonic ms */
    char fault[KEYRING_FAULT_SIZE]; /* a file that is not used, and why;
                                       empty: all are fine */
};

/* Opens the key ring of a state directory, which may be empty. False where
 * keys/ cannot be used or the list of the revoked cannot be read. A key that
 * cannot be read is left out, and fault tells of it. */
bool keyring_open(struct keyring *ring, const struct state *state, char *error,
                  size_t size);
void keyring_close(struct keyring *ring);
/* Reads the files again if they changed: a stat or two each time. Where they
 * cannot be used all stays as it was, and fault says why. */
void keyring_refresh(struct keyring *ring);

/* The key that signs: the newest issuer, or NULL. */
const struct key *keyring_issuer(const struct keyring *ring);
/* By its name, kid, k4.pid or k4.public; NULL. */
const struct key *keyring_find(const struct keyring *ring, struct text what);
/* The keys that may have signed a token with this footer (not yet verified):
 * those it names by kid or k4.pid, alone or as {"kid":"…"}; for an empty one
 * the first KEYRING_TRIES that are not retired. Returns how many. */
size_t keyring_candidates(const struct keyring *ring, struct text footer,
                          const struct key *candidates[KEYRING_TRIES]);

/* A new issuer key; the name must be free. NULL: "issuer", "issuer-2", … Of
 * KEYRING_KEYS, one must be taken out first. */
const struct key *keyring_generate(struct keyring *ring, const char *name,
                                   char *error, size_t size);
/* The issuer; where there is none, a first one is made, and *made is true. */
const struct key *keyring_provide(struct keyring *ring, bool *made, char *error,
                                  size_t size);
/* Trusts another's key within limits; where it is trusted by that name already
 * these are its limits from now on. Keys of small order are refused. */
const struct key *keyring_trust(struct keyring *ring, const char *name,
                                const struct paseto_public *key,
                                const struct key_limits *limits, char *error,
                                size_t size);
/* May tokens of this key be for this account, in this role? Those of our own
 * keys may. */
bool keyring_allows(const struct key *key, const char *account, enum role role);
/* Is there a trusted key that names this account? */
bool keyring_names(const struct keyring *ring, const char *account);
/* Its tokens are refused from now on; an issuer's secret half is removed. */
bool keyring_retire(struct keyring *ring, const struct key *key, char *error,
                    size_t size);

/* One token. until: when it expires, if that is known, else CLAIMS_NO_TIME.
 * Here and below, what has expired long before now (Unix ms) is forgotten. */
bool keyring_revoke_id(struct keyring *ring, const char *id, int64_t until,
                       int64_t now, char *error, size_t size);
/* All that the account was issued until now. */
bool keyring_revoke_account(struct keyring *ring, const char *account,
                            int64_t now, char *error, size_t size);
/* All that say of themselves that they were issued before a moment. */
bool keyring_revoke_before(struct keyring *ring, const char *account,
                           int64_t before, int64_t now, char *error,
                           size_t size);
/* Is a token with these claims, signed with this key, revoked? When it was
 * issued is said by iat, else, if the key is ours, by the id; one of which
 * nobody can tell was issued before everything. */
bool keyring_revokes(const struct keyring *ring, const struct key *key,
                     const struct claims *claims);

/* The implicit assertion that binds a token to a network:
 * `minichat:NETWORK`. */
void keyring_assertion(const char *network, struct writer *writer);
/* Signs claims for a network with an issuer key, with its kid as footer. An
 * empty id is made: 12 characters, of which the first tell the second of now
 * (Unix ms), so that nothing else need be said about when. The audience is
 * set to a network that has not the usual name: a server elsewhere can then
 * say for whom a token is. */
bool keyring_sign(const struct keyring *ring, const struct key *key,
                  struct claims *claims, const char *network, int64_t now,
                  struct writer *token, char *error, size_t size);

#endif
