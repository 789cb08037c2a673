/* What a token says about whoever shows it: the JSON in its payload, read
 * strictly, and written as short as may be.
 * (PASETO spec: 02-Implementation-Guide/04-Claims.md, 01-Payload-Processing.md)
 *
 *   sub   required   the account, a name as in names.h
 *   exp   required   from when it is no longer good
 *   jti              a name for this token, to revoke it by
 *   nbf, iat         from when it is good; when it was made
 *   iss              who made it; not compared with anything
 *   aud              the name of the network it is for
 *   role             admin, mod, user or guest; where it is missing a user's,
 *                    or what the account has otherwise
 *   rooms            the only rooms it is for, 1 to CLAIMS_ROOMS_MAX
 *
 * Other claims are left alone, but count towards the limits. */
#ifndef MINICHAT_CLAIMS_H
#define MINICHAT_CLAIMS_H

#include "protocol/names.h"
#include "protocol/writer.h"

enum {
    CLAIMS_JSON_MAX = 2048, /* bytes; looked at before any parsing */
    CLAIMS_DEPTH_MAX = 4,   /* objects and arrays in one another */
    CLAIMS_ROOMS_MAX = 8,
    CLAIMS_ID_SIZE = 65,      /* with NUL; a UUID is 36 */
    CLAIMS_STRING_SIZE = 129, /* iss, aud; with NUL */
};

enum role { ROLE_GUEST, ROLE_USER, ROLE_MOD, ROLE_ADMIN, ROLES };

struct claims {
    char subject[NAME_SIZE];
    char id[CLAIMS_ID_SIZE];           /* these may be empty */
    char issuer[CLAIMS_STRING_SIZE];   /* visible ASCII only, */
    char audience[CLAIMS_STRING_SIZE]; /* no spaces */
    int64_t expires;                   /* Unix ms; must be there */
    int64_t not_before, issued;        /* CLAIMS_NO_TIME: not said */
    enum role role;
    bool role_said; /* ROLE_USER is written, and meant, too */
    char rooms[CLAIMS_ROOMS_MAX][ROOM_SIZE];
    size_t rooms_count; /* 0: all rooms */
};

#define CLAIMS_NO_TIME INT64_MIN

/* What is wrong, for people: "exp" "must be a time, …". Static strings. */
struct claims_fault {
    const char *claim; /* empty: it is about the JSON as a whole */
    const char *words;
};

/* A user's claims with nothing but these two. */
struct claims claims_for(struct text subject, int64_t expires);
/* False and the first fault, where a claim is missing, of the wrong type, out
 * of its bounds, or said twice, where a string has a NUL, or where it is not
 * one JSON object (RFC 8259). The claims are then worth nothing. */
bool claims_read(struct text json, struct claims *claims,
                 struct claims_fault *fault);
/* Compact JSON, times in whole seconds of UTC, nothing that is default. False
 * where the writer is full. */
bool claims_write(const struct claims *claims, struct writer *json);

/* The key that a footer names as {"kid":"…"}; false for any other footer. To
 * choose a key by, not to believe: the footer may not be verified yet. */
bool claims_key_id(struct text footer, char id[CLAIMS_ID_SIZE]);

const char *claims_role_word(enum role role);
bool claims_role_of(struct text word, enum role *role);

#endif
