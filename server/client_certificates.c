#include "server/client_certificates.h"

#include <stdio.h>
#include <string.h>

#include "protocol/utf8.h"
#include "protocol/writer.h"

static const char ROLL[] = "keys/certificates";

bool certificate_hash_read(struct text text, char hash[CERTIFICATE_HASH_SIZE]) {
    static const char kind[] = "sha256:";
    struct writer writer = writer_on(hash, CERTIFICATE_HASH_SIZE - 1);
    if (text_begins_folded(text, kind))
        text = text_after(text, sizeof kind - 1);
    for (size_t i = 0; i < text.length; i++) {
        char digit = text_fold(text.at[i]);
        bool is_hexadecimal =
            (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
        if (digit == ':') continue;
        if (!is_hexadecimal) return false;
        write_char(&writer, digit);
    }
    hash[writer.length] = '\0';
    return !writer.full && writer.length == CERTIFICATE_HASH_SIZE - 1;
}

static void take_comment(struct client_certificate *certificate,
                         struct text comment) {
    char shown[4 * CERTIFICATE_COMMENT_SIZE];
    comment.length = utf8_cut(comment, CERTIFICATE_COMMENT_SIZE - 1);
    size_t length = utf8_plain(comment, shown, sizeof shown);
    length = utf8_cut(text_slice(shown, length), CERTIFICATE_COMMENT_SIZE - 1);
    text_copy(text_trim(text_slice(shown, length)), certificate->comment,
              sizeof certificate->comment);
}

static bool read_line(struct client_certificate *certificate,
                      struct text line) {
    struct text account = text_word(&line);
    *certificate = (struct client_certificate){.account = ""};
    if (!name_valid(account)) return false;
    text_copy(account, certificate->account, sizeof certificate->account);
    bool fine = certificate_hash_read(text_word(&line), certificate->hash);
    take_comment(certificate, line);
    return fine;
}

bool client_certificates_read(struct roll *roll, const struct state *state,
                              char *error, size_t size) {
    return roll_read(roll, state, ROLL, error, size);
}

bool client_certificates_next(struct roll *roll,
                              struct client_certificate *certificate) {
    struct text line;
    while (roll_next(roll, &line))
        if (read_line(certificate, line)) return true;
    return false;
}

static bool next_holding(struct roll *roll, struct holding *holding) {
    struct client_certificate certificate;
    if (!client_certificates_next(roll, &certificate)) return false;
    memcpy(holding->account, certificate.account, sizeof certificate.account);
    memcpy(holding->word, certificate.hash, sizeof certificate.hash);
    return true;
}

struct roll_index client_certificates_index(void) {
    return (struct roll_index){.name = ROLL, .next = next_holding};
}

/* Changing ----------------------------------------------------------------- */

static bool open_to_change(struct roll *roll, const struct state *state,
                           char *error, size_t size) {
    return state_make_folder(state, "keys", error, size) &&
           roll_change(roll, state, ROLL, error, size);
}

static bool add_line(struct roll *roll,
                     const struct client_certificate *certificate, char *error,
                     size_t size) {
    char memory[ROLL_LINE_MAX];
    struct writer writer = writer_on(memory, sizeof memory);
    write_format(&writer, "%s %s %s", certificate->account, certificate->hash,
                 certificate->comment);
    return roll_add(roll, text_trim(writer_text(&writer)), error, size) &&
           roll_commit(roll, error, size);
}

static bool add(struct roll *roll, const struct client_certificate *certificate,
                char *error, size_t size) {
    struct client_certificate known;
    struct text account = text_of(certificate->account);
    size_t count = 0;
    while (client_certificates_next(roll, &known)) {
        bool is_theirs = name_equals(text_of(known.account), account);
        count += is_theirs;
        if (strcmp(known.hash, certificate->hash) != 0) continue;
        if (is_theirs) return true;
        snprintf(error, size, "that certificate is %s's", known.account);
        return false;
    }
    if (count < CERTIFICATES_OF_ACCOUNT)
        return add_line(roll, certificate, error, size);
    snprintf(error, size, "%s has %d certificates already: remove one first",
             certificate->account, CERTIFICATES_OF_ACCOUNT);
    return false;
}

bool client_certificates_add(const struct state *state,
                             const struct client_certificate *certificate,
                             char *error, size_t size) {
    struct client_certificate clean = *certificate;
    struct roll roll;
    take_comment(&clean, text_of(certificate->comment));
    if (!open_to_change(&roll, state, error, size)) return false;
    bool fine = add(&roll, &clean, error, size);
    roll_close(&roll);
    return fine;
}

bool client_certificates_remove(const struct state *state, struct text what,
                                size_t *removed, char *error, size_t size) {
    struct client_certificate certificate;
    char hash[CERTIFICATE_HASH_SIZE];
    bool is_hash = certificate_hash_read(what, hash);
    struct roll roll;
    *removed = 0;
    if (!open_to_change(&roll, state, error, size)) return false;
    while (client_certificates_next(&roll, &certificate)) {
        bool is_called = is_hash
                             ? strcmp(certificate.hash, hash) == 0
                             : name_equals(text_of(certificate.account), what);
        if (is_called) roll_drop(&roll);
        *removed += is_called;
    }
    bool fine = !*removed || roll_commit(&roll, error, size);
    roll_close(&roll);
    return fine;
}
