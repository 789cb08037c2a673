/* minichat(1): what was asked for, where to, and as whom. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/aloud.h"
#include "client/caller.h"
#include "client/clock.h"
#include "client/config.h"
#include "client/confine.h"
#include "client/desk.h"
#include "client/log_reader.h"
#include "client/nonce.h"
#include "client/outset.h"
#include "client/pipe.h"
#include "client/route.h"
#include "client/secret.h"
#include "client/settings.h"
#include "protocol/memory.h"

enum {
    EXIT_USAGE = 64,
    EXIT_CANNOT = 74,
    EXIT_REFUSED = 77,
    EXIT_CONFIG = 78
}; /* sysexits(3) */
enum {
    SECRET_SIZE = 8192, /* DESIGN: an AUTHENTICATE line before login */
    WARNINGS_SIZE = 8192,
};

static const char HELP[] =
    "usage: minichat [OPTION…] [[ADDRESS] [ROOM…]]…\n"
    "       minichat [OPTION…] [ADDRESS] send [--json] TARGET [TEXT]\n"
    "       minichat [OPTION…] [ADDRESS] tail [ROOM…] [--since WHEN [--once]]\n"
    "       minichat [OPTION…] [ADDRESS] wait [ROOM…] [--mention] [--from "
    "NAME]\n"
    "       minichat log [ROOM…] [--since WHEN] [--network NAME]\n"
    "\n"
    "Chat with the people on this machine, or on another. Without a terminal,\n"
    "lines of standard input are said in the first room (#lobby).\n"
    "  send TARGET [TEXT]       say TEXT, or standard input, to a room or\n"
    "                           person; 0 only when the server has every line\n"
    "  tail [ROOM…]             print what is said, also since then; --json "
    "as\n"
    "                           everywhere here: one JSON object a line\n"
    "  wait [ROOM…]             until a line is said; --timeout SECONDS\n"
    "  log [ROOM…]              print what the logs have; --since 2d\n"
    "\n"
    "  -n, --nick NAME          be called so (default: your login name)\n"
    "  -t, --token-file FILE    log in with the token or password in FILE,\n"
    "      --password-command COMMAND    or with what COMMAND prints\n"
    "      --sasl HOW           auto, plain, external, oauthbearer or none\n"
    "      --cert FILE          be known by this certificate (PEM, with key)\n"
    "      --trust RULE         under TLS: ca (an authority vouches for it), "
    "pin\n"
    "                           (or we did; default), sha256:… (this key)\n"
    "      --plaintext          send secrets unencrypted to other machines "
    "too\n"
    "      --nonce NONCE        send: who runs this again with the same one\n"
    "                           says TEXT only once\n"
    "      --no-config          read no configuration of yours\n"
    "      --accessible         lines instead of a screen, for screen readers\n"
    "      --as ACCOUNT [--key FINGERPRINT]   for sshd: who comes in by an\n"
    "                           ssh key; must stand first\n"
    "  -h, --help, --version    print this; print the version\n"
    "ADDRESS is a socket's path, unix:PATH, tcp://HOST[:PORT] or\n"
    "irc://HOST[:PORT][/ROOM] (ircs: encrypted); several are several "
    "networks.\n"
    "Without one: $MINICHAT_ADDRESS, the configuration, or the server of this\n"
    "machine. $MINICHAT_TOKEN may hold a token. Also $MINICHAT_THEME and so "
    "on.\n"
    "In the client: Enter says, /help lists commands, Alt-1 … 9 changes "
    "rooms,\n"
    "PgUp scrolls, C-c twice leaves.\n";

struct wish {
    const char *nick, *token_file, *sasl, *cert, *trust, *command;
    bool plaintext, unconfigured, accessible;
    struct pipe_task pipe;
    bool here; /* at the terminal, if there is one */
    struct caller caller;
    bool confined; /* it runs for the caller */
    struct config config;
    struct routes routes; /* the first is that of the program's own words */
    struct route loose;   /* what was said before any address */
    char path[CONFIG_PATH_SIZE];
    char secret[SECRET_SIZE];
    char warned[WARNINGS_SIZE];
    struct writer warnings;
};

static int fail(int status, const char *what, const char *which) {
    fprintf(stderr, "minichat: %s%s%s\n", which, *which ? ": " : "", what);
    return status;
}

static int print(const char *words) {
    if (fputs(words, stdout) >= 0 && fflush(stdout) == 0) return 0;
    return fail(EXIT_CANNOT, strerror(errno), "standard output");
}

static bool looks_like_address(const char *word) {
    return strstr(word, "://") || text_begins_folded(text_of(word), "unix:") ||
           word[0] == '/';
}

/* Servers differ in what they allow; here only what would be no name at all. */
static bool looks_like_room(const char *word) {
    return strchr("#&+!", word[0]) && word[0] && !strpbrk(word, " ,\a\r\n");
}

/* Those of the address before them. */
static int add_rooms(struct wish *wish, const char *rooms) {
    size_t count = wish->routes.count;
    struct route *route = count ? wish->routes.list[count - 1] : &wish->loose;
    if (route_add_rooms(route, text_of(rooms))) return 0;
    return fail(EXIT_USAGE, "these are too many rooms", rooms);
}

static int add_address(struct wish *wish, const char *address) {
    const char *wrong;
    if (routes_add_address(&wish->routes, text_of(address), &wrong)) return 0;
    return fail(EXIT_USAGE, wrong, address);
}

static bool set(struct route *route, const char *name, const char *value,
                struct writer *wrong) {
    const struct setting *setting =
        setting_find(SETTING_OF_NETWORK, text_of(name));
    return !value || setting_route(setting, route, text_of(value), wrong);
}

/* What the command line says holds for all, a secret for the first alone. */
static int choose_routes(struct wish *wish) {
    char words[SETTINGS_WRONG_SIZE];
    struct writer wrong = writer_on(words, sizeof words - 1);
    outset_choose(&wish->routes, &wish->config, wish->loose.join);
    if (wish->routes.count == 0 || wish->routes.list[0]->count == 0)
        return fail(EXIT_CONFIG, "there is no address to go to", wish->path);
    struct route *first = wish->routes.list[0];
    for (size_t i = 0; i < wish->routes.count; i++) {
        if (wish->plaintext) wish->routes.list[i]->plaintext = true;
        if (wish->nick) wish->routes.list[i]->nick[0] = '\0';
    }
    if (wish->secret[0]) route_set_secret(first, text_of(wish->secret));
    if (set(first, "sasl", wish->sasl, &wrong) &&
        set(first, "cert", wish->cert, &wrong) &&
        set(first, "trust", wish->trust, &wrong) &&
        set(first, "password-command", wish->command, &wrong))
        return 0;
    words[wrong.length] = '\0';
    return fail(EXIT_USAGE, words, "");
}

static void choose_name(struct wish *wish) {
    const struct passwd *user = getpwuid(getuid());
    char *nick = wish->config.preferences.nick;
    if (wish->nick) (void)text_copy(text_of(wish->nick), nick, NAME_SIZE);
    if (!nick[0]) name_from_unix(user ? user->pw_name : "", nick);
}

static void keep_secret(struct wish *wish, struct text secret) {
    secret = text_trim(text_slice(secret.at, text_find(secret, '\n')));
    if (secret.length > 0 && secret.at[secret.length - 1] == '\r')
        secret.length--;
    memmove(wish->secret, secret.at, secret.length);
    explicit_bzero(wish->secret + secret.length, SECRET_SIZE - secret.length);
}

static int read_token_file(struct wish *wish, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0) return fail(EXIT_CONFIG, strerror(errno), path);
    ssize_t length = read(fd, wish->secret, sizeof wish->secret - 1);
    int error = errno;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
        about.st_mode & (S_IRGRP | S_IROTH))
        write_format(&wish->warnings,
                     "%s can be read by others (chmod 600 %s)\n", path, path);
    close(fd);
    if (length < 0) return fail(EXIT_CONFIG, strerror(error), path);
    keep_secret(wish, text_slice(wish->secret, (size_t)length));
    if (!wish->secret[0]) return fail(EXIT_CONFIG, "there is no token", path);
    return 0;
}

/* The environment forgets it, also where other programs could look. */
static void take_from_environment(struct wish *wish, char *token) {
    size_t length = strlen(token);
    if (length < SECRET_SIZE) keep_secret(wish, text_of(token));
    explicit_bzero(token, length);
    (void)unsetenv("MINICHAT_TOKEN");
}

static int find_secret(struct wish *wish) {
    char *token = getenv("MINICHAT_TOKEN");
    if (token) take_from_environment(wish, token);
    return wish->token_file ? read_token_file(wish, wish->token_file) : 0;
}

static int read_config(struct wish *wish) {
    config_init(&wish->config);
    if (!wish->unconfigured) config_path(wish->path);
    if (config_read(&wish->config, wish->path, &wish->warnings)) return 0;
    fwrite(wish->warned, 1, wish->warnings.length, stderr);
    return EXIT_CONFIG;
}

/* -1: go on; else the exit status. */
static int read_options(struct wish *wish, int count, char **words) {
    enum {
        PLAINTEXT = 256,
        NONCE,
        SASL,
        CERT,
        TRUST,
        COMMAND,
        NO_CONFIG,
        ACCESSIBLE,
        VERSION
    };
    static const struct option options[] = {
        {"nick", required_argument, NULL, 'n'},
        {"token-file", required_argument, NULL, 't'},
        {"plaintext", no_argument, NULL, PLAINTEXT},
        {"trust", required_argument, NULL, TRUST},
        {"nonce", required_argument, NULL, NONCE},
        {"sasl", required_argument, NULL, SASL},
        {"cert", required_argument, NULL, CERT},
        {"password-command", required_argument, NULL, COMMAND},
        {"no-config", no_argument, NULL, NO_CONFIG},
        {"accessible", no_argument, NULL, ACCESSIBLE},
        {"version", no_argument, NULL, VERSION},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    int option;
    /* '+': what comes after `send` is no option of ours. */
    while ((option = getopt_long(count, words, "+n:t:h", options, NULL)) >= 0) {
        if (option == 'n') wish->nick = optarg;
        if (option == 't') wish->token_file = optarg;
        if (option == PLAINTEXT) wish->plaintext = true;
        if (option == TRUST) wish->trust = optarg;
        if (option == NONCE) wish->pipe.nonce = optarg;
        if (option == SASL) wish->sasl = optarg;
        if (option == CERT) wish->cert = optarg;
        if (option == COMMAND) wish->command = optarg;
        if (option == NO_CONFIG) wish->unconfigured = true;
        if (option == ACCESSIBLE) wish->accessible = true;
        if (option == 'h') return print(HELP);
        if (option == VERSION) return print("minichat " MINICHAT_VERSION "\n");
        if (option == '?') return EXIT_USAGE;
    }
    if (wish->nick && !name_valid(text_of(wish->nick)))
        return fail(EXIT_USAGE, "not a name (letters, digits, _ and -)",
                    wish->nick);
    if (wish->pipe.nonce && !nonce_valid(text_of(wish->pipe.nonce)))
        return fail(EXIT_USAGE, "not a nonce (1 to 64 of visible ASCII, no ;)",
                    wish->pipe.nonce);
    return -1;
}

/* ADDRESSes, and behind each the ROOMs there. */
static int read_places(struct wish *wish, char ***words) {
    int status = 0;
    for (; !status && **words; (*words)++) {
        if (looks_like_address(**words) && wish->confined)
            status = fail(EXIT_USAGE, "there is no way elsewhere from here",
                          **words);
        else if (looks_like_address(**words))
            status = add_address(wish, **words);
        else if (looks_like_room(**words))
            status = add_rooms(wish, **words);
        else
            break;
    }
    return status;
}

static int read_rooms(struct wish *wish, char **words) {
    int status = read_places(wish, &words);
    if (status || !*words) return status;
    return fail(EXIT_USAGE, "rooms begin with #, addresses with / or irc://",
                *words);
}

static int read_pipe_options(struct wish *wish, enum pipe_mode mode,
                             char **words) {
    wish->pipe.mode = mode;
    const char *wrong = pipe_task_read(&wish->pipe, words, clock_now());
    return wrong ? fail(EXIT_USAGE, wrong, "") : 0;
}

/* [OPTION…] TARGET [TEXT] */
static int read_message(struct wish *wish, char **words) {
    int status = read_pipe_options(wish, PIPE_SEND, words);
    if (status) return status;
    if (!words[0] || (words[1] && words[2]))
        return fail(EXIT_USAGE, "expected send TARGET [TEXT]; quote the text",
                    "");
    if (!words[0][0] || strpbrk(words[0], " ,:\r\n"))
        return fail(EXIT_USAGE, "not a room or a name", words[0]);
    wish->pipe.rooms = words[0];
    if (words[1] && strcmp(words[1], "-") != 0) wish->pipe.text = words[1];
    return 0;
}

/* A nonce names one line, and standard input has many. */
static int check_nonce(const struct wish *wish) {
    if (!wish->pipe.nonce) return 0;
    if (wish->pipe.mode == PIPE_SEND && wish->pipe.text &&
        text_trim(text_of(wish->pipe.text)).length > 0 &&
        !strpbrk(wish->pipe.text, "\r\n"))
        return 0;
    return fail(EXIT_USAGE, "--nonce is for send TARGET TEXT, one line", "");
}

/* [OPTION…] [ROOM…] */
static int read_listening(struct wish *wish, enum pipe_mode mode,
                          char **words) {
    int status = read_pipe_options(wish, mode, words);
    wish->pipe.named = *words != NULL;
    return status ? status : read_rooms(wish, words);
}

static int read_tail(struct wish *wish, char **words) {
    return read_listening(wish, PIPE_TAIL, words);
}

static int read_wait(struct wish *wish, char **words) {
    return read_listening(wish, PIPE_WAIT, words);
}

/* What may stand behind the addresses, and who reads the words behind it. */
static const struct {
    const char *name;
    int (*read)(struct wish *wish, char **words);
} subcommands[] = {
    {"send", read_message},
    {"tail", read_tail},
    {"wait", read_wait},
};

static int read_words(struct wish *wish, char **words) {
    int status = read_places(wish, &words);
    if (status) return status;
    for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++)
        if (*words && strcmp(*words, subcommands[i].name) == 0)
            return subcommands[i].read(wish, words + 1);
    wish->here = true;
    return read_rooms(wish, words);
}

/* The desk seeks it while one can write already; here nothing can be done
 * before. */
static int wait_for_secret(struct route *route) {
    char why[SECRET_WHY_SIZE];
    if (route->secret || !secret_is_hidden(route)) return 0;
    if (secret_wait(route, why)) return 0;
    return fail(EXIT_CONFIG, why,
                route->token_file[0] ? route->token_file : "password-command");
}

static int run_pipe(struct wish *wish) {
    struct route *first = wish->routes.list[0];
    fwrite(wish->warned, 1, wish->warnings.length, stderr);
    char certificate[ROUTE_PATH_SIZE];
    int status = wait_for_secret(first);
    setting_path(first->cert, certificate);
    if (status) return status;
    struct connection_plan plan = {
        .addresses = first->addresses,
        .count = first->count,
        .nick = first->nick[0] ? first->nick : wish->config.preferences.nick,
        .secret = first->secret,
        .plaintext = first->plaintext,
        .account = first->user,
        .speaks_for = first->speaks_for,
        .certificate = certificate,
        .sasl = first->sasl,
    };
    (void)trust_wish_read(&plan.wish, text_of(first->trust)); /* checked */
    if (!wish->pipe.rooms) wish->pipe.rooms = first->join;
    wish->pipe.taste = (struct taste){
        .highlight = text_of(wish->config.preferences.highlight),
        .ignore = text_of(wish->config.preferences.ignore),
        .filter = text_of(wish->config.preferences.filter),
    };
    return pipe_run(&plan, &wish->pipe);
}

static int run(struct wish *wish) {
    struct desk_task sit = {&wish->config.preferences, &wish->routes,
                            wish->path, writer_text(&wish->warnings),
                            wish->accessible ||
                                wish->config.preferences.accessible ||
                                aloud_suits(getenv("TERM"))};
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (wish->here && terminal) return desk_run(&sit);
    return run_pipe(wish);
}

/* It needs no server: 0, 1 where nothing was found. */
static int show_log(char **words) {
    struct log_query query;
    char data[FOLDER_PATH];
    const char *wrong = log_query_read(&query, words, clock_now());
    if (wrong) return fail(EXIT_USAGE, wrong, "");
    if (!folder_data(data)) return fail(EXIT_CONFIG, "there is no HOME", "");
    long count = log_print(&query, data, stdout);
    if (count < 0) return fail(EXIT_CANNOT, "cannot write", "");
    return count > 0 ? 0 : 1;
}

static int serve(struct wish *wish, int count, char **words) {
    int status = read_options(wish, count, words);
    if (status >= 0) return status;
    words += optind;
    if (*words && strcmp(*words, "log") == 0) return show_log(words + 1);
    status = read_words(wish, words);
    if (!status) status = check_nonce(wish);
    if (!status) status = read_config(wish);
    if (!status) status = find_secret(wish);
    if (!status) status = choose_routes(wish);
    if (status) return status;
    choose_name(wish);
    return run(wish);
}

/* By the gateway, for the caller: caller.h, confinement.h. */
static int serve_caller(struct wish *wish, char **words) {
    struct caller *caller = &wish->caller;
    const char *asked = getenv("SSH_ORIGINAL_COMMAND");
    char *line = asked ? memory_string(asked, strlen(asked)) : NULL;
    const char *wrong = caller_read(caller, words, line);
    free(line);
    confine();
    if (wrong) return fail(EXIT_USAGE, wrong, "");
    config_init(&wish->config);
    wish->config.preferences.confined = true;
    wish->accessible = caller->accessible;
    int status = add_address(wish, caller->address);
    wish->confined = true;
    if (!status) status = read_words(wish, caller->words);
    if (!status) status = choose_routes(wish);
    if (status) return status;
    struct route *route = wish->routes.list[0];
    memcpy(route->speaks_for, caller->speaks_for, sizeof route->speaks_for);
    memcpy(route->nick, caller->account, sizeof route->nick);
    route->sasl = SASL_EXTERNAL;
    return run(wish);
}

/* Whose key is nobody's: the only thing that sshd lets them have. */
static int turn_away(const char *key, const char *contact) {
    fprintf(stderr,
            "minichat: nobody here has this ssh key: %s\n"
            "minichat: ask %s to let it in; that is its fingerprint\n"
            "minichat: another key of yours may be known: "
            "ssh -o IdentitiesOnly=yes -i FILE\n",
            key, contact ? contact : "whoever runs this chat");
    return EXIT_REFUSED;
}

static int choose_service(struct wish *wish, int count, char **words) {
    if (count > 1 && strcmp(words[1], "--as") == 0)
        return serve_caller(wish, words + 2);
    if (count > 2 && strcmp(words[1], "--stranger") == 0)
        return turn_away(words[2], words[3]);
    return serve(wish, count, words);
}

/* Whoever started us may have closed one of them; no socket of ours shall get
 * its number and be taken for it. */
static bool fill_standard_streams(void) {
    int fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = dup(fd);
    return fd > STDERR_FILENO && close(fd) == 0;
}

int main(int count, char **words) {
    struct wish wish = {.nick = NULL};
    memory_stay_small();
    wish.warnings = writer_on(wish.warned, sizeof wish.warned);
    if (!fill_standard_streams()) return PIPE_UNREACHABLE;
    (void)signal(SIGPIPE, SIG_IGN);
    int status = choose_service(&wish, count, words);
    explicit_bzero(wish.secret, sizeof wish.secret);
    caller_finish(&wish.caller);
    routes_finish(&wish.routes);
    config_finish(&wish.config);
    return status;
}
