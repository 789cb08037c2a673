#include "client/trust.h"

#include <string.h>
#include <time.h>

static const char HASH[] = "sha256:";
static const char FILE_NAME[] = "known_servers";

/* Hexadecimal digits as openssl and others write them: with colons, in either
 * case. */
static bool read_hash(struct text text, char to[TLS_HASH_SIZE]) {
    struct writer writer = writer_on(to, TLS_HASH_SIZE - 1);
    for (size_t i = 0; i < text.length; i++) {
        char digit = text_fold(text.at[i]);
        bool hexadecimal =
            (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
        if (digit == ':') continue;
        if (!hexadecimal) return false;
        write_char(&writer, digit);
    }
    to[writer.length] = '\0';
    return !writer.full && writer.length == TLS_HASH_SIZE - 1;
}

const char *trust_wish_read(struct trust_wish *wish, struct text text) {
    *wish = (struct trust_wish){0};
    if (text.length == 0 || text_is(text, "pin")) return NULL;
    if (text_begins_folded(text, HASH)) {
        wish->rule = TRUST_HASH;
        if (read_hash(text_after(text, strlen(HASH)), wish->hash)) return NULL;
        return "behind sha256: there are 64 hexadecimal digits";
    }
    wish->rule = TRUST_CA;
    return text_is(text, "ca") ? NULL : "expected ca, pin or sha256:…";
}

void trust_init(struct trust *trust) {
    *trust = (struct trust){0};
    ledger_init(&trust->ledger, FILE_NAME);
    policies_init(&trust->policies);
}

void trust_finish(struct trust *trust) {
    ledger_finish(&trust->ledger);
    policies_finish(&trust->policies);
}

void trust_name(const struct address *address, char to[LEDGER_NAME_SIZE]) {
    struct writer writer = writer_on(to, LEDGER_NAME_SIZE);
    bool ipv6 = strchr(address->host, ':');
    to[0] = '\0';
    write_format(&writer, ipv6 ? "[%s]:%u" : "%s:%u", address->host,
                 (unsigned)address->port);
}

/* "sha256:9f86… 2026-11-22"; what is damaged is no entry. */
static bool read_entry(struct text server, struct text rest,
                       struct trust_entry *entry) {
    struct text hash = text_word(&rest);
    *entry = (struct trust_entry){0};
    return text_begins(hash, HASH) &&
           read_hash(text_after(hash, strlen(HASH)), entry->key) &&
           text_copy(server, entry->server, sizeof entry->server) &&
           text_copy(text_word(&rest), entry->since, sizeof entry->since);
}

static bool accepted_once(const struct trust *trust, const char *server,
                          const char *key) {
    for (size_t i = 0; i < trust->once_count; i++)
        if (strcmp(trust->once[i].server, server) == 0 &&
            strcmp(trust->once[i].key, key) == 0)
            return true;
    return false;
}

static bool find(struct trust *trust, const char *server,
                 struct trust_entry *entry) {
    struct text rest;
    *entry = (struct trust_entry){0};
    return ledger_find(&trust->ledger, text_of(server), &rest) &&
           read_entry(text_of(server), rest, entry);
}

static bool is_hash_of(const struct tls_peer *peer, const char *hash) {
    return strcmp(hash, peer->key) == 0 || strcmp(hash, peer->certificate) == 0;
}

static enum trust_verdict judge_pin(struct trust *trust, const char *server,
                                    const struct tls_peer *peer,
                                    struct trust_entry *entry) {
    bool known = find(trust, server, entry);
    if (peer->trusted || accepted_once(trust, server, peer->key))
        return TRUST_FINE;
    if (!known) return TRUST_UNKNOWN;
    return strcmp(entry->key, peer->key) == 0 ? TRUST_FINE : TRUST_CHANGED;
}

enum trust_verdict trust_judge(struct trust *trust,
                               const struct trust_wish *wish,
                               const char *server, const struct tls_peer *peer,
                               struct trust_entry *entry) {
    struct trust_entry nobody;
    if (!entry) entry = &nobody;
    *entry = (struct trust_entry){0};
    switch (wish->rule) {
    case TRUST_PIN: return judge_pin(trust, server, peer, entry);
    case TRUST_CA: return peer->trusted ? TRUST_FINE : TRUST_UNVOUCHED;
    case TRUST_HASH:
        return is_hash_of(peer, wish->hash) ? TRUST_FINE : TRUST_MISMATCH;
    }
    return TRUST_UNVOUCHED;
}

static void write_day(struct writer *writer, int64_t ms) {
    time_t seconds = (time_t)(ms / 1000);
    char day[TRUST_SINCE_SIZE] = "";
    struct tm parts;
    if (gmtime_r(&seconds, &parts))
        (void)strftime(day, sizeof day, "%Y-%m-%d", &parts);
    write_string(writer, day);
}

static void remember_once(struct trust *trust, const char *server,
                          const char *key) {
    struct trust_entry *entry = &trust->once[trust->once_count];
    if (trust->once_count == TRUST_ONCE_MAX) return;
    text_copy(text_of(server), entry->server, sizeof entry->server);
    text_copy(text_of(key), entry->key, sizeof entry->key);
    trust->once_count++;
}

void trust_accept(struct trust *trust, const char *server, const char *key,
                  enum trust_answer answer, int64_t now) {
    char rest[TLS_HASH_SIZE + TRUST_SINCE_SIZE + sizeof HASH];
    struct writer writer = writer_on(rest, sizeof rest);
    if (answer == TRUST_ACCEPT_ONCE) remember_once(trust, server, key);
    if (answer != TRUST_SAVE) return;
    write_format(&writer, "%s%s ", HASH, key);
    write_day(&writer, now);
    ledger_set(&trust->ledger, text_of(server), writer_text(&writer));
}

/* "irc.example.org" is so called at any of its ports. */
static bool is_of(struct text server, struct text host) {
    if (text_equals_folded(server, host)) return true;
    return server.length > host.length && server.at[host.length] == ':' &&
           text_equals_folded(text_slice(server.at, host.length), host);
}

static void forget_once(struct trust *trust, struct text host) {
    size_t kept = 0;
    for (size_t i = 0; i < trust->once_count; i++)
        if (!is_of(text_of(trust->once[i].server), host))
            trust->once[kept++] = trust->once[i];
    trust->once_count = kept;
}

/* The first server of that host in the ledger; a copy. */
static bool find_one_of(struct trust *trust, struct text host,
                        char to[LEDGER_NAME_SIZE]) {
    struct text content = ledger_content(&trust->ledger);
    while (content.length > 0) {
        struct text line = text_piece(&content, '\n');
        struct text server = text_word(&line);
        if (is_of(server, host) && text_copy(server, to, LEDGER_NAME_SIZE))
            return true;
    }
    return false;
}

size_t trust_forget(struct trust *trust, struct text host) {
    char server[LEDGER_NAME_SIZE];
    size_t before = trust->once_count, count = 0;
    forget_once(trust, host);
    count += before - trust->once_count;
    for (; find_one_of(trust, host, server); count++)
        ledger_forget(&trust->ledger, text_of(server));
    return count + policies_forget(&trust->policies, host);
}

size_t trust_list(struct trust *trust, struct text host,
                  struct writer *writer) {
    struct text content = ledger_content(&trust->ledger);
    struct trust_entry entry;
    size_t count = 0;
    while (content.length > 0) {
        struct text rest = text_piece(&content, '\n');
        struct text server = text_word(&rest);
        if (host.length > 0 && !is_of(server, host)) continue;
        if (!read_entry(server, rest, &entry)) continue;
        write_format(writer, "%s  %s%s  since %s\n", entry.server, HASH,
                     entry.key, entry.since);
        count++;
    }
    return count;
}

static void write_line(struct writer *writer, const char *what,
                       const char *words) {
    if (*words) write_format(writer, "%-12s%s\n", what, words);
}

void trust_describe(struct writer *writer, const struct tls_peer *peer) {
    write_line(writer, "subject", peer->subject);
    write_line(writer, "hosts", peer->names);
    write_line(writer, "issuer", peer->issuer);
    write_string(writer, "valid       from ");
    write_day(writer, peer->from);
    write_string(writer, " until ");
    write_day(writer, peer->until);
    write_string(writer, "\n");
    write_format(writer, "SHA-256     %s\n", peer->key);
    write_format(writer, "certificate %s\n", peer->certificate);
}

static void explain_change(struct writer *writer,
                           const struct trust_entry *entry, const char *server,
                           const struct tls_peer *peer) {
    struct text host = text_of(server);
    while (host.length > 0 && host.at[host.length] != ':')
        host.length--;
    write_format(writer,
                 "THE KEY OF %s HAS CHANGED: since %s it is sha256:%s, but now "
                 "it shows sha256:%s · somebody may be in between; nothing was "
                 "sent · only if its owner says that this is right: /trust "
                 "%.*s forget, then /reconnect",
                 server, entry->since, entry->key, peer->key, (int)host.length,
                 host.at);
}

void trust_explain(struct writer *writer, enum trust_verdict verdict,
                   const struct trust_wish *wish,
                   const struct trust_entry *entry, const char *server,
                   const struct tls_peer *peer) {
    switch (verdict) {
    case TRUST_FINE: break;
    case TRUST_UNKNOWN:
        write_format(writer,
                     "nobody vouches for %s (%s), whose key is sha256:%s · "
                     "compare that with what its owner says, and then use "
                     "--trust sha256:%s",
                     server, peer->wrong, peer->key, peer->key);
        break;
    case TRUST_CHANGED: explain_change(writer, entry, server, peer); break;
    case TRUST_UNVOUCHED:
        write_format(writer,
                     "no authority vouches for %s (%s), and trust = ca wants "
                     "one",
                     server, peer->wrong);
        break;
    case TRUST_MISMATCH:
        write_format(writer,
                     "%s has another key than sha256:%s: it shows sha256:%s, "
                     "in a certificate with sha256:%s",
                     server, wish->hash, peer->key, peer->certificate);
        break;
    }
}
