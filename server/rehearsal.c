#include "server/rehearsal.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/identity.h"
#include "server/motd.h"
#include "server/privileges.h"

static bool has_motd(const struct config *config, char *error, size_t size) {
    if (!*config->motd) return true;
    char *motd = motd_read(config->motd, error, size);
    bool is_there = motd != NULL;
    free(motd);
    return is_there;
}

bool rehearsal_pass(const struct config *config, char *error, size_t size) {
    struct service_user user;
    return privileges_choose(&user, config->user, error, size) &&
           identity_rehearse(config, error, size) &&
           has_motd(config, error, size);
}

void rehearsal_doubt(const struct config *config,
                     void (*tell)(const char *words)) {
    char words[256];
    snprintf(words, sizeof words,
             "[auth] gateway: there is no user %s here: nobody comes in by an "
             "ssh key before it is made",
             config->gateway);
    if (*config->gateway && !getpwnam(config->gateway)) tell(words);
    if (config->sts > 0 && config->certificates == 0)
        tell("[tls] sts: without a certificate that systems trust, programs "
             "that are told so do not come in any more; set one, or 0");
}
