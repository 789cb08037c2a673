/* From a member to the struct it is embedded in: what replaces void pointers
 * as glue (STYLE, "State and casts"). A macro because a type is an argument. */
#ifndef MINICHAT_CONTAINER_H
#define MINICHAT_CONTAINER_H

#include <stddef.h>

#define container_of(member_pointer, type, member)                             \
    ((type *)(void *)((char *)(member_pointer)-offsetof(type, member)))

#endif
