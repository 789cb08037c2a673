#include "server/ctl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "protocol/vault.h"
#include "server/streams.h"

/* clang-format off */
static const struct ctl_command commands[] = {
    {"token", "issue",
     "ACCOUNT [--days N | --expires TIME] [--role ROLE] [--room ROOM]... "
     "[--key NAME]",
     "print a token that lets ACCOUNT in",
     ctl_token_issue, MAKES},
    {"token", "list", "[ACCOUNT]",
     "list the tokens that were issued, and what became of them",
     ctl_token_list, FINDS},
    {"token", "inspect", "[TOKEN]",
     "say what a token says and whether it is good",
     ctl_token_inspect, FINDS},
    {"token", "revoke", "TOKEN | ID | --account NAME [--before TIME]",
     "refuse a token, or all of an account, from now on",
     ctl_token_revoke, FINDS},
    {"key", "generate", "[NAME]",
     "make a new key; from now on tokens are signed with it",
     ctl_key_generate, MAKES},
    {"key", "list", "",
     "list the keys whose tokens are let in",
     ctl_key_list, FINDS},
    {"key", "trust", "NAME KEY [--accounts PATTERNS] [--role-max ROLE]",
     "let in whoever has a token signed with this k4.public key",
     ctl_key_trust, MAKES},
    {"key", "retire", "NAME",
     "refuse all tokens of a key from now on",
     ctl_key_retire, FINDS},
    {"users", "", "[MASK]",
     "list who is connected, and from where",
     ctl_users, ASKS},
    {"rooms", "", "",
     "list the rooms with somebody in them",
     ctl_rooms, ASKS},
    {"kick", "", "NAME [REASON]",
     "disconnect somebody",
     ctl_kick, ASKS},
    {"ban", "", "WHO [for TIME] [REASON]",
     "keep a name or a range of addresses out",
     ctl_ban, ASKS},
    {"mute", "", "WHO [for TIME] [REASON]",
     "let them be here, but not speak",
     ctl_mute, ASKS},
    {"unban", "", "WHO",
     "let them in again",
     ctl_unban, ASKS},
    {"unmute", "", "WHO",
     "let them speak again",
     ctl_unmute, ASKS},
    {"bans", "", "",
     "list who is banned or muted here",
     ctl_bans, ASKS},
    {"reload", "", "",
     "let the server read its settings again",
     ctl_reload, ASKS},
    {"ssh-key", "add", "ACCOUNT KEY | FILE | -",
     "let ACCOUNT in with this ssh key, by the gateway",
     ctl_ssh_key_add, MAKES},
    {"ssh-key", "list", "[ACCOUNT]",
     "list the ssh keys and whose they are",
     ctl_ssh_key_list, FINDS},
    {"ssh-key", "remove", "ACCOUNT | FINGERPRINT...",
     "let nobody in with these keys any more",
     ctl_ssh_key_remove, FINDS},
    {"cert", "add", "ACCOUNT SHA256 | FILE [COMMENT]",
     "let ACCOUNT in with this TLS client certificate",
     ctl_certificate_add, MAKES},
    {"cert", "list", "[ACCOUNT]",
     "list the client certificates and whose they are",
     ctl_certificate_list, FINDS},
    {"cert", "remove", "ACCOUNT | SHA256...",
     "let nobody in with these certificates any more",
     ctl_certificate_remove, FINDS},
    {"fingerprint", "", "",
     "say what the server shows under TLS, to compare with",
     ctl_fingerprint, MAKES},
    {"ssh-keys", "", "USER TYPE KEY",
     "answer sshd: its AuthorizedKeysCommand",
     ctl_ssh_keys, FINDS},
    {"backup", "", "FILE",
     "copy what was said into FILE while the server runs",
     ctl_backup, FINDS},
    {"export", "", "[FILE]",
     "write what was said as lines of JSON",
     ctl_export, FINDS},
    {"import", "", "FILE | -",
     "begin with what was exported; the server must be stopped",
     ctl_import, MAKES},
    {"forget", "", "ACCOUNT [--replace] [--yes]",
     "erase what somebody wrote; the server must be stopped",
     ctl_forget, FINDS},
    {"stats", "", "",
     "say how much is kept",
     ctl_stats, FINDS},
    {"audit", "", "[--since TIME] [--who NAME] [--last N]",
     "say who did what to whom",
     ctl_audit, FINDS},
    {"check", "", "",
     "say whether what is kept is sound",
     ctl_check, FINDS},
};
/* clang-format on */

enum { COMMANDS = sizeof commands / sizeof commands[0] };

struct options {
    const char *directory, *network, *address;
    bool json, help, version;
};

static const char usage[] =
    "usage: minichatctl [-d DIR] [-s ADDRESS] [-n NETWORK] [--json] COMMAND\n";

static void print_usage(FILE *to, const struct ctl_command *command) {
    fprintf(to, "usage: minichatctl %s%s%s%s%s\n", command->noun,
            *command->verb ? " " : "", command->verb,
            *command->usage ? " " : "", command->usage);
}

static void print_commands(FILE *to, const char *noun) {
    for (size_t i = 0; i < COMMANDS; i++) {
        if (noun && strcmp(noun, commands[i].noun) != 0) continue;
        fprintf(to, "  %s %-*s %s\n", commands[i].noun,
                14 - (int)strlen(commands[i].noun), commands[i].verb,
                commands[i].help);
    }
}

static int print_help(void) {
    printf("%s\n", usage);
    print_commands(stdout, NULL);
    puts("\n"
         "  -d DIR      the server's state directory, if not the usual one\n"
         "  -s ADDRESS  where the server listens, unix:PATH; without it as it "
         "says itself\n"
         "  -n NETWORK  the network's name; without it the server's\n"
         "  --json      answer with JSON where the answer is data\n"
         "  --version   say which version this is\n"
         "  --help      this, or after a command what it takes\n"
         "\n"
         "To let ada in for 90 days, with the token it prints:\n"
         "  minichatctl token issue ada");
    return CTL_FINE;
}

static int print_command_help(const struct ctl_command *command) {
    print_usage(stdout, command);
    printf("\n  %s\n\nSee minichatctl(1).\n", command->help);
    return CTL_FINE;
}

static int print_noun_help(const char *noun) {
    printf("%s\n", usage);
    print_commands(stdout, noun);
    puts("\nSee minichatctl(1).");
    return CTL_FINE;
}

static bool take_flag(char *word, struct options *options) {
    if (strcmp(word, "--json") == 0) return options->json = true;
    if (strcmp(word, "--version") == 0) return options->version = true;
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return options->help = true;
    return false;
}

static bool take_option(char ***words, struct options *options,
                        const char **value) {
    if (ctl_option(words, "-d", value))
        options->directory = *value;
    else if (ctl_option(words, "-s", value))
        options->address = *value;
    else if (ctl_option(words, "-n", value))
        options->network = *value;
    else if (take_flag(**words, options))
        ++*words;
    else
        return false;
    return true;
}

/* What sshd gives is never an option; but it never gives one word alone. */
static bool are_sshs(char **start, char **kept, char **words) {
    return kept > start && strcmp(*start, "ssh-keys") == 0 &&
           (kept > start + 1 || words[1]);
}

/* Takes what is for every command out of the words, wherever it stands. */
static bool take_options(char **words, struct options *options) {
    char **start = words, **kept = words;
    while (*words) {
        const char *value = "";
        if (are_sshs(start, kept, words) ||
            !take_option(&words, options, &value))
            *kept++ = *words++;
        if (!value) {
            fprintf(stderr, "minichatctl: %s: its value is missing\n",
                    words[-1]);
            return false;
        }
    }
    *kept = NULL;
    return true;
}

/* The words that make the command: two, or one where it has no verb. */
static bool is_named(const struct ctl_command *command, char **words) {
    if (!words[0] || strcmp(words[0], command->noun) != 0) return false;
    if (!*command->verb) return true;
    return words[1] && strcmp(words[1], command->verb) == 0;
}

static const struct ctl_command *find(char **words) {
    for (size_t i = 0; i < COMMANDS; i++)
        if (is_named(&commands[i], words)) return &commands[i];
    return NULL;
}

static bool is_noun(const char *word) {
    for (size_t i = 0; word && i < COMMANDS; i++)
        if (strcmp(word, commands[i].noun) == 0) return true;
    return false;
}

static int fail_option(void) {
    fputs(usage, stderr);
    fputs("minichatctl --help lists the options\n", stderr);
    return CTL_USAGE;
}

static int fail_command(char **words) {
    fputs(usage, stderr);
    if (is_noun(words[0])) {
        print_commands(stderr, words[0]);
    } else {
        if (words[0])
            fprintf(stderr, "minichatctl: there is no %s %s\n",
                    words[0][0] == '-' ? "option" : "command", words[0]);
        fputs("minichatctl --help lists the commands\n", stderr);
    }
    return CTL_USAGE;
}

static bool open_ctl(struct ctl *ctl, const struct ctl_command *command,
                     const struct options *options) {
    const char *directory = options->directory;
    ctl->json = options->json;
    ctl->address = options->address;
    ctl->is_chosen = options->directory != NULL;
    if (directory && command->directory != MAKES && access(directory, F_OK)) {
        ctl_fail(ctl, "there is no state directory %s", directory);
        return false;
    }
    if (!state_open(&ctl->state, directory, ctl->error, CTL_ERROR_SIZE))
        return false;
    if (!directory && command->directory != ASKS && state_is_aside(&ctl->state))
        fprintf(stderr,
                "minichatctl: this is about a server of your own, in %s, where "
                "none has run; the one of this machine is its owner's (sudo)\n",
                ctl->state.path);
    if (!options->network)
        return state_network(&ctl->state, ctl->network, ctl->error,
                             CTL_ERROR_SIZE);
    struct text name = text_of(options->network);
    if (network_valid(name)) return text_copy(name, ctl->network, NETWORK_SIZE);
    ctl_fail(ctl, "-n: a network's name is 1 to 32 visible ASCII characters");
    return false;
}

static int run(const struct ctl_command *command, char **words,
               const struct options *options) {
    char error[CTL_ERROR_SIZE] = "";
    struct ctl ctl = {.error = error};
    int result = CTL_FAILED;
    if (open_ctl(&ctl, command, options)) result = command->run(&ctl, words);
    if (result == CTL_FAILED && *error)
        fprintf(stderr, "minichatctl: %s\n", error);
    if (result == CTL_USAGE) print_usage(stderr, command);
    return result;
}

static int print_version(void) {
    puts("minichatctl " MINICHAT_VERSION);
    return CTL_FINE;
}

static int help(const struct ctl_command *command, const char *noun) {
    if (command) return print_command_help(command);
    return is_noun(noun) ? print_noun_help(noun) : print_help();
}

static int carry_out(char **words) {
    struct options options = {0};
    if (!take_options(words, &options)) return fail_option();
    const struct ctl_command *command = find(words);
    if (options.version) return print_version();
    if (options.help) return help(command, words[0]);
    if (!command) return fail_command(words);
    return run(command, words + (*command->verb ? 2 : 1), &options);
}

int main(int argc, char **argv) {
    if (!streams_hold()) return CTL_FAILED;
    if (!vault_close_process())
        fputs("minichatctl: a core file could have keys in it\n", stderr);
    int result = carry_out(argv + (argc > 0));
    return streams_finish("minichatctl") ? result : CTL_FAILED;
}
