/* What is set: shown, changed, and saved. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "client/commands_parts.h"
#include "client/config.h"
#include "client/config_line.h"
#include "client/confinement.h"
#include "client/key_names.h"
#include "client/keys.h"
#include "client/settings.h"
#include "client/tint.h"

/* A setting by name, and whose it is: "theme", "example.join". */
struct named {
    const struct setting *setting;
    struct route *route; /* NULL: of everything */
};

static void write_named(struct writer *writer, const struct task *task,
                        const struct named *named) {
    if (named->route)
        setting_write_route(named->setting, named->route, writer);
    else
        setting_write_preferred(named->setting, &task->model->preferences,
                                writer);
}

/* Where the network is that a name without a dot may be of. */
static struct route *route_here(const struct task *task) {
    return task->network->route;
}

/* Networks have dots in their names, settings have none. */
static size_t last_dot(struct text name) {
    size_t last = name.length;
    for (size_t i = 0; i < name.length; i++)
        if (name.at[i] == '.') last = i;
    return last;
}

static bool find_named(struct task *task, struct text name,
                       struct named *named) {
    size_t dot = last_dot(name);
    bool dotted = dot < name.length;
    struct text bare = dotted ? text_after(name, dot + 1) : name;
    *named = (struct named){setting_find(SETTING_OF_ALL, name), NULL};
    if (named->setting) return true;
    named->route =
        dotted ? routes_find(&task->model->routes, text_slice(name.at, dot))
               : route_here(task);
    named->setting = setting_find(SETTING_OF_NETWORK, bare);
    if (named->setting && named->route) return true;
    command_tell(task, MESSAGE_ERROR,
                 "there is no setting %.*s · /set lists them", (int)name.length,
                 name.at);
    return false;
}

static void show(struct task *task, const struct named *named, bool why) {
    char value[SETTINGS_VALUE_SIZE];
    struct writer writer = writer_on(value, sizeof value);
    write_named(&writer, task, named);
    command_tell(task, MESSAGE_ANSWER, "%s%s%s = %.*s%s%s",
                 named->route ? named->route->name : "",
                 named->route ? "." : "", named->setting->name,
                 (int)writer.length, value, why ? " · " : "",
                 why ? named->setting->sentence : "");
}

static bool list(struct task *task) {
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        bool all = s->scope == SETTING_OF_ALL;
        struct named named = {s, all ? NULL : route_here(task)};
        if (all || named.route) show(task, &named, false);
    }
    command_tell(task, MESSAGE_ANSWER,
                 "/set NAME VALUE changes one at once · /get NAME explains it "
                 "· /save keeps what was changed");
    return true;
}

static void write_section(struct writer *writer, const struct route *route) {
    if (route) write_format(writer, "network %s", route->name);
}

/* For /save. A network that is not in the file yet comes with its address. */
static bool remember(struct task *task, struct text section, struct text name,
                     struct text value) {
    if (changes_put(&task->commands->changes, section, name, value))
        return true;
    command_tell(task, MESSAGE_ERROR,
                 "these are too many changes · /save them first");
    return false;
}

static bool remember_named(struct task *task, const struct named *named) {
    char section[ROUTE_NAME_SIZE + 16], value[SETTINGS_VALUE_SIZE];
    struct writer where = writer_on(section, sizeof section);
    struct writer what = writer_on(value, sizeof value);
    write_section(&where, named->route);
    write_named(&what, task, named);
    return remember(task, writer_text(&where), text_of(named->setting->name),
                    writer_text(&what));
}

bool command_remember_route(struct task *task, struct route *route) {
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        char value[SETTINGS_VALUE_SIZE];
        struct writer writer = writer_on(value, sizeof value);
        struct named named = {s, route};
        if (s->scope != SETTING_OF_NETWORK) continue;
        setting_write_route(s, route, &writer);
        if (text_is(writer_text(&writer), s->standard)) continue;
        if (!remember_named(task, &named)) return false;
    }
    return true;
}

/* What was given as an address alone has a section when it is saved. */
static bool keep(struct task *task, const struct named *named) {
    if (!named->route || named->route->named)
        return remember_named(task, named);
    named->route->named = true;
    return command_remember_route(task, named->route) &&
           remember_named(task, named);
}

static bool change(struct task *task, const struct named *named,
                   struct text value) {
    char words[SETTINGS_WRONG_SIZE];
    struct writer wrong = writer_on(words, sizeof words);
    const struct setting *setting = named->setting;
    bool may = !task->model->preferences.confined ||
               confinement_may_set(setting->name, named->route);
    bool good = may && config_is_value(value);
    if (!may)
        write_format(&wrong,
                     "%s cannot be set here: you came in by the gateway",
                     setting->name);
    else if (!good)
        write_string(&wrong, "a # between blanks begins a comment in the "
                             "configuration");
    else if (named->route)
        good = setting_route(setting, named->route, value, &wrong);
    else
        good =
            setting_prefer(setting, &task->model->preferences, value, &wrong);
    if (!good)
        command_tell(task, MESSAGE_ERROR, "%.*s", (int)wrong.length, words);
    return good;
}

/* NAME [=] VALUE; = alone empties it. */
bool command_set(struct task *task) {
    struct named named;
    struct text name = text_word(&task->rest);
    if (name.length == 0) return list(task);
    if (!find_named(task, name, &named)) return false;
    bool emptied = text_begins(task->rest, "=");
    if (emptied) task->rest = text_trim(text_after(task->rest, 1));
    if (task->rest.length == 0 && !emptied) {
        show(task, &named, true);
        return true;
    }
    if (!change(task, &named, task->rest) || !keep(task, &named)) return false;
    task->model->stale = true;
    model_reweigh(task->model);
    show(task, &named, false);
    return true;
}

bool command_change(struct task *task, struct route *route, const char *name,
                    struct text value) {
    enum setting_scope scope = route ? SETTING_OF_NETWORK : SETTING_OF_ALL;
    struct named named = {setting_find(scope, text_of(name)), route};
    if (!change(task, &named, value) || !keep(task, &named)) return false;
    task->model->stale = true;
    model_reweigh(task->model);
    return true;
}

bool command_get(struct task *task) {
    struct named named;
    char expected[SETTINGS_WRONG_SIZE];
    struct writer writer = writer_on(expected, sizeof expected);
    if (!find_named(task, text_word(&task->rest), &named)) return false;
    show(task, &named, true);
    setting_expects(named.setting, &writer);
    command_tell(task, MESSAGE_ANSWER, "it may be %.*s", (int)writer.length,
                 expected);
    return true;
}

bool command_theme(struct task *task) {
    struct named named = {setting_find(SETTING_OF_ALL, text_of("theme")), NULL};
    if (task->rest.length == 0) {
        show(task, &named, true);
        return true;
    }
    if (!change(task, &named, task->rest) || !keep(task, &named)) return false;
    task->model->stale = true;
    return true;
}

static const char *rebound(const struct task *task, uint32_t key) {
    const struct preferences *preferences = &task->model->preferences;
    for (size_t i = 0; i < preferences->rebound_count; i++)
        if (preferences->rebound[i].key == key)
            return preferences->rebound[i].action;
    return NULL;
}

/* One line for each action: its keys. */
static void show_action(struct task *task, const char *action) {
    const struct preferences *preferences = &task->model->preferences;
    char words[COMMAND_TELL_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    const char *name;
    uint32_t key, last = KEYS_UNKNOWN;
    for (size_t i = 0; (name = keys_action(i, &key)); i++) {
        if (strcmp(name, action) != 0 || key == last || rebound(task, key))
            continue;
        write_char(&writer, ' ');
        key_write(&writer, key);
        last = key;
    }
    for (size_t i = 0; i < preferences->rebound_count; i++) {
        if (strcmp(preferences->rebound[i].action, action) != 0) continue;
        write_char(&writer, ' ');
        key_write(&writer, preferences->rebound[i].key);
    }
    command_tell(task, MESSAGE_ANSWER, "%-18s%.*s", action, (int)writer.length,
                 words);
}

static bool is_first(const char *action, size_t index) {
    uint32_t key;
    for (size_t i = 0; i < index; i++)
        if (strcmp(keys_action(i, &key), action) == 0) return false;
    return true;
}

static bool list_bindings(struct task *task) {
    const char *action;
    uint32_t key;
    for (size_t i = 0; (action = keys_action(i, &key)); i++)
        if (is_first(action, i)) show_action(task, action);
    command_tell(task, MESSAGE_ANSWER,
                 "/bind KEY ACTION, as in /bind M-k kill-whole-line · none is "
                 "an action too · /save keeps it");
    return true;
}

static bool refuse_key(struct task *task, struct text name) {
    command_tell(task, MESSAGE_ERROR,
                 "%.*s is no key · expected C-a, M-k, F5, PgUp, S-Tab …",
                 (int)name.length, name.at);
    return false;
}

static bool bind_key(struct task *task, uint32_t key, struct text action) {
    char name[64];
    struct writer writer = writer_on(name, sizeof name);
    if (!keys_know(action)) {
        command_tell(task, MESSAGE_ERROR,
                     "there is no action %.*s · /bind lists them",
                     (int)action.length, action.at);
        return false;
    }
    if (!preferences_rebind(&task->model->preferences, key, action)) {
        command_tell(task, MESSAGE_ERROR, "these are more than %d keys",
                     PREFERENCE_KEYS);
        return false;
    }
    key_write(&writer, key);
    return remember(task, text_of("keys"), writer_text(&writer), action);
}

bool command_bind(struct task *task) {
    struct text name = text_word(&task->rest);
    struct text action = text_word(&task->rest);
    if (name.length == 0) return list_bindings(task);
    uint32_t key = key_read(name);
    if (key == KEYS_UNKNOWN || action.length == 0)
        return refuse_key(task, name);
    return bind_key(task, key, action);
}

static bool refuse_save(struct task *task, const char *why) {
    command_tell(task, MESSAGE_ERROR, "not saved in %s: %s",
                 task->commands->path, why);
    return false;
}

static bool store(struct task *task, struct text before) {
    const char *path = task->commands->path;
    char *after = changes_apply(&task->commands->changes, before);
    bool good = config_store(path, text_of(after));
    int error = errno;
    free(after);
    if (!good) return refuse_save(task, strerror(error));
    command_tell(task, MESSAGE_ANSWER, "saved %zu changes in %s",
                 task->commands->changes.count, path);
    changes_clear(&task->commands->changes);
    return true;
}

/* Into the file as it is now: somebody may have edited it meanwhile. */
bool command_save(struct task *task) {
    const char *path = task->commands->path;
    size_t length = 0;
    if (!path || !*path) {
        command_tell(task, MESSAGE_ERROR,
                     "there is no configuration to save in (HOME is not set, "
                     "or --no-config)");
        return false;
    }
    if (task->commands->changes.count == 0) {
        command_tell(task, MESSAGE_ANSWER, "nothing was changed");
        return true;
    }
    char *text = config_load(path, &length);
    if (!text && errno != ENOENT && errno != ENOTDIR)
        return refuse_save(task, strerror(errno));
    bool sound = !text || strlen(text) == length;
    bool good = sound ? store(task, text_slice(text, length))
                      : refuse_save(task, "there is a NUL in it");
    free(text);
    return good;
}
