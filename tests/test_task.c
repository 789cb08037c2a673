/* What is asked for and done beside the loop, and who asked is gone before. */
#include "server/task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/commands.h"
#include "server/keyring.h"
#include "server/scribe.h"
#include "tests/scratch.h"
#include "tests/ssh_samples.h"

struct scene {
    struct state state;
    struct chat chat;
    struct config config;
    struct house house;
    struct scribe scribe;
    struct workshop workshop;
    struct task *task; /* that was taken, and not run yet */
    struct carrier carrier;
    struct dialogue root;
    char noted[1024];
};

static void on_write(struct scribe *scribe, const struct write *write) {
    struct scene *scene = container_of(scribe, struct scene, scribe);
    struct writer writer = writer_on(scene->noted, sizeof scene->noted - 1);
    const struct kept *kept = &write->kept;
    if (write->kind != WRITE_AUDIT) return;
    writer.length = strlen(scene->noted);
    write_format(&writer, "%.*s %.*s %.*s %.*s\n", (int)kept->name.length,
                 kept->name.at, (int)kept->tags.length, kept->tags.at,
                 (int)kept->whom.length, kept->whom.at, (int)kept->body.length,
                 kept->body.at);
}

static void on_task(struct workshop *workshop, struct task *task) {
    container_of(workshop, struct scene, workshop)->task = task;
}

static void on_send(struct carrier *carrier, struct line *line,
                    uint64_t batch) {
    (void)carrier, (void)line, (void)batch;
}

static void on_close(struct carrier *carrier, struct text reason) {
    (void)carrier, (void)reason;
}

static int set_up(void **state) {
    static const struct admission proof = {.account = "root",
                                           .powers = POWERS_ADMIN};
    char error[1024];
    struct scene *scene = calloc(1, sizeof *scene);
    scratch_make(&scene->state);
    config_defaults(&scene->config);
    chat_init(&scene->chat);
    chat_tick(&scene->chat, INT64_C(1785585600000));
    scene->scribe.write = on_write;
    scene->workshop.take = on_task;
    scene->carrier = (struct carrier){.send = on_send, .close = on_close};
    scene->house = (struct house){.chat = &scene->chat,
                                  .config = &scene->config,
                                  .scribe = &scene->scribe,
                                  .workshop = &scene->workshop};
    scene->house.door =
        door_open(&scene->state, "minichat", error, sizeof error);
    if (!scene->house.door) return -1;
    dialogue_init(&scene->root, &scene->house, &scene->carrier, text_of("unix"),
                  true, &proof);
    dialogue_begin(&scene->root, SPEECH_IRC);
    *state = scene;
    return 0;
}

static int tear_down(void **state) {
    struct scene *scene = *state;
    chat_finish(&scene->chat);
    door_close(scene->house.door);
    scratch_remove(&scene->state);
    free(scene);
    return 0;
}

/* Asks, is gone, and only then it is done. */
static void asks_and_leaves(struct scene *scene, const char *line) {
    commands_take(&scene->root, text_of(line));
    dialogue_finish(&scene->root, text_of("connection reset"));
    assert_non_null(scene->task);
    task_run(scene->task);
    task_done(&scene->house, scene->task);
}

static void who_adds_a_key_and_leaves_is_noted(void **state) {
    struct scene *scene = *state;
    asks_and_leaves(scene, "ADMIN ssh-key add eve :" SSH_ADA);
    assert_string_equal(
        scene->noted, "root (unix) ssh-key-add eve " SSH_ADA_FINGERPRINT "\n");
}

static void who_makes_a_token_and_leaves_is_noted(void **state) {
    struct scene *scene = *state;
    asks_and_leaves(scene, "ADMIN token issue eve");
    assert_non_null(strstr(scene->noted, "root (unix) token-issue "));
}

static void who_revokes_a_token_and_leaves_is_noted(void **state) {
    struct scene *scene = *state;
    asks_and_leaves(scene, "ADMIN token revoke account eve");
    assert_string_equal(scene->noted,
                        "root (unix) token-revoke eve all of it\n");
}

/* Else whoever has a token could fill the log with it. */
static void what_is_revoked_already_is_not_noted(void **state) {
    struct scene *scene = *state;
    char error[1024];
    assert_true(keyring_revoke_id(door_keyring(scene->house.door), "abc",
                                  CLAIMS_NO_TIME, 0, error, sizeof error));
    asks_and_leaves(scene, "ADMIN token revoke abc");
    assert_string_equal(scene->noted, "");
}

static void what_was_not_done_is_not_noted(void **state) {
    struct scene *scene = *state;
    asks_and_leaves(scene, "ADMIN ssh-key remove eve");
    assert_string_equal(scene->noted, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_adds_a_key_and_leaves_is_noted,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_makes_a_token_and_leaves_is_noted,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_revokes_a_token_and_leaves_is_noted,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_revoked_already_is_not_noted,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_done_is_not_noted, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
