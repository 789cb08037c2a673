#include "client/config.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One reading of one file. inih hands back one pointer each to its reader and
 * its handler, and does not know which line it is at; we count. */
struct reading {
    struct config *config;
    struct writer *warnings;
    const char *path;
    FILE *file;
    unsigned line;
};

static void warn(const struct reading *reading, const char *what,
                 const char *which) {
    write_format(reading->warnings, "%s:%u: ", reading->path, reading->line);
    write_format(reading->warnings, what, which);
    write_char(reading->warnings, '\n');
}

static void set_address(const struct reading *reading, const char *value) {
    struct address address;
    const char *wrong = address_parse(&address, text_of(value));
    if (wrong) {
        warn(reading, "address: %s", wrong);
        return;
    }
    text_copy(text_of(value), reading->config->address,
              sizeof reading->config->address);
}

static void set_nick(const struct reading *reading, const char *value) {
    if (!name_valid(text_of(value))) {
        warn(reading, "nick: '%s' is not a name (letters, digits, _ and -)",
             value);
        return;
    }
    text_copy(text_of(value), reading->config->nick, NAME_SIZE);
}

static void set_token_file(const struct reading *reading, const char *value) {
    const char *home = getenv("HOME");
    char *to = reading->config->token_file;
    struct writer writer = writer_on(to, CONFIG_PATH_SIZE - 1);
    if (strncmp(value, "~/", 2) == 0 && home) {
        write_string(&writer, home);
        value++;
    }
    write_string(&writer, value);
    to[writer.full ? 0 : writer.length] = '\0';
    if (writer.full) warn(reading, "token-file: %s", "the path is too long");
}

/* Commas, blanks or both between them. */
static void set_join(const struct reading *reading, const char *value) {
    char *to = reading->config->join;
    struct writer writer = writer_on(to, sizeof reading->config->join - 1);
    struct text list = text_of(value);
    while (list.length > 0) {
        struct text words = text_piece(&list, ',');
        while (words.length > 0) {
            struct text room = text_word(&words);
            if (room.length == 0) continue;
            if (writer.length > 0) write_char(&writer, ',');
            write_text(&writer, room);
        }
    }
    to[writer.full ? 0 : writer.length] = '\0';
    if (writer.full) warn(reading, "join: %s", "these are too many rooms");
}

struct setting {
    const char *name;
    void (*set)(const struct reading *reading, const char *value);
};

static const struct setting SETTINGS[] = {
    {"address", set_address},
    {"nick", set_nick},
    {"token-file", set_token_file},
    {"join", set_join},
};

/* As inih wants it; 1 goes on. */
static int on_setting(void *pointer, const char *section, const char *name,
                      const char *value) {
    const struct reading *reading = pointer;
    if (*section) {
        warn(reading, "there is no section [%s]", section);
        return 1;
    }
    for (size_t i = 0; i < sizeof SETTINGS / sizeof *SETTINGS; i++) {
        if (strcmp(SETTINGS[i].name, name) != 0) continue;
        SETTINGS[i].set(reading, value);
        return 1;
    }
    warn(reading, "unknown: %s (there are address, nick, token-file, join)",
         name);
    return 1;
}

/* Takes the rest of a line that did not fit, so that it is not read as a line
 * of its own. */
static void skip_rest(FILE *file) {
    int byte = getc(file);
    while (byte != '\n' && byte != EOF)
        byte = getc(file);
}

/* As inih wants it: fgets that counts, and that leaves over-long lines out. */
static char *read_line(char *to, int size, void *pointer) {
    struct reading *reading = pointer;
    if (!fgets(to, size, reading->file)) return NULL;
    reading->line++;
    if (strchr(to, '\n') || feof(reading->file)) return to;
    skip_rest(reading->file);
    warn(reading, "%s", "this line is too long and left out");
    to[0] = '\0';
    return to;
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

bool config_read(struct config *config, const char *path,
                 struct writer *warnings) {
    struct reading reading = {config, warnings, path, NULL, 0};
    *config = (struct config){0};
    reading.file = fopen(path, "re");
    if (!reading.file && (errno == ENOENT || errno == ENOTDIR)) return true;
    int outcome = reading.file ? ini_parse_stream(read_line, &reading,
                                                  on_setting, &reading)
                               : -1;
    bool unread = !reading.file || ferror(reading.file);
    if (unread) write_format(warnings, "%s: %s\n", path, strerror(errno));
    if (reading.file) fclose(reading.file);
    if (outcome > 0) {
        reading.line = (unsigned)outcome;
        warn(&reading, "%s", "expected NAME = VALUE");
    }
    return !unread;
}
