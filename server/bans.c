#include "server/bans.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/duration.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

enum { FIRST_SIZE = 4 };

bool ban_mask_valid(struct text mask) {
    struct subnet subnet;
    if (subnet_read(mask, &subnet)) return true;
    if (!mask.length || mask.length >= MASK_SIZE || mask.at[0] == ':')
        return false;
    for (size_t i = 0; i < mask.length; i++)
        if (mask.at[i] <= ' ' || mask.at[i] > '~') return false;
    return true;
}

struct ban ban_make(const struct banning *banning, struct text by,
                    int64_t when) {
    struct ban ban = {
        .when = when, .until = banning->until, .mute = banning->mute};
    struct text reason = banning->reason;
    reason.length = utf8_cut(reason, BAN_REASON_SIZE - 1);
    ban.is_subnet = subnet_read(banning->mask, &ban.subnet);
    if (ban.is_subnet)
        subnet_write(&ban.subnet, ban.mask);
    else
        text_copy(banning->mask, ban.mask, sizeof ban.mask);
    text_copy(by, ban.by, sizeof ban.by);
    text_copy(reason, ban.reason, sizeof ban.reason);
    return ban;
}

bool ban_is_over(const struct ban *ban, int64_t now) {
    return ban->until && ban->until <= now;
}

void ban_write_terms(struct writer *writer, int64_t until, struct text reason,
                     int64_t now) {
    char lasts[DURATION_SIZE];
    if (until) {
        duration_write(until - now, lasts);
        write_format(writer, " for %s", lasts);
    }
    if (reason.length) {
        write_string(writer, ": ");
        write_text(writer, reason);
    }
}

/* Lists ------------------------------------------------------------------- */

void bans_finish(struct bans *bans) {
    free(bans->list);
    *bans = (struct bans){0};
}

struct ban *bans_find(const struct bans *bans, const struct ban *like) {
    for (size_t i = 0; i < bans->count; i++)
        if (bans->list[i].mute == like->mute &&
            name_equals(text_of(bans->list[i].mask), text_of(like->mask)))
            return &bans->list[i];
    return NULL;
}

static void add(struct bans *bans, const struct ban *ban) {
    if (bans->count == bans->size) {
        bans->size = bans->size ? bans->size * 2 : FIRST_SIZE;
        bans->list = memory_grow(bans->list, bans->size, sizeof *bans->list);
    }
    bans->list[bans->count++] = *ban;
}

void bans_put(struct bans *bans, const struct ban *ban) {
    struct ban *same = bans_find(bans, ban);
    if (same)
        *same = *ban;
    else
        add(bans, ban);
}

void bans_drop(struct bans *bans, struct ban *ban) {
    *ban = bans->list[--bans->count];
    if (!bans->count) bans_finish(bans);
}

void bans_add_all(struct bans *bans, const struct bans *others) {
    for (size_t i = 0; i < others->count; i++)
        add(bans, &others->list[i]);
}

bool bans_take_over(struct bans *bans, int64_t now, struct ban *over) {
    for (size_t i = 0; i < bans->count; i++) {
        if (!ban_is_over(&bans->list[i], now)) continue;
        *over = bans->list[i];
        bans_drop(bans, &bans->list[i]);
        return true;
    }
    return false;
}

int64_t bans_next_end(const struct bans *bans) {
    int64_t next = BANS_FOR_EVER;
    for (size_t i = 0; i < bans->count; i++)
        if (bans->list[i].until && bans->list[i].until < next)
            next = bans->list[i].until;
    return next;
}
