#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/timestamp.h"
#include "server/ctl.h"
#include "server/ctl_audit.h"
#include "server/keyring.h"

static const char *const standing_words[] = {
    [KEY_RETIRED] = "retired",
    [KEY_TRUSTED] = "trusted",
    [KEY_ISSUER] = "issuer",
};

/* Which of the issuers signs now is said too. */
static const char *standing_of(const struct keyring *ring,
                               const struct key *key) {
    return key == keyring_issuer(ring) ? "signing"
                                       : standing_words[key->standing];
}

/* Its memory is freed with close_ring. */
static struct keyring *open_ring(struct ctl *ctl) {
    struct keyring *ring = memory_new(1, sizeof *ring);
    if (!keyring_open(ring, &ctl->state, ctl->error, CTL_ERROR_SIZE)) {
        free(ring);
        return NULL;
    }
    if (*ring->fault) fprintf(stderr, "minichatctl: %s\n", ring->fault);
    return ring;
}

static int close_ring(struct keyring *ring, int result) {
    keyring_close(ring);
    free(ring);
    return result;
}

static void print_json(json_t *value) {
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
}

static const char *accounts_of(const struct key *key) {
    return *key->limits.accounts ? key->limits.accounts : "every account";
}

static json_t *describe(const struct keyring *ring, const struct key *key) {
    char written[PASERK_PUBLIC_SIZE], since[TIMESTAMP_SIZE];
    paserk_write_public(&key->key, written);
    timestamp_write_seconds(key->since, since);
    json_t *about = json_pack("{ss ss ss ss ss ss}", "name", key->name, "kid",
                              key->kid, "standing", standing_of(ring, key),
                              "since", since, "pid", key->pid, "key", written);
    if (key->standing != KEY_TRUSTED) return about;
    json_object_set_new(
        about, "accounts",
        json_string(*key->limits.accounts ? key->limits.accounts : "*"));
    json_object_set_new(about, "role-max",
                        json_string(claims_role_word(key->limits.most)));
    return about;
}

static void print_key(const struct keyring *ring, const struct key *key) {
    char written[PASERK_PUBLIC_SIZE], since[TIMESTAMP_SIZE];
    paserk_write_public(&key->key, written);
    timestamp_write_seconds(key->since, since);
    printf("%-16s %s  %-8s %.10s  %s", key->name, key->kid,
           standing_of(ring, key), since, written);
    if (key->standing == KEY_TRUSTED)
        printf("  for %s, as %s at most", accounts_of(key),
               claims_role_word(key->limits.most));
    putchar('\n');
}

static int answer(const struct ctl *ctl, const struct keyring *ring,
                  const struct key *key) {
    char written[PASERK_PUBLIC_SIZE];
    paserk_write_public(&key->key, written);
    if (ctl->json)
        print_json(describe(ring, key));
    else
        puts(written);
    return CTL_FINE;
}

int ctl_key_generate(struct ctl *ctl, char **words) {
    if (words[0] && (words[1] || !ctl_is_plain(words[0]))) return CTL_USAGE;
    struct keyring *ring = open_ring(ctl);
    if (!ring) return CTL_FAILED;
    const struct key *key =
        keyring_generate(ring, words[0], ctl->error, CTL_ERROR_SIZE);
    if (key) ctl_audit_note(ctl, "key-generate", key->name, key->kid);
    return close_ring(ring, key ? answer(ctl, ring, key) : CTL_FAILED);
}

static json_t *describe_all(const struct keyring *ring) {
    json_t *list = json_array();
    for (size_t i = 0; i < ring->count; i++)
        json_array_append_new(list, describe(ring, &ring->keys[i]));
    return list;
}

int ctl_key_list(struct ctl *ctl, char **words) {
    if (words[0]) return CTL_USAGE;
    struct keyring *ring = open_ring(ctl);
    if (!ring) return CTL_FAILED;
    if (ctl->json) print_json(describe_all(ring));
    for (size_t i = 0; !ctl->json && i < ring->count; i++)
        print_key(ring, &ring->keys[i]);
    return close_ring(ring, CTL_FINE);
}

struct trust {
    const char *name, *written;
    struct key_limits limits;
};

static int set_accounts(struct ctl *ctl, struct trust *trust,
                        const char *value) {
    if (key_limits_set_accounts(&trust->limits, text_of(value)))
        return CTL_FINE;
    return ctl_fail(ctl, "--accounts: expected patterns of names such as "
                         "'bot-*,ci-?'");
}

static int set_role(struct ctl *ctl, struct trust *trust, const char *value) {
    if (claims_role_of(text_of(value), &trust->limits.most)) return CTL_FINE;
    return ctl_fail(ctl, "--role-max: expected admin, mod, user or guest");
}

static int take_trust(struct ctl *ctl, struct trust *trust, char **words) {
    const char *value;
    int result = CTL_FINE;
    *trust = (struct trust){.limits = {.most = ROLE_USER}};
    while (*words && result == CTL_FINE) {
        if (ctl_option(&words, "--accounts", &value))
            result = value ? set_accounts(ctl, trust, value) : CTL_USAGE;
        else if (ctl_option(&words, "--role-max", &value))
            result = value ? set_role(ctl, trust, value) : CTL_USAGE;
        else if (!ctl_is_plain(*words) || trust->written)
            result = CTL_USAGE;
        else if (!trust->name)
            trust->name = *words++;
        else
            trust->written = *words++;
    }
    return result == CTL_FINE && !trust->written ? CTL_USAGE : result;
}

int ctl_key_trust(struct ctl *ctl, char **words) {
    struct paseto_public public;
    struct trust trust;
    char typed[PASERK_PUBLIC_SIZE + 32];
    int result = take_trust(ctl, &trust, words);
    if (result != CTL_FINE) return result;
    const char *written = trust.written;
    if (strcmp(written, "-") == 0) {
        if (!ctl_read_word(typed, sizeof typed))
            return ctl_fail(ctl, "standard input: expected one k4.public key");
        written = typed;
    }
    if (!paserk_read_public(text_of(written), &public))
        return ctl_fail(ctl, "%.64s is not a k4.public key", written);

    struct keyring *ring = open_ring(ctl);
    if (!ring) return CTL_FAILED;
    const struct key *key = keyring_trust(
        ring, trust.name, &public, &trust.limits, ctl->error, CTL_ERROR_SIZE);
    if (key) ctl_audit_note(ctl, "key-trust", key->name, accounts_of(key));
    if (key && ctl->json)
        answer(ctl, ring, key);
    else if (key)
        printf("trusting %s (%s) for %s, as %s at most\n", key->name, key->kid,
               accounts_of(key), claims_role_word(key->limits.most));
    return close_ring(ring, key ? CTL_FINE : CTL_FAILED);
}

static int retire(struct ctl *ctl, struct keyring *ring, const char *name) {
    const struct key *key = keyring_find(ring, text_of(name));
    if (!key) return ctl_fail(ctl, "there is no key %s", name);
    struct text known = text_of(key->name);
    char kept[KEYRING_NAME_SIZE];
    text_copy(known, kept, sizeof kept);
    if (!keyring_retire(ring, key, ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    ctl_audit_note(ctl, "key-retire", kept, "");
    key = keyring_find(ring, text_of(kept));
    if (key && ctl->json)
        answer(ctl, ring, key);
    else
        printf("retired %s: its tokens are refused\n", kept);
    return CTL_FINE;
}

int ctl_key_retire(struct ctl *ctl, char **words) {
    if (!words[0] || words[1] || !ctl_is_plain(words[0])) return CTL_USAGE;
    struct keyring *ring = open_ring(ctl);
    if (!ring) return CTL_FAILED;
    return close_ring(ring, retire(ctl, ring, words[0]));
}
