/* Whatever stands in known_servers, and whatever is given as a rule: only a
 * whole line believes a server, and to forget or to save one leaves the lines
 * of others as they were. */
#include <stdlib.h>
#include <string.h>

#include "client/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void believe(struct text content) {
    static char listed[1 << 20];
    struct trust trust = {0};
    struct trust_wish wish = {0};
    struct trust_entry entry;
    struct tls_peer peer = {0};
    struct writer writer = writer_on(listed, sizeof listed);
    memset(peer.key, '1', TLS_HASH_SIZE - 1);
    bytes_add(&trust.ledger.content, content);
    enum trust_verdict verdict =
        trust_judge(&trust, &wish, "irc.example.org:6697", &peer, &entry);
    if (verdict == TRUST_FINE) must(strcmp(entry.key, peer.key) == 0);
    trust_list(&trust, text_of(""), &writer);
    trust_accept(&trust, "irc.example.org:6697", peer.key, TRUST_SAVE, 0);
    must(trust_judge(&trust, &wish, "irc.example.org:6697", &peer, &entry) ==
         TRUST_FINE);
    trust_forget(&trust, text_of("irc.example.org"));
    must(trust_judge(&trust, &wish, "irc.example.org:6697", &peer, &entry) ==
         TRUST_UNKNOWN);
    trust_finish(&trust);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = text_slice((const char *)data, size);
    struct trust_wish wish;
    if (!trust_wish_read(&wish, text) && wish.rule == TRUST_HASH)
        must(strlen(wish.hash) == TLS_HASH_SIZE - 1);
    believe(text);
    return 0;
}
