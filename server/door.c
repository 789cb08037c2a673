#include "server/door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "server/issued.h"
#include "server/keyring.h"
#include "server/ssh_keys.h"
#include "server/unix_users.h"

enum { ASSERTION_SIZE = CLAIMS_STRING_SIZE + 16 };

struct door {
    struct keyring keyring;
    struct unix_users unix_users;
    struct roll_index ssh_keys, certificates, issued;
    struct paseto_public nobodys; /* stands in for an unknown key */
    char network[NETWORK_SIZE];
    bool made_key;
};

/* Whose signature it is, and for which network. */
struct signature {
    const struct key *key; /* that signed, or else may have; NULL: unknown */
    bool here, elsewhere;
};

static const enum powers powers_of[ROLES] = {
    [ROLE_GUEST] = POWERS_GUEST,
    [ROLE_USER] = POWERS_USER,
    [ROLE_MOD] = POWERS_MOD,
    [ROLE_ADMIN] = POWERS_ADMIN,
};

struct door *door_open(const struct state *state, const char *network,
                       char *error, size_t size) {
    struct door *door = memory_new(1, sizeof *door);
    struct paseto_secret secret;
    unix_users_init(&door->unix_users, "/etc/passwd", "/etc/nsswitch.conf");
    door->ssh_keys = ssh_keys_index();
    door->certificates = client_certificates_index();
    door->issued = issued_index();
    snprintf(door->network, sizeof door->network, "%s", network);
    if (!keyring_open(&door->keyring, state, error, size) ||
        !keyring_provide(&door->keyring, &door->made_key, error, size)) {
        door_close(door);
        return NULL;
    }
    paseto_generate(&secret);
    door->nobodys = paseto_public_half(&secret);
    paseto_forget(&secret);
    return door;
}

void door_close(struct door *door) {
    if (!door) return;
    keyring_close(&door->keyring);
    unix_users_finish(&door->unix_users);
    roll_index_finish(&door->ssh_keys);
    roll_index_finish(&door->certificates);
    roll_index_finish(&door->issued);
    free(door);
}

bool door_made_key(const struct door *door) {
    return door->made_key;
}

struct keyring *door_keyring(struct door *door) {
    return &door->keyring;
}

const char *door_fault(const struct door *door) {
    return door->keyring.fault;
}

/* What another network would have had signed. */
static void other_assertion(const struct door *door,
                            const struct claims *claims,
                            struct writer *writer) {
    bool usual = strcmp(door->network, "minichat") == 0;
    if (*claims->audience)
        keyring_assertion(claims->audience, writer);
    else if (!usual)
        keyring_assertion("minichat", writer);
}

/* Both are computed, always: `here` must not spare the second. */
static void try_key(const struct paseto *paseto,
                    const struct paseto_public *key, struct text here,
                    struct text elsewhere, struct signature *found) {
    bool is_here = paseto_verify(paseto, key, here);
    bool is_elsewhere = paseto_verify(paseto, key, elsewhere);
    found->here = is_here;
    found->elsewhere = is_elsewhere;
}

static struct signature verify(struct door *door, const struct paseto *paseto,
                               const struct claims *claims) {
    char first[ASSERTION_SIZE], second[ASSERTION_SIZE];
    struct writer here = writer_on(first, sizeof first);
    struct writer elsewhere = writer_on(second, sizeof second);
    const struct key *candidates[KEYRING_TRIES];
    struct signature result = {NULL}, one = {NULL};
    keyring_assertion(door->network, &here);
    other_assertion(door, claims, &elsewhere);
    size_t count =
        keyring_candidates(&door->keyring, paseto_footer(paseto), candidates);
    if (!count)
        try_key(paseto, &door->nobodys, writer_text(&here),
                writer_text(&elsewhere), &one);
    for (size_t i = 0; i < count; i++) {
        try_key(paseto, &candidates[i]->key, writer_text(&here),
                writer_text(&elsewhere), &one);
        one.key = candidates[i];
        if (!result.key || one.here || one.elsewhere) result = one;
    }
    return result;
}

/* In the order in which things can be believed: the key, the signature, the
 * network, what the claims say. */
static enum refusal judge(const struct door *door,
                          const struct signature *signature,
                          const struct inspection *inspection, int64_t now) {
    const struct claims *claims = &inspection->claims;
    if (!signature->key) return TOKEN_KEY_UNKNOWN;
    if (!signature->here)
        return signature->elsewhere ? TOKEN_FOR_OTHER_NETWORK : TOKEN_FORGED;
    if (!inspection->readable) return TOKEN_CLAIMS_WRONG;
    if (*claims->audience && strcmp(claims->audience, door->network) != 0)
        return TOKEN_FOR_OTHER_NETWORK;
    if (!keyring_allows(signature->key, claims->subject, claims->role))
        return TOKEN_BEYOND_KEY;
    if (keyring_revokes(&door->keyring, signature->key, claims))
        return TOKEN_REVOKED;
    if (now >= claims->expires) return TOKEN_EXPIRED;
    if (now + DOOR_SKEW_MS < claims->not_before) return TOKEN_NOT_YET;
    if (now + DOOR_SKEW_MS < claims->issued) return TOKEN_NOT_YET;
    return REFUSED_NOTHING;
}

void door_inspect(struct door *door, struct text token, int64_t now,
                  struct inspection *inspection) {
    struct paseto paseto;
    *inspection = (struct inspection){.refusal = NOT_A_TOKEN};
    if (!paseto_read(token, &paseto)) return;
    keyring_refresh(&door->keyring);
    inspection->readable = claims_read(paseto_payload(&paseto),
                                       &inspection->claims, &inspection->fault);
    struct signature signature = verify(door, &paseto, &inspection->claims);
    inspection->key = signature.key;
    inspection->verified = signature.here || signature.elsewhere;
    inspection->refusal = judge(door, &signature, inspection, now);
}

enum refusal door_admit_token(struct door *door, struct text token, int64_t now,
                              struct admission *admission) {
    struct inspection inspection;
    const struct claims *claims = &inspection.claims;
    *admission = (struct admission){.powers = POWERS_GUEST};
    door_inspect(door, token, now, &inspection);
    if (inspection.refusal) return inspection.refusal;

    memcpy(admission->account, claims->subject, sizeof admission->account);
    memcpy(admission->token_key, inspection.key->pid,
           sizeof admission->token_key);
    memcpy(admission->jti, claims->id, sizeof admission->jti);
    admission->issued = claims->issued;
    memcpy(admission->rooms, claims->rooms, sizeof admission->rooms);
    admission->rooms_count = claims->rooms_count;
    admission->expires = claims->expires;
    admission->role = claims->role;
    admission->powers = powers_of[claims->role];
    admission->is_bound =
        claims->rooms_count || claims->role_said ||
        !keyring_allows(inspection.key, claims->subject, ROLE_ADMIN);
    return REFUSED_NOTHING;
}

static void refresh_rolls(struct door *door) {
    roll_index_refresh(&door->ssh_keys, &door->keyring.state);
    roll_index_refresh(&door->certificates, &door->keyring.state);
}

void door_refresh(struct door *door) {
    keyring_refresh(&door->keyring);
    refresh_rolls(door);
}

static bool is_theirs(const struct holding *found, const char *account) {
    return found && name_equals(text_of(found->account), text_of(account));
}

static bool has_certificate(const struct door *door,
                            const struct admission *admission) {
    return is_theirs(
        roll_index_find(&door->certificates, text_of(admission->certificate)),
        admission->account);
}

static bool has_ssh_key(const struct door *door,
                        const struct admission *admission) {
    return is_theirs(
        roll_index_find(&door->ssh_keys, text_of(admission->ssh_key)),
        admission->account);
}

enum refusal door_recheck(const struct door *door,
                          const struct admission *admission, int64_t now) {
    struct claims claims =
        claims_for(text_of(admission->account), admission->expires);
    if (*admission->certificate && !has_certificate(door, admission))
        return CERTIFICATE_UNKNOWN;
    if (*admission->ssh_key && !has_ssh_key(door, admission))
        return SSH_KEY_UNKNOWN;
    if (!*admission->token_key) return REFUSED_NOTHING;
    memcpy(claims.id, admission->jti, sizeof claims.id);
    claims.issued = admission->issued;
    const struct key *key =
        keyring_find(&door->keyring, text_of(admission->token_key));
    if (!key) return TOKEN_KEY_UNKNOWN;
    if (!keyring_allows(key, admission->account, admission->role))
        return TOKEN_BEYOND_KEY;
    if (keyring_revokes(&door->keyring, key, &claims)) return TOKEN_REVOKED;
    return now >= claims.expires ? TOKEN_EXPIRED : REFUSED_NOTHING;
}

enum refusal door_admit_unix(struct door *door, uid_t uid,
                             struct admission *admission) {
    uid_t owner;
    *admission = (struct admission){.powers = POWERS_USER};
    if (uid == DOOR_NOBODY) return UNIX_USER_UNKNOWN;
    if (!unix_users_name(uid, admission->account)) return UNIX_USER_UNKNOWN;
    if (!name_valid(text_of(admission->account))) return NAME_WRONG;
    if (unix_users_owner(&door->unix_users, text_of(admission->account),
                         &owner) &&
        owner != uid)
        return NAME_TAKEN;
    if (uid == 0 || uid == geteuid()) admission->powers = POWERS_ADMIN;
    return REFUSED_NOTHING;
}

bool door_is_gateway(struct door *door, const char *gateway, uid_t uid) {
    uid_t owner;
    if (!*gateway || uid == DOOR_NOBODY || uid == 0 || uid == geteuid())
        return false;
    return unix_users_owner(&door->unix_users, text_of(gateway), &owner) &&
           owner == uid;
}

enum refusal door_admit_gateway(struct door *door, struct text words,
                                struct admission *admission) {
    struct text account = text_word(&words);
    *admission = (struct admission){.powers = POWERS_USER};
    if (words.length && !ssh_fingerprint_valid(words)) return SSH_KEY_UNKNOWN;
    roll_index_refresh(&door->ssh_keys, &door->keyring.state);
    const struct holding *found = words.length
                                      ? roll_index_find(&door->ssh_keys, words)
                                      : roll_index_of(&door->ssh_keys, account);
    if (!found || !name_equals(text_of(found->account), account))
        return SSH_KEY_UNKNOWN;
    memcpy(admission->account, found->account, sizeof admission->account);
    memcpy(admission->ssh_key, found->word, sizeof admission->ssh_key);
    return REFUSED_NOTHING;
}

enum refusal door_admit_certificate(struct door *door, const char *certificate,
                                    const char *key,
                                    struct admission *admission) {
    roll_index_refresh(&door->certificates, &door->keyring.state);
    const struct holding *found =
        roll_index_find(&door->certificates, text_of(certificate));
    if (!found) found = roll_index_find(&door->certificates, text_of(key));
    *admission = (struct admission){.powers = POWERS_USER};
    if (!found) return CERTIFICATE_UNKNOWN;
    memcpy(admission->account, found->account, sizeof admission->account);
    memcpy(admission->certificate, found->word, sizeof admission->certificate);
    return REFUSED_NOTHING;
}

/* Somebody was issued a token for it, or may be by another's key. */
static bool is_issued(const struct door *door, struct text name) {
    char account[NAME_SIZE];
    if (!text_copy(name, account, sizeof account)) return false;
    if (keyring_names(&door->keyring, account)) return true;
    for (char *at = account; *at; at++)
        *at = name_fold(*at);
    return roll_index_find(&door->issued, text_of(account));
}

bool door_reserves(struct door *door, struct text name) {
    uid_t owner;
    door_refresh(door);
    roll_index_refresh(&door->issued, &door->keyring.state);
    return unix_users_owner(&door->unix_users, name, &owner) ||
           roll_index_of(&door->ssh_keys, name) ||
           roll_index_of(&door->certificates, name) || is_issued(door, name);
}
