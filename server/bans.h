/* Lists of who is kept out, or kept silent, of a room or of the whole server;
 * each by whom, since when, until when and why. Pure: time is told to it. */
#ifndef MINICHAT_BANS_H
#define MINICHAT_BANS_H

#include "protocol/names.h"
#include "protocol/subnet.h"
#include "protocol/writer.h"

enum {
    MASK_SIZE = 80,
    BAN_REASON_SIZE = 161, /* with NUL */
    BANS_PER_ROOM = 64,
    BANS_OF_SERVER = 4096,
};
#define BANS_FOR_EVER INT64_MAX /* never is one over */

struct ban {
    char mask[MASK_SIZE]; /* a name, or a range of addresses; in a room also a
                             name or nick!user@host with wildcards, or ~ and a
                             guest's name */
    char by[NAME_SIZE];
    char reason[BAN_REASON_SIZE]; /* may be empty */
    bool mute;                    /* may be here but not speak */
    bool is_subnet;               /* then mask is subnet_write's */
    struct subnet subnet;
    int64_t when, until; /* Unix ms; until 0: for ever */
};

struct bans {
    struct ban *list; /* in no order */
    size_t count, size;
};

/* What is wanted, before it is a ban. */
struct banning {
    struct text mask, reason; /* clean; what is too long of it is cut */
    int64_t until;
    bool mute;
};

/* What it is matched with is printable ASCII, so nothing else can be meant;
 * and as it is shown to everybody, nothing else is kept. */
bool ban_mask_valid(struct text mask);
/* Of a valid mask; a range is written as it usually is. */
struct ban ban_make(const struct banning *banning, struct text by,
                    int64_t when);
bool ban_is_over(const struct ban *ban, int64_t now);
/* " for 2h: spam", ": spam": how long it still lasts and why; nothing
 * where it is for ever and for no reason. */
void ban_write_terms(struct writer *writer, int64_t until, struct text reason,
                     int64_t now);

void bans_finish(struct bans *bans);
/* Of the same mask, in any letter case; NULL where there is none. Good until
 * the list changes. */
struct ban *bans_find(const struct bans *bans, const struct ban *like);
/* Takes the place of one of the same mask. */
void bans_put(struct bans *bans, const struct ban *ban);
void bans_drop(struct bans *bans, struct ban *ban);
/* Adds all of the other list. */
void bans_add_all(struct bans *bans, const struct bans *others);
/* Takes out one that is over; false: there is none. */
bool bans_take_over(struct bans *bans, int64_t now, struct ban *over);
/* When the next one is over; BANS_FOR_EVER: none. */
int64_t bans_next_end(const struct bans *bans);

#endif
