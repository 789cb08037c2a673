/* What administrators may ask of a running server: /admin WORD … of people,
 * ADMIN WORD … of programs, which is how minichatctl asks it. One table in
 * commands_admin.c has them all; each is one function that is given what stood
 * after WORD as arguments, and answers with dialogue_tell or admin_tell. */
#ifndef MINICHAT_COMMANDS_ADMIN_H
#define MINICHAT_COMMANDS_ADMIN_H

#include "server/dialect.h"

struct json_t;

/* A row of the table: "WORD USAGE: help" is what /admin help says of it. */
struct admin_command {
    const char *word, *usage;
    const char *help; /* one sentence */
    bool mods;        /* moderators may, too */
    unsigned least;   /* arguments that must be there */
    unsigned words;   /* so many at most: the last takes the rest */
    enum refusal (*carry_out)(struct dialogue *dialogue,
                              const struct request *request);
};

/* Rows of the command table. */
enum refusal do_admin(struct dialogue *dialogue, const struct request *request);
/* Without arguments RFC 1459's question; to be asked before entering, too. */
enum refusal irc_do_admin(struct dialogue *dialogue,
                          const struct request *request);

/* Who does it, for the log and for others: the name of whoever has entered, or
 * the Unix user. Good as long as the dialogue. */
const char *admin_name(const struct dialogue *dialogue);
/* One line of an answer, and what it says as data for --json, which is freed
 * here (json_pack's NULL: none). */
void admin_tell(struct dialogue *dialogue, struct json_t *data,
                const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Refuses with a sentence, and gives REFUSED_NOTHING: it has been told. */
enum refusal admin_fail(struct dialogue *dialogue,
                        const struct request *request, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
