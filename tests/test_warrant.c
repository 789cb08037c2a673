/* How long who came by a token may stay: a real door and real files, but no
 * socket, and a clock that is set. */
#include "server/warrant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/commands.h"
#include "server/dialect.h"
#include "server/issued.h"
#include "tests/scratch.h"

#define NOW INT64_C(1785585600000)
#define MINUTE INT64_C(60000)

struct scene {
    struct state folder;
    struct chat chat;
    struct config config;
    struct house house;
    struct carrier carrier;
    struct dialogue dialogue;
    char seen[4096], closed[REASON_SIZE], error[512];
};

static void on_send(struct carrier *carrier, struct line *line,
                    uint64_t batch) {
    struct scene *scene = container_of(carrier, struct scene, carrier);
    size_t used = strlen(scene->seen);
    (void)batch;
    if (used + line->text.length >= sizeof scene->seen) return;
    memcpy(scene->seen + used, line->text.at, line->text.length);
    scene->seen[used + line->text.length] = '\0';
}

static void on_close(struct carrier *carrier, struct text reason) {
    struct scene *scene = container_of(carrier, struct scene, carrier);
    text_copy(reason, scene->closed, sizeof scene->closed);
}

static void it_is(struct scene *scene, int64_t now) {
    chat_tick(&scene->chat, now);
    scene->house.tick = now - NOW;
}

/* Comes with a token of so many minutes; its id is in id. */
static void comes(struct scene *scene, int64_t minutes,
                  char id[CLAIMS_ID_SIZE]) {
    char token[PASETO_TOKEN_MAX];
    struct writer writer = writer_on(token, sizeof token);
    struct keyring *ring = door_keyring(scene->house.door);
    struct issue issue = {
        .claims = claims_for(text_of("ada"), NOW + minutes * MINUTE),
        .key = keyring_issuer(ring),
        .network = "minichat",
        .by = "minichatctl:root",
        .now = NOW};
    assert_true(
        issued_sign(ring, &issue, &writer, scene->error, sizeof scene->error));
    memcpy(id, issue.claims.id, CLAIMS_ID_SIZE);
    commands_take(&scene->dialogue, writer_text(&writer));
    assert_true(dialogue_entered(&scene->dialogue));
    scene->seen[0] = '\0';
}

static int start(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    scratch_make(&scene->folder);
    config_defaults(&scene->config);
    chat_init(&scene->chat);
    scene->house =
        (struct house){.chat = &scene->chat, .config = &scene->config};
    scene->house.door = door_open(&scene->folder, "minichat", scene->error,
                                  sizeof scene->error);
    assert_non_null(scene->house.door);
    it_is(scene, NOW);
    scene->carrier = (struct carrier){.send = on_send, .close = on_close};
    dialogue_init(&scene->dialogue, &scene->house, &scene->carrier,
                  text_of("127.0.0.1"), false, NULL);
    dialogue_begin(&scene->dialogue, SPEECH_PLAIN);
    *state = scene;
    return 0;
}

static int end(void **state) {
    struct scene *scene = *state;
    dialogue_finish(&scene->dialogue, text_of("end"));
    chat_finish(&scene->chat);
    door_close(scene->house.door);
    scratch_remove(&scene->folder);
    free(scene);
    return 0;
}

static void it_is_told_before_its_token_expires_and_once(void **state) {
    struct scene *scene = *state;
    char id[CLAIMS_ID_SIZE];
    comes(scene, 60, id);
    assert_int_equal(warrant_deadline(&scene->dialogue), WARRANT_LOOK_MS);
    it_is(scene, NOW + 54 * MINUTE);
    assert_int_equal(warrant_deadline(&scene->dialogue), 55 * MINUTE);
    warrant_judge(&scene->dialogue);
    assert_string_equal(scene->seen, "");
    it_is(scene, NOW + 55 * MINUTE);
    warrant_judge(&scene->dialogue);
    assert_non_null(strstr(scene->seen, "= your token expires in 5 minutes"));
    scene->seen[0] = '\0';
    warrant_judge(&scene->dialogue);
    assert_string_equal(scene->seen, "");
    assert_int_equal(warrant_deadline(&scene->dialogue), 60 * MINUTE);
    assert_string_equal(scene->closed, "");
}

static void when_it_expires_the_session_ends(void **state) {
    struct scene *scene = *state;
    char id[CLAIMS_ID_SIZE];
    comes(scene, 1, id);
    it_is(scene, NOW + MINUTE);
    warrant_judge(&scene->dialogue);
    assert_string_equal(scene->seen, "! goodbye: token expired\n");
    assert_string_equal(scene->closed, "token expired");
}

static void when_it_is_revoked_the_session_ends(void **state) {
    struct scene *scene = *state;
    char id[CLAIMS_ID_SIZE];
    comes(scene, 60, id);
    warrant_judge_all(&scene->house);
    assert_string_equal(scene->closed, "");
    assert_true(issued_revoke(door_keyring(scene->house.door), id, NOW,
                              scene->error, sizeof scene->error));
    warrant_judge_all(&scene->house);
    assert_string_equal(scene->closed, "token revoked");
}

static void when_its_key_is_gone_the_session_ends(void **state) {
    struct scene *scene = *state;
    char id[CLAIMS_ID_SIZE];
    comes(scene, 60, id);
    assert_true(state_remove(&scene->folder, "keys/issuer.secret", scene->error,
                             sizeof scene->error));
    door_refresh(scene->house.door);
    warrant_judge_all(&scene->house);
    assert_string_equal(scene->closed, "the token's key is trusted no longer");
}

static void who_came_by_no_token_stays(void **state) {
    struct scene *scene = *state;
    struct admission kernel = {.account = "ada", .powers = POWERS_USER};
    const struct introduction nothing = {0};
    assert_int_equal(dialogue_enter(&scene->dialogue, &kernel, &nothing),
                     REFUSED_NOTHING);
    assert_true(warrant_deadline(&scene->dialogue) == INT64_MAX);
    assert_true(keyring_revoke_account(door_keyring(scene->house.door), "ada",
                                       NOW, scene->error, sizeof scene->error));
    warrant_judge_all(&scene->house);
    assert_string_equal(scene->closed, "");
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(it_is_told_before_its_token_expires_and_once),
        SCENE(when_it_expires_the_session_ends),
        SCENE(when_it_is_revoked_the_session_ends),
        SCENE(when_its_key_is_gone_the_session_ends),
        SCENE(who_came_by_no_token_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
