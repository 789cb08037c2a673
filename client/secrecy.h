/* What looks like a secret among the lines that are typed: it is said or
 * carried out as any other, and kept nowhere: not among the lines sent before,
 * not as a draft, not in the queue on disk, not in a log. Pure. */
#ifndef MINICHAT_CLIENT_SECRECY_H
#define MINICHAT_CLIENT_SECRECY_H

#include "protocol/text.h"

/* Where a token or a secret key begins in it (v4.public.…, k4.secret.…); its
 * length where there is none. */
size_t secrecy_token(struct text line);
/* It is no command but said, and gives a token away: one is pasted as into nc.
 */
bool secrecy_gives_away(struct text line);
/* As it was typed: "/login …", "/msg NickServ identify …", a token. */
bool secrecy_typed(struct text line);
/* How many bytes of it may be seen while it is typed: all, or those before the
 * secret. */
size_t secrecy_visible(struct text line);
/* Said to somebody: to a service that takes passwords, and with one. */
bool secrecy_said(struct text target, struct text body);

#endif
