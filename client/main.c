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

enum { EXIT_USAGE = 64, EXIT_CONFIG = 78 }; /* sysexits(3) */
enum {
    ADDRESSES_MAX = 5,
    SECRET_SIZE = 8192, /* DESIGN: an AUTHENTICATE line before login */
    ROOMS_SIZE = 2048,
    WARNINGS_SIZE = 8192,
};

static const char HELP[] =
    "usage: minichat [OPTION…] [ADDRESS] [ROOM…]\n"
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
    bool here; /* at the terminal, if there is one */
    struct address addresses[ADDRESSES_MAX];
    size_t address_count;
    char rooms[ROOMS_SIZE];
    const char *text;
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

static void add_rooms(struct wish *wish, const char *rooms) {
    struct writer writer = writer_on(wish->rooms, sizeof wish->rooms - 1);
    writer.length = strlen(wish->rooms);
    if (writer.length > 0) write_char(&writer, ',');
    write_string(&writer, rooms);
    wish->rooms[writer.length] = '\0';
}

static const char *add_address(struct wish *wish, const char *text) {
    struct address *address = &wish->addresses[wish->address_count];
    const char *wrong = address_parse(address, text_of(text));
    if (!wrong) wish->address_count++;
    return wrong;
}

/* Where a server of this box may be, one after the other; those of the user
 * only where the environment says where that is. */
static void guess_address(struct wish *wish, const char *base,
                          const char *rest) {
    char path[ADDRESS_SIZE];
    struct writer writer = writer_on(path, sizeof path - 1);
    if (!base || !*base) return;
    write_string(&writer, base);
    write_string(&writer, rest);
    path[writer.length] = '\0';
    (void)add_address(wish, path); /* one that is too long is none */
}

static void guess_addresses(struct wish *wish) {
    const char *state = getenv("XDG_STATE_HOME");
    bool set = state && *state;
    guess_address(wish, "/run", "/minichat/minichat.sock");
    guess_address(wish, getenv("XDG_RUNTIME_DIR"), "/minichat.sock");
    guess_address(wish, set ? state : getenv("HOME"),
                  set ? "/minichat/minichat.sock"
                      : "/.local/state/minichat/minichat.sock");
    guess_address(wish, "tcp://127.0.0.1", ":6667");
}

/* An address that somebody named is used alone: who wants to be there does
 * not want to be elsewhere. */
static int choose_addresses(struct wish *wish) {
    const char *named = getenv("MINICHAT_ADDRESS"), *wrong = NULL;
    if (wish->address_count > 0) return 0;
    if (named && *named) {
        wrong = add_address(wish, named);
        return wrong ? fail(EXIT_USAGE, wrong, "MINICHAT_ADDRESS") : 0;
    }
    if (wish->config.address[0])
        (void)add_address(wish, wish->config.address); /* parsed before */
    else
        guess_addresses(wish);
    return 0;
}

static void choose_rooms(struct wish *wish) {
    if (wish->rooms[0]) return;
    if (wish->address_count > 0) add_rooms(wish, wish->addresses[0].rooms);
    if (!wish->rooms[0]) add_rooms(wish, wish->config.join);
    if (!wish->rooms[0]) add_rooms(wish, "#lobby");
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

static int read_rooms(struct wish *wish, char **words) {
    for (; *words; words++) {
        if (!looks_like_room(*words))
            return fail(EXIT_USAGE,
                        "rooms begin with #, addresses with / or irc://",
                        *words);
        add_rooms(wish, *words);
    }
    return 0;
}

/* TARGET [TEXT] */
static int read_message(struct wish *wish, char **words) {
    if (!words[0] || (words[1] && words[2]))
        return fail(EXIT_USAGE, "expected send TARGET [TEXT]; quote the text",
                    "");
    if (!words[0][0] || strpbrk(words[0], " ,:\r\n"))
        return fail(EXIT_USAGE, "not a room or a name", words[0]);
    add_rooms(wish, words[0]);
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
    if (*words && looks_like_address(*words)) {
        const char *wrong = add_address(wish, *words);
        if (wrong) return fail(EXIT_USAGE, wrong, *words);
        words++;
    }
    if (*words && strcmp(*words, "send") == 0)
        return read_message(wish, words + 1);
    wish->here = !*words || strcmp(*words, "tail") != 0;
    if (!wish->here) wish->mode = PIPE_TAIL;
    return read_rooms(wish, wish->here ? words : words + 1);
}

static int run(struct wish *wish) {
    struct connection_plan plan = {
        .addresses = wish->addresses,
        .count = wish->address_count,
        .nick = wish->nick,
        .secret = wish->secret[0] ? wish->secret : NULL,
        .plaintext = wish->plaintext,
    };
    struct desk_task sit = {wish->rooms, writer_text(&wish->warnings)};
    struct pipe_task pass = {wish->mode, wish->rooms, wish->text, wish->nonce};
    bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    if (wish->here && terminal) return desk_run(&plan, &sit);
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
    return status;
}
