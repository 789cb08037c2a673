#include "server/certificate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "protocol/tls.h"

static const char FOLDER[] = "tls";
static const char FILE_NAME[] = "tls/certificate.pem";
static const char KEY_NAME[] = "tls/key.pem";

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
