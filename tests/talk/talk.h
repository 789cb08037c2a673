/* A script that is being played: who is there, what was said, what variables
 * stand for. The language of scripts is told at the top of talk.c. */
#ifndef MINICHAT_TALK_H
#define MINICHAT_TALK_H

#include <stdio.h>

#include "protocol/names.h"
#include "protocol/tls.h"
#include "tests/talk/terminal.h"
#include "tests/talk/trial.h"

enum { PEERS = 64, VARIABLES = 64 };

struct peer {
    char name[NAME_SIZE];
    int fd;       /* -1: not connected */
    int place;    /* keeps its port, see trial_reserve; -1: it has none */
    int listener; /* of one who is a server; -1: none */
    bool irc, ended;
    bool deaf;                    /* nothing of its connection is read */
    struct tls_context *identity; /* of one who is a TLS server, or NULL */
    struct tls *tls;              /* of its connection, or NULL: plain */
    char *heard;                  /* received and not yet expected */
    size_t length, size;
    struct terminal *terminal; /* of a program, or NULL */
};

struct variable {
    char name[NAME_SIZE];
    char *value;
};

struct talk {
    struct trial trial;
    struct peer peers[PEERS];
    struct variable variables[VARIABLES];
    size_t peer_count, variable_count;
    FILE *config;
    int64_t patience; /* ms a step may take */
    int64_t until;    /* deadline of this step */
    int64_t clock;    /* when `clock starts` was */
    bool skip;
    FILE *transcript; /* what was sent and received so far */
    char *transcript_text, *complaint;
    size_t transcript_length;
};

/* The bytes, control bytes as \xHH, and a line end. */
void talk_show(FILE *to, struct text text);
/* A line of the transcript. */
void talk_note(struct talk *talk, const struct peer *peer, const char *sign,
               struct text text);
/* Why the step did not come true; returns false. */
bool talk_complain(struct talk *talk, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The last value of that name, or NULL. */
const char *talk_variable(const struct talk *talk, struct text name);
void talk_let(struct talk *talk, struct text name, const char *value);
/* The text that was meant, variables and escapes put in; its memory is the
 * caller's, and a NUL follows it. */
struct text talk_expand(const struct talk *talk, struct text raw);
char *talk_expand_string(const struct talk *talk, struct text raw);
/* Is the line as the pattern (not yet expanded) says? */
bool talk_matches(const struct talk *talk, struct text pattern,
                  struct text line);

/* The peer of that name, new if need be. NULL: too many, or a bad name. */
struct peer *peer_called(struct talk *talk, struct text name);
/* A connected socket, or -1. user: as that Unix user, or NULL. */
int peer_connect_unix(struct talk *talk, const char *user);
int peer_connect_tcp(struct talk *talk, const char *port, bool from_afar);
bool peer_send_bytes(struct talk *talk, struct peer *peer, struct text bytes);
/* It speaks TLS from now on; true when both have shaken hands. */
bool peer_secure(struct talk *talk, struct peer *peer);
bool peer_secure_as_client(struct talk *talk, struct peer *peer,
                           struct tls_context *context);
/* Its connection goes. */
void peer_close(struct peer *peer);
/* Expands, and ends the line as its dialect does. */
bool peer_send(struct talk *talk, struct peer *peer, struct text raw);
void peer_hear(struct peer *peer, struct text bytes);
void peer_receive(struct peer *peer);
/* Waits until the peer can read (POLLIN) or write (POLLOUT), and reads.
 * Meanwhile all terminals are read. False: the step is late. */
bool peer_wait(struct talk *talk, struct peer *peer, short what);
/* The same, but nothing is read from it. */
bool peer_wait_bare(struct talk *talk, struct peer *peer, short what);
/* The line that begins at *at, without its end; *at goes behind it. */
bool peer_line(const struct peer *peer, size_t *at, struct text *line);

enum manner { NEXT, AFTER_OTHERS, AMONG_OTHERS };
bool peer_expect(struct talk *talk, struct peer *peer, enum manner manner,
                 struct text pattern);

/* Starts the server; options end with NULL, or are NULL. */
bool house_runs(struct talk *talk, char *const options[]);
/* Its log says so, now or soon. */
bool house_log_says(struct talk *talk, struct text words);
/* What a script says of the server and minichatctl; talk.c has the words. */
bool house_config(struct talk *talk, struct peer *peer, struct text rest);
bool house_server(struct talk *talk, struct peer *peer, struct text rest);
bool house_ctl(struct talk *talk, struct peer *peer, struct text rest);
bool house_ctl_fails(struct talk *talk, struct peer *peer, struct text rest);
bool house_token(struct talk *talk, struct peer *peer, struct text rest);

/* What a script says of one who has a connection; talk.c has the words. */
bool caller_unix(struct talk *talk, struct peer *peer, struct text options);
bool caller_tcp(struct talk *talk, struct peer *peer, struct text options);
bool caller_tls(struct talk *talk, struct peer *peer, struct text options);
bool caller_irc(struct talk *talk, struct peer *peer, struct text options);
bool caller_sends_raw(struct talk *talk, struct peer *peer, struct text raw);
bool caller_hears_nothing(struct talk *talk, struct peer *peer,
                          struct text what);
bool caller_shuts(struct talk *talk, struct peer *peer, struct text rest);
bool caller_closes(struct talk *talk, struct peer *peer, struct text rest);
bool caller_breaks(struct talk *talk, struct peer *peer, struct text rest);
bool caller_resets(struct talk *talk, struct peer *peer, struct text rest);
bool caller_is_closed(struct talk *talk, struct peer *peer, struct text what);
bool caller_pours(struct talk *talk, struct peer *peer, struct text rest);

/* What a script says of one who is a server; talk.c has the words. */
bool host_port(struct talk *talk, struct peer *peer, struct text rest);
bool host_listens(struct talk *talk, struct peer *peer, struct text rest);
/* certificate NAME HOST [by NAME] [like NAME] [old]: {NAME}.pem, {NAME.key} */
/* The file of a certificate: {directory}/NAME.pem; of none: empty. */
void host_certificate_path(struct talk *talk, struct text name,
                           char path[TRIAL_PATH]);
bool host_certificate(struct talk *talk, struct peer *peer, struct text rest);
bool host_hides(struct talk *talk, struct peer *peer, struct text rest);
bool host_accepts(struct talk *talk, struct peer *peer, struct text rest);
bool host_welcomes(struct talk *talk, struct peer *peer, struct text rest);

/* without FOLDER */
bool absence_of(struct talk *talk, struct peer *peer, struct text rest);

/* What a script says of the files that a program leaves. */
bool home_keeps(struct talk *talk, struct peer *peer, struct text rest);
bool home_keeps_no(struct talk *talk, struct peer *peer, struct text rest);

/* What a script says of programs; talk.c has the words. */
bool program_runs(struct talk *talk, struct peer *peer, struct text rest);
bool program_types(struct talk *talk, struct peer *peer, struct text rest);
bool program_sees(struct talk *talk, struct peer *peer, struct text rest);
bool program_misses(struct talk *talk, struct peer *peer, struct text rest);
bool program_shows(struct talk *talk, struct peer *peer, struct text rest);
bool program_row(struct talk *talk, struct peer *peer, struct text rest);
bool program_cursor(struct talk *talk, struct peer *peer, struct text rest);
bool program_title(struct talk *talk, struct peer *peer, struct text rest);
bool program_has(struct talk *talk, struct peer *peer, struct text rest);
bool program_lacks(struct talk *talk, struct peer *peer, struct text rest);
bool program_resizes(struct talk *talk, struct peer *peer, struct text rest);
bool program_gets(struct talk *talk, struct peer *peer, struct text rest);
bool program_stalls(struct talk *talk, struct peer *peer, struct text rest);
bool program_emits(struct talk *talk, struct peer *peer, struct text rest);
bool program_emitted_no(struct talk *talk, struct peer *peer, struct text rest);
bool program_wrote(struct talk *talk, struct peer *peer, struct text rest);
bool program_ends(struct talk *talk, struct peer *peer, struct text rest);
/* What a script measures; talk.c has the words. */
bool measure_clock(struct talk *talk, struct peer *peer, struct text rest);
bool measure_idles(struct talk *talk, struct peer *peer, struct text rest);
bool measure_rang(struct talk *talk, struct peer *peer, struct text rest);
bool measure_plain(struct talk *talk, struct peer *peer, struct text rest);
bool measure_coloured(struct talk *talk, struct peer *peer, struct text rest);
bool measure_border(struct talk *talk, struct peer *peer, struct text rest);

/* Its screen, with a frame, into the transcript. */
void program_show(struct talk *talk, const struct peer *peer);

#endif
