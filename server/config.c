#include "server/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <string.h>

#include "protocol/writer.h"
#include "server/gateway.h"

#define AT(field) offsetof(struct config, field)
/* clang-format off */
static const struct setting settings[] = {
    {"server", "name", SETTING_NETWORK, 0, 0, AT(name), "minichat",
     "The network's name. Tokens are bound to it: those of another name are not accepted."},
    {"server", "listen", SETTING_ADDRESS, 0, 0, AT(listen), "",
     "An address to listen on; one line for each. Without any: the machine's Unix socket and tcp://127.0.0.1:6667."},
    {"server", "motd", SETTING_PATH, 0, 0, AT(motd), "",
     "A text file that is shown to everybody who enters."},
    {"server", "lobby", SETTING_ROOM, 0, 0, AT(lobby), "#lobby",
     "The room where people arrive. Empty: none."},
    {"server", "plaintext", SETTING_YES_NO, 0, 0, AT(plaintext), "no",
     "May connections without encryption come from other machines?"},
    {"server", "proxies", SETTING_SUBNETS, 0, 0, AT(proxies), "",
     "Addresses of proxies, separated by commas, that say first who connects through them (PROXY protocol, version 1 or 2). They are believed, and must."},
    {"server", "user", SETTING_USER, 0, 0, AT(user), CONFIG_USER,
     "Whom a server that root started becomes once its addresses are bound. Empty: it goes on as root."},
    {"server", "sandbox", SETTING_YES_NO, 0, 0, AT(sandbox), "yes",
     "Is the server held to the files and system calls that it needs, as far as the kernel can?"},
    {"tls", "certificate", SETTING_CERTIFICATE, 0, 0, AT(pairs), "",
     "A PEM file with the certificate and those that vouch for it. One line for each: who asks for a host is shown the first that is made out to it, or else the first of all. Empty: one that is made at the first start and vouches for itself."},
    {"tls", "key", SETTING_KEY, 0, 0, AT(pairs), "",
     "A PEM file with the key of the certificate in the line above. Without it: it is in the certificate's file."},
    {"tls", "sts", SETTING_STS, 0, 3650, AT(sts), "0",
     "For how many days are IRC clients told to come with TLS alone (IRCv3 STS)? 0: they are not; withdrawn: those who were are told that it is over. Only for a certificate that their systems trust."},
    {"auth", "guests", SETTING_YES_NO, 0, 0, AT(guests), "no",
     "May somebody enter of whom nothing is known?"},
    {"auth", "loopback", SETTING_YES_NO, 0, 0, AT(loopback), "yes",
     "Is a local TCP connection known by the Unix user who made it?"},
    {"auth", "admins", SETTING_ACCOUNTS, 0, 0, AT(admins), "",
     "Accounts that are admins, separated by commas."},
    {"auth", "allow-names", SETTING_ACCOUNTS, 0, 0, AT(allow_names), "",
     "Accounts that may log in for the first time though their names look like another account's, or like the server's."},
    {"auth", "gateway", SETTING_GATEWAY, 0, 0, AT(gateway), "",
     "The Unix user that ssh keys log in as. It alone may say for which account it speaks, and never enters as itself."},
    {"auth", "contact", SETTING_CONTACT, 0, 0, AT(contact), "",
     "Whom somebody with an unknown ssh key may ask to be let in."},
    {"auth", "strangers", SETTING_YES_NO, 0, 0, AT(strangers), "yes",
     "Is who comes to the gateway with an unknown ssh key told so? With no sshd goes on to their next key."},
    {"auth", "token-days", SETTING_NUMBER, 0, 3650, AT(token_days), "90",
     "How many days the tokens last at most that people make for themselves."},
    {"limits", "sessions", SETTING_NUMBER, 1, 1000000, AT(sessions), "10000",
     "Connections in all. The limit of open files (RLIMIT_NOFILE) can lower it."},
    {"limits", "per-address", SETTING_NUMBER, 1, 1000000, AT(per_address), "128",
     "Connections from one IP address, one IPv6 /64, or of one user of the Unix socket."},
    {"limits", "arrivals", SETTING_NUMBER, 0, 100000, AT(arrivals.rate), "100",
     "New connections a second from one address. 0: no limit."},
    {"limits", "arrivals-burst", SETTING_NUMBER, 1, 1000000, AT(arrivals.burst), "1000",
     "New connections that an address which was quiet may make at once."},
    {"limits", "newcomers", SETTING_NUMBER, 1, 1000000, AT(newcomers), "1000",
     "Connections that have not logged in yet, in all; when one more comes the oldest of where the most are from is closed."},
    {"limits", "newcomers-per-address", SETTING_NUMBER, 1, 1000000, AT(newcomers_per_address), "64",
     "The same from one address."},
    {"limits", "line", SETTING_NUMBER, 512, 8191, AT(line), "4096",
     "The longest line of a person, in bytes."},
    {"limits", "send-queue", SETTING_NUMBER, 16384, 67108864, AT(send_queue), "1048576",
     "Bytes that may wait for one peer; one who is further behind is dropped."},
    {"limits", "send-lines", SETTING_NUMBER, 64, 1048576, AT(send_lines), "8192",
     "Lines that may wait for one peer; one who is further behind is dropped."},
    {"limits", "register-seconds", SETTING_NUMBER, 5, 600, AT(register_seconds), "60",
     "How long logging in may take."},
    {"limits", "ping-seconds", SETTING_NUMBER, 10, 3600, AT(ping_seconds), "120",
     "Silence after which an IRC client is asked whether it is still there."},
    {"limits", "timeout-seconds", SETTING_NUMBER, 5, 600, AT(timeout_seconds), "60",
     "How long a peer may leave us without an answer, or unread, before it is gone."},
    {"limits", "rate", SETTING_NUMBER, 0, 100000, AT(rate.rate), "20",
     "Requests a second of one session; reading pauses when it is faster. 0: no limit."},
    {"limits", "burst", SETTING_NUMBER, 1, 100000, AT(rate.burst), "200",
     "Requests that a session which was quiet may make at once."},
    {"limits", "guest-rate", SETTING_NUMBER, 0, 100000, AT(guest_rate.rate), "4",
     "Requests a second of a guest's session. 0: no limit."},
    {"limits", "guest-burst", SETTING_NUMBER, 1, 100000, AT(guest_rate.burst), "30",
     "Requests that a guest's session which was quiet may make at once."},
    {"limits", "wrong-tokens", SETTING_NUMBER, 1, 10000, AT(wrong_tokens), "5",
     "Wrong tokens for one account from one address after which the next are looked at later, each wrong one doubling the wait; four times as many for the address as a whole."},
    {"limits", "wrong-seconds", SETTING_NUMBER, 0, 60, AT(wrong_seconds), "5",
     "How long a token waits at most until it is looked at, the right one too; never more than half of register-seconds. 0: not at all."},
    {"history", "durability", SETTING_DURABILITY, 0, 0, AT(durability), "power",
     "What a line has survived before anybody sees it: power cuts, the end of the process, or nothing (none: nothing is kept)."},
    {"history", "keep", SETTING_KEEP, 0, 0, AT(keep), "",
     "How much is kept; one line for each room with a rule of its own, one without a room for all others. Without any: all, for ever."},
    {"history", "search", SETTING_YES_NO, 0, 0, AT(keep.search), "yes",
     "Are all lines indexed for the search? If not, it finds the newest few thousand."},
};
/* clang-format on */
enum { SETTINGS = sizeof settings / sizeof *settings };

static const char *const expectations[] = {
    [SETTING_YES_NO] = "yes or no",
    [SETTING_NUMBER] = "a number",
    [SETTING_STS] = "a number of days up to 3650, or withdrawn",
    [SETTING_NETWORK] = "1 to 32 letters, digits, '.', '_' or '-'",
    [SETTING_ADDRESS] = "tcp://HOST:PORT, tls://HOST:PORT or unix:/PATH",
    [SETTING_PATH] = "an absolute path",
    [SETTING_CERTIFICATE] = "an absolute path, at most 8 of them",
    [SETTING_KEY] = "an absolute path, one for each certificate",
    [SETTING_ROOM] = "a room such as #lobby, or nothing",
    [SETTING_USER] = "the name of a user of this machine, or nothing",
    [SETTING_ACCOUNTS] = "account names separated by commas",
    [SETTING_SUBNETS] = "at most 16 of 192.0.2.7, 192.0.2.0/24, 2001:db8::/32",
    [SETTING_GATEWAY] = "the name of a Unix user",
    [SETTING_CONTACT] = "at most 128 letters, digits, blanks and /._+-@#,:()",
    [SETTING_DURABILITY] = "power, process or none",
    [SETTING_KEEP] = "90 days, 9000 lines, #ops 7 days 500 lines or #a forever",
};

/* Where a setting is kept: the one place that knows types by their kind. */
static char *place(struct config *config, const struct setting *setting) {
    return (char *)config + setting->at;
}

static bool set_yes_no(struct config *config, const struct setting *setting,
                       struct text value) {
    bool yes = text_is(value, "yes");
    if (!yes && !text_is(value, "no")) return false;
    *(bool *)place(config, setting) = yes;
    return true;
}

static bool set_number(struct config *config, const struct setting *setting,
                       struct text value) {
    uint64_t number;
    if (!text_number(value, &number)) return false;
    if (number < setting->least || number > setting->most) return false;
    *(unsigned *)(void *)place(config, setting) = (unsigned)number;
    return true;
}

static bool set_sts(struct config *config, const struct setting *setting,
                    struct text value) {
    config->sts_withdrawn = text_is(value, "withdrawn");
    config->sts = 0;
    return config->sts_withdrawn || set_number(config, setting, value);
}

static bool set_network(struct config *config, const struct setting *setting,
                        struct text value) {
    for (size_t i = 0; i < value.length; i++) {
        char byte = name_fold(value.at[i]);
        bool good = (byte >= 'a' && byte <= 'z') ||
                    (byte >= '0' && byte <= '9') || strchr("._-", byte);
        if (!good || !byte) return false;
    }
    return value.length > 0 &&
           text_copy(value, place(config, setting), CONFIG_NETWORK_SIZE);
}

static bool set_address(struct config *config, const struct setting *setting,
                        struct text value) {
    (void)setting;
    if (config->listeners == CONFIG_LISTENERS) return false;
    struct address *address = &config->listen[config->listeners];
    if (address_parse(address, value)) return false;
    config->listeners++;
    return true;
}

static bool set_path(struct config *config, const struct setting *setting,
                     struct text value) {
    return (value.length == 0 || text_begins(value, "/")) &&
           text_copy(value, place(config, setting), CONFIG_PATH_SIZE);
}

/* The last pair, or one more where that has its half already. */
static struct config_pair *pair_without(struct config *config, bool key) {
    struct config_pair *last = config->pairs + config->certificates - 1;
    if (config->certificates > 0 && !*(key ? last->key : last->certificate))
        return last;
    if (config->certificates == CONFIG_CERTIFICATES) return NULL;
    return &config->pairs[config->certificates++];
}

static bool set_half(struct config *config, struct text value, bool key) {
    if (value.length == 0) return true;
    if (!text_begins(value, "/") || value.length >= CONFIG_PATH_SIZE)
        return false;
    struct config_pair *pair = pair_without(config, key);
    return pair && text_copy(value, key ? pair->key : pair->certificate,
                             CONFIG_PATH_SIZE);
}

static bool set_certificate(struct config *config,
                            const struct setting *setting, struct text value) {
    (void)setting;
    return set_half(config, value, false);
}

static bool set_key(struct config *config, const struct setting *setting,
                    struct text value) {
    (void)setting;
    return set_half(config, value, true);
}

static bool set_room(struct config *config, const struct setting *setting,
                     struct text value) {
    return (value.length == 0 || room_valid(value)) &&
           text_copy(value, place(config, setting), ROOM_SIZE);
}

static bool set_user(struct config *config, const struct setting *setting,
                     struct text value) {
    for (size_t i = 0; i < value.length; i++)
        if (value.at[i] <= ' ' || value.at[i] > '~' || value.at[i] == ':')
            return false;
    return text_copy(value, place(config, setting), CONFIG_USER_SIZE);
}

static bool set_accounts(struct config *config, const struct setting *setting,
                         struct text value) {
    char *list = place(config, setting);
    size_t length = strlen(list);
    struct writer writer = writer_on(list, CONFIG_ADMINS_SIZE - 1);
    writer.length = length;
    while (value.length > 0 && !writer.full) {
        struct text name = text_trim(text_piece(&value, ','));
        if (!name_valid(name)) writer.full = true;
        if (writer.length > 0) write_char(&writer, ',');
        write_text(&writer, name);
    }
    list[writer.full ? length : writer.length] = '\0';
    return !writer.full;
}

static bool set_subnets(struct config *config, const struct setting *setting,
                        struct text value) {
    unsigned count = config->proxy_count;
    (void)setting;
    while (value.length > 0) {
        struct text one = text_trim(text_piece(&value, ','));
        if (count == CONFIG_PROXIES) return false;
        if (!subnet_read(one, &config->proxies[count++])) return false;
    }
    config->proxy_count = count;
    return true;
}

/* Both become words of a command line: gateway.h. */
static bool set_gateway(struct config *config, const struct setting *setting,
                        struct text value) {
    return (value.length == 0 || ssh_account_valid(value)) &&
           text_copy(value, place(config, setting), NAME_SIZE);
}

static bool set_contact(struct config *config, const struct setting *setting,
                        struct text value) {
    return gateway_contact_valid(value) &&
           text_copy(value, place(config, setting), GATEWAY_CONTACT_SIZE);
}

static bool set_durability(struct config *config, const struct setting *setting,
                           struct text value) {
    static const char *const words[] = {
        [DURABILITY_POWER] = "power",
        [DURABILITY_PROCESS] = "process",
        [DURABILITY_NONE] = "none",
    };
    (void)setting;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!text_is(value, words[i])) continue;
        config->durability = (enum durability)i;
        return true;
    }
    return false;
}

/* "7 days" or "5000 lines", each at most once. */
static bool read_measure(struct text *rest, struct keep_rule *rule) {
    uint64_t number;
    if (!text_number(text_word(rest), &number) || number == 0) return false;
    struct text unit = text_word(rest);
    bool days = text_is(unit, "days") || text_is(unit, "day");
    if (!days && !text_is(unit, "lines") && !text_is(unit, "line"))
        return false;
    unsigned *measure = days ? &rule->days : &rule->lines;
    if (*measure || number > (days ? KEEP_DAYS_MOST : KEEP_LINES_MOST))
        return false;
    *measure = (unsigned)number;
    return true;
}

static bool read_rule(struct text value, struct keep_rule *rule) {
    struct text rest = text_trim(value);
    *rule = (struct keep_rule){0};
    if (text_begins(rest, "#")) {
        struct text room = text_word(&rest);
        if (!room_valid(room)) return false;
        text_copy(room, rule->room, sizeof rule->room);
    }
    if (text_is(rest, "forever")) return true;
    if (rest.length == 0) return false;
    while (rest.length > 0)
        if (!read_measure(&rest, rule)) return false;
    return true;
}

static bool set_keep(struct config *config, const struct setting *setting,
                     struct text value) {
    struct chores_plan *keep = &config->keep;
    struct keep_rule rule;
    (void)setting;
    if (keep->count == KEEP_RULES || !read_rule(value, &rule)) return false;
    for (unsigned i = 0; i < keep->count; i++)
        if (name_equals(text_of(keep->rules[i].room), text_of(rule.room)))
            return false;
    keep->rules[keep->count++] = rule;
    return true;
}

/* clang-format off */
static bool (*const setters[])(struct config *, const struct setting *,
                               struct text) = {
    [SETTING_YES_NO] = set_yes_no,
    [SETTING_NUMBER] = set_number,
    [SETTING_STS] = set_sts,
    [SETTING_NETWORK] = set_network,
    [SETTING_ADDRESS] = set_address,
    [SETTING_PATH] = set_path,
    [SETTING_CERTIFICATE] = set_certificate,
    [SETTING_KEY] = set_key,
    [SETTING_ROOM] = set_room,
    [SETTING_USER] = set_user,
    [SETTING_ACCOUNTS] = set_accounts,
    [SETTING_SUBNETS] = set_subnets,
    [SETTING_GATEWAY] = set_gateway,
    [SETTING_CONTACT] = set_contact,
    [SETTING_DURABILITY] = set_durability,
    [SETTING_KEEP] = set_keep,
};
/* clang-format on */

static bool is_repeatable(const struct setting *setting) {
    static const bool may[] = {
        [SETTING_ADDRESS] = true,     [SETTING_ACCOUNTS] = true,
        [SETTING_CERTIFICATE] = true, [SETTING_KEY] = true,
        [SETTING_SUBNETS] = true,     [SETTING_KEEP] = true,
    };
    return may[setting->kind];
}

static bool has_section(const char *section) {
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].section, section) == 0) return true;
    return false;
}

static const struct setting *find(const char *section, const char *key) {
    for (size_t i = 0; i < SETTINGS; i++)
        if (strcmp(settings[i].section, section) == 0 &&
            strcmp(settings[i].key, key) == 0)
            return &settings[i];
    return NULL;
}

static void say_unknown(const char *section, const char *key, char *error,
                        size_t size) {
    if (!*section)
        snprintf(error, size, "%s: expected a [section] before it", key);
    else if (!has_section(section))
        snprintf(
            error, size,
            "[%s]: expected the section server, tls, auth, limits or history",
            section);
    else
        snprintf(error, size, "[%s] %s: there is no such setting", section,
                 key);
}

/* An address says itself what is wrong with it. */
static void say_expected(const struct setting *setting, const char *value,
                         char *error, size_t size) {
    char expected[128];
    struct address address;
    const char *why = NULL;
    config_expects(setting, expected, sizeof expected);
    if (setting->kind == SETTING_ADDRESS)
        why = address_parse(&address, text_of(value));
    if (why && strncmp(why, "expected", 8) == 0) why = NULL;
    snprintf(error, size, "[%s] %s: expected %s%s%s", setting->section,
             setting->key, expected, why ? ": " : "", why ? why : "");
}

bool config_set(struct config *config, const char *section, const char *key,
                const char *value, char *error, size_t size) {
    const struct setting *setting = find(section, key);
    if (!setting) {
        say_unknown(section, key, error, size);
        return false;
    }
    if (setters[setting->kind](config, setting, text_of(value))) return true;
    say_expected(setting, value, error, size);
    return false;
}

const struct setting *config_after(const struct setting *setting) {
    if (!setting) return settings;
    return setting + 1 < settings + SETTINGS ? setting + 1 : NULL;
}

void config_expects(const struct setting *setting, char *to, size_t size) {
    if (setting->kind == SETTING_NUMBER)
        snprintf(to, size, "a number from %u to %u", setting->least,
                 setting->most);
    else
        snprintf(to, size, "%s", expectations[setting->kind]);
}

void config_defaults(struct config *config) {
    *config = (struct config){0};
    for (size_t i = 0; i < SETTINGS; i++)
        if (*settings[i].standard || settings[i].kind == SETTING_ROOM)
            setters[settings[i].kind](config, &settings[i],
                                      text_of(settings[i].standard));
}

/* A file under way. inih tells neither line numbers nor that it cut a line,
 * so the lines are given to it one by one and counted here. */
struct reading {
    FILE *file;
    unsigned line;
    bool done; /* an error was found: nothing more is given out */
    bool seen[SETTINGS];
    struct config config;
    char *error;
    size_t size;
    const char *path;
};

static void fail(struct reading *reading, const char *why) {
    if (!reading->done)
        snprintf(reading->error, reading->size, "%s:%u: %s", reading->path,
                 reading->line, why);
    reading->done = true;
}

/* fgets for inih, whose type has the void pointer. */
static char *next_line(char *to, int size, void *stream) {
    struct reading *reading = stream;
    if (reading->done || !fgets(to, size, reading->file)) return NULL;
    reading->line++;
    if (!strchr(to, '\n') && !feof(reading->file)) {
        char why[64];
        snprintf(why, sizeof why, "expected at most %d bytes in a line",
                 size - 2);
        fail(reading, why);
        return NULL;
    }
    return to;
}

static int on_setting(void *user, const char *section, const char *key,
                      const char *value) {
    struct reading *reading = user;
    char why[CONFIG_ERROR_SIZE / 2];
    if (reading->done) return 0;
    const struct setting *setting = find(section, key);
    if (setting && reading->seen[setting - settings] &&
        !is_repeatable(setting)) {
        snprintf(why, sizeof why, "[%s] %s: expected only once", section, key);
        fail(reading, why);
        return 0;
    }
    if (setting) reading->seen[setting - settings] = true;
    if (config_set(&reading->config, section, key, value, why, sizeof why))
        return 1;
    fail(reading, why);
    return 0;
}

static void read_all(struct reading *reading) {
    int wrong = ini_parse_stream(next_line, reading, on_setting, reading);
    if (ferror(reading->file)) {
        fail(reading, strerror(errno));
    } else if (wrong > 0 && !reading->done) {
        reading->line = (unsigned)wrong;
        fail(reading, "expected [section] or key = value");
    }
}

bool config_read(struct config *config, const char *path, char *error,
                 size_t size) {
    struct reading reading = {
        .config = *config, .error = error, .size = size, .path = path};
    reading.file = fopen(path, "re");
    if (!reading.file) {
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return false;
    }
    read_all(&reading);
    fclose(reading.file);
    if (!reading.done) *config = reading.config;
    return !reading.done;
}

bool config_is_proxy(const struct config *config, const char *host) {
    struct subnet one;
    if (!config->proxy_count || !subnet_read(text_of(host), &one)) return false;
    for (unsigned i = 0; i < config->proxy_count; i++)
        if (subnet_holds(&config->proxies[i], &one)) return true;
    return false;
}

static bool is_listed(const char *list, const char *account) {
    struct text rest = text_of(list);
    while (rest.length)
        if (name_equals(text_trim(text_piece(&rest, ',')), text_of(account)))
            return true;
    return false;
}

bool config_is_admin(const struct config *config, const char *account) {
    return is_listed(config->admins, account);
}

bool config_allows_name(const struct config *config, const char *account) {
    return config_is_admin(config, account) ||
           is_listed(config->allow_names, account);
}
