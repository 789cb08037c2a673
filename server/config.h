/* minichatd.conf: every setting, once.
 * One table (in config.c) has for each its section, key, kind, range, default
 * and the sentence that explains it; it drives the parser, the errors
 * ("FILE:LINE: [limits] sessions: expected a number from 1 to 100000"),
 * `minichatd --help`'s list and the manual page's check. */
#ifndef MINICHAT_CONFIG_H
#define MINICHAT_CONFIG_H

#include "protocol/address.h"
#include "protocol/names.h"
#include "protocol/subnet.h"
#include "server/keep_rules.h"
#include "server/limits.h"

enum {
    CONFIG_LISTENERS = 16,
    CONFIG_CERTIFICATES = 8,
    CONFIG_PROXIES = 16,
    CONFIG_NETWORK_SIZE = 33,
    CONFIG_PATH_SIZE = 1024,
    CONFIG_USER_SIZE = 33,
    CONFIG_ADMINS_SIZE = 512,
    CONFIG_CONTACT_SIZE = 129,
    CONFIG_ERROR_SIZE = 1536, /* holds a path and a sentence */
};

#define CONFIG_USER "minichat" /* where `user` is not set */

/* What a `certificate` and the `key` below it say. */
struct config_pair {
    char certificate[CONFIG_PATH_SIZE]; /* PEM; empty: only a key is named */
    char key[CONFIG_PATH_SIZE];         /* PEM; empty: with the certificate */
};

struct config {
    /* [server] */
    char name[CONFIG_NETWORK_SIZE]; /* the network's name; "minichat" */
    struct address listen[CONFIG_LISTENERS];
    unsigned listeners;
    char motd[CONFIG_PATH_SIZE]; /* a file; empty: none */
    char lobby[ROOM_SIZE];       /* "#lobby"; empty: none */
    bool plaintext;              /* no: plain text stays on this machine */
    struct subnet proxies[CONFIG_PROXIES];
    unsigned proxy_count;
    /* [tls] */
    struct config_pair pairs[CONFIG_CERTIFICATES];
    unsigned certificates;       /* so many pairs; 0: one of our own */
    unsigned sts;                /* days; 0: it is not told */
    bool sts_withdrawn;          /* then a duration of 0 is told */
    char user[CONFIG_USER_SIZE]; /* whom root becomes; empty: nobody else */
    bool sandbox;                /* yes */
    /* [auth] */
    bool guests;   /* no */
    bool loopback; /* yes: who is at a loopback TCP peer by sock_diag */
    char admins[CONFIG_ADMINS_SIZE];      /* accounts, comma-separated */
    char allow_names[CONFIG_ADMINS_SIZE]; /* the same */
    char gateway[NAME_SIZE];              /* a Unix user; empty: none */
    char contact[CONFIG_CONTACT_SIZE];
    bool strangers;      /* yes: they are told whom to ask */
    unsigned token_days; /* of those that people make for themselves; 0: none */
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
    struct limits_rule rate, guest_rate;
    struct limits_rule arrivals;    /* connections from one address */
    unsigned newcomers;             /* who have not logged in, in all */
    unsigned newcomers_per_address; /* and from one address */
    unsigned wrong_tokens;          /* looked at once (gate.h) */
    unsigned wrong_seconds;         /* that one waits at most; not longer than
                                       half of register_seconds */
    /* [history] */
    enum durability durability;
    struct chores_plan keep; /* what is kept how long, and the search */
};

enum setting_kind {
    SETTING_YES_NO,
    SETTING_NUMBER,
    SETTING_STS,         /* a number, or a word */
    SETTING_NETWORK,     /* the network's name */
    SETTING_ADDRESS,     /* may be given again: one more */
    SETTING_PATH,        /* absolute */
    SETTING_CERTIFICATE, /* a path, may be empty; may be given again: one more
                          */
    SETTING_KEY,         /* the same */
    SETTING_ROOM,        /* may be empty */
    SETTING_USER,        /* of this machine; may be empty */
    SETTING_ACCOUNTS,    /* comma-separated; may be given again: some more */
    SETTING_SUBNETS,     /* the same */
    SETTING_GATEWAY,     /* may be empty */
    SETTING_CONTACT,
    SETTING_DURABILITY,
    SETTING_KEEP, /* may be given again: one more rule */
};

/* One row of the table. */
struct setting {
    const char *section, *key;
    enum setting_kind kind;
    unsigned least, most; /* of a number */
    size_t at;            /* in struct config */
    const char *standard; /* what holds without it; empty: nothing */
    const char *sentence; /* what it is for */
};
/* The table in order: NULL begins and ends. */
const struct setting *config_after(const struct setting *setting);
/* What may be written for it: "yes or no", "a number from 1 to 100000". */
void config_expects(const struct setting *setting, char *to, size_t size);

void config_defaults(struct config *config);
/* Reads a file over what is set. False: error[] has one sentence with file
 * and line; config is then not changed. */
bool config_read(struct config *config, const char *path, char *error,
                 size_t size);
/* One setting, as from the command line. False: error[] has one sentence. */
bool config_set(struct config *config, const char *section, const char *key,
                const char *value, char *error, size_t size);

/* Does a proxy of ours connect from that address? */
bool config_is_proxy(const struct config *config, const char *host);
/* Is this account listed in `admins`? */
bool config_is_admin(const struct config *config, const char *account);
/* May it be called so though that looks like another name: in `allow-names` or
 * `admins`? */
bool config_allows_name(const struct config *config, const char *account);

#endif
