/* Cuts a stream of bytes into lines, in place where it can.
 * A line ends with LF; one CR before it is taken off too. Lines are borrowed
 * from the bytes that were fed; only an unfinished rest is kept, in memory
 * that exists only while there is one and never exceeds limit plus what one
 * feed brought (as long as all lines are taken before the next feed). A line
 * that began in the rest is completed there; the lines after it are borrowed
 * again. */
#ifndef MINICHAT_FRAMER_H
#define MINICHAT_FRAMER_H

#include "protocol/text.h"

enum framed {
    FRAMED_NOTHING,  /* all lines were given out */
    FRAMED_LINE,     /* a line; use it before the next call */
    FRAMED_TOO_LONG, /* a line over the limit began: it will be skipped up to
                        its end. Told once for each such line. */
};

struct framer {
    struct text input; /* not yet cut: in rest, or in the fed bytes */
    struct text fed;   /* fed bytes that come after a kept input */
    char *rest;        /* memory for kept bytes, or NULL */
    size_t room;       /* its size */
    size_t limit;      /* longest line in bytes, line end not counted */
    bool skipping;
    bool wipes; /* what is kept may be secret: memory is given back empty. The
                   caller sets it */
};

void framer_init(struct framer *framer, size_t limit);
void framer_finish(struct framer *framer);
/* Gives it bytes. They are borrowed until framer_keep. */
void framer_feed(struct framer *framer, struct text bytes);
enum framed framer_next(struct framer *framer, struct text *line);
/* Ends the loan: copies what was not cut yet. To be called before the fed
 * bytes go away, also when the caller stops reading lines half-way
 * (framer_next may then be called later without another feed). */
void framer_keep(struct framer *framer);
/* What stands after the last line end, without a CR at its end; at the end of
 * input it is the last line. Empty while an over-long line is skipped. To be
 * asked after FRAMED_NOTHING or framer_keep; borrowed until the next call. */
struct text framer_unfinished(const struct framer *framer);
/* True while framer_next has something to give without new input. */
bool framer_has_line(const struct framer *framer);

#endif
