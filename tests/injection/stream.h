/* The bytes that a program on a terminal writes: which of them are those of a
 * curses program that is drawing, and nothing else. */
#ifndef MINICHAT_STREAM_H
#define MINICHAT_STREAM_H

#include "tests/injection/corpus.h"

/* What is wrong with them; NULL: nothing. Sequences that draw may be there,
 * those that show and hide the cursor, frames (2026), harmless titles and links
 * of visible ASCII. No other mode may change, nothing else may be told to the
 * terminal (clipboard, notices, questions), and what is drawn must be harmless.
 * Sequences must be whole. */
const char *judge_stream(struct text bytes);

/* Was the last frame (2026) written to its end? */
bool stream_is_whole(struct text bytes);

#endif
