/* Which characters combine with the one before them, and take no place of
 * their own: Unicode's nonspacing and enclosing marks (Mn, Me). */
#ifndef MINICHAT_MARKS_H
#define MINICHAT_MARKS_H

#include <stdbool.h>
#include <stdint.h>

bool mark_combines(uint32_t point);
/* A mark that only chooses between forms of the character before it
 * (variation selectors, those of Mongolian too). */
bool mark_selects(uint32_t point);

#endif
