#include "client/connection.h"

#include <stdio.h>
#include <string.h>

#include "client/clerk.h"
#include "client/clock.h"
#include "client/mishap.h"
#include "protocol/container.h"
#include "protocol/memory.h"

static const char ALIVE[] = "alive"; /* the mark of our own PINGs */

static void set_out(struct connection *c);
static void attempt(struct connection *c);
static void fail(struct connection *c, const char *why);
static void on_timer(uv_timer_t *timer);
static void on_dial_closed(struct dial_owner *owner);

static const struct address *address_of(const struct connection *c) {
    return &c->address;
}

static const char *certificate_of(const struct connection *c) {
    const char *path = c->plan->certificate;
    return path && *path ? path : NULL;
}

static void change(struct connection *c, enum phase phase, const char *words) {
    c->phase = phase;
    c->owner->change(c->owner, text_of(words));
}

static void set_timer(struct connection *c, uint64_t ms) {
    if (c->doom) ms = 0;
    if (!c->closed) uv_timer_start(&c->timer, on_timer, ms, 0);
}

/* Its time begins anew when a connection ends. */
static void keep_policy(struct connection *c) {
    if (c->lasts == 0) return;
    policies_keep(&c->plan->trust->policies, c->address.host, c->address.port,
                  c->lasts, clock_now());
    clerk_write(c->plan->disk, &c->plan->trust->policies.ledger);
    c->lasts = 0;
}

/* Whoever is speaking still needs what a loss would take away: it ends when
 * the loop is next at its timers. */
static void doom(struct connection *c, const char *why) {
    c->doom = why;
    set_timer(c, 0);
}

static void let_go(struct connection *c) {
    keep_policy(c);
    session_finish(&c->session);
    c->doom = NULL;
    uv_timer_stop(&c->timer);
    dial_stop(&c->dial);
    preparation_forget(c->preparation);
    c->preparation = NULL;
    link_drop(c->link);
    c->link = NULL;
}

/* The session. */

static void on_send(struct session_owner *owner, struct text line) {
    struct connection *c =
        container_of(owner, struct connection, session_owner);
    /* What a link already given up still answers, nobody needs. */
    if (!c->link || c->doom) return;
    if (c->owner->trace) c->owner->trace(c->owner, true, line);
    c->speaking = true;
    if (!link_send(c->link, line) && !c->doom)
        doom(c, "the server does not take what is sent");
    c->speaking = false;
}

/* 12ms, or nothing; or for how long there was no answer. */
static void tell_pulse(struct connection *c) {
    char words[64] = "";
    unsigned seconds = pulse_suspect(&c->pulse, uv_now(c->loop));
    struct writer writer = writer_on(words, sizeof words);
    if (seconds > 0)
        write_format(&writer, "no answer %us", seconds);
    else if (c->pulse.lag >= CONNECTION_LAG_MS)
        write_format(&writer, "%llums", (unsigned long long)c->pulse.lag);
    change(c, PHASE_ONLINE, words);
}

static void check_pulse(struct connection *c) {
    uint64_t next = 0;
    switch (
        pulse_check(&c->pulse, uv_now(c->loop), link_stalled(c->link), &next)) {
    case PULSE_FINE: break;
    case PULSE_ASK: session_ping(&c->session, text_of(ALIVE)); break;
    case PULSE_DEAD: fail(c, "no answer any more"); return;
    }
    set_timer(c, next);
    if (pulse_suspect(&c->pulse, uv_now(c->loop)) > 0) tell_pulse(c);
}

static void on_online(struct connection *c) {
    c->pinned = true;
    c->online_since = uv_now(c->loop);
    pulse_begin(&c->pulse, c->online_since, link_round_trip(c->link));
    tell_pulse(c);
    set_timer(c, 0);
}

static void on_pong(struct connection *c) {
    uint64_t before = c->pulse.lag;
    pulse_answer(&c->pulse, uv_now(c->loop));
    if (c->phase == PHASE_ONLINE && before != c->pulse.lag) tell_pulse(c);
}

/* The session's own rights to talk end here; who is refused once would be
 * refused again. */
static void on_refused(struct connection *c, struct text why) {
    char reason[CONNECTION_REASON_SIZE];
    struct writer writer = writer_on(reason, sizeof reason);
    write_string(&writer, "login refused: ");
    write_text(&writer, why);
    let_go(c);
    change(c, PHASE_RESTING, "login refused");
    c->owner->lose(c->owner, writer_text(&writer), LOSS_REFUSED);
}

/* Who was online there is not any more. */
static void change_to_tls(struct connection *c, uint16_t port) {
    char reason[CONNECTION_REASON_SIZE];
    bool online = c->phase == PHASE_ONLINE;
    snprintf(reason, sizeof reason, "%s is to be spoken to under TLS",
             c->address.host);
    let_go(c);
    c->address.kind = ADDRESS_TLS;
    c->address.port = port;
    set_out(c);
    if (online) c->owner->lose(c->owner, text_of(reason), LOSS_AGAIN);
}

/* On a plain connection: the same host under TLS, at once, and nothing more is
 * said here. Under TLS: for how long that is the only way. */
static void on_policy(struct connection *c, struct text value) {
    struct policy policy = policy_read(value);
    if (!c->link || !policy_concerns(&c->address)) return;
    if (c->address.kind == ADDRESS_TCP && policy.port > 0)
        change_to_tls(c, policy.port);
    else if (c->address.kind == ADDRESS_TLS && policy.lasts && c->durable) {
        c->lasts = policy.duration;
        policies_keep(&c->plan->trust->policies, c->address.host,
                      c->address.port, policy.duration, clock_now());
        clerk_write(c->plan->disk, &c->plan->trust->policies.ledger);
    }
}

static void on_news(struct session_owner *owner, const struct news *told) {
    struct connection *c =
        container_of(owner, struct connection, session_owner);
    struct news news = *told;
    if (c->phase == PHASE_LEAVING) return; /* it no longer matters */
    if (news.when == 0 && news.kind != NEWS_READ) news.when = clock_now();
    if (news.kind == NEWS_PONG && text_is(news.body, ALIVE)) {
        on_pong(c);
        return;
    }
    if (news.kind == NEWS_POLICY) {
        on_policy(c, news.body);
        return;
    }
    if (news.kind == NEWS_ENDED)
        text_copy(news.body, c->farewell, sizeof c->farewell);
    if (news.kind == NEWS_ONLINE) on_online(c);
    c->owner->hear(c->owner, &news);
    if (news.kind == NEWS_REFUSED_LOGIN && c->link) on_refused(c, news.body);
}

static void begin_login(struct connection *c) {
    struct login *login = &c->login;
    *login = (struct login){.secret = c->plan->secret,
                            .speaks_for = c->plan->speaks_for,
                            .sasl = c->plan->sasl};
    text_copy(text_of(c->plan->nick), login->nick, sizeof login->nick);
    text_copy(text_of(c->plan->account), login->account, sizeof login->account);
    login->external = address_of(c)->kind == ADDRESS_UNIX ||
                      (address_of(c)->kind == ADDRESS_TLS && certificate_of(c));
    session_init(&c->session, &c->session_owner, login);
    c->farewell[0] = '\0';
    set_timer(c, CONNECTION_LOGIN_MS);
    change(c, PHASE_LOGGING_IN, "connecting… (login)");
    session_begin(&c->session);
}

/* The link. */

/* It will not become better by itself. */
static void distrust(struct connection *c, struct text why) {
    let_go(c);
    change(c, PHASE_RESTING, "not trusted");
    c->owner->lose(c->owner, why, LOSS_DISTRUST);
}

/* However long a person thinks about it, nobody waits at the other end. */
static void doubt(struct connection *c) {
    let_go(c);
    change(c, PHASE_DOUBTING, "waits for your answer");
    c->owner->doubt(c->owner);
}

/* It was believed when it said so; that nobody is asked now is the point. */
static void explain_demand(struct writer *writer, const struct connection *c) {
    const char *host = c->address.host;
    write_format(
        writer,
        "%s is to be spoken to under TLS alone, as it said before, and "
        "now nobody vouches for who answers (%s) · /trust %s forget "
        "lets it be asked about",
        host, c->peer.wrong, host);
}

static void judge(struct connection *c) {
    char server[LEDGER_NAME_SIZE], why[CONNECTION_REASON_SIZE];
    struct writer writer = writer_on(why, sizeof why);
    struct trust_entry entry;
    connection_server(c, server);
    enum trust_verdict verdict =
        trust_judge(c->plan->trust, &c->plan->wish, server, &c->peer, &entry);
    if (verdict == TRUST_UNKNOWN && c->demanded)
        explain_demand(&writer, c);
    else
        trust_explain(&writer, verdict, &c->plan->wish, &entry, server,
                      &c->peer);
    c->durable =
        c->peer.trusted || entry.key[0] || c->plan->wish.rule == TRUST_HASH;
    if (verdict == TRUST_FINE)
        begin_login(c);
    else if (verdict == TRUST_UNKNOWN && !c->demanded)
        doubt(c);
    else
        distrust(c, writer_text(&writer));
}

static void on_secure(struct link_owner *owner, struct link *link) {
    struct connection *c = container_of(owner, struct connection, link_owner);
    c->shown = link_peer(link, &c->peer);
    if (c->shown)
        judge(c);
    else
        distrust(c, text_of("the server has shown no certificate"));
}

void connection_answer(struct connection *c, enum trust_answer answer) {
    char server[LEDGER_NAME_SIZE], why[CONNECTION_REASON_SIZE];
    struct writer writer = writer_on(why, sizeof why);
    if (c->phase != PHASE_DOUBTING) return;
    connection_server(c, server);
    if (answer == TRUST_REJECT) {
        write_format(&writer, "you rejected the key of %s", server);
        distrust(c, writer_text(&writer));
        return;
    }
    trust_accept(c->plan->trust, server, c->peer.key, answer, clock_now());
    clerk_write(c->plan->disk, &c->plan->trust->ledger);
    connection_start(c);
}

static void on_line(struct link_owner *owner, struct link *link,
                    struct text line) {
    struct connection *c = container_of(owner, struct connection, link_owner);
    bool doubted = connection_doubted(c);
    (void)link;
    pulse_hear(&c->pulse, uv_now(c->loop));
    if (doubted) tell_pulse(c);
    if (c->owner->trace) c->owner->trace(c->owner, false, line);
    session_take(&c->session, line, clock_now());
}

static void on_omitted(struct link_owner *owner, struct link *link) {
    struct connection *c = container_of(owner, struct connection, link_owner);
    struct news news = {
        .kind = NEWS_ERROR,
        .body = text_of("a line of more than 9 KB was left out"),
        .when = clock_now(),
    };
    (void)link;
    pulse_hear(&c->pulse, uv_now(c->loop));
    c->owner->hear(c->owner, &news);
}

/* The server's own word says more than how its end arrived. */
static const char *reason_of(const struct connection *c, const char *why) {
    if (c->farewell[0]) return c->farewell;
    return why ? why : "closed by the server";
}

static void on_lost(struct link_owner *owner, struct link *link,
                    const char *why) {
    struct connection *c = container_of(owner, struct connection, link_owner);
    (void)link;
    if (c->speaking)
        doom(c, reason_of(c, why));
    else if (c->phase == PHASE_LEAVING && !why)
        connection_close(c);
    else
        fail(c, reason_of(c, why));
}

static void on_drained(struct link_owner *owner, struct link *link) {
    struct connection *c = container_of(owner, struct connection, link_owner);
    (void)link;
    c->owner->drain(c->owner);
}

/* The way there. */

static void on_step(struct dial_owner *owner, enum dial_step step) {
    struct connection *c = container_of(owner, struct connection, dial_owner);
    if (step == DIAL_LOOK_UP)
        change(c, PHASE_LOOKING_UP, "connecting… (dns)");
    else
        change(c, PHASE_CONNECTING, "connecting… (tcp)");
}

static void on_reached(struct dial_owner *owner, struct link *link) {
    struct connection *c = container_of(owner, struct connection, dial_owner);
    bool secure = address_of(c)->kind == ADDRESS_TLS;
    c->link = link;
    link_adopt(link, &c->link_owner);
    if (secure) set_timer(c, CONNECTION_SECURE_MS);
    if (secure) change(c, PHASE_SECURING, "connecting… (tls)");
    const char *wrong = link_begin(
        link, secure ? tls_client(c->tls, address_of(c)->host) : NULL);
    if (wrong)
        fail(c, wrong);
    else if (!secure)
        begin_login(c);
}

static void on_unreached(struct dial_owner *owner, const char *why) {
    fail(container_of(owner, struct connection, dial_owner), why);
}

static void dial(struct connection *c) {
    bool local = c->plan->secret && !c->plan->plaintext &&
                 address_of(c)->kind == ADDRESS_TCP;
    dial_start(&c->dial, address_of(c), local);
}

static void on_prepared(struct preparation_owner *owner,
                        struct tls_context *context, const char *wrong) {
    struct connection *c =
        container_of(owner, struct connection, preparation_owner);
    c->preparation = NULL;
    c->tls = context;
    if (context)
        dial(c);
    else
        fail(c, wrong);
}

static void prepare(struct connection *c) {
    change(c, PHASE_PREPARING, "connecting…");
    c->preparation =
        preparation_begin(c->loop, &c->preparation_owner, certificate_of(c));
    if (!c->preparation) fail(c, "there is no thread to prepare TLS");
}

static void set_out(struct connection *c) {
    if (address_of(c)->kind == ADDRESS_TLS && !c->tls)
        prepare(c);
    else
        dial(c);
}

static void attempt(struct connection *c) {
    uint16_t port = 0;
    if (c->closed) return;
    c->address = c->plan->addresses[c->chosen];
    if (policy_concerns(&c->address))
        port = policies_find(&c->plan->trust->policies, c->address.host,
                             clock_now());
    c->demanded = port > 0;
    if (port > 0 && c->address.kind == ADDRESS_TCP) {
        c->address.kind = ADDRESS_TLS;
        c->address.port = port;
    }
    set_out(c);
}

/* Failing. */

/* In how many seconds, and how often already; told each second. */
static void count_down(struct connection *c) {
    char words[64];
    uint64_t now = uv_now(c->loop);
    struct writer writer = writer_on(words, sizeof words);
    if (now >= c->retry_at) {
        attempt(c);
        return;
    }
    uint64_t left = c->retry_at - now;
    write_format(&writer, "retry in %llus (%u)",
                 (unsigned long long)(left + 999) / 1000, c->backoff.failures);
    set_timer(c, (left - 1) % 1000 + 1);
    change(c, PHASE_WAITING, words);
}

static void wait(struct connection *c) {
    uint32_t chance = 0;
    (void)uv_random(NULL, NULL, &chance, sizeof chance, 0, NULL);
    c->retry_at = uv_now(c->loop) + backoff_wait(&c->backoff, chance);
    count_down(c);
}

/* Of several places where a server of this machine might be, those where there
 * is none are not worth a word. */
static bool is_empty_place(const struct connection *c, const char *why) {
    bool nobody = strcmp(why, uv_strerror(UV_ENOENT)) == 0 ||
                  strcmp(why, uv_strerror(UV_ECONNREFUSED)) == 0;
    return nobody && !c->pinned && c->plan->count > 1 &&
           address_is_local(&c->address);
}

/* Why; and where, unless we have been there. */
static void note(struct connection *c, const char *why) {
    if (is_empty_place(c, why)) return;
    struct writer writer = writer_on(c->reason, sizeof c->reason - 1);
    writer.length = strlen(c->reason);
    if (writer.length > 0) write_string(&writer, "; ");
    mishap_write(&writer, address_of(c), c->phase == PHASE_ONLINE, why);
    c->reason[writer.length] = '\0';
}

/* What was there is lost, or nothing was found at any address. */
static void lose(struct connection *c) {
    char reason[CONNECTION_REASON_SIZE];
    text_copy(text_of(c->reason), reason, sizeof reason);
    c->reason[0] = '\0';
    c->deserted = !reason[0];
    if (c->deserted)
        text_copy(text_of("no server runs here"), reason, sizeof reason);
    wait(c);
    c->owner->lose(c->owner, text_of(reason), LOSS_AGAIN);
}

/* This way does not lead on: the next address, or the next attempt. */
static void fail(struct connection *c, const char *why) {
    if (c->closed) return;
    if (c->phase == PHASE_ONLINE)
        backoff_held(&c->backoff, uv_now(c->loop) - c->online_since);
    note(c, why);
    let_go(c);
    if (c->phase == PHASE_LEAVING) {
        connection_close(c);
        return;
    }
    if (!c->pinned && c->chosen + 1 < c->plan->count) {
        c->chosen++;
        attempt(c);
        return;
    }
    if (!c->pinned) c->chosen = 0;
    lose(c);
}

static void on_timer(uv_timer_t *timer) {
    struct connection *c = container_of(timer, struct connection, timer);
    if (c->doom) {
        fail(c, c->doom);
        return;
    }
    switch (c->phase) {
    case PHASE_RESTING:
    case PHASE_DOUBTING:
    case PHASE_PREPARING:
    case PHASE_LOOKING_UP:
    case PHASE_CONNECTING: break; /* the dial has a deadline of its own */
    case PHASE_SECURING:
        fail(c, "no answer to the TLS hello: perhaps it speaks no TLS");
        break;
    case PHASE_LOGGING_IN: fail(c, "connected, but no welcome"); break;
    case PHASE_ONLINE: check_pulse(c); break;
    case PHASE_WAITING: count_down(c); break;
    case PHASE_LEAVING: connection_close(c); break;
    }
}

void connection_init(struct connection *c, uv_loop_t *loop,
                     struct connection_owner *owner,
                     const struct connection_plan *plan) {
    *c = (struct connection){.owner = owner, .plan = plan, .loop = loop};
    c->address = plan->addresses[0];
    c->session_owner = (struct session_owner){.hear = on_news, .send = on_send};
    c->dial_owner =
        (struct dial_owner){on_step, on_reached, on_unreached, on_dial_closed};
    c->parts = 2;
    c->link_owner = (struct link_owner){.secure = on_secure,
                                        .take = on_line,
                                        .omit = on_omitted,
                                        .lose = on_lost,
                                        .drain = on_drained};
    c->preparation_owner = (struct preparation_owner){on_prepared};
    uv_timer_init(loop, &c->timer);
    dial_init(&c->dial, loop, &c->dial_owner);
}

void connection_start(struct connection *c) {
    if (c->closed || c->phase == PHASE_LEAVING) return;
    let_go(c);
    c->reason[0] = '\0';
    attempt(c);
}

void connection_leave(struct connection *c, struct text reason) {
    if (c->phase != PHASE_ONLINE && c->phase != PHASE_LOGGING_IN) {
        connection_close(c);
        return;
    }
    c->phase = PHASE_LEAVING;
    set_timer(c, CONNECTION_LEAVE_MS);
    session_quit(&c->session, reason);
}

static void on_part_closed(struct connection *c) {
    if (--c->parts == 0 && c->owner->close) c->owner->close(c->owner);
}

static void on_timer_closed(uv_handle_t *handle) {
    on_part_closed(
        container_of((uv_timer_t *)handle, struct connection, timer));
}

static void on_dial_closed(struct dial_owner *owner) {
    on_part_closed(container_of(owner, struct connection, dial_owner));
}

void connection_close(struct connection *c) {
    if (c->closed) return;
    c->closed = true;
    c->phase = PHASE_RESTING;
    let_go(c);
    tls_context_free(c->tls);
    c->tls = NULL;
    dial_close(&c->dial);
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}

void connection_wake(struct connection *c) {
    if (c->phase != PHASE_ONLINE) return;
    pulse_wake(&c->pulse, uv_now(c->loop));
    check_pulse(c);
}

struct session *connection_session(struct connection *c) {
    return c->phase == PHASE_ONLINE ? &c->session : NULL;
}

bool connection_doubted(const struct connection *c) {
    return c->phase == PHASE_ONLINE &&
           pulse_suspect(&c->pulse, uv_now(c->loop)) > 0;
}

size_t connection_queued(const struct connection *c) {
    return c->link ? link_queued(c->link) : 0;
}

const struct tls_peer *connection_peer(const struct connection *c) {
    return c->shown ? &c->peer : NULL;
}

void connection_server(const struct connection *c, char to[LEDGER_NAME_SIZE]) {
    trust_name(address_of(c), to);
}

const struct address *connection_address(const struct connection *c) {
    return address_of(c);
}
