/* What a person may set: ~/.config/minichat/config, read with inih.
 *     address = ircs://chat.example.org
 *     nick = ada
 *     token-file = ~/.minichat-token
 *     join = #lobby, #dev
 * All of it may be missing. What is not understood is a warning that names
 * file and line; only a file that is there and cannot be read is an error. */
#ifndef MINICHAT_CLIENT_CONFIG_H
#define MINICHAT_CLIENT_CONFIG_H

#include "protocol/address.h"
#include "protocol/names.h"
#include "protocol/writer.h"

enum {
    CONFIG_PATH_SIZE = 4096,
    CONFIG_LINE_MAX = 198, /* what inih takes as one line */
};

struct config {
    char address[ADDRESS_SIZE]; /* "" is none, for all of these */
    char nick[NAME_SIZE];
    char token_file[CONFIG_PATH_SIZE]; /* ~/ is replaced */
    char join[ADDRESS_ROOMS_SIZE];     /* rooms, separated by commas */
};

/* $XDG_CONFIG_HOME/minichat/config or ~/.config/minichat/config; "" where
 * neither variable is set. */
void config_path(char path[CONFIG_PATH_SIZE]);
/* Reads the file if it is there. Warnings, one line each, are written to
 * `warnings`. False where it is there but cannot be read: the reason is the
 * last line of them. */
bool config_read(struct config *config, const char *path,
                 struct writer *warnings);

#endif
