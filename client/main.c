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

#include "client/config.h"
#include "client/desk.h"
#include "client/nonce.h"
#include "client/pipe.h"
#include "client/route.h"

enum { EXIT_USAGE = 64, EXIT_CONFIG = 78 }; /* sysexits(3) */
enum {
    SECRET_SIZE = 8192, /* DESIGN: an AUTHENTICATE line before login */
    WARNINGS_SIZE = 8192,
};

static const char HELP[] =
    "usage: minichat [OPTION…] [[ADDRESS] [ROOM…]]…\n"
    "       minichat [OPTION…] [ADDRESS] send TARGET [TEXT]\n"
    "       minichat [OPTION…] [ADDRESS] tail [ROOM…]\n"
    "\n"
    "Chat with the people on this machine, or on another. Without a terminal,\n"
    "lines of standard input are said in the first room (#lobby).\n"
    "  send TARGET [TEXT]     say TEXT, or standard input, to a room or "
    "person;\n"
    "                         exit 0 only when the server has taken every "
    "line\n"
    "  tail [ROOM…]           print what is said, until interrupted\n"
    "\n"
    "  -n, --nick NAME        be called so (default: your login name)\n"
    "  -t, --token-file FILE  log in with the token in FILE\n"
    "      --plaintext        send it unencrypted to other machines too\n"
    "      --nonce NONCE      send: whoever runs this again with the same one\n"
    "                         says TEXT only once\n"
    "  -h, --help, --version  print this; print the version\n"
    "ADDRESS is a socket's path, unix:PATH, tcp://HOST[:PORT] or\n"
    "irc://HOST[:PORT][/ROOM]. Without one: $MINICHAT_ADDRESS, the\n"
    "configuration, /run/minichat/minichat.sock, your own server's socket,\n"
    "tcp://127.0.0.1:6667. $MINICHAT_TOKEN may hold a token.\n"
    "\n"
    "In the client: Enter says, /help lists commands, Alt-1 … 9 changes "
    "rooms,\n"
    "PgUp scrolls, C-c twice leaves.\n";

struct wish {
    const char *nick, *token_file, *nonce;
    bool plaintext;
    enum pipe_mode mode;
    bool here;            /* at the terminal, if there is one */
    struct routes routes; /* the first is that of the program's own words */
    struct route loose;   /* what was said before any address */
    const char *target, *text;
    struct config config;
    char name[NAME_SIZE];
    char secret[SECRET_SIZE];
    char warned[WARNINGS_SIZE];
    struct writer warnings;
};

static int fail(int status, const char *what, const char *which) {
    fprintf(stderr, "minichat: %s%s%s\n", which, *which ? ": " : "", what);
    return status;
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

/* Where a server of this box may be, one after the other; those of the user
 * only where the environment says where that is. */
static void guess_address(struct route *box, const char *base,
                          const char *rest) {
    char path[ADDRESS_SIZE];
    struct writer writer = writer_on(path, sizeof path);
    if (!base || !*base) return;
    write_string(&writer, base);
    write_string(&writer, rest);
    (void)route_add_address(box, writer_text(&writer)); /* too long is none */
}

static void guess_addresses(struct wish *wish) {
    struct route *box = routes_add(&wish->routes, text_of("box"));
    const char *state = getenv("XDG_STATE_HOME");
    bool set = state && *state;
    guess_address(box, "/run", "/minichat/minichat.sock");
    guess_address(box, getenv("XDG_RUNTIME_DIR"), "/minichat.sock");
    guess_address(box, set ? state : getenv("HOME"),
                  set ? "/minichat/minichat.sock"
                      : "/.local/state/minichat/minichat.sock");
    guess_address(box, "tcp://127.0.0.1", ":6667");
}

/* An address that somebody named is used alone: who wants to be there does
 * not want to be elsewhere. */
static int choose_addresses(struct wish *wish) {
    const char *named = getenv("MINICHAT_ADDRESS");
    if (wish->routes.count > 0) return 0;
    if (named && *named) return add_address(wish, named);
    if (wish->config.address[0]) return add_address(wish, wish->config.address);
    guess_addresses(wish);
    return 0;
}

/* Ours have one; servers elsewhere that are named as IRC's may be anybody's. */
static bool has_lobby(const struct route *route) {
    return route_is_local(route) || route->addresses[0].dialect != ADDRESS_IRC;
}

static void choose_rooms(struct wish *wish) {
    struct route *first = wish->routes.list[0];
    if (wish->loose.join[0])
        memcpy(first->join, wish->loose.join, sizeof first->join);
    if (!first->join[0])
        (void)route_add_rooms(first, text_of(wish->config.join));
    for (size_t i = 0; i < wish->routes.count; i++) {
        struct route *route = wish->routes.list[i];
        route->plaintext = wish->plaintext;
        if (!route->join[0] && has_lobby(route))
            (void)route_add_rooms(route, text_of("#lobby"));
    }
    route_set_secret(first, text_of(wish->secret));
}

static void choose_name(struct wish *wish) {
    const struct passwd *user = getpwuid(getuid());
    if (!wish->nick && wish->config.nick[0]) wish->nick = wish->config.nick;
    if (wish->nick) return;
    name_from_unix(user ? user->pw_name : "", wish->name);
    wish->nick = wish->name;
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
    if (wish->token_file) return read_token_file(wish, wish->token_file);
    if (wish->secret[0] || !wish->config.token_file[0]) return 0;
    return read_token_file(wish, wish->config.token_file);
}

static int read_config(struct wish *wish) {
    char path[CONFIG_PATH_SIZE];
    config_path(path);
    if (!path[0] || config_read(&wish->config, path, &wish->warnings)) return 0;
    fwrite(wish->warned, 1, wish->warnings.length, stderr);
    return EXIT_CONFIG;
}

/* -1: go on; else the exit status. */
static int read_options(struct wish *wish, int count, char **words) {
    enum { PLAINTEXT = 256, NONCE, VERSION };
    static const struct option options[] = {
        {"nick", required_argument, NULL, 'n'},
        {"token-file", required_argument, NULL, 't'},
        {"plaintext", no_argument, NULL, PLAINTEXT},
        {"nonce", required_argument, NULL, NONCE},
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
        if (option == NONCE) wish->nonce = optarg;
        if (option == 'h') return fputs(HELP, stdout) < 0;
        if (option == VERSION) return puts("minichat " MINICHAT_VERSION) < 0;
        if (option == '?') return EXIT_USAGE;
    }
    if (wish->nick && !name_valid(text_of(wish->nick)))
        return fail(EXIT_USAGE, "not a name (letters, digits, _ and -)",
                    wish->nick);
    if (wish->nonce && !nonce_valid(text_of(wish->nonce)))
        return fail(EXIT_USAGE, "not a nonce (1 to 64 of visible ASCII, no ;)",
                    wish->nonce);
    return -1;
}

/* ADDRESSes, and behind each the ROOMs there. */
static int read_places(struct wish *wish, char ***words) {
    int status = 0;
    for (; !status && **words; (*words)++) {
        if (looks_like_address(**words))
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

/* TARGET [TEXT] */
static int read_message(struct wish *wish, char **words) {
    if (!words[0] || (words[1] && words[2]))
        return fail(EXIT_USAGE, "expected send TARGET [TEXT]; quote the text",
                    "");
    if (!words[0][0] || strpbrk(words[0], " ,:\r\n"))
        return fail(EXIT_USAGE, "not a room or a name", words[0]);
    wish->target = words[0];
    wish->mode = PIPE_SEND;
    if (words[1] && strcmp(words[1], "-") != 0) wish->text = words[1];
    return 0;
}

/* A nonce names one line, and standard input has many. */
static int check_nonce(const struct wish *wish) {
    if (!wish->nonce) return 0;
    if (wish->mode == PIPE_SEND && wish->text &&
        text_trim(text_of(wish->text)).length > 0 &&
        !strpbrk(wish->text, "\r\n"))
        return 0;
    return fail(EXIT_USAGE, "--nonce is for send TARGET TEXT, one line", "");
}

static int read_words(struct wish *wish, char **words) {
    int status = read_places(wish, &words);
    if (status) return status;
    if (*words && strcmp(*words, "send") == 0)
        return read_message(wish, words + 1);
    wish->here = !*words || strcmp(*words, "tail") != 0;
    if (!wish->here) wish->mode = PIPE_TAIL;
    return read_rooms(wish, wish->here ? words : words + 1);
}

static int run(struct wish *wish) {
    const struct route *first = wish->routes.list[0];
    struct connection_plan plan = {
        .addresses = first->addresses,
        .count = first->count,
        .nick = wish->nick,
        .secret = first->secret,
        .plaintext = first->plaintext,
    };
    struct desk_task sit = {&wish->routes, wish->nick,
                            writer_text(&wish->warnings)};
    struct pipe_task pass = {wish->mode,
                             wish->target ? wish->target : first->join,
                             wish->text, wish->nonce};
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (wish->here && terminal) return desk_run(&sit);
    fwrite(wish->warned, 1, wish->warnings.length, stderr);
    return pipe_run(&plan, &pass);
}

static int serve(struct wish *wish, int count, char **words) {
    int status = read_options(wish, count, words);
    if (status >= 0) return status;
    status = read_words(wish, words + optind);
    if (!status) status = check_nonce(wish);
    if (!status) status = read_config(wish);
    if (!status) status = choose_addresses(wish);
    if (!status) status = find_secret(wish);
    if (status) return status;
    choose_rooms(wish);
    choose_name(wish);
    return run(wish);
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
    struct wish wish = {.text = NULL};
    wish.warnings = writer_on(wish.warned, sizeof wish.warned);
    if (!fill_standard_streams()) return PIPE_UNREACHABLE;
    (void)signal(SIGPIPE, SIG_IGN);
    int status = serve(&wish, count, words);
    explicit_bzero(wish.secret, sizeof wish.secret);
    routes_finish(&wish.routes);
    return status;
}
