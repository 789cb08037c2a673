/* People who come, go and belong to rooms, and what of it is written: "member
 * ada 1 op; room 1 #dev". */
#ifndef MINICHAT_TESTS_ROSTER_H
#define MINICHAT_TESTS_ROSTER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/container.h"
#include "protocol/writer.h"
#include "server/roster.h"

enum { PEOPLE = 4, WRITTEN_SIZE = 16384 };

enum person { ADA, BOB, GUS, ADA_AT_HOME }; /* Gus is a guest */

static const char *const names[PEOPLE] = {"ada", "bob", "gus", "ada"};

struct scene {
    struct chat chat;
    struct roster roster;
    struct registry door;
    struct scribe scribe;
    struct session people[PEOPLE];
    char written[WRITTEN_SIZE];
    size_t length;
};

static const char *const kinds[WRITES] = {
    [WRITE_ROOM] = "room",         [WRITE_ROOM_GONE] = "room gone",
    [WRITE_MEMBER] = "member",     [WRITE_MEMBER_GONE] = "member gone",
    [WRITE_ACCOUNT] = "account",   [WRITE_READ] = "read",
    [WRITE_SEEN] = "seen",         [WRITE_BAN] = "ban",
    [WRITE_BAN_GONE] = "ban gone", [WRITE_BANS_GONE] = "bans gone",
};

static inline void write_field(struct writer *writer, struct text text) {
    if (text.length) write_char(writer, ' ');
    write_text(writer, text);
}

/* "member ada 1 op; room 1 #dev" */
static inline void take_down(struct scribe *scribe, const struct write *what) {
    struct scene *scene = container_of(scribe, struct scene, scribe);
    struct writer writer = writer_on(scene->written + scene->length,
                                     WRITTEN_SIZE - scene->length - 1);
    if (scene->length) write_string(&writer, "; ");
    write_string(&writer, kinds[what->kind]);
    write_field(&writer, what->kept.account);
    if (what->kept.place) write_format(&writer, " %d", (int)what->kept.place);
    if (what->kind == WRITE_ROOM) write_field(&writer, what->kept.room);
    if (what->kind == WRITE_ROOM) write_field(&writer, what->kept.body);
    if (what->kind == WRITE_READ) {
        write_field(&writer, what->kept.whom);
        write_format(&writer, " %lld", (long long)what->kept.when);
    }
    if (what->kind == WRITE_BAN || what->kind == WRITE_BAN_GONE) {
        write_field(&writer, what->kept.whom);
        if (what->flag) write_string(&writer, " mute");
        if (what->until) write_format(&writer, " %lld", (long long)what->until);
        write_field(&writer, what->kept.body);
    } else if (what->flag)
        write_string(&writer, what->kind == WRITE_ROOM ? " private" : " op");
    scene->length += writer.length;
    scene->written[scene->length] = '\0';
}

static inline void is_written(struct scene *scene, const char *expected) {
    assert_string_equal(scene->written, expected);
    scene->written[0] = '\0';
    scene->length = 0;
}

static inline void ignore(struct scene *scene) {
    scene->written[0] = '\0';
    scene->length = 0;
}

static inline bool door_knows(struct registry *registry, struct text name) {
    (void)registry;
    return name_equals(name, text_of("root"));
}

static inline void enters(struct scene *scene, enum person person) {
    struct arrival arrival = {.name = text_of(names[person]),
                              .host = text_of("box"),
                              .powers = POWERS_USER};
    if (person != GUS) {
        arrival.account = arrival.name;
        roster_know(&scene->roster, arrival.account);
    }
    chat_meet(&scene->chat, &scene->people[person]);
    assert_int_equal(chat_enter(&scene->chat, &scene->people[person], &arrival),
                     REFUSED_NOTHING);
}

static inline void departs(struct scene *scene, enum person person) {
    chat_depart(&scene->chat, &scene->people[person], text_of("gone"));
}

static inline struct room *room(struct scene *scene, const char *name) {
    return chat_find_room(&scene->chat, text_of(name));
}

static inline enum refusal joins(struct scene *scene, enum person person,
                                 const char *name) {
    return chat_join(&scene->chat, &scene->people[person], text_of(name));
}

static inline void leaves(struct scene *scene, enum person person,
                          const char *name) {
    assert_int_equal(chat_leave(&scene->chat, &scene->people[person],
                                room(scene, name), text_of("")),
                     REFUSED_NOTHING);
}

static inline struct kept_account *account(struct scene *scene,
                                           const char *name) {
    return roster_account(&scene->roster, text_of(name));
}

static inline int set_up(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    chat_init(&scene->chat);
    chat_tick(&scene->chat, 1000);
    scene->door.reserves = door_knows;
    scene->scribe.write = take_down;
    roster_init(&scene->roster, &scene->chat, &scene->door);
    scene->roster.scribe = &scene->scribe;
    enters(scene, ADA);
    enters(scene, BOB);
    enters(scene, GUS);
    *state = scene;
    return 0;
}

static inline int tear_down(void **state) {
    struct scene *scene = *state;
    chat_finish(&scene->chat);
    roster_finish(&scene->roster);
    free(scene);
    return 0;
}

#endif
