#include "server/roster_inside.h"

static void write(struct roster *roster, const struct write *what) {
    if (roster->scribe) roster->scribe->write(roster->scribe, what);
}

void roster_write_account(struct roster *roster,
                          const struct kept_account *account) {
    struct write what = {.kind = WRITE_ACCOUNT};
    what.kept.account = text_of(account->name);
    what.kept.when = account->since;
    write(roster, &what);
}

void roster_write_seen(struct roster *roster,
                       const struct kept_account *account) {
    struct write what = {.kind = WRITE_SEEN};
    what.kept.account = text_of(account->name);
    what.kept.id = account->seen;
    write(roster, &what);
}

/* when 0: the mark is gone. */
void roster_write_read(struct roster *roster,
                       const struct kept_account *account, struct text target,
                       int64_t when) {
    struct write what = {.kind = WRITE_READ};
    what.kept.account = text_of(account->name);
    what.kept.whom = target;
    what.kept.when = when;
    write(roster, &what);
}

void roster_write_room(struct roster *roster, const struct kept_room *room) {
    struct write what = {.kind = WRITE_ROOM, .flag = room->is_private};
    what.kept.place = room->id;
    what.kept.room = text_of(room->name);
    what.kept.when = room->since;
    if (room->topic) what.kept.body = text_of(room->topic);
    what.kept.whom = text_of(room->topic_by);
    what.topic_when = room->topic_when;
    write(roster, &what);
}

void roster_write_room_gone(struct roster *roster,
                            const struct kept_room *room) {
    struct write what = {.kind = WRITE_ROOM_GONE};
    what.kept.place = room->id;
    what.kept.room = text_of(room->name);
    write(roster, &what);
}

void roster_write_ban(struct roster *roster, const struct kept_room *room,
                      const struct ban *ban) {
    struct write what = {
        .kind = WRITE_BAN, .flag = ban->mute, .until = ban->until};
    what.kept.place = room->id;
    what.kept.whom = text_of(ban->mask);
    what.kept.name = text_of(ban->by);
    what.kept.when = ban->when;
    what.kept.body = text_of(ban->reason);
    write(roster, &what);
}

void roster_write_ban_gone(struct roster *roster, const struct kept_room *room,
                           struct text mask, bool mute) {
    struct write what = {.kind = WRITE_BAN_GONE, .flag = mute};
    what.kept.place = room->id;
    what.kept.whom = mask;
    write(roster, &what);
}

void roster_write_bans_gone(struct roster *roster,
                            const struct kept_room *room) {
    struct write what = {.kind = WRITE_BANS_GONE};
    what.kept.place = room->id;
    write(roster, &what);
}

void roster_write_member(struct roster *roster,
                         const struct kept_account *account,
                         const struct membership *membership) {
    struct write what = {.kind = WRITE_MEMBER, .flag = membership->is_operator};
    what.kept.account = text_of(account->name);
    what.kept.place = membership->room->id;
    what.kept.id = membership->since;
    write(roster, &what);
}

void roster_write_member_gone(struct roster *roster,
                              const struct kept_account *account,
                              const struct kept_room *room) {
    struct write what = {.kind = WRITE_MEMBER_GONE};
    what.kept.account = text_of(account->name);
    what.kept.place = room->id;
    write(roster, &what);
}
