/* The tokens that were issued here, so that they can be listed, counted and
 * revoked. One line each in keys/issued:
 *
 *   ID ACCOUNT ROLE ROOMS ISSUED EXPIRES KEY BY
 *   awsCPejbMofQ bob user #dev,#ops 2026-08-01T12:00:00Z 2026-11-01T… issuer
 * ada
 *
 * ROOMS is - where it is for all. The list lets nobody in and keeps nobody
 * out: a token is good by its signature and by what keys/revoked says. Each
 * new entry takes out those that expired ISSUED_KEPT_DAYS ago. */
#ifndef MINICHAT_ISSUED_H
#define MINICHAT_ISSUED_H

#include "server/keyring.h"
#include "server/roll_index.h"

enum {
    ISSUED_KEPT_DAYS = 30,
    ISSUED_BY_SIZE = 128,
    ISSUED_LINE_SIZE = 1024,
};
#define ISSUED_FILE "keys/issued"

struct issued {
    char id[CLAIMS_ID_SIZE];
    char account[NAME_SIZE];
    char rooms[CLAIMS_ROOMS_MAX][ROOM_SIZE];
    size_t rooms_count; /* 0: all */
    enum role role;
    int64_t at, expires;
    char key[KEYRING_NAME_SIZE];
    /* Who had it made: "minichatctl:USER"; "admin:NAME"; or an account for
     * itself, "NAME", and where it had come by a token, "NAME:ID" of that. */
    char by[ISSUED_BY_SIZE];
};

/* Of a line; false where it is none of these. */
bool issued_read(struct text line, struct issued *issued);
void issued_write(const struct issued *issued, struct writer *writer);
/* Whose they are: found by the account's name in lower case. */
struct roll_index issued_index(void);
/* Did the account make it for itself? *parent is the id of the token by which
 * it had come; empty: by none. */
bool issued_by_itself(const struct issued *issued, struct text *parent);

/* A token that is wanted. */
struct issue {
    struct claims claims;  /* the id is made */
    const struct key *key; /* that signs it */
    const char *network;
    char by[ISSUED_BY_SIZE];
    struct claims parent; /* of the token that it is made with, of the same key;
                             without a subject: with none */
    unsigned most;  /* that the account makes for itself in 24 hours; 0: any
                       number */
    int64_t now;    /* Unix ms */
    size_t longest; /* that it may be; 0: any length */
};
/* Signs it and enters it in the list: only then it may be given away. False,
 * with a sentence; so where its parent is revoked. */
bool issued_sign(struct keyring *ring, struct issue *issue,
                 struct writer *token, char *error, size_t size);

/* Revokes a token, and those that were made with it. now: Unix ms. */
bool issued_revoke(struct keyring *ring, const char *id, int64_t now,
                   char *error, size_t size);

enum issued_state { ISSUED_GOOD, ISSUED_EXPIRED, ISSUED_REVOKED };
enum issued_state issued_state(const struct keyring *ring,
                               const struct issued *issued, int64_t now);
const char *issued_state_word(enum issued_state state);
/* Its rooms with commas between; "all" where it is for all of them. */
void issued_write_rooms(const struct issued *issued, struct writer *writer);
/* What was signed, for the audit log: whose it is, as what, until when and for
 * which rooms: "ada user until 2026-11-01T12:00:00Z for #dev,#ops". */
void issued_sum_up(const struct claims *claims, char words[ISSUED_LINE_SIZE]);

#endif
