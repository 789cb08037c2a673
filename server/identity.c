#include "server/identity.h"

#include <assert.h>
#include <stdio.h>

#include "protocol/container.h"
#include "server/log.h"

static_assert((int)CONFIG_CERTIFICATES == (int)TLS_IDENTITIES_MAX,
              "each that can be named can be shown");

static struct tls_context *show(const struct certificates *certificates,
                                char *error, size_t size) {
    char wrong[TLS_WORDS_SIZE];
    const struct config_pair *all = certificates->all;
    struct tls_context *context =
        tls_context_server(all->certificate, all->key, wrong);
    bool fine = context;
    for (unsigned i = 1; i < certificates->count && fine; i++)
        fine = tls_context_add(context, all[i].certificate, all[i].key, wrong);
    if (fine) return context;
    snprintf(error, size, "%s", wrong);
    tls_context_free(context);
    return NULL;
}

/* What systemd hands over instead of addresses may be of any kind. */
static struct tls_context *load(const struct identity *identity, char *error,
                                size_t size) {
    struct certificates certificates;
    if (!certificates_find(&certificates, identity->state, identity->config,
                           identity->config->name, error, size))
        return NULL;
    if (certificates.made)
        log_say(LOG_INFO, "made a certificate for TLS: %s",
                certificates.all->certificate);
    struct tls_context *context = show(&certificates, error, size);
    if (!context ||
        certificates_note(&certificates, identity->state, error, size))
        return context;
    tls_context_free(context);
    return NULL;
}

bool identity_rehearse(const struct config *config, char *error, size_t size) {
    struct certificates certificates;
    if (!certificates_named(&certificates, config, error, size)) return false;
    if (certificates.count == 0) return true;
    struct tls_context *context = show(&certificates, error, size);
    tls_context_free(context);
    return context;
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

bool identity_reload(struct identity *identity, char *error, size_t size) {
    if (!identity->in_force || !*identity->in_force) return true;
    struct tls_context *fresh = load(identity, error, size);
    if (!fresh) return false;
    tls_context_free(*identity->in_force);
    *identity->in_force = fresh;
    return true;
}

void identity_end(struct identity *identity) {
    uv_close((uv_handle_t *)&identity->turn, NULL);
}

void identity_close(struct identity *identity) {
    if (!identity->in_force) return;
    tls_context_free(*identity->in_force);
    *identity->in_force = NULL;
}
