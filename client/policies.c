#include "client/policies.h"

#include <string.h>

#include "protocol/writer.h"

struct policy policy_read(struct text value) {
    struct policy policy = {0};
    while (value.length > 0) {
        struct text token = text_piece(&value, ',');
        struct text key = text_piece(&token, '=');
        uint64_t number;
        if (!text_number(token, &number)) continue;
        if (text_is(key, "port") && number <= UINT16_MAX)
            policy.port = (uint16_t)number;
        if (!text_is(key, "duration")) continue;
        policy.lasts = true;
        policy.duration = number < POLICY_MOST ? number : POLICY_MOST;
    }
    return policy;
}

/* ".localhost" and "localhost" are always this machine (RFC 6761 6.3). */
bool policy_concerns(const struct address *address) {
    struct text host = text_of(address->host);
    const char end[] = ".localhost";
    if (address_is_local(address)) return false;
    size_t length = sizeof end - 1;
    return host.length < length ||
           !text_is(text_after(host, host.length - length), end);
}

void policies_init(struct policies *policies) {
    *policies = (struct policies){0};
    ledger_init(&policies->ledger, "strict_transport");
}

void policies_finish(struct policies *policies) {
    ledger_finish(&policies->ledger);
}

static bool find(struct policies *policies, struct text host, uint64_t *port,
                 uint64_t *until) {
    struct text rest;
    return ledger_find(&policies->ledger, host, &rest) &&
           text_number(text_word(&rest), port) && *port > 0 &&
           *port <= UINT16_MAX && text_number(text_word(&rest), until);
}

uint16_t policies_find(struct policies *policies, const char *host,
                       int64_t now) {
    uint64_t port, until;
    if (!find(policies, text_of(host), &port, &until)) return 0;
    return (int64_t)until > now / 1000 ? (uint16_t)port : 0;
}

bool policies_forget(struct policies *policies, struct text host) {
    struct text rest;
    if (!ledger_find(&policies->ledger, host, &rest)) return false;
    ledger_forget(&policies->ledger, host);
    return true;
}

void policies_keep(struct policies *policies, const char *host, uint16_t port,
                   uint64_t duration, int64_t now) {
    char rest[64];
    struct writer writer = writer_on(rest, sizeof rest);
    uint64_t until = (uint64_t)(now / 1000) + duration;
    if (duration == 0) {
        (void)policies_forget(policies, text_of(host));
        return;
    }
    write_format(&writer, "%u %llu %llu", (unsigned)port,
                 (unsigned long long)until, (unsigned long long)duration);
    ledger_set(&policies->ledger, text_of(host), writer_text(&writer));
}
