/* A house with an archive that answers whatever the scene has put into it, at
 * once or later; and people of both dialects who ask. */
#ifndef MINICHAT_TESTS_READING_H
#define MINICHAT_TESTS_READING_H

#include "server/reading.h"
#include "server/roster.h"
#include "tests/house.h"

enum { SHELF = 1000 };

/* Ned and the guest Gus in nc; Irene's program knows little, Ivan's all; Ida is
 * Ivan at home, Gil a guest with a program. */
enum who { NED, GUS, IRENE, IVAN, IDA, GIL };

#define ALL_CAPS                                                               \
    "message-tags server-time batch labeled-response draft/chathistory "       \
    "draft/read-marker soju.im/search"

struct past {
    struct scene scene;
    struct roster roster;
    struct archive archive;
    struct question asked; /* the last one */
    struct kept shelf[SHELF];
    size_t count;
    struct kept beside[2];
    size_t beside_count;
    enum outcome outcome;
    bool later;
};

static inline struct past *past(struct scene *scene) {
    return container_of(scene, struct past, scene);
}

/* The archive ------------------------------------------------------------ */

static inline void answer(struct scene *scene) {
    const struct past *of = past(scene);
    const struct answer told = {.question = &of->asked,
                                .outcome = of->outcome,
                                .kept = of->shelf,
                                .count = of->count,
                                .beside = of->beside,
                                .beside_count = of->beside_count};
    dialogue_answered(&scene->house, &told);
}

/* Nobody was written to, or has missed anything, while away. */
static inline void answer_nothing(struct scene *scene,
                                  const struct question *question) {
    const struct answer told = {.question = question};
    dialogue_answered(&scene->house, &told);
}

static inline void on_ask(struct archive *archive,
                          const struct question *question) {
    struct past *of = container_of(archive, struct past, archive);
    if (question->ask == ASK_INBOX || question->ask == ASK_UNREAD) {
        answer_nothing(&of->scene, question);
        return;
    }
    of->asked = *question;
    if (!of->later) answer(&of->scene);
}

static inline int64_t place_of(const struct scene *scene, const char *room) {
    return (int64_t)chat_find_room(&scene->chat, text_of(room))->id;
}

/* At the n-th millisecond; id and time follow from it. */
static inline struct kept *keeps(struct scene *scene, int64_t n,
                                 enum happening happening, const char *who,
                                 const char *body) {
    struct kept *kept = &past(scene)->shelf[past(scene)->count++];
    *kept = (struct kept){.id = kept_id_at(n),
                          .when = n,
                          .happening = happening,
                          .account = text_of(who),
                          .name = text_of(who),
                          .body = text_of(body)};
    return kept;
}

static inline struct kept *keeps_in(struct scene *scene, int64_t n,
                                    enum happening happening, const char *who,
                                    const char *body) {
    struct kept *kept = keeps(scene, n, happening, who, body);
    kept->room = text_of("#lobby");
    kept->place = place_of(scene, "#lobby");
    return kept;
}

/* The scene -------------------------------------------------------------- */

/* Ids of batches differ from run to run: each becomes "B". */
static inline void hide_batches(struct scene *scene, char *text) {
    (void)scene;
    char *to = text;
    for (const char *at = text; *at;) {
        bool is_batch = !strncmp(at, "batch=b", 7) ||
                        !strncmp(at, "BATCH +b", 8) ||
                        !strncmp(at, "BATCH -b", 8);
        size_t length = is_batch ? (at[5] == '=' ? 6 : 7) : 1;
        memmove(to, at, length);
        to += length;
        at += length;
        if (!is_batch) continue;
        at += strspn(at, "b0123456789acdef");
        *to++ = 'B';
    }
    *to = '\0';
}

static inline void comes(struct scene *scene, enum who who, const char *account,
                         const char *nick, const char *caps) {
    connects(scene, who, account, SPEECH_IRC);
    registers(scene, who, nick, caps);
    types(scene, who, "JOIN #lobby");
}

static inline int set_up(void **state) {
    struct past *of = *state = calloc(1, sizeof *of);
    struct scene *scene = &of->scene;
    house_open(scene, 86400000);
    scene->hide = hide_batches;
    scene->config.keep.search = true;
    roster_init(&of->roster, &scene->chat, NULL);
    of->archive.ask = on_ask;
    scene->house.archive = &of->archive;
    scene->house.roster = &of->roster;
    connects(scene, NED, "ned", SPEECH_PLAIN);
    connects(scene, GUS, "", SPEECH_PLAIN);
    types(scene, GUS, "/nick gus");
    comes(scene, IRENE, "irene", "irene", "");
    comes(scene, IVAN, "ivan", "ivan", ALL_CAPS);
    comes(scene, IDA, "ivan", "ivan", "draft/read-marker");
    comes(scene, GIL, "", "gil", ALL_CAPS);
    forget_all(scene);
    return 0;
}

static inline int tear_down(void **state) {
    struct past *of = *state;
    house_close(&of->scene);
    roster_finish(&of->roster);
    free(of);
    return 0;
}

static inline void sees_nothing_of(struct scene *scene, enum who who,
                                   const char *part) {
    struct peer *peer = &scene->peers[who];
    assert_null(strstr(peer->seen, part));
    forget(scene, who);
}

#endif
