#include "client/members.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"
#include "protocol/names.h"

static const char RANKS[] = "~&@%+";

void members_init(struct members *members) {
    *members = (struct members){0};
}

void members_clear(struct members *members) {
    for (size_t i = 0; i < members->count; i++)
        free(members->list[i].name);
    members->count = 0;
}

void members_finish(struct members *members) {
    members_clear(members);
    free(members->list);
    members_init(members);
}

static int compare(struct text name, const char *other) {
    size_t i = 0;
    while (i < name.length && other[i] != '\0' &&
           name_fold(name.at[i]) == name_fold(other[i]))
        i++;
    unsigned char a =
        i < name.length ? (unsigned char)name_fold(name.at[i]) : 0;
    unsigned char b = (unsigned char)name_fold(other[i]);
    return (a > b) - (a < b);
}

/* Where it is, or where it would be. */
static size_t place_of(const struct members *members, struct text name) {
    size_t low = 0, high = members->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(name, members->list[middle].name) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct member *members_find(const struct members *members, struct text name) {
    size_t place = place_of(members, name);
    if (place == members->count) return NULL;
    struct member *member = &members->list[place];
    return compare(name, member->name) == 0 ? member : NULL;
}

static void make_room(struct members *members) {
    if (members->count < members->room) return;
    members->room = members->room ? members->room * 2 : 16;
    members->list =
        memory_grow(members->list, members->room, sizeof *members->list);
}

static void insert(struct members *members, struct member member) {
    make_room(members);
    size_t place = place_of(members, text_of(member.name));
    struct member *at = members->list + place;
    memmove(at + 1, at, (members->count - place) * sizeof *at);
    *at = member;
    members->count++;
}

struct member *members_put(struct members *members, struct text name) {
    char *clean = shown_copy(name, MEMBER_NAME_MAX);
    struct text key = text_of(clean);
    struct member *found = members_find(members, key);
    if (found || key.length == 0 || members->count >= MEMBERS_MAX) {
        free(clean);
        return found;
    }
    insert(members, (struct member){.name = clean});
    return members_find(members, key);
}

static struct member take_out(struct members *members, struct member *at) {
    struct member member = *at;
    size_t after = (size_t)(members->list + members->count - (at + 1));
    memmove(at, at + 1, after * sizeof *at);
    members->count--;
    return member;
}

bool members_remove(struct members *members, struct text name) {
    struct member *found = members_find(members, name);
    if (!found) return false;
    free(take_out(members, found).name);
    return true;
}

bool members_rename(struct members *members, struct text from, struct text to) {
    struct member *found = members_find(members, from);
    if (!found) return false;
    struct member member = take_out(members, found);
    char *clean = shown_copy(to, MEMBER_NAME_MAX);
    if (clean[0] != '\0') {
        free(member.name);
        member.name = clean;
    } else {
        free(clean);
    }
    members_remove(members, text_of(member.name));
    insert(members, member);
    return true;
}

void member_set_prefix(struct member *member, struct text prefix) {
    size_t length = 0;
    for (size_t i = 0; i < prefix.length; i++) {
        bool known = prefix.at[i] != '\0' && strchr(RANKS, prefix.at[i]);
        if (known && length + 1 < MEMBER_PREFIX_SIZE)
            member->prefix[length++] = prefix.at[i];
    }
    member->prefix[length] = '\0';
}

int member_rank(const struct member *member) {
    const int none = (int)sizeof RANKS - 1;
    if (member->prefix[0] == '\0') return none;
    return (int)(strchr(RANKS, member->prefix[0]) - RANKS);
}
