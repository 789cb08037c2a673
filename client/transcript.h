/* News as lines for people and for grep, in the forms of the plain dialect
 * (minichat-protocol(7)): one kind per first column.
 *   alice: hello            said in the room that is `here`
 *   [#dev] bob: it is green said in another
 *   -bob- lunch?            said to us alone; "-> bob- yes" said by us
 *   * carol joined          what happened
 *   = …   ! …               answers, errors */
#ifndef MINICHAT_CLIENT_TRANSCRIPT_H
#define MINICHAT_CLIENT_TRANSCRIPT_H

#include "client/session.h"
#include "protocol/writer.h"

enum { TRANSCRIPT_SIZE = 64 * 1024 }; /* holds the longest line */

/* Writes the line with its line end, made safe for a bare terminal. False
 * where this news is not worth a line. */
bool transcript_write(struct writer *writer, const struct news *news,
                      struct text here);

#endif
