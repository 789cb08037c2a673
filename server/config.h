/* minichatd.conf: every setting, once.
 * One table (in config.c) has for each its section, key, kind, range, default
 * and the sentence that explains it; it drives the parser, the errors
 * ("FILE:LINE: [limits] sessions: expected a number from 1 to 100000"),
 * `minichatd --help`'s list and the manual page's check. */
#ifndef MINICHAT_CONFIG_H
#define MINICHAT_CONFIG_H

#include "protocol/address.h"
#include "protocol/names.h"
#include "server/limits.h"

enum {
    CONFIG_LISTENERS = 16,
    CONFIG_NETWORK_SIZE = 33,
    CONFIG_PATH_SIZE = 1024,
    CONFIG_ADMINS_SIZE = 512,
};

struct config {
    /* [server] */
    char name[CONFIG_NETWORK_SIZE]; /* the network's name; "minichat" */
    struct address listen[CONFIG_LISTENERS];
    unsigned listeners;
    char motd[CONFIG_PATH_SIZE]; /* a file; empty: none */
    char lobby[ROOM_SIZE];       /* "#lobby" */
    /* [auth] */
    bool guests;   /* no */
    bool loopback; /* yes: who is at a loopback TCP peer by sock_diag */
    char admins[CONFIG_ADMINS_SIZE]; /* accounts, comma-separated */
    /* [limits] */
    unsigned sessions;         /* in all */
    unsigned per_address;      /* from one IP address; Unix: per user */
    unsigned line;             /* bytes of a plain line */
    unsigned send_queue;       /* bytes waiting for one peer */
    unsigned send_lines;       /* lines waiting for one peer */
    unsigned register_seconds; /* to log in */
    unsigned ping_seconds;     /* silence before an IRC client is pinged */
    unsigned timeout_seconds;  /* and how long it may take to answer; also
                                  TCP_USER_TIMEOUT */
    struct limits_rule rate;
};

void config_defaults(struct config *config);
/* Reads a file over what is set. False: error[] has one sentence with file
 * and line; config is then not changed. */
bool config_read(struct config *config, const char *path, char *error,
                 size_t size);

#endif
