/* Who is in a room: names in order, each with the prefix of its rank, whether
 * they are away, and when they were last heard. */
#ifndef MINICHAT_CLIENT_MEMBERS_H
#define MINICHAT_CLIENT_MEMBERS_H

#include "protocol/text.h"

enum {
    MEMBERS_MAX = 50000,   /* in one room; a server that names more is not
                              believed */
    MEMBER_NAME_MAX = 512, /* bytes kept of a name */
    MEMBER_PREFIX_SIZE = 8,
    MEMBER_RANKS = 5,
};

struct member {
    char *name;                      /* cleaned */
    char prefix[MEMBER_PREFIX_SIZE]; /* "@", "+", "@+" or "" */
    bool away;
    uint64_t heard; /* grows with each line said; 0: not heard yet */
};

struct members {
    struct member *list; /* sorted by name, case folded */
    size_t count, room;
};

void members_init(struct members *members);
void members_finish(struct members *members);
void members_clear(struct members *members);
/* NULL where there is none. The pointer holds until the next change. */
struct member *members_find(const struct members *members, struct text name);
/* Finds or adds; NULL where there are too many. */
struct member *members_put(struct members *members, struct text name);
bool members_remove(struct members *members, struct text name);
/* False where `from` is not there. */
bool members_rename(struct members *members, struct text from, struct text to);
void member_set_prefix(struct member *member, struct text prefix);
/* 0 for the highest rank (~&@%+ in this order), MEMBER_RANKS for none. */
int member_rank(const struct member *member);

#endif
