#include "tests/crash/shouter.h"

#include <inttypes.h>
#include <stdio.h>

#include "protocol/ircmsg.h"

enum { LINE = 400, BURST = 100 };

static void send_format(struct shouter *shouter, const char *format,
                        const char *argument) {
    char line[1024];
    int length = snprintf(line, sizeof line, format, argument);
    wire_send(&shouter->wire, text_slice(line, (size_t)length));
}

bool shouter_open(struct shouter *shouter, uint16_t port, const char *nick,
                  const char *token) {
    int fd = wire_dial(port);
    *shouter = (struct shouter){.wire = {.fd = -1}, .orderly = true};
    if (fd < 0) return false;
    wire_open(&shouter->wire, fd);
    snprintf(shouter->nick, sizeof shouter->nick, "%s", nick);
    send_format(shouter, "CAP REQ :echo-message%s", "");
    send_format(shouter, "PASS %s", token);
    send_format(shouter, "NICK %s", nick);
    send_format(shouter, "USER %s 0 * :loud", nick);
    send_format(shouter, "CAP END%s", "");
    send_format(shouter, "JOIN #%s", nick);
    return wire_flush(&shouter->wire);
}

void shouter_close(struct shouter *shouter) {
    wire_close(&shouter->wire);
}

/* A line that begins with its number. */
static void say_next(struct shouter *shouter) {
    static const char filler[] =
        "and everybody in the whole wide world must hear this, although nobody "
        "has asked for it, and although it says nothing that was not said many "
        "times before, in better words, and by others, who were asked to";
    char line[LINE];
    int length = snprintf(line, sizeof line, "PRIVMSG #%s :%" PRIu64 " %s",
                          shouter->nick, shouter->said++, filler);
    wire_send(&shouter->wire, text_slice(line, (size_t)length));
}

bool shouter_shout(struct shouter *shouter) {
    if (!shouter->begun || shouter->wire.fd < 0) return false;
    if (shouter->wire.waiting == 0)
        for (int i = 0; i < BURST; i++)
            say_next(shouter);
    size_t before = shouter->wire.waiting;
    wire_flush(&shouter->wire);
    return shouter->wire.waiting < before;
}

static void take(struct shouter *shouter, struct text line) {
    struct ircmsg message;
    uint64_t number;
    if (!ircmsg_parse(&message, line)) return;
    if (text_is(message.verb, "366")) shouter->begun = true;
    if (!text_is(message.verb, "PRIVMSG")) return;
    struct text body = ircmsg_param(&message, 1);
    if (!text_number(text_word(&body), &number) || number != shouter->heard)
        shouter->orderly = false;
    shouter->heard++;
}

void shouter_listen(struct shouter *shouter) {
    char buffer[65536];
    struct text line;
    bool more = true, open = shouter->wire.fd >= 0;
    while (open && more) {
        open = wire_read(&shouter->wire, buffer, sizeof buffer, &more);
        while (framer_next(&shouter->wire.framer, &line) == FRAMED_LINE)
            take(shouter, line);
        framer_keep(&shouter->wire.framer);
    }
    if (!open) wire_close(&shouter->wire);
}
