/* Somebody with a connection of their own, as a script speaks of them. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/talk/talk.h"

/* key=value among the words, or NULL. The caller frees. */
static char *option(struct talk *talk, struct text words, const char *key) {
    while (words.length > 0) {
        struct text value = text_word(&words);
        struct text name = text_piece(&value, '=');
        if (text_is(name, key)) return talk_expand_string(talk, value);
    }
    return NULL;
}

/* Made before it connects: a server takes who is silent for a person. */
static struct tls_context *prepare(struct talk *talk, struct text options) {
    char path[TRIAL_PATH], wrong[TLS_WORDS_SIZE];
    char *shows = option(talk, options, "shows");
    host_certificate_path(talk, text_of(shows ? shows : ""), path);
    free(shows);
    struct tls_context *context =
        tls_context_client(path[0] ? path : NULL, wrong);
    if (!context) talk_complain(talk, "%s", wrong);
    return context;
}

/* As a proxy does. */
static bool introduce(struct talk *talk, const struct peer *peer,
                      struct text options) {
    char *whom = option(talk, options, "by-proxy"), line[128];
    if (!whom) return true;
    int length = snprintf(line, sizeof line, "PROXY TCP%d %s %s 1 2\r\n",
                          strchr(whom, ':') ? 6 : 4, whom, whom);
    free(whom);
    if (length < (int)sizeof line &&
        write(peer->fd, line, (size_t)length) == length)
        return true;
    return talk_complain(talk, "cannot say for whom");
}

static bool dial(struct talk *talk, struct peer *peer, bool local,
                 struct text options) {
    char *user = option(talk, options, "user");
    char *port = option(talk, options, "port");
    char *from = option(talk, options, "from");
    if (talk->trial.server == 0 && !house_runs(talk, NULL)) return false;
    peer_close(peer);
    free(peer->heard);
    peer->heard = NULL;
    peer->length = peer->size = 0;
    peer->ended = peer->irc = false;
    peer->fd = local ? peer_connect_unix(talk, user)
                     : peer_connect_tcp(talk, port, from);
    free(user);
    free(port);
    free(from);
    if (peer->fd < 0)
        return talk_complain(talk, "cannot connect: %s", strerror(errno));
    fcntl(peer->fd, F_SETFL, O_NONBLOCK);
    return introduce(talk, peer, options);
}

static bool log_in(struct talk *talk, struct peer *peer, struct text options,
                   const char *before) {
    char *token = option(talk, options, "token"), *line = NULL;
    const char *value = token ? talk_variable(talk, text_of(token)) : NULL;
    if (token && !value) return talk_complain(talk, "no such token: %s", token);
    free(token);
    if (!value) return true;
    if (asprintf(&line, "%s%s", before, value) < 0) return false;
    bool sent = peer_send(talk, peer, text_of(line));
    free(line);
    return sent;
}

bool caller_unix(struct talk *talk, struct peer *peer, struct text options) {
    return dial(talk, peer, true, options);
}

bool caller_tcp(struct talk *talk, struct peer *peer, struct text options) {
    return dial(talk, peer, false, options) && log_in(talk, peer, options, "");
}

static bool dial_tls(struct talk *talk, struct peer *peer,
                     struct text options) {
    struct tls_context *context = prepare(talk, options);
    bool done = context && dial(talk, peer, false, options) &&
                peer_secure_as_client(talk, peer, context);
    tls_context_free(context);
    return done;
}

bool caller_tls(struct talk *talk, struct peer *peer, struct text options) {
    return dial_tls(talk, peer, options) && log_in(talk, peer, options, "");
}

bool caller_irc(struct talk *talk, struct peer *peer, struct text options) {
    char *over = option(talk, options, "over"), *lines = NULL;
    char *nick = option(talk, options, "nick");
    const char *name = nick ? nick : peer->name;
    bool by_tls = over && strcmp(over, "tls") == 0;
    bool done = by_tls ? dial_tls(talk, peer, options)
                       : dial(talk, peer, over, options);
    peer->irc = true;
    done = done && log_in(talk, peer, options, "PASS ") &&
           asprintf(&lines, "NICK %s\\r\\nUSER %s 0 * :%s", name, name, name) >
               0 &&
           peer_send(talk, peer, text_of(lines)) &&
           peer_expect(talk, peer, AFTER_OTHERS, text_of(":... 422 ..."));
    free(over);
    free(nick);
    free(lines);
    return done;
}

bool caller_sends_raw(struct talk *talk, struct peer *peer, struct text raw) {
    struct text bytes = talk_expand(talk, raw);
    bool sent = peer_send_bytes(talk, peer, bytes);
    free((char *)bytes.at);
    return sent;
}

/* The server answers in order, so what was to be heard came before the answer
 * to a question that is asked now. */
bool caller_hears_nothing(struct talk *talk, struct peer *peer,
                          struct text what) {
    if (!text_is(what, "nothing")) return talk_complain(talk, "hears what?");
    bool asked =
        peer_send(talk, peer, text_of(peer->irc ? "PING :quiet" : "/quiet"));
    return asked &&
           peer_expect(talk, peer, NEXT,
                       text_of(peer->irc ? "...PONG...quiet" : "! ..."));
}

static void say_last_word(struct talk *talk, struct peer *peer) {
    if (!peer->tls) return;
    tls_end(peer->tls);
    (void)peer_send_bytes(talk, peer, text_of(""));
}

bool caller_shuts(struct talk *talk, struct peer *peer, struct text rest) {
    (void)rest;
    say_last_word(talk, peer);
    if (shutdown(peer->fd, SHUT_WR) == 0) return true;
    return talk_complain(talk, "%s", strerror(errno));
}

bool caller_closes(struct talk *talk, struct peer *peer, struct text rest) {
    (void)rest;
    say_last_word(talk, peer);
    peer_close(peer);
    return true;
}

bool caller_breaks(struct talk *talk, struct peer *peer, struct text rest) {
    (void)talk;
    (void)rest;
    peer_close(peer);
    return true;
}

bool caller_resets(struct talk *talk, struct peer *peer, struct text rest) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return caller_closes(talk, peer, rest);
}

bool caller_is_closed(struct talk *talk, struct peer *peer, struct text what) {
    struct text line;
    size_t at = 0;
    if (!text_is(what, "closed")) return talk_complain(talk, "is what?");
    while (!peer->ended)
        if (!peer_wait(talk, peer, POLLIN))
            return talk_complain(talk, "it is still open");
    if (peer->length == 0) return caller_closes(talk, peer, text_of(""));
    while (peer_line(peer, &at, &line))
        talk_note(talk, peer, "<", line);
    return talk_complain(talk, "before it was closed it received more");
}

/* NAME pours N TEXT: in one piece, as from a server that has much to say. */
bool caller_pours(struct talk *talk, struct peer *peer, struct text rest) {
    uint64_t times;
    char number[24], *bytes = NULL;
    size_t length = 0, before = talk->variable_count;
    if (!text_number(text_word(&rest), &times))
        return talk_complain(talk, "expected a number");
    FILE *all = open_memstream(&bytes, &length);
    for (uint64_t n = 1; n <= times; n++) {
        snprintf(number, sizeof number, "%llu", (unsigned long long)n);
        talk_let(talk, text_of("n"), number);
        char *line = talk_expand_string(talk, rest);
        fprintf(all, "%s\r\n", line);
        free(line);
    }
    while (talk->variable_count > before)
        free(talk->variables[--talk->variable_count].value);
    fclose(all);
    bool sent = peer_send_bytes(talk, peer, text_slice(bytes, length));
    free(bytes);
    return sent;
}
