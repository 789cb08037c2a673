/* The real client and a server that means it ill.
 *
 *     injection_client screen | welcome | tail | json
 *
 * The server says every text of the corpus in every field that a server has.
 * After each text the client must have taken all of it, answer a PING, and:
 *   screen  what it wrote to its terminal is what a program that draws writes;
 *           frame, input line and cursor are where they were, and so are the
 *           terminal's modes, until the client is left; its title is harmless
 *   welcome the same, for a new client each time, from its first line on
 *           until it is told why the connection ends
 *   tail    what it wrote to a pipe is lines of harmless text
 *   json    the same, and each line is an object */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "protocol/container.h"
#include "tests/injection/corpus.h"
#include "tests/injection/fields.h"
#include "tests/injection/host.h"
#include "tests/injection/stream.h"
#include "tests/talk/terminal.h"
#include "tests/talk/trial.h"

enum {
    ROWS = 30,
    COLUMNS = 100,
    BORDER = 81, /* column of the line beside the members */
    RULE = 2,    /* its row, below the topic */
    STATUS = ROWS - 2,
    INPUT = ROWS - 1,
    PATIENCE_MS = 20000,
};

static const char PROMPT[] = "ada> ";

struct scene {
    struct busy busy;
    struct host host;
    struct corpus corpus;
    struct trial trial;
    struct terminal *terminal; /* screen */
    int pipe;                  /* tail, json */
    bool json;
    pid_t program;
    FILE *record; /* what the client wrote since it was last judged */
    char *bytes;
    size_t length;
    uint64_t number; /* of the attack, from 1 */
    const char *what;
    unsigned failures;
    int64_t until;
};

static void complain(struct scene *scene, const char *why) {
    fprintf(stderr, "%s: %s\n", scene->what, why);
    scene->failures++;
}

/* What is written meanwhile ----------------------------------------------- */

static void read_pipe(struct scene *scene) {
    char bytes[16384];
    ssize_t got;
    while ((got = read(scene->pipe, bytes, sizeof bytes)) > 0)
        fwrite(bytes, 1, (size_t)got, scene->record);
}

static void look(struct busy *busy) {
    struct scene *scene = container_of(busy, struct scene, busy);
    if (scene->terminal)
        terminal_read(scene->terminal);
    else
        read_pipe(scene);
}

static void wait_a_little(struct scene *scene) {
    struct pollfd pollers[] = {
        {host_descriptor(&scene->host), POLLIN, 0},
        {scene->terminal ? scene->terminal->fd : scene->pipe, POLLIN, 0},
    };
    int64_t left = scene->until - trial_now();
    if (left > 0) poll(pollers, 2, (int)left);
    look(&scene->busy);
    host_serve(&scene->host);
}

static void begin_record(struct scene *scene) {
    scene->record = open_memstream(&scene->bytes, &scene->length);
    if (!scene->record) abort();
    if (scene->terminal) scene->terminal->record = scene->record;
}

static void end_record(struct scene *scene) {
    if (fclose(scene->record) != 0) abort();
    if (scene->terminal) scene->terminal->record = NULL;
}

static bool is_recorded(struct scene *scene, const char *words) {
    fflush(scene->record);
    return memmem(scene->bytes, scene->length, words, strlen(words));
}

/* The screen --------------------------------------------------------------- */

static bool cell_is(const struct scene *scene, int row, int column,
                    uint32_t character) {
    VTermScreenCell cell;
    VTermPos at = {row, column};
    return vterm_screen_get_cell(scene->terminal->screen, at, &cell) &&
           cell.chars[0] == character && cell.chars[1] == 0;
}

static struct text row(const struct scene *scene, int number,
                       char bytes[ROW_SIZE]) {
    return terminal_row(scene->terminal, number, bytes);
}

static const char *judge_frame(const struct scene *scene) {
    char bytes[ROW_SIZE];
    for (int y = RULE + 1; y < STATUS; y++)
        if (!cell_is(scene, y, BORDER, L'│')) return "the border is broken";
    if (!cell_is(scene, RULE, BORDER, L'┬') ||
        !cell_is(scene, STATUS, BORDER, L'┴'))
        return "the border's ends are gone";
    for (int x = 0; x < COLUMNS; x++)
        if (x != BORDER && !cell_is(scene, RULE, x, L'─'))
            return "the rule below the topic is broken";
    if (!cell_is(scene, STATUS, 0, L'─') ||
        !cell_is(scene, STATUS, COLUMNS - 1, L'─'))
        return "the status line is broken";
    if (!text_begins(row(scene, 1, bytes), " #lobby"))
        return "the topic line is another one";
    return NULL;
}

static const char *judge_terminal(const struct scene *scene) {
    const struct terminal *terminal = scene->terminal;
    if (judge_shown(text_of(terminal->title))) return "the title is harmful";
    if (!terminal->mouse) return "the mouse is no longer watched";
    if (!terminal->focus) return "focus is no longer told";
    if (!terminal->alternate) return "the alternate screen is left";
    if (!terminal->bracketed) return "pastes are no longer marked";
    if (terminal->bells) return "the bell rang";
    return NULL;
}

static bool input_stands(const struct scene *scene) {
    char bytes[ROW_SIZE];
    const struct terminal *terminal = scene->terminal;
    return text_is(text_trim(row(scene, INPUT, bytes)), "ada>") &&
           terminal->cursor.row == INPUT &&
           terminal->cursor.col == (int)strlen(PROMPT) &&
           terminal->cursor_visible;
}

static bool is_shown(const struct scene *scene, const char *words) {
    char bytes[ROW_SIZE];
    for (int y = 0; y < ROWS; y++) {
        struct text text = row(scene, y, bytes);
        if (memmem(text.at, text.length, words, strlen(words))) return true;
    }
    return false;
}

/* No attack reached the terminal, not even as a part of something that would
 * be harmless there. */
static void judge_bytes(struct scene *scene) {
    struct text bytes = text_slice(scene->bytes, scene->length);
    struct text attack = scene->corpus.attacks[scene->number - 1].text;
    const char *why =
        scene->terminal ? judge_stream(bytes) : judge_shown(bytes);
    if (why) complain(scene, why);
    if (corpus_is_harmful(attack) &&
        memmem(bytes.at, bytes.length, attack.at, attack.length))
        complain(scene, "it was written as it came");
}

/* What is wrong is told to standard error, in words. */
static void judge_objects(struct scene *scene) {
    struct text rest = text_slice(scene->bytes, scene->length);
    while (rest.length > 0) {
        struct text line = text_piece(&rest, '\n');
        json_t *object = json_loadb(line.at, line.length, 0, NULL);
        bool error = text_begins(line, "! ") || text_begins(line, "[");
        if (!json_is_object(object) && !error) {
            complain(scene, "a line is no object");
            fprintf(stderr, "%.*s\n", (int)line.length, line.at);
        }
        json_decref(object);
    }
}

/* The attack --------------------------------------------------------------- */

static bool say(struct scene *scene, const char *pattern, struct text attack) {
    char line[512];
    snprintf(line, sizeof line, "%s\r\n", pattern);
    struct text bytes = corpus_fill(line, attack);
    bool sent = host_send(&scene->host, bytes, scene->until, &scene->busy);
    free((char *)bytes.at);
    return sent;
}

/* Some attacks succeed in what any server may do. */
static bool restore(struct scene *scene) {
    struct text nothing = text_of("");
    return say(scene,
               ":s 005 ada NETWORK=net CHANTYPES=# PREFIX=(ov)@+ "
               "CHANMODES=beI,k,l,imnpst :are supported",
               nothing) &&
           say(scene, ":eve!e@h TOPIC #lobby :calm", nothing) &&
           say(scene, ":s 305 ada :back", nothing);
}

static bool attack(struct scene *scene, struct text text) {
    char mark[128];
    for (const char *const *field = fields_server; *field; field++)
        if (!say(scene, *field, text)) return false;
    snprintf(
        mark, sizeof mark, ":eve!e@h PRIVMSG #lobby :mark-%llu.\r\nPING :%llu",
        (unsigned long long)scene->number, (unsigned long long)scene->number);
    return restore(scene) && say(scene, mark, text_of(""));
}

static bool is_whole(const struct scene *scene) {
    const struct terminal *terminal = scene->terminal;
    return stream_is_whole(text_slice(terminal->raw, terminal->raw_length));
}

static bool is_settled(struct scene *scene) {
    char mark[64];
    snprintf(mark, sizeof mark, "mark-%llu.",
             (unsigned long long)scene->number);
    if (scene->host.answered != scene->number) return false;
    if (!scene->terminal) return is_recorded(scene, mark);
    return is_shown(scene, mark) && input_stands(scene) && is_whole(scene);
}

static void show_screen(const struct scene *scene) {
    char bytes[ROW_SIZE];
    if (!scene->terminal) return;
    fprintf(stderr, "cursor %d %d\n", scene->terminal->cursor.row,
            scene->terminal->cursor.col);
    for (int y = 0; y < ROWS; y++) {
        struct text text = row(scene, y, bytes);
        fprintf(stderr, "%3d|%.*s\n", y, (int)text.length, text.at);
    }
}

/* False where there is nobody left to go on with. */
static bool try(struct scene *scene, const struct attack *one) {
    unsigned before = scene->failures;
    scene->what = one->name;
    scene->number++;
    scene->until = trial_now() + PATIENCE_MS;
    begin_record(scene);
    bool said = attack(scene, one->text);
    while (said && !is_settled(scene) && !scene->host.gone &&
           trial_now() < scene->until)
        wait_a_little(scene);
    bool settled = said && is_settled(scene);
    if (!settled)
        complain(scene, scene->host.gone ? "the client is gone"
                                         : "the client does not go on");
    end_record(scene);
    judge_bytes(scene);
    if (scene->json) judge_objects(scene);
    if (settled && scene->terminal) {
        const char *why = judge_frame(scene);
        if (why) complain(scene, why);
        if ((why = judge_terminal(scene))) complain(scene, why);
    }
    free(scene->bytes);
    if (scene->failures > before) show_screen(scene);
    return settled && scene->failures < 10;
}

/* The scenes --------------------------------------------------------------- */

static bool wait_for_client(struct scene *scene) {
    scene->what = "at the start";
    scene->until = trial_now() + PATIENCE_MS;
    while (!scene->host.joined && trial_now() < scene->until)
        wait_a_little(scene);
    while (scene->terminal && !input_stands(scene) &&
           trial_now() < scene->until)
        wait_a_little(scene);
    if (scene->host.joined) return true;
    complain(scene, "the client does not come");
    return false;
}

static void try_all(struct scene *scene) {
    const char *only = getenv("MINICHAT_ATTACK");
    for (size_t i = 0; i < scene->corpus.count; i++) {
        const struct attack *one = &scene->corpus.attacks[i];
        scene->number = i;
        if (only && strcmp(only, one->name) != 0) continue;
        if (!try(scene, one)) break;
    }
}

static void open_screen(struct scene *scene) {
    char path[TRIAL_PATH], command[128];
    trial_program("", path);
    snprintf(command, sizeof command,
             "MINICHAT_LOW_BANDWIDTH=off MINICHAT_NOTIFY=off exec minichat "
             "-n ada irc://127.0.0.1:%u '#lobby'",
             scene->host.port);
    scene->terminal =
        terminal_open(command, scene->trial.directory, path, 0, ROWS, COLUMNS);
    if (scene->terminal) return;
    fprintf(stderr, "there is no pty\n");
    exit(2);
}

/* Whoever leaves finds the terminal as it was. */
static void leave_screen(struct scene *scene) {
    struct terminal *terminal = scene->terminal;
    scene->until = trial_now() + PATIENCE_MS;
    terminal_type(terminal, text_of("/quit\r"));
    while (!terminal->ended && trial_now() < scene->until)
        wait_a_little(scene);
    if (!terminal->ended) complain(scene, "the client does not leave");
    if (terminal->alternate || terminal->bracketed || terminal->mouse ||
        terminal->focus || !terminal->cursor_visible)
        complain(scene, "the terminal is not as it was");
    if (terminal->title[0]) complain(scene, "the window has a title");
    terminal_close(terminal);
    scene->terminal = NULL;
}

static void play_screen(struct scene *scene) {
    open_screen(scene);
    if (wait_for_client(scene)) try_all(scene);
    scene->what = "at the end";
    leave_screen(scene);
}

/* Until it has taken the welcome, until it says that the connection is lost. */
static bool welcome(struct scene *scene, struct text text) {
    char ping[32];
    struct host *host = &scene->host;
    snprintf(ping, sizeof ping, "PING :%llu",
             (unsigned long long)scene->number);
    for (const char *const *field = fields_welcome; *field; field++)
        if (!say(scene, *field, text)) return false;
    if (!say(scene, ping, text_of(""))) return false;
    while (host->answered != scene->number && !host->gone &&
           trial_now() < scene->until)
        wait_a_little(scene);
    if (host->answered != scene->number) return false;
    if (!say(scene, "ERROR :\f", text)) return false;
    host_drop(host);
    while (!is_shown(scene, "retry in") && trial_now() < scene->until)
        wait_a_little(scene);
    return is_shown(scene, "retry in");
}

/* The frame that says so is drawn to its end. */
static bool is_at_rest(const struct scene *scene) {
    return is_shown(scene, "retry in") &&
           scene->terminal->cursor.row == INPUT &&
           scene->terminal->cursor_visible && is_whole(scene);
}

static void try_welcome(struct scene *scene, const struct attack *one) {
    const struct terminal *terminal = scene->terminal;
    scene->what = one->name;
    scene->until = trial_now() + PATIENCE_MS;
    while (!(scene->host.ready && terminal->bracketed) &&
           trial_now() < scene->until)
        wait_a_little(scene);
    begin_record(scene);
    if (!welcome(scene, one->text))
        complain(scene, "the client does not go on");
    while (!is_at_rest(scene) && trial_now() < scene->until)
        wait_a_little(scene);
    if (!is_at_rest(scene)) complain(scene, "the cursor is elsewhere");
    end_record(scene);
    judge_bytes(scene);
    free(scene->bytes);
    const char *why = judge_terminal(scene);
    if (why) complain(scene, why);
}

static void play_welcome(struct scene *scene) {
    scene->host.silent = true;
    for (size_t i = 0; i < scene->corpus.count && !scene->failures; i++) {
        scene->number = i + 1;
        open_screen(scene);
        try_welcome(scene, &scene->corpus.attacks[i]);
        if (scene->failures) show_screen(scene);
        leave_screen(scene);
        host_drop(&scene->host);
    }
}

static void start_tail(struct scene *scene) {
    char program[TRIAL_PATH], address[64];
    char *words[] = {program,
                     "-n",
                     "ada",
                     address,
                     "tail",
                     "#lobby",
                     scene->json ? "--json" : NULL,
                     NULL};
    int ends[2];
    trial_program("minichat", program);
    snprintf(address, sizeof address, "irc://127.0.0.1:%u", scene->host.port);
    if (pipe2(ends, O_CLOEXEC) != 0) abort();
    scene->program = trial_spawn(words, -1, ends[1], ends[1]);
    close(ends[1]);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    scene->pipe = ends[0];
}

static void play_tail(struct scene *scene) {
    start_tail(scene);
    begin_record(scene);
    bool came = wait_for_client(scene);
    end_record(scene);
    free(scene->bytes);
    if (came) try_all(scene);
    kill(scene->program, SIGTERM);
    if (trial_reap(scene->program, trial_now() + PATIENCE_MS) < 0)
        complain(scene, "the client does not leave");
    close(scene->pipe);
}

static void play_json(struct scene *scene) {
    scene->json = true;
    play_tail(scene);
}

static void play(struct scene *scene, void (*part)(struct scene *)) {
    scene->busy.look = look;
    corpus_open(&scene->corpus, "tests/injection/corpus.txt");
    trial_open(&scene->trial);
    host_open(&scene->host);
    part(scene);
    host_close(&scene->host);
    trial_close(&scene->trial);
    corpus_close(&scene->corpus);
}

int main(int count, char **words) {
    static const struct {
        const char *name;
        void (*part)(struct scene *);
    } parts[] = {{"screen", play_screen},
                 {"welcome", play_welcome},
                 {"tail", play_tail},
                 {"json", play_json}};
    struct scene scene = {0};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (count != 2 || strcmp(words[1], parts[i].name) != 0) continue;
        play(&scene, parts[i].part);
        printf("%s\n", scene.failures ? "failed" : "ok");
        return scene.failures ? 1 : 0;
    }
    fprintf(stderr, "usage: injection_client screen | welcome | tail | json\n");
    return 2;
}
