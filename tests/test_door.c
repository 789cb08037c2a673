/* Who is let in, who is not and why; and that no answer comes sooner. */
#include "server/door.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "server/keyring.h"
#include "server/unix_users.h"
#include "tests/scratch.h"

#define NOW INT64_C(1785585600000)
#define HOUR INT64_C(3600000)

static const struct key_limits anything = {.most = ROLE_ADMIN};

struct fixture {
    struct state state;
    struct door *door;
    struct paseto_secret foreign; /* trusted under the name "other" */
    char error[KEYRING_FAULT_SIZE];
    char token[PASETO_TOKEN_MAX];
    struct writer writer;
};

static void trust(struct fixture *f, const char *name,
                  const struct paseto_secret *secret) {
    struct paseto_public key = paseto_public_half(secret);
    assert_non_null(keyring_trust(door_keyring(f->door), name, &key, &anything,
                                  f->error, sizeof f->error));
}

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    scratch_make(&f->state);
    f->door = door_open(&f->state, "here", f->error, sizeof f->error);
    assert_non_null(f->door);
    assert_true(door_made_key(f->door));
    paseto_generate(&f->foreign);
    trust(f, "other", &f->foreign);
    *state = f;
    return 0;
}

static int end(void **state) {
    struct fixture *f = *state;
    door_close(f->door);
    scratch_remove(&f->state);
    free(f);
    return 0;
}

static struct claims ada(void) {
    return claims_for(text_of("ada"), NOW + HOUR);
}

/* A token as minichatctl makes it. */
static struct text issue(struct fixture *f, struct claims claims,
                         const char *network) {
    const struct keyring *ring = door_keyring(f->door);
    f->writer = writer_on(f->token, sizeof f->token);
    if (!keyring_sign(ring, keyring_issuer(ring), &claims, network, NOW,
                      &f->writer, f->error, sizeof f->error))
        fail_msg("%s", f->error);
    return writer_text(&f->writer);
}

/* A token as somebody else's program makes it. */
static struct text forge(struct fixture *f, const struct paseto_secret *key,
                         const char *payload, const char *footer,
                         const char *implicit) {
    f->writer = writer_on(f->token, sizeof f->token);
    assert_true(paseto_sign(key, text_of(payload), text_of(footer),
                            text_of(implicit), &f->writer));
    return writer_text(&f->writer);
}

static enum refusal at(struct fixture *f, struct text token, int64_t now) {
    struct admission admission;
    return door_admit_token(f->door, token, now, &admission);
}

static void gives(struct fixture *f, struct text token, enum refusal expected) {
    assert_int_equal(at(f, token, NOW), expected);
}

#define GOOD "{\"sub\":\"ada\",\"exp\":\"2026-08-01T13:00:00Z\"}"

static void a_token_lets_in_as_it_says(void **state) {
    struct fixture *f = *state;
    struct claims claims = ada();
    struct admission admission;
    claims.role = ROLE_MOD;
    claims.rooms_count = 1;
    snprintf(claims.rooms[0], ROOM_SIZE, "#dev");
    struct text token = issue(f, claims, "here");
    assert_int_equal(door_admit_token(f->door, token, NOW, &admission),
                     REFUSED_NOTHING);
    assert_string_equal(admission.account, "ada");
    assert_int_equal(admission.powers, POWERS_MOD);
    assert_int_equal(admission.expires, NOW + HOUR);
    assert_int_equal(strlen(admission.jti), 12);
    assert_int_equal(admission.rooms_count, 1);
    assert_string_equal(admission.rooms[0], "#dev");
}

static void each_role_has_its_powers(void **state) {
    static const enum powers expected[ROLES] = {
        [ROLE_GUEST] = POWERS_GUEST,
        [ROLE_USER] = POWERS_USER,
        [ROLE_MOD] = POWERS_MOD,
        [ROLE_ADMIN] = POWERS_ADMIN,
    };
    struct fixture *f = *state;
    for (int role = 0; role < ROLES; role++) {
        struct admission admission;
        struct claims claims = ada();
        claims.role = (enum role)role;
        door_admit_token(f->door, issue(f, claims, "here"), NOW, &admission);
        assert_int_equal(admission.powers, expected[role]);
    }
}

static void who_is_refused_gets_nothing(void **state) {
    struct fixture *f = *state;
    struct claims claims = ada();
    struct admission admission;
    claims.role = ROLE_ADMIN;
    memset(&admission, 'x', sizeof admission);
    struct text token = issue(f, claims, "here");
    assert_int_equal(door_admit_token(f->door, token, NOW + HOUR, &admission),
                     TOKEN_EXPIRED);
    assert_string_equal(admission.account, "");
    assert_int_equal(admission.powers, POWERS_GUEST);
    assert_int_equal(admission.expires, 0);
}

static void what_is_no_token_is_told_so(void **state) {
    struct fixture *f = *state;
    static char long_one[100000] = "v4.public.";
    memset(long_one + 10, 'A', sizeof long_one - 10);
    gives(f, text_of(""), NOT_A_TOKEN);
    gives(f, text_of("hunter2"), NOT_A_TOKEN);
    gives(f, text_of("v4.public."), NOT_A_TOKEN);
    gives(f, text_of("v4.local.AAAA"), NOT_A_TOKEN);
    gives(f, text_slice(long_one, sizeof long_one), NOT_A_TOKEN);
}

static void a_token_is_good_until_it_expires(void **state) {
    struct fixture *f = *state;
    struct text token = issue(f, ada(), "here");
    assert_int_equal(at(f, token, NOW + HOUR - 1), REFUSED_NOTHING);
    assert_int_equal(at(f, token, NOW + HOUR), TOKEN_EXPIRED);
    assert_int_equal(at(f, token, INT64_MAX / 2), TOKEN_EXPIRED);
}

static void a_token_is_not_good_too_early(void **state) {
    struct fixture *f = *state;
    struct claims claims = ada();
    claims.not_before = NOW + DOOR_SKEW_MS + 1000;
    struct text token = issue(f, claims, "here");
    assert_int_equal(at(f, token, NOW), TOKEN_NOT_YET);
    assert_int_equal(at(f, token, NOW + 1000), REFUSED_NOTHING);
    claims.not_before = CLAIMS_NO_TIME;
    claims.issued = NOW + HOUR;
    gives(f, issue(f, claims, "here"), TOKEN_NOT_YET);
}

static void another_networks_token_is_told_apart(void **state) {
    struct fixture *f = *state;
    const char *kid =
        keyring_find(door_keyring(f->door), text_of("other"))->kid;
    gives(f, issue(f, ada(), "here"), REFUSED_NOTHING);
    gives(f, issue(f, ada(), "there"), TOKEN_FOR_OTHER_NETWORK);
    gives(f, issue(f, ada(), "minichat"), TOKEN_FOR_OTHER_NETWORK);
    gives(f,
          forge(f, &f->foreign,
                "{\"sub\":\"ada\",\"exp\":\"2026-08-01T13:00:00Z\","
                "\"aud\":\"there\"}",
                kid, "minichat:here"),
          TOKEN_FOR_OTHER_NETWORK);
    gives(f, forge(f, &f->foreign, GOOD, kid, "else"), TOKEN_FORGED);
}

static void on_the_usual_network_unbound_tokens_are_told_apart(void **state) {
    struct fixture *f = *state;
    door_close(f->door);
    f->door = door_open(&f->state, "minichat", f->error, sizeof f->error);
    assert_non_null(f->door);
    assert_false(door_made_key(f->door));
    const char *kid =
        keyring_find(door_keyring(f->door), text_of("other"))->kid;
    gives(f, issue(f, ada(), "minichat"), REFUSED_NOTHING);
    gives(f, issue(f, ada(), "here"), TOKEN_FOR_OTHER_NETWORK);
    gives(f, forge(f, &f->foreign, GOOD, kid, ""), TOKEN_FOR_OTHER_NETWORK);
}

static void who_is_trusted_may_issue(void **state) {
    struct fixture *f = *state;
    const struct key *key =
        keyring_find(door_keyring(f->door), text_of("other"));
    char footer[128];
    gives(f, forge(f, &f->foreign, GOOD, "", "minichat:here"), REFUSED_NOTHING);
    gives(f, forge(f, &f->foreign, GOOD, key->kid, "minichat:here"),
          REFUSED_NOTHING);
    snprintf(footer, sizeof footer, "{\"kid\":\"%s\"}", key->pid);
    gives(f, forge(f, &f->foreign, GOOD, footer, "minichat:here"),
          REFUSED_NOTHING);
}

static void limit(struct fixture *f, const char *accounts, enum role most) {
    struct key_limits limits = {.most = most};
    struct paseto_public key = paseto_public_half(&f->foreign);
    if (*accounts)
        assert_true(key_limits_set_accounts(&limits, text_of(accounts)));
    assert_non_null(keyring_trust(door_keyring(f->door), "other", &key, &limits,
                                  f->error, sizeof f->error));
}

static bool binds(struct fixture *f, struct text token) {
    struct admission admission;
    assert_int_equal(door_admit_token(f->door, token, NOW, &admission),
                     REFUSED_NOTHING);
    return admission.is_bound;
}

static void a_token_may_bind_an_administrator(void **state) {
    struct fixture *f = *state;
    struct claims claims = ada();
    assert_false(binds(f, issue(f, claims, "here")));
    claims.role_said = true;
    assert_true(binds(f, issue(f, claims, "here")));
    claims.role_said = false;
    claims.rooms_count = 1;
    snprintf(claims.rooms[0], ROOM_SIZE, "#dev");
    assert_true(binds(f, issue(f, claims, "here")));
    limit(f, "", ROLE_ADMIN);
    assert_false(binds(f, forge(f, &f->foreign, GOOD, "", "minichat:here")));
    limit(f, "", ROLE_USER);
    assert_true(binds(f, forge(f, &f->foreign, GOOD, "", "minichat:here")));
}

static void anothers_key_speaks_within_its_limits(void **state) {
    struct fixture *f = *state;
    static const char mod[] =
        "{\"sub\":\"ada\",\"exp\":\"2099-01-01T00:00:00Z\",\"role\":\"mod\"}";
    limit(f, "", ROLE_USER);
    gives(f, forge(f, &f->foreign, GOOD, "", "minichat:here"), REFUSED_NOTHING);
    gives(f, forge(f, &f->foreign, mod, "", "minichat:here"), TOKEN_BEYOND_KEY);
    limit(f, "", ROLE_MOD);
    gives(f, forge(f, &f->foreign, mod, "", "minichat:here"), REFUSED_NOTHING);
    limit(f, "bot-*,ci-?", ROLE_MOD);
    gives(f, forge(f, &f->foreign, mod, "", "minichat:here"), TOKEN_BEYOND_KEY);
    limit(f, "bot-*,AD?", ROLE_MOD);
    gives(f, forge(f, &f->foreign, mod, "", "minichat:here"), REFUSED_NOTHING);
}

static void limits_that_are_not_understood_trust_nobody(void **state) {
    struct fixture *f = *state;
    char written[PASERK_PUBLIC_SIZE], file[256];
    struct paseto_public key = paseto_public_half(&f->foreign);
    paserk_write_public(&key, written);
    snprintf(file, sizeof file, "%s\naccount ada\n", written);
    scratch_write(&f->state, "keys/other.public", file);
    gives(f, forge(f, &f->foreign, GOOD, "", "minichat:here"), TOKEN_FORGED);
    assert_non_null(strstr(door_fault(f->door), "under the key"));
}

static void who_is_in_must_stay_within_the_limits(void **state) {
    struct fixture *f = *state;
    struct admission admission;
    struct text token = forge(f, &f->foreign, GOOD, "", "minichat:here");
    assert_int_equal(door_admit_token(f->door, token, NOW, &admission),
                     REFUSED_NOTHING);
    assert_int_equal(door_recheck(f->door, &admission, NOW), REFUSED_NOTHING);
    limit(f, "bot-*", ROLE_USER);
    assert_int_equal(door_recheck(f->door, &admission, NOW), TOKEN_BEYOND_KEY);
}

static void whose_key_is_not_here_is_refused(void **state) {
    struct fixture *f = *state;
    struct paseto_secret stranger;
    char kid[PASERK_KID_SIZE];
    paseto_generate(&stranger);
    struct paseto_public key = paseto_public_half(&stranger);
    paserk_kid(&key, kid);
    gives(f, forge(f, &stranger, GOOD, kid, "minichat:here"),
          TOKEN_KEY_UNKNOWN);
    gives(f, forge(f, &stranger, GOOD, "what?", "minichat:here"),
          TOKEN_KEY_UNKNOWN);
    gives(f, forge(f, &stranger, GOOD, "", "minichat:here"), TOKEN_FORGED);
    const struct key *known = keyring_issuer(door_keyring(f->door));
    gives(f, forge(f, &stranger, GOOD, known->kid, "minichat:here"),
          TOKEN_FORGED);
}

/* Nor is the footer's own key ever used. */
static void a_key_in_the_footer_opens_nothing(void **state) {
    struct fixture *f = *state;
    struct paseto_secret stranger;
    char written[PASERK_PUBLIC_SIZE];
    paseto_generate(&stranger);
    struct paseto_public key = paseto_public_half(&stranger);
    paserk_write_public(&key, written);
    gives(f, forge(f, &stranger, GOOD, written, "minichat:here"),
          TOKEN_KEY_UNKNOWN);
}

static void signed_nonsense_is_refused(void **state) {
    struct fixture *f = *state;
    static const char *const payloads[] = {
        "",
        "{}",
        "[]",
        "{\"sub\":\"ada\"}",
        "{\"sub\":\"ada\",\"exp\":\"2026-08-01T13:00:00Z\",\"role\":\"root\"}",
        "{\"sub\":\"ada\",\"sub\":\"root\",\"exp\":\"2026-08-01T13:00:00Z\"}"};
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        gives(f, forge(f, &f->foreign, payloads[i], "", "minichat:here"),
              TOKEN_CLAIMS_WRONG);
}

static void what_is_revoked_is_refused_at_once(void **state) {
    struct fixture *f = *state;
    struct keyring other_process;
    struct admission admission;
    struct text token = issue(f, ada(), "here");
    door_admit_token(f->door, token, NOW, &admission);
    assert_true(
        keyring_open(&other_process, &f->state, f->error, sizeof f->error));
    assert_true(keyring_revoke_id(&other_process, admission.jti, CLAIMS_NO_TIME,
                                  NOW, f->error, sizeof f->error));
    gives(f, token, TOKEN_REVOKED);
    keyring_close(&other_process);
}

static void a_retired_keys_tokens_are_revoked(void **state) {
    struct fixture *f = *state;
    struct keyring *ring = door_keyring(f->door);
    char forged[PASETO_TOKEN_MAX];
    struct text token = issue(f, ada(), "here");
    assert_true(
        keyring_retire(ring, keyring_issuer(ring), f->error, sizeof f->error));
    gives(f, token, TOKEN_REVOKED);
    memcpy(forged, token.at, token.length);
    forged[20] ^= 1;
    assert_int_not_equal(at(f, text_slice(forged, token.length), NOW),
                         TOKEN_REVOKED);
}

static int64_t nanoseconds(struct fixture *f, struct text token, int64_t now) {
    struct timespec begun, done;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    at(f, token, now);
    clock_gettime(CLOCK_MONOTONIC, &done);
    return (done.tv_sec - begun.tv_sec) * INT64_C(1000000000) +
           (done.tv_nsec - begun.tv_nsec);
}

static void change(char *character) {
    *character = *character == 'A' ? 'B' : 'A';
}

/* The shortest of many times is free of what else the machine does. */
static void every_answer_takes_the_same_time(void **state) {
    enum { TOKENS = 7, ROUNDS = 100 };
    struct fixture *f = *state;
    struct keyring *ring = door_keyring(f->door);
    struct claims revoked = ada();
    char tokens[TOKENS][512];
    struct text texts[TOKENS];
    int64_t shortest[TOKENS];
    snprintf(revoked.id, sizeof revoked.id, "aaaaaaaaaaaa");
    assert_true(keyring_revoke_id(ring, revoked.id, CLAIMS_NO_TIME, NOW,
                                  f->error, sizeof f->error));
    for (int i = 0; i < TOKENS; i++) {
        struct claims claims = i == 3 ? revoked : ada();
        struct text text = issue(f, claims, i == 4 ? "away" : "here");
        memcpy(tokens[i], text.at, text.length);
        texts[i] = text_slice(tokens[i], text.length);
        shortest[i] = INT64_MAX;
    }
    change(&tokens[1][texts[1].length - 20]); /* in the signature */
    change(&tokens[2][texts[2].length - 9]);  /* in the footer */
    scratch_write(&f->state, "keys/revoked", "jti aaaaaaaaaaaa\n");
    usleep(2100000); /* the key ring is read but once from here */
    at(f, texts[0], NOW);
    assert_int_equal(at(f, texts[0], NOW), REFUSED_NOTHING);
    assert_int_equal(at(f, texts[1], NOW), TOKEN_FORGED);
    assert_int_equal(at(f, texts[2], NOW), TOKEN_KEY_UNKNOWN);
    assert_int_equal(at(f, texts[3], NOW), TOKEN_REVOKED);
    assert_int_equal(at(f, texts[4], NOW), TOKEN_FOR_OTHER_NETWORK);
    assert_int_equal(at(f, texts[5], NOW + HOUR), TOKEN_EXPIRED);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < TOKENS; i++) {
            int64_t took = nanoseconds(f, texts[i], i == 5 ? NOW + HOUR : NOW);
            if (took < shortest[i]) shortest[i] = took;
        }
    }
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < TOKENS; i++) {
        if (shortest[i] < least) least = shortest[i];
        if (shortest[i] > most) most = shortest[i];
        print_message("  answer %d: %lld us\n", i,
                      (long long)shortest[i] / 1000);
    }
    assert_true(most < least * 3 / 2);
}

/* The Unix users of this box. */

static void root_is_an_admin(void **state) {
    struct fixture *f = *state;
    struct admission admission;
    assert_int_equal(door_admit_unix(f->door, 0, &admission), REFUSED_NOTHING);
    assert_string_equal(admission.account, "root");
    assert_int_equal(admission.powers, POWERS_ADMIN);
    assert_int_equal(admission.expires, 0);
    assert_string_equal(admission.jti, "");
}

static void whoever_runs_the_server_is_an_admin(void **state) {
    struct fixture *f = *state;
    struct admission admission;
    if (door_admit_unix(f->door, geteuid(), &admission) == UNIX_USER_UNKNOWN)
        skip();
    assert_int_equal(admission.powers, POWERS_ADMIN);
}

static void others_are_users_and_nobody_is_refused(void **state) {
    struct fixture *f = *state;
    struct admission admission;
    if (geteuid() == 1) skip();
    assert_int_equal(door_admit_unix(f->door, 1, &admission), REFUSED_NOTHING);
    assert_int_equal(admission.powers, POWERS_USER);
    assert_int_equal(door_admit_unix(f->door, 3999999999u, &admission),
                     UNIX_USER_UNKNOWN);
}

static void names_of_unix_users_are_reserved_in_any_case(void **state) {
    struct fixture *f = *state;
    assert_true(door_reserves(f->door, text_of("root")));
    assert_true(door_reserves(f->door, text_of("ROOT")));
    assert_false(door_reserves(f->door, text_of("nosuchuser")));
    assert_false(door_reserves(f->door, text_of("nosuchuser")));
    assert_false(door_reserves(f->door, text_of("")));
    assert_false(door_reserves(f->door, text_of("root ")));
    assert_false(
        door_reserves(f->door, text_of("rootrootrootrootrootrootrootrootr")));
}

static void an_account_that_only_a_token_tells_of_is_reserved(void **state) {
    struct fixture *f = *state;
    assert_false(door_reserves(f->door, text_of("gus")));
    scratch_write(&f->state, "keys/issued",
                  "id1 zoe user - 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z "
                  "issuer root\nnonsense of eve\n"
                  "id2 Gus user - 2026-08-01T12:00:00Z 2026-11-01T12:00:00Z "
                  "issuer root\n");
    assert_true(door_reserves(f->door, text_of("gus")));
    assert_true(door_reserves(f->door, text_of("ZOE")));
    assert_false(door_reserves(f->door, text_of("eve")));
}

static void an_account_that_a_trusted_key_names_is_reserved(void **state) {
    struct fixture *f = *state;
    struct key_limits limits = {.most = ROLE_USER};
    struct paseto_secret secret;
    paseto_generate(&secret);
    struct paseto_public key = paseto_public_half(&secret);
    assert_true(
        key_limits_set_accounts(&limits, text_of("Build,ci-*,a?b,deploy")));
    assert_non_null(keyring_trust(door_keyring(f->door), "ci", &key, &limits,
                                  f->error, sizeof f->error));
    assert_true(door_reserves(f->door, text_of("build")));
    assert_true(door_reserves(f->door, text_of("Deploy")));
    assert_false(door_reserves(f->door, text_of("ci-1")));
    assert_false(door_reserves(f->door, text_of("ci-")));
    assert_false(door_reserves(f->door, text_of("axb")));
}

static bool owns(struct unix_users *users, const char *name, uid_t expected) {
    uid_t uid;
    return unix_users_owner(users, text_of(name), &uid) && uid == expected;
}

static void a_name_belongs_to_the_first_who_has_it(void **state) {
    struct fixture *f = *state;
    struct unix_users users;
    char path[STATE_PATH_SIZE], services[STATE_PATH_SIZE];
    uid_t uid;
    state_path(&f->state, "passwd", path);
    scratch_write(&f->state, "passwd",
                  "Ann:x:2001:1::/:/bin/sh\nann:x:2002:1::/:/bin/sh\n"
                  "j$r:x:2003:1::/:/bin/sh\nj_r:x:2004:1::/:/bin/sh\n"
                  "# broken\nnot a line\nlast:x:2005:1::/:/bin/sh\n");
    unix_users_init(&users, path, "/dev/null");
    assert_true(owns(&users, "ann", 2001));
    assert_true(owns(&users, "ANN", 2001));
    assert_true(owns(&users, "j_r", 2003));
    assert_true(owns(&users, "last", 2005));
    assert_false(unix_users_owner(&users, text_of("newcomer"), &uid));
    assert_false(unix_users_owner(&users, text_of("root"), &uid));
    unix_users_finish(&users);

    scratch_write(&f->state, "services",
                  "group: files\npasswd: files [!UNAVAIL=return] sss\n");
    state_path(&f->state, "services", services);
    unix_users_init(&users, path, services);
    scratch_write(&f->state, "passwd", "newcomer:x:2006:1::/:/bin/sh\n");
    assert_true(owns(&users, "newcomer", 2006));
    assert_false(unix_users_owner(&users, text_of("last"), &uid));
    assert_true(owns(&users, "root", 0)); /* asked of the system */
    unix_users_finish(&users);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(a_token_lets_in_as_it_says),
        SCENE(each_role_has_its_powers),
        SCENE(who_is_refused_gets_nothing),
        SCENE(what_is_no_token_is_told_so),
        SCENE(a_token_is_good_until_it_expires),
        SCENE(a_token_is_not_good_too_early),
        SCENE(another_networks_token_is_told_apart),
        SCENE(on_the_usual_network_unbound_tokens_are_told_apart),
        SCENE(who_is_trusted_may_issue),
        SCENE(anothers_key_speaks_within_its_limits),
        SCENE(a_token_may_bind_an_administrator),
        SCENE(limits_that_are_not_understood_trust_nobody),
        SCENE(who_is_in_must_stay_within_the_limits),
        SCENE(whose_key_is_not_here_is_refused),
        SCENE(a_key_in_the_footer_opens_nothing),
        SCENE(signed_nonsense_is_refused),
        SCENE(what_is_revoked_is_refused_at_once),
        SCENE(a_retired_keys_tokens_are_revoked),
        SCENE(every_answer_takes_the_same_time),
        SCENE(root_is_an_admin),
        SCENE(whoever_runs_the_server_is_an_admin),
        SCENE(others_are_users_and_nobody_is_refused),
        SCENE(names_of_unix_users_are_reserved_in_any_case),
        SCENE(an_account_that_only_a_token_tells_of_is_reserved),
        SCENE(an_account_that_a_trusted_key_names_is_reserved),
        SCENE(a_name_belongs_to_the_first_who_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
