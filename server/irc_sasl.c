/* AUTHENTICATE: ircv3.net/specs/extensions/sasl-3.2.
 * PLAIN (RFC 4616) with the token as password, OAUTHBEARER (RFC 7628) with
 * the token as bearer, EXTERNAL (RFC 4422 A) by what the kernel says. An
 * answer may come in lines of 400 bytes or in one of up to 8 KiB. */
#include <string.h>

#include "protocol/base64.h"
#include "protocol/memory.h"
#include "server/attempt.h"
#include "server/irc.h"

enum { SASL_CHUNK = 400, DECODED_SIZE = SASL_SIZE };

static struct {
    const char *name;
    enum sasl_mechanism mechanism;
} const mechanisms[] = {
    {"PLAIN", SASL_PLAIN},
    {"EXTERNAL", SASL_EXTERNAL},
    {"OAUTHBEARER", SASL_OAUTHBEARER},
};
enum { MECHANISMS = sizeof mechanisms / sizeof mechanisms[0] };

static void fail(struct dialogue *dialogue, const char *why) {
    struct registration *r = irc_registration(dialogue);
    r->mechanism = SASL_NONE;
    r->answer_length = 0;
    irc_reply(dialogue, 904, ":SASL authentication failed: %s", why);
}

static const char *words_for(enum refusal refusal) {
    static const char *const words[REFUSALS] = {
        [NOT_A_TOKEN] = "the password must be a token (v4.public.…)",
        [TOKEN_KEY_UNKNOWN] = "the token's key is not trusted here",
        [TOKEN_FORGED] = "the token has a bad signature",
        [TOKEN_EXPIRED] = "the token has expired",
        [TOKEN_NOT_YET] = "the token is not valid yet",
        [TOKEN_REVOKED] = "the token was revoked",
        [TOKEN_FOR_OTHER_NETWORK] = "the token is for another network",
        [TOKEN_CLAIMS_WRONG] = "the token's claims are not as they must be",
        [TOKEN_BEYOND_KEY] = "the token's key is not for that account or role",
        [TOKEN_FOR_OTHER_NAME] = "the token is for another account",
        [NOT_THE_GATEWAY] = ("only the gateway's Unix user may say for whom "
                             "it speaks"),
        [GATEWAY_ALONE] = "the gateway must say for whom it speaks",
        [SSH_KEY_UNKNOWN] = "there is no such ssh key here, or none any more",
    };
    return words[refusal] ? words[refusal] : "malformed answer";
}

static void succeed(struct dialogue *dialogue,
                    const struct admission *admission) {
    struct registration *r = irc_registration(dialogue);
    char name[IRC_SERVER_SIZE];
    r->sasl = *admission;
    r->sasl_done = true;
    r->mechanism = SASL_NONE;
    irc_server_name(dialogue, name);
    irc_reply(dialogue, 900, "%s!%s@%s %s :You are now logged in as %s",
              irc_nick(dialogue), admission->account, name, admission->account,
              admission->account);
    irc_reply(dialogue, 903, ":SASL authentication successful");
}

static enum refusal by_token(struct dialogue *dialogue, struct text account,
                             struct text token, struct admission *admission) {
    enum refusal refusal = attempt_admit(dialogue, account, token, admission);
    if (refusal) return refusal;
    if (account.length && !name_equals(account, text_of(admission->account)))
        return TOKEN_FOR_OTHER_NAME;
    return REFUSED_NOTHING;
}

static enum refusal plain(struct dialogue *dialogue, struct text answer,
                          struct admission *admission) {
    struct text authzid = text_piece(&answer, '\0');
    struct text authcid = text_piece(&answer, '\0');
    if (!answer.length) return LOGIN_FAILED;
    if (authzid.length && !name_equals(authzid, authcid)) return LOGIN_FAILED;
    return by_token(dialogue, authcid, answer, admission);
}

/* n,a=USER,^Ahost=…^Aauth=Bearer TOKEN^A^A */
static enum refusal bearer(struct dialogue *dialogue, struct text answer,
                           struct admission *admission) {
    struct text header = text_piece(&answer, '\001');
    struct text account = {0};
    for (struct text part; header.length;) {
        part = text_piece(&header, ',');
        if (text_begins(part, "a=")) account = text_after(part, 2);
    }
    while (answer.length) {
        struct text pair = text_piece(&answer, '\001');
        if (!text_begins_folded(pair, "auth=bearer ")) continue;
        return by_token(dialogue, account,
                        text_trim(text_after(pair, strlen("auth=bearer "))),
                        admission);
    }
    return LOGIN_FAILED;
}

bool irc_offers_external(const struct dialogue *dialogue) {
    return dialogue->proof || (dialogue->is_gateway && dialogue->is_unix);
}

/* The gateway says for whom it speaks, all others only who they are. */
static enum refusal external(struct dialogue *dialogue, struct text authzid,
                             struct admission *admission) {
    struct door *door = dialogue->house->door;
    if (dialogue->is_gateway && dialogue->is_unix && door)
        return authzid.length ? door_admit_gateway(door, authzid, admission)
                              : GATEWAY_ALONE;
    if (!dialogue->proof) return LOGIN_FAILED;
    if (authzid.length &&
        !name_equals(authzid, text_of(dialogue->proof->account)))
        return NOT_THE_GATEWAY;
    *admission = *dialogue->proof;
    return REFUSED_NOTHING;
}

static enum refusal judge(struct dialogue *dialogue, struct text answer,
                          struct admission *admission) {
    switch (irc_registration(dialogue)->mechanism) {
    case SASL_PLAIN: return plain(dialogue, answer, admission);
    case SASL_OAUTHBEARER: return bearer(dialogue, answer, admission);
    case SASL_EXTERNAL: return external(dialogue, answer, admission);
    case SASL_NONE: break;
    }
    return LOGIN_FAILED;
}

/* What has come is kept where the attempt has to wait. */
static enum refusal conclude(struct dialogue *dialogue) {
    struct registration *r = irc_registration(dialogue);
    struct admission admission = {0};
    char decoded[DECODED_SIZE];
    size_t length = 0;
    bool is_base64 =
        base64_read(BASE64_STANDARD, text_slice(r->answer, r->answer_length),
                    (unsigned char *)decoded, sizeof decoded, &length);
    enum refusal refusal =
        is_base64 ? judge(dialogue, text_slice(decoded, length), &admission)
                  : LOGIN_FAILED;
    explicit_bzero(decoded, sizeof decoded);
    if (refusal == ATTEMPT_WAITS) return refusal;
    explicit_bzero(r->answer, r->answer_size);
    r->answer_length = 0;
    if (refusal)
        fail(dialogue, words_for(refusal));
    else
        succeed(dialogue, &admission);
    return REFUSED_NOTHING;
}

/* Only who logs in by SASL needs room for an answer. */
static struct registration *make_room(struct registration *r) {
    if (r->answer_size) return r;
    r = memory_grow(r, 1, sizeof *r + SASL_SIZE);
    r->answer_size = SASL_SIZE;
    return r;
}

static void begin(struct dialogue *dialogue, struct text name) {
    struct registration *r = irc_registration(dialogue);
    for (size_t i = 0; i < MECHANISMS; i++)
        if (text_equals_folded(name, text_of(mechanisms[i].name)))
            r->mechanism = mechanisms[i].mechanism;
    if (r->mechanism == SASL_EXTERNAL && !irc_offers_external(dialogue))
        r->mechanism = SASL_NONE;
    if (r->mechanism == SASL_NONE) {
        irc_reply(dialogue, 908,
                  "PLAIN,OAUTHBEARER%s :are available SASL mechanisms",
                  irc_offers_external(dialogue) ? ",EXTERNAL" : "");
        fail(dialogue, "no such mechanism");
        return;
    }
    dialogue->registration = make_room(r);
    irc_say(dialogue, "AUTHENTICATE +");
}

enum refusal irc_authenticate(struct dialogue *dialogue,
                              const struct request *request) {
    if (dialogue_entered(dialogue)) return ALREADY_ENTERED;
    struct registration *r = irc_registration(dialogue);
    struct text chunk = request->args[0];
    if (!(dialogue->caps & cap_bit(CAP_SASL))) {
        fail(dialogue, "request the capability sasl first");
        return REFUSED_NOTHING;
    }
    if (r->sasl_done) {
        irc_reply(dialogue, 907, ":You have already authenticated");
        return REFUSED_NOTHING;
    }
    if (r->mechanism == SASL_NONE) {
        begin(dialogue, chunk);
        return REFUSED_NOTHING;
    }
    if (text_is(chunk, "*")) {
        r->mechanism = SASL_NONE;
        r->answer_length = 0;
        irc_reply(dialogue, 906, ":SASL authentication aborted");
        return REFUSED_NOTHING;
    }
    bool is_last = chunk.length != SASL_CHUNK;
    if (text_is(chunk, "+")) chunk.length = 0;
    if (chunk.length > r->answer_size - r->answer_length) {
        r->mechanism = SASL_NONE;
        r->answer_length = 0;
        irc_reply(dialogue, 905, ":SASL message too long");
        return REFUSED_NOTHING;
    }
    memcpy(r->answer + r->answer_length, chunk.at, chunk.length);
    r->answer_length += chunk.length;
    if (!is_last || !conclude(dialogue)) return REFUSED_NOTHING;
    r->answer_length -= chunk.length; /* it comes again */
    return ATTEMPT_WAITS;
}
