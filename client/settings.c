#include "client/settings.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/trust.h"

#define OF_ALL(field) offsetof(struct preferences, field)
#define OF_NETWORK(field) offsetof(struct route, field)
/* clang-format off */
static const struct setting settings[] = {
    {SETTING_OF_ALL, SETTING_NAME, "nick", NULL, 0, NAME_SIZE, OF_ALL(nick), "",
     "Your name, where a network has none of its own. Empty: your login name."},
    {SETTING_OF_ALL, SETTING_CHOICE, "theme", "auto dark light mono", 0, 0, OF_ALL(theme), "auto",
     "The colours; auto asks the terminal for its background."},
    {SETTING_OF_ALL, SETTING_TIME, "time", NULL, 0, PREFERENCE_TEXT_SIZE, OF_ALL(time), "%H:%M",
     "How times are written, see strftime(3)."},
    {SETTING_OF_ALL, SETTING_NUMBER, "nick-width", NULL, 4, 32, OF_ALL(nick_width), "12",
     "Columns for names."},
    {SETTING_OF_ALL, SETTING_CHOICE, "panes", "auto on off", 0, 0, OF_ALL(panes), "auto",
     "The lists beside the messages; auto: by the terminal's size."},
    {SETTING_OF_ALL, SETTING_SWITCH, "mouse", NULL, 0, 0, OF_ALL(mouse), "on",
     "Wheel and clicks; with Shift the terminal selects as usual."},
    {SETTING_OF_ALL, SETTING_CHOICE, "notify", "auto off bell osc9 osc99 osc777 command", 0, 0, OF_ALL(notify), "auto",
     "How you are told of a mention while you look elsewhere; auto: as the terminal can."},
    {SETTING_OF_ALL, SETTING_TEXT, "notify-command", NULL, 0, PREFERENCE_TEXT_SIZE, OF_ALL(notify_command), "",
     "What notify = command runs; ROOM, NICK and TEXT are in its environment."},
    {SETTING_OF_ALL, SETTING_TEXT, "open-command", NULL, 0, PREFERENCE_TEXT_SIZE, OF_ALL(open_command), "xdg-open",
     "The program, with its options, that opens a link, which comes as its last word."},
    {SETTING_OF_ALL, SETTING_TEXT, "highlight", NULL, 0, PREFERENCE_LIST_SIZE, OF_ALL(highlight), "",
     "Words and *patterns* that count as a mention, separated by commas."},
    {SETTING_OF_ALL, SETTING_TEXT, "ignore", NULL, 0, PREFERENCE_LIST_SIZE, OF_ALL(ignore), "",
     "Whose lines are not shown: nick!user@host masks, separated by commas; said, notices, comings or a room may follow."},
    {SETTING_OF_ALL, SETTING_TEXT, "filter", NULL, 0, PREFERENCE_LIST_SIZE, OF_ALL(filter), "",
     "Lines that are not shown: words that they hold, or *patterns*, separated by commas."},
    {SETTING_OF_ALL, SETTING_CHOICE, "noise", "all merge smart none", 0, 0, OF_ALL(noise), "merge",
     "Who comes and goes: each on a line, several on one, those who spoke, nobody."},
    {SETTING_OF_ALL, SETTING_NUMBER, "history-lines", NULL, PREFERENCE_LINES_MIN, PREFERENCE_LINES_MAX, OF_ALL(history_lines), "20000",
     "Messages kept in memory for each buffer."},
    {SETTING_OF_ALL, SETTING_SWITCH, "log", NULL, 0, 0, OF_ALL(log), "on",
     "Are conversations written to files?"},
    {SETTING_OF_ALL, SETTING_NUMBER, "log-days", NULL, 0, 36500, OF_ALL(log_days), "0",
     "Days after which a log is removed. 0: never."},
    {SETTING_OF_ALL, SETTING_SWITCH, "typing", NULL, 0, 0, OF_ALL(typing), "on",
     "Are others told that you are writing?"},
    {SETTING_OF_ALL, SETTING_SWITCH, "read-marker", NULL, 0, 0, OF_ALL(read_marker), "on",
     "Are your other clients told what you have read?"},
    {SETTING_OF_ALL, SETTING_CHOICE, "low-bandwidth", "auto on off", 0, 0, OF_ALL(low_bandwidth), "auto",
     "Is drawn less often; auto: when the terminal keeps us waiting; off: a flood is drawn as fast as any."},
    {SETTING_OF_ALL, SETTING_SWITCH, "accessible", NULL, 0, 0, OF_ALL(accessible), "off",
     "Plain lines instead of a screen, for screen readers."},
    {SETTING_OF_NETWORK, SETTING_ADDRESSES, "address", NULL, 0, 0, OF_NETWORK(addresses), "",
     "Where it is; several are tried in their order."},
    {SETTING_OF_NETWORK, SETTING_NAME, "nick", NULL, 0, NAME_SIZE, OF_NETWORK(nick), "",
     "Your name there."},
    {SETTING_OF_NETWORK, SETTING_ROOMS, "join", NULL, 0, ROUTE_JOIN_SIZE, OF_NETWORK(join), "",
     "Rooms, separated by commas; a key stands behind its room."},
    {SETTING_OF_NETWORK, SETTING_TEXT, "mute", NULL, 0, ROUTE_JOIN_SIZE, OF_NETWORK(mute), "",
     "Rooms and people, separated by commas, of whom only mentions show."},
    {SETTING_OF_NETWORK, SETTING_CHOICE, "sasl", "auto plain external oauthbearer none", 0, 0, OF_NETWORK(sasl), "auto",
     "How you log in; auto: as the server offers, with what there is."},
    {SETTING_OF_NETWORK, SETTING_NAME, "user", NULL, 0, NAME_SIZE, OF_NETWORK(user), "",
     "The account to log in to. Empty: your name there."},
    {SETTING_OF_NETWORK, SETTING_PATH, "token-file", NULL, 0, ROUTE_PATH_SIZE, OF_NETWORK(token_file), "",
     "A file whose first line is the token or password."},
    {SETTING_OF_NETWORK, SETTING_TEXT, "password-command", NULL, 0, ROUTE_PATH_SIZE, OF_NETWORK(password_command), "",
     "A command for sh(1) whose first line of output is the token or password."},
    {SETTING_OF_NETWORK, SETTING_PATH, "cert", NULL, 0, ROUTE_PATH_SIZE, OF_NETWORK(cert), "",
     "A certificate with its key (PEM), to be known by."},
    {SETTING_OF_NETWORK, SETTING_TRUST, "trust", NULL, 0, ROUTE_TRUST_SIZE, OF_NETWORK(trust), "",
     "Which certificates of the server are good: ca, pin, or sha256:FINGERPRINT."},
    {SETTING_OF_NETWORK, SETTING_CHOICE, "connect", "auto no", 0, 0, OF_NETWORK(connect), "auto",
     "Is it gone to at the start, or only with /connect?"},
    {SETTING_OF_NETWORK, SETTING_SWITCH, "plaintext", NULL, 0, 0, OF_NETWORK(plaintext), "off",
     "May the secret travel unencrypted to another machine?"},
};
/* clang-format on */
enum { SETTINGS = sizeof settings / sizeof *settings };

static const char *const expectations[] = {
    [SETTING_SWITCH] = "on or off",
    [SETTING_TEXT] = "a line that is not too long",
    [SETTING_TIME] = "a time as strftime(3) has it, such as %H:%M",
    [SETTING_NAME] = "a name: letters, digits, _ and -, at most 32",
    [SETTING_PATH] = "a path that begins with / or ~/",
    [SETTING_TRUST] = "ca, pin or sha256:FINGERPRINT",
    [SETTING_ROOMS] = "rooms such as #chan, #other KEY",
};

const struct setting *setting_after(const struct setting *setting) {
    if (!setting) return settings;
    return setting + 1 < settings + SETTINGS ? setting + 1 : NULL;
}

const struct setting *setting_find(enum setting_scope scope, struct text name) {
    for (size_t i = 0; i < SETTINGS; i++)
        if (settings[i].scope == scope && text_is(name, settings[i].name))
            return &settings[i];
    return NULL;
}

static void write_choices(const struct setting *setting,
                          struct writer *writer) {
    struct text words = text_of(setting->choices);
    while (words.length > 0) {
        write_text(writer, text_word(&words));
        if (words.length == 0) return;
        bool last = text_find(words, ' ') == words.length;
        write_string(writer, last ? " or " : ", ");
    }
}

void setting_expects(const struct setting *setting, struct writer *writer) {
    if (setting->kind == SETTING_CHOICE)
        write_choices(setting, writer);
    else if (setting->kind == SETTING_NUMBER)
        write_format(writer, "a number from %u to %u", setting->least,
                     setting->most);
    else if (setting->kind == SETTING_ADDRESSES)
        write_string(writer, "an address such as ircs://HOST/#ROOM");
    else
        write_string(writer, expectations[setting->kind]);
}

static bool set_switch(char *place, const struct setting *setting,
                       struct text value) {
    bool on = text_is(value, "on") || text_is(value, "yes");
    (void)setting;
    if (!on && !text_is(value, "off") && !text_is(value, "no")) return false;
    *(bool *)place = on;
    return true;
}

static void write_switch(const char *place, const struct setting *setting,
                         struct writer *writer) {
    (void)setting;
    write_string(writer, *(const bool *)place ? "on" : "off");
}

static void put_number(char *place, unsigned number) {
    *(unsigned *)(void *)place = number;
}

static unsigned number_at(const char *place) {
    return *(const unsigned *)(const void *)place;
}

static bool set_choice(char *place, const struct setting *setting,
                       struct text value) {
    struct text words = text_of(setting->choices);
    for (unsigned i = 0; words.length > 0; i++) {
        if (!text_equals(text_word(&words), value)) continue;
        put_number(place, i);
        return value.length > 0;
    }
    return false;
}

static void write_choice(const char *place, const struct setting *setting,
                         struct writer *writer) {
    struct text words = text_of(setting->choices);
    for (unsigned i = number_at(place); i > 0; i--)
        (void)text_word(&words);
    write_text(writer, text_word(&words));
}

static bool set_number(char *place, const struct setting *setting,
                       struct text value) {
    uint64_t number;
    if (!text_number(value, &number)) return false;
    if (number < setting->least || number > setting->most) return false;
    put_number(place, (unsigned)number);
    return true;
}

static void write_value(const char *place, const struct setting *setting,
                        struct writer *writer) {
    (void)setting;
    write_number(writer, number_at(place));
}

static bool is_visible(struct text value) {
    for (size_t i = 0; i < value.length; i++)
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
            return false;
    return true;
}

static bool set_text(char *place, const struct setting *setting,
                     struct text value) {
    return value.length < setting->most && is_visible(value) &&
           text_copy(value, place, setting->most);
}

static void write_string_at(const char *place, const struct setting *setting,
                            struct writer *writer) {
    (void)setting;
    write_string(writer, place);
}

/* strftime(3) says 0 for what is too long, and for nothing. */
static bool set_time(char *place, const struct setting *setting,
                     struct text value) {
    char format[PREFERENCE_TEXT_SIZE], written[64];
    time_t moment = 0;
    struct tm tm;
    if (value.length == 0) return set_text(place, setting, value);
    if (!is_visible(value) || !text_copy(value, format, sizeof format) ||
        !gmtime_r(&moment, &tm) ||
        strftime(written, sizeof written, format, &tm) == 0)
        return false;
    return set_text(place, setting, value);
}

static bool set_name(char *place, const struct setting *setting,
                     struct text value) {
    return (value.length == 0 || name_valid(value)) &&
           set_text(place, setting, value);
}

static bool set_path(char *place, const struct setting *setting,
                     struct text value) {
    return (value.length == 0 || text_begins(value, "/") ||
            text_begins(value, "~/")) &&
           set_text(place, setting, value);
}

static bool set_trust(char *place, const struct setting *setting,
                      struct text value) {
    struct trust_wish wish;
    return !trust_wish_read(&wish, value) && set_text(place, setting, value);
}

/* Room names are the server's to judge; here only what would be none at all. */
static bool set_rooms(char *place, const struct setting *setting,
                      struct text value) {
    struct text list = value, room, key;
    while (route_next_room(&list, &room, &key))
        if (room.length < 2 || !strchr("#&+!", room.at[0])) return false;
    return set_text(place, setting, value);
}

/* The addresses are not at one place, so this row is not like the others. */
static const char *set_addresses(struct route *route, struct text value) {
    struct route trial = {0};
    const char *wrong = NULL;
    while (value.length > 0 && !wrong)
        wrong = route_add_address(&trial, text_word(&value));
    if (wrong) return wrong;
    if (!route_add_rooms(route, text_of(trial.join)))
        return "these are too many rooms";
    memcpy(route->addresses, trial.addresses, sizeof trial.addresses);
    route->count = trial.count;
    return NULL;
}

static void write_addresses(const struct route *route, struct writer *writer) {
    char where[ADDRESS_SIZE];
    for (size_t i = 0; i < route->count; i++) {
        struct address bare = route->addresses[i];
        bare.rooms[0] = '\0'; /* they are in `join` */
        address_write(&bare, where);
        if (i > 0) write_char(writer, ' ');
        write_string(writer, where);
    }
}

static const struct {
    bool (*set)(char *place, const struct setting *setting, struct text value);
    void (*write)(const char *place, const struct setting *setting,
                  struct writer *writer);
} kinds[] = {
    [SETTING_SWITCH] = {set_switch, write_switch},
    [SETTING_CHOICE] = {set_choice, write_choice},
    [SETTING_NUMBER] = {set_number, write_value},
    [SETTING_TEXT] = {set_text, write_string_at},
    [SETTING_TIME] = {set_time, write_string_at},
    [SETTING_NAME] = {set_name, write_string_at},
    [SETTING_PATH] = {set_path, write_string_at},
    [SETTING_TRUST] = {set_trust, write_string_at},
    [SETTING_ROOMS] = {set_rooms, write_string_at},
};

static bool complain(const struct setting *setting, struct writer *wrong) {
    if (!wrong) return false;
    write_format(wrong, "%s: expected ", setting->name);
    setting_expects(setting, wrong);
    return false;
}

bool setting_prefer(const struct setting *setting,
                    struct preferences *preferences, struct text value,
                    struct writer *wrong) {
    char *place = (char *)preferences + setting->at;
    if (kinds[setting->kind].set(place, setting, value)) return true;
    return complain(setting, wrong);
}

bool setting_route(const struct setting *setting, struct route *route,
                   struct text value, struct writer *wrong) {
    char *place = (char *)route + setting->at;
    if (setting->kind != SETTING_ADDRESSES) {
        if (kinds[setting->kind].set(place, setting, value)) return true;
        return complain(setting, wrong);
    }
    const char *why = set_addresses(route, value);
    if (why && wrong) write_format(wrong, "%s: %s", setting->name, why);
    return !why;
}

void setting_write_preferred(const struct setting *setting,
                             const struct preferences *preferences,
                             struct writer *writer) {
    const char *place = (const char *)preferences + setting->at;
    kinds[setting->kind].write(place, setting, writer);
}

void setting_write_route(const struct setting *setting,
                         const struct route *route, struct writer *writer) {
    const char *place = (const char *)route + setting->at;
    if (setting->kind == SETTING_ADDRESSES)
        write_addresses(route, writer);
    else
        kinds[setting->kind].write(place, setting, writer);
}

void setting_path(const char *path, char to[ROUTE_PATH_SIZE]) {
    const char *home = getenv("HOME");
    struct writer writer = writer_on(to, ROUTE_PATH_SIZE - 1);
    bool at_home = strncmp(path, "~/", 2) == 0;
    if (at_home) write_string(&writer, home ? home : "");
    write_string(&writer, at_home ? path + 1 : path);
    bool whole = !writer.full && (!at_home || home);
    to[whole ? writer.length : 0] = '\0';
}
