/* Whatever a server says, in whatever order: the session stays sound, sends
 * only single lines of the protocol's length, tells only what it was told, and
 * what is printed of it cannot drive a terminal. Input that begins with a
 * letter of "sxt" speaks to a login with a secret, with SASL EXTERNAL, with a
 * token. A line that begins with '/' is said by ourselves. */
#include <stdlib.h>
#include <string.h>

#include "client/pending.h"
#include "client/session.h"
#include "client/transcript.h"
#include "protocol/framer.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void has_no_control(struct text line) {
    for (size_t i = 0; i < line.length; i++)
        must((unsigned char)line.at[i] >= ' ' && line.at[i] != 127);
}

static void on_news(struct session_owner *owner, const struct news *news) {
    static char printed[TRANSCRIPT_SIZE];
    struct writer writer = writer_on(printed, sizeof printed);
    (void)owner;
    must(news->kind < NEWS_KINDS);
    if (!transcript_write(&writer, news, text_of("#lobby"))) return;
    struct text lines = writer_text(&writer);
    must(lines.at[lines.length - 1] == '\n');
    must(utf8_valid(lines));
    while (lines.length > 0)
        has_no_control(text_piece(&lines, '\n'));
}

static void on_send(struct session_owner *owner, struct text line) {
    (void)owner;
    must(line.length > 0);
    must(text_find(line, '\n') == line.length);
    must(text_find(line, '\r') == line.length);
    must(text_find(line, '\0') == line.length);
    if (text_begins(line, "@")) text_piece(&line, ' ');
    must(line.length <= IRCMSG_BODY);
}

static struct login login_of(char kind) {
    struct login login = {.nick = "ada"};
    if (kind == 's') login.secret = "sesame";
    if (kind == 't') login.secret = "v4.public.token";
    login.external = kind == 'x';
    return login;
}

static void is_sound(const struct session *session) {
    must(memchr(session->nick, '\0', sizeof session->nick));
    must(memchr(session->network, '\0', sizeof session->network));
    must(memchr(session->prefixes, '\0', sizeof session->prefixes));
    must(strlen(session->prefixes) == strlen(session->prefix_modes));
    must(session->nick[0]);
}

/* Each piece goes once, whatever becomes of it. A '|' is a line end. */
static void say(struct session *session, struct text target, struct text line) {
    struct pending pending = {0};
    char *lines = memory_string(line.at, line.length);
    for (size_t i = 0; i < line.length; i++)
        if (lines[i] == '|') lines[i] = '\n';
    (void)pending_say(&pending, NEWS_SAID, target,
                      text_slice(lines, line.length), 1000);
    free(lines);
    (void)pending_answer(&pending, NEWS_ACTED, target, line, target, 1000);
    session_flush(session, &pending, target, 1000);
    for (size_t i = 0; i < pending.count; i++)
        must(pending.lines[i]->state == PENDING_SENT);
    pending_finish(&pending);
}

static void take(struct session *session, struct text line) {
    struct text target;
    if (!text_begins(line, "/")) {
        session_take(session, line, 1000);
        return;
    }
    line = text_after(line, 1);
    target = text_word(&line);
    say(session, target, line);
    session_history_before(session, target, (struct place){line, 1}, 5);
    session_mark_read(session, target, 1);
    session_search(session, line);
    session_typing(session, target, TYPING_ACTIVE);
    session_react(session, target, target, line, true);
    session_redact(session, target, target, line);
    session_join(session, target, line);
    session_leave(session, target, line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct session_owner owner = {on_news, on_send};
    struct session session;
    struct framer framer;
    struct text line;
    struct login login = login_of(size > 0 ? (char)data[0] : '\0');
    session_init(&session, &owner, &login);
    session_begin(&session);
    framer_init(&framer, 9215);
    framer_feed(&framer, text_slice((const char *)data, size));
    enum framed framed;
    while ((framed = framer_next(&framer, &line)) != FRAMED_NOTHING) {
        if (framed == FRAMED_LINE) take(&session, line);
        is_sound(&session);
    }
    framer_finish(&framer);
    session_finish(&session);
    return 0;
}
