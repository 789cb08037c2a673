/* Plays a conversation with a real server and compares what each one hears.
 *
 *     talk_player FILE.talk
 *
 * A conversation reads like a transcript. Each line is one step; a step that
 * does not come true within 15 seconds, so that a slow machine with much else
 * to do gets there, ends the scene, and the whole transcript is shown. How soon
 * something must come, `clock` says. NAME is any word; it is somebody with a
 * connection.
 *
 *   NAME unix [user=U]          connects to the Unix socket (as Unix user U)
 *   NAME tcp [token=T] [from=afar]
 *                               connects to TCP; logs in with token T;
 * from=afar: little is on its way between them NAME tls [token=T] [shows=C]
 * [port=P] connects to TCP with TLS, shows certificate C; {NAME.key} and
 * {NAME.certificate} are the SHA-256 of the server's NAME irc [nick=N]
 * [token=T] [over=unix|tls] [user=U] [shows=C] [port=P] registers as an IRC
 * client, up to the MOTD all but unix: by-proxy=ADDRESS says first, as a proxy,
 * that it comes for that address NAME> TEXT                  sends a line NAME
 * sends-raw TEXT         sends bytes, without a line end NAME pours N TEXT
 * sends so many lines at once; {n} as in repeat NAME< PATTERN               the
 * next line that it receives is this NAME<~ PATTERN              lines are left
 * out until there is this NAME<? PATTERN              this is among the next
 * lines, in any order: those before it stay for later steps and {NAME.msgid} is
 * what its tag msgid says NAME hears nothing          until the server has
 * answered one more request NAME shuts                  ends its side of the
 * stream (FIN) NAME closes | resets        goes away with FIN, with RST NAME
 * breaks                 with FIN, and without the last word of TLS certificate
 * C HOST [by C2] [like C2] [old] {directory}/C.pem, its key's SHA-256 {C.key};
 *                               signed by C2, with C2's key, long expired
 *   NAME listens [tls C]        on a free port {NAME}, as a server of its own
 *   NAME hides                  nobody listens there; `listens` again does
 *   NAME accepts                the next one who connects to it
 *   NAME welcomes [CAP…] [005 TOKEN…]
 *                               accepts and registers an IRC client; offers
 *                               these, and {NAME.nick} is what it calls itself
 *   NAME is closed              the server ended the stream; nothing is unread
 *
 *   NAME runs 80x24 [user=U] COMMAND
 *                               on a terminal of its own, in a fresh HOME
 *   NAME types TEXT             \r is Enter
 *   NAME sees PATTERN           it stands in some row, now or soon
 *   NAME misses PATTERN         it stands in none
 *   NAME shows N PATTERN        it stands in so many rows, now or soon
 *   NAME row N PATTERN          row N is this (-1: the last)
 *   NAME cursor ROW COLUMN      counted from 1
 *   NAME title PATTERN          of the terminal's window
 *   NAME has | lacks MODE...    alternate, cursor, mouse, paste, focus
 *   NAME resizes 40x10
 *   NAME stalls [over]          its terminal, or its connection, is not read
 *                               until it is over
 *   NAME emits BYTES            they are written to its terminal, after what
 *                               the last such step found
 *   NAME emitted-no BYTES       they were not, so far
 *   NAME wrote N                at most N bytes since the last such step
 *   NAME idles SECONDS          so long it writes nothing and wakes at most
 *                               once; that begins soon
 *   NAME rang N                 so many bells since the last such step
 *   NAME plain | coloured TEXT  it stands there without, all of it with, a
 *                               colour or an attribute; TEXT is ASCII
 *   NAME border COLUMN FROM TO TEXT
 *                               it is in that column in each of these rows
 *   NAME keeps PATTERN          a file in its HOME has this line, or gets it:
 *                               the pattern is of PATH:LINE
 *   NAME keeps-no PATTERN       none has, now or soon
 *   NAME gets SIGNAL            KILL, TERM, SEGV, ...
 *   NAME ends STATUS            it is over, and the terminal is let go
 *
 *   config SECTION KEY = VALUE  for the server, before the first connection, or
 *                               before it is told to reload
 *   config forgets              all that was set before
 *   server starts [OPTION…]     is only needed for options, or after an end
 *   server fails [OPTION…]      it must refuse to start
 *   server stops | dies         SIGTERM and a clean end, SIGKILL
 *   server< WORDS               its log says so, now or soon
 *   token T = issue ARG…        minichatctl token issue ARG…, kept as T
 *   let V = TEXT
 *   ctl ARG…   ctl! ARG…        minichatctl succeeds, fails; then what it
 *   ctl< PATTERN                printed is read like what anyone receives
 *   within SECONDS              for the following steps
 *   clock starts                and since then have passed, so far,
 *   clock at-least | at-most MS
 *   repeat N STEP               {n} counts from 1
 *   only root                   the scene is skipped for others
 *   only has PATH               it is skipped where there is no such file
 *   port V                      {V} is a port where nobody listens
 *   without FOLDER              it is empty for this scene, or there is none;
 *                               skipped where root's rights would be needed
 *
 * In all texts {V} is a variable (port, socket, directory, me: the Unix user's
 * own name, {programs} and {source}: the folders of
 * the build and of the sources, tokens), {x*1000} a thousand x, and \xHH \n \r
 * \t \\ are bytes. In patterns ... is anything. A line that begins with # is a
 * comment. */
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/talk/talk.h"

enum { SKIPPED = 77, PATIENCE_MS = 15000 };

static bool runs(struct talk *talk, struct peer *peer, struct text rest) {
    if (talk->trial.server == 0 && !house_runs(talk, NULL)) return false;
    return program_runs(talk, peer, rest);
}

static bool let_be(struct talk *talk, struct peer *peer, struct text rest) {
    struct text name = text_word(&rest);
    (void)peer;
    text_word(&rest);
    char *value = talk_expand_string(talk, rest);
    talk_let(talk, name, value);
    free(value);
    return true;
}

static bool within(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t seconds;
    (void)peer;
    if (!text_number(text_word(&rest), &seconds)) return false;
    talk->patience = (int64_t)seconds * 1000;
    return true;
}

static bool only(struct talk *talk, struct peer *peer, struct text rest) {
    (void)peer;
    if (text_is(rest, "root")) talk->skip = geteuid() != 0;
    if (!text_begins(rest, "has ")) return true;
    char *path = talk_expand_string(talk, text_after(rest, strlen("has ")));
    talk->skip = access(path, F_OK) != 0;
    free(path);
    return true;
}

static bool play_step(struct talk *talk, struct text step);

static bool repeat(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t times;
    char number[24];
    size_t before = talk->variable_count;
    bool done = text_number(text_word(&rest), &times);
    (void)peer;
    for (uint64_t n = 1; done && n <= times; n++) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)n);
        talk_let(talk, text_of("n"), number);
        done = play_step(talk, rest);
        while (talk->variable_count > before)
            free(talk->variables[--talk->variable_count].value);
    }
    return done;
}

struct word {
    const char *word;
    bool (*play)(struct talk *talk, struct peer *peer, struct text rest);
};

/* clang-format off */
static const struct word stage[] = { /* first in a line */
    {"certificate", host_certificate},
    {"clock",  measure_clock},
    {"config", house_config},
    {"ctl",    house_ctl},
    {"ctl!",   house_ctl_fails},
    {"let",    let_be},
    {"only",   only},
    {"port",   host_port},
    {"repeat", repeat},
    {"server", house_server},
    {"token",  house_token},
    {"within", within},
    {"without", absence_of},
    {NULL,     NULL},
};
static const struct word doings[] = { /* after a name */
    {"accepts",   host_accepts},
    {"border",    measure_border},
    {"closes",    caller_closes},
    {"breaks", caller_breaks},
    {"coloured",  measure_coloured},
    {"emits",     program_emits},
    {"emitted-no", program_emitted_no},
    {"hears",     caller_hears_nothing},
    {"hides",     host_hides},
    {"idles",     measure_idles},
    {"irc",       caller_irc},
    {"is",        caller_is_closed},
    {"cursor",    program_cursor},
    {"ends",      program_ends},
    {"gets",      program_gets},
    {"has",       program_has},
    {"lacks",     program_lacks},
    {"keeps",     home_keeps},
    {"keeps-no",  home_keeps_no},
    {"listens",   host_listens},
    {"misses",    program_misses},
    {"plain",     measure_plain},
    {"pours",     caller_pours},
    {"rang",      measure_rang},
    {"row",       program_row},
    {"runs",      runs},
    {"sees",      program_sees},
    {"title",     program_title},
    {"types",     program_types},
    {"resets",    caller_resets},
    {"resizes",   program_resizes},
    {"sends-raw", caller_sends_raw},
    {"shows",     program_shows},
    {"shuts",     caller_shuts},
    {"stalls",    program_stalls},
    {"tcp",       caller_tcp},
    {"tls",       caller_tls},
    {"unix",      caller_unix},
    {"welcomes",  host_welcomes},
    {"wrote",     program_wrote},
    {NULL,        NULL},
};
/* clang-format on */

static const struct word *find_word(const struct word *words,
                                    struct text name) {
    for (; words->word; words++)
        if (text_is(name, words->word)) return words;
    return NULL;
}

/* A name with a sign behind it: NAME> NAME< NAME<~ NAME<? */
static bool play_line(struct talk *talk, struct text name, struct text rest) {
    size_t sign = name.length - 1;
    while (sign > 0 && strchr("<~?", name.at[sign - 1]))
        sign--;
    struct peer *peer = peer_called(talk, text_slice(name.at, sign));
    struct text signs = text_after(name, sign);
    if (!peer) return talk_complain(talk, "too many peers, or a long name");
    if (text_is(signs, ">")) return peer_send(talk, peer, rest);
    if (text_is(signs, "<") && strcmp(peer->name, "server") == 0)
        return house_log_says(talk, rest);
    if (text_is(signs, "<")) return peer_expect(talk, peer, NEXT, rest);
    if (text_is(signs, "<~"))
        return peer_expect(talk, peer, AFTER_OTHERS, rest);
    if (text_is(signs, "<?"))
        return peer_expect(talk, peer, AMONG_OTHERS, rest);
    return talk_complain(talk, "not a step");
}

static bool play_step(struct talk *talk, struct text step) {
    struct text name, verb, rest = step;
    const struct word *word;
    talk->until = trial_now() + talk->patience;
    name = text_word(&rest);
    if (name.length == 0 || *name.at == '#') return true;
    word = find_word(stage, name);
    if (word) return word->play(talk, NULL, rest);
    if (strchr("<>~?", name.at[name.length - 1]))
        return play_line(talk, name, rest);
    verb = text_word(&rest);
    word = find_word(doings, verb);
    if (!word) return talk_complain(talk, "not a step");
    fprintf(talk->transcript, "%.*s\n", (int)step.length, step.at);
    struct peer *peer = peer_called(talk, name);
    return peer && word->play(talk, peer, rest);
}

static void show_unread(struct talk *talk) {
    for (size_t i = 0; i < talk->peer_count; i++) {
        struct peer *peer = &talk->peers[i];
        if (peer->terminal) program_show(talk, peer);
        if (peer->fd >= 0 && !peer->ended) peer_receive(peer);
        if (peer->length == 0) continue;
        fprintf(talk->transcript, "(unread) ");
        talk_note(talk, peer, "<", text_slice(peer->heard, peer->length));
    }
}

static void show(struct talk *talk, const char *file, unsigned number,
                 const char *line) {
    show_unread(talk);
    fflush(talk->transcript);
    fprintf(stderr, "--- the transcript\n%s", talk->transcript_text);
    trial_show_log(&talk->trial);
    fprintf(stderr, "--- %s:%u: %s\n--- %s\n", file, number, line,
            talk->complaint ? talk->complaint : "it did not");
}

static bool play(struct talk *talk, FILE *from, const char *file) {
    char *line = NULL;
    size_t size = 0;
    unsigned number = 0;
    bool well = true;
    while (well && !talk->skip && getline(&line, &size, from) >= 0) {
        line[strcspn(line, "\n")] = '\0';
        number++;
        well = play_step(talk, text_of(line));
        if (!well) show(talk, file, number, line);
    }
    free(line);
    return well;
}

static void begin(struct talk *talk) {
    struct passwd *me = getpwuid(geteuid());
    char name[NAME_SIZE];
    talk->patience = PATIENCE_MS;
    talk->transcript =
        open_memstream(&talk->transcript_text, &talk->transcript_length);
    trial_open(&talk->trial);
    name_from_unix(me ? me->pw_name : "nobody", name);
    talk_let(talk, text_of("me"), name);
    talk_let(talk, text_of("socket"), talk->trial.socket);
    talk_let(talk, text_of("directory"), talk->trial.directory);
    char programs[TRIAL_PATH], source[TRIAL_PATH];
    trial_program("", programs);
    talk_let(talk, text_of("programs"), programs);
    if (getcwd(source, sizeof source))
        talk_let(talk, text_of("source"), source);
}

static bool end(struct talk *talk) {
    for (size_t i = 0; i < talk->peer_count; i++) {
        peer_close(&talk->peers[i]);
        tls_context_free(talk->peers[i].identity);
        if (talk->peers[i].listener >= 0) close(talk->peers[i].listener);
        if (talk->peers[i].place >= 0) close(talk->peers[i].place);
        free(talk->peers[i].heard);
        terminal_close(talk->peers[i].terminal);
    }
    for (size_t i = 0; i < talk->variable_count; i++)
        free(talk->variables[i].value);
    if (talk->config) fclose(talk->config);
    fclose(talk->transcript);
    free(talk->transcript_text);
    free(talk->complaint);
    return trial_close(&talk->trial);
}

int main(int count, char *words[]) {
    struct talk talk = {0};
    FILE *from = count == 2 ? fopen(words[1], "r") : NULL;
    if (!from) {
        fprintf(stderr, "usage: talk_player FILE.talk\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    begin(&talk);
    bool well = play(&talk, from, words[1]);
    fclose(from);
    bool skip = talk.skip;
    if (!end(&talk)) well = false;
    if (skip) return SKIPPED;
    return well ? 0 : 1;
}
