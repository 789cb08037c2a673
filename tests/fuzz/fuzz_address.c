/* What is read as an address is the same address after it was written. */
#include "protocol/address.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void are_equal(const struct address *a, const struct address *b) {
    must(a->kind == b->kind && a->dialect == b->dialect);
    must(a->port == b->port);
    must(strcmp(a->host, b->host) == 0);
    must(strcmp(a->path, b->path) == 0);
    must(strcmp(a->rooms, b->rooms) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct address address, again;
    char written[ADDRESS_SIZE], twice[ADDRESS_SIZE];
    struct text text = text_slice((const char *)data, size);
    const char *wrong = address_parse(&address, text);
    if (wrong) {
        must(strlen(wrong) > 10);
        return 0;
    }
    must((address.host[0] == '\0') == (address.kind == ADDRESS_UNIX));
    must((address.path[0] != '\0') == (address.kind == ADDRESS_UNIX));
    address_write(&address, written);
    must(address_parse(&again, text_of(written)) == NULL);
    are_equal(&address, &again);
    address_write(&again, twice);
    must(strcmp(written, twice) == 0);
    return 0;
}
