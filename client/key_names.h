/* Keys as they are written in the configuration and by /bind: C-a, M-k, F7,
 * PgUp, M-Enter, S-Tab, C-Left. C- is Control, M- Alt, S- Shift. */
#ifndef MINICHAT_CLIENT_KEY_NAMES_H
#define MINICHAT_CLIENT_KEY_NAMES_H

#include "protocol/text.h"
#include "protocol/writer.h"

/* KEYS_UNKNOWN where it is none; one that is written in two ways, or sent in
 * two, is read as key_plain has it. */
uint32_t key_read(struct text name);
void key_write(struct writer *writer, uint32_t key);
/* The same key, whichever of its codes the terminal sent. */
uint32_t key_plain(uint32_t key);

#endif
