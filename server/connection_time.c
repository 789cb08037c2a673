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

/* Who must speak TLS is given longer: nothing else is to be said to it. */
static int64_t end_of_silence(const struct connection *c) {
    bool is_refused = c->must_secure && !c->secure;
    if (c->pinned == SPEECH_IRC || c->by_proxy)
        return NEVER; /* it speaks first */
    return c->heard + (is_refused ? PLAIN_REFUSED_MS : SILENCE_MS);
}

static int64_t deadline_of_handshake(const struct connection *c) {
    return c->secure->until ? c->secure->until : NEVER;
}

/* The next moment at which there is something to look at. */
static int64_t next_moment(const struct connection *c) {
    int64_t when = earlier(commands_deadline(&c->dialogue),
                           warrant_deadline(&c->dialogue));
    if (c->paused) when = earlier(when, c->resume_at);
    when = earlier(when, connection_bedtime(c));
    if (connection_greets(c))
        when = earlier(when, deadline_of_handshake(c));
    else if (!c->dialogue.dialect)
        when = earlier(when, end_of_silence(c));
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

static void judge_handshake(struct connection *c) {
    if (connection_now(c) >= deadline_of_handshake(c))
        connection_doom(c, text_of("TLS: the handshake took too long"));
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
        if (outbox_count(&c->outbox) > 0 || connection_unsent(c) > 0)
            c->abandoned = true;
        connection_let_go(c);
        return;
    }
    if (c->paused && connection_now(c) >= c->resume_at) connection_resume(c);
    connection_doze(c);
    if (connection_greets(c))
        judge_handshake(c);
    else if (!c->dialogue.dialect && connection_now(c) >= end_of_silence(c))
        connection_end_silence(c);
    commands_expire(&c->dialogue);
    warrant_judge(&c->dialogue);
    if (dialogue_entered(&c->dialogue))
        judge_silence(c);
    else
        judge_login(c);
    connection_plan(c);
}
