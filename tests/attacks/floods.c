#include <string.h>

#include "protocol/tls.h"
#include "protocol/writer.h"
#include "tests/attacks/attacker.h"

#define REGISTRATION "NICK ada\r\nUSER ada 0 * :Ada\r\n"
#define WRONG_PASSWORD "AUTHENTICATE PLAIN\r\nAUTHENTICATE AGFkYQBodW50ZXIy\r\n"
#define WRONG_PASSWORDS                                                        \
    WRONG_PASSWORD WRONG_PASSWORD WRONG_PASSWORD WRONG_PASSWORD

static const struct flood table[] = {
    {.name = "silence",
     .sentence = "connections that say nothing, held open",
     .rate = 5000,
     .hold = 4096},
    {.name = "silence-of-many",
     .sentence = "the same from 250 addresses",
     .rate = 5000,
     .hold = 4096,
     .places = 250,
     .secure = true},
    {.name = "descriptors",
     .sentence = "200 connections, again and again",
     .rate = 2000,
     .hold = 200},
    {.name = "hang-up",
     .sentence = "connections that are reset at once",
     .rate = 5000,
     .hold = 8},
    {.name = "slow",
     .sentence = "a login of one byte in ten seconds",
     .rate = 1000,
     .hold = 2000,
     .piece = 1,
     .pause_ms = 10000,
     .places = 250,
     .words = REGISTRATION},
    {.name = "wrong-tokens",
     .sentence = "forged tokens as server password",
     .rate = 3000,
     .hold = 512,
     .answered = true,
     .words = "PASS {token}\r\n" REGISTRATION},
    {.name = "wrong-tokens-of-many",
     .sentence = "the same from 250 addresses",
     .rate = 3000,
     .hold = 1024,
     .places = 250,
     .answered = true,
     .words = "PASS {token}\r\n" REGISTRATION},
    {.name = "wrong-passwords",
     .sentence = "four wrong passwords by SASL on each connection",
     .rate = 1000,
     .hold = 512,
     .places = 250,
     .words = "CAP REQ :sasl\r\n" WRONG_PASSWORDS},
    {.name = "http",
     .sentence = "a browser that posts commands",
     .rate = 3000,
     .hold = 512,
     .places = 250,
     .answered = true,
     .words = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nhello\r\n/join "
              "#x\r\n" REGISTRATION "PRIVMSG #lobby :hello\r\n"},
    {.name = "no-line-end",
     .sentence = "60000 bytes without a line end",
     .rate = 500,
     .hold = 256,
     .places = 250,
     .words = "{x}"},
    {.name = "uninvited",
     .sentence = "commands without having logged in",
     .rate = 1000,
     .hold = 512,
     .places = 250,
     .words = "NICK ada\r\nJOIN #lobby\r\nPRIVMSG #lobby :hello\r\nADMIN "
              "stats\r\nNICK victim0\r\nQUIT :victim0 left\r\n"},
    {.name = "hellos",
     .sentence = "TLS hellos, gone once they are answered",
     .rate = 5000,
     .hold = 1024,
     .answered = true,
     .secure = true,
     .words = "{hello}"},
    {.name = "hellos-of-many",
     .sentence = "the same from 250 addresses",
     .rate = 5000,
     .hold = 1024,
     .places = 250,
     .answered = true,
     .secure = true,
     .words = "{hello}"},
    {.name = "half-hellos",
     .sentence = "half a TLS hello, held open",
     .rate = 5000,
     .hold = 4096,
     .places = 250,
     .secure = true,
     .words = "{half}"},
    {.name = "bytes-of-hellos",
     .sentence = "TLS hellos byte by byte",
     .rate = 500,
     .hold = 1024,
     .piece = 1,
     .pause_ms = 5,
     .places = 250,
     .secure = true,
     .words = "{hello}"},
    {.name = "records",
     .sentence = "TLS hellos in records of one byte",
     .rate = 500,
     .hold = 512,
     .places = 250,
     .answered = true,
     .words = "{records}"},
    {.name = "hello-and-plain",
     .sentence = "a TLS hello, and plain text after it",
     .rate = 1000,
     .hold = 512,
     .places = 250,
     .secure = true,
     .words = "{hello}" REGISTRATION},
    {.name = "counted",
     .sentence = "wrong tokens and passwords, so many and no more",
     .counted = true},
};
enum {
    FLOODS = sizeof table / sizeof table[0],
    LONG_LINE = 60000,
    HELLO_SIZE = 2048,
    RECORD_HEADER = 5,
};

const struct flood *flood_after(const struct flood *flood) {
    if (!flood) return table;
    return flood + 1 < table + FLOODS ? flood + 1 : NULL;
}

const struct flood *flood_find(const char *name) {
    for (size_t i = 0; i < FLOODS; i++)
        if (strcmp(table[i].name, name) == 0) return &table[i];
    return NULL;
}

/* Everything is right but the signature. */
static void write_spoilt(struct writer *writer, const char *token) {
    size_t start = writer->length, length = strlen(token);
    write_string(writer, token);
    if (writer->full || length < 32) return;
    char *byte = writer->at + start + length - 24;
    *byte = *byte == 'A' ? 'B' : 'A';
}

static void write_hello(struct writer *writer, bool half) {
    char wrong[TLS_WORDS_SIZE];
    struct tls_context *context = tls_context_client(NULL, wrong);
    if (!context) return;
    struct tls *tls = tls_client(context, "localhost");
    struct text hello = tls_output(tls);
    if (half) hello.length /= 2;
    write_text(writer, hello);
    tls_free(tls);
    tls_context_free(context);
}

/* Each byte of the message in a record of its own; RFC 8446 5.1. */
static void write_records(struct writer *writer) {
    char bytes[HELLO_SIZE];
    struct writer whole = writer_on(bytes, sizeof bytes);
    write_hello(&whole, false);
    for (size_t i = RECORD_HEADER; i < whole.length; i++) {
        write_text(writer, text_slice("\x16\x03\x01\x00\x01", RECORD_HEADER));
        write_char(writer, bytes[i]);
    }
}

static void write_long_line(struct writer *writer) {
    for (int i = 0; i < LONG_LINE; i++)
        write_char(writer, 'x');
}

static void write_part(struct writer *writer, struct text name,
                       const char *token) {
    if (text_is(name, "token"))
        write_spoilt(writer, token);
    else if (text_is(name, "hello") || text_is(name, "half"))
        write_hello(writer, text_is(name, "half"));
    else if (text_is(name, "records"))
        write_records(writer);
    else if (text_is(name, "x"))
        write_long_line(writer);
}

size_t flood_words(const struct flood *flood, const char *token,
                   char words[ATTACKER_WORDS]) {
    struct writer writer = writer_on(words, ATTACKER_WORDS);
    struct text rest = text_of(flood->words);
    while (rest.length) {
        write_text(&writer, text_piece(&rest, '{'));
        if (rest.length) write_part(&writer, text_piece(&rest, '}'), token);
    }
    return writer.length;
}
