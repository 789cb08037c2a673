#include "server/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/tls.h"

static const char FOLDER[] = "tls";
static const char FILE_NAME[] = "tls/certificate.pem";
static const char KEY_NAME[] = "tls/key.pem";
static const char NOTE_NAME[] = "tls/in-force"; /* the path of a certificate */

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

static bool find_own(struct certificate *certificate, const struct state *state,
                     const char *network, char *error, size_t size) {
    certificate->own = true;
    if (!state_path(state, FILE_NAME, certificate->path) ||
        !state_path(state, KEY_NAME, certificate->key)) {
        snprintf(error, size, "%s: the path is too long", state->path);
        return false;
    }
    if (is_there(certificate->path) && is_there(certificate->key)) return true;
    certificate->made = make(state, network, error, size);
    return certificate->made;
}

bool certificate_find(struct certificate *certificate,
                      const struct state *state, const struct config *config,
                      const char *network, char *error, size_t size) {
    *certificate = (struct certificate){.made = false};
    if (!*config->certificate)
        return find_own(certificate, state, network, error, size);
    const char *key = *config->key ? config->key : config->certificate;
    text_copy(text_of(config->certificate), certificate->path,
              sizeof certificate->path);
    text_copy(text_of(key), certificate->key, sizeof certificate->key);
    return true;
}

bool certificate_note(const struct certificate *certificate,
                      const struct state *state, char *error, size_t size) {
    char line[STATE_PATH_SIZE + 1];
    /* Its own is found from wherever one looks. */
    snprintf(line, sizeof line, "%s\n",
             certificate->own ? "" : certificate->path);
    return state_make_folder(state, FOLDER, error, size) &&
           state_write(state, NOTE_NAME, text_of(line), error, size);
}

bool certificate_noted(struct certificate *certificate,
                       const struct state *state, const char *network,
                       char *error, size_t size) {
    size_t length;
    char *note =
        state_read(state, NOTE_NAME, STATE_PATH_SIZE, &length, error, size);
    if (!note) return false;
    struct text rest = text_slice(note, length);
    struct text path = text_piece(&rest, '\n');
    bool fine = true;
    *certificate = (struct certificate){.made = false};
    if (!text_copy(path, certificate->path, sizeof certificate->path) ||
        path.length == 0)
        fine = find_own(certificate, state, network, error, size);
    free(note);
    return fine;
}
