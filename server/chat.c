#include "server/chat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/writer.h"
#include "server/chat_inside.h"

enum {
    COUNTER_BITS = 20,
    GUEST_TRIES = 1000,
    DISPLACED_SIZE = 5, /* "_999", with NUL */
};

void chat_init(struct chat *chat) {
    *chat = (struct chat){.next_end = BANS_FOR_EVER};
    index_init(&chat->users);
    index_init(&chat->rooms);
}

void chat_finish(struct chat *chat) {
    for (struct user *u; (u = chat_next_user(chat, NULL));)
        chat_depart(chat, u->sessions, text_of(""));
    index_finish(&chat->users);
    index_finish(&chat->rooms);
    free(chat->heap);
}

void chat_attend(struct chat *chat, struct witness *witness) {
    struct witness **last = &chat->witnesses;
    while (*last)
        last = &(*last)->next;
    *last = witness;
    witness->next = NULL;
}

void chat_tick(struct chat *chat, int64_t now) {
    chat->now = now;
    if (chat->next_end <= now) chat_end_bans(chat);
}

void chat_meet(struct chat *chat, struct session *session) {
    *session = (struct session){.id = ++chat->last_session};
}

/* Telling ------------------------------------------------------------- */

static uint64_t next_id(struct chat *chat) {
    uint64_t by_clock = (uint64_t)chat->now << COUNTER_BITS;
    if (by_clock > chat->last_id) return chat->last_id = by_clock;
    return ++chat->last_id;
}

struct event chat_event(const struct session *session,
                        enum happening happening) {
    return (struct event){
        .happening = happening,
        .origin = session,
        .user = session->user,
        .who = text_of(session->user->name),
    };
}

void chat_tell(struct chat *chat, struct event *event,
               struct session *const *to, size_t count) {
    event->id = next_id(chat);
    event->when = chat->now;
    for (struct witness *w = chat->witnesses; w; w = w->next)
        w->hear(w, event, to, count);
}

void chat_tell_room(struct chat *chat, struct event *event) {
    chat_tell(chat, event, event->room->ears, event->room->ears_count);
}

void gather_begin(struct chat *chat) {
    chat->last_mark++;
    chat->heap_count = 0;
}

static void gather(struct chat *chat, struct session *session) {
    if (session->mark == chat->last_mark) return;
    session->mark = chat->last_mark;
    if (chat->heap_count == chat->heap_size) {
        chat->heap_size = chat->heap_size ? chat->heap_size * 2 : 64;
        chat->heap =
            memory_grow(chat->heap, chat->heap_size, sizeof(struct session *));
    }
    chat->heap[chat->heap_count++] = session;
}

void gather_user(struct chat *chat, const struct user *user) {
    for (struct session *s = user->sessions; s; s = s->next)
        gather(chat, s);
}

void gather_around(struct chat *chat, const struct user *user) {
    gather_user(chat, user);
    for (const struct seat *seat = user->seats; seat; seat = seat->next)
        for (size_t i = 0; i < seat->room->ears_count; i++)
            gather(chat, seat->room->ears[i]);
}

void chat_tell_gathered(struct chat *chat, struct event *event) {
    chat_tell(chat, event, chat->heap, chat->heap_count);
}

/* Finding ------------------------------------------------------------- */

static struct user *user_of(struct index_entry *entry) {
    return entry ? container_of(entry, struct user, entry) : NULL;
}

static struct room *room_of(struct index_entry *entry) {
    return entry ? container_of(entry, struct room, entry) : NULL;
}

struct user *chat_find_user(const struct chat *chat, struct text name) {
    bool is_marked = text_begins(name, "~");
    if (is_marked) name = text_after(name, 1);
    struct user *user = user_of(index_find(&chat->users, name));
    return user && is_marked && user->account[0] ? NULL : user;
}

struct room *chat_find_room(const struct chat *chat, struct text name) {
    return room_of(index_find(&chat->rooms, name));
}

struct user *chat_next_user(const struct chat *chat, const struct user *user) {
    return user_of(index_after(&chat->users, user ? &user->entry : NULL));
}

struct room *chat_next_room(const struct chat *chat, const struct room *room) {
    return room_of(index_after(&chat->rooms, room ? &room->entry : NULL));
}

void chat_source(const struct user *user, char source[SOURCE_SIZE]) {
    snprintf(source, SOURCE_SIZE, "%s!%s@%s", user->name, user->ident,
             user->host);
}

/* Names --------------------------------------------------------------- */

void chat_set_string(char **string, struct text text) {
    free(*string);
    *string = text.length ? memory_string(text.at, text.length) : NULL;
}

static void set_name(struct chat *chat, struct user *user, struct text name) {
    char fresh[NAME_SIZE];
    text_copy(name, fresh, sizeof fresh);
    index_remove(&chat->users, &user->entry);
    memcpy(user->name, fresh, sizeof fresh);
    index_add(&chat->users, &user->entry, text_of(user->name));
}

static enum refusal name_free(const struct chat *chat, const struct user *self,
                              struct text name) {
    if (!name_valid(name)) return NAME_WRONG;
    struct user *other = chat_find_user(chat, name);
    if (other && other != self) return NAME_TAKEN;
    struct registry *registry = chat->registry;
    if (registry && registry->reserves(registry, name)) return NAME_RESERVED;
    return registry && registry->judges ? registry->judges(registry, name)
                                        : REFUSED_NOTHING;
}

static void rename_to(struct chat *chat, struct user *user,
                      const struct session *origin, struct text name) {
    char former[NAME_SIZE];
    memcpy(former, user->name, sizeof former);
    set_name(chat, user, name);
    struct event event = {.happening = RENAMED,
                          .user = user,
                          .origin = origin,
                          .who = text_of(former),
                          .body = text_of(user->name)};
    gather_begin(chat);
    gather_around(chat, user);
    chat_tell_gathered(chat, &event);
}

enum refusal chat_rename(struct chat *chat, struct session *session,
                         struct text name) {
    struct user *user = session->user;
    if (text_is(name, user->name)) return REFUSED_NOTHING;
    if (user->account[0]) return NAME_FIXED;
    enum refusal refusal = name_free(chat, user, name);
    if (refusal) return refusal;
    rename_to(chat, user, session, name);
    return REFUSED_NOTHING;
}

/* A guest sits on a name whose account has just arrived: it gets another,
 * which begins alike. */
static void displace(struct chat *chat, struct user *guest) {
    char name[NAME_SIZE];
    size_t kept = strlen(guest->name);
    if (kept > NAME_SIZE - DISPLACED_SIZE) kept = NAME_SIZE - DISPLACED_SIZE;
    for (unsigned n = 1; n < GUEST_TRIES; n++) {
        struct writer writer = writer_on(name, sizeof name);
        write_format(&writer, "%.*s_%u", (int)kept, guest->name, n);
        if (name_free(chat, guest, writer_text(&writer))) continue;
        rename_to(chat, guest, NULL, writer_text(&writer));
        return;
    }
}

/* Coming and going ---------------------------------------------------- */

/* Nobody can look like an account that they are not. */
static void set_ident(struct user *user, struct text wished) {
    struct writer writer = writer_on(user->ident, sizeof user->ident - 1);
    if (user->account[0]) {
        memcpy(user->ident, user->account, sizeof user->ident);
        return;
    }
    write_char(&writer, '~');
    if (wished.length > 10) wished.length = 10;
    write_text(&writer, name_valid(wished) ? wished : text_of("guest"));
}

static struct user *make_user(struct chat *chat,
                              const struct arrival *arrival) {
    struct user *user = memory_new(1, sizeof *user);
    struct text name =
        arrival->account.length ? arrival->account : arrival->name;
    text_copy(name, user->name, sizeof user->name);
    text_copy(arrival->account, user->account, sizeof user->account);
    set_ident(user, arrival->ident);
    text_copy(arrival->host, user->host, sizeof user->host);
    struct text real = arrival->realname.length ? arrival->realname : name;
    user->realname = memory_string(real.at, real.length);
    user->since = user->spoke = chat->now;
    index_add(&chat->users, &user->entry, text_of(user->name));
    if (chat->users.count > chat->most_users)
        chat->most_users = chat->users.count;
    return user;
}

static enum refusal find_or_make(struct chat *chat,
                                 const struct arrival *arrival,
                                 struct user **user) {
    if (!arrival->account.length) {
        enum refusal refusal = name_free(chat, NULL, arrival->name);
        if (!refusal) *user = make_user(chat, arrival);
        return refusal;
    }
    if (!name_valid(arrival->account)) return NAME_WRONG;
    struct user *here = chat_find_user(chat, arrival->account);
    bool is_theirs = here && here->account[0];
    if (here && !is_theirs) displace(chat, here);
    if (!is_theirs && chat_find_user(chat, arrival->account)) return NAME_TAKEN;
    *user = is_theirs ? here : make_user(chat, arrival);
    return REFUSED_NOTHING;
}

/* What others see of a user, and what a ban minds. */
static void take_powers(struct user *user) {
    user->powers = POWERS_GUEST;
    for (const struct session *s = user->sessions; s; s = s->next)
        if (user->powers < s->powers) user->powers = s->powers;
}

enum refusal chat_enter(struct chat *chat, struct session *session,
                        const struct arrival *arrival) {
    struct user *user = NULL;
    if (session->user) chat_depart(chat, session, text_of("logged in"));
    enum refusal refusal = find_or_make(chat, arrival, &user);
    if (refusal) return refusal;
    session->user = user;
    session->next = user->sessions;
    user->sessions = session;
    session->powers = arrival->powers;
    take_powers(user);
    chat->sessions++;
    for (struct seat *seat = user->seats; seat; seat = seat->next)
        room_add_ear(seat->room, session);
    return REFUSED_NOTHING;
}

void chat_empower(struct session *session, enum powers powers) {
    session->powers = powers;
    take_powers(session->user);
}

static void free_user(struct chat *chat, struct user *user) {
    while (user->seats)
        chat_unseat(chat, user->seats);
    index_remove(&chat->users, &user->entry);
    free(user->away);
    free(user->realname);
    free(user);
}

static void unlink_session(struct session *session) {
    struct session **at = &session->user->sessions;
    while (*at != session)
        at = &(*at)->next;
    *at = session->next;
    session->next = NULL;
}

void chat_depart(struct chat *chat, struct session *session,
                 struct text reason) {
    struct user *user = session->user;
    if (!user) return;
    for (struct seat *seat = user->seats; seat; seat = seat->next)
        room_remove_ear(seat->room, session);
    unlink_session(session);
    chat->sessions--;
    session->user = NULL;
    session->powers = POWERS_GUEST;
    take_powers(user);
    if (user->sessions) return;
    struct event event = {.happening = QUIT,
                          .user = user,
                          .who = text_of(user->name),
                          .body = reason};
    gather_begin(chat);
    gather_around(chat, user);
    chat_tell_gathered(chat, &event);
    free_user(chat, user);
}

enum refusal chat_set_away(struct chat *chat, struct session *session,
                           struct text message) {
    struct user *user = session->user;
    bool was = user->away != NULL;
    if (user->muted && message.length) return YOU_ARE_SILENCED;
    if (!was && !message.length) return REFUSED_NOTHING;
    chat_set_string(&user->away, message);
    struct event event =
        chat_event(session, user->away ? WENT_AWAY : CAME_BACK);
    event.body = message;
    gather_begin(chat);
    gather_around(chat, user);
    chat_tell_gathered(chat, &event);
    return REFUSED_NOTHING;
}

enum refusal chat_set_realname(struct chat *chat, struct session *session,
                               struct text realname) {
    if (!realname.length) return TEXT_MISSING;
    if (session->user->muted) return YOU_ARE_SILENCED;
    chat_set_string(&session->user->realname, realname);
    struct event event = chat_event(session, REALNAME_SET);
    event.body = realname;
    gather_begin(chat);
    gather_around(chat, session->user);
    chat_tell_gathered(chat, &event);
    return REFUSED_NOTHING;
}
