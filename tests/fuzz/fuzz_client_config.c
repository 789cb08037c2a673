/* Whatever the client's configuration says, all that then holds is within its
 * range, and what /save makes of it reads the same but for what was changed. */
#include "client/config.h"

#include <stdlib.h>
#include <string.h>

#include "client/changes.h"
#include "client/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

/* Each value that is there can be written, and is read as the same again. */
static void check_routes(const struct routes *routes) {
    for (size_t i = 0; i < routes->count; i++)
        for (const struct setting *s = NULL; (s = setting_after(s));) {
            char value[SETTINGS_VALUE_SIZE];
            struct writer writer = writer_on(value, sizeof value);
            struct route again = {.count = 0};
            if (s->scope != SETTING_OF_NETWORK) continue;
            setting_write_route(s, routes->list[i], &writer);
            bool bare = s->kind == SETTING_ADDRESSES && writer.length == 0;
            must(bare || setting_route(s, &again, writer_text(&writer), NULL));
        }
}

static void check_preferences(const struct preferences *preferences) {
    for (const struct setting *s = NULL; (s = setting_after(s));) {
        char value[SETTINGS_VALUE_SIZE];
        struct writer writer = writer_on(value, sizeof value);
        struct preferences again;
        preferences_init(&again);
        if (s->scope != SETTING_OF_ALL) continue;
        setting_write_preferred(s, preferences, &writer);
        must(setting_prefer(s, &again, writer_text(&writer), NULL));
    }
    must(preferences->rebound_count <= PREFERENCE_KEYS);
}

static void read(struct config *config, struct text text) {
    char warned[4096];
    struct writer warnings = writer_on(warned, sizeof warned);
    config_init(config);
    config_take(config, "fuzz", text, &warnings);
    check_routes(&config->routes);
    check_preferences(&config->preferences);
}

static void check_change(struct text text) {
    struct changes changes = {.count = 0};
    struct config config;
    must(changes_put(&changes, text_of(""), text_of("theme"), text_of("mono")));
    must(changes_put(&changes, text_of("network fuzz"), text_of("nick"),
                     text_of("ada")));
    char *saved = changes_apply(&changes, text);
    read(&config, text_of(saved));
    must(config.preferences.theme == THEME_MONO);
    free(saved);
    must(changes_remove_section(&changes, text_of("network fuzz")));
    saved = changes_apply(&changes, text);
    config_finish(&config);
    read(&config, text_of(saved));
    for (size_t i = 0; i < config.routes.count; i++)
        must(strcmp(config.routes.list[i]->name, "fuzz") != 0);
    free(saved);
    config_finish(&config);
    changes_clear(&changes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct config config;
    struct text text = text_slice((const char *)data, size);
    read(&config, text);
    config_finish(&config);
    if (!memchr(data, '\0', size)) check_change(text);
    return 0;
}
