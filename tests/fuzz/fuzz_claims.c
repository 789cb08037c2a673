/* Any bytes as claims, as a footer and as a time. What is accepted keeps to
 * every bound, and says the same when it is written and read again. */
#include <stdlib.h>
#include <string.h>

#include "protocol/claims.h"
#include "protocol/timestamp.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static void check(const struct claims *claims) {
    must(name_valid(text_of(claims->subject)));
    must(claims->rooms_count <= CLAIMS_ROOMS_MAX);
    for (size_t i = 0; i < claims->rooms_count; i++)
        must(room_valid(text_of(claims->rooms[i])));
    must(strlen(claims->id) < CLAIMS_ID_SIZE);
    must(strlen(claims->issuer) < CLAIMS_STRING_SIZE);
    must(strlen(claims->audience) < CLAIMS_STRING_SIZE);
    must(claims->role < ROLES);
}

static int64_t whole_seconds(int64_t ms) {
    return ms - (ms % 1000 + 1000) % 1000;
}

static void write_again(const struct claims *claims) {
    char json[CLAIMS_JSON_MAX];
    struct writer writer = writer_on(json, sizeof json);
    struct claims again;
    struct claims_fault fault;
    must(claims_write(claims, &writer));
    must(claims_read(writer_text(&writer), &again, &fault));
    must(strcmp(claims->subject, again.subject) == 0);
    must(strcmp(claims->id, again.id) == 0);
    must(claims->role == again.role);
    must(claims->rooms_count == again.rooms_count);
    /* A year beyond four digits, by its offset, is held at its end. */
    if (claims->expires > 0 && claims->expires < INT64_C(253402300799000))
        must(whole_seconds(claims->expires) == again.expires);
}

static void read_time(struct text text) {
    char written[TIMESTAMP_SIZE];
    int64_t ms;
    if (!timestamp_read(text, &ms)) return;
    timestamp_write(ms, written);
    must(timestamp_read(text_of(written), &ms));
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    struct text text = text_slice((const char *)data, size);
    struct claims claims;
    struct claims_fault fault = {NULL, NULL};
    char id[CLAIMS_ID_SIZE];
    if (claims_read(text, &claims, &fault)) {
        check(&claims);
        write_again(&claims);
    } else {
        must(fault.claim && fault.words);
    }
    if (claims_key_id(text, id)) must(strlen(id) < sizeof id);
    read_time(text);
    return 0;
}
