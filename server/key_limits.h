/* What another's key may say: for which accounts, and which role at most.
 * It stands under the key in its file, a line each:
 *
 *   k4.public.…
 *   accounts bot-*,ci-?
 *   role mod
 *
 * Without `accounts` it is for every account; without `role` its tokens are
 * those of users. In a pattern * is any text and ? any character. Empty lines
 * and lines that begin with '#' say nothing; a file with any other line is not
 * used: it would let somebody in. */
#ifndef MINICHAT_KEY_LIMITS_H
#define MINICHAT_KEY_LIMITS_H

#include "protocol/claims.h"

enum {
    KEY_ACCOUNTS_SIZE = 512, /* all patterns, with commas and NUL */
    KEY_LIMITS_SIZE = KEY_ACCOUNTS_SIZE + 32,
};

struct key_limits {
    char accounts[KEY_ACCOUNTS_SIZE]; /* empty: all */
    enum role most;
};

/* Of all that stands under the key; false where it is not that. */
bool key_limits_read(struct text lines, struct key_limits *limits);
void key_limits_write(const struct key_limits *limits, struct writer *writer);
/* Takes over patterns with commas between, as --accounts has them. False where
 * they are none: no name could match, or they are too long. */
bool key_limits_set_accounts(struct key_limits *limits, struct text patterns);
/* May its tokens be for this account in this role? */
bool key_limits_allow(const struct key_limits *limits, const char *account,
                      enum role role);

/* Is the account one of those that they name, and not only by a pattern? */
bool key_limits_name(const struct key_limits *limits, const char *account);

#endif
