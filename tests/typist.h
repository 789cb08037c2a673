/* Somebody at a desk who types, and what that asks of the program around. */
#ifndef MINICHAT_TESTS_TYPIST_H
#define MINICHAT_TESTS_TYPIST_H

#include "tests/desk.h"

struct typist {
    struct desk desk;
    unsigned quits, connects, disconnects;
    char executed[64], secret[64];
    bool tracing;
};

static inline struct typist *typist(struct desk *desk) {
    return container_of(desk, struct typist, desk);
}

static inline struct typist *typist_of(struct commands_owner *owner) {
    return container_of(owner, struct typist, desk.commands_owner);
}

static inline struct session *find_session(struct commands_owner *owner,
                                           struct network *network) {
    return network->online ? &typist_of(owner)->desk.session : NULL;
}

static inline void go(struct commands_owner *owner, struct network *network) {
    (void)network;
    typist_of(owner)->connects++;
}

static inline void leave(struct commands_owner *owner, struct network *network,
                         struct text reason) {
    (void)network;
    (void)reason;
    typist_of(owner)->disconnects++;
}

static inline void log_in(struct commands_owner *owner, struct network *network,
                          struct text secret) {
    struct typist *of = typist_of(owner);
    (void)network;
    assert_true(text_copy(secret, of->secret, sizeof of->secret));
}

static inline const char *execute(struct commands_owner *owner,
                                  struct text command, bool say) {
    struct typist *of = typist_of(owner);
    snprintf(of->executed, sizeof of->executed, "%s%.*s", say ? "-o " : "",
             (int)command.length, command.at);
    return NULL;
}

static inline bool trace(struct commands_owner *owner,
                         struct network *network) {
    struct typist *of = typist_of(owner);
    (void)network;
    of->tracing = !of->tracing;
    return of->tracing;
}

static inline void quit(struct commands_owner *owner, struct text reason) {
    (void)reason;
    typist_of(owner)->quits++;
}

static inline int open_desk(void **state) {
    struct typist *of = *state = calloc(1, sizeof *of);
    struct desk *desk = &of->desk;
    desk_open(desk);
    desk->commands_owner = (struct commands_owner){.find_session = find_session,
                                                   .connect = go,
                                                   .disconnect = leave,
                                                   .log_in = log_in,
                                                   .exec = execute,
                                                   .trace = trace,
                                                   .quit = quit};
    desk->session.registered = true;
    desk->face.network->session = &desk->session;
    we_join(&desk->face, "#lobby");
    return 0;
}

static inline struct buffer *current(struct desk *desk) {
    return desk->face.model.current;
}

/* Types a line and Enter; the server gets this, lines separated by '|'. */
static inline void enters(struct desk *desk, const char *line,
                          const char *expected) {
    forget(desk);
    press(desk, line);
    keys_press(&desk->keys, KEYS_ENTER);
    size_t length = strlen(desk->sent);
    if (length > 0) desk->sent[length - 1] = '\0';
    for (char *at = desk->sent; (at = strchr(at, '\n')) != NULL;)
        *at = '|';
    assert_string_equal(desk->sent, expected);
}

#endif
