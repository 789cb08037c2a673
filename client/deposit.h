/* A secret that a person keeps in a file of their own: new, in their home,
 * readable by them alone. */
#ifndef MINICHAT_CLIENT_DEPOSIT_H
#define MINICHAT_CLIENT_DEPOSIT_H

#include "protocol/text.h"

enum { DEPOSIT_NAME_SIZE = 64 };

/* Writes it, with a line end, to ~/minichat-2026-11-28-203105.token (now: Unix
 * milliseconds; local time), which must not be there yet, and tells that name.
 * Errors are those of errno(3), 0: none; with one nothing is left behind.
 * Blocks, for some hundred bytes that a person waits for. */
int deposit(struct text secret, int64_t now, char name[DEPOSIT_NAME_SIZE]);

#endif
