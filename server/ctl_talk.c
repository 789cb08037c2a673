#include "server/ctl_talk.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "protocol/address.h"
#include "protocol/framer.h"
#include "protocol/ircmsg.h"
#include "protocol/utf8.h"

enum {
    LINE_MAX_SIZE = 16384, /* of an answer, with its tags */
    BATCH_SIZE = 64,
    WORDS_MAX = IRCMSG_PARAMS - 1,
};

struct talk {
    struct ctl *ctl;
    int fd;
    int64_t deadline; /* monotonic ms */
    struct framer framer;
    json_t *lines;
    char batch[BATCH_SIZE]; /* the answer, where it is of several lines */
    bool is_over, is_refused;
};

/* Where it is -------------------------------------------------------------- */

/* Instead of a socket. */
enum { NOBODY = -1, BUSY = -2 };

static bool set_patience(int fd) {
    struct timeval most = {.tv_sec = CTL_TALK_SECONDS};
    return setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most) == 0;
}

/* unix(7): where too many wait to be accepted, connect waits for its turn. */
static int dial(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!text_copy(text_of(path), address.sun_path, sizeof address.sun_path)) {
        errno = ENAMETOOLONG;
        return NOBODY;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return NOBODY;
    if (set_patience(fd) &&
        connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return why == EAGAIN ? BUSY : NOBODY;
}

static int dial_in(const char *folder, const char *name) {
    char path[STATE_PATH_SIZE];
    int length =
        snprintf(path, sizeof path, "%s/%s", folder ? folder : "", name);
    if (!folder || *folder != '/' || length >= STATE_PATH_SIZE) {
        errno = ENOENT;
        return NOBODY;
    }
    return dial(path);
}

static int dial_given(struct ctl *ctl, const char *written) {
    struct address address;
    const char *wrong = address_parse(&address, text_of(written));
    if (!wrong && address.kind != ADDRESS_UNIX)
        wrong = "expected unix:PATH: only there the server knows who you are";
    if (wrong) {
        ctl_fail(ctl, "%s: %s", written, wrong);
        return NOBODY;
    }
    int fd = dial(address.path);
    if (fd == NOBODY)
        ctl_fail(ctl, "no server runs at %s: %s", address.path,
                 strerror(errno));
    return fd;
}

/* Where the server of this state directory says it is, else, unless that
 * directory was chosen, in the usual places. */
static int dial_usual(struct ctl *ctl) {
    char written[STATE_PATH_SIZE];
    struct address address;
    int fd = NOBODY;
    if (!state_socket(&ctl->state, written, ctl->error, CTL_ERROR_SIZE))
        return NOBODY;
    if (*written && !address_parse(&address, text_of(written)))
        fd = dial(address.path);
    if (fd == NOBODY && !ctl->is_chosen)
        fd = dial_in("/run/minichat", "minichat.sock");
    if (fd == NOBODY && !ctl->is_chosen)
        fd = dial_in(getenv("XDG_RUNTIME_DIR"), "minichat.sock");
    if (fd == NOBODY)
        ctl_fail(ctl, "no server runs here (of %s; another with -d or -s)",
                 ctl->state.path);
    return fd;
}

static int dial_server(struct ctl *ctl) {
    int fd = ctl->address ? dial_given(ctl, ctl->address) : dial_usual(ctl);
    if (fd == BUSY)
        ctl_fail(ctl,
                 "the server took nobody for %d seconds: it is busy, or stuck",
                 CTL_TALK_SECONDS);
    return fd;
}

/* What is asked ------------------------------------------------------------ */

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until it can be read or written; false when the time is over. */
static bool wait_for(struct talk *talk, short events) {
    struct pollfd state = {.fd = talk->fd, .events = events};
    for (;;) {
        int64_t left = talk->deadline - now_ms();
        int ready = left > 0 ? poll(&state, 1, (int)left) : 0;
        if (ready > 0) return true;
        if (ready < 0 && errno == EINTR) continue;
        ctl_fail(talk->ctl, "the server does not answer");
        return false;
    }
}

static bool send_all(struct talk *talk, struct text bytes) {
    while (bytes.length) {
        if (!wait_for(talk, POLLOUT)) return false;
        ssize_t sent = send(talk->fd, bytes.at, bytes.length, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (sent < 0) return true; /* it hung up; perhaps it has said why */
        bytes = text_after(bytes, (size_t)sent);
    }
    return true;
}

static bool may_stand(struct text word, bool is_last) {
    bool is_one =
        word.length && word.at[0] != ':' && text_find(word, ' ') == word.length;
    return utf8_check(word, false) == UTF8_FINE && (is_last || is_one);
}

static bool write_question(struct talk *talk, const char *const words[],
                           struct writer *writer) {
    struct ircmsg message = {.tags = text_of("label=1"),
                             .verb = text_of("ADMIN")};
    while (words[message.count] && message.count < WORDS_MAX) {
        struct text word = text_of(words[message.count]);
        bool is_last = !words[message.count + 1];
        if (!may_stand(word, is_last)) {
            ctl_fail(talk->ctl, "\"%s\" is not what belongs there",
                     words[message.count]);
            return false;
        }
        message.params[message.count++] = word;
    }
    write_string(writer, "CAP REQ :batch labeled-response message-tags\r\n");
    ircmsg_write(writer, &message);
    write_string(writer, "\r\n");
    if (!writer->full) return true;
    ctl_fail(talk->ctl, "that is too long");
    return false;
}

/* What is answered --------------------------------------------------------- */

static void end_refused(struct talk *talk, const char *about,
                        struct text words) {
    char clean[CTL_ERROR_SIZE];
    size_t length = utf8_plain(words, clean, sizeof clean);
    ctl_fail(talk->ctl, "%s%.*s", about, (int)length, clean);
    talk->is_refused = true;
}

static void add_line(struct talk *talk, const struct ircmsg *message) {
    char clean[4 * LINE_MAX_SIZE], data[IRCMSG_SERVER_TAGS + 1];
    struct text words = ircmsg_param(message, message->count - 1);
    size_t length = utf8_plain(words, clean, sizeof clean);
    json_t *line = json_object();
    json_object_set_new(line, "words", json_stringn(clean, length));
    if (ircmsg_tag(message->tags, "minichat/data", data, sizeof data)) {
        json_t *value = json_loads(data, 0, NULL);
        if (value) json_object_set_new(line, "data", value);
    }
    json_array_append_new(talk->lines, line);
}

/* RFC 2812 5.2: from 400 on numerics are errors. */
static bool is_error(const struct ircmsg *message) {
    uint64_t numeric;
    if (text_is(message->verb, "FAIL")) return true;
    return text_number(message->verb, &numeric) && numeric >= 400;
}

static void take(struct talk *talk, const struct ircmsg *message) {
    struct text words = ircmsg_param(message, message->count - 1);
    if (text_is(message->verb, "451") || text_is(message->verb, "481"))
        end_refused(talk, "only root and the server's own user may do that",
                    text_of(""));
    else if (is_error(message))
        end_refused(talk, "", words);
    else if (text_is(message->verb, "NOTICE") && message->count)
        add_line(talk, message);
}

/* ircv3.net/specs/extensions/labeled-response: a line with our label, alone
 * or the opening of a batch. */
static void take_labeled(struct talk *talk, const struct ircmsg *message) {
    struct text name = ircmsg_param(message, 0);
    bool opens = text_is(message->verb, "BATCH") && text_begins(name, "+") &&
                 text_copy(text_after(name, 1), talk->batch, BATCH_SIZE);
    if (!opens) take(talk, message);
    talk->is_over = !opens;
}

static void hear(struct talk *talk, struct text line) {
    struct ircmsg message;
    char value[BATCH_SIZE];
    if (!ircmsg_parse(&message, line)) return;
    struct text name = ircmsg_param(&message, 0);
    if (text_is(message.verb, "ERROR")) {
        end_refused(talk, "the server closed the connection: ",
                    ircmsg_param(&message, 0));
        talk->is_over = true;
    } else if (ircmsg_tag(message.tags, "label", value, sizeof value)) {
        take_labeled(talk, &message);
    } else if (*talk->batch && text_is(message.verb, "BATCH") &&
               text_is(text_after(name, 1), talk->batch)) {
        talk->is_over = true;
    } else if (*talk->batch &&
               ircmsg_tag(message.tags, "batch", value, sizeof value) &&
               strcmp(value, talk->batch) == 0) {
        take(talk, &message);
    }
}

static void hear_lines(struct talk *talk, struct text bytes) {
    struct text line;
    enum framed framed;
    framer_feed(&talk->framer, bytes);
    while (!talk->is_over &&
           (framed = framer_next(&talk->framer, &line)) != FRAMED_NOTHING)
        if (framed == FRAMED_LINE) hear(talk, line);
    framer_keep(&talk->framer);
}

static bool listen_to(struct talk *talk) {
    char bytes[LINE_MAX_SIZE];
    while (!talk->is_over) {
        if (!wait_for(talk, POLLIN)) return false;
        ssize_t got = recv(talk->fd, bytes, sizeof bytes, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (got <= 0) {
            ctl_fail(talk->ctl, "the server hung up");
            return false;
        }
        hear_lines(talk, text_slice(bytes, (size_t)got));
    }
    return !talk->is_refused;
}

static bool converse(struct talk *talk, const char *const words[]) {
    char question[IRCMSG_BODY + IRCMSG_CLIENT_TAGS];
    struct writer writer = writer_on(question, sizeof question);
    bool fine = write_question(talk, words, &writer) &&
                send_all(talk, writer_text(&writer)) && listen_to(talk);
    framer_finish(&talk->framer);
    return fine;
}

enum ctl_talk ctl_talk(struct ctl *ctl, const char *const words[],
                       json_t **answer) {
    struct talk talk = {.ctl = ctl};
    *answer = NULL;
    talk.fd = dial_server(ctl);
    if (talk.fd == BUSY) return CTL_TALK_REFUSED;
    if (talk.fd < 0) return CTL_TALK_NOBODY;
    talk.lines = json_array();
    talk.deadline = now_ms() + CTL_TALK_SECONDS * 1000;
    framer_init(&talk.framer, LINE_MAX_SIZE);
    bool fine = converse(&talk, words);
    close(talk.fd);
    if (fine) *answer = talk.lines;
    if (!fine) json_decref(talk.lines);
    return fine ? CTL_TALK_DONE : CTL_TALK_REFUSED;
}

/* As a command ------------------------------------------------------------- */

static void print_data(const json_t *answer) {
    json_t *all = json_array(), *data;
    for (size_t i = 0; i < json_array_size(answer); i++)
        if ((data = json_object_get(json_array_get(answer, i), "data")))
            json_array_append(all, data);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

static void print_words(const json_t *answer) {
    for (size_t i = 0; i < json_array_size(answer); i++)
        puts(json_string_value(
            json_object_get(json_array_get(answer, i), "words")));
}

int ctl_talk_print(struct ctl *ctl, const char *const words[]) {
    json_t *answer;
    if (ctl_talk(ctl, words, &answer) != CTL_TALK_DONE) return CTL_FAILED;
    if (ctl->json)
        print_data(answer);
    else
        print_words(answer);
    json_decref(answer);
    return CTL_FINE;
}

int ctl_talk_print_text(struct ctl *ctl, const char *command, char **words,
                        size_t from) {
    const char *asked[WORDS_MAX + 1] = {command};
    char text[IRCMSG_BODY];
    struct writer writer = writer_on(text, sizeof text - 1);
    size_t count = 0;
    for (; count < from && count + 3 < WORDS_MAX && words[count]; count++)
        asked[count + 1] = words[count];
    for (size_t i = count; words[i]; i++)
        write_format(&writer, "%s%s", i > count ? " " : "", words[i]);
    if (writer.full) return ctl_fail(ctl, "that is too long");
    text[writer.length] = '\0';
    if (writer.length) asked[count + 1] = text;
    return ctl_talk_print(ctl, asked);
}
