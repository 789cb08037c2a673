/* The colours of the configuration: what has one, and how it is written.
 *     mention = bold yellow */
#ifndef MINICHAT_CLIENT_TINT_H
#define MINICHAT_CLIENT_TINT_H

#include "client/preferences.h"
#include "protocol/writer.h"

/* What can be coloured, in the order of enum colour; NULL after the last. */
const char *tint_role(size_t index);
/* PREFERENCE_TINTS where there is no such role. */
size_t tint_find_role(struct text role);
/* bold, reverse, italic, underline, strike and a colour: one of eight by name,
 * "bright" before it, 0 to 255, or default. "theme" is the theme's way. False
 * where it is none of that; then nothing changes. */
bool tint_read(struct tint *tint, struct text words);
void tint_write(struct writer *writer, const struct tint *tint);

#endif
