/* A house without sockets and disk, where Bob is away and comes back: the
 * archive here remembers what was said and answers when it is told to. */
#ifndef MINICHAT_TESTS_HOMECOMING_H
#define MINICHAT_TESTS_HOMECOMING_H

#include <time.h>

#include "protocol/memory.h"
#include "server/homecoming.h"
#include "server/roster.h"
#include "tests/house.h"

enum { SAYINGS = 4096 };
enum who { ADA, BOB, PHONE, GUS, IDA }; /* Bob's phone speaks IRC */

/* Friday, 20 November 2026, 14:03 UTC */
static const int64_t FRIDAY = 1795183380000;

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

struct saying_kept {
    struct kept kept;
    char account[NAME_SIZE], name[NAME_SIZE], whom[NAME_SIZE], body[64];
};

struct past {
    struct scene scene;
    struct roster roster;
    struct registry registry;
    struct witness memory;
    struct archive archive;
    struct scribe scribe;
    struct question asked; /* waits, where answers are held back */
    bool holds_back, is_asked;
    struct saying_kept sayings[SAYINGS];
    size_t count, questions;
};

static inline struct past *past(struct scene *scene) {
    return container_of(scene, struct past, scene);
}

/* The archive -------------------------------------------------------------- */

static inline void remember(struct witness *witness, const struct event *event,
                            struct session *const *to, size_t count) {
    struct past *of = container_of(witness, struct past, memory);
    (void)to, (void)count;
    if (!kept_is_line(event->happening) || of->count == SAYINGS) return;
    struct saying_kept *saying = &of->sayings[of->count++];
    text_copy(text_of(event->user->account), saying->account, NAME_SIZE);
    text_copy(event->who, saying->name, NAME_SIZE);
    text_copy(event->whom, saying->whom, NAME_SIZE);
    text_copy(event->body, saying->body, sizeof saying->body);
    saying->kept = (struct kept){
        .id = event->id,
        .when = event->when,
        .happening = event->happening,
        .place = event->room ? (int64_t)event->room->id : 0,
        .account = text_of(saying->account),
        .name = text_of(saying->name),
        .whom = text_of(saying->whom),
        .body = text_of(saying->body),
    };
}

static inline bool is_wanted(const struct question *question,
                             const struct kept *kept) {
    struct text self = text_of(question->self);
    if (kept->id <= question->after) return false;
    if (question->ask == ASK_INBOX) return name_equals(kept->whom, self);
    return kept->place == question->places[0].place &&
           !name_equals(kept->account, self);
}

static inline void answer(struct scene *scene,
                          const struct question *question) {
    struct past *of = past(scene);
    struct kept *kept = memory_new(SAYINGS, sizeof *kept);
    struct answer answer = {.question = question, .kept = kept};
    for (size_t i = 0; i < of->count; i++)
        if (is_wanted(question, &of->sayings[i].kept) &&
            answer.count < question->limit)
            kept[answer.count++] = of->sayings[i].kept;
    answer.total = (unsigned)answer.count;
    of->questions++;
    dialogue_answered(&scene->house, &answer);
    free(kept);
}

static inline void on_ask(struct archive *archive,
                          const struct question *question) {
    struct past *of = container_of(archive, struct past, archive);
    of->asked = *question;
    of->is_asked = of->holds_back;
    if (!of->holds_back) answer(&of->scene, question);
}

static inline void write_nothing(struct scribe *scribe,
                                 const struct write *what) {
    (void)scribe, (void)what;
}

static inline bool door_knows(struct registry *registry, struct text name) {
    (void)registry;
    return name_equals(name, text_of("dora"));
}

/* Words ---------------------------------------------------------------------
 */

/* A program, as this account. */
static inline void comes(struct scene *scene, enum who who, const char *account,
                         const char *caps) {
    connects(scene, who, account, SPEECH_IRC);
    registers(scene, who, "x", caps);
}

static inline const char *find(struct scene *scene, enum who who,
                               const char *part) {
    return strstr(scene->peers[who].seen, part);
}

static inline void has_seen(struct scene *scene, enum who who,
                            const char *part) {
    if (!find(scene, who, part))
        fail_msg("not seen: %s\nin: %s", part, scene->peers[who].seen);
}

static inline void has_not_seen(struct scene *scene, enum who who,
                                const char *part) {
    if (find(scene, who, part))
        fail_msg("seen: %s\nin: %s", part, scene->peers[who].seen);
}

static inline void later(struct scene *scene, int64_t ms) {
    chat_tick(&scene->chat, scene->chat.now + ms);
}

static inline int set_up(void **state) {
    struct past *of = *state = memory_new(1, sizeof *of);
    struct scene *scene = &of->scene;
    setenv("TZ", "UTC", 1);
    tzset();
    house_open(scene, FRIDAY);
    of->registry.reserves = door_knows;
    roster_init(&of->roster, &scene->chat, &of->registry);
    of->memory.hear = remember;
    chat_attend(&scene->chat, &of->memory);
    of->archive.ask = on_ask;
    of->scribe.write = write_nothing;
    scene->house.archive = &of->archive;
    scene->house.scribe = &of->scribe;
    scene->house.roster = &of->roster;
    connects(scene, ADA, "ada", SPEECH_PLAIN);
    types(scene, ADA, "/join #dev");
    return 0;
}

static inline int tear_down(void **state) {
    struct past *of = *state;
    house_close(&of->scene);
    roster_finish(&of->roster);
    free(of);
    return 0;
}

static inline void bob_was_here(struct scene *scene) {
    connects(scene, BOB, "bob", SPEECH_PLAIN);
    types(scene, BOB, "/join #dev");
    hangs_up(scene, BOB);
    forget(scene, ADA);
}

#endif
