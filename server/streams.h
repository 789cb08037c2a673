/* Standard input, output and error of a program that is run once: that what it
 * prints arrives, or that it says so. */
#ifndef MINICHAT_STREAMS_H
#define MINICHAT_STREAMS_H

#include <stdbool.h>

/* To be called first. Where one is closed nothing that is opened later takes
 * its number: else a file of ours could be written to as if it were standard
 * output. Writing to a standard output that was closed fails. */
bool streams_hold(void);
/* To be called last: all that was printed is written. False, with a sentence on
 * standard error. */
bool streams_finish(const char *program);

#endif
