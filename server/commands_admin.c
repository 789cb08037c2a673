#include "server/commands_admin.h"

#include "protocol/utf8.h"
#include "server/log.h"
#include "server/plain.h"

static void say_session(struct dialogue *dialogue, const struct user *user,
                        const struct session *session) {
    const struct dialogue *theirs = dialogue_of(session);
    plain_say(dialogue, "= %s session %llu from %s speaks %s", user->name,
              (unsigned long long)session->id, theirs->host,
              theirs->dialect->name);
}

static enum refusal users(struct dialogue *dialogue,
                          const struct request *request) {
    const struct chat *chat = dialogue->house->chat;
    (void)request;
    for (const struct user *u = NULL; (u = chat_next_user(chat, u));)
        for (const struct session *s = u->sessions; s; s = s->next)
            say_session(dialogue, u, s);
    plain_say(dialogue, "= %zu sessions of %zu people", chat->sessions,
              chat->users.count);
    return REFUSED_NOTHING;
}

static enum refusal stats(struct dialogue *dialogue,
                          const struct request *request) {
    const struct house *house = dialogue->house;
    (void)request;
    plain_say(dialogue,
              "= up %lld s, %zu people (at most %zu), %zu sessions, "
              "%zu rooms",
              (long long)(house->chat->now - house->started) / 1000,
              house->chat->users.count, house->chat->most_users,
              house->chat->sessions, house->chat->rooms.count);
    if (house->batch)
        plain_say(dialogue, "= %llu things written down since then",
                  (unsigned long long)house->kept);
    if (house->trouble)
        plain_say(dialogue, "= %s since %lld s: what is said waits",
                  house->trouble,
                  (long long)(house->chat->now - house->stuck_since) / 1000);
    return REFUSED_NOTHING;
}

/* Everybody who shares a room is told it, as the reason of a /quit. */
static struct text kick_reason(const struct request *request,
                               char memory[REASON_SIZE]) {
    struct text reason =
        request->count > 2 ? request->args[2] : text_of("kicked");
    return text_slice(memory, utf8_clean(reason, memory, REASON_SIZE - 1));
}

static enum refusal kick(struct dialogue *dialogue,
                         const struct request *request) {
    struct text name = request->count > 1 ? request->args[1] : text_of("");
    char memory[REASON_SIZE];
    struct text reason = kick_reason(request, memory);
    if (!name.length) return NAME_MISSING;
    struct user *user = chat_find_user(dialogue->house->chat, name);
    if (!user) {
        plain_refuse(dialogue, request, NO_SUCH_NAME, name);
        return REFUSED_NOTHING;
    }
    log_line(LOG_INFO, "kicked", "name=%s by=%s", user->name,
             dialogue->session.user->name);
    for (struct session *s = user->sessions; s; s = s->next) {
        struct dialogue *theirs = dialogue_of(s);
        dialogue_farewell(theirs, reason);
        theirs->carrier->close(theirs->carrier, reason);
    }
    plain_say(dialogue, "= %s is disconnected", user->name);
    return REFUSED_NOTHING;
}

static const struct {
    const char *word;
    enum refusal (*carry_out)(struct dialogue *, const struct request *);
} rows[] = {{"users", users}, {"kick", kick}, {"stats", stats}};

enum refusal do_admin(struct dialogue *dialogue,
                      const struct request *request) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (text_equals_folded(request->args[0], text_of(rows[i].word)))
            return rows[i].carry_out(dialogue, request);
    return ARGUMENTS_WRONG;
}
