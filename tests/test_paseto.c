/* Tokens and keys as text: the vectors of the PASETO and PASERK projects, and
 * what those leave out. The vectors are read from $MINICHAT_VECTORS, else
 * ../shared/vectors; those scenes are skipped where there is no such folder. */
#include "protocol/paseto.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <sodium.h>

#include "protocol/base64.h"
#include "protocol/paserk.h"

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
                               "vwxyz0123456789-_";

/* One key, one token of it, for the scenes without vectors. */
struct fixture {
    struct paseto_secret secret;
    struct paseto_public key;
    char token[512];
    size_t length;
};

static int start(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    struct writer writer = writer_on(f->token, sizeof f->token - 1);
    paseto_generate(&f->secret);
    f->key = paseto_public_half(&f->secret);
    assert_true(paseto_sign(&f->secret, text_of("{\"sub\":\"ada\"}"),
                            text_of("abcdefgh"), text_of("minichat:here"),
                            &writer));
    f->length = writer.length;
    *state = f;
    return 0;
}

static int end(void **state) {
    free(*state);
    return 0;
}

static bool accepts(const struct paseto_public *key, struct text token,
                    const char *implicit) {
    struct paseto paseto;
    return paseto_read(token, &paseto) &&
           paseto_verify(&paseto, key, text_of(implicit));
}

static bool still_good(const struct fixture *f, const char *token,
                       size_t length) {
    return accepts(&f->key, text_slice(token, length), "minichat:here");
}

static void a_token_is_accepted_by_its_key_alone(void **state) {
    struct fixture *f = *state;
    struct paseto_secret other;
    paseto_generate(&other);
    struct paseto_public wrong = paseto_public_half(&other);
    assert_true(still_good(f, f->token, f->length));
    assert_false(
        accepts(&wrong, text_slice(f->token, f->length), "minichat:here"));
}

static void the_implicit_assertion_binds_a_token(void **state) {
    struct fixture *f = *state;
    struct text token = text_slice(f->token, f->length);
    assert_false(accepts(&f->key, token, "minichat:there"));
    assert_false(accepts(&f->key, token, ""));
    assert_false(accepts(&f->key, token, "minichat:here "));
}

/* "ab","c" and "a","bc" must not be the same bytes to sign. */
static void a_byte_cannot_move_from_one_piece_to_the_next(void **state) {
    struct fixture *f = *state;
    struct paseto paseto;
    assert_true(paseto_read(text_slice(f->token, f->length), &paseto));
    paseto.footer_length--;
    assert_false(paseto_verify(&paseto, &f->key, text_of("hminichat:here")));
}

static void every_change_of_one_character_is_rejected(void **state) {
    struct fixture *f = *state;
    for (size_t at = 0; at < f->length; at++) {
        char was = f->token[at];
        for (int byte = 0; byte < 256; byte++) {
            if ((char)byte == was) continue;
            f->token[at] = (char)byte;
            if (still_good(f, f->token, f->length))
                fail_msg("byte %d at %zu was accepted", byte, at);
        }
        f->token[at] = was;
    }
}

static void every_cut_and_every_insertion_is_rejected(void **state) {
    struct fixture *f = *state;
    char longer[sizeof f->token + 1];
    for (size_t at = 0; at <= f->length; at++) {
        if (at < f->length) assert_false(still_good(f, f->token, at));
        for (const char *byte = ALPHABET; *byte; byte++) {
            memcpy(longer, f->token, at);
            longer[at] = *byte;
            memcpy(longer + at + 1, f->token + at, f->length - at);
            assert_false(still_good(f, longer, f->length + 1));
        }
    }
}

static void what_is_put_around_a_token_is_rejected(void **state) {
    static const char *const ends[] = {"=", "==", ".", " ", "\n", "\r", ".AA"};
    struct fixture *f = *state;
    char longer[sizeof f->token + 8];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        int length = snprintf(longer, sizeof longer, "%s%s", f->token, ends[i]);
        assert_false(still_good(f, longer, (size_t)length));
    }
    memcpy(longer, f->token, f->length + 1);
    assert_false(still_good(f, longer, f->length + 1)); /* its NUL */
}

static void only_the_one_header_is_read(void **state) {
    static const char *const headers[] = {
        "v4.local.",  "v3.public.", "v2.public.", "V4.public.",
        "v4.Public.", "v4.public",  "k4.public.", "",
    };
    struct fixture *f = *state;
    char other[sizeof f->token + 16];
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        int length = snprintf(other, sizeof other, "%s%s", headers[i],
                              f->token + strlen("v4.public."));
        assert_false(still_good(f, other, (size_t)length));
    }
}

static void an_empty_footer_has_no_dot(void **state) {
    struct fixture *f = *state;
    char token[256];
    struct writer writer = writer_on(token, sizeof token);
    assert_true(paseto_sign(&f->secret, text_of("{}"), text_of(""), text_of(""),
                            &writer));
    assert_true(accepts(&f->key, writer_text(&writer), ""));
    write_char(&writer, '.');
    assert_false(accepts(&f->key, writer_text(&writer), ""));
}

/* 64 bytes leave four bits unused in the last character. */
static void unused_bits_must_be_zero(void **state) {
    struct fixture *f = *state;
    char token[256];
    struct writer writer = writer_on(token, sizeof token);
    assert_true(paseto_sign(&f->secret, text_of(""), text_of(""), text_of(""),
                            &writer));
    char *last = token + writer.length - 1;
    long digit = strchr(ALPHABET, *last) - ALPHABET;
    assert_int_equal(digit & 15, 0);
    for (long bits = 1; bits < 16; bits++) {
        struct paseto paseto;
        *last = ALPHABET[digit + bits];
        assert_false(paseto_read(writer_text(&writer), &paseto));
    }
}

static void base64url_has_one_spelling(void **state) {
    static const char *const wrong[] = {
        "A", "AB", "AAB", "AA==", "AA=", "A A", "AA\n", "+/+/"};
    unsigned char bytes[16];
    size_t length;
    (void)state;
    assert_true(
        base64_read(BASE64_URL, text_of(""), bytes, sizeof bytes, &length));
    assert_int_equal(length, 0);
    assert_true(
        base64_read(BASE64_URL, text_of("AA"), bytes, sizeof bytes, &length));
    assert_true(
        base64_read(BASE64_URL, text_of("-_-_"), bytes, sizeof bytes, &length));
    assert_memory_equal(bytes, "\xfb\xff\xbf", 3);
    assert_false(base64_read(BASE64_URL, text_of("AAAA"), bytes, 2, &length));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(base64_read(BASE64_URL, text_of(wrong[i]), bytes,
                                 sizeof bytes, &length));
    assert_false(
        base64_read(BASE64_URL, text_slice("AA\0A", 4), bytes, 16, &length));
}

static void no_other_byte_passes_for_base64url(void **state) {
    (void)state;
    for (int place = 0; place < 4; place++) {
        for (int byte = 0; byte < 256; byte++) {
            char text[] = "AAAA";
            unsigned char bytes[4];
            size_t length;
            text[place] = (char)byte;
            assert_int_equal(base64_read(BASE64_URL, text_slice(text, 4), bytes,
                                         sizeof bytes, &length),
                             byte && strchr(ALPHABET, byte) != NULL);
        }
    }
}

static void the_longest_parts_fit_and_one_byte_more_does_not(void **state) {
    struct fixture *f = *state;
    static char payload[PASETO_PAYLOAD_MAX + 1];
    static char token[PASETO_TOKEN_MAX + 64];
    char footer[PASETO_FOOTER_MAX + 1], implicit[PASETO_IMPLICIT_MAX + 1];
    memset(payload, 'p', sizeof payload);
    memset(footer, 'f', sizeof footer);
    memset(implicit, 'i', sizeof implicit);
    const struct {
        size_t payload, footer, implicit;
        bool fine;
    } cases[] = {
        {PASETO_PAYLOAD_MAX, PASETO_FOOTER_MAX, PASETO_IMPLICIT_MAX, true},
        {PASETO_PAYLOAD_MAX + 1, 0, 0, false},
        {0, PASETO_FOOTER_MAX + 1, 0, false},
        {PASETO_PAYLOAD_MAX, PASETO_FOOTER_MAX, PASETO_IMPLICIT_MAX + 1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct writer writer = writer_on(token, sizeof token);
        struct paseto paseto;
        struct text assertion = text_slice(implicit, cases[i].implicit);
        assert_int_equal(cases[i].fine,
                         paseto_sign(&f->secret,
                                     text_slice(payload, cases[i].payload),
                                     text_slice(footer, cases[i].footer),
                                     assertion, &writer));
        if (!cases[i].fine) continue;
        assert_true(paseto_read(writer_text(&writer), &paseto));
        assert_true(paseto_verify(&paseto, &f->key, assertion));
    }
    struct writer small = writer_on(token, 90);
    assert_false(paseto_sign(&f->secret, text_of("{}"), text_of(""),
                             text_of(""), &small));
}

/* With the neutral point as key and as R, and S = 0, the equation of Ed25519
 * holds for every message. */
static void keys_of_small_order_verify_nothing(void **state) {
    /* The eight points of small order, and spellings beyond the prime. */
    static const char *const points[] = {
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        struct paseto_public key;
        struct paseto paseto = {.payload_length = 2};
        sodium_hex2bin(key.bytes, sizeof key.bytes, points[i], 64, NULL, NULL,
                       NULL);
        memcpy(paseto.body, "{}", 2);
        memcpy(paseto.body + 2, key.bytes, sizeof key.bytes);
        assert_false(paseto_public_sound(&key));
        assert_false(paseto_verify(&paseto, &key, text_of("")));
    }
}

/* S and S + L satisfy the same equation; only the smaller is the signature. */
static void the_other_spelling_of_a_signature_is_rejected(void **state) {
    static const unsigned char L[32] = {
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
        0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    struct fixture *f = *state;
    struct paseto paseto;
    assert_true(paseto_read(text_slice(f->token, f->length), &paseto));
    unsigned char *s = paseto.body + paseto.payload_length + 32;
    assert_true(paseto_verify(&paseto, &f->key, text_of("minichat:here")));
    for (int times = 1; times < 8; times++) {
        unsigned carry = 0;
        for (int i = 0; i < 32; i++) {
            carry += (unsigned)s[i] + L[i];
            s[i] = (unsigned char)(carry & 0xff);
            carry >>= 8;
        }
        assert_false(paseto_verify(&paseto, &f->key, text_of("minichat:here")));
    }
}

static void a_key_survives_being_text(void **state) {
    struct fixture *f = *state;
    char public_text[PASERK_PUBLIC_SIZE], secret_text[PASERK_SECRET_SIZE];
    struct paseto_public public_again;
    struct paseto_secret secret_again;
    paserk_write_public(&f->key, public_text);
    paserk_write_secret(&f->secret, secret_text);
    assert_int_equal(strlen(public_text), PASERK_PUBLIC_SIZE - 1);
    assert_int_equal(strlen(secret_text), PASERK_SECRET_SIZE - 1);
    assert_true(paserk_read_public(text_of(public_text), &public_again));
    assert_true(paserk_read_secret(text_of(secret_text), &secret_again));
    assert_true(paseto_public_equals(&f->key, &public_again));
    assert_memory_equal(&f->secret, &secret_again, sizeof secret_again);
    assert_false(paserk_read_public(text_of(secret_text), &public_again));
    assert_false(paserk_read_secret(text_of(public_text), &secret_again));
}

static void a_secret_key_with_a_foreign_half_is_refused(void **state) {
    struct fixture *f = *state;
    struct paseto_secret other, mixed = f->secret;
    char written[PASERK_SECRET_SIZE];
    paseto_generate(&other);
    memcpy(mixed.bytes + 32, other.bytes + 32, 32);
    paserk_write_secret(&mixed, written);
    assert_false(paserk_read_secret(text_of(written), &other));
}

static void a_key_as_text_has_one_spelling(void **state) {
    struct fixture *f = *state;
    struct paseto_public key;
    char written[PASERK_PUBLIC_SIZE + 1];
    paserk_write_public(&f->key, written);
    struct text text = text_of(written);
    for (size_t length = 0; length < text.length; length++)
        assert_false(paserk_read_public(text_slice(written, length), &key));
    char *last = written + text.length - 1;
    long digit = strchr(ALPHABET, *last) - ALPHABET;
    for (long bits = 1; bits < 4; bits++) {
        *last = ALPHABET[digit + bits];
        assert_false(paserk_read_public(text_of(written), &key));
    }
}

/* The vectors. */

/* The tests in a file of vectors; skips the scene where there is none.
 * json_decref gives them back. */
static json_t *vectors(const char *name) {
    const char *folder = getenv("MINICHAT_VECTORS");
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/paseto/%s",
             folder ? folder : "../shared/vectors", name);
    json_t *file = json_load_file(path, 0, NULL);
    if (!file) {
        print_message("skipped: no vectors (%s)\n", name);
        skip();
    }
    json_t *tests = json_incref(json_object_get(file, "tests"));
    json_decref(file);
    assert_true(json_array_size(tests) > 0);
    return tests;
}

static const char *get(const json_t *test, const char *field) {
    return json_string_value(json_object_get(test, field));
}

static struct text field(const json_t *test, const char *name) {
    return text_of(get(test, name));
}

struct bytes {
    unsigned char bytes[256];
    size_t length;
};

/* What is in hexadecimal in a field. */
static struct bytes hex(const json_t *test, const char *name) {
    struct text digits = field(test, name);
    struct bytes to = {.length = 0};
    sodium_hex2bin(to.bytes, sizeof to.bytes, digits.at, digits.length, NULL,
                   &to.length, NULL);
    return to;
}

static bool public_key_in(const json_t *test, const char *name,
                          struct paseto_public *key) {
    struct bytes bytes = hex(test, name);
    return paseto_public_of(text_slice((const char *)bytes.bytes, bytes.length),
                            key);
}

static bool secret_key_in(const json_t *test, const char *name,
                          struct paseto_secret *key) {
    struct bytes bytes = hex(test, name);
    return paseto_secret_of(text_slice((const char *)bytes.bytes, bytes.length),
                            key);
}

static struct paseto_public some_public_key(void) {
    struct paseto_secret secret;
    paseto_generate(&secret);
    return paseto_public_half(&secret);
}

static void verify_as_told(const json_t *test) {
    struct paseto paseto;
    struct paseto_public key = some_public_key();
    public_key_in(test, "public-key", &key); /* some have none */
    bool accepted =
        paseto_read(field(test, "token"), &paseto) &&
        paseto_verify(&paseto, &key, field(test, "implicit-assertion"));
    bool expected = strncmp(get(test, "name"), "4-S-", 4) == 0;
    if (accepted != expected) fail_msg("%s", get(test, "name"));
    if (accepted) {
        assert_true(
            text_equals(paseto_payload(&paseto), field(test, "payload")));
        assert_true(text_equals(paseto_footer(&paseto), field(test, "footer")));
    }
}

static void sign_again(const json_t *test) {
    char token[1024];
    struct writer writer = writer_on(token, sizeof token);
    struct paseto_secret key;
    assert_true(secret_key_in(test, "secret-key", &key));
    assert_true(paseto_sign(&key, field(test, "payload"), field(test, "footer"),
                            field(test, "implicit-assertion"), &writer));
    assert_true(text_equals(writer_text(&writer), field(test, "token")));
}

static void exactly_the_three_signed_vectors_are_accepted(void **state) {
    size_t index;
    json_t *test, *tests = vectors("v4.json");
    (void)state;
    assert_int_equal(json_array_size(tests), 17);
    for (index = 0; (test = json_array_get(tests, index)); index++)
        verify_as_told(test);
    json_decref(tests);
}

static void the_signed_vectors_come_out_byte_for_byte(void **state) {
    size_t index, signed_ones = 0;
    json_t *test, *tests = vectors("v4.json");
    (void)state;
    for (index = 0; (test = json_array_get(tests, index)); index++) {
        if (strncmp(get(test, "name"), "4-S-", 4) != 0) continue;
        sign_again(test);
        signed_ones++;
    }
    assert_int_equal(signed_ones, 3);
    json_decref(tests);
}

static bool must_fail(const json_t *test) {
    return json_is_true(json_object_get(test, "expect-fail"));
}

static void public_keys_are_written_and_read_as_in_the_vectors(void **state) {
    size_t index;
    json_t *test, *tests = vectors("k4.public.json");
    (void)state;
    for (index = 0; (test = json_array_get(tests, index)); index++) {
        struct paseto_public key, again;
        char written[PASERK_PUBLIC_SIZE];
        assert_int_equal(public_key_in(test, "key", &key), !must_fail(test));
        if (must_fail(test)) continue;
        paserk_write_public(&key, written);
        assert_string_equal(written, get(test, "paserk"));
        assert_true(paserk_read_public(field(test, "paserk"), &again));
        assert_true(paseto_public_equals(&key, &again));
    }
    json_decref(tests);
}

static void secret_keys_are_written_and_read_as_in_the_vectors(void **state) {
    size_t index;
    json_t *test, *tests = vectors("k4.secret.json");
    (void)state;
    for (index = 0; (test = json_array_get(tests, index)); index++) {
        struct paseto_secret key, again;
        char written[PASERK_SECRET_SIZE];
        assert_int_equal(secret_key_in(test, "key", &key), !must_fail(test));
        if (must_fail(test)) continue;
        paserk_write_secret(&key, written);
        assert_string_equal(written, get(test, "paserk"));
        assert_true(paserk_read_secret(field(test, "paserk"), &again));
        assert_memory_equal(&key, &again, sizeof key);
    }
    json_decref(tests);
}

static void fingerprints_are_those_of_the_vectors(void **state) {
    size_t index;
    json_t *test, *pids = vectors("k4.pid.json");
    json_t *sids = vectors("k4.sid.json");
    char id[PASERK_ID_SIZE];
    (void)state;
    for (index = 0; (test = json_array_get(pids, index)); index++) {
        struct paseto_public key;
        bool fine = public_key_in(test, "key", &key);
        assert_int_equal(fine, !must_fail(test));
        if (fine) paserk_pid(&key, id);
        if (fine) assert_string_equal(id, get(test, "paserk"));
    }
    for (index = 0; (test = json_array_get(sids, index)); index++) {
        struct paseto_secret key;
        bool fine = secret_key_in(test, "key", &key);
        assert_int_equal(fine, !must_fail(test));
        if (fine) paserk_sid(&key, id);
        if (fine) assert_string_equal(id, get(test, "paserk"));
    }
    json_decref(pids);
    json_decref(sids);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, start, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(a_token_is_accepted_by_its_key_alone),
        SCENE(the_implicit_assertion_binds_a_token),
        SCENE(a_byte_cannot_move_from_one_piece_to_the_next),
        SCENE(every_change_of_one_character_is_rejected),
        SCENE(every_cut_and_every_insertion_is_rejected),
        SCENE(what_is_put_around_a_token_is_rejected),
        SCENE(only_the_one_header_is_read),
        SCENE(an_empty_footer_has_no_dot),
        SCENE(unused_bits_must_be_zero),
        SCENE(base64url_has_one_spelling),
        SCENE(no_other_byte_passes_for_base64url),
        SCENE(the_longest_parts_fit_and_one_byte_more_does_not),
        SCENE(keys_of_small_order_verify_nothing),
        SCENE(the_other_spelling_of_a_signature_is_rejected),
        SCENE(a_key_survives_being_text),
        SCENE(a_secret_key_with_a_foreign_half_is_refused),
        SCENE(a_key_as_text_has_one_spelling),
        SCENE(exactly_the_three_signed_vectors_are_accepted),
        SCENE(the_signed_vectors_come_out_byte_for_byte),
        SCENE(public_keys_are_written_and_read_as_in_the_vectors),
        SCENE(secret_keys_are_written_and_read_as_in_the_vectors),
        SCENE(fingerprints_are_those_of_the_vectors),
    };
    if (sodium_init() < 0) return EXIT_FAILURE;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
