/* crash_stuck: another program holds the database for some seconds while
 * several people talk as fast as they can. Nobody hears what is not on the
 * disk, and all are told once that it waits, and once that it is over. Whoever
 * reads is still there afterwards, with every line in order, although it came
 * free all at once; who ended their input meanwhile is gone. Who asks without
 * end behind a line that waits takes no memory; newcomers are told why they
 * are turned away. */
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/ircmsg.h"
#include "tests/crash/wire.h"
#include "tests/talk/trial.h"

enum {
    SPEAKERS = 3,
    LISTENERS = 2,
    LINES = 3000,      /* of each speaker: to hear all is 1.8 MiB */
    SEND_LINES = 8192, /* may wait for one peer: two batches */
    BURST = 50,        /* questions at once */
    QUESTIONS = 20000, /* with answers of 2 KiB each */
    ASKED_MS = 1500,
    LOOK_MS = 10,
    GROWTH_KIB = 16 * 1024, /* of the server meanwhile */
    GONE_MS = 500,          /* between an end and what follows it */
    TURNED_MS = 5000,       /* a newcomer is told at once */
    PATIENCE_MS = 60000,
};

/* Kim ends the input; Ask asks; Pat looks on: people. */
enum { KIM = SPEAKERS + LISTENERS, ASK, PAT, ACTORS };

struct actor {
    struct wire wire;
    const char *nick;
    bool entered, turned_away, orderly;
    unsigned heard[SPEAKERS], total, last_words, quits;
    unsigned troubled, relieved;
};

struct scene {
    struct trial trial;
    struct actor actors[ACTORS];
    unsigned faults;
};

static void fault(struct scene *scene, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void fault(struct scene *scene, const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("stuck: ", stdout);
    vprintf(format, values);
    puts("");
    va_end(values);
    scene->faults++;
}

/* Actors ------------------------------------------------------------------ */

static void type(struct actor *actor, const char *line) {
    wire_send(&actor->wire, text_of(line));
}

static void dial(const struct scene *scene, struct actor *actor) {
    int fd = wire_dial((uint16_t)strtoul(scene->trial.port, NULL, 10));
    *actor = (struct actor){.wire = {.fd = -1}, .orderly = true};
    if (fd >= 0) wire_open(&actor->wire, fd);
}

static void enter(struct scene *scene, int n) {
    static const char *const names[ACTORS] = {"s0",  "s1",  "s2",  "lea",
                                              "lou", "kim", "ask", "pat"};
    struct actor *actor = &scene->actors[n];
    bool irc = n < KIM;
    char line[64];
    dial(scene, actor);
    actor->nick = names[n];
    snprintf(line, sizeof line, "%s %s", irc ? "NICK" : "/nick", names[n]);
    type(actor, line);
    if (!irc) return;
    if (n >= SPEAKERS) type(actor, "CAP REQ :server-time message-tags");
    type(actor, "USER x 0 * :x");
    type(actor, "CAP END");
    type(actor, "JOIN #lobby");
}

static bool has(struct text line, const char *words) {
    return memmem(line.at, line.length, words, strlen(words)) != NULL;
}

/* A speaker's line is its number among the speakers, and its own. */
static void take_said(struct actor *actor, struct text body) {
    uint64_t speaker, number;
    actor->total++;
    if (text_is(body, "last words")) actor->last_words++;
    if (!text_number(text_word(&body), &speaker) || speaker >= SPEAKERS ||
        !text_number(text_word(&body), &number))
        return;
    if (number != actor->heard[speaker]) actor->orderly = false;
    actor->heard[speaker]++;
}

static void take(struct actor *actor, struct text line) {
    struct ircmsg message;
    if (has(line, "what is said now waits")) actor->troubled++;
    if (has(line, "the disk is fine again")) actor->relieved++;
    if (has(line, "nothing can be written down now")) actor->turned_away = true;
    if (has(line, "#lobby")) actor->entered = true;
    if (!ircmsg_parse(&message, line)) return;
    if (text_is(message.verb, "PRIVMSG"))
        take_said(actor, ircmsg_param(&message, 1));
    if (text_is(message.verb, "QUIT") && text_begins(message.source, "kim!"))
        actor->quits++;
}

static void listen_to(struct actor *actor) {
    static char buffer[65536];
    struct text line;
    bool more = true, open = actor->wire.fd >= 0;
    while (open && more) {
        open = wire_read(&actor->wire, buffer, sizeof buffer, &more);
        while (framer_next(&actor->wire.framer, &line) == FRAMED_LINE)
            take(actor, line);
        framer_keep(&actor->wire.framer);
    }
    if (open) open = wire_flush(&actor->wire);
    if (!open) wire_close(&actor->wire);
}

/* Until somebody hears something; not long, as others are looked at, too. */
static void live(struct scene *scene) {
    struct pollfd heard[ACTORS];
    for (unsigned i = 0; i < ACTORS; i++) {
        listen_to(&scene->actors[i]);
        heard[i] = (struct pollfd){scene->actors[i].wire.fd, POLLIN, 0};
    }
    poll(heard, ACTORS, LOOK_MS);
}

static void live_for(struct scene *scene, int64_t duration) {
    int64_t end = trial_now() + duration;
    while (trial_now() < end)
        live(scene);
}

static bool all_entered(const struct scene *scene) {
    for (unsigned i = 0; i < ACTORS; i++)
        if (!scene->actors[i].entered) return false;
    return true;
}

/* While it is stuck ---------------------------------------------------------
 */

static sqlite3 *hold(const struct scene *scene) {
    char path[TRIAL_PATH];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/minichat.db", scene->trial.state);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_busy_timeout(db, 5000) == SQLITE_OK &&
        sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK)
        return db;
    sqlite3_close(db);
    return NULL;
}

static void release(sqlite3 *db) {
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(db);
}

/* Its own line waits, and every answer behind it. */
static void ask_without_end(struct scene *scene) {
    struct actor *asker = &scene->actors[ASK];
    long before = trial_memory(scene->trial.server, "VmRSS:");
    int64_t end = trial_now() + ASKED_MS;
    type(asker, "hello");
    for (int asked = 0; trial_now() < end; live(scene)) {
        if (asker->wire.waiting > 0 || asked == QUESTIONS) continue;
        for (int i = 0; i < BURST; i++, asked++)
            type(asker, "/help");
    }
    long growth = trial_memory(scene->trial.server, "VmRSS:") - before;
    printf("stuck: questions without end took %ld KiB\n", growth);
    if (growth > GROWTH_KIB) fault(scene, "which is too much");
    wire_close(&asker->wire);
}

static void speak(struct scene *scene) {
    char line[160];
    for (int s = 0; s < SPEAKERS; s++)
        for (int n = 0; n < LINES; n++) {
            snprintf(line, sizeof line, "PRIVMSG #lobby :%d %d %090d", s, n, n);
            type(&scene->actors[s], line);
        }
}

/* Without the end of the line. */
static void end_input(struct actor *actor) {
    static const char words[] = "last words";
    if (actor->wire.fd < 0) return;
    if (send(actor->wire.fd, words, sizeof words - 1, MSG_NOSIGNAL) > 0)
        shutdown(actor->wire.fd, SHUT_WR);
}

static void expect_turned_away(struct scene *scene) {
    struct actor newcomer;
    int64_t end = trial_now() + TURNED_MS;
    dial(scene, &newcomer);
    while (trial_now() < end && newcomer.wire.fd >= 0) {
        listen_to(&newcomer);
        live(scene);
    }
    if (!newcomer.turned_away) fault(scene, "a newcomer was not told why");
    wire_close(&newcomer.wire);
}

static void silence(struct scene *scene) {
    for (unsigned i = 0; i < ACTORS; i++)
        scene->actors[i].total = 0;
}

/* Nothing that is not on the disk was heard. */
static void expect_silence(struct scene *scene) {
    for (unsigned i = 0; i < ACTORS; i++)
        if (scene->actors[i].total || scene->actors[i].quits)
            fault(scene, "%s heard something too early", scene->actors[i].nick);
}

/* SQLite itself waits for some seconds before it says that it must. */
static bool get_stuck(struct scene *scene) {
    int64_t end = trial_now() + PATIENCE_MS;
    while (!scene->actors[PAT].troubled && trial_now() < end)
        live(scene);
    return scene->actors[PAT].troubled;
}

/* Not for so long that it would be told. */
static bool play_slow(struct scene *scene) {
    sqlite3 *db = hold(scene);
    if (!db) return false;
    ask_without_end(scene);
    expect_silence(scene);
    release(db);
    int64_t end = trial_now() + PATIENCE_MS;
    while (scene->actors[0].total == 0 && trial_now() < end)
        live(scene);
    live_for(scene, GONE_MS);
    silence(scene);
    return true;
}

static bool play_stuck(struct scene *scene) {
    sqlite3 *db = hold(scene);
    if (!db) return false;
    speak(scene);
    bool stuck = get_stuck(scene);
    end_input(&scene->actors[KIM]);
    live_for(scene, GONE_MS);
    expect_turned_away(scene);
    expect_silence(scene);
    release(db);
    return stuck;
}

/* Afterwards ----------------------------------------------------------------
 */

static bool has_all(const struct scene *scene, int n) {
    const struct actor *actor = &scene->actors[n];
    for (int s = 0; s < SPEAKERS; s++)
        if (actor->heard[s] != (s == n ? 0 : LINES)) return false;
    return actor->orderly && actor->last_words == 1 && actor->quits == 1;
}

static bool all_have_all(const struct scene *scene) {
    for (int n = 0; n < KIM; n++)
        if (!has_all(scene, n)) return false;
    return scene->actors[KIM].wire.fd < 0;
}

static void expect_all(struct scene *scene) {
    int64_t end = trial_now() + PATIENCE_MS;
    while (!all_have_all(scene) && trial_now() < end)
        live(scene);
    live_for(scene, GONE_MS);
    for (int n = 0; n < ACTORS; n++) {
        const struct actor *actor = &scene->actors[n];
        bool is_here = actor->wire.fd >= 0, stays = n != KIM && n != ASK;
        if (is_here != stays)
            fault(scene, "%s is %s", actor->nick, is_here ? "here" : "gone");
        if (n < KIM && !has_all(scene, n))
            fault(scene,
                  "%s heard %u, %u and %u lines%s, %u last words, %u farewells",
                  actor->nick, actor->heard[0], actor->heard[1],
                  actor->heard[2], actor->orderly ? "" : " out of order",
                  actor->last_words, actor->quits);
        if (stays && (actor->troubled != 1 || actor->relieved != 1))
            fault(scene,
                  "%s was told %u times that it waits, %u that it does "
                  "not",
                  actor->nick, actor->troubled, actor->relieved);
    }
}

static bool begin(struct scene *scene) {
    int64_t end = trial_now() + PATIENCE_MS;
    FILE *config = fopen(scene->trial.config, "w");
    if (!config) return false;
    fprintf(config,
            "[auth]\nloopback = no\nguests = yes\n[limits]\nrate = "
            "0\nguest-rate = 0\n"
            "send-lines = %d\n",
            SEND_LINES);
    fclose(config);
    if (!trial_start(&scene->trial, NULL)) return false;
    for (int n = 0; n < ACTORS; n++)
        enter(scene, n);
    while (!all_entered(scene) && trial_now() < end)
        live(scene);
    live_for(scene, GONE_MS);
    return all_entered(scene);
}

int main(void) {
    static struct scene scene;
    setenv("ASAN_OPTIONS", "quarantine_size_mb=8", 0);
    trial_open(&scene.trial);
    if (!begin(&scene) || !play_slow(&scene) || !play_stuck(&scene))
        fault(&scene, "it could not be played");
    else
        expect_all(&scene);
    for (int n = 0; n < ACTORS; n++)
        wire_close(&scene.actors[n].wire);
    if (trial_stop(&scene.trial, SIGTERM) != 0)
        fault(&scene, "it did not end well");
    if (scene.faults) trial_show_log(&scene.trial);
    bool clean = trial_close(&scene.trial);
    if (!scene.faults) puts("stuck: all heard everything, in order");
    return clean && !scene.faults ? EXIT_SUCCESS : EXIT_FAILURE;
}
