/* What a name looks like. Two names of the same skeleton can be taken for one
 * another at a glance: rn and m, vv and w, 0 and o, 1, i, | and l, 5 and s, any
 * number of - _ and . between letters; letter case does not matter. */
#ifndef MINICHAT_SKELETON_H
#define MINICHAT_SKELETON_H

#include "protocol/names.h"

/* Of a valid name; never longer than it. The skeleton of a skeleton is that
 * skeleton. */
void skeleton_of(struct text name, char to[NAME_SIZE]);
bool skeleton_alike(struct text a, struct text b);
/* Does it look like what the server itself, who runs it, or a service of other
 * IRC networks is called (NickServ and all that end so)? Here 3, 4 and 7 look
 * like e, a and t, too. */
bool skeleton_is_official(struct text name);

#endif
