/* What is told to the terminal besides the screen's cells: links, titles, the
 * clipboard, notices, modes. Pure strings. Whatever the words are, they are
 * cleaned: none of them can end the sequence that it stands in. */
#ifndef MINICHAT_CLIENT_ESCAPE_H
#define MINICHAT_CLIENT_ESCAPE_H

#include "client/bytes.h"
#include "client/emulator.h"
#include "client/errands.h"

enum { ESCAPE_WORDS_MAX = 400 }; /* bytes of a title or notice */

/* Frames: what stands between them is shown at once. */
#define ESCAPE_FRAME_BEGIN "\033[?2026h"
#define ESCAPE_FRAME_END "\033[?2026l"

/* OSC 8: from here on cells lead there; those with the same link are one. The
 * link is visible ASCII (grid.h). */
void escape_link(struct bytes *to, const char *link);
void escape_link_end(struct bytes *to);
/* OSC 2 */
void escape_title(struct bytes *to, struct text title);
/* OSC 52: to the clipboard. Line ends stay. In tmux, to it and to the terminal
 * around it. */
void escape_copy(struct bytes *to, struct text text, bool tmux);
/* OSC 9, OSC 99, OSC 777 or the bell, as `form` says. */
void escape_notice(struct bytes *to, enum notify form,
                   const struct notice *notice, bool tmux);

/* Written when the terminal is taken; wrapped pastes and, where it is able to,
 * focus reports and kitty's keys. */
void escape_modes(struct bytes *to, bool able);
/* Everything that may be on is off again, and whatever sequence was cut short
 * is ended. */
void escape_modes_off(struct bytes *to, bool able);
void escape_mouse(struct bytes *to, bool on);
/* Asks for the background's colour, whether focus is reported, and, since that
 * is always answered and in order, what it is. */
void escape_questions(struct bytes *to);

#endif
