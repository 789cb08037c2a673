/* The corpus through ssh, on the machine of tests/ssh/machine.sh.
 *
 *     injection_ssh SOCKET PORT
 *
 * Everybody who listens hears what is sent by three ways: from the machine's
 * Unix socket forwarded to PORT (ssh -L), in both dialects; as the standard
 * input of `ssh chat@box`; and as words of `ssh chat@box send`. bob has the
 * client on a terminal of `ssh -t chat@box` and lines of `ssh chat@box`, ada
 * objects of `ssh chat@box tail --json`; ned and ivan are at SOCKET, in plain
 * text and in IRC. The ssh connections are there already (ssh -S NAME.master).
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "tests/injection/ends.h"
#include "tests/injection/fields.h"
#include "tests/injection/stream.h"
#include "tests/talk/terminal.h"
#include "tests/talk/trial.h"

enum { ROWS = 24, COLUMNS = 100, INPUT = ROWS - 1 };
enum who { LINES, OBJECTS, NED, IVAN, MIA, EVE, EVIL, PIPED, WORDS, ENDS };

struct scene {
    struct ends ends;
    struct corpus corpus;
    char *socket, *port;
    struct terminal *screen;
    FILE *record; /* what the screen was sent during one attack */
    char *bytes;
    size_t length;
    uint64_t number;
};

/* Judges ------------------------------------------------------------------- */

/* The client has errors of its own. */
static const char *judge_client(struct text line) {
    if (text_begins(line, "minichat: ")) return judge_shown(line);
    return judge_plain(line);
}

static const char *judge_object(struct text line) {
    if (!text_begins(line, "{")) return "it is no object";
    return judge_shown(line);
}

/* The screen --------------------------------------------------------------- */

static void open_screen(struct scene *scene) {
    scene->screen =
        terminal_open("exec ssh -t -F /etc/ssh/ssh_config -S "
                      "/home/tester/bob.master chat@box",
                      "/home/tester", "/usr/local/bin", 0, ROWS, COLUMNS);
    if (!scene->screen) abort();
}

static bool is_shown(const struct scene *scene, const char *words) {
    char bytes[ROW_SIZE];
    for (int row = 0; row < ROWS; row++) {
        struct text text = terminal_row(scene->screen, row, bytes);
        if (memmem(text.at, text.length, words, strlen(words))) return true;
    }
    return false;
}

static bool is_at_rest(const struct scene *scene) {
    const struct terminal *screen = scene->screen;
    return screen->cursor.row == INPUT && screen->cursor_visible &&
           screen->bracketed && screen->mouse && screen->focus &&
           stream_is_whole(text_slice(screen->raw, screen->raw_length));
}

static void watch(struct scene *scene) {
    struct pollfd poller = {scene->screen->fd, POLLIN, 0};
    int64_t left = scene->ends.until - trial_now();
    if (left > 0) poll(&poller, 1, (int)left);
    terminal_read(scene->screen);
}

static void see(struct scene *scene, const char *words) {
    ends_be_patient(&scene->ends);
    while (!(is_shown(scene, words) && is_at_rest(scene)) &&
           !scene->screen->ended && trial_now() < scene->ends.until)
        watch(scene);
    if (!is_shown(scene, words) || !is_at_rest(scene))
        ends_complain(&scene->ends, "the screen", "it does not show",
                      text_of(words));
}

static const char *judge_modes(const struct terminal *screen) {
    if (judge_shown(text_of(screen->title))) return "the title is harmful";
    if (!screen->alternate) return "the alternate screen is left";
    if (!screen->bracketed) return "pastes are no longer marked";
    return NULL;
}

static void judge_screen(struct scene *scene, struct text attack) {
    struct text bytes = text_slice(scene->bytes, scene->length);
    const char *why = judge_stream(bytes);
    if (!why) why = judge_modes(scene->screen);
    if (!why && corpus_is_harmful(attack) &&
        memmem(bytes.at, bytes.length, attack.at, attack.length))
        why = "it was written as it came";
    if (why) ends_complain(&scene->ends, "the screen", why, attack);
}

static void begin_record(struct scene *scene) {
    scene->record = open_memstream(&scene->bytes, &scene->length);
    if (!scene->record) abort();
    scene->screen->record = scene->record;
}

static void end_record(struct scene *scene, struct text attack) {
    scene->screen->record = NULL;
    if (fclose(scene->record) != 0) abort();
    judge_screen(scene, attack);
    free(scene->bytes);
}

/* Everybody ---------------------------------------------------------------- */

static void run_ssh(struct scene *scene, enum who who, const char *name,
                    char *master, char *const asked[],
                    const char *(*judge)(struct text)) {
    char *words[16] = {"/usr/bin/ssh", "-T", "-S", master, "chat@box", "--"};
    for (size_t i = 6; asked && *asked; i++)
        words[i] = *asked++;
    end_run(&scene->ends.all[who], name, words, judge);
}

static void run_nc(struct scene *scene, enum who who, const char *name,
                   const char *(*judge)(struct text)) {
    char *words[] = {"/usr/bin/nc", "-U", scene->socket, NULL};
    end_run(&scene->ends.all[who], name, words, judge);
}

static void enter_irc(struct end *end) {
    struct text nothing = text_of("");
    end_say(end, "CAP REQ :message-tags server-time account-tag setname",
            nothing);
    end_say(end, "NICK x\nUSER x 0 * :X\nCAP END\nJOIN #lobby", nothing);
    end_speak(end);
}

static void everybody_comes(struct scene *scene) {
    char *tail[] = {"tail", "'#lobby'", "--json", NULL};
    run_nc(scene, MIA, "mia", judge_plain);
    end_say(&scene->ends.all[MIA], "/who", text_of(""));
    run_nc(scene, NED, "ned", judge_plain);
    end_say(&scene->ends.all[NED], "/who", text_of(""));
    run_nc(scene, IVAN, "ivan", judge_irc);
    enter_irc(&scene->ends.all[IVAN]);
    run_ssh(scene, LINES, "bob's lines", "bob.master", NULL, judge_client);
    run_ssh(scene, OBJECTS, "ada's objects", "ada.master", tail, judge_object);
    open_screen(scene);
    see(scene, "bob>");
    terminal_type(scene->screen, text_of("/set notify off\r"));
    see(scene, "bob>");
}

/* The attack --------------------------------------------------------------- */

/* As words, where they can be any: a program's have no NUL. */
static char *word_of(struct text text) {
    if (text.length > 8000 || text_find(text, '\0') < text.length) return NULL;
    return memory_string(text.at, text.length);
}

static bool attackers_are_there(const struct scene *scene) {
    for (enum who who = EVE; who < ENDS; who++)
        if (scene->ends.all[who].out >= 0) return true;
    return false;
}

static void begin_attack(struct scene *scene, struct text text, char *word) {
    struct end *all = scene->ends.all;
    char *send[] = {"send", "'#lobby'", word, NULL};
    end_dial(&all[EVIL], "eve in IRC", scene->port, judge_irc);
    enter_irc(&all[EVIL]);
    end_say_all(&all[EVIL], fields_irc, text);
    end_dial(&all[EVE], "eve", scene->port, judge_plain);
    end_say(&all[EVE], "/who", text);
    end_say_all(&all[EVE], fields_plain, text);
    run_ssh(scene, PIPED, "piped", "ada.master", NULL, judge_client);
    end_say_all(&all[PIPED], fields_plain, text);
    if (word) run_ssh(scene, WORDS, "words", "bob.master", send, judge_client);
    for (enum who who = EVE; who < ENDS; who++)
        end_finish(&all[who]);
}

static void attack(struct scene *scene, struct text text) {
    char *word = word_of(text);
    begin_attack(scene, text, word);
    ends_be_patient(&scene->ends);
    while (attackers_are_there(scene) && trial_now() < scene->ends.until)
        ends_turn(&scene->ends);
    for (enum who who = EVE; who < ENDS; who++) {
        struct end *end = &scene->ends.all[who];
        if (end->out >= 0)
            ends_complain(&scene->ends, end->name, "it does not end", text);
        end_release(end);
    }
    free(word);
}

static bool try(struct scene *scene, const struct attack *one) {
    char mark[32];
    scene->ends.what = one->name;
    begin_record(scene);
    attack(scene, one->text);
    end_say_all(&scene->ends.all[NED], questions_plain, text_of(""));
    end_say_all(&scene->ends.all[IVAN], questions_irc, text_of(""));
    bool heard =
        ends_meet(&scene->ends, &scene->ends.all[MIA], ++scene->number);
    snprintf(mark, sizeof mark, "-%llu", (unsigned long long)scene->number);
    see(scene, mark);
    end_record(scene, one->text);
    return heard && scene->ends.failures < ENDS_FAILURES;
}

static void try_all(struct scene *scene) {
    const char *only = getenv("MINICHAT_ATTACK");
    everybody_comes(scene);
    if (!ends_come_together(&scene->ends, &scene->ends.all[MIA])) return;
    for (size_t i = 0; i < scene->corpus.count; i++) {
        const struct attack *one = &scene->corpus.attacks[i];
        if (only && strcmp(only, one->name) != 0) continue;
        if (!try(scene, one)) return;
    }
}

static void show_screen(const struct scene *scene) {
    char bytes[ROW_SIZE];
    for (int row = 0; scene->screen && row < ROWS; row++) {
        struct text text = terminal_row(scene->screen, row, bytes);
        fprintf(stderr, "%3d|%.*s\n", row + 1, (int)text.length, text.at);
    }
}

int main(int count, char **words) {
    if (count != 3) return 2;
    struct scene *scene = memory_new(1, sizeof *scene);
    scene->socket = words[1];
    scene->port = words[2];
    scene->number = ENDS_MARKS;
    signal(SIGPIPE, SIG_IGN);
    corpus_open(&scene->corpus, getenv("MINICHAT_CORPUS"));
    ends_init(&scene->ends, ENDS, EVE);
    scene->ends.what = "at the start";
    try_all(scene);
    unsigned failures = scene->ends.failures, judged = scene->ends.judged;
    if (failures) show_screen(scene);
    for (enum who who = LINES; who < ENDS; who++)
        end_release(&scene->ends.all[who]);
    terminal_close(scene->screen);
    corpus_close(&scene->corpus);
    free(scene);
    printf("%s, %u lines judged\n", failures ? "failed" : "ok", judged);
    return failures ? 1 : 0;
}
