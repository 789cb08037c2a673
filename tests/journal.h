/* A journal with a disk under it, and a loop that turns until something is
 * so. */
#ifndef MINICHAT_TESTS_JOURNAL_H
#define MINICHAT_TESTS_JOURNAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/writer.h"
#include "server/journal.h"
#include "server/store.h"
#include "tests/scratch.h"

enum { DEADLINE_MS = 20000, HOUR_MS = 3600000 };

/* Not long ago, or the chores would find it old. */
#define NOW ((int64_t)time(NULL) * 1000)

struct scene {
    struct state state;
    uv_loop_t loop;
    uv_timer_t deadline;
    struct chat chat;
    struct config config;
    struct house house;
    struct journal *journal;
    struct journal_owner owner;
    struct session ada, bob;
    unsigned warned;
};

static inline void on_settled(struct journal_owner *owner, bool changed) {
    struct scene *scene = container_of(owner, struct scene, owner);
    scene->warned += changed;
}

static inline void on_deadline(uv_timer_t *timer) {
    (void)timer;
    fail_msg("nothing happened for %d ms", DEADLINE_MS);
}

static inline void opens(struct scene *scene, enum durability durability) {
    char error[STORE_ERROR_SIZE] = "";
    bool made;
    chat_init(&scene->chat);
    chat_tick(&scene->chat, NOW);
    scene->house =
        (struct house){.chat = &scene->chat, .config = &scene->config};
    scene->owner.settled = on_settled;
    if (!store_prepare(&scene->state, &made, error, sizeof error))
        fail_msg("%s", error);
    scene->journal =
        journal_open(&scene->house, &scene->loop, &scene->state, durability,
                     &scene->config.keep, &scene->owner, error, sizeof error);
    if (!scene->journal) fail_msg("%s", error);
    struct arrival arrival = {.account = text_of("ada"),
                              .host = text_of("test"),
                              .powers = POWERS_USER};
    chat_meet(&scene->chat, &scene->ada);
    assert_int_equal(chat_enter(&scene->chat, &scene->ada, &arrival), 0);
    arrival.account = text_of("");
    arrival.name = text_of("bob");
    chat_meet(&scene->chat, &scene->bob);
    assert_int_equal(chat_enter(&scene->chat, &scene->bob, &arrival), 0);
}

static inline void closes(struct scene *scene) {
    chat_finish(&scene->chat);
    journal_close(scene->journal);
    uv_run(&scene->loop, UV_RUN_NOWAIT);
    journal_free(scene->journal);
    scene->journal = NULL;
}

static inline int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    scratch_make(&scene->state);
    config_defaults(&scene->config);
    uv_loop_init(&scene->loop);
    uv_timer_init(&scene->loop, &scene->deadline);
    opens(scene, DURABILITY_POWER);
    *state = scene;
    return 0;
}

static inline int tear_down(void **state) {
    struct scene *scene = *state;
    if (scene->journal) closes(scene);
    uv_close((uv_handle_t *)&scene->deadline, NULL);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    scratch_remove(&scene->state);
    free(scene);
    return 0;
}

/* What the loop does until the question is true. */
static inline void turn(struct scene *scene) {
    uv_timer_start(&scene->deadline, on_deadline, DEADLINE_MS, 0);
    uv_run(&scene->loop, UV_RUN_ONCE);
    uv_timer_stop(&scene->deadline);
}

static inline void settles(struct scene *scene) {
    journal_round(scene->journal);
    uint64_t wanted = journal_collected(scene->journal);
    while (scene->house.settled < wanted)
        turn(scene);
}

static inline void says(struct scene *scene, struct session *session,
                        const char *words) {
    struct room *room = chat_find_room(&scene->chat, text_of("#dev"));
    struct saying saying = {.body = text_of(words)};
    if (!room || !chat_seat(session->user, room)) {
        chat_join(&scene->chat, session, text_of("#dev"));
        room = chat_find_room(&scene->chat, text_of("#dev"));
    }
    assert_int_equal(chat_say_in(&scene->chat, session, SAID, room, &saying),
                     0);
}

/* The first column of each row, with '|' between. */
static inline void finds(struct scene *scene, const char *sql,
                         const char *expected) {
    char error[STORE_ERROR_SIZE] = "", found[1024];
    struct writer writer = writer_on(found, sizeof found - 1);
    sqlite3 *db = store_open(&scene->state, STORE_READ, error, sizeof error);
    sqlite3_stmt *statement = store_statement(db, sql, error, sizeof error);
    if (!statement) fail_msg("%s", error);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *column = (const char *)sqlite3_column_text(statement, 0);
        if (writer.length) write_char(&writer, '|');
        write_string(&writer, column ? column : "NULL");
    }
    found[writer.length] = '\0';
    sqlite3_finalize(statement);
    store_close(db);
    assert_string_equal(found, expected);
}

#endif
