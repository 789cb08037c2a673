/* What a person has set: ~/.config/minichat/config (config_line.h has its
 * form, settings.h what can be set).
 *     nick = ada
 *     [network example]
 *     address = ircs://irc.example.org
 *     [keys]
 *     M-k = kill-line
 *     [colors]
 *     mention = bold yellow
 * All of it may be missing. What is set for one network may stand above the
 * first section: there it is of the network that is gone to when none is
 * named. Before it, the site's defaults are read: /etc/minichat/site, or what
 * `include` names; after it, the environment (MINICHAT_THEME=dark).
 *
 * What is not understood is a warning that names file and line; only a file
 * that is there and cannot be read is an error. */
#ifndef MINICHAT_CLIENT_CONFIG_H
#define MINICHAT_CLIENT_CONFIG_H

#include "client/preferences.h"
#include "client/route.h"
#include "protocol/writer.h"

enum {
    CONFIG_PATH_SIZE = 4096,
    CONFIG_FILE_MAX = 1 << 20, /* bytes */
};

struct config {
    struct preferences preferences;
    struct routes routes; /* as many as have a section */
    struct route loose;   /* above the first section, without a name */
};

void config_init(struct config *config);
void config_finish(struct config *config);
/* $XDG_CONFIG_HOME/minichat/config or ~/.config/minichat/config; "" where
 * neither variable is set. */
void config_path(char path[CONFIG_PATH_SIZE]);
/* Reads the site's file, this one ("": none) and the environment over what is
 * set. Warnings, one line each, are written to `warnings`. False where one
 * cannot be read: the reason is the last line of them. */
bool config_read(struct config *config, const char *path,
                 struct writer *warnings);
/* Text in the form of the file, as if it stood in a file of that name. */
void config_take(struct config *config, const char *name, struct text text,
                 struct writer *warnings);
/* All of a file, with a NUL behind it; free() gives it back. NULL, and errno,
 * where it cannot be read; EFBIG where it is longer than CONFIG_FILE_MAX. */
char *config_load(const char *path, size_t *length);
/* Replaces the file by one with that text, whole or not at all, through the
 * same symbolic link and with the same rights; 0600 where there was none, and
 * its folders are made. False, and errno, where it cannot be. */
bool config_store(const char *path, struct text text);

#endif
