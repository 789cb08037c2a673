/* Who is at the other end, and whether anybody vouches for it. */
#include "protocol/utf8.h"
#include "tests/both_ends.h"

static void who_signed_himself_is_not_trusted_but_known(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_false(peer.trusted);
    assert_string_equal(peer.wrong, "signed by itself");
    assert_string_equal(peer.subject, "CN=irc.example.org,O=Example");
    assert_string_equal(peer.issuer, peer.subject);
    assert_string_equal(peer.names, HOST);
    assert_int_equal(strlen(peer.key), 64);
    assert_int_equal(strlen(peer.certificate), 64);
    assert_string_equal(peer.protocol, "TLSv1.3");
    assert_true(peer.from < peer.until);
    assert_int_equal(peer.until - peer.from, 31LL * 24 * 60 * 60 * 1000);
}

static void what_is_small_and_quick_for_short_lines_seals_them(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_string_equal(peer.cipher, "TLS_CHACHA20_POLY1305_SHA256");
}

static void whom_an_authority_knows_is_trusted(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    serve_with(s, s->signed_);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_string_equal(peer.wrong, "");
    assert_true(peer.trusted);
    assert_string_equal(peer.issuer, "CN=CA,O=Example");
}

static void another_name_is_another_host(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    serve_with(s, s->signed_);
    come(s, "chat.example.org", NULL);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_false(peer.trusted);
    assert_string_equal(peer.wrong, "not made out to chat.example.org");
}

static void addresses_are_compared_too(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    serve_with(s, s->address);
    come(s, "127.0.0.1", NULL);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_true(peer.trusted);
    assert_string_equal(peer.names, "127.0.0.1");
    serve_with(s, s->address);
    come(s, "127.0.0.2", NULL);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_string_equal(peer.wrong, "not made out to 127.0.0.2");
}

static void an_address_as_a_name_is_none(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    char path[PATH_SIZE];
    path_in(s, path, "name.pem");
    certificate_make(
        path, (struct certificate_wish){"127.0.0.1", -1, 30, s->authority});
    serve_with(s, path);
    come(s, "127.0.0.1", NULL);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_string_equal(peer.wrong, "not made out to 127.0.0.1");
}

/* Two are made out to HOST, of which the first is shown. */
static void add_others(struct scene *s) {
    char wrong[TLS_WORDS_SIZE];
    serve_with(s, s->old);
    assert_true(tls_context_add(s->servers, s->own, s->own, wrong));
    assert_true(tls_context_add(s->servers, s->signed_, s->signed_, wrong));
    assert_true(tls_context_add(s->servers, s->ada, s->ada, wrong));
}

static void shows_to(struct scene *s, const char *host, const char *subject) {
    struct tls_peer peer;
    tls_free(s->server);
    s->server = tls_server(s->servers);
    come(s, host, NULL);
    settle(s, SIZE_MAX);
    both_are(s, TLS_OPEN);
    assert_true(tls_peer(s->client, &peer));
    assert_string_equal(peer.subject, subject);
    assert_string_equal(peer.issuer, subject);
}

static void who_is_asked_for_by_name_shows_that_certificate(void **state) {
    struct scene *s = *state;
    add_others(s);
    shows_to(s, "ada", "CN=ada,O=Example");
    shows_to(s, HOST, "CN=irc.example.org,O=Example");
    shows_to(s, "IRC.Example.ORG", "CN=irc.example.org,O=Example");
    shows_to(s, "other.example", "CN=other.example,O=Example");
}

static void who_is_asked_for_by_another_name_shows_the_first(void **state) {
    struct scene *s = *state;
    add_others(s);
    shows_to(s, "nobody.example", "CN=other.example,O=Example");
    shows_to(s, "127.0.0.1", "CN=other.example,O=Example");
}

static void another_that_cannot_be_read_changes_nothing(void **state) {
    struct scene *s = *state;
    char wrong[TLS_WORDS_SIZE] = "";
    add_others(s);
    assert_false(tls_context_add(s->servers, s->own, s->ada, wrong));
    assert_non_null(strstr(wrong, s->ada));
    assert_false(tls_context_add(s->servers, "/nowhere", s->ada, wrong));
    assert_string_equal(wrong, "no certificate and key can be read from "
                               "/nowhere: No such file or directory");
    shows_to(s, "ada", "CN=ada,O=Example");
}

static void all_that_is_wrong_is_told(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    serve_with(s, s->old);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_memory_equal(peer.wrong, "signed by itself; expired on 20", 31);
    assert_non_null(strstr(peer.wrong, "; not made out to irc.example.org"));
}

static void a_renewed_certificate_has_the_same_key(void **state) {
    struct scene *s = *state;
    struct tls_peer before, after;
    char renewed[PATH_SIZE];
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &before));
    path_in(s, renewed, "renewed.pem");
    certificate_make(renewed,
                     (struct certificate_wish){HOST, -1, 60, NULL, s->own});
    serve_with(s, renewed);
    come(s, HOST, NULL);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &after));
    assert_string_equal(before.key, after.key);
    assert_string_not_equal(before.certificate, after.certificate);
}

static void a_server_sees_the_certificate_of_a_client(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    settle(s, SIZE_MAX);
    assert_false(tls_peer(s->server, &peer));
    serve_with(s, s->own);
    come(s, HOST, s->ada);
    settle(s, SIZE_MAX);
    both_are(s, TLS_OPEN);
    assert_true(tls_peer(s->server, &peer));
    assert_string_equal(peer.subject, "CN=ada,O=Example");
    assert_int_equal(strlen(peer.key), 64);
}

static void put(const char *path, const char *pem) {
    FILE *file = fopen(path, "we");
    fputs(pem, file);
    fclose(file);
}

static void an_identity_is_made_and_read(void **state) {
    static const char *const names[] = {"box", "bad,name", "Home_net"};
    struct scene *s = *state;
    struct tls_identity identity;
    struct tls_peer read, shown;
    char path[PATH_SIZE], key[PATH_SIZE], wrong[TLS_WORDS_SIZE];
    path_in(s, path, "made.pem");
    path_in(s, key, "made-key.pem");
    assert_true(tls_identity_make(&identity, names, 3));
    put(path, identity.certificate);
    put(key, identity.key);
    assert_true(tls_identity_read(path, &read, wrong));
    assert_string_equal(read.names, "box, Home_net");
    assert_string_equal(read.subject, "CN=box");
    tls_context_free(s->servers);
    s->servers = tls_context_server(path, key, wrong);
    tls_free(s->server);
    s->server = tls_server(s->servers);
    come(s, "box", NULL);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &shown));
    assert_string_equal(shown.key, read.key);
    assert_string_equal(shown.certificate, read.certificate);
    assert_string_equal(shown.wrong, "signed by itself");
    assert_false(tls_identity_read(key, &read, wrong));
    assert_memory_equal(wrong, "no certificate can be read from ", 32);
}

static void a_file_without_a_key_is_no_identity(void **state) {
    struct scene *s = *state;
    char wrong[TLS_WORDS_SIZE], path[PATH_SIZE];
    assert_null(tls_context_client("/nowhere/at.all", wrong));
    assert_memory_equal(wrong, "no certificate and key can be read from /nowhe",
                        46);
    path_in(s, path, "nothing.pem");
    FILE *file = fopen(path, "we");
    fputs("this is no certificate\n", file);
    fclose(file);
    assert_null(tls_context_server(path, path, wrong));
    assert_null(tls_context_server(s->own, s->signed_, wrong));
}

/* Nobody is asked for it: that would be on a terminal in use. */
static void a_key_with_a_password_is_refused(void **state) {
    struct scene *s = *state;
    char wrong[TLS_WORDS_SIZE], path[PATH_SIZE];
    FILE *from = fopen(s->own, "re");
    X509 *certificate = PEM_read_X509(from, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_PrivateKey(from, NULL, NULL, NULL);
    fclose(from);
    path_in(s, path, "locked.pem");
    FILE *to = fopen(path, "we");
    PEM_write_X509(to, certificate);
    PEM_write_PrivateKey(to, key, EVP_aes_128_cbc(),
                         (const unsigned char *)"word", 4, NULL, NULL);
    fclose(to);
    assert_null(tls_context_client(path, wrong));
    X509_free(certificate);
    EVP_PKEY_free(key);
}

static void what_a_certificate_says_is_cleaned(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    char evil[PATH_SIZE];
    path_in(s, evil, "evil.pem");
    certificate_make(evil, (struct certificate_wish){
                               "a\xe2\x80\xae\x1b[31mb.example", -1, 30});
    serve_with(s, evil);
    settle(s, SIZE_MAX);
    assert_true(tls_peer(s->client, &peer));
    assert_null(strchr(peer.subject, 0x1b));
    assert_null(strstr(peer.subject, "\xe2\x80\xae"));
    assert_null(strchr(peer.names, 0x1b));
    assert_true(utf8_valid(text_of(peer.subject)));
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        SCENE(who_signed_himself_is_not_trusted_but_known),
        SCENE(what_is_small_and_quick_for_short_lines_seals_them),
        SCENE(whom_an_authority_knows_is_trusted),
        SCENE(another_name_is_another_host),
        SCENE(addresses_are_compared_too),
        SCENE(an_address_as_a_name_is_none),
        SCENE(who_is_asked_for_by_name_shows_that_certificate),
        SCENE(who_is_asked_for_by_another_name_shows_the_first),
        SCENE(another_that_cannot_be_read_changes_nothing),
        SCENE(all_that_is_wrong_is_told),
        SCENE(a_renewed_certificate_has_the_same_key),
        SCENE(a_server_sees_the_certificate_of_a_client),
        SCENE(an_identity_is_made_and_read),
        SCENE(a_file_without_a_key_is_no_identity),
        SCENE(a_key_with_a_password_is_refused),
        SCENE(what_a_certificate_says_is_cleaned),
    };
    return cmocka_run_group_tests(tests, make_certificates,
                                  forget_certificates);
}
