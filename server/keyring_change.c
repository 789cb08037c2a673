#include "server/keyring_inside.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "server/rolls.h"

/* Changing. One process at a time; each reads what the last one wrote. */

static int lock(struct keyring *ring, char *error, size_t size) {
    int fd = state_folder(&ring->state, KEYRING_FOLDER);
    if (fd < 0 || flock(fd, LOCK_EX) < 0) {
        snprintf(error, size, "cannot lock %s/%s: %s", ring->state.path,
                 KEYRING_FOLDER, strerror(errno));
        if (fd >= 0) close(fd);
        return -1;
    }
    ring->stale = true;
    keyring_refresh(ring);
    return fd;
}

/* Closing it lets the lock go. */
static void unlock(struct keyring *ring, int fd) {
    ring->stale = true;
    keyring_refresh(ring);
    close(fd);
}

static bool is_free(const struct keyring *ring, const char *name, char *error,
                    size_t size) {
    struct text text = text_of(name);
    if (!keyring_name_valid(text)) {
        snprintf(error, size,
                 "\"%s\" cannot be a key's name: letters, digits, - _ . and "
                 "at most 32 of them",
                 name);
        return false;
    }
    for (size_t i = 0; i < ring->count; i++) {
        if (!name_equals(text_of(ring->keys[i].name), text)) continue;
        snprintf(error, size, "there is a key named %s already",
                 ring->keys[i].name);
        return false;
    }
    return true;
}

static bool has_room(const struct keyring *ring, char *error, size_t size) {
    if (ring->count < KEYRING_KEYS) return true;
    snprintf(error, size, "%s", KEYRING_FULL);
    return false;
}

static void next_name(const struct keyring *ring, char *name, size_t size) {
    char error[KEYRING_FAULT_SIZE];
    snprintf(name, size, "issuer");
    for (int number = 2; !is_free(ring, name, error, sizeof error); number++)
        snprintf(name, size, "issuer-%d", number);
}

static bool write_line(const struct keyring *ring, const char *name,
                       enum standing standing, struct text line, char *error,
                       size_t size) {
    char file[KEYRING_FILE_SIZE];
    keyring_file(name, standing, file);
    return state_write(&ring->state, file, line, error, size);
}

static bool write_new_secret(const struct keyring *ring, const char *name,
                             char *error, size_t size) {
    struct paseto_secret *secret = vault_new(sizeof *secret);
    char *line = vault_new(PASERK_SECRET_SIZE + 1);
    paseto_generate(secret);
    paserk_write_secret(secret, line);
    size_t length = strlen(line);
    line[length] = '\n';
    bool fine = write_line(ring, name, KEY_ISSUER, text_slice(line, length + 1),
                           error, size);
    vault_free(line);
    vault_free(secret);
    return fine;
}

static bool write_public(const struct keyring *ring, const char *name,
                         enum standing standing,
                         const struct paseto_public *key, char *error,
                         size_t size) {
    char line[PASERK_PUBLIC_SIZE + 1];
    paserk_write_public(key, line);
    size_t length = strlen(line);
    line[length] = '\n';
    return write_line(ring, name, standing, text_slice(line, length + 1), error,
                      size);
}

const struct key *keyring_generate(struct keyring *ring, const char *name,
                                   char *error, size_t size) {
    char given[KEYRING_NAME_SIZE];
    int held = lock(ring, error, size);
    if (held < 0) return NULL;
    next_name(ring, given, sizeof given);
    if (!name) name = given;
    bool fine = has_room(ring, error, size) &&
                is_free(ring, name, error, size) &&
                write_new_secret(ring, name, error, size);
    unlock(ring, held);
    return fine ? keyring_find(ring, text_of(name)) : NULL;
}

const struct key *keyring_provide(struct keyring *ring, bool *made, char *error,
                                  size_t size) {
    const struct key *issuer = keyring_issuer(ring);
    *made = !issuer;
    return issuer ? issuer : keyring_generate(ring, NULL, error, size);
}

static bool may_be_trusted(const struct keyring *ring, const char *name,
                           const struct paseto_public *key, char *error,
                           size_t size) {
    char written[PASERK_PUBLIC_SIZE];
    paserk_write_public(key, written);
    const struct key *known = keyring_find(ring, text_of(written));
    if (!paseto_public_sound(key)) {
        snprintf(error, size, "a weak key (of small order): not trusted");
        return false;
    }
    if (known && known->standing == KEY_TRUSTED &&
        strcmp(known->name, name) == 0)
        return true;
    if (!is_free(ring, name, error, size)) return false;
    if (!known) return has_room(ring, error, size);
    snprintf(error, size, "that key is here already, named %s%s", known->name,
             known->standing == KEY_RETIRED ? ", and retired" : "");
    return false;
}

static bool write_trusted(const struct keyring *ring, const char *name,
                          const struct paseto_public *key,
                          const struct key_limits *limits, char *error,
                          size_t size) {
    char file[KEYRING_FILE_SIZE], written[PASERK_PUBLIC_SIZE];
    char content[PASERK_PUBLIC_SIZE + KEY_LIMITS_SIZE];
    struct writer writer = writer_on(content, sizeof content);
    paserk_write_public(key, written);
    keyring_file(name, KEY_TRUSTED, file);
    write_format(&writer, "%s\n", written);
    key_limits_write(limits, &writer);
    return state_write(&ring->state, file, writer_text(&writer), error, size);
}

const struct key *keyring_trust(struct keyring *ring, const char *name,
                                const struct paseto_public *key,
                                const struct key_limits *limits, char *error,
                                size_t size) {
    int held = lock(ring, error, size);
    if (held < 0) return NULL;
    bool fine = may_be_trusted(ring, name, key, error, size) &&
                write_trusted(ring, name, key, limits, error, size);
    unlock(ring, held);
    return fine ? keyring_find(ring, text_of(name)) : NULL;
}

bool keyring_retire(struct keyring *ring, const struct key *key, char *error,
                    size_t size) {
    struct key old = *key; /* the ring is read again below */
    char file[KEYRING_FILE_SIZE];
    if (old.standing == KEY_RETIRED) return true;
    int held = lock(ring, error, size);
    if (held < 0) return false;
    keyring_file(old.name, old.standing, file);
    bool fine =
        write_public(ring, old.name, KEY_RETIRED, &old.key, error, size) &&
        state_remove(&ring->state, file, error, size);
    unlock(ring, held);
    return fine;
}

/* Revoking. The list is locked from when it is looked at until it is written.
 */

static bool can_be_read(struct text list) {
    struct revoked revoked;
    unsigned line;
    bool can = revoked_read(&revoked, list, &line);
    revoked_finish(&revoked);
    return can;
}

/* A list that is too long would not be used at all. */
static bool add_line(struct roll *roll, const char *line, char *error,
                     size_t size) {
    if (!roll_add(roll, text_of(line), error, size)) return false;
    if (can_be_read(text_slice(roll->content, roll->length))) return true;
    snprintf(error, size, "%s/%s is full: take out what has expired by now",
             roll->state->path, roll->name);
    return false;
}

static void drop_idle(struct roll *roll, const char *new, int64_t now) {
    struct text line;
    while (roll_next(roll, &line))
        if (revoked_is_idle(line, text_of(new), now)) roll_drop(roll);
}

static bool put_on_list(struct keyring *ring, struct roll *roll,
                        const char *line, int64_t now, char *error,
                        size_t size) {
    if (!can_be_read(text_of(line))) {
        snprintf(error, size, "that cannot be revoked: %s", line);
        return false;
    }
    drop_idle(roll, line, now);
    bool fine =
        add_line(roll, line, error, size) && roll_commit(roll, error, size);
    ring->stale = true;
    keyring_refresh(ring);
    return fine;
}

/* More than that would say something else than an id. */
static bool is_word(const char *id) {
    struct text words = text_of(id);
    return text_word(&words).length == strlen(id);
}

bool keyring_revoke_id(struct keyring *ring, const char *id, int64_t until,
                       int64_t now, char *error, size_t size) {
    struct roll roll;
    char line[REVOKED_LINE_SIZE];
    if (revoked_has_id(&ring->revoked, id)) return true;
    if (!is_word(id)) {
        snprintf(error, size, "that cannot be revoked: %s", id);
        return false;
    }
    if (!roll_change(&roll, &ring->state, KEYRING_REVOKED, error, size))
        return false;
    revoked_write_id(id, until, line);
    bool fine = put_on_list(ring, &roll, line, now, error, size);
    roll_close(&roll);
    return fine;
}

bool keyring_revoke_before(struct keyring *ring, const char *account,
                           int64_t before, int64_t now, char *error,
                           size_t size) {
    struct roll roll;
    char line[REVOKED_LINE_SIZE];
    if (!roll_change(&roll, &ring->state, KEYRING_REVOKED, error, size))
        return false;
    revoked_write_account(account, before, line);
    bool fine = put_on_list(ring, &roll, line, now, error, size);
    roll_close(&roll);
    return fine;
}

/* What is issued in this very millisecond is from before now as well. And
 * revoked in this second already, the account may have been issued since what
 * has an id of one to come: that, too, is from before now. */
static int64_t moment_of(const struct roll *roll, const char *account,
                         int64_t now) {
    struct revoked revoked;
    unsigned line;
    struct text list = text_slice(roll->content, roll->length);
    if (!revoked_read(&revoked, list, &line)) return now + 1;
    int64_t first = keyring_first_good(&revoked, account, now);
    revoked_finish(&revoked);
    return (first > now ? first : now) + 1;
}

bool keyring_revoke_account(struct keyring *ring, const char *account,
                            int64_t now, char *error, size_t size) {
    struct roll roll;
    char line[REVOKED_LINE_SIZE];
    if (!roll_change(&roll, &ring->state, KEYRING_REVOKED, error, size))
        return false;
    revoked_write_account(account, moment_of(&roll, account, now), line);
    bool fine = put_on_list(ring, &roll, line, now, error, size);
    roll_close(&roll);
    return fine;
}
