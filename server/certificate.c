#include "server/certificate.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/tls.h"
#include "protocol/writer.h"

static const char FOLDER[] = "tls";
static const char FILE_NAME[] = "tls/certificate.pem";
static const char KEY_NAME[] = "tls/key.pem";
static const char NOTE_NAME[] = "tls/in-force"; /* paths of certificates */

enum { NOTE_SIZE = CONFIG_CERTIFICATES * (CONFIG_PATH_SIZE + 1) };
static_assert((int)CONFIG_PATH_SIZE == (int)STATE_PATH_SIZE,
              "its own are named as others are");

static bool is_there(const char *path) {
    return access(path, F_OK) == 0;
}

/* The key first: a certificate without one would be taken for whole. */
static bool keep(const struct state *state, const struct tls_identity *made,
                 char *error, size_t size) {
    return state_make_folder(state, FOLDER, error, size) &&
           state_write(state, KEY_NAME, text_of(made->key), error, size) &&
           state_write(state, FILE_NAME, text_of(made->certificate), error,
                       size);
}

static bool make(const struct state *state, const char *network, char *error,
                 size_t size) {
    char host[256] = "";
    struct tls_identity identity;
    if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    const char *const names[] = {host, network};
    bool made = tls_identity_make(&identity, names, 2);
    if (!made) snprintf(error, size, "cannot make a certificate for TLS");
    made = made && keep(state, &identity, error, size);
    explicit_bzero(&identity, sizeof identity);
    return made;
}

static bool find_own(struct certificates *certificates,
                     const struct state *state, const char *network,
                     char *error, size_t size) {
    struct config_pair *pair = certificates->all;
    certificates->own = true;
    certificates->count = 1;
    if (!state_path(state, FILE_NAME, pair->certificate) ||
        !state_path(state, KEY_NAME, pair->key)) {
        snprintf(error, size, "%s: the path is too long", state->path);
        return false;
    }
    if (is_there(pair->certificate) && is_there(pair->key)) return true;
    certificates->made = make(state, network, error, size);
    return certificates->made;
}

bool certificates_named(struct certificates *certificates,
                        const struct config *config, char *error, size_t size) {
    *certificates = (struct certificates){.count = config->certificates};
    for (unsigned i = 0; i < config->certificates; i++) {
        struct config_pair *pair = &certificates->all[i];
        *pair = config->pairs[i];
        if (!*pair->certificate) {
            snprintf(error, size,
                     "[tls] key: expected a certificate in the line before %s",
                     pair->key);
            return false;
        }
        if (!*pair->key) memcpy(pair->key, pair->certificate, sizeof pair->key);
    }
    return true;
}

bool certificates_find(struct certificates *certificates,
                       const struct state *state, const struct config *config,
                       const char *network, char *error, size_t size) {
    if (!certificates_named(certificates, config, error, size)) return false;
    return certificates->count > 0 ||
           find_own(certificates, state, network, error, size);
}

/* A path a line; none: its own, which is found from wherever one looks. */
bool certificates_note(const struct certificates *certificates,
                       const struct state *state, char *error, size_t size) {
    char lines[NOTE_SIZE];
    struct writer writer = writer_on(lines, sizeof lines);
    for (unsigned i = 0; i < certificates->count && !certificates->own; i++)
        write_format(&writer, "%s\n", certificates->all[i].certificate);
    return state_make_folder(state, FOLDER, error, size) &&
           state_write(state, NOTE_NAME, writer_text(&writer), error, size);
}

static void read_note(struct certificates *certificates, struct text rest) {
    while (rest.length > 0 && certificates->count < CONFIG_CERTIFICATES) {
        struct config_pair *pair = &certificates->all[certificates->count];
        struct text path = text_piece(&rest, '\n');
        if (path.length > 0 &&
            text_copy(path, pair->certificate, sizeof pair->certificate))
            certificates->count++;
    }
}

bool certificates_noted(struct certificates *certificates,
                        const struct state *state, const char *network,
                        char *error, size_t size) {
    size_t length;
    char *note = state_read(state, NOTE_NAME, NOTE_SIZE, &length, error, size);
    if (!note) return false;
    *certificates = (struct certificates){.count = 0};
    read_note(certificates, text_slice(note, length));
    free(note);
    return certificates->count > 0 ||
           find_own(certificates, state, network, error, size);
}
