/* Somebody who is a server: a scene plays the other end of a client's wire. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "protocol/ircmsg.h"
#include "tests/certificate.h"
#include "tests/talk/talk.h"

/* {NAME}: its port from now on, free for it to the scene's end. */
static bool take_port(struct talk *talk, struct peer *peer, uint16_t *port) {
    char number[8];
    if (peer->place < 0) {
        *port = 0;
        peer->place = trial_reserve(port);
        snprintf(number, sizeof number, "%u", *port);
        talk_let(talk, text_of(peer->name), number);
    }
    *port =
        (uint16_t)strtoul(talk_variable(talk, text_of(peer->name)), NULL, 10);
    return peer->place >= 0 || talk_complain(talk, "there is no free port");
}

void host_certificate_path(struct talk *talk, struct text name,
                           char path[TRIAL_PATH]) {
    path[0] = '\0';
    if (name.length > 0)
        snprintf(path, TRIAL_PATH, "%s/%.*s.pem", talk->trial.directory,
                 (int)name.length, name.at);
}

/* certificate NAME HOST [by NAME] [like NAME] [old] */
bool host_certificate(struct talk *talk, struct peer *peer, struct text rest) {
    char path[TRIAL_PATH], by[TRIAL_PATH] = "", again[TRIAL_PATH] = "";
    char variable[2 * NAME_SIZE], key[CERTIFICATE_HASH];
    struct text name = text_word(&rest), word;
    char *host = talk_expand_string(talk, text_word(&rest));
    struct certificate_wish wish = {.host = host, .from = -10, .until = 90};
    (void)peer;
    while ((word = text_word(&rest)).length > 0) {
        if (text_is(word, "by"))
            host_certificate_path(talk, text_word(&rest), by);
        if (text_is(word, "like"))
            host_certificate_path(talk, text_word(&rest), again);
        if (text_is(word, "old")) wish.until = -5;
    }
    if (by[0]) wish.by = by;
    if (again[0]) wish.again = again;
    host_certificate_path(talk, name, path);
    certificate_make(path, wish);
    certificate_hash(path, key);
    snprintf(variable, sizeof variable, "%.*s.key", (int)name.length, name.at);
    talk_let(talk, text_of(variable), key);
    free(host);
    return true;
}

/* What it shows from now on. */
static bool take_identity(struct talk *talk, struct peer *peer,
                          struct text rest) {
    char path[TRIAL_PATH], wrong[TLS_WORDS_SIZE];
    bool secure = text_is(text_word(&rest), "tls");
    tls_context_free(peer->identity);
    peer->identity = NULL;
    if (!secure) return true;
    host_certificate_path(talk, text_word(&rest), path);
    peer->identity = tls_context_server(path, path, wrong);
    return peer->identity || talk_complain(talk, "%s", wrong);
}

/* NAME listens: on a free port, {NAME}; once more: on the same one. */
bool host_listens(struct talk *talk, struct peer *peer, struct text rest) {
    uint16_t port;
    if (!take_identity(talk, peer, rest)) return false;
    if (peer->listener >= 0) return true;
    if (!take_port(talk, peer, &port)) return false;
    peer->listener = trial_reserve(&port);
    trial_as_from_afar(peer->listener);
    return (peer->listener >= 0 && listen(peer->listener, 8) == 0) ||
           talk_complain(talk, "cannot listen");
}

/* port V */
bool host_port(struct talk *talk, struct peer *peer, struct text rest) {
    uint16_t port;
    peer = peer_called(talk, rest);
    return peer && take_port(talk, peer, &port);
}

/* NAME hides: nobody listens on its port any more. */
bool host_hides(struct talk *talk, struct peer *peer, struct text rest) {
    (void)talk;
    (void)rest;
    close(peer->listener);
    peer->listener = -1;
    return true;
}

/* NAME accepts: the next one who comes is its peer now. */
bool host_accepts(struct talk *talk, struct peer *peer, struct text rest) {
    (void)rest;
    if (peer->listener < 0) return talk_complain(talk, "it does not listen");
    peer_close(peer);
    peer->fd = peer->listener;
    bool came = peer_wait_bare(talk, peer, POLLIN);
    peer->fd = came ? accept(peer->listener, NULL, NULL) : -1;
    if (peer->fd < 0) return talk_complain(talk, "nobody came");
    fcntl(peer->fd, F_SETFL, O_NONBLOCK);
    fcntl(peer->fd, F_SETFD, FD_CLOEXEC);
    peer->length = 0;
    peer->ended = peer->deaf = false;
    peer->irc = true;
    return !peer->identity || peer_secure(talk, peer);
}

static bool next_message(struct talk *talk, struct peer *peer, char *to,
                         size_t size, struct ircmsg *message) {
    struct text line;
    size_t end = 0;
    while (!peer_line(peer, &end, &line))
        if (peer->ended || !peer_wait(talk, peer, POLLIN)) return false;
    talk_note(talk, peer, "<", line);
    bool fits = text_copy(line, to, size);
    memmove(peer->heard, peer->heard + end, peer->length - end);
    peer->length -= end;
    return fits && ircmsg_parse(message, text_of(to));
}

static bool answer(struct talk *talk, struct peer *peer, const char *before,
                   struct text after) {
    char *line = NULL;
    if (asprintf(&line, "%s%.*s", before, (int)after.length, after.at) < 0)
        abort();
    bool sent = peer_send_bytes(talk, peer, text_of(line)) &&
                peer_send_bytes(talk, peer, text_of("\r\n"));
    talk_note(talk, peer, ">", text_of(line));
    free(line);
    return sent;
}

/* One line of a client that registers. True in *over: it is done. */
static bool serve_line(struct talk *talk, struct peer *peer, const char *caps,
                       char nick[NAME_SIZE], bool *over) {
    char bytes[1024];
    struct ircmsg message;
    if (!next_message(talk, peer, bytes, sizeof bytes, &message))
        return talk_complain(talk, "the client does not register");
    struct text first = ircmsg_param(&message, 0);
    if (text_is(message.verb, "NICK")) text_copy(first, nick, NAME_SIZE);
    if (!text_is(message.verb, "CAP")) return true;
    if (text_is(first, "LS"))
        return answer(talk, peer, ":host CAP * LS :", text_of(caps));
    if (text_is(first, "REQ"))
        return answer(talk, peer,
                      ":host CAP * ACK :", ircmsg_param(&message, 1));
    *over = text_is(first, "END");
    return true;
}

/* NAME welcomes [CAPABILITY...] [005 TOKEN...]: accepts, and registers the
 * client as a server that offers these does. {NAME.nick} is its name then. */
bool host_welcomes(struct talk *talk, struct peer *peer, struct text rest) {
    char nick[NAME_SIZE] = "guest", variable[2 * NAME_SIZE], *caps,
         *line = NULL;
    bool over = false, done = host_accepts(talk, peer, rest);
    char *all = talk_expand_string(talk, rest), *tokens = strstr(all, "005 ");
    caps = all;
    if (tokens) *tokens = '\0';
    while (done && !over)
        done = serve_line(talk, peer, caps, nick, &over);
    if (asprintf(&line,
                 ":host 001 %s :welcome\r\n:host 005 %s NETWORK=host "
                 "CHANTYPES=# PREFIX=(ov)@+ %s :are supported\r\n"
                 ":host 422 %s :no motd",
                 nick, nick, tokens ? tokens + 4 : "UTF8ONLY", nick) < 0)
        abort();
    done = done && answer(talk, peer, line, text_of(""));
    snprintf(variable, sizeof variable, "%s.nick", peer->name);
    talk_let(talk, text_of(variable), nick);
    free(line);
    free(all);
    return done;
}
