/* What the files of the session share: telling, sending, and logging in. */
#ifndef MINICHAT_CLIENT_SESSION_PARTS_H
#define MINICHAT_CLIENT_SESSION_PARTS_H

#include "client/nonce.h"
#include "client/session.h"

/* One message of the server with what its tags say. */
struct incoming {
    const struct ircmsg *message;
    struct ircmsg_source source;
    struct text who;     /* nick, or the server's name */
    struct batch *batch; /* that it is part of, or NULL */
    char msgid[SESSION_MSGID_SIZE];
    char nonce[NONCE_SIZE];
    char reply[SESSION_MSGID_SIZE];
    char account[NAME_SIZE];
    uint64_t label;
    int64_t now, when;
    bool own, history;
};

/* Where it was said: room, to_us. "@#room" is said in #room. */
void session_place(const struct session *session, const struct incoming *in,
                   struct news *news);
struct news session_news(const struct incoming *in, enum news_kind kind);
/* Between others, a parameter of one line. */
bool session_is_middle(struct text text);
/* The n-th parameter, or empty text. */
struct text session_param(const struct incoming *in, size_t n);

void session_tell(struct session *session, const struct news *news);
/* A message of ours, with its tags; label 0 is none. False, and told as
 * NEWS_ERROR, where it is not one line of the protocol. */
bool session_send(struct session *session, const struct ircmsg *message,
                  uint64_t label);

/* Capabilities, SASL and registration: session_login.c. */
void session_login_begin(struct session *session);
/* CAP, AUTHENTICATE, and the numerics of registration. False: not one of
 * them, and still to be understood. */
bool session_login_take(struct session *session, const struct ircmsg *message);

/* As session_fit, of one line alone. */
size_t session_line_fit(const struct session *session, enum news_kind kind,
                        struct text target, struct text line);
/* May several lines be one message? */
bool session_takes_lines(const struct session *session, enum news_kind kind);

/* What the message says is done: session.c. */
void session_hand_on(struct session *session, const struct incoming *in);

/* Messages of several lines: session_multiline.c. */
size_t session_lines_fit(const struct session *session, enum news_kind kind,
                         struct text target, struct text body);
/* tags are those of the whole message. False as session_send. */
bool session_send_lines(struct session *session, struct text tags,
                        struct text target, struct text body, uint64_t label);
void session_begin_lines(struct batch *batch, const struct incoming *in);
/* What is part of one is kept for its end. False: it is something else. */
bool session_take_lines(const struct incoming *in);
/* Told as one message. The batch is free already. */
void session_end_lines(struct session *session, struct gathered *gathered);

/* session_isupport.c */
void session_take_isupport(struct session *session, const struct incoming *in);

/* What is done with lines that were said: session_deeds.c. */
void session_take_tagmsg(struct session *session, const struct incoming *in);
void session_take_redact(struct session *session, const struct incoming *in);
/* "+reply=MSGID", in each way that others may know it. */
void session_write_reply(struct writer *writer, const struct session *session,
                         struct text msgid);

/* The login is refused; who hears that ends the connection. */
void session_refuse(struct session *session, struct text why);
/* A line with a secret in it: no copy of ours outlives this. */
void session_send_secret(struct session *session, const char *verb,
                         struct text secret);

/* SASL: session_sasl.c. */
enum sasl_begun { SASL_NOT_BEGUN, SASL_BEGUN, SASL_UNDER_WAY };
/* The value of the capability. */
void session_sasl_offered(struct session *session, struct text list);
/* Is there a mechanism of the server's that the login has something for? Is it
 * one that carries the secret? */
bool session_sasl_wanted(const struct session *session);
bool session_sasl_has_secret(const struct session *session);
/* BEGUN: session_sasl_ask comes next. UNDER_WAY: it was begun, or refused. */
enum sasl_begun session_sasl_begin(struct session *session);
void session_sasl_ask(struct session *session);
/* AUTHENTICATE of the server. */
void session_sasl_take(struct session *session, struct text answer);
/* It failed. True: we may go on as nobody. */
bool session_sasl_fail(struct session *session, struct text why);

/* Batches, and what was said before: session_history.c. */
struct batch *session_find_batch(struct session *session, struct text name);
void session_take_batch(struct session *session, const struct incoming *in);
void session_take_marker(struct session *session, const struct incoming *in);
void session_take_target(struct session *session, const struct incoming *in);
/* FAIL of one of these. False: of something else. */
bool session_take_fail(struct session *session, const struct incoming *in);

#endif
