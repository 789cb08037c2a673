/* crash_twice [ROUNDS [SEED]]: a line is sent on two connections, with one
 * nonce: at the same time, as after a reconnect whose old connection is still
 * being read, or a little later, as when the echo was lost. The server has
 * just started, its disk is slow, and it does not know yet which nonces are on
 * it. The line is said once, and both connections hear it. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/crash/inspect.h"
#include "tests/crash/stage.h"

enum { AUTHORS = 8, SLOW_US = 300, LATER_MS = 150, NONCES = 4000 };

static void cast(struct stage *stage) {
    ledger_add_room(&stage->ledger, "#r0");
    for (unsigned i = 0; i < AUTHORS; i++)
        swarm_add(&stage->swarm, &manner_irc, 1, false);
}

/* All in one go: who it is, where it is, what it says. */
static bool say(struct stage *stage, unsigned author, unsigned number,
                struct wire *wire) {
    const struct member *member = &stage->swarm.members[author];
    char text[2048], body[BODY_SIZE], nonce[NONCE_HEX];
    struct writer writer = writer_on(text, sizeof text);
    int fd = wire_dial(stage->swarm.port);
    if (fd < 0) return false;
    wire_open(wire, fd);
    ledger_nonce(&stage->ledger, author, number, nonce);
    write_format(&writer,
                 "CAP REQ :message-tags echo-message\r\nPASS %s\r\n"
                 "NICK %s\r\nUSER %s 0 * :twice\r\nCAP END\r\nJOIN #r0\r\n"
                 "@+minichat/nonce=%s PRIVMSG #r0 :",
                 member->token, member->nick, member->nick, nonce);
    write_text(&writer, ledger_body(&stage->ledger, author, number, body));
    wire_send(wire, writer_text(&writer));
    ledger_sent(&stage->ledger, author, number, 1);
    return wire_flush(wire);
}

static bool hears(struct wire *wire, struct text body) {
    char buffer[16384];
    struct text line;
    struct ircmsg message;
    bool heard = false, more = true;
    while (more && wire_read(wire, buffer, sizeof buffer, &more)) {
        while (framer_next(&wire->framer, &line) == FRAMED_LINE)
            if (ircmsg_parse(&message, line) &&
                text_is(message.verb, "PRIVMSG") &&
                text_equals(ircmsg_param(&message, 1), body))
                heard = true;
        framer_keep(&wire->framer);
    }
    return heard;
}

static void await(struct stage *stage, unsigned author, unsigned number,
                  struct wire *wire) {
    char body[BODY_SIZE];
    struct text text = ledger_body(&stage->ledger, author, number, body);
    int64_t end = trial_now() + STAGE_PATIENCE_MS;
    bool heard = hears(wire, text);
    while (!heard && trial_now() < end) {
        struct pollfd wait = {.fd = wire->fd, .events = POLLIN};
        poll(&wait, 1, 100);
        heard = hears(wire, text);
    }
    if (!heard)
        ledger_fault(&stage->ledger, "line %u of %u did not come back", number,
                     author);
    struct spoken *line = ledger_line(&stage->ledger, author, number);
    line->heard = line->receipted = true;
    wire_close(wire);
}

/* All authors, one connection each. */
static bool say_all(struct stage *stage, const unsigned numbers[AUTHORS],
                    struct wire wires[AUTHORS]) {
    for (unsigned i = 0; i < AUTHORS; i++)
        if (!say(stage, i, numbers[i], &wires[i])) return false;
    return true;
}

static void await_all(struct stage *stage, const unsigned numbers[AUTHORS],
                      struct wire wires[AUTHORS]) {
    for (unsigned i = 0; i < AUTHORS; i++)
        await(stage, i, numbers[i], &wires[i]);
}

static bool say_twice(struct stage *stage, bool at_once) {
    struct wire first[AUTHORS], second[AUTHORS];
    unsigned numbers[AUTHORS];
    for (unsigned i = 0; i < AUTHORS; i++)
        numbers[i] = ledger_speak(&stage->ledger, i, 0);
    if (!say_all(stage, numbers, first)) return false;
    if (at_once && !say_all(stage, numbers, second)) return false;
    await_all(stage, numbers, first);
    if (!at_once) {
        poll(NULL, 0, (int)dice_below(&stage->dice, LATER_MS));
        if (!say_all(stage, numbers, second)) return false;
    }
    await_all(stage, numbers, second);
    return true;
}

/* So many nonces that reading them takes a while. */
static bool prepare(struct stage *stage) {
    bool started = stage_start(stage);
    trial_stop(&stage->trial, SIGTERM);
    return started &&
           inspect_add_nonces(&stage->ledger, stage->trial.state, NONCES);
}

static bool play(struct stage *stage, uint64_t rounds) {
    if (!prepare(stage)) return false;
    for (uint64_t round = 0; round < rounds; round++) {
        stage->fate->read_delay = SLOW_US;
        if (!stage_start(stage) || !say_twice(stage, round % 2)) return false;
        stage_kill(stage);
    }
    stage->fate->read_delay = 0;
    return stage_start(stage) && stage_judge(stage);
}

int main(int count, char **arguments) {
    static struct stage stage;
    uint64_t rounds = stage_number(arguments, 1, 15);
    uint64_t seed = stage_number(arguments, 2, 1);
    (void)count;
    printf("crash_twice %" PRIu64 " %" PRIu64 "\n", rounds, seed);
    stage_open(&stage, "twice", seed, NULL);
    stage_load_shim(&stage);
    cast(&stage);
    stage_invite(&stage);
    if (!play(&stage, rounds)) ledger_fault(&stage.ledger, "it ended early");
    return stage_close(&stage);
}
