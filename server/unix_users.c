#include "server/unix_users.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "protocol/memory.h"

enum { RECORD_MAX = 65536 }; /* of one user in /etc/passwd */

static void fold(char *name) {
    for (; *name; name++)
        *name = name_fold(*name);
}

static int order(const void *left, const void *right) {
    const struct unix_user *a = left, *b = right;
    int names = strcmp(a->name, b->name);
    return names ? names : (a->line > b->line) - (a->line < b->line);
}

static int order_names(const void *left, const void *right) {
    const struct unix_user *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static void add(struct unix_users *users, const struct passwd *record) {
    if (users->count == users->size) {
        users->size = users->size ? users->size * 2 : 64;
        users->users =
            memory_grow(users->users, users->size, sizeof *users->users);
    }
    struct unix_user *user = &users->users[users->count];
    *user = (struct unix_user){.uid = record->pw_uid, .line = users->count};
    name_from_unix(record->pw_name, user->name);
    fold(user->name);
    users->count++;
}

static void read_records(struct unix_users *users, FILE *file) {
    char *buffer = memory_new(RECORD_MAX, 1);
    struct passwd record, *found;
    while (users->count < UNIX_USERS_MAX &&
           fgetpwent_r(file, &record, buffer, RECORD_MAX, &found) == 0)
        add(users, found);
    free(buffer);
}

static void keep_first_of_each_name(struct unix_users *users) {
    size_t kept = 0;
    for (size_t i = 0; i < users->count; i++) {
        struct unix_user *next = &users->users[i];
        if (kept && order_names(&users->users[kept - 1], next) == 0) continue;
        users->users[kept++] = *next;
    }
    users->count = kept;
}

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
           a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* What cannot be read leaves what was read before. */
static void refresh(struct unix_users *users) {
    struct stat status;
    if (stat(users->path, &status) < 0) return;
    if (is_same(&status, &users->read)) return;
    FILE *file = fopen(users->path, "re");
    if (!file) return;
    users->count = 0;
    users->read = status;
    read_records(users, file);
    fclose(file);
    if (!users->count) return;
    qsort(users->users, users->count, sizeof *users->users, order);
    keep_first_of_each_name(users);
}

/* nsswitch.conf(5): does a word of the line name more than this box's files?
 * systemd's own users have no names that a person would choose. */
static bool names_directory(char *line) {
    char *rest = NULL;
    for (char *word = strtok_r(line, " \t\n", &rest); word;
         word = strtok_r(NULL, " \t\n", &rest))
        if (word[0] != '[' && strcmp(word, "files") != 0 &&
            strcmp(word, "compat") != 0 && strcmp(word, "systemd") != 0)
            return true;
    return false;
}

/* Asking a name service costs dozens of system calls for each new name, so a
 * box that has none is not asked. */
static bool has_directory(const char *path) {
    char line[512];
    bool found = false;
    FILE *file = fopen(path, "re");
    if (!file) return false;
    while (!found && fgets(line, sizeof line, file))
        if (strncmp(line, "passwd:", strlen("passwd:")) == 0)
            found = names_directory(line + strlen("passwd:"));
    fclose(file);
    return found;
}

void unix_users_init(struct unix_users *users, const char *path,
                     const char *services) {
    *users = (struct unix_users){.path = path,
                                 .has_directory = has_directory(services)};
}

void unix_users_finish(struct unix_users *users) {
    free(users->users);
    *users = (struct unix_users){0};
}

static bool ask_name(const char *name, uid_t *uid) {
    char *buffer = memory_new(RECORD_MAX, 1);
    struct passwd record, *found = NULL;
    int error = getpwnam_r(name, &record, buffer, RECORD_MAX, &found);
    bool known = error == 0 && found;
    if (known) *uid = record.pw_uid;
    free(buffer);
    return known;
}

static int64_t monotonic_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1; /* never 0 */
}

/* As it is spelled, and in lower case: a name service minds the difference,
 * we do not. */
static void ask(struct unix_answer *answer, struct text name,
                const char *folded) {
    char spelled[NAME_SIZE];
    text_copy(name, spelled, sizeof spelled);
    snprintf(answer->user.name, sizeof answer->user.name, "%s", folded);
    answer->known =
        ask_name(folded, &answer->user.uid) ||
        (strcmp(folded, spelled) != 0 && ask_name(spelled, &answer->user.uid));
    answer->until = monotonic_seconds() + UNIX_USERS_ASK_SECONDS;
}

static bool owner_elsewhere(struct unix_users *users, struct text name,
                            const char *folded, uid_t *uid) {
    struct unix_answer *answer =
        &users->answers[name_hash(name) % UNIX_USERS_ASKED];
    bool fresh = answer->until > monotonic_seconds() &&
                 strcmp(answer->user.name, folded) == 0;
    if (!fresh) ask(answer, name, folded);
    *uid = answer->user.uid;
    return answer->known;
}

bool unix_users_owner(struct unix_users *users, struct text name, uid_t *uid) {
    struct unix_user key = {""};
    const struct unix_user *found = NULL;
    if (!name.length || !text_copy(name, key.name, sizeof key.name))
        return false;
    fold(key.name);
    refresh(users);
    if (users->count)
        found =
            bsearch(&key, users->users, users->count, sizeof key, order_names);
    if (!found && !users->has_directory) return false;
    if (!found) return owner_elsewhere(users, name, key.name, uid);
    *uid = found->uid;
    return true;
}

bool unix_users_name(uid_t uid, char name[NAME_SIZE]) {
    char *buffer = memory_new(RECORD_MAX, 1);
    struct passwd record, *found = NULL;
    int error = getpwuid_r(uid, &record, buffer, RECORD_MAX, &found);
    bool known = error == 0 && found;
    if (known) name_from_unix(record.pw_name, name);
    free(buffer);
    return known;
}

bool unix_users_is_owner(struct text name) {
    const uid_t owners[] = {0, geteuid()};
    char owner[NAME_SIZE];
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
        if (unix_users_name(owners[i], owner) &&
            name_equals(text_of(owner), name))
            return true;
    return false;
}
