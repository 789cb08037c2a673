/* Between decode.c (where a sequence begins and ends) and decode_keys.c (which
 * key it is). Nobody else includes this. */
#ifndef MINICHAT_CLIENT_DECODE_PARTS_H
#define MINICHAT_CLIENT_DECODE_PARTS_H

#include "protocol/text.h"

/* What stood after CSI, up to its last byte; after SS3. KEYS_UNKNOWN where it
 * is no key, or one that was let go. */
uint32_t control_key(struct text sequence);
uint32_t single_key(struct text sequence);
/* Takes the next number off a list and what separates it from those after it;
 * 0 where there is none. Numbers stay below ten million. */
unsigned take_number(struct text *rest, char *separator);

#endif
