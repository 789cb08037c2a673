/* The moments a connection waits for: the end of silence, of the time to log
 * in, of patience. */
#include "server/commands.h"
#include "server/connection_inside.h"
#include "server/warrant.h"

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t deadline_of_login(const struct connection *c) {
    return c->opened + (int64_t)connection_config(c)->register_seconds * 1000;
}

static int64_t deadline_of_silence(const struct connection *c) {
    if (c->pinged)
        return c->pinged +
               (int64_t)connection_config(c)->timeout_seconds * 1000;
    return c->heard + (int64_t)connection_config(c)->ping_seconds * 1000;
}

/* The next moment at which there is something to look at. */
static int64_t next_moment(const struct connection *c) {
    int64_t when = earlier(commands_deadline(&c->dialogue),
                           warrant_deadline(&c->dialogue));
    if (c->paused) when = earlier(when, c->resume_at);
    if (!c->dialogue.dialect) when = earlier(when, c->heard + SILENCE_MS);
    if (!dialogue_entered(&c->dialogue))
        return earlier(when, deadline_of_login(c));
    if (c->paused || c->deaf) return when;
    return earlier(when, deadline_of_silence(c));
}

/* A moment that only moved away stays where it was: it will look, and plan
 * again. So an active peer costs nothing here. */
void connection_plan(struct connection *c) {
    int64_t when = next_moment(c);
    if (dialogue_entered(&c->dialogue))
        newcomers_remove(&c->company->newcomers, &c->newcomer);
    if (c->reason || when == NEVER) return;
    if (c->turn.moment.place && c->turn.moment.when <= when) return;
    round_wake_at(&c->company->round, &c->turn, when);
}

static void judge_login(struct connection *c) {
    if (connection_now(c) >= deadline_of_login(c))
        connection_dismiss(c, "you did not log in in time", "login timed out");
}

static void judge_silence(struct connection *c) {
    if (c->paused || c->deaf || connection_now(c) < deadline_of_silence(c))
        return;
    if (c->pinged) {
        connection_dismiss(c, "ping timeout", "ping timeout");
        return;
    }
    c->deaf = !dialogue_ping(&c->dialogue);
    c->pinged = connection_now(c);
}

void connection_wake(struct turn *turn) {
    struct connection *c = connection_of(turn);
    if (turn->departed) {
        if (outbox_count(&c->outbox) > 0) c->abandoned = true;
        connection_let_go(c);
        return;
    }
    if (c->paused && connection_now(c) >= c->resume_at) connection_resume(c);
    if (!c->dialogue.dialect && connection_now(c) >= c->heard + SILENCE_MS)
        connection_end_silence(c);
    commands_expire(&c->dialogue);
    warrant_judge(&c->dialogue);
    if (dialogue_entered(&c->dialogue))
        judge_silence(c);
    else
        judge_login(c);
    connection_plan(c);
}
