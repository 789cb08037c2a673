#include "server/ssh_key.h"

#include <sodium.h>
#include <string.h>

#include "protocol/base64.h"
#include "protocol/utf8.h"

enum { PART_SIZE = 4 }; /* of the number before each part */

/* What stands in a key of that type after the type itself. */
struct kind {
    const char *type;
    size_t parts;
    size_t first;      /* bytes of the first one; 0: any number */
    const char *curve; /* the first part, where it is a word */
};

/* clang-format off */
static const struct kind kinds[] = {
    {"ssh-ed25519", 1, 32, NULL},
    {"sk-ssh-ed25519@openssh.com", 2, 32, NULL},
    {"ecdsa-sha2-nistp256", 2, 8, "nistp256"},
    {"ecdsa-sha2-nistp384", 2, 8, "nistp384"},
    {"ecdsa-sha2-nistp521", 2, 8, "nistp521"},
    {"sk-ecdsa-sha2-nistp256@openssh.com", 3, 8, "nistp256"},
    {"ssh-rsa", 2, 0, NULL},
};
/* clang-format on */
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct kind *find_kind(struct text type) {
    for (size_t i = 0; i < KINDS; i++)
        if (text_is(type, kinds[i].type)) return &kinds[i];
    return NULL;
}

/* RFC 4251 §5: string. False where it is cut, or empty. */
static bool take_part(struct text *rest, struct text *part) {
    const unsigned char *at = (const unsigned char *)rest->at;
    if (rest->length <= PART_SIZE) return false;
    size_t length =
        (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    if (!length || length > rest->length - PART_SIZE) return false;
    *part = text_slice(rest->at + PART_SIZE, length);
    *rest = text_after(*rest, PART_SIZE + length);
    return true;
}

static bool is_first_part(const struct kind *kind, struct text part) {
    if (kind->first && part.length != kind->first) return false;
    return !kind->curve || text_is(part, kind->curve);
}

static bool has_its_parts(const struct kind *kind, struct text rest,
                          struct text *last) {
    if (!take_part(&rest, last) || !text_is(*last, kind->type)) return false;
    for (size_t i = 0; i < kind->parts; i++) {
        if (!take_part(&rest, last)) return false;
        if (i == 0 && !is_first_part(kind, *last)) return false;
    }
    return rest.length == 0;
}

/* The modulus is the last part of an RSA key, with a zero in front. */
static bool is_strong(const struct kind *kind, struct text last) {
    if (kind->first) return true;
    return (last.length - (*last.at == 0)) * 8 >= SSH_KEY_RSA_BITS;
}

static void take_fingerprint(struct ssh_key *key, struct text bytes) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    char padded[SSH_FINGERPRINT_SIZE];
    struct writer writer = writer_on(padded, sizeof padded);
    crypto_hash_sha256(digest, (const unsigned char *)bytes.at, bytes.length);
    write_string(&writer, "SHA256:");
    base64_write(BASE64_STANDARD, &writer, digest, sizeof digest);
    text_copy(text_slice(padded, text_find(writer_text(&writer), '=')),
              key->fingerprint, sizeof key->fingerprint);
}

const char *ssh_key_read_words(struct ssh_key *key, struct text type,
                               struct text blob) {
    unsigned char memory[SSH_KEY_BYTES];
    const struct kind *kind = find_kind(type);
    struct text last;
    size_t length;
    *key = (struct ssh_key){.blob = blob};
    if (!kind) return "it is of no type that is taken here";
    key->type = kind->type;
    if (!base64_read(BASE64_STANDARD, blob, memory, sizeof memory, &length))
        return "its base64 is damaged, or too long";
    struct text bytes = text_slice((const char *)memory, length);
    if (!has_its_parts(kind, bytes, &last))
        return "what it holds is not a key of its type";
    if (!is_strong(kind, last)) return "RSA must have 2048 bits or more";
    take_fingerprint(key, bytes);
    return NULL;
}

static void take_comment(struct ssh_key *key, struct text comment) {
    char shown[4 * SSH_COMMENT_SIZE];
    size_t most = utf8_cut(comment, SSH_COMMENT_SIZE - 1);
    size_t length =
        utf8_plain(text_slice(comment.at, most), shown, sizeof shown);
    length = utf8_cut(text_slice(shown, length), SSH_COMMENT_SIZE - 1);
    text_copy(text_trim(text_slice(shown, length)), key->comment,
              sizeof key->comment);
}

const char *ssh_key_read(struct ssh_key *key, struct text line) {
    struct text rest = text_trim(line);
    if (text_begins(rest, "-----BEGIN"))
        return "it is a private key: give the file that ends in .pub";
    struct text type = text_word(&rest);
    if (!find_kind(type))
        return "it must begin with its type, such as ssh-ed25519, and have no "
               "options";
    const char *fault = ssh_key_read_words(key, type, text_word(&rest));
    if (!fault) take_comment(key, rest);
    return fault;
}

bool ssh_fingerprint_valid(struct text word) {
    if (word.length != SSH_FINGERPRINT_SIZE - 1) return false;
    if (!text_begins(word, "SHA256:")) return false;
    for (size_t i = strlen("SHA256:"); i < word.length; i++) {
        char byte = text_fold(word.at[i]);
        bool letter = byte >= 'a' && byte <= 'z';
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && byte != '+' && byte != '/') return false;
    }
    return true;
}
