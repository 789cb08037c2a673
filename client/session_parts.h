/* What the files of the session share: telling, sending, and logging in. */
#ifndef MINICHAT_CLIENT_SESSION_PARTS_H
#define MINICHAT_CLIENT_SESSION_PARTS_H

#include "client/session.h"

void session_tell(struct session *session, const struct news *news);
/* A message of ours; label 0 is none. False, and told as NEWS_ERROR, where it
 * is not one line of the protocol. */
bool session_send(struct session *session, const struct ircmsg *message,
                  uint64_t label);

/* Capabilities, SASL and registration: session_login.c. */
void session_login_begin(struct session *session);
/* CAP, AUTHENTICATE, and the numerics of registration. False: not one of
 * them, and still to be understood. */
bool session_login_take(struct session *session, const struct ircmsg *message);

#endif
