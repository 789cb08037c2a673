/* Finds links in what people write: http, https, irc, ircs, gemini, mailto.
 * A link goes up to a blank, a quote or an angle bracket; what ends a sentence
 * and a bracket that was opened before the link are not part of it. Others,
 * file and ssh among them, are no links: who clicks would act on the word of
 * anybody. */
#ifndef MINICHAT_CLIENT_LINKS_H
#define MINICHAT_CLIENT_LINKS_H

#include "protocol/text.h"

/* Takes off what stands before the next link, and the link; false where there
 * is none: then nothing is taken. */
bool links_next(struct text *rest, struct text *link);
/* As it may be given to others: visible ASCII, all else as %XX. Empty where it
 * does not fit. */
struct text links_encode(struct text link, char *to, size_t size);

#endif
