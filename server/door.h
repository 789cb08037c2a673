/* Who may enter, and as whom: by a token, or as a Unix user of this box.
 * Nothing here waits for the network; files are looked at when they changed,
 * so that keys and revocations of minichatctl count at once.
 *
 * Every outcome that needs the key takes the same time: a token of the right
 * form is verified twice with each key it may be of, once as for this network
 * and once as for another, whatever the first gave; where no key is known,
 * with a key that nobody has. Its claims are read in any case. Only then is
 * judged. For "another" stands the network that the token itself names as its
 * audience; without one, the usual network `minichat`, and on that network
 * the empty assertion, that of tokens bound to none. */
#ifndef MINICHAT_DOOR_H
#define MINICHAT_DOOR_H

#include <sys/types.h>

#include "protocol/claims.h"
#include "protocol/paserk.h"
#include "server/chat.h"
#include "server/client_certificates.h"
#include "server/ssh_key.h"
#include "server/state.h"

enum {
    ADMISSION_ROOMS = CLAIMS_ROOMS_MAX,
    JTI_SIZE = CLAIMS_ID_SIZE,
    DOOR_NOBODY = 65534,  /* what the kernel shows for users who have no id here
                             (user_namespaces(7)): many, so none of them */
    DOOR_SKEW_MS = 60000, /* by how much the clocks of others may be ahead */
};

struct key;
struct keyring;

/* What a proof of identity allows. */
struct admission {
    char account[NAME_SIZE];
    enum powers powers;
    enum role role; /* that the token says */
    bool is_bound;  /* to these powers, also where `admins` has the account: the
                       token says a role or rooms, or its key may say no more */
    char token_key[PASERK_ID_SIZE]; /* its pid; empty: not by a token */
    char jti[JTI_SIZE];             /* of the token, where it has one */
    int64_t issued;  /* what it says of that, or CLAIMS_NO_TIME */
    int64_t expires; /* Unix ms; 0: never */
    char rooms[ADMISSION_ROOMS][ROOM_SIZE];  /* only these */
    size_t rooms_count;                      /* 0: all */
    char ssh_key[SSH_FINGERPRINT_SIZE];      /* empty: not by the gateway */
    char certificate[CERTIFICATE_HASH_SIZE]; /* empty: not by one */
};

/* All that can be said about a token. */
struct inspection {
    enum refusal refusal;
    bool verified; /* the claims are those of the key's holder */
    bool readable; /* claims are filled; otherwise fault is */
    struct claims claims;
    struct claims_fault fault;
    const struct key *key; /* whose it is or says it is; NULL: unknown. Good
                              until the next call */
};

struct door;

/* The state directory's keys. Where nothing can sign yet, a first issuer key
 * is made. NULL: error has one sentence. */
struct door *door_open(const struct state *state, const char *network,
                       char *error, size_t size);
void door_close(struct door *door);
/* Was a first key made when it was opened? To be logged. */
bool door_made_key(const struct door *door);
/* The keys that it goes by; for minichatctl. */
struct keyring *door_keyring(struct door *door);
/* What is wrong with the files, to be logged; empty: nothing. */
const char *door_fault(const struct door *door);

/* now: Unix ms. REFUSED_NOTHING and admission filled, or NOT_A_TOKEN …
 * TOKEN_CLAIMS_WRONG; every outcome that needs the key takes the same time. */
enum refusal door_admit_token(struct door *door, struct text token, int64_t now,
                              struct admission *admission);
/* The same verdict, and what it is about. */
void door_inspect(struct door *door, struct text token, int64_t now,
                  struct inspection *inspection);
/* Would what it was let in by still let it in? By what the files said when
 * they were last looked at: TOKEN_EXPIRED, TOKEN_REVOKED, TOKEN_KEY_UNKNOWN,
 * TOKEN_BEYOND_KEY, CERTIFICATE_UNKNOWN. */
enum refusal door_recheck(const struct door *door,
                          const struct admission *admission, int64_t now);
/* Looks at the files again, if they changed. */
void door_refresh(struct door *door);
/* A Unix user of this box; UNIX_USER_UNKNOWN where it has no name, NAME_TAKEN
 * where another user's name is the same in the chat. Root and the user that
 * the server runs as are admins. */
enum refusal door_admit_unix(struct door *door, uid_t uid,
                             struct admission *admission);
/* Is it the Unix user of that name, through whom ssh keys come in? Never root,
 * nor whom the server runs as. */
bool door_is_gateway(struct door *door, const char *gateway, uid_t uid);
/* For whom the gateway says it speaks: `ACCOUNT` or `ACCOUNT FINGERPRINT`. The
 * account must have that ssh key, or any; else SSH_KEY_UNKNOWN. */
enum refusal door_admit_gateway(struct door *door, struct text words,
                                struct admission *admission);
/* Who has shown a certificate, by its SHA-256 and that of its key; else
 * CERTIFICATE_UNKNOWN. */
enum refusal door_admit_certificate(struct door *door, const char *certificate,
                                    const char *key,
                                    struct admission *admission);
/* Is it the name of a Unix user of this box, or of an account that has an ssh
 * key or a certificate, was issued a token, or is one whose tokens are
 * another's to sign? */
bool door_reserves(struct door *door, struct text name);

#endif
