/* Asks the server that runs here, over its Unix socket and in IRC, as what
 * ADMIN (commands_admin.h) may be asked: the kernel tells it that we are root
 * or its own user. Nobody there sees us. Waits for at most CTL_TALK_SECONDS
 * until it is taken, and as long for the answer. */
#ifndef MINICHAT_CTL_TALK_H
#define MINICHAT_CTL_TALK_H

#include <jansson.h>

#include "server/ctl.h"

enum { CTL_TALK_SECONDS = 10 };

enum ctl_talk {
    CTL_TALK_DONE,
    CTL_TALK_REFUSED, /* or broken off, or too busy; error is a sentence */
    CTL_TALK_NOBODY,  /* no server runs here; error says so */
};

/* Asks what the words, up to NULL, say: {"kick", "ada", "good night", NULL}.
 * *answer, where it is done: an array of objects, one for each line: "words",
 * safe for a terminal, and "data" where it has any. The caller frees. */
enum ctl_talk ctl_talk(struct ctl *ctl, const char *const words[],
                       json_t **answer);
/* The same as a command: prints the words; or with --json the data, as an
 * array. An exit code. */
int ctl_talk_print(struct ctl *ctl, const char *const words[]);
/* The same for a command of which all words from `from` on are one text, cut
 * into words by the shell. */
int ctl_talk_print_text(struct ctl *ctl, const char *command, char **words,
                        size_t from);

#endif
