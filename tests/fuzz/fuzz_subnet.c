/* What is read as a range of addresses, or as how long, is the same after it
 * was written. */
#include "protocol/duration.h"
#include "protocol/subnet.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void try_subnet(struct text text) {
    struct subnet subnet, again;
    char written[SUBNET_SIZE];
    if (!subnet_read(text, &subnet)) return;
    must(subnet.bits <= 128);
    subnet_write(&subnet, written);
    must(subnet_read(text_of(written), &again));
    must(subnet.bits == again.bits);
    must(memcmp(subnet.bytes, again.bytes, sizeof subnet.bytes) == 0);
    must(subnet_holds(&subnet, &again) && subnet_holds(&again, &subnet));
}

static void try_duration(struct text text) {
    int64_t ms, again;
    char written[DURATION_SIZE], twice[DURATION_SIZE];
    if (!duration_read(text, &ms)) return;
    must(ms > 0 && ms <= DURATION_MOST_MS && ms % 1000 == 0);
    duration_write(ms, written);
    must(duration_read(text_of(written), &again));
    must(again <= ms);
    duration_write(again, twice);
    must(strcmp(written, twice) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text text = text_slice((const char *)data, size);
    try_subnet(text);
    try_duration(text);
    return 0;
}
