#include "server/keyring_inside.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "server/rolls.h"

enum {
    KEY_FILE_MAX = 2048,
    RACY_MS = 2000,   /* younger files may change within their time stamp */
    FAULTY_MS = 1000, /* so often a wrong one is looked at: not at each login */
};

static const char *const suffixes[] = {
    [KEY_RETIRED] = ".retired",
    [KEY_TRUSTED] = ".public",
    [KEY_ISSUER] = ".secret",
};

enum { STANDINGS = sizeof suffixes / sizeof suffixes[0] };

void keyring_file(const char *name, enum standing standing,
                  char file[KEYRING_FILE_SIZE]) {
    snprintf(file, KEYRING_FILE_SIZE, "keys/%s%s", name, suffixes[standing]);
}

bool keyring_name_valid(struct text name) {
    if (name.length < 1 || name.length >= KEYRING_NAME_SIZE) return false;
    for (size_t i = 0; i < name.length; i++) {
        char byte = name_fold(name.at[i]);
        bool plain = (byte >= 'a' && byte <= 'z') ||
                     (byte >= '0' && byte <= '9') || byte == '_';
        if (!plain && (i == 0 || (byte != '-' && byte != '.'))) return false;
    }
    return true;
}

/* Looking: do the files differ from those that were read? */

static int64_t ms_of(struct timespec time) {
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t now_ms(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return ms_of(now);
}

static void mix(uint64_t *stamp, uint64_t value) {
    *stamp = (*stamp ^ value) * UINT64_C(1099511628211); /* FNV-1a */
    *stamp ^= *stamp >> 29;
}

static void mix_file(const struct keyring *ring, const char *name,
                     uint64_t *stamp, bool *young) {
    char path[STATE_PATH_SIZE];
    struct stat status;
    if (!state_path(&ring->state, name, path)) return;
    if (stat(path, &status) < 0) {
        mix(stamp, 1);
        return;
    }
    mix(stamp, status.st_ino);
    mix(stamp, (uint64_t)status.st_size);
    mix(stamp, (uint64_t)status.st_mtim.tv_sec);
    mix(stamp, (uint64_t)status.st_mtim.tv_nsec);
    int64_t age = now_ms(CLOCK_REALTIME) - ms_of(status.st_mtim);
    if (age < RACY_MS) *young = true;
}

static uint64_t take_stamp(const struct keyring *ring, bool *young) {
    uint64_t stamp = UINT64_C(14695981039346656037);
    char file[KEYRING_FILE_SIZE];
    *young = false;
    mix_file(ring, KEYRING_FOLDER, &stamp, young);
    mix_file(ring, KEYRING_REVOKED, &stamp, young);
    for (size_t i = 0; i < ring->count; i++) {
        keyring_file(ring->keys[i].name, ring->keys[i].standing, file);
        mix_file(ring, file, &stamp, young);
    }
    return stamp;
}

/* Loading. */

static void note(struct keyring *ring, const char *file, const char *words) {
    snprintf(ring->fault, sizeof ring->fault, "%s/%s: %s", ring->state.path,
             file, words);
}

static bool read_public_half(struct text line, struct paseto_public *key) {
    struct paseto_secret *secret = vault_new(sizeof *secret);
    bool fine = paserk_read_secret(line, secret);
    if (fine) *key = paseto_public_half(secret);
    vault_free(secret);
    return fine;
}

static bool read_key(enum standing standing, struct text line,
                     struct paseto_public *key) {
    if (standing == KEY_ISSUER) return read_public_half(line, key);
    return paserk_read_public(line, key) && paseto_public_sound(key);
}

/* Since when it is there, and whether nobody else may read it. */
static bool is_private(const struct keyring *ring, const char *file,
                       int64_t *since) {
    char path[STATE_PATH_SIZE];
    struct stat status;
    if (!state_path(&ring->state, file, path)) return false;
    if (stat(path, &status) < 0) return false;
    *since = ms_of(status.st_mtim);
    return !(status.st_mode & (S_IRWXG | S_IRWXO));
}

char *keyring_load_line(const struct keyring *ring, const char *file,
                        struct text *line, char *error, size_t size) {
    size_t length;
    char *content = vault_new(KEY_FILE_MAX);
    if (!state_read_into(&ring->state, file, content, KEY_FILE_MAX, &length,
                         error, size)) {
        vault_free(content);
        return NULL;
    }
    struct text rest = text_slice(content, length);
    *line = text_trim(text_piece(&rest, '\n'));
    if (rest.length) *line = text_of("");
    return content;
}

/* Another's key, and under it what it may say. */
static const char *read_trusted(const struct keyring *ring, const char *file,
                                struct key *key) {
    char error[KEYRING_FAULT_SIZE];
    size_t length;
    char *content = state_read(&ring->state, file, KEY_FILE_MAX, &length, error,
                               sizeof error);
    if (!content) return "cannot be read";
    struct text rest = text_slice(content, length);
    bool fine =
        read_key(KEY_TRUSTED, text_trim(text_piece(&rest, '\n')), &key->key);
    bool is_limited = key_limits_read(rest, &key->limits);
    free(content);
    if (!fine) return "expected a k4.public key in its first line";
    return is_limited ? NULL
                      : "expected \"accounts PATTERN,...\" and \"role ROLE\" "
                        "under the key";
}

/* What is wrong with a key's file; NULL, and the key, where nothing is. */
static const char *read_key_file(const struct keyring *ring, const char *file,
                                 struct key *key) {
    char error[KEYRING_FAULT_SIZE];
    struct text line = text_of("");
    bool issues = key->standing == KEY_ISSUER;
    if (ring->count == KEYRING_KEYS) return KEYRING_FULL;
    if (!is_private(ring, file, &key->since) && issues)
        return "a secret key that others may read: chmod 600";
    if (key->standing == KEY_TRUSTED) return read_trusted(ring, file, key);
    char *content = keyring_load_line(ring, file, &line, error, sizeof error);
    if (!content) return "cannot be read";
    bool fine = read_key(key->standing, line, &key->key);
    vault_free(content);
    if (fine) return NULL;
    return issues ? "expected one k4.secret key" : "expected one k4.public key";
}

static void load_key(struct keyring *ring, struct text name,
                     enum standing standing) {
    char file[KEYRING_FILE_SIZE];
    struct key key = {.standing = standing};
    text_copy(name, key.name, sizeof key.name);
    keyring_file(key.name, standing, file);
    const char *fault = read_key_file(ring, file, &key);
    if (fault) {
        note(ring, file, fault);
        return;
    }
    paserk_pid(&key.key, key.pid);
    paserk_kid(&key.key, key.kid);
    ring->keys[ring->count++] = key;
}

/* NAME.secret and its like; other files are not ours to judge. */
static void load_entry(struct keyring *ring, const char *entry) {
    struct text file = text_of(entry);
    for (int i = 0; i < STANDINGS; i++) {
        size_t length = strlen(suffixes[i]);
        if (file.length <= length) continue;
        struct text end = text_after(file, file.length - length);
        struct text name = text_slice(file.at, file.length - length);
        if (!text_is(end, suffixes[i]) || !keyring_name_valid(name)) continue;
        load_key(ring, name, (enum standing)i);
    }
}

static int order(const void *left, const void *right) {
    const struct key *a = left, *b = right;
    return strcmp(a->name, b->name);
}

/* A retired key is retired in every file it is in: a retirement that was
 * interrupted before the old file was removed holds all the same. */
static void heed_retirements(struct keyring *ring) {
    for (size_t i = 0; i < ring->count; i++) {
        if (ring->keys[i].standing != KEY_RETIRED) continue;
        for (size_t j = 0; j < ring->count; j++)
            if (paseto_public_equals(&ring->keys[i].key, &ring->keys[j].key))
                ring->keys[j].standing = KEY_RETIRED;
    }
}

static bool load_keys(struct keyring *ring, char *error, size_t size) {
    int fd = state_folder(&ring->state, KEYRING_FOLDER);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        snprintf(error, size, "cannot read %s/%s: %s", ring->state.path,
                 KEYRING_FOLDER, strerror(errno));
        if (fd >= 0) close(fd);
        return false;
    }
    for (struct dirent *entry; (entry = readdir(folder));)
        load_entry(ring, entry->d_name);
    closedir(folder);
    qsort(ring->keys, ring->count, sizeof ring->keys[0], order);
    heed_retirements(ring);
    return true;
}

static bool load_revoked(struct keyring *ring, char *error, size_t size) {
    size_t length;
    unsigned line;
    char *content = state_read(&ring->state, KEYRING_REVOKED, ROLL_MAX, &length,
                               error, size);
    if (!content) return false;
    bool fine =
        revoked_read(&ring->revoked, text_slice(content, length), &line);
    free(content);
    if (!fine)
        snprintf(error, size,
                 "%s/%s:%u: expected \"jti ID\", \"jti ID until TIME\" or "
                 "\"account NAME before TIME\"",
                 ring->state.path, KEYRING_REVOKED, line);
    return fine;
}

/* That somebody has put right what is wrong need not show in the stamp. */
static void plan_next_look(struct keyring *ring) {
    ring->stamp = take_stamp(ring, &ring->stale);
    ring->look_at = now_ms(CLOCK_MONOTONIC) + FAULTY_MS;
}

static bool load(struct keyring *ring, char *error, size_t size) {
    if (!load_keys(ring, error, size)) return false;
    if (!load_revoked(ring, error, size)) return false;
    plan_next_look(ring);
    return true;
}

bool keyring_open(struct keyring *ring, const struct state *state, char *error,
                  size_t size) {
    *ring = (struct keyring){.state = *state};
    if (sodium_init() < 0) {
        snprintf(error, size, "libsodium cannot start: no random numbers");
        return false;
    }
    return state_make_folder(state, KEYRING_FOLDER, error, size) &&
           load(ring, error, size);
}

void keyring_close(struct keyring *ring) {
    revoked_finish(&ring->revoked);
    ring->count = 0;
}

static bool is_as_it_was(const struct keyring *ring) {
    bool young;
    if (ring->stale) return false;
    if (*ring->fault && now_ms(CLOCK_MONOTONIC) >= ring->look_at) return false;
    return take_stamp(ring, &young) == ring->stamp;
}

void keyring_refresh(struct keyring *ring) {
    char error[KEYRING_FAULT_SIZE];
    if (is_as_it_was(ring)) return;

    struct keyring fresh = {.state = ring->state};
    if (load(&fresh, error, sizeof error)) {
        keyring_close(ring);
        *ring = fresh;
        return;
    }
    keyring_close(&fresh);
    memcpy(ring->fault, error, sizeof ring->fault);
    plan_next_look(ring);
}

bool keyring_allows(const struct key *key, const char *account,
                    enum role role) {
    return key->standing != KEY_TRUSTED ||
           key_limits_allow(&key->limits, account, role);
}

bool keyring_names(const struct keyring *ring, const char *account) {
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].standing == KEY_TRUSTED &&
            key_limits_name(&ring->keys[i].limits, account))
            return true;
    return false;
}

/* Finding. */

const struct key *keyring_issuer(const struct keyring *ring) {
    const struct key *newest = NULL;
    for (size_t i = 0; i < ring->count; i++) {
        const struct key *key = &ring->keys[i];
        if (key->standing != KEY_ISSUER) continue;
        if (!newest || key->since >= newest->since) newest = key;
    }
    return newest;
}

static bool is_called(const struct key *key, struct text id) {
    return text_is(id, key->kid) || text_is(id, key->pid);
}

const struct key *keyring_find(const struct keyring *ring, struct text what) {
    struct paseto_public wanted;
    bool by_key = paserk_read_public(what, &wanted);
    for (size_t i = 0; i < ring->count; i++) {
        const struct key *key = &ring->keys[i];
        if (text_is(what, key->name) || is_called(key, what)) return key;
        if (by_key && paseto_public_equals(&key->key, &wanted)) return key;
    }
    return NULL;
}

size_t keyring_candidates(const struct keyring *ring, struct text footer,
                          const struct key *candidates[KEYRING_TRIES]) {
    char id[CLAIMS_ID_SIZE];
    size_t count = 0;
    if (claims_key_id(footer, id)) footer = text_of(id);
    for (size_t i = 0; i < ring->count && count < KEYRING_TRIES; i++) {
        const struct key *key = &ring->keys[i];
        bool tried = footer.length ? is_called(key, footer)
                                   : key->standing != KEY_RETIRED;
        if (tried) candidates[count++] = key;
    }
    return count;
}
