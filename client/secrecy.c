#include "client/secrecy.h"

#include <string.h>

/* Who takes passwords by message; modules of a bouncer begin with '*'. */
static const char *const SERVICES[] = {
    "nickserv", "chanserv", "authserv", "userserv", "saslserv",
    "operserv", "hostserv", "q",        "x",        "l",
};

/* What comes before a password there. */
static const char *const VERBS[] = {
    "identify", "sidentify", "id",       "login",      "auth",
    "register", "ghost",     "recover",  "release",    "regain",
    "group",    "drop",      "newpass",  "resetpass",  "setpass",
    "set",      "confirm",   "password", "changepass", "verify",
};

/* Commands whose words may be secret; any start of two letters names them. */
static const char *const COMMANDS[] = {
    "login", "oper", "pass", "password", "ns", "nickserv", "identify", "auth",
};

/* What is said to somebody by one of these, and by raw IRC. */
static const char *const SAYERS[] = {"msg", "query", "notice", "privmsg"};
static const char *const RAW[] = {"raw", "quote"};
static const char *const LOGINS[] = {"pass", "oper", "authenticate"};

/* Lines of these hold one where they speak of one. */
static const char *const SETTERS[] = {"set", "network", "connect", "save"};
static const char *const WORDS[] = {"pass", "secret", "token"};

/* What lets in whoever shows it, wherever it stands. */
static const char *const SECRETS[] = {"v4.public.", "k4.secret."};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

size_t secrecy_token(struct text line) {
    for (size_t at = 0; at < line.length; at++)
        for (size_t i = 0; i < COUNT(SECRETS); i++)
            if (text_begins(text_after(line, at), SECRETS[i])) return at;
    return line.length;
}

static bool is_among(struct text word, const char *const list[], size_t count) {
    for (size_t i = 0; i < count; i++)
        if (text_equals_folded(word, text_of(list[i]))) return true;
    return false;
}

static bool begins_one(struct text word, const char *const list[],
                       size_t count) {
    for (size_t i = 0; i < count; i++)
        if (word.length <= strlen(list[i]) && word.length > 1 &&
            text_equals_folded(word, text_slice(list[i], word.length)))
            return true;
    return false;
}

static bool is_service(struct text target) {
    target.length = text_find(target, '@');
    return text_begins(target, "*") ||
           is_among(target, SERVICES, COUNT(SERVICES));
}

bool secrecy_said(struct text target, struct text body) {
    if (!is_service(target)) return false;
    if (text_begins(target, "*")) return true;
    return is_among(text_word(&body), VERBS, COUNT(VERBS)) && body.length > 0;
}

static bool mentions_secret(struct text line) {
    for (; line.length > 0; line = text_after(line, 1))
        for (size_t i = 0; i < COUNT(WORDS); i++)
            if (text_begins_folded(line, WORDS[i])) return true;
    return false;
}

/* A line of IRC: PASS x, PRIVMSG NickServ :identify x, NICKSERV identify x. */
static bool is_secret_raw(struct text line) {
    struct text verb = text_word(&line);
    if (is_among(verb, LOGINS, COUNT(LOGINS))) return true;
    if (begins_one(verb, COMMANDS, COUNT(COMMANDS))) return true;
    if (!is_among(verb, SAYERS, COUNT(SAYERS))) return false;
    struct text target = text_word(&line);
    return secrecy_said(target, text_after(line, text_begins(line, ":")));
}

bool secrecy_gives_away(struct text line) {
    bool is_said = !text_begins(line, "/") || text_begins(line, "//");
    return is_said && secrecy_token(line) < line.length;
}

bool secrecy_typed(struct text line) {
    line = text_trim(line);
    if (secrecy_token(line) < line.length) return true;
    if (!text_begins(line, "/") || text_begins(line, "//")) return false;
    struct text rest = text_after(line, 1);
    struct text verb = text_word(&rest);
    if (begins_one(verb, COMMANDS, COUNT(COMMANDS))) return rest.length > 0;
    if (begins_one(verb, RAW, COUNT(RAW))) return is_secret_raw(rest);
    if (begins_one(verb, SETTERS, COUNT(SETTERS))) return mentions_secret(rest);
    if (!begins_one(verb, SAYERS, COUNT(SAYERS))) return false;
    struct text target = text_word(&rest);
    return secrecy_said(target, rest);
}

/* What is a secret in it: its end, or nothing. */

static struct text secret_said(struct text target, struct text body) {
    if (!secrecy_said(target, body)) return text_of("");
    if (!text_begins(target, "*")) (void)text_word(&body);
    return body;
}

static struct text secret_raw(struct text rest) {
    struct text verb = text_word(&rest);
    if (is_among(verb, LOGINS, COUNT(LOGINS))) return rest;
    if (is_among(verb, COMMANDS, COUNT(COMMANDS))) return rest;
    if (!is_among(verb, SAYERS, COUNT(SAYERS))) return text_of("");
    struct text target = text_word(&rest);
    return secret_said(target, text_after(rest, text_begins(rest, ":")));
}

/* "/op" and "/nick" begin commands with secrets, and are none. */
size_t secrecy_visible(struct text line) {
    struct text rest = text_after(line, 1), secret = text_of("");
    size_t token = secrecy_token(line);
    if (!text_begins(line, "/") || text_begins(line, "//")) return token;
    struct text verb = text_word(&rest);
    if (is_among(verb, COMMANDS, COUNT(COMMANDS)) ||
        begins_one(verb, COMMANDS, 1)) {
        secret = rest;
    } else if (begins_one(verb, RAW, COUNT(RAW))) {
        secret = secret_raw(rest);
    } else if (begins_one(verb, SAYERS, COUNT(SAYERS))) {
        struct text target = text_word(&rest);
        secret = secret_said(target, rest);
    }
    size_t visible = line.length - secret.length;
    return visible < token ? visible : token;
}
