/* Gives the terminal back as it was, also when the process is killed by a
 * signal, and also when nobody reads the terminal: then it waits no longer
 * than RESCUE_WAIT_MS in all, throws away what others still wrote before, and
 * goes on without. One terminal per process. */
#ifndef MINICHAT_CLIENT_RESCUE_H
#define MINICHAT_CLIENT_RESCUE_H

#include <stdbool.h>
#include <termios.h>

#include "protocol/text.h"

enum { RESCUE_BYTES_MAX = 512, RESCUE_WAIT_MS = 300 };

/* From now on a crash (SEGV, ABRT, BUS, FPE, ILL) and TERM, HUP, INT, QUIT
 * give the terminal back before they end the process. Who wants to leave in
 * order installs handlers for the latter four after this. */
void rescue_install(void);
void rescue_remove(void);
/* fd must not block; what restores the screen is written to it, and then it
 * gets these settings. Restore is copied, RESCUE_BYTES_MAX at most. */
void rescue_arm(int fd, const struct termios *settings, struct text restore);
/* It is not ours any more. */
void rescue_disarm(void);
/* Gives the terminal back, once; nothing happens where it is not armed.
 * Async-signal-safe. */
void rescue_now(void);

#endif
