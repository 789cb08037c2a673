/* The bytes that a program on a terminal writes: which of them are those of a
 * curses program that is drawing, and nothing else. */
#ifndef MINICHAT_STREAM_H
#define MINICHAT_STREAM_H

#include "tests/injection/corpus.h"

/* What is wrong with them; NULL: nothing. Sequences that draw may be there,
 * and those that show and hide the cursor. No other mode may change, nothing
 * but text may be told to the terminal (title, clipboard, links, questions),
 * and what is drawn must be harmless. Sequences must be whole. */
const char *judge_stream(struct text bytes);

#endif
