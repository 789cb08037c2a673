#include <sqlite3.h>
#include <string.h>

#include "protocol/timestamp.h"
#include "server/ctl_store.h"
#include "server/ctl_talk.h"

/* What is told: its name, what people read, and how it is asked; counted
 * along the smallest index where there are many. */
/* clang-format off */
static const struct {
    const char *name, *words, *sql;
} numbers[] = {
    {"people", "people", "SELECT count(*) FROM accounts"},
    {"rooms", "rooms",
     "SELECT count(*) FROM rooms WHERE name NOT NULL"},
    {"private-rooms", "  of them private",
     "SELECT count(*) FROM rooms WHERE name NOT NULL AND private"},
    {"conversations", "private conversations", "SELECT count(*) FROM pairs"},
    {"lines", "lines", "SELECT count(*) FROM messages"},
    {"happenings", "joins, leaves, topics", "SELECT count(*) FROM happenings"},
    {"unindexed", "lines not yet searched",
     "SELECT count(*) FROM messages WHERE id > coalesce("
     "(SELECT value FROM facts WHERE name = 'indexed'), 0)"},
};

static const struct {
    const char *name, *words, *sql;
} times[] = {
    {"oldest", "oldest line",
     "SELECT coalesce(at, id >> 20) FROM messages ORDER BY id LIMIT 1"},
    {"newest", "newest line",
     "SELECT coalesce(at, id >> 20) FROM messages ORDER BY id DESC LIMIT 1"},
};

static const struct {
    const char *name, *words, *file;
} sizes[] = {
    {"database-bytes", "bytes of the database", "minichat.db"},
    {"log-bytes", "bytes of its log", "minichat.db-wal"},
};
/* What a running server adds: as it calls it, and what people read. */
static const struct {
    const char *name, *words;
} running[] = {
    {"up", "seconds it has run"},
    {"people", "people here"},
    {"most-people", "  at most so far"},
    {"sessions", "sessions"},
    {"rooms", "rooms with people"},
    {"written", "written since the start"},
    {"trouble", "trouble"},
};
/* clang-format on */

enum {
    NUMBERS = sizeof numbers / sizeof numbers[0],
    TIMES = sizeof times / sizeof times[0],
    SIZES = sizeof sizes / sizeof sizes[0],
    RUNNING = sizeof running / sizeof running[0],
    NEVER = -1,
};

struct statistics {
    int64_t numbers[NUMBERS], times[TIMES], sizes[SIZES];
    int64_t bytes_a_line;
};

static bool gather(struct ctl *ctl, sqlite3 *db, struct statistics *s) {
    int64_t lines = 0, bytes = 0;
    if (!ctl_run(ctl, db, "BEGIN")) return false;
    for (size_t i = 0; i < NUMBERS; i++) {
        if (!ctl_number(ctl, db, numbers[i].sql, &s->numbers[i])) return false;
        if (strcmp(numbers[i].name, "lines") == 0) lines = s->numbers[i];
    }
    for (size_t i = 0; i < TIMES; i++) {
        s->times[i] = NEVER;
        if (!ctl_number(ctl, db, times[i].sql, &s->times[i])) return false;
    }
    for (size_t i = 0; i < SIZES; i++)
        bytes += s->sizes[i] = ctl_file_size(ctl, sizes[i].file);
    s->bytes_a_line = lines ? bytes / lines : 0;
    return true;
}

static void print_line(const char *words, int64_t number) {
    printf("%-24s%lld\n", words, (long long)number);
}

static void print_time(const char *words, int64_t when) {
    char written[TIMESTAMP_SIZE];
    if (when == NEVER) return;
    timestamp_write_seconds(when, written);
    printf("%-24s%s\n", words, written);
}

static void print(const struct statistics *s) {
    for (size_t i = 0; i < NUMBERS; i++)
        print_line(numbers[i].words, s->numbers[i]);
    for (size_t i = 0; i < TIMES; i++)
        print_time(times[i].words, s->times[i]);
    for (size_t i = 0; i < SIZES; i++)
        print_line(sizes[i].words, s->sizes[i]);
    print_line("bytes a line", s->bytes_a_line);
}

static json_t *time_of(int64_t when) {
    char written[TIMESTAMP_SIZE];
    if (when == NEVER) return json_null();
    timestamp_write(when, written);
    return json_string(written);
}

static json_t *describe(const struct statistics *s) {
    json_t *about = json_object();
    for (size_t i = 0; i < NUMBERS; i++)
        json_object_set_new(about, numbers[i].name,
                            json_integer(s->numbers[i]));
    for (size_t i = 0; i < TIMES; i++)
        json_object_set_new(about, times[i].name, time_of(s->times[i]));
    for (size_t i = 0; i < SIZES; i++)
        json_object_set_new(about, sizes[i].name, json_integer(s->sizes[i]));
    json_object_set_new(about, "bytes-a-line", json_integer(s->bytes_a_line));
    return about;
}

/* What the server says of itself, in one object; NULL where none runs. */
static json_t *ask_running(struct ctl *ctl) {
    const char *const words[] = {"stats", NULL};
    json_t *answer, *data, *all;
    enum ctl_talk talk = ctl_talk(ctl, words, &answer);
    if (talk == CTL_TALK_REFUSED)
        fprintf(stderr, "minichatctl: %s\n", ctl->error);
    if (talk != CTL_TALK_DONE) return NULL;
    all = json_object();
    for (size_t i = 0; i < json_array_size(answer); i++)
        if ((data = json_object_get(json_array_get(answer, i), "data")))
            json_object_update(all, data);
    json_decref(answer);
    return all;
}

static void print_running(const json_t *about) {
    for (size_t i = 0; i < RUNNING; i++) {
        const json_t *value = json_object_get(about, running[i].name);
        if (json_is_integer(value))
            print_line(running[i].words, json_integer_value(value));
        if (json_is_string(value))
            printf("%-24s%s\n", running[i].words, json_string_value(value));
    }
}

/* Takes over about. */
static void tell(const struct ctl *ctl, const struct statistics *s,
                 json_t *about) {
    if (ctl->json) {
        json_t *all = describe(s);
        json_object_set_new(all, "running", about ? about : json_null());
        ctl_print_json(all);
        return;
    }
    print(s);
    print_running(about);
    json_decref(about);
}

int ctl_stats(struct ctl *ctl, char **words) {
    struct statistics statistics = {0};
    if (words[0]) return CTL_USAGE;
    sqlite3 *db = ctl_open(ctl, STORE_READ);
    if (!db) return CTL_FAILED;
    bool fine = gather(ctl, db, &statistics);
    store_close(db);
    if (!fine) return CTL_FAILED;
    tell(ctl, &statistics, ask_running(ctl));
    return CTL_FINE;
}
