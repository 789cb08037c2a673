#include "server/keyring_inside.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "protocol/base64.h"

enum {
    ID_RANDOM_BYTES = 5,
    ID_BYTES = 4 + ID_RANDOM_BYTES,
    AHEAD_MS = 60000, /* so far an id may be */
};

static void make_id(int64_t now, char id[CLAIMS_ID_SIZE]) {
    unsigned char bytes[ID_BYTES];
    struct writer writer = writer_on(id, CLAIMS_ID_SIZE - 1);
    uint32_t second = (uint32_t)(now / 1000); /* until 2106 */
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(second >> (24 - 8 * i));
    randombytes_buf(bytes + 4, ID_RANDOM_BYTES);
    base64_write(BASE64_URL, &writer, bytes, sizeof bytes);
    id[writer.length] = '\0';
}

int64_t keyring_first_good(const struct revoked *revoked, const char *account,
                           int64_t now) {
    int64_t before = revoked_before(revoked, account);
    if (before == CLAIMS_NO_TIME || before > now + AHEAD_MS) return 0;
    return (before + 999) / 1000 * 1000;
}

/* Who is issued a token in the second in which all older ones were revoked
 * gets one of the first that is good again. */
static int64_t moment_for(const struct keyring *ring,
                          const struct claims *claims, int64_t now) {
    int64_t second = now / 1000 * 1000;
    int64_t first = keyring_first_good(&ring->revoked, claims->subject, now);
    return first > second ? first : second;
}

static int64_t time_in_id(const char *id) {
    unsigned char bytes[ID_BYTES];
    size_t length;
    uint32_t second = 0;
    if (!base64_read(BASE64_URL, text_of(id), bytes, sizeof bytes, &length))
        return CLAIMS_NO_TIME;
    if (length != ID_BYTES) return CLAIMS_NO_TIME;
    for (int i = 0; i < 4; i++)
        second = second << 8 | bytes[i];
    return (int64_t)second * 1000;
}

bool keyring_revokes(const struct keyring *ring, const struct key *key,
                     const struct claims *claims) {
    int64_t issued = claims->issued;
    if (issued == CLAIMS_NO_TIME && key->standing == KEY_ISSUER)
        issued = time_in_id(claims->id);
    return key->standing == KEY_RETIRED ||
           revoked_has_id(&ring->revoked, claims->id) ||
           revoked_has_account(&ring->revoked, claims->subject, issued);
}

void keyring_assertion(const char *network, struct writer *writer) {
    write_string(writer, "minichat:");
    write_string(writer, network);
}

static bool read_secret(const struct keyring *ring, const struct key *key,
                        struct paseto_secret *secret, char *error,
                        size_t size) {
    char file[KEYRING_FILE_SIZE];
    struct text line = text_of("");
    keyring_file(key->name, KEY_ISSUER, file);
    char *content = keyring_load_line(ring, file, &line, error, size);
    if (!content) return false;
    bool fine = paserk_read_secret(line, secret);
    vault_free(content);
    if (!fine)
        snprintf(error, size, "%s is not a key that signs here", key->name);
    return fine;
}

bool keyring_sign(const struct keyring *ring, const struct key *key,
                  struct claims *claims, const char *network, int64_t now,
                  struct writer *token, char *error, size_t size) {
    char json[CLAIMS_JSON_MAX], assertion[PASETO_IMPLICIT_MAX];
    struct writer payload = writer_on(json, sizeof json);
    struct writer implicit = writer_on(assertion, sizeof assertion);
    if (!*claims->id) make_id(moment_for(ring, claims, now), claims->id);
    if (strcmp(network, "minichat") != 0)
        snprintf(claims->audience, sizeof claims->audience, "%s", network);
    keyring_assertion(network, &implicit);

    struct paseto_secret *secret = vault_new(sizeof *secret);
    bool can = read_secret(ring, key, secret, error, size);
    bool fine = can && claims_write(claims, &payload) &&
                paseto_sign(secret, writer_text(&payload), text_of(key->kid),
                            writer_text(&implicit), token);
    vault_free(secret);
    if (can && !fine) snprintf(error, size, "the token would be too long");
    return fine;
}
