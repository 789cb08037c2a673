/* Whatever a server says of TLS, and whatever stands in strict_transport: a
 * port is one, a duration is bounded, and what was kept is found again. */
#include <stdlib.h>

#include "client/policies.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = text_slice((const char *)data, size);
    struct policy policy = policy_read(text);
    struct policies policies = {0};
    must(policy.duration <= POLICY_MOST);
    must(policy.lasts || policy.duration == 0);
    bytes_add(&policies.ledger.content, text);
    (void)policies_find(&policies, "irc.example.org", 1000);
    policies_keep(&policies, "irc.example.org", policy.port, policy.duration,
                  1000);
    must(policies_find(&policies, "irc.example.org", 1000) ==
         (policy.duration > 0 ? policy.port : 0));
    policies_finish(&policies);
    return 0;
}
