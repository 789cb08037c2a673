/* What a member missed is read up by CHATHISTORY, a page at a time; and, for
 * the judge, the whole history of a place (member->auditing).
 * ircv3.net/specs/extensions/chathistory */
#ifndef MINICHAT_CRASH_READING_H
#define MINICHAT_CRASH_READING_H

#include "tests/crash/member.h"

/* Asks for the next page where something is to be read. */
void reading_go_on(struct member *member, int64_t now);
/* A line of the page that was asked for. */
void reading_take(struct member *member, unsigned place,
                  const struct heard *heard);
/* The page is complete. */
void reading_end_page(struct member *member);
/* There is none: asks again after a while. */
void reading_refused(struct member *member);

#endif
