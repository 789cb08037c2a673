/* Each message stands in the log once, in its own folder, whatever happens. */
#include "client/logbook.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "client/file_name.h"
#include "protocol/memory.h"
#include "tests/temporary.h"

static const int64_t NOON = 1763812800000; /* 2025-11-22T12:00:00Z */

struct scene {
    char data[TEMPORARY_SIZE];
    struct logbook ada, bob;
    struct bytes read;
};

static int setup(void **state) {
    struct scene *scene = memory_new(1, sizeof *scene);
    setenv("TZ", "UTC", 1);
    tzset();
    temporary_make(scene->data);
    logbook_init(&scene->ada, scene->data);
    logbook_init(&scene->bob, scene->data);
    *state = scene;
    return 0;
}

static int teardown(void **state) {
    struct scene *scene = *state;
    logbook_finish(&scene->ada);
    logbook_finish(&scene->bob);
    temporary_remove(scene->data);
    bytes_finish(&scene->read);
    free(scene);
    return 0;
}

static void add(struct log_batch *batch, struct text room, int64_t when,
                const char *body, bool past) {
    struct log_entry entry = {
        .network = text_of("box"),
        .room = room,
        .line = {when, LOG_SAID, text_of("ada"), text_of(body)},
        .past = past,
    };
    log_batch_add(batch, &entry);
}

static int log_one(struct logbook *logbook, const char *room, int64_t when,
                   const char *body, bool past) {
    struct log_batch batch = {0};
    add(&batch, text_of(room), when, body, past);
    int error = logbook_write(logbook, &batch);
    log_batch_finish(&batch);
    return error;
}

static void hears(struct logbook *logbook, int64_t when, const char *body) {
    assert_int_equal(log_one(logbook, "#dev", when, body, false), 0);
}

static void is_told(struct logbook *logbook, int64_t when, const char *body) {
    assert_int_equal(log_one(logbook, "#dev", when, body, true), 0);
}

/* The bodies in that file, a blank between them. */
static void stands_in(struct scene *scene, const char *file,
                      const char *expected) {
    char path[FOLDER_PATH], all[4096];
    struct writer writer = writer_on(all, sizeof all - 1);
    struct log_line line;
    snprintf(path, sizeof path, "%s/log/%s", scene->data, file);
    bytes_finish(&scene->read);
    assert_int_equal(file_read(path, 1 << 20, &scene->read), 0);
    struct text rest = bytes_text(&scene->read);
    while (rest.length > 0) {
        assert_true(log_line_read(&line, text_piece(&rest, '\n')));
        if (writer.length > 0) write_char(&writer, ' ');
        write_text(&writer, line.body);
    }
    all[writer.length] = '\0';
    assert_string_equal(all, expected);
}

static void what_is_heard_is_there(void **state) {
    struct scene *scene = *state;
    hears(&scene->ada, NOON, "one");
    hears(&scene->ada, NOON, "two");
    hears(&scene->ada, NOON + 86400000, "tomorrow");
    stands_in(scene, "box/#dev/2025-11-22.log", "one two");
    stands_in(scene, "box/#dev/2025-11-23.log", "tomorrow");
    assert_int_equal(log_one(&scene->ada, "#DEV", NOON + 1, "three", false), 0);
    stands_in(scene, "box/#dev/2025-11-22.log", "one two three");
}

static void what_is_told_again_stands_there_once(void **state) {
    struct scene *scene = *state;
    hears(&scene->ada, NOON, "one");
    hears(&scene->ada, NOON + 1, "two");
    logbook_finish(&scene->ada);
    is_told(&scene->bob, NOON, "one");
    is_told(&scene->bob, NOON + 1, "two");
    is_told(&scene->bob, NOON + 1, "same time");
    is_told(&scene->bob, NOON + 2, "missed");
    is_told(&scene->bob, NOON - 5, "long ago");
    hears(&scene->bob, NOON + 3, "now");
    stands_in(scene, "box/#dev/2025-11-22.log", "one two same time missed now");
}

static void a_wrong_clock_holds_up_nothing(void **state) {
    struct scene *scene = *state;
    hears(&scene->ada, NOON, "one");
    hears(&scene->ada, NOON * 2, "2081");
    logbook_finish(&scene->ada);
    is_told(&scene->bob, NOON + 1, "missed");
    hears(&scene->bob, NOON + 2, "now");
    stands_in(scene, "box/#dev/2025-11-22.log", "one missed now");
}

static void one_of_two_programs_writes(void **state) {
    struct scene *scene = *state;
    hears(&scene->ada, NOON, "one");
    hears(&scene->bob, NOON, "one");
    hears(&scene->bob, NOON + 1, "two");
    hears(&scene->ada, NOON + 1, "two");
    hears(&scene->ada, NOON + 2, "three");
    logbook_finish(&scene->ada);
    hears(&scene->bob, NOON + 2, "three");
    hears(&scene->bob, NOON + 3, "four");
    stands_in(scene, "box/#dev/2025-11-22.log", "one two three four");
}

static unsigned outside;

static int look_at_one(const char *path, const struct stat *status, int kind,
                       struct FTW *place) {
    (void)status, (void)place;
    if (kind == FTW_F && !strstr(path, "/log/box/")) outside++;
    return 0;
}

static void no_room_leads_out_of_the_folder(void **state) {
    static const char *const rooms[] = {
        "../../etc", "/", ".", "..", "", "#a/../../..", "2025-11-22.log"};
    struct scene *scene = *state;
    char long_name[300];
    struct log_batch batch = {0};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++)
        assert_int_equal(log_one(&scene->ada, rooms[i], NOON, "x", false), 0);
    memset(long_name, '.', sizeof long_name);
    add(&batch, text_slice(long_name, sizeof long_name), NOON, "x", false);
    add(&batch, text_slice("a\0b", 3), NOON, "x", false);
    assert_int_equal(logbook_write(&scene->ada, &batch), 0);
    log_batch_finish(&batch);
    outside = 0;
    nftw(scene->data, look_at_one, 16, FTW_PHYS);
    assert_int_equal(outside, 0);
    stands_in(scene, "box/%2E.%2F..%2Fetc/2025-11-22.log", "x");
}

static void more_rooms_than_files_are_open(void **state) {
    struct scene *scene = *state;
    char room[16], file[64];
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 2 * LOGBOOK_OPEN; i++) {
            snprintf(room, sizeof room, "#r%d", i);
            assert_int_equal(
                log_one(&scene->ada, room, NOON + round, "x", false), 0);
        }
    for (int i = 0; i < 2 * LOGBOOK_OPEN; i++) {
        snprintf(file, sizeof file, "box/#r%d/2025-11-22.log", i);
        stands_in(scene, file, "x x x");
    }
}

/* Files may be no longer than that: what a full disk does to a write. */
static void limit(rlim_t bytes) {
    struct rlimit limit = {bytes, RLIM_INFINITY};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_gap_is_told_when_there_is_room_again(void **state) {
    struct scene *scene = *state;
    hears(&scene->ada, NOON, "one");
    limit(60);
    assert_int_equal(log_one(&scene->ada, "#dev", NOON + 1, "two", false),
                     EFBIG);
    assert_int_equal(log_one(&scene->ada, "#dev", NOON + 2, "three", false),
                     EFBIG);
    limit(RLIM_INFINITY);
    hears(&scene->ada, NOON + 3, "four");
    stands_in(scene, "box/#dev/2025-11-22.log",
              "one up to 2 lines are missing here four");
}

static void a_line_that_was_cut_harms_no_other(void **state) {
    struct scene *scene = *state;
    char path[FOLDER_PATH];
    hears(&scene->ada, NOON, "one");
    logbook_finish(&scene->ada);
    snprintf(path, sizeof path, "%s/log/box/#dev/2025-11-22.log", scene->data);
    FILE *file = fopen(path, "a");
    fputs("2025-11-22T12:00", file);
    fclose(file);
    hears(&scene->bob, NOON + 1, "two");
    bytes_finish(&scene->read);
    assert_int_equal(file_read(path, 4096, &scene->read), 0);
    struct text rest = bytes_text(&scene->read);
    struct log_line line;
    text_piece(&rest, '\n');
    text_piece(&rest, '\n');
    assert_true(log_line_read(&line, text_piece(&rest, '\n')));
    assert_true(text_is(line.body, "two"));
}

static void old_days_go_and_nothing_else(void **state) {
    struct scene *scene = *state;
    char path[FOLDER_PATH];
    hears(&scene->ada, NOON, "old");
    hears(&scene->ada, NOON + 86400000, "kept");
    assert_int_equal(log_one(&scene->ada, "#gone", NOON, "old", false), 0);
    snprintf(path, sizeof path, "%s/log/box/#dev/notes.txt", scene->data);
    FILE *file = fopen(path, "w");
    fclose(file);
    logbook_finish(&scene->ada);
    logbook_trim(&scene->ada, "2025-11-23");
    assert_int_equal(access(path, F_OK), 0);
    stands_in(scene, "box/#dev/2025-11-23.log", "kept");
    snprintf(path, sizeof path, "%s/log/box/#dev/2025-11-22.log", scene->data);
    assert_int_not_equal(access(path, F_OK), 0);
    snprintf(path, sizeof path, "%s/log/box/#gone", scene->data);
    assert_int_not_equal(access(path, F_OK), 0);
}

/* Nobody can make a folder in /sys. */
static void why_there_is_no_folder_is_told(void **state) {
    struct logbook nowhere;
    (void)state;
    logbook_init(&nowhere, "/sys/.local/share/minichat");
    int why = log_one(&nowhere, "#dev", NOON, "hello", false);
    logbook_finish(&nowhere);
    assert_int_not_equal(why, 0);
    assert_int_not_equal(why, ENOENT);
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        SCENE(what_is_heard_is_there),
        SCENE(what_is_told_again_stands_there_once),
        SCENE(a_wrong_clock_holds_up_nothing),
        SCENE(one_of_two_programs_writes),
        SCENE(no_room_leads_out_of_the_folder),
        SCENE(more_rooms_than_files_are_open),
        SCENE(a_gap_is_told_when_there_is_room_again),
        SCENE(a_line_that_was_cut_harms_no_other),
        SCENE(old_days_go_and_nothing_else),
        SCENE(why_there_is_no_folder_is_told),
    };
#undef SCENE
    signal(SIGXFSZ, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
