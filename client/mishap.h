/* Why a server is not reached, in words that lead on: where it was looked for,
 * what was in the way, and, where the port expects the other thing, the address
 * that would do. */
#ifndef MINICHAT_CLIENT_MISHAP_H
#define MINICHAT_CLIENT_MISHAP_H

#include <stdbool.h>

#include "protocol/address.h"
#include "protocol/writer.h"

/* why: as a link or a dial has it. reached: we have been there, and where needs
 * no words. */
void mishap_write(struct writer *writer, const struct address *address,
                  bool reached, const char *why);

#endif
