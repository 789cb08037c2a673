/* What is no longer good before its time: tokens by their id, and all tokens
 * of an account that were issued before a moment. One line each in a file:
 *
 *   jti k7J2hT0sVq1A
 *   jti k7J2hT0s-q1A until 2026-11-01T12:00:00Z
 *   account ada before 2026-08-01T12:00:00Z
 *
 * After `until` the token is no longer good anyhow: whoever adds a line takes
 * out those that were over REVOKED_KEPT_DAYS before, for clocks go wrong.
 * Empty lines and lines that begin with '#' say nothing. A list with a line
 * that is not understood is not used at all: it would let someone in. */
#ifndef MINICHAT_REVOKED_H
#define MINICHAT_REVOKED_H

#include "protocol/claims.h"

enum {
    REVOKED_MAX = 65536, /* of each kind */
    REVOKED_KEPT_DAYS = 30,
    REVOKED_LINE_SIZE = CLAIMS_ID_SIZE + NAME_SIZE + 48,
};

struct revoked_id {
    char id[CLAIMS_ID_SIZE];
};
struct revoked_account {
    char account[NAME_SIZE];
    int64_t before; /* Unix ms */
};

struct revoked {
    struct revoked_id *ids; /* sorted */
    size_t ids_count, ids_size;
    struct revoked_account *accounts; /* sorted, folded */
    size_t accounts_count, accounts_size;
};

/* False: *line is the number of the line that is not understood, and nothing
 * is held. */
bool revoked_read(struct revoked *revoked, struct text file, unsigned *line);
void revoked_finish(struct revoked *revoked);

/* The line for a token; until: Unix ms, CLAIMS_NO_TIME where it is not known
 * when it expires. And for all tokens of an account. */
void revoked_write_id(const char *id, int64_t until,
                      char line[REVOKED_LINE_SIZE]);
void revoked_write_account(const char *account, int64_t before,
                           char line[REVOKED_LINE_SIZE]);
/* Does a line keep nobody out once there is that new one? */
bool revoked_is_idle(struct text line, struct text new, int64_t now);

bool revoked_has_id(const struct revoked *revoked, const char *id);
/* Up to when all of an account's are; CLAIMS_NO_TIME: they are not. */
int64_t revoked_before(const struct revoked *revoked, const char *account);
/* issued: Unix ms; CLAIMS_NO_TIME, not known, counts as long ago. */
bool revoked_has_account(const struct revoked *revoked, const char *account,
                         int64_t issued);

#endif
