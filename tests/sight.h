/* One room at a desk, for tests of what is drawn. */
#ifndef MINICHAT_TESTS_SIGHT_H
#define MINICHAT_TESTS_SIGHT_H

#include "tests/desk.h"

static inline int open_desk(void **state) {
    struct desk *desk = *state = desk_new();
    we_join(&desk->face, "#lobby");
    return 0;
}

static inline struct pending_line *we_type(struct desk *desk, const char *room,
                                           const char *body) {
    struct pending *pending = &desk->face.network->pending;
    assert_true(
        pending_say(pending, NEWS_SAID, text_of(room), text_of(body), NOON));
    return pending->lines[pending->count - 1];
}

#endif
