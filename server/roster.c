#include "server/roster.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/skeleton.h"
#include "server/roster_inside.h"

/* Finding -------------------------------------------------------------- */

struct kept_account *roster_account(const struct roster *roster,
                                    struct text name) {
    struct index_entry *entry = index_find(&roster->accounts, name);
    return entry ? container_of(entry, struct kept_account, entry) : NULL;
}

struct kept_room *roster_room(const struct roster *roster, struct text name) {
    struct index_entry *entry = index_find(&roster->rooms, name);
    return entry ? container_of(entry, struct kept_room, entry) : NULL;
}

struct membership *roster_membership(const struct kept_account *account,
                                     const struct kept_room *room) {
    for (struct membership *m = account->rooms; m; m = m->next)
        if (m->room == room) return m;
    return NULL;
}

static struct kept_account *account_of(const struct roster *roster,
                                       const struct user *user) {
    if (!user || !user->account[0]) return NULL;
    return roster_account(roster, text_of(user->account));
}

/* Accounts -------------------------------------------------------------- */

static struct kept_account *add_account(struct roster *roster, struct text name,
                                        int64_t since) {
    struct kept_account *account = memory_new(1, sizeof *account);
    account->since = since;
    text_copy(name, account->name, sizeof account->name);
    index_add(&roster->accounts, &account->entry, text_of(account->name));
    skeleton_of(name, account->look);
    account->has_look = !index_find(&roster->looks, text_of(account->look));
    if (account->has_look)
        index_add(&roster->looks, &account->look_entry, text_of(account->look));
    return account;
}

struct kept_account *roster_know(struct roster *roster, struct text name) {
    struct kept_account *account = roster_account(roster, name);
    if (account) return account;
    account = add_account(roster, name, roster->chat->now);
    roster_write_account(roster, account);
    return account;
}

void roster_follow(struct kept_account *account) {
    account->follows = true;
    account->waits = false;
}

void roster_seen(struct roster *roster, struct kept_account *account,
                 uint64_t id) {
    roster_follow(account);
    if (account->shown < id) account->shown = id;
    if (account->seen >= id) return;
    account->seen = id;
    roster_write_seen(roster, account);
}

/* Something that was written to it alone reaches it. What came before has been
 * sent by now; to write that down once a minute is enough, as after a crash it
 * is better shown twice than never. */
static void see(struct roster *roster, struct kept_account *account,
                uint64_t id) {
    int64_t written = kept_time_of(account->seen);
    if (kept_time_of(account->shown) - written > ROSTER_SEEN_MS)
        roster_seen(roster, account, account->shown);
    account->shown = id;
}

void roster_unfollow(struct roster *roster, struct kept_account *account) {
    if (account->follows) roster_seen(roster, account, account->shown);
    account->follows = false;
}

/* Marks ----------------------------------------------------------------- */

static struct mark **find_mark(struct kept_account *account,
                               struct text target) {
    struct mark **at = &account->marks;
    while (*at && !name_equals(text_of((*at)->target), target))
        at = &(*at)->next;
    return at;
}

static struct mark **oldest_mark(struct kept_account *account) {
    struct mark **oldest = &account->marks;
    for (struct mark **at = oldest; *at; at = &(*at)->next)
        if ((*at)->read < (*oldest)->read) oldest = at;
    return oldest;
}

static void drop_mark(struct kept_account *account, struct mark **at) {
    struct mark *mark = *at;
    if (!mark) return;
    *at = mark->next;
    free(mark);
    account->marks_count--;
}

static void add_mark(struct kept_account *account, struct text target,
                     int64_t read) {
    struct mark *mark = memory_new(1, sizeof *mark);
    mark->next = account->marks;
    mark->read = read;
    text_copy(target, mark->target, sizeof mark->target);
    account->marks = mark;
    account->marks_count++;
}

int64_t roster_read_until(const struct kept_account *account,
                          struct text target) {
    for (const struct mark *mark = account->marks; mark; mark = mark->next)
        if (name_equals(text_of(mark->target), target)) return mark->read;
    return 0;
}

static void make_place_for_mark(struct roster *roster,
                                struct kept_account *account) {
    if (account->marks_count < ROSTER_MARKS) return;
    struct mark **oldest = oldest_mark(account);
    roster_write_read(roster, account, text_of((*oldest)->target), 0);
    drop_mark(account, oldest);
}

bool roster_read(struct roster *roster, struct kept_account *account,
                 struct text target, int64_t when) {
    struct mark *mark = *find_mark(account, target);
    if (when <= (mark ? mark->read : 0)) return false;
    if (mark) {
        mark->read = when;
    } else {
        make_place_for_mark(roster, account);
        add_mark(account, target, when);
    }
    roster_write_read(roster, account, target, when);
    return true;
}

/* Members --------------------------------------------------------------- */

static struct membership *add_member(struct kept_account *account,
                                     struct kept_room *room, bool is_operator,
                                     uint64_t since) {
    struct membership **last = &account->rooms;
    struct membership *membership = memory_new(1, sizeof *membership);
    *membership = (struct membership){
        .room = room, .is_operator = is_operator, .since = since};
    while (*last)
        last = &(*last)->next;
    *last = membership;
    account->rooms_count++;
    room->members++;
    return membership;
}

static void drop_member(struct kept_account *account,
                        struct membership *membership) {
    struct membership **at = &account->rooms;
    while (*at != membership)
        at = &(*at)->next;
    *at = membership->next;
    account->rooms_count--;
    membership->room->members--;
    free(membership);
}

static void end_membership(struct roster *roster, struct kept_account *account,
                           const struct kept_room *room) {
    struct membership *membership =
        account && room ? roster_membership(account, room) : NULL;
    if (!membership) return;
    roster_write_member_gone(roster, account, room);
    drop_member(account, membership);
}

/* Rooms ----------------------------------------------------------------- */

static void set_topic(struct kept_room *room, const char *topic, const char *by,
                      int64_t when) {
    free(room->topic);
    room->topic = topic ? memory_string(topic, strlen(topic)) : NULL;
    text_copy(text_of(by), room->topic_by, sizeof room->topic_by);
    room->topic_when = when;
}

static void drop_bans(struct roster *roster, struct kept_room *room) {
    if (room->bans.count) roster_write_bans_gone(roster, room);
    bans_finish(&room->bans);
}

static void free_room(struct roster *roster, struct kept_room *room) {
    index_remove(&roster->rooms, &room->entry);
    free(room->topic);
    bans_finish(&room->bans);
    free(room);
}

static struct kept_room *add_room(struct roster *roster, int64_t id,
                                  struct text name) {
    struct kept_room *room = memory_new(1, sizeof *room);
    room->id = id;
    text_copy(name, room->name, sizeof room->name);
    index_add(&roster->rooms, &room->entry, text_of(room->name));
    if (roster->last_room < id) roster->last_room = id;
    return room;
}

static struct kept_room *know_room(struct roster *roster,
                                   const struct room *room) {
    struct kept_room *kept = roster_room(roster, text_of(room->name));
    if (kept) return kept;
    kept = add_room(roster, (int64_t)room->id, text_of(room->name));
    kept->since = room->since;
    kept->is_private = room->is_private;
    roster_write_room(roster, kept);
    return kept;
}

/* Nobody belongs to it any more. */
static void forget(struct roster *roster, struct kept_room *room) {
    drop_bans(roster, room);
    if (room->is_private || !room->spoke) {
        roster_write_room_gone(roster, room);
        free_room(roster, room);
        return;
    }
    bool had_topic = room->topic != NULL;
    set_topic(room, NULL, "", 0);
    if (had_topic) roster_write_room(roster, room);
}

/* Somebody is about to be taken out of the room: the last one? */
static void empty_seat(struct roster *roster, struct kept_room *kept,
                       const struct room *room) {
    if (room->count > 1) return;
    bans_finish(&kept->bans);
    bans_add_all(&kept->bans, &room->bans);
    if (!kept->members) forget(roster, kept);
}

/* What the chat tells ---------------------------------------------------- */

/* One that it has no seat in gives way: there is one, as it has no more than
 * ROOMS_PER_USER seats, and one of them is new. */
static void make_place_for_room(struct roster *roster,
                                struct kept_account *account,
                                const struct user *user) {
    struct membership *m = account->rooms;
    if (account->rooms_count < ROOMS_PER_USER) return;
    for (; m; m = m->next) {
        const struct room *room =
            chat_find_room(roster->chat, text_of(m->room->name));
        if (!room || !chat_seat(user, room)) break;
    }
    if (!m) return;
    struct kept_room *kept = m->room;
    end_membership(roster, account, kept);
    bool is_empty = !chat_find_room(roster->chat, text_of(kept->name));
    if (is_empty && !kept->members) forget(roster, kept);
}

static void joined(struct roster *roster, const struct event *event) {
    struct kept_room *room = know_room(roster, event->room);
    const struct seat *seat = chat_seat(event->user, event->room);
    if (!event->user->account[0]) return;
    struct kept_account *account =
        roster_know(roster, text_of(event->user->account));
    if (roster_membership(account, room)) return;
    make_place_for_room(roster, account, event->user);
    roster_write_member(
        roster, account,
        add_member(account, room, seat->is_operator, event->id));
}

static void take_out(struct roster *roster, const struct user *user,
                     const struct event *event) {
    struct kept_room *room = roster_room(roster, text_of(event->room->name));
    end_membership(roster, account_of(roster, user), room);
    if (room) empty_seat(roster, room, event->room);
}

static void left(struct roster *roster, const struct event *event) {
    take_out(roster, event->user, event);
}

/* Without a target it had no seat, and nobody is taken out. */
static void kicked(struct roster *roster, const struct event *event) {
    if (event->target)
        take_out(roster, event->target, event);
    else
        end_membership(roster, roster_account(roster, event->whom),
                       roster_room(roster, text_of(event->room->name)));
}

static void quit(struct roster *roster, const struct event *event) {
    struct kept_account *account = account_of(roster, event->user);
    for (const struct seat *s = event->user->seats; s; s = s->next) {
        struct kept_room *room = roster_room(roster, text_of(s->room->name));
        if (room) empty_seat(roster, room, s->room);
    }
    if (account) roster_unfollow(roster, account);
}

static void opped(struct roster *roster, const struct event *event) {
    const struct kept_room *room =
        roster_room(roster, text_of(event->room->name));
    const struct kept_account *account = account_of(roster, event->target);
    struct membership *membership =
        account && room ? roster_membership(account, room) : NULL;
    if (!membership) return;
    membership->is_operator = event->happening == OPPED;
    roster_write_member(roster, account, membership);
}

static void changed(struct roster *roster, const struct event *event) {
    struct kept_room *kept = know_room(roster, event->room);
    const struct room *room = event->room;
    kept->is_private = room->is_private;
    if (event->happening == TOPIC_SET)
        set_topic(kept, room->topic, room->topic_by, room->topic_when);
    roster_write_room(roster, kept);
}

static void banned(struct roster *roster, const struct event *event) {
    const struct banning like = {.mask = event->body,
                                 .mute = event->happening == MUTED};
    struct ban named = ban_make(&like, text_of(""), 0);
    const struct ban *ban = bans_find(&event->room->bans, &named);
    if (ban) roster_write_ban(roster, know_room(roster, event->room), ban);
}

static void unbanned(struct roster *roster, const struct event *event) {
    const struct kept_room *room =
        roster_room(roster, text_of(event->room->name));
    if (room)
        roster_write_ban_gone(roster, room, event->body,
                              event->happening == UNMUTED);
}

static void said(struct roster *roster, const struct event *event) {
    if (event->room) {
        know_room(roster, event->room)->spoke = event->when;
        return;
    }
    struct kept_account *account = event->target
                                       ? account_of(roster, event->target)
                                       : roster_account(roster, event->whom);
    if (account && account->follows)
        see(roster, account, event->id);
    else if (account)
        account->waits = true;
}

typedef void take_note(struct roster *, const struct event *);

/* Of the others nothing is to be remembered. */
static take_note *const notes[HAPPENINGS] = {
    [SAID] = said,           [NOTICED] = said,      [ACTED] = said,
    [JOINED] = joined,       [LEFT] = left,         [KICKED] = kicked,
    [QUIT] = quit,           [OPPED] = opped,       [DEOPPED] = opped,
    [BANNED] = banned,       [UNBANNED] = unbanned, [MUTED] = banned,
    [UNMUTED] = unbanned,    [TOPIC_SET] = changed, [MADE_PRIVATE] = changed,
    [MADE_PUBLIC] = changed,
};

static void hear(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count) {
    (void)to, (void)count;
    if (!notes[event->happening]) return;
    notes[event->happening](container_of(witness, struct roster, witness),
                            event);
}

/* What the chat asks ----------------------------------------------------- */

static struct roster *roster_of(struct registry *registry) {
    return container_of(registry, struct roster, registry);
}

static bool reserves(struct registry *registry, struct text name) {
    const struct roster *roster = roster_of(registry);
    if (roster_account(roster, name)) return true;
    return roster->others && roster->others->reserves(roster->others, name);
}

enum refusal roster_judge(const struct roster *roster, struct text name) {
    char look[NAME_SIZE];
    bool is_network =
        roster->network && skeleton_alike(text_of(roster->network), name);
    if (is_network || skeleton_is_official(name)) return NAME_OFFICIAL;
    skeleton_of(name, look);
    return index_find(&roster->looks, text_of(look)) ? NAME_LOOKS_ALIKE
                                                     : REFUSED_NOTHING;
}

static enum refusal judges(struct registry *registry, struct text name) {
    return roster_judge(roster_of(registry), name);
}

/* A copy: the room may be gone again before anybody is in it. What was over
 * while nobody was there is told to nobody. */
static void give_bans(struct roster *roster, struct kept_room *kept,
                      struct room *room) {
    struct ban over;
    while (bans_take_over(&kept->bans, roster->chat->now, &over))
        roster_write_ban_gone(roster, kept, text_of(over.mask), over.mute);
    bans_add_all(&room->bans, &kept->bans);
}

static void give_topic(const struct kept_room *kept, struct room *room) {
    if (!kept->topic) return;
    room->topic = memory_string(kept->topic, strlen(kept->topic));
    memcpy(room->topic_by, kept->topic_by, sizeof room->topic_by);
    room->topic_when = kept->topic_when;
}

static bool is_full(struct registry *registry, struct text name) {
    const struct roster *roster = roster_of(registry);
    return roster->rooms.count >= ROSTER_ROOMS && !roster_room(roster, name);
}

static bool recalls(struct registry *registry, struct room *room) {
    struct roster *roster = roster_of(registry);
    struct kept_room *kept = roster_room(roster, text_of(room->name));
    /* After a crash there may be one that only guests were in. */
    if (kept && !kept->members) forget(roster, kept);
    kept = roster_room(roster, text_of(room->name));
    if (!kept) {
        room->id = (uint64_t)++roster->last_room;
        return false;
    }
    room->id = (uint64_t)kept->id;
    memcpy(room->name, kept->name, sizeof room->name);
    room->since = kept->since;
    room->is_private = kept->is_private;
    give_topic(kept, room);
    give_bans(roster, kept, room);
    return kept->members > 0;
}

static bool is_member(struct registry *registry, const struct user *user,
                      const struct room *room, bool *is_operator) {
    const struct roster *roster = roster_of(registry);
    const struct kept_room *kept = roster_room(roster, text_of(room->name));
    const struct kept_account *account = account_of(roster, user);
    const struct membership *membership =
        account && kept ? roster_membership(account, kept) : NULL;
    if (membership) *is_operator = membership->is_operator;
    return membership != NULL;
}

static struct text belongs(struct registry *registry, const struct room *room,
                           struct text name) {
    const struct roster *roster = roster_of(registry);
    const struct kept_room *kept = roster_room(roster, text_of(room->name));
    const struct kept_account *account = roster_account(roster, name);
    bool is_member = account && kept && roster_membership(account, kept);
    return text_of(is_member ? account->name : "");
}

/* From the store --------------------------------------------------------- */

struct kept_account *roster_load_account(struct roster *roster,
                                         struct text name, int64_t since,
                                         uint64_t seen) {
    struct kept_account *account = roster_account(roster, name);
    if (!account) account = add_account(roster, name, since);
    account->seen = account->shown = seen;
    account->waits = true;
    return account;
}

struct kept_room *roster_load_room(struct roster *roster,
                                   const struct kept_room *room) {
    struct kept_room *kept = roster_room(roster, text_of(room->name));
    if (!kept) kept = add_room(roster, room->id, text_of(room->name));
    set_topic(kept, room->topic, room->topic_by, room->topic_when);
    kept->since = room->since;
    kept->is_private = room->is_private;
    kept->spoke = room->spoke;
    return kept;
}

void roster_load_member(struct kept_account *account, struct kept_room *room,
                        bool is_operator, uint64_t since) {
    if (account->rooms_count == ROOMS_PER_USER) return;
    if (!roster_membership(account, room))
        add_member(account, room, is_operator, since);
}

void roster_load_ban(struct kept_room *room, const struct ban *ban) {
    if (room->bans.count < BANS_PER_ROOM) bans_put(&room->bans, ban);
}

void roster_load_mark(struct kept_account *account, struct text target,
                      int64_t read) {
    if (account->marks_count == ROSTER_MARKS) return;
    if (!*find_mark(account, target)) add_mark(account, target, read);
}

/* Life ------------------------------------------------------------------- */

void roster_init(struct roster *roster, struct chat *chat,
                 struct registry *others) {
    *roster = (struct roster){
        .witness.hear = hear,
        .registry = {.reserves = reserves,
                     .judges = judges,
                     .is_full = is_full,
                     .recalls = recalls,
                     .is_member = is_member,
                     .belongs = belongs},
        .others = others,
        .chat = chat,
    };
    index_init(&roster->accounts);
    index_init(&roster->rooms);
    index_init(&roster->looks);
    chat_attend(chat, &roster->witness);
    chat->registry = &roster->registry;
}

static void free_account(struct roster *roster, struct kept_account *account) {
    index_remove(&roster->accounts, &account->entry);
    if (account->has_look) index_remove(&roster->looks, &account->look_entry);
    while (account->rooms)
        drop_member(account, account->rooms);
    while (account->marks)
        drop_mark(account, &account->marks);
    free(account);
}

void roster_finish(struct roster *roster) {
    struct index_entry *entry, *next;
    if (!roster->chat) return;
    for (entry = index_after(&roster->accounts, NULL); entry; entry = next) {
        next = index_after(&roster->accounts, entry);
        free_account(roster, container_of(entry, struct kept_account, entry));
    }
    for (entry = index_after(&roster->rooms, NULL); entry; entry = next) {
        next = index_after(&roster->rooms, entry);
        free_room(roster, container_of(entry, struct kept_room, entry));
    }
    index_finish(&roster->accounts);
    index_finish(&roster->rooms);
    index_finish(&roster->looks);
    *roster = (struct roster){0};
}
