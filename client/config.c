#include "client/config.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/config_line.h"
#include "client/key_names.h"
#include "client/keys.h"
#include "client/settings.h"
#include "client/tint.h"
#include "protocol/memory.h"

static const char SITE[] = "/etc/minichat/site";

/* One text under way. */
struct reading {
    struct config *config;
    struct writer *warnings;
    const char *name;
    unsigned line;
    const struct part *part; /* the section; NULL: one that is not known */
    struct route *route;     /* its network */
};

/* What a pair means in one kind of section. */
struct part {
    const char *name;
    void (*take)(struct reading *reading, struct text name, struct text value);
};

__attribute__((format(printf, 2, 3))) static void
warn(const struct reading *reading, const char *format, ...) {
    char words[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    write_string(reading->warnings, reading->name);
    if (reading->line > 0)
        write_format(reading->warnings, ":%u", reading->line);
    write_format(reading->warnings, ": %s\n", words);
}

/* As much of it as a warning shows. */
static int shown(struct text text) {
    return text.length < 60 ? (int)text.length : 60;
}

static void warn_wrong(const struct reading *reading,
                       const struct writer *wrong) {
    warn(reading, "%.*s", (int)wrong->length, wrong->at);
}

static void set_route(const struct reading *reading, struct route *route,
                      const struct setting *setting, struct text value) {
    char words[SETTINGS_WRONG_SIZE];
    struct writer wrong = writer_on(words, sizeof words);
    if (!setting_route(setting, route, value, &wrong))
        warn_wrong(reading, &wrong);
}

/* Above all sections: of everything, or of the network without a name. */
static void take_global(struct reading *reading, struct text name,
                        struct text value) {
    char words[SETTINGS_WRONG_SIZE];
    struct writer wrong = writer_on(words, sizeof words);
    struct config *config = reading->config;
    const struct setting *setting = setting_find(SETTING_OF_ALL, name);
    if (text_is(name, "include")) return; /* it was read first */
    if (setting) {
        if (!setting_prefer(setting, &config->preferences, value, &wrong))
            warn_wrong(reading, &wrong);
        return;
    }
    setting = setting_find(SETTING_OF_NETWORK, name);
    if (setting)
        set_route(reading, &config->loose, setting, value);
    else
        warn(reading, "unknown: %.*s (minichat(1) lists what can be set)",
             shown(name), name.at);
}

static void take_of_network(struct reading *reading, struct text name,
                            struct text value) {
    const struct setting *setting = setting_find(SETTING_OF_NETWORK, name);
    if (setting)
        set_route(reading, reading->route, setting, value);
    else
        warn(reading, "unknown in [network %s]: %.*s", reading->route->name,
             shown(name), name.at);
}

static void take_key(struct reading *reading, struct text name,
                     struct text value) {
    uint32_t key = key_read(name);
    if (key == KEYS_UNKNOWN)
        warn(reading, "%.*s: expected a key such as C-a, M-k or F5",
             shown(name), name.at);
    else if (!keys_know(value))
        warn(reading, "%.*s: there is no action %.*s (/bind lists them)",
             shown(name), name.at, shown(value), value.at);
    else if (!preferences_rebind(&reading->config->preferences, key, value))
        warn(reading, "these are more than %d keys", PREFERENCE_KEYS);
}

static void take_colour(struct reading *reading, struct text name,
                        struct text value) {
    size_t role = tint_find_role(name);
    if (role == PREFERENCE_TINTS)
        warn(reading,
             "%.*s: expected plain, faint, good, alert, mention or "
             "active",
             shown(name), name.at);
    else if (!tint_read(&reading->config->preferences.tints[role], value))
        warn(reading,
             "%.*s: expected a colour such as red, bold bright blue "
             "or 208",
             shown(name), name.at);
}

static const struct part TOP = {"", take_global};
static const struct part OF_NETWORK = {"network NAME", take_of_network};
static const struct part KEYS = {"keys", take_key};
static const struct part COLOURS_PART = {"colors", take_colour};

static struct route *find_exactly(const struct routes *routes,
                                  struct text name) {
    for (size_t i = 0; i < routes->count; i++)
        if (text_equals_folded(text_of(routes->list[i]->name), name))
            return routes->list[i];
    return NULL;
}

static void enter_network(struct reading *reading, struct text name) {
    struct routes *routes = &reading->config->routes;
    reading->part = NULL;
    if (name.length == 0 || name.length >= ROUTE_NAME_SIZE - 4) {
        warn(reading, "a network's name is 1 to %d bytes", ROUTE_NAME_SIZE - 5);
        return;
    }
    reading->route = find_exactly(routes, name);
    if (!reading->route) reading->route = routes_add(routes, name);
    if (!reading->route) {
        warn(reading, "these are more than %d networks", ROUTES_MAX);
        return;
    }
    reading->route->named = true;
    reading->part = &OF_NETWORK;
}

static void enter(struct reading *reading, struct text name) {
    struct text rest = name;
    if (text_equals_folded(text_word(&rest), text_of("network"))) {
        enter_network(reading, text_trim(rest));
        return;
    }
    reading->part = config_same_section(name, text_of("keys")) ? &KEYS
                    : config_same_section(name, text_of("colors"))
                        ? &COLOURS_PART
                        : NULL;
    if (!reading->part)
        warn(reading,
             "there is no section [%.*s]; expected [network NAME], [keys] or "
             "[colors]",
             shown(name), name.at);
}

static void take_line(struct reading *reading, const struct config_line *line) {
    reading->line++;
    switch (line->kind) {
    case CONFIG_NOTHING: break;
    case CONFIG_SECTION: enter(reading, line->name); break;
    case CONFIG_NONSENSE: warn(reading, "expected NAME = VALUE"); break;
    case CONFIG_PAIR:
        if (reading->part)
            reading->part->take(reading, line->name, line->value);
        break;
    }
}

void config_take(struct config *config, const char *name, struct text text,
                 struct writer *warnings) {
    struct reading reading = {config, warnings, name, 0, &TOP, NULL};
    struct config_line line;
    while (config_next_line(&text, &line))
        take_line(&reading, &line);
}

void config_init(struct config *config) {
    *config = (struct config){0};
    preferences_init(&config->preferences);
}

void config_finish(struct config *config) {
    routes_finish(&config->routes);
    route_set_secret(&config->loose, text_of(""));
}

void config_path(char path[CONFIG_PATH_SIZE]) {
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct writer writer = writer_on(path, CONFIG_PATH_SIZE - 1);
    path[0] = '\0';
    if (!(base && *base) && !home) return;
    write_string(&writer, base && *base ? base : home);
    write_string(&writer, base && *base ? "" : "/.config");
    write_string(&writer, "/minichat/config");
    path[writer.full ? 0 : writer.length] = '\0';
}

/* As people write it: ~/.config/minichat/config. */
static const char *in_short(const char *path, char to[CONFIG_PATH_SIZE]) {
    const char *home = getenv("HOME");
    size_t length = home ? strlen(home) : 0;
    bool inside =
        length > 1 && strncmp(path, home, length) == 0 && path[length] == '/';
    struct writer writer = writer_on(to, CONFIG_PATH_SIZE - 1);
    if (inside) write_char(&writer, '~');
    write_string(&writer, inside ? path + length : path);
    to[writer.length] = '\0';
    return to;
}

/* False where it is there but cannot be read, and, where it was named, also
 * where it is not there. */
static bool read_file(struct config *config, const char *path, bool named,
                      struct writer *warnings) {
    char name[CONFIG_PATH_SIZE];
    size_t length;
    char *text = config_load(path, &length);
    if (!text && !named && (errno == ENOENT || errno == ENOTDIR)) return true;
    if (!text) {
        write_format(warnings, "%s: %s\n", path, strerror(errno));
        return false;
    }
    config_take(config, in_short(path, name), text_slice(text, length),
                warnings);
    free(text);
    return true;
}

/* The line that names the site's file, and its number; 0: there is none. */
static unsigned find_include(struct text text, struct text *value) {
    struct config_line line;
    unsigned number = 0, found = 0;
    while (config_next_line(&text, &line) && line.kind != CONFIG_SECTION) {
        number++;
        if (line.kind != CONFIG_PAIR || !text_is(line.name, "include"))
            continue;
        found = number;
        *value = line.value;
    }
    return found;
}

/* The defaults of the machine, unless another file is named, or "". */
static bool read_site(struct config *config, const char *path, struct text text,
                      struct writer *warnings) {
    char include[ROUTE_PATH_SIZE], site[ROUTE_PATH_SIZE];
    struct text value;
    unsigned line = find_include(text, &value);
    if (line == 0) return read_file(config, SITE, false, warnings);
    if (value.length == 0) return true;
    (void)text_copy(value, include, sizeof include);
    setting_path(include, site);
    if (site[0] != '/') {
        write_format(warnings,
                     "%s:%u: include: expected a path that begins "
                     "with / or ~/\n",
                     path, line);
        return true;
    }
    size_t before = warnings->length;
    if (read_file(config, site, true, warnings)) return true;
    warnings->length = before;
    write_format(warnings, "%s:%u: include: %s: %s\n", path, line, site,
                 strerror(errno));
    return false;
}

/* MINICHAT_NICK_WIDTH for nick-width. */
static const char *from_environment(const struct setting *setting,
                                    char name[64]) {
    struct writer writer = writer_on(name, 63);
    write_string(&writer, "MINICHAT_");
    for (const char *at = setting->name; *at; at++)
        write_char(&writer,
                   *at == '-' ? '_' : (char)toupper((unsigned char)*at));
    name[writer.length] = '\0';
    return getenv(name);
}

static void read_environment(struct config *config, struct writer *warnings) {
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        char name[64];
        const char *value = from_environment(s, name);
        struct reading reading = {config, warnings, name, 0, &TOP, NULL};
        bool double_meaning = s->scope == SETTING_OF_NETWORK &&
                              setting_find(SETTING_OF_ALL, text_of(s->name));
        if (value && *value && !double_meaning)
            take_global(&reading, text_of(s->name), text_of(value));
    }
}

bool config_read(struct config *config, const char *path,
                 struct writer *warnings) {
    char name[CONFIG_PATH_SIZE];
    size_t length = 0;
    char *text = path[0] ? config_load(path, &length) : NULL;
    bool absent = !path[0] || errno == ENOENT || errno == ENOTDIR;
    if (!text && !absent) {
        write_format(warnings, "%s: %s\n", path, strerror(errno));
        return false;
    }
    (void)in_short(path, name);
    bool good = read_site(config, name, text_slice(text, length), warnings);
    if (good && text)
        config_take(config, name, text_slice(text, length), warnings);
    if (good) read_environment(config, warnings);
    free(text);
    return good;
}
