/* Who may enter, and as whom. */
#ifndef MINICHAT_DOOR_H
#define MINICHAT_DOOR_H

#include <sys/types.h>

#include "server/chat.h"

enum { ADMISSION_ROOMS = 8, JTI_SIZE = 33 };

/* What a proof of identity allows. */
struct admission {
    char account[NAME_SIZE];
    enum powers powers;
    char jti[JTI_SIZE];                     /* empty: not by a token */
    int64_t expires;                        /* Unix ms; 0: never */
    char rooms[ADMISSION_ROOMS][ROOM_SIZE]; /* only these */
    size_t rooms_count;                     /* 0: all */
};

struct door;

/* now: Unix ms. REFUSED_NOTHING and admission filled, or NOT_A_TOKEN …
 * TOKEN_CLAIMS_WRONG; every outcome that needs the key takes the same time. */
enum refusal door_admit_token(struct door *door, struct text token, int64_t now,
                              struct admission *admission);
/* A Unix user of this box; UNIX_USER_UNKNOWN where it has no name. Root and
 * the user that the server runs as are admins. */
enum refusal door_admit_unix(struct door *door, uid_t uid,
                             struct admission *admission);
/* Is it the name of a Unix user of this box? */
bool door_reserves(struct door *door, struct text name);

#endif
