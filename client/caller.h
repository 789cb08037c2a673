/* Who comes in by the gateway: sshd ran us, for whoever holds an account's ssh
 * key, with what they typed behind `ssh chat@box` in SSH_ORIGINAL_COMMAND. No
 * shell ever reads that. It is cut into words here, and they may ask for a
 * room, for send, tail and wait with their options, and for nothing else; see
 * confinement.h for what the program then does without. Pure.
 *
 * Words are parted by blanks. A quote, ' or ", counts only where it begins a
 * word and another one ends it; all else stands for itself. What follows the
 * target of `send` is the text as it was typed. */
#ifndef MINICHAT_CLIENT_CALLER_H
#define MINICHAT_CLIENT_CALLER_H

#include "client/route.h"

enum {
    CALLER_LINE_MAX = 64 * 1024,
    CALLER_WORDS = 64,
};

struct caller {
    char account[NAME_SIZE];
    /* What the server is told: ACCOUNT, or ACCOUNT FINGERPRINT. */
    char speaks_for[ROUTE_SPEAKS_FOR_SIZE];
    const char *address;           /* unix:/PATH */
    bool accessible;               /* lines instead of a screen */
    char *words[CALLER_WORDS + 1]; /* up to NULL */
    char *memory;                  /* of the words; owned */
};

/* words: what stood behind --as, ACCOUNT [--key FINGERPRINT] [unix:/PATH]
 * [WORD…]; asked: SSH_ORIGINAL_COMMAND, which counts instead of the last ones,
 * or NULL. NULL, or what is wrong: a static sentence. */
const char *caller_read(struct caller *caller, char **words, const char *asked);
void caller_finish(struct caller *caller);

#endif
