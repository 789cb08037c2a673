#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "protocol/timestamp.h"
#include "server/ctl.h"
#include "server/ctl_audit.h"
#include "server/door.h"
#include "server/issued.h"
#include "server/unix_users.h"

enum {
    USUAL_DAYS = 90,
    MOST_DAYS = 36500,
    TOKEN_SIZE = PASETO_TOKEN_MAX + 1,
};

#define DAY_MS INT64_C(86400000)

struct verdict {
    const char *word, *sentence;
};

static const struct verdict verdicts[REFUSALS] = {
    [REFUSED_NOTHING] = {"good", "it lets in"},
    [NOT_A_TOKEN] = {"not-a-token", "this is not a v4.public token"},
    [TOKEN_KEY_UNKNOWN] = {"unknown-key", "none of the keys here signed it"},
    [TOKEN_FORGED] = {"forged", "its signature is wrong"},
    [TOKEN_EXPIRED] = {"expired", "its time is over"},
    [TOKEN_NOT_YET] = {"not-yet", "its time has not come"},
    [TOKEN_REVOKED] = {"revoked", "it, its account's or its key's tokens were "
                                  "revoked"},
    [TOKEN_FOR_OTHER_NETWORK] = {"other-network", "it is for another network"},
    [TOKEN_BEYOND_KEY] = {"beyond-key", "its key is not for that account or "
                                        "that role; see key list"},
    [TOKEN_CLAIMS_WRONG] = {"wrong-claims", "what it says cannot be used"},
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Opens what the server would judge by; NULL with a sentence. */
static struct door *open_door(struct ctl *ctl) {
    struct door *door =
        door_open(&ctl->state, ctl->network, ctl->error, CTL_ERROR_SIZE);
    if (!door) return NULL;
    const struct key *key = keyring_issuer(door_keyring(door));
    if (door_made_key(door) && key)
        ctl_tell_first_key(ctl, key->name, key->kid);
    if (*door_fault(door))
        fprintf(stderr, "minichatctl: %s\n", door_fault(door));
    return door;
}

/* Issuing. */

struct order {
    struct claims claims;
    const char *key;
    bool has_time;
};

static int set_days(struct ctl *ctl, struct order *order, const char *value) {
    uint64_t days;
    if (order->has_time)
        return ctl_fail(ctl, "--days and --expires: one of them, once");
    if (!text_number(text_of(value), &days) || days < 1 || days > MOST_DAYS)
        return ctl_fail(ctl, "--days: expected a number from 1 to %d",
                        MOST_DAYS);
    order->claims.expires = now_ms() + (int64_t)days * DAY_MS;
    order->has_time = true;
    return CTL_FINE;
}

static int set_expires(struct ctl *ctl, struct order *order,
                       const char *value) {
    if (order->has_time)
        return ctl_fail(ctl, "--days and --expires: one of them, once");
    if (!timestamp_read(text_of(value), &order->claims.expires))
        return ctl_fail(ctl, "--expires: expected a time such as "
                             "2026-08-01T12:00:00Z (RFC 3339)");
    if (order->claims.expires <= now_ms())
        return ctl_fail(ctl, "--expires: that time is over");
    order->has_time = true;
    return CTL_FINE;
}

static int set_role(struct ctl *ctl, struct order *order, const char *value) {
    order->claims.role_said = true;
    if (claims_role_of(text_of(value), &order->claims.role)) return CTL_FINE;
    return ctl_fail(ctl, "--role: expected admin, mod, user or guest");
}

static int add_room(struct ctl *ctl, struct order *order, const char *value) {
    struct claims *claims = &order->claims;
    if (!room_valid(text_of(value)))
        return ctl_fail(ctl, "--room: %.64s cannot be the name of a room",
                        value);
    if (claims->rooms_count == CLAIMS_ROOMS_MAX)
        return ctl_fail(ctl, "--room: a token is for at most %d rooms",
                        CLAIMS_ROOMS_MAX);
    text_copy(text_of(value), claims->rooms[claims->rooms_count++], ROOM_SIZE);
    return CTL_FINE;
}

static int set_key(struct ctl *ctl, struct order *order, const char *value) {
    (void)ctl;
    order->key = value;
    return CTL_FINE;
}

static int set_account(struct ctl *ctl, struct order *order,
                       const char *value) {
    if (*order->claims.subject) return CTL_USAGE;
    if (!name_valid(text_of(value)))
        return ctl_fail(ctl,
                        "%.64s cannot be the name of an account: letters, "
                        "digits and -_.[]\\`^{}|, not a digit, - or . first, "
                        "at most 32",
                        value);
    text_copy(text_of(value), order->claims.subject, NAME_SIZE);
    return CTL_FINE;
}

static const struct {
    const char *name;
    int (*set)(struct ctl *ctl, struct order *order, const char *value);
} issue_options[] = {
    {"--days", set_days}, {"--expires", set_expires}, {"--role", set_role},
    {"--room", add_room}, {"--key", set_key},
};

enum { ISSUE_OPTIONS = sizeof issue_options / sizeof issue_options[0] };

static int take_word(struct ctl *ctl, struct order *order, char ***words) {
    const char *value;
    for (size_t i = 0; i < ISSUE_OPTIONS; i++) {
        if (!ctl_option(words, issue_options[i].name, &value)) continue;
        return value ? issue_options[i].set(ctl, order, value) : CTL_USAGE;
    }
    if (!ctl_is_plain(**words)) return CTL_USAGE;
    return set_account(ctl, order, *(*words)++);
}

static int take_order(struct ctl *ctl, struct order *order, char **words) {
    *order = (struct order){
        .claims = claims_for(text_of(""), now_ms() + USUAL_DAYS * DAY_MS)};
    while (*words) {
        int result = take_word(ctl, order, &words);
        if (result != CTL_FINE) return result;
    }
    return *order->claims.subject ? CTL_FINE : CTL_USAGE;
}

static void print_issued(const struct ctl *ctl, const struct issue *issue,
                         const char *token) {
    const struct claims *claims = &issue->claims;
    char expires[TIMESTAMP_SIZE];
    if (!ctl->json) {
        puts(token);
        return;
    }
    timestamp_write_seconds(claims->expires, expires);
    json_t *answer = json_pack("{ss ss ss ss ss}", "token", token, "account",
                               claims->subject, "id", claims->id, "expires",
                               expires, "key", issue->key->name);
    json_dumpf(answer, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(answer);
}

static void name_maker(char by[ISSUED_BY_SIZE]) {
    char user[NAME_SIZE];
    if (!unix_users_name(getuid(), user)) user[0] = '\0';
    snprintf(by, ISSUED_BY_SIZE, "minichatctl:%s", user);
}

static int issue(struct ctl *ctl, struct door *door,
                 const struct order *order) {
    struct keyring *ring = door_keyring(door);
    char token[TOKEN_SIZE], words[ISSUED_LINE_SIZE];
    struct writer writer = writer_on(token, sizeof token - 1);
    struct issue wanted = {
        .claims = order->claims, .network = ctl->network, .now = now_ms()};
    wanted.key = order->key ? keyring_find(ring, text_of(order->key))
                            : keyring_issuer(ring);
    if (!wanted.key) return ctl_fail(ctl, "there is no key %s", order->key);
    name_maker(wanted.by);
    if (!issued_sign(ring, &wanted, &writer, ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    token[writer.length] = '\0';
    issued_sum_up(&wanted.claims, words);
    ctl_audit_note(ctl, "token-issue", wanted.claims.id, words);
    print_issued(ctl, &wanted, token);
    return CTL_FINE;
}

int ctl_token_issue(struct ctl *ctl, char **words) {
    struct order order;
    int result = take_order(ctl, &order, words);
    if (result != CTL_FINE) return result;
    struct door *door = open_door(ctl);
    if (!door) return CTL_FAILED;
    result = issue(ctl, door, &order);
    door_close(door);
    return result;
}

/* Inspecting. */

/* What is printed: a list of names and what they say. */
static json_t *rooms_of(const struct claims *claims) {
    json_t *rooms = json_array();
    for (size_t i = 0; i < claims->rooms_count; i++)
        json_array_append_new(rooms, json_string(claims->rooms[i]));
    return rooms;
}

static void tell(json_t *about, const char *name, const char *value) {
    if (*value) json_object_set_new(about, name, json_string(value));
}

static void tell_time(json_t *about, const char *name, int64_t ms) {
    char written[TIMESTAMP_SIZE];
    if (ms == CLAIMS_NO_TIME) return;
    timestamp_write_seconds(ms, written);
    tell(about, name, written);
}

static void tell_claims(json_t *about, const struct claims *claims) {
    tell(about, "account", claims->subject);
    tell_time(about, "expires", claims->expires);
    tell_time(about, "not-before", claims->not_before);
    tell_time(about, "issued", claims->issued);
    tell(about, "id", claims->id);
    tell(about, "role", claims_role_word(claims->role));
    if (claims->rooms_count)
        json_object_set_new(about, "rooms", rooms_of(claims));
    tell(about, "issuer", claims->issuer);
    tell(about, "audience", claims->audience);
}

static json_t *describe(const struct ctl *ctl,
                        const struct inspection *inspection) {
    const struct verdict *verdict = &verdicts[inspection->refusal];
    json_t *about = json_object();
    if (inspection->readable) tell_claims(about, &inspection->claims);
    if (inspection->key) {
        tell(about, "key", inspection->key->name);
        tell(about, "kid", inspection->key->kid);
    }
    tell(about, "network", ctl->network);
    json_object_set_new(about, "verified", json_boolean(inspection->verified));
    tell(about, "verdict", verdict->word);
    tell(about, "because", verdict->sentence);
    if (inspection->fault.claim) {
        tell(about, "claim", inspection->fault.claim);
        tell(about, "fault", inspection->fault.words);
    }
    return about;
}

static void print_line(const char *name, const json_t *value) {
    const json_t *item;
    printf("%-11s", name);
    if (json_is_string(value)) printf(" %s", json_string_value(value));
    if (json_is_boolean(value)) printf(json_is_true(value) ? " yes" : " no");
    for (size_t i = 0; (item = json_array_get(value, i)); i++)
        printf(" %s", json_string_value(item));
    putchar('\n');
}

static void print_about(const struct ctl *ctl, json_t *about) {
    if (ctl->json) {
        json_dumpf(about, stdout, JSON_INDENT(2));
        putchar('\n');
    } else {
        for (void *at = json_object_iter(about); at;
             at = json_object_iter_next(about, at))
            print_line(json_object_iter_key(at), json_object_iter_value(at));
    }
    json_decref(about);
}

int ctl_token_inspect(struct ctl *ctl, char **words) {
    char typed[TOKEN_SIZE + 64];
    struct inspection inspection;
    if (words[0] && words[1]) return CTL_USAGE;
    const char *token = words[0];
    if (!token || strcmp(token, "-") == 0) {
        if (!ctl_read_word(typed, sizeof typed))
            return ctl_fail(ctl, "standard input: expected one token");
        token = typed;
    }
    struct door *door = open_door(ctl);
    if (!door) return CTL_FAILED;
    door_inspect(door, text_of(token), now_ms(), &inspection);
    print_about(ctl, describe(ctl, &inspection));
    door_close(door);
    return inspection.refusal ? CTL_FAILED : CTL_FINE;
}

/* Revoking. */

static int revoke_id(struct ctl *ctl, struct door *door, const char *id) {
    if (!issued_revoke(door_keyring(door), id, now_ms(), ctl->error,
                       CTL_ERROR_SIZE))
        return CTL_FAILED;
    ctl_audit_note(ctl, "token-revoke", id, "");
    printf("revoked the token %s\n", id);
    return CTL_FINE;
}

/* Others' tokens have ids, too; but it may be mistyped. */
static int revoke_named(struct ctl *ctl, struct door *door, const char *id) {
    int result = revoke_id(ctl, door, id);
    if (result == CTL_FINE) ctl_tell_unissued(ctl, id, NULL);
    return result;
}

static int revoke_token(struct ctl *ctl, struct door *door, const char *token) {
    struct inspection inspection;
    door_inspect(door, text_of(token), now_ms(), &inspection);
    if (!inspection.verified || !inspection.readable)
        return ctl_fail(ctl, "nothing to revoke: %s",
                        verdicts[inspection.refusal].sentence);
    if (!*inspection.claims.id)
        return ctl_fail(ctl,
                        "that token has no id: revoke its account's with "
                        "--account %s",
                        inspection.claims.subject);
    return revoke_id(ctl, door, inspection.claims.id);
}

static int revoke_account(struct ctl *ctl, struct door *door,
                          const char *account, const char *before) {
    struct keyring *ring = door_keyring(door);
    int64_t now = now_ms(), moment = now;
    if (!name_valid(text_of(account)))
        return ctl_fail(ctl, "%.64s cannot be the name of an account", account);
    if (before && !timestamp_read(text_of(before), &moment))
        return ctl_fail(ctl, "--before: expected a time such as "
                             "2026-08-01T12:00:00Z (RFC 3339)");
    bool fine = before ? keyring_revoke_before(ring, account, moment, now,
                                               ctl->error, CTL_ERROR_SIZE)
                       : keyring_revoke_account(ring, account, now, ctl->error,
                                                CTL_ERROR_SIZE);
    if (!fine) return CTL_FAILED;
    ctl_audit_note(ctl, "token-revoke", account, "all of it");
    printf("revoked the tokens of %s\n", account);
    ctl_tell_unissued(ctl, NULL, account);
    return CTL_FINE;
}

int ctl_token_revoke(struct ctl *ctl, char **words) {
    const char *account = NULL, *before = NULL, *token = NULL, *value;
    while (*words) {
        if (ctl_option(&words, "--account", &value))
            account = value;
        else if (ctl_option(&words, "--before", &value))
            before = value;
        else if (ctl_is_plain(*words) && !token)
            value = token = *words++;
        else
            return CTL_USAGE;
        if (!value) return CTL_USAGE;
    }
    if (!account == !token || (before && !account)) return CTL_USAGE;

    struct door *door = open_door(ctl);
    if (!door) return CTL_FAILED;
    int result = account ? revoke_account(ctl, door, account, before)
                 : text_begins(text_of(token), "v4.")
                     ? revoke_token(ctl, door, token)
                     : revoke_named(ctl, door, token);
    door_close(door);
    return result;
}
