/* The Unix users of this box, under the names they have in the chat.
 * Two whose names would be the same there (other letter case, odd bytes) are
 * told apart: the name belongs to the one who stands first in /etc/passwd.
 *
 * The file is read again when it changes. Users that are not in it are asked
 * of getpwnam(3), at most once in a minute per name, and only where
 * nsswitch.conf(5) names a directory: its local daemon (sssd, nslcd) answers.
 */
#ifndef MINICHAT_UNIX_USERS_H
#define MINICHAT_UNIX_USERS_H

#include <sys/stat.h>
#include <sys/types.h>

#include "protocol/names.h"

enum {
    UNIX_USERS_MAX = 65536,
    UNIX_USERS_ASKED = 256, /* answers kept */
    UNIX_USERS_ASK_SECONDS = 60,
};

struct unix_user {
    char name[NAME_SIZE]; /* folded */
    uid_t uid;
    size_t line; /* its place in the file */
};

struct unix_answer {
    struct unix_user user;
    bool known;
    int64_t until; /* monotonic seconds; 0: not asked yet */
};

struct unix_users {
    const char *path;
    bool has_directory;
    struct stat read;        /* the file as it was when it was read */
    struct unix_user *users; /* sorted by name */
    size_t count, size;
    struct unix_answer answers[UNIX_USERS_ASKED];
};

/* path: "/etc/passwd", services: "/etc/nsswitch.conf"; path must outlive it.
 */
void unix_users_init(struct unix_users *users, const char *path,
                     const char *services);
void unix_users_finish(struct unix_users *users);
/* Whose name is it? False: nobody's on this box. */
bool unix_users_owner(struct unix_users *users, struct text name, uid_t *uid);
/* The name of a user as the chat has it, letter case kept; false where it has
 * none. Whether the name is theirs alone is for unix_users_owner. */
bool unix_users_name(uid_t uid, char name[NAME_SIZE]);
/* Is it the name of root, or of the user that this process runs as? */
bool unix_users_is_owner(struct text name);

#endif
