#include "server/identity.h"

#include <stdio.h>

#include "protocol/container.h"
#include "server/log.h"

/* What systemd hands over instead of addresses may be of any kind. */
static struct tls_context *load(const struct identity *identity, char *error,
                                size_t size) {
    struct certificate certificate;
    char wrong[TLS_WORDS_SIZE];
    if (!certificate_find(&certificate, identity->state, identity->config,
                          identity->config->name, error, size))
        return NULL;
    if (certificate.made)
        log_say(LOG_INFO, "made a certificate for TLS: %s", certificate.path);
    struct tls_context *context =
        tls_context_server(certificate.path, certificate.key, wrong);
    if (!context) snprintf(error, size, "%s", wrong);
    if (!context ||
        certificate_note(&certificate, identity->state, error, size))
        return context;
    tls_context_free(context);
    return NULL;
}

bool identity_open(struct identity *identity, const struct state *state,
                   const struct config *config, struct tls_context **in_force,
                   char *error, size_t size) {
    *identity = (struct identity){
        .state = state, .config = config, .in_force = in_force};
    *in_force = load(identity, error, size);
    return *in_force != NULL;
}

static void on_turn(uv_timer_t *timer) {
    struct identity *identity = container_of(timer, struct identity, turn);
    if (identity->in_force && *identity->in_force)
        tls_context_turn(*identity->in_force);
}

void identity_begin(struct identity *identity, uv_loop_t *loop) {
    const uint64_t every = (uint64_t)TLS_TICKET_SECONDS * 1000;
    uv_timer_init(loop, &identity->turn);
    uv_timer_start(&identity->turn, on_turn, every, every);
    uv_unref((uv_handle_t *)&identity->turn);
}

void identity_reload(struct identity *identity) {
    char error[CONFIG_ERROR_SIZE] = "";
    if (!identity->in_force || !*identity->in_force) return;
    struct tls_context *fresh = load(identity, error, sizeof error);
    if (!fresh) {
        log_say(LOG_ERROR, "the certificate stays as it was: %s", error);
        return;
    }
    tls_context_free(*identity->in_force);
    *identity->in_force = fresh;
}

void identity_end(struct identity *identity) {
    uv_close((uv_handle_t *)&identity->turn, NULL);
}

void identity_close(struct identity *identity) {
    if (!identity->in_force) return;
    tls_context_free(*identity->in_force);
    *identity->in_force = NULL;
}
