/* /token, TOKEN: a token for another device of one's own, with no more rights
 * than one has here. And /admin token, which may make any. */
#ifndef MINICHAT_COMMANDS_TOKEN_H
#define MINICHAT_COMMANDS_TOKEN_H

#include "server/dialect.h"

enum {
    TOKEN_USUAL_DAYS = 30,
    TOKENS_A_DAY = 5,    /* that one makes for oneself */
    TOKEN_LONGEST = 400, /* so that it stands in one line of IRC */
};

/* A row of the command table. */
enum refusal do_token(struct dialogue *dialogue, const struct request *request);

/* Rows of the table in commands_admin.c. */
enum refusal admin_token_issue(struct dialogue *, const struct request *);
enum refusal admin_token_list(struct dialogue *, const struct request *);
enum refusal admin_token_revoke(struct dialogue *, const struct request *);

#endif
