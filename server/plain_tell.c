/* Answers for people: who is here, what rooms there are. */
#include <stdlib.h>
#include <string.h>

#include "protocol/timestamp.h"
#include "server/plain.h"

enum { NAMES_SHOWN = 20, MINUTE = 60 * 1000 };

struct room *plain_here(const struct dialogue *dialogue) {
    const struct user *user = dialogue->session.user;
    if (!user) return NULL;
    for (const struct seat *s = user->seats; s; s = s->next)
        if (s->room->id == dialogue->here) return s->room;
    return NULL;
}

/* Everybody in the room but the one who is told. */
static void write_others(struct writer *writer, const struct room *room,
                         const struct user *self, size_t most) {
    size_t written = 0;
    for (size_t i = 0; i < room->count && written < most; i++) {
        const struct seat *seat = room->seats[i];
        if (seat->user == self) continue;
        write_format(writer, "%s%s%s%s", written++ ? ", " : "",
                     seat->is_operator ? "@" : "",
                     seat->user->account[0] ? "" : "~", seat->user->name);
    }
    if (room->count - 1 > written)
        write_format(writer, " and %zu more", room->count - 1 - written);
}

static void say_written(struct dialogue *dialogue,
                        const struct writer *writer) {
    plain_say(dialogue, "%.*s", (int)writer->length, writer->at);
}

void plain_tell_room(struct dialogue *dialogue, const struct room *room) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    if (!plain_here(dialogue)) dialogue->here = room->id;
    bool is_here = dialogue->here == room->id;
    write_format(&writer, "= you are %s %s%s with ", is_here ? "in" : "also in",
                 room->name, room->is_private ? " (private)" : "");
    if (room->count == 1)
        write_string(&writer, "nobody else yet");
    else
        write_others(&writer, room, dialogue->session.user, NAMES_SHOWN);
    say_written(dialogue, &writer);
    if (room->topic) plain_tell_topic(dialogue, room);
}

void plain_tell_topic(struct dialogue *dialogue, const struct room *room) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    write_format(&writer, "= %s: ", room->name);
    if (room->topic)
        plain_write_text(&writer, text_of(room->topic));
    else
        write_string(&writer, "no topic is set; /topic TEXT sets one");
    say_written(dialogue, &writer);
}

void plain_tell_names(struct dialogue *dialogue, const struct room *room,
                      struct text asked) {
    (void)asked;
    if (room) plain_tell_who(dialogue, text_of(room->name), NULL);
}

/* Who -------------------------------------------------------------------- */

static void write_idle(struct writer *writer, int64_t idle) {
    int64_t minutes = idle / MINUTE;
    if (minutes >= 60)
        write_format(writer, ", idle %lldh", (long long)minutes / 60);
    else if (minutes > 0)
        write_format(writer, ", idle %lldm", (long long)minutes);
}

/* Those that who asks may know of; how many. */
static size_t write_rooms(struct writer *writer, const struct user *user,
                          const struct dialogue *dialogue) {
    size_t count = 0;
    for (const struct seat *s = user->seats; s; s = s->next) {
        if (!dialogue_may_see(dialogue, s->room)) continue;
        write_format(writer, " %s%s", s->is_operator ? "@" : "", s->room->name);
        count++;
    }
    return count;
}

static void tell_person(struct dialogue *dialogue, const struct user *user,
                        const struct room *room) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    write_format(&writer, "= %s", user->name);
    if (room && chat_seat(user, room)->is_operator)
        write_string(&writer, " (operator)");
    if (!room) write_rooms(&writer, user, dialogue);
    if (!user->account[0]) write_string(&writer, ", guest");
    write_idle(&writer, dialogue->house->chat->now - user->spoke);
    if (user->away) {
        write_string(&writer, ", away: ");
        plain_write_text(&writer, text_of(user->away));
    }
    say_written(dialogue, &writer);
}

static int by_name(const void *a, const void *b) {
    const struct user *const *x = a, *const *y = b;
    return strcasecmp((*x)->name, (*y)->name);
}

static size_t gather_people(const struct dialogue *dialogue,
                            const struct room *room,
                            const struct user **people) {
    size_t count = 0;
    const struct chat *chat = dialogue->house->chat;
    if (room)
        for (; count < room->count; count++)
            people[count] = room->seats[count]->user;
    else
        for (const struct user *u = NULL; (u = chat_next_user(chat, u));)
            people[count++] = u;
    return count;
}

void plain_tell_who(struct dialogue *dialogue, struct text asked,
                    const struct request *request) {
    const struct chat *chat = dialogue->house->chat;
    const struct room *room = asked.length ? chat_find_room(chat, asked) : NULL;
    if (room && !dialogue_may_see(dialogue, room)) room = NULL;
    const struct user *one = room ? NULL : chat_find_user(chat, asked);
    if (one) {
        plain_tell_whois(dialogue, one, asked);
        return;
    }
    if (asked.length && !room) {
        plain_refuse(dialogue, request, NO_SUCH_ROOM, asked);
        return;
    }
    const struct user **people =
        calloc(chat->users.count + 1, sizeof(struct user *));
    if (!people) return;
    size_t count = gather_people(dialogue, room, people);
    qsort(people, count, sizeof(struct user *), by_name);
    for (size_t i = 0; i < count; i++)
        tell_person(dialogue, people[i], room);
    free(people);
    plain_say(dialogue, "= %zu %s%s%s", count, count == 1 ? "person" : "people",
              room ? " in " : " here", room ? room->name : "");
}

void plain_tell_whois(struct dialogue *dialogue, const struct user *user,
                      struct text asked) {
    (void)asked;
    if (!user) return;
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    size_t sessions = 0;
    for (const struct session *s = user->sessions; s; s = s->next)
        sessions++;
    write_format(&writer, "= %s: ", user->name);
    plain_write_text(&writer, text_of(user->realname));
    write_string(&writer, user->account[0] ? ", account " : ", a guest");
    write_string(&writer, user->account);
    if (user->powers == POWERS_ADMIN) write_string(&writer, ", administrator");
    if (user->powers == POWERS_MOD) write_string(&writer, ", moderator");
    write_format(&writer, ", %zu %s, in", sessions,
                 sessions == 1 ? "session" : "sessions");
    if (!write_rooms(&writer, user, dialogue))
        write_string(&writer, " no room");
    write_idle(&writer, dialogue->house->chat->now - user->spoke);
    say_written(dialogue, &writer);
    if (user->away) plain_tell_away(dialogue, user);
}

void plain_tell_away(struct dialogue *dialogue, const struct user *target) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    write_format(&writer, "= %s is away: ", target->name);
    plain_write_text(&writer, text_of(target->away));
    say_written(dialogue, &writer);
}

void plain_tell_self_away(struct dialogue *dialogue, bool away) {
    plain_say(dialogue,
              away ? "= you are away; /back ends it" : "= you are back");
}

void plain_tell_invited(struct dialogue *dialogue, const struct user *target,
                        const struct room *room) {
    plain_say(dialogue, "= %s was invited to %s", target->name, room->name);
}

/* Rooms ------------------------------------------------------------------ */

void plain_tell_rooms(struct dialogue *dialogue, struct text mask) {
    const struct chat *chat = dialogue->house->chat;
    size_t count = 0;
    for (const struct room *r = NULL; (r = chat_next_room(chat, r));) {
        char memory[DIALECT_LINE];
        struct writer writer = writer_on(memory, sizeof memory);
        if (mask.length && !name_matches(mask, text_of(r->name))) continue;
        if (!dialogue_may_see(dialogue, r)) continue;
        count++;
        write_format(&writer, "= %s (%zu%s)%s", r->name, r->count,
                     r->is_private ? ", private" : "", r->topic ? " " : "");
        if (r->topic) plain_write_text(&writer, text_of(r->topic));
        say_written(dialogue, &writer);
    }
    plain_say(dialogue, "= %zu %s; /join ROOM enters one", count,
              count == 1 ? "room" : "rooms");
}

static void tell_ban(struct dialogue *dialogue, const struct ban *ban) {
    char memory[DIALECT_LINE], when[TIMESTAMP_SIZE];
    struct writer writer = writer_on(memory, sizeof memory);
    struct text reason = text_of(ban->reason);
    timestamp_write_seconds(ban->when, when);
    write_format(&writer, "= %s, by %s, %s,", ban->mask, ban->by, when);
    ban_write_terms(&writer, ban->until, text_of(""),
                    dialogue->house->chat->now);
    write_string(&writer, ban->until ? " more" : " for ever");
    if (reason.length) write_string(&writer, ": ");
    plain_write_text(&writer, reason);
    say_written(dialogue, &writer);
}

void plain_tell_bans(struct dialogue *dialogue, const struct room *room,
                     bool mute) {
    size_t count = 0;
    for (size_t i = 0; i < room->bans.count; i++) {
        const struct ban *ban = &room->bans.list[i];
        if (ban->mute != mute) continue;
        tell_ban(dialogue, ban);
        count++;
    }
    plain_say(dialogue, "= %zu %s in %s", count, mute ? "muted" : "banned",
              room->name);
}
