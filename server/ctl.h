/* minichatctl: what the owner of a server does from a shell. One table in
 * ctl.c has every command; a command is one function in ctl_NOUN.c. Answers
 * go to standard output, all else to standard error. */
#ifndef MINICHAT_CTL_H
#define MINICHAT_CTL_H

#include "server/state.h"

enum { CTL_ERROR_SIZE = 2048 };

/* Exit codes. */
enum { CTL_FINE, CTL_FAILED, CTL_USAGE };

struct ctl {
    struct state state;
    char network[NETWORK_SIZE];
    bool json;           /* answer with JSON where it is data */
    const char *address; /* of the running server; NULL: the usual */
    bool is_chosen;      /* the state directory was, with -d */
    char *error; /* CTL_ERROR_SIZE bytes for whoever fails: a sentence */
};

/* Is it about files of the state directory, does it put some there, or does it
 * only ask a server? A directory that is not there is made by those that put
 * something there; to all others a wrong name was given with -d. */
enum ctl_directory { FINDS, MAKES, ASKS };

/* A command is named by noun and verb, or by the noun alone (verb empty).
 * words: what stood after the command, up to NULL. Returns an exit code; with
 * CTL_FAILED error is printed unless it is empty, with CTL_USAGE the usage. */
struct ctl_command {
    const char *noun, *verb, *usage, *help;
    int (*run)(struct ctl *ctl, char **words);
    enum ctl_directory directory;
};

int ctl_key_generate(struct ctl *ctl, char **words);
int ctl_key_list(struct ctl *ctl, char **words);
int ctl_key_trust(struct ctl *ctl, char **words);
int ctl_key_retire(struct ctl *ctl, char **words);
int ctl_token_issue(struct ctl *ctl, char **words);
int ctl_token_list(struct ctl *ctl, char **words);
int ctl_token_inspect(struct ctl *ctl, char **words);
int ctl_token_revoke(struct ctl *ctl, char **words);
int ctl_users(struct ctl *ctl, char **words);
int ctl_rooms(struct ctl *ctl, char **words);
int ctl_kick(struct ctl *ctl, char **words);
int ctl_ban(struct ctl *ctl, char **words);
int ctl_mute(struct ctl *ctl, char **words);
int ctl_unban(struct ctl *ctl, char **words);
int ctl_unmute(struct ctl *ctl, char **words);
int ctl_bans(struct ctl *ctl, char **words);
int ctl_reload(struct ctl *ctl, char **words);
int ctl_ssh_key_add(struct ctl *ctl, char **words);
int ctl_certificate_add(struct ctl *ctl, char **words);
int ctl_certificate_list(struct ctl *ctl, char **words);
int ctl_certificate_remove(struct ctl *ctl, char **words);
int ctl_fingerprint(struct ctl *ctl, char **words);
int ctl_ssh_key_list(struct ctl *ctl, char **words);
int ctl_ssh_key_remove(struct ctl *ctl, char **words);
int ctl_ssh_keys(struct ctl *ctl, char **words);
int ctl_backup(struct ctl *ctl, char **words);
int ctl_export(struct ctl *ctl, char **words);
int ctl_import(struct ctl *ctl, char **words);
int ctl_forget(struct ctl *ctl, char **words);
int ctl_stats(struct ctl *ctl, char **words);
int ctl_audit(struct ctl *ctl, char **words);
int ctl_check(struct ctl *ctl, char **words);

/* Fails with a sentence. */
int ctl_fail(struct ctl *ctl, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Is the next word this option, `--name VALUE` or `--name=VALUE`? Then they
 * are taken off. *value is NULL where the value is missing. */
bool ctl_option(char ***words, const char *name, const char **value);
/* A word that is no option. A lone "-" is one. */
bool ctl_is_plain(const char *word);
/* The next word of standard input, of at most size - 1 bytes: what should not
 * be seen in the list of processes. False where there is none or more. */
bool ctl_read_word(char *to, size_t size);
/* Tells on standard error that no token with this id (NULL: any), or none of
 * this account (NULL: any), was issued here, where that is so. */
void ctl_tell_unissued(struct ctl *ctl, const char *id, const char *account);
/* Tells on standard error that a first key was made. */
void ctl_tell_first_key(const struct ctl *ctl, const char *name,
                        const char *kid);

#endif
