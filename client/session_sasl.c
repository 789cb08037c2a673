/* Logging in by SASL: ircv3.net/specs/extensions/sasl-3.1 and 3.2.
 *   PLAIN (RFC 4616)        a password, or a token as one
 *   OAUTHBEARER (RFC 7628)  a token as what it is
 *   EXTERNAL (RFC 4422 A)   as the kernel or our certificate knows us */
#include <stdlib.h>
#include <string.h>

#include "client/session_parts.h"
#include "protocol/base64.h"
#include "protocol/memory.h"

enum { SASL_CHUNK = 400, FAILURE_SIZE = 1024 };

/* Where an exchange stands. */
enum { STEP_NONE, STEP_ASKED, STEP_ANSWERED, STEP_OVER };

static const struct mechanism {
    const char *name;
    enum sasl sasl;
    bool secret; /* it is what is sent */
} MECHANISMS[] = {
    /* In the order of preference, where all is left to us. */
    {"PLAIN", SASL_PLAIN, true},
    {"OAUTHBEARER", SASL_OAUTHBEARER, true},
    {"EXTERNAL", SASL_EXTERNAL, false},
};
enum { MECHANISM_COUNT = sizeof MECHANISMS / sizeof *MECHANISMS };

/* An empty list says nothing, so any of them is tried. */
void session_sasl_offered(struct session *session, struct text list) {
    unsigned known = list.length == 0 ? ~0U : 0;
    while (list.length > 0) {
        struct text name = text_piece(&list, ',');
        for (size_t i = 0; i < MECHANISM_COUNT; i++)
            if (text_equals_folded(name, text_of(MECHANISMS[i].name)))
                known |= 1U << i;
    }
    session->mechanisms = known;
}

static bool can_try(const struct login *login, size_t i) {
    const struct mechanism *mechanism = &MECHANISMS[i];
    if (login->sasl != SASL_AUTO && login->sasl != mechanism->sasl)
        return false;
    return mechanism->secret ? login->secret != NULL : login->external;
}

/* NULL: none that the server offers and the login has something for. */
static const struct mechanism *choose(const struct session *session) {
    for (size_t i = 0; i < MECHANISM_COUNT; i++)
        if (session->mechanisms & 1U << i && can_try(session->login, i))
            return &MECHANISMS[i];
    return NULL;
}

bool session_sasl_wanted(const struct session *session) {
    return choose(session) != NULL;
}

bool session_sasl_has_secret(const struct session *session) {
    const struct mechanism *mechanism = choose(session);
    return mechanism && mechanism->secret;
}

/* Who names a way wants that and no other. */
static bool is_insisted(const struct login *login) {
    return login->sasl != SASL_AUTO && login->sasl != SASL_NONE;
}

static void refuse_missing(struct session *session) {
    char words[128];
    struct writer writer = writer_on(words, sizeof words);
    const char *name = "";
    for (size_t i = 0; i < MECHANISM_COUNT; i++)
        if (MECHANISMS[i].sasl == session->login->sasl)
            name = MECHANISMS[i].name;
    write_format(&writer, "the server does not offer SASL %s", name);
    session_refuse(session, writer_text(&writer));
}

enum sasl_begun session_sasl_begin(struct session *session) {
    const struct mechanism *mechanism =
        session_can(session, CAP_SASL) ? choose(session) : NULL;
    if (session->sasl_step != STEP_NONE) return SASL_UNDER_WAY;
    if (!mechanism && is_insisted(session->login)) {
        session->sasl_step = STEP_OVER;
        refuse_missing(session);
        return SASL_UNDER_WAY;
    }
    if (!mechanism) return SASL_NOT_BEGUN;
    session->sasl = mechanism->sasl;
    session->sasl_step = STEP_ASKED;
    return SASL_BEGUN;
}

void session_sasl_ask(struct session *session) {
    for (size_t i = 0; i < MECHANISM_COUNT; i++)
        if (MECHANISMS[i].sasl == session->sasl)
            session_ask(session, "AUTHENTICATE", text_of(MECHANISMS[i].name),
                        text_of(""), text_of(""));
}

/* Pieces of 400 bytes; one that fills its line is followed by another, empty
 * ("+") where nothing is left. */
static void send_chunks(struct session *session, struct text encoded) {
    for (;;) {
        size_t length =
            encoded.length < SASL_CHUNK ? encoded.length : SASL_CHUNK;
        struct text chunk = text_slice(encoded.at, length);
        session_send_secret(session, "AUTHENTICATE",
                            length ? chunk : text_of("+"));
        if (length < SASL_CHUNK) return;
        encoded = text_after(encoded, length);
    }
}

static void send_encoded(struct session *session, struct text plain) {
    size_t size = (plain.length + 2) / 3 * 4;
    char *encoded = memory_new(size + 1, 1);
    struct writer writer = writer_on(encoded, size);
    base64_write(BASE64_STANDARD, &writer, (const unsigned char *)plain.at,
                 plain.length);
    send_chunks(session, writer_text(&writer));
    explicit_bzero(encoded, size);
    free(encoded);
}

/* A token names its user itself; a password needs the name beside it. */
static struct text name_to_prove(const struct session *session) {
    const struct login *login = session->login;
    if (login->account[0]) return text_of(login->account);
    if (text_begins(text_of(login->secret), "v4.public.")) return text_of("");
    return text_of(login->nick);
}

/* authzid NUL authcid NUL password; authzid is left empty. */
static void write_plain(struct writer *writer, const struct session *session) {
    write_char(writer, '\0');
    write_text(writer, name_to_prove(session));
    write_char(writer, '\0');
    write_string(writer, session->login->secret);
}

/* n,a=ADA,^Aauth=Bearer TOKEN^A^A; a name with , or = in it is none of IRC. */
static void write_bearer(struct writer *writer, const struct session *session) {
    const char *account = session->login->account;
    write_string(writer, "n,");
    if (account[0]) write_string(writer, "a=");
    write_string(writer, account);
    write_string(writer, ",\001auth=Bearer ");
    write_string(writer, session->login->secret);
    write_string(writer, "\001\001");
}

static void send_answer(struct session *session) {
    const char *secret = session->login->secret ? session->login->secret : "";
    const char *speaks_for =
        session->login->speaks_for ? session->login->speaks_for : "";
    size_t size = strlen(secret) + strlen(speaks_for) + NAME_SIZE + 64;
    char *plain = memory_new(size, 1);
    struct writer writer = writer_on(plain, size);
    if (session->sasl == SASL_PLAIN) write_plain(&writer, session);
    if (session->sasl == SASL_OAUTHBEARER) write_bearer(&writer, session);
    if (session->sasl == SASL_EXTERNAL) write_string(&writer, speaks_for);
    if (writer.length > 0)
        send_encoded(session, writer_text(&writer));
    else
        session_ask(session, "AUTHENTICATE", text_of("+"), text_of(""),
                    text_of(""));
    explicit_bzero(plain, size);
    free(plain);
}

static bool is_word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || byte == '_';
}

/* {"status":"invalid_token",…}: the status is all that says something to a
 * person (RFC 7628 3.2.2). */
static void keep_status(struct session *session, struct text json) {
    static const char key[] = "\"status\"";
    while (json.length > 0 && !text_begins(json, key))
        json = text_after(json, 1);
    json = text_after(json, sizeof key - 1);
    while (json.length > 0 && !is_word_byte(json.at[0]))
        json = text_after(json, 1);
    size_t length = 0;
    while (length < json.length && is_word_byte(json.at[length]))
        length++;
    text_copy(text_slice(json.at, length), session->sasl_fault,
              sizeof session->sasl_fault);
}

/* The token was refused: the server says why, and wants an answer before it
 * says so to everybody (904). */
static void take_failure(struct session *session, struct text encoded) {
    unsigned char bytes[FAILURE_SIZE];
    size_t length;
    if (base64_read(BASE64_STANDARD, encoded, bytes, sizeof bytes, &length))
        keep_status(session, text_slice((const char *)bytes, length));
    session_ask(session, "AUTHENTICATE", text_of("AQ=="), text_of(""),
                text_of(""));
}

void session_sasl_take(struct session *session, struct text answer) {
    if (session->sasl_step == STEP_ASKED && text_is(answer, "+")) {
        session->sasl_step = STEP_ANSWERED;
        send_answer(session);
    } else if (session->sasl_step == STEP_ANSWERED &&
               session->sasl == SASL_OAUTHBEARER) {
        session->sasl_step = STEP_OVER;
        take_failure(session, answer);
    }
}

/* Who brought a secret, or named the way, wants to be that one or nobody. Who
 * only offered to be recognised goes on: the server says whether it takes
 * guests. */
bool session_sasl_fail(struct session *session, struct text why) {
    char words[256];
    struct writer writer = writer_on(words, sizeof words);
    if (session->sasl_step == STEP_NONE) return false;
    session->sasl_step = STEP_OVER;
    if (!session->login->secret && !is_insisted(session->login)) return true;
    if (session->sasl_fault[0])
        write_format(&writer, "%s: ", session->sasl_fault);
    write_text(&writer, why);
    session_refuse(session, writer.full ? why : writer_text(&writer));
    return false;
}
