/* Plays a conversation with a real server and compares what each one hears.
 *
 *     talk FILE.talk
 *
 * A conversation reads like a transcript. Each line is one step; a step that
 * does not come true within 5 seconds ends the scene, and the whole transcript
 * is shown. NAME is any word; it is somebody with a connection.
 *
 *   NAME unix [user=U]          connects to the Unix socket (as Unix user U)
 *   NAME tcp [token=T]          connects to TCP; logs in with token T
 *   NAME irc [nick=N] [token=T] [over=unix] [user=U]
 *                               registers as an IRC client, up to the MOTD
 *   NAME> TEXT                  sends a line
 *   NAME sends-raw TEXT         sends bytes, without a line end
 *   NAME< PATTERN               the next line that it receives is this
 *   NAME<~ PATTERN              lines are left out until there is this
 *   NAME<? PATTERN              this is among the next lines, in any order:
 *                               those before it stay for later steps
 *   NAME hears nothing          until the server has answered one more request
 *   NAME shuts                  ends its side of the stream (FIN)
 *   NAME closes | resets        goes away with FIN, with RST
 *   NAME is closed              the server ended the stream; nothing is unread
 *
 *   config SECTION KEY = VALUE  for the server, before the first connection
 *   server starts [OPTION…]     is only needed for options, or after an end
 *   server fails [OPTION…]      it must refuse to start
 *   server stops | dies         SIGTERM and a clean end, SIGKILL
 *   server< WORDS               its log says so, now or soon
 *   token T = issue ARG…        minichatctl token issue ARG…, kept as T
 *   let V = TEXT
 *   ctl ARG…   ctl! ARG…        minichatctl succeeds, fails; then what it
 *   ctl< PATTERN                printed is read like what anyone receives
 *   within SECONDS              for the following steps
 *   repeat N STEP               {n} counts from 1
 *   only root                   the scene is skipped for others
 *
 * In all texts {V} is a variable (port, socket, directory, me: the Unix user's
 * own name, tokens), {x*1000} a thousand x, and \xHH \n \r \t \\ are bytes. In
 * patterns ... is anything. A line that begins with # is a comment. */
#include "protocol/memory.h"
#include "protocol/names.h"
#include "protocol/text.h"
#include "tests/trial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PEERS = 64, VARIABLES = 64, SKIPPED = 77, OUTPUT = 65536 };

struct peer {
    char name[NAME_SIZE];
    int fd; /* -1: not connected */
    bool irc, ended;
    char *heard; /* received and not yet expected */
    size_t length, size;
};

struct variable {
    char name[NAME_SIZE];
    char *value;
};

struct talk {
    struct trial trial;
    struct peer peers[PEERS];
    struct variable variables[VARIABLES];
    size_t peer_count, variable_count;
    FILE *config;
    int64_t patience; /* ms a step may take */
    int64_t until;    /* deadline of this step */
    bool skip;
    FILE *transcript; /* what was sent and received so far */
    char *transcript_text, *complaint;
    size_t transcript_length;
};

/* --- telling ------------------------------------------------------------- */

static void show_bytes(FILE *to, struct text text) {
    enum { SHOWN = 600 };
    for (size_t i = 0; i < text.length && i < SHOWN; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= ' ' && byte != 0x7f)
            fputc(byte, to);
        else
            fprintf(to, "\\x%02x", byte);
    }
    if (text.length > SHOWN) fprintf(to, "... (%zu bytes)", text.length);
    fputc('\n', to);
}

static void note(struct talk *talk, const struct peer *peer, const char *sign,
                 struct text text) {
    fprintf(talk->transcript, "%s%s ", peer->name, sign);
    show_bytes(talk->transcript, text);
}

static bool complain(struct talk *talk, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool complain(struct talk *talk, const char *format, ...) {
    va_list list;
    va_start(list, format);
    free(talk->complaint);
    if (vasprintf(&talk->complaint, format, list) < 0) talk->complaint = NULL;
    va_end(list);
    return false;
}

/* --- texts --------------------------------------------------------------- */

static const char *variable_of(const struct talk *talk, struct text name) {
    for (size_t i = talk->variable_count; i-- > 0;)
        if (text_is(name, talk->variables[i].name))
            return talk->variables[i].value;
    return NULL;
}

static void let(struct talk *talk, struct text name, const char *value) {
    struct variable *free_one = &talk->variables[talk->variable_count];
    if (talk->variable_count == VARIABLES) return;
    if (!text_copy(name, free_one->name, sizeof free_one->name)) return;
    free_one->value = memory_string(value, strlen(value));
    talk->variable_count++;
}

/* {name}, {x*1000}, {ab*3}; anything else in braces stays as it is. */
static void write_braces(const struct talk *talk, struct text inside,
                         FILE *to) {
    const char *value = variable_of(talk, inside);
    size_t star = text_find(inside, '*');
    uint64_t times;
    if (value) {
        fputs(value, to);
    } else if (text_number(text_after(inside, star + 1), &times)) {
        while (times-- > 0)
            fwrite(inside.at, 1, star, to);
    } else {
        fprintf(to, "{%.*s}", (int)inside.length, inside.at);
    }
}

/* Writes one escape; returns the bytes of raw that it took. */
static size_t write_escape(struct text raw, FILE *to) {
    static const char from[] = "nrt\\", into[] = "\n\r\t\\";
    unsigned byte;
    const char *known;
    if (raw.length >= 4 && raw.at[1] == 'x' &&
        sscanf(raw.at + 2, "%2x", &byte) == 1) {
        fputc((int)byte, to);
        return 4;
    }
    known = raw.length < 2 ? NULL : strchr(from, raw.at[1]);
    fputc(known && *known ? into[known - from] : '\\', to);
    return known && *known ? 2 : 1;
}

/* The text that was meant; its memory is the caller's. */
static struct text expand(const struct talk *talk, struct text raw) {
    char *bytes = NULL;
    size_t length = 0, end;
    FILE *to = open_memstream(&bytes, &length);
    while (raw.length > 0) {
        size_t taken = 1;
        end = text_find(raw, '}');
        if (*raw.at == '\\') {
            taken = write_escape(raw, to);
        } else if (*raw.at == '{' && end < raw.length) {
            write_braces(talk, text_slice(raw.at + 1, end - 1), to);
            taken = end + 1;
        } else {
            fputc(*raw.at, to);
        }
        raw = text_after(raw, taken);
    }
    fclose(to);
    return text_slice(bytes, length);
}

static char *expand_string(const struct talk *talk, struct text raw) {
    return (char *)expand(talk, raw).at;
}

static const char *find(struct text text, struct text part) {
    return memmem(text.at, text.length, part.at, part.length);
}

static bool ends_with(struct text text, struct text end) {
    return text.length >= end.length &&
           memcmp(text.at + text.length - end.length, end.at, end.length) == 0;
}

/* The piece of a pattern up to the next "..."; *more: there was one. */
static struct text next_piece(struct text *pattern, bool *more) {
    const char *dots = find(*pattern, text_of("..."));
    size_t length = dots ? (size_t)(dots - pattern->at) : pattern->length;
    struct text piece = text_slice(pattern->at, length);
    *more = dots;
    *pattern = text_after(*pattern, length + 3);
    return piece;
}

static bool matches(const struct talk *talk, struct text pattern,
                    struct text line) {
    bool first = true, more = true, fits = true;
    while (more && fits) {
        struct text raw = next_piece(&pattern, &more);
        struct text piece = expand(talk, raw);
        const char *at = find(line, piece);
        if (first && !more)
            fits = text_equals(line, piece);
        else if (!more)
            fits = ends_with(line, piece);
        else
            fits = at && (!first || at == line.at);
        if (fits)
            line = text_after(line, (size_t)(at - line.at) + piece.length);
        first = false;
        free((char *)piece.at);
    }
    return fits;
}

/* --- connections --------------------------------------------------------- */

static struct peer *peer_called(struct talk *talk, struct text name) {
    struct peer *peer;
    for (size_t i = 0; i < talk->peer_count; i++)
        if (text_is(name, talk->peers[i].name)) return &talk->peers[i];
    if (talk->peer_count == PEERS) return NULL;
    peer = &talk->peers[talk->peer_count];
    *peer = (struct peer){.fd = -1};
    if (!text_copy(name, peer->name, sizeof peer->name)) return NULL;
    talk->peer_count++;
    return peer;
}

static void hear_bytes(struct peer *peer, struct text bytes) {
    if (peer->length + bytes.length > peer->size) {
        peer->size = 2 * (peer->length + bytes.length);
        peer->heard = memory_grow(peer->heard, peer->size, 1);
    }
    memcpy(peer->heard + peer->length, bytes.at, bytes.length);
    peer->length += bytes.length;
}

static void receive(struct peer *peer) {
    char bytes[65536];
    ssize_t got = read(peer->fd, bytes, sizeof bytes);
    if (got > 0)
        hear_bytes(peer, text_slice(bytes, (size_t)got));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        peer->ended = true;
}

/* Waits until something can be read or written; reads it. False: late. */
static bool wait_for(struct talk *talk, struct peer *peer, short what) {
    int64_t left = talk->until - trial_now();
    struct pollfd poller = {.fd = peer->fd, .events = what};
    if (left <= 0) return false;
    if (poll(&poller, 1, (int)left) <= 0) return false;
    if (poller.revents & (POLLIN | POLLHUP | POLLERR)) receive(peer);
    return true;
}

/* What waits to be read is read meanwhile: otherwise two full pipes would
 * wait for each other. */
static bool send_bytes(struct talk *talk, struct peer *peer,
                       struct text bytes) {
    while (bytes.length > 0) {
        ssize_t sent = send(peer->fd, bytes.at, bytes.length, MSG_NOSIGNAL);
        if (sent > 0) bytes = text_after(bytes, (size_t)sent);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return complain(talk, "cannot send: %s", strerror(errno));
        if (bytes.length == 0) break;
        if (!wait_for(talk, peer, peer->ended ? POLLOUT : POLLIN | POLLOUT))
            return complain(talk, "the server does not read");
    }
    return true;
}

static bool send_line(struct talk *talk, struct peer *peer, struct text raw) {
    struct text line = expand(talk, raw);
    bool sent = send_bytes(talk, peer, line) &&
                send_bytes(talk, peer, text_of(peer->irc ? "\r\n" : "\n"));
    note(talk, peer, ">", line);
    free((char *)line.at);
    return sent;
}

/* The line that begins at *at, without its end; *at goes behind it. */
static bool line_at(const struct peer *peer, size_t *at, struct text *line) {
    struct text rest = text_slice(peer->heard + *at, peer->length - *at);
    size_t end = text_find(rest, '\n');
    if (end == rest.length) return false;
    *at += end + 1;
    if (end > 0 && rest.at[end - 1] == '\r') end--;
    *line = text_slice(rest.at, end);
    return true;
}

static void forget(struct peer *peer, size_t from, size_t to) {
    memmove(peer->heard + from, peer->heard + to, peer->length - to);
    peer->length -= to - from;
}

enum manner { NEXT, AFTER_OTHERS, AMONG_OTHERS };

/* Looks at complete lines from *seen on. True: found and taken out. */
static bool take_line(struct talk *talk, struct peer *peer, size_t *seen,
                      enum manner manner, struct text pattern) {
    struct text line;
    size_t end = *seen;
    while (line_at(peer, &end, &line)) {
        bool fits = matches(talk, pattern, line);
        if (fits || manner != AMONG_OTHERS) note(talk, peer, "<", line);
        if (!fits && manner == NEXT) {
            forget(peer, 0, end);
            peer->ended = true; /* not worth waiting for more */
            return complain(talk, "it received another line");
        }
        if (fits || manner == AFTER_OTHERS) {
            forget(peer, *seen, end);
            end = *seen;
        }
        if (fits) return true;
        *seen = end;
    }
    return false;
}

static bool expect(struct talk *talk, struct peer *peer, enum manner manner,
                   struct text pattern) {
    size_t seen = 0;
    complain(talk, "nothing (more) came");
    while (!take_line(talk, peer, &seen, manner, pattern)) {
        if (peer->ended) return false;
        if (peer->fd < 0) return complain(talk, "it is not connected");
        if (!wait_for(talk, peer, POLLIN)) return false;
    }
    return true;
}

static int connect_unix(struct talk *talk, const char *user) {
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    struct passwd *entry = user ? getpwnam(user) : NULL;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(to.sun_path, sizeof to.sun_path, "%s", talk->trial.socket);
    /* SO_PEERCRED tells who connected: the effective user of that moment. */
    if (user && (!entry || seteuid(entry->pw_uid) != 0)) return -1;
    int failed = connect(fd, (struct sockaddr *)&to, sizeof to);
    if (user && seteuid(0) != 0) return -1;
    return failed ? -1 : fd;
}

static int connect_tcp(struct talk *talk) {
    struct sockaddr_in to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)atoi(talk->trial.port));
    return connect(fd, (struct sockaddr *)&to, sizeof to) ? -1 : fd;
}

static bool run_server(struct talk *talk, char *const options[]) {
    if (talk->config) fclose(talk->config);
    talk->config = NULL;
    if (!trial_start(&talk->trial, options))
        return complain(talk, "the server does not start");
    let(talk, text_of("port"), talk->trial.port);
    return true;
}

/* key=value among the words, or NULL. The caller frees. */
static char *option(struct talk *talk, struct text words, const char *key) {
    while (words.length > 0) {
        struct text value = text_word(&words);
        struct text name = text_piece(&value, '=');
        if (text_is(name, key)) return expand_string(talk, value);
    }
    return NULL;
}

static bool dial(struct talk *talk, struct peer *peer, bool local,
                 struct text options) {
    char *user = option(talk, options, "user");
    if (talk->trial.server == 0 && !run_server(talk, NULL)) return false;
    if (peer->fd >= 0) close(peer->fd);
    free(peer->heard);
    peer->heard = NULL;
    peer->length = peer->size = 0;
    peer->ended = peer->irc = false;
    peer->fd = local ? connect_unix(talk, user) : connect_tcp(talk);
    free(user);
    if (peer->fd < 0)
        return complain(talk, "cannot connect: %s", strerror(errno));
    fcntl(peer->fd, F_SETFL, O_NONBLOCK);
    return true;
}

/* --- the words ----------------------------------------------------------- */

static bool log_in(struct talk *talk, struct peer *peer, struct text options,
                   const char *before) {
    char *token = option(talk, options, "token"), *line = NULL;
    const char *value = token ? variable_of(talk, text_of(token)) : NULL;
    if (token && !value) return complain(talk, "no such token: %s", token);
    free(token);
    if (!value) return true;
    if (asprintf(&line, "%s%s", before, value) < 0) return false;
    bool sent = send_line(talk, peer, text_of(line));
    free(line);
    return sent;
}

static bool by_unix(struct talk *talk, struct peer *peer, struct text options) {
    return dial(talk, peer, true, options);
}

static bool by_tcp(struct talk *talk, struct peer *peer, struct text options) {
    return dial(talk, peer, false, options) && log_in(talk, peer, options, "");
}

static bool by_irc(struct talk *talk, struct peer *peer, struct text options) {
    char *over = option(talk, options, "over"), *lines = NULL;
    char *nick = option(talk, options, "nick");
    const char *name = nick ? nick : peer->name;
    bool done = dial(talk, peer, over, options);
    peer->irc = true;
    done = done && log_in(talk, peer, options, "PASS ") &&
           asprintf(&lines, "NICK %s\\r\\nUSER %s 0 * :%s", name, name, name) >
               0 &&
           send_line(talk, peer, text_of(lines)) &&
           expect(talk, peer, AFTER_OTHERS, text_of(":... 422 ..."));
    free(over);
    free(nick);
    free(lines);
    return done;
}

static bool sends_raw(struct talk *talk, struct peer *peer, struct text raw) {
    struct text bytes = expand(talk, raw);
    bool sent = send_bytes(talk, peer, bytes);
    note(talk, peer, " sends-raw", bytes);
    free((char *)bytes.at);
    return sent;
}

/* The server answers in order, so what was to be heard came before the answer
 * to a question that is asked now. */
static bool hears_nothing(struct talk *talk, struct peer *peer,
                          struct text what) {
    if (!text_is(what, "nothing")) return complain(talk, "hears what?");
    bool asked =
        send_line(talk, peer, text_of(peer->irc ? "PING :quiet" : "/quiet"));
    return asked && expect(talk, peer, NEXT,
                           text_of(peer->irc ? "...PONG...quiet" : "! ..."));
}

static bool shuts(struct talk *talk, struct peer *peer, struct text rest) {
    (void)rest;
    if (shutdown(peer->fd, SHUT_WR) == 0) return true;
    return complain(talk, "%s", strerror(errno));
}

static bool closes(struct talk *talk, struct peer *peer, struct text rest) {
    (void)talk;
    (void)rest;
    close(peer->fd);
    peer->fd = -1;
    return true;
}

static bool resets(struct talk *talk, struct peer *peer, struct text rest) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return closes(talk, peer, rest);
}

static bool is_closed(struct talk *talk, struct peer *peer, struct text what) {
    struct text line;
    size_t at = 0;
    if (!text_is(what, "closed")) return complain(talk, "is what?");
    while (!peer->ended)
        if (!wait_for(talk, peer, POLLIN))
            return complain(talk, "it is still open");
    if (peer->length == 0) return closes(talk, peer, text_of(""));
    while (line_at(peer, &at, &line))
        note(talk, peer, "<", line);
    return complain(talk, "before it was closed it received more");
}

static bool config(struct talk *talk, struct peer *peer, struct text rest) {
    (void)peer;
    struct text section = text_word(&rest);
    if (!talk->config) talk->config = fopen(talk->trial.config, "a");
    if (!talk->config) return complain(talk, "%s", strerror(errno));
    char *setting = expand_string(talk, rest);
    fprintf(talk->config, "[%.*s]\n%s\n", (int)section.length, section.at,
            setting);
    free(setting);
    return true;
}

/* Words of a line as a program has them; to be freed with free_words. */
static void split_words(struct talk *talk, struct text rest, char *words[],
                        size_t from) {
    while (rest.length > 0 && from < TRIAL_WORDS - 1)
        words[from++] = expand_string(talk, text_word(&rest));
    words[from] = NULL;
}

static void free_words(char *words[], size_t from) {
    for (; words[from]; from++)
        free(words[from]);
}

static bool server(struct talk *talk, struct peer *peer, struct text rest) {
    char *words[TRIAL_WORDS];
    struct text verb = text_word(&rest);
    bool done = false;
    (void)peer;
    split_words(talk, rest, words, 0);
    if (text_is(verb, "starts"))
        done = run_server(talk, words);
    else if (text_is(verb, "fails"))
        done = !run_server(talk, words) && talk->trial.server == 0;
    else if (text_is(verb, "stops"))
        done = trial_stop(&talk->trial, SIGTERM) == 0;
    else if (text_is(verb, "dies"))
        done = trial_stop(&talk->trial, SIGKILL) == 128 + SIGKILL;
    free_words(words, 0);
    return done || complain(talk, "the server does not");
}

static bool run_ctl(struct talk *talk, struct text rest, bool to_succeed) {
    struct peer *ctl = peer_called(talk, text_of("ctl"));
    char *words[TRIAL_WORDS], output[OUTPUT];
    if (talk->trial.server == 0 && !run_server(talk, NULL)) return false;
    split_words(talk, rest, words, 0);
    int status = trial_ctl(&talk->trial, words, output, sizeof output);
    free_words(words, 0);
    ctl->length = 0;
    ctl->ended = true;
    hear_bytes(ctl, text_of(output));
    return (status == 0) == to_succeed ||
           complain(talk, "it ended with %d: %s", status, output);
}

static bool ctl(struct talk *talk, struct peer *peer, struct text rest) {
    (void)peer;
    return run_ctl(talk, rest, true);
}

static bool ctl_fails(struct talk *talk, struct peer *peer, struct text rest) {
    (void)peer;
    return run_ctl(talk, rest, false);
}

/* token NAME = issue ARGUMENTS: what minichatctl prints first. */
static bool token(struct talk *talk, struct peer *peer, struct text rest) {
    struct text name = text_word(&rest), line;
    char *command = NULL;
    size_t at = 0;
    text_word(&rest);
    if (asprintf(&command, "token %.*s", (int)rest.length, rest.at) < 0)
        return false;
    bool done = run_ctl(talk, text_of(command), true);
    free(command);
    peer = peer_called(talk, text_of("ctl"));
    if (!done || !line_at(peer, &at, &line)) return false;
    char *value = memory_string(line.at, line.length);
    let(talk, name, value);
    free(value);
    return true;
}

static bool let_be(struct talk *talk, struct peer *peer, struct text rest) {
    struct text name = text_word(&rest);
    (void)peer;
    text_word(&rest);
    char *value = expand_string(talk, rest);
    let(talk, name, value);
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
    talk->skip = text_is(rest, "root") && geteuid() != 0;
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
        let(talk, text_of("n"), number);
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
    {"config", config},
    {"ctl",    ctl},
    {"ctl!",   ctl_fails},
    {"let",    let_be},
    {"only",   only},
    {"repeat", repeat},
    {"server", server},
    {"token",  token},
    {"within", within},
    {NULL,     NULL},
};
static const struct word doings[] = { /* after a name */
    {"closes",    closes},
    {"hears",     hears_nothing},
    {"irc",       by_irc},
    {"is",        is_closed},
    {"resets",    resets},
    {"sends-raw", sends_raw},
    {"shuts",     shuts},
    {"tcp",       by_tcp},
    {"unix",      by_unix},
    {NULL,        NULL},
};
/* clang-format on */

static const struct word *find_word(const struct word *words,
                                    struct text name) {
    for (; words->word; words++)
        if (text_is(name, words->word)) return words;
    return NULL;
}

static bool log_says(struct talk *talk, struct text words) {
    char *expanded = expand_string(talk, words);
    bool says = trial_log_says(&talk->trial, expanded, talk->until);
    free(expanded);
    return says || complain(talk, "its log does not say so");
}

/* A name with a sign behind it: NAME> NAME< NAME<~ NAME<? */
static bool play_line(struct talk *talk, struct text name, struct text rest) {
    size_t sign = name.length - 1;
    while (sign > 0 && strchr("<~?", name.at[sign - 1]))
        sign--;
    struct peer *peer = peer_called(talk, text_slice(name.at, sign));
    struct text signs = text_after(name, sign);
    if (!peer) return complain(talk, "too many peers, or a long name");
    if (text_is(signs, ">")) return send_line(talk, peer, rest);
    if (text_is(signs, "<") && strcmp(peer->name, "server") == 0)
        return log_says(talk, rest);
    if (text_is(signs, "<")) return expect(talk, peer, NEXT, rest);
    if (text_is(signs, "<~")) return expect(talk, peer, AFTER_OTHERS, rest);
    if (text_is(signs, "<?")) return expect(talk, peer, AMONG_OTHERS, rest);
    return complain(talk, "not a step");
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
    if (!word) return complain(talk, "not a step");
    fprintf(talk->transcript, "%.*s\n", (int)step.length, step.at);
    struct peer *peer = peer_called(talk, name);
    return peer && word->play(talk, peer, rest);
}

/* --- the scene ----------------------------------------------------------- */

static void show_unread(struct talk *talk) {
    for (size_t i = 0; i < talk->peer_count; i++) {
        struct peer *peer = &talk->peers[i];
        if (peer->fd >= 0 && !peer->ended) receive(peer);
        if (peer->length == 0) continue;
        fprintf(talk->transcript, "(unread) ");
        note(talk, peer, "<", text_slice(peer->heard, peer->length));
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
    talk->patience = 5000;
    talk->transcript =
        open_memstream(&talk->transcript_text, &talk->transcript_length);
    trial_open(&talk->trial);
    name_from_unix(me ? me->pw_name : "nobody", name);
    let(talk, text_of("me"), name);
    let(talk, text_of("socket"), talk->trial.socket);
    let(talk, text_of("directory"), talk->trial.directory);
}

static bool end(struct talk *talk) {
    for (size_t i = 0; i < talk->peer_count; i++) {
        if (talk->peers[i].fd >= 0) close(talk->peers[i].fd);
        free(talk->peers[i].heard);
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
        fprintf(stderr, "usage: talk FILE.talk\n");
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
