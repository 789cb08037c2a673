/* Root, given up for good: who started us as root wanted the ports and the
 * directories that only root has, and nothing else. Afterwards there is no
 * way back: all of the user's ids, no groups, no capabilities, and no program
 * that could bring more. Errors are one sentence in error[size]. */
#ifndef MINICHAT_PRIVILEGES_H
#define MINICHAT_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct service_user {
    bool stays; /* we go on as who we are */
    uid_t user;
    gid_t group;
};

/* Whom to become: nobody else, unless root started us. `name` is the setting
 * `user`: the usual one may be missing on a box, another must be there. */
bool privileges_choose(struct service_user *user, const char *name, char *error,
                       size_t size);
/* Becomes that user, if not `stays`; in either case capabilities go, but for
 * those by which root gets at files, if we go on as root. */
bool privileges_drop(const struct service_user *user, char *error, size_t size);

#endif
