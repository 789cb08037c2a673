/* Both ends of a TLS connection in one process, and the wire between them in
 * our hands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "protocol/tls.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"
#include "tests/certificate.h"

enum { PATH_SIZE = 128, HEARD_SIZE = 1 << 17 };

static const char HOST[] = "irc.example.org";

struct scene {
    char folder[64], own[PATH_SIZE], authority[PATH_SIZE], signed_[PATH_SIZE],
        old[PATH_SIZE], address[PATH_SIZE], ada[PATH_SIZE];
    struct tls_context *servers, *clients;
    struct tls *server, *client;
    char heard[HEARD_SIZE]; /* plaintext that the reading end got */
    size_t length;
};

static void path_in(struct scene *s, char path[PATH_SIZE], const char *name) {
    snprintf(path, PATH_SIZE, "%s/%s", s->folder, name);
}

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *place) {
    (void)status, (void)kind, (void)place;
    return remove(path);
}

static int make_certificates(void **state) {
    struct scene *s = memory_new(1, sizeof *s);
    strcpy(s->folder, "/tmp/minichat-test-XXXXXX");
    if (!mkdtemp(s->folder)) return -1;
    path_in(s, s->own, "own.pem");
    path_in(s, s->authority, "authority.pem");
    path_in(s, s->signed_, "signed.pem");
    path_in(s, s->old, "old.pem");
    path_in(s, s->address, "address.pem");
    path_in(s, s->ada, "ada.pem");
    certificate_make(s->own, (struct certificate_wish){HOST, -1, 30});
    certificate_make(s->authority, (struct certificate_wish){"CA", -1, 30});
    certificate_make(s->signed_,
                     (struct certificate_wish){HOST, -1, 30, s->authority});
    certificate_make(s->old,
                     (struct certificate_wish){"other.example", -30, -1, NULL});
    certificate_make(s->address, (struct certificate_wish){"IP:127.0.0.1", -1,
                                                           30, s->authority});
    certificate_make(s->ada, (struct certificate_wish){"ada", -1, 30});
    setenv("SSL_CERT_FILE", s->authority, 1);
    *state = s;
    return 0;
}

static int forget_certificates(void **state) {
    struct scene *s = *state;
    nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(s);
    return 0;
}

static void serve_with(struct scene *s, const char *pem) {
    char wrong[TLS_WORDS_SIZE];
    tls_context_free(s->servers);
    tls_free(s->server);
    s->servers = tls_context_server(pem, pem, wrong);
    assert_non_null(s->servers);
    s->server = tls_server(s->servers);
}

static void come(struct scene *s, const char *host, const char *pem) {
    char wrong[TLS_WORDS_SIZE];
    tls_context_free(s->clients);
    tls_free(s->client);
    s->clients = tls_context_client(pem, wrong);
    assert_non_null(s->clients);
    s->client = tls_client(s->clients, host);
}

static int begin(void **state) {
    struct scene *s = *state;
    serve_with(s, s->own);
    come(s, HOST, NULL);
    return 0;
}

static int end(void **state) {
    struct scene *s = *state;
    tls_free(s->server);
    tls_free(s->client);
    tls_context_free(s->servers);
    tls_context_free(s->clients);
    s->server = s->client = NULL;
    s->servers = s->clients = NULL;
    return 0;
}

static void read_all(struct scene *s, struct tls *tls) {
    char bytes[1000];
    size_t count;
    while ((count = tls_read(tls, bytes, sizeof bytes)) > 0) {
        assert_true(s->length + count <= sizeof s->heard);
        memcpy(s->heard + s->length, bytes, count);
        s->length += count;
    }
}

static void give(struct scene *s, struct tls *to, struct text bytes) {
    tls_feed(to, bytes);
    read_all(s, to);
}

/* What one has to send reaches the other, in pieces. */
static bool carry(struct scene *s, struct tls *from, struct tls *to,
                  size_t piece) {
    struct text out = tls_output(from);
    bool any = out.length > 0;
    while (out.length > 0) {
        size_t length = out.length < piece ? out.length : piece;
        give(s, to, text_slice(out.at, length));
        out = text_after(out, length);
    }
    tls_sent(from);
    return any;
}

static void settle(struct scene *s, size_t piece) {
    bool any = true;
    s->length = 0;
    while (any) {
        any = carry(s, s->client, s->server, piece);
        any = carry(s, s->server, s->client, piece) || any;
    }
}

static void both_are(struct scene *s, enum tls_state state) {
    assert_int_equal(tls_state(s->client), state);
    assert_int_equal(tls_state(s->server), state);
}

static void hears(struct scene *s, const char *text) {
    assert_int_equal(s->length, strlen(text));
    assert_memory_equal(s->heard, text, s->length);
}

static void both_ends_shake_hands_and_talk(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    both_are(s, TLS_OPEN);
    assert_true(tls_write(s->client, text_of("hello\r\n")));
    settle(s, SIZE_MAX);
    hears(s, "hello\r\n");
    assert_true(tls_write(s->server, text_of("welcome\r\n")));
    settle(s, SIZE_MAX);
    hears(s, "welcome\r\n");
}

static void it_may_come_byte_by_byte(void **state) {
    struct scene *s = *state;
    settle(s, 1);
    both_are(s, TLS_OPEN);
    tls_write(s->client, text_of("one"));
    tls_write(s->client, text_of("two"));
    settle(s, 1);
    hears(s, "onetwo");
}

static void it_may_be_split_anywhere(void **state) {
    struct scene *s = *state;
    for (size_t piece = 2; piece < 1200; piece += piece < 64 ? 1 : 37) {
        serve_with(s, s->own);
        come(s, HOST, NULL);
        settle(s, piece);
        both_are(s, TLS_OPEN);
        tls_write(s->server, text_of("split"));
        settle(s, piece);
        hears(s, "split");
    }
}

static void much_is_carried_whole(void **state) {
    struct scene *s = *state;
    char *much = memory_new(100000, 1);
    memset(much, 'x', 100000);
    settle(s, SIZE_MAX);
    assert_true(tls_write(s->server, text_slice(much, 100000)));
    settle(s, 4096);
    assert_int_equal(s->length, 100000);
    assert_memory_equal(s->heard, much, 100000);
    free(much);
}

static void nothing_is_written_before_the_handshake_is_over(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    assert_false(tls_write(s->client, text_of("PASS secret")));
    assert_false(tls_peer(s->client, &peer));
    assert_null(memmem(tls_output(s->client).at, tls_output(s->client).length,
                       "secret", 6));
}

static void the_name_of_the_host_is_sent(void **state) {
    struct scene *s = *state;
    struct text hello = tls_output(s->client);
    assert_non_null(memmem(hello.at, hello.length, HOST, strlen(HOST)));
    assert_non_null(memmem(hello.at, hello.length, "\3irc", 4));
    come(s, "127.0.0.1", NULL);
    hello = tls_output(s->client);
    assert_null(memmem(hello.at, hello.length, "127.0.0.1", 9));
}

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

static void a_peer_says_when_nothing_more_comes(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    tls_write(s->server, text_of("bye"));
    tls_end(s->server);
    settle(s, SIZE_MAX);
    hears(s, "bye");
    assert_int_equal(tls_state(s->client), TLS_ENDED);
    assert_false(tls_write(s->server, text_of("too late")));
    assert_true(tls_write(s->client, text_of("and you")));
    settle(s, SIZE_MAX);
    hears(s, "and you");
    tls_end(s->client);
    settle(s, SIZE_MAX);
    both_are(s, TLS_ENDED);
    give(s, s->client, text_of("whatever comes now"));
    assert_int_equal(tls_state(s->client), TLS_ENDED);
}

static void what_is_cut_off_is_not_an_end(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    tls_write(s->server, text_of("half of this is lost"));
    struct text out = tls_output(s->server);
    s->length = 0;
    give(s, s->client, text_slice(out.at, out.length / 2));
    assert_int_equal(s->length, 0);
    assert_int_equal(tls_state(s->client), TLS_OPEN);
}

/* The first byte that was changed on the way ends it, and is told to the other
 * end too. */
static void a_changed_byte_ends_it(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    tls_write(s->server, text_of("hello"));
    struct text out = tls_output(s->server);
    char *changed = memory_string(out.at, out.length);
    changed[out.length - 1] ^= 1;
    s->length = 0;
    give(s, s->client, text_slice(changed, out.length));
    free(changed);
    assert_int_equal(s->length, 0);
    assert_int_equal(tls_state(s->client), TLS_FAILED);
    assert_string_equal(tls_error(s->client),
                        "a record was changed on the way");
    assert_true(tls_output(s->client).length > 0);
    assert_false(tls_write(s->client, text_of("x")));
}

static void a_plain_server_is_recognised(void **state) {
    struct scene *s = *state;
    give(s, s->client, text_of(":"));
    assert_int_equal(tls_state(s->client), TLS_FAILED);
    assert_string_equal(tls_error(s->client), "this port does not speak TLS");
}

static void plain_clients_are_recognised(void **state) {
    struct scene *s = *state;
    give(s, s->server, text_of("NICK ada\r\n"));
    assert_int_equal(tls_state(s->server), TLS_FAILED);
    assert_string_equal(tls_error(s->server), "this is no TLS");
}

static void garbage_ends_it_with_words(void **state) {
    struct scene *s = *state;
    char garbage[2000];
    memset(garbage, 0x5a, sizeof garbage);
    garbage[0] = 22;
    give(s, s->client, text_slice(garbage, sizeof garbage));
    assert_int_equal(tls_state(s->client), TLS_FAILED);
    assert_true(strlen(tls_error(s->client)) > 0);
    give(s, s->client, text_slice(garbage, sizeof garbage));
    assert_int_equal(tls_state(s->client), TLS_FAILED);
}

/* A peer made with OpenSSL itself, which can do what ours refuses to. */
struct other {
    SSL_CTX *context;
    SSL *ssl;
    BIO *in, *out;
};

static void other_comes(struct other *other, int least, int most) {
    other->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(other->context, 0);
    SSL_CTX_set_min_proto_version(other->context, least);
    SSL_CTX_set_max_proto_version(other->context, most);
    other->ssl = SSL_new(other->context);
    other->in = BIO_new(BIO_s_mem());
    other->out = BIO_new(BIO_s_mem());
    SSL_set_bio(other->ssl, other->in, other->out);
    SSL_set_connect_state(other->ssl);
}

/* A session that broke off is not taken up again (SSL_clear(3)). */
static void other_goes(struct other *other) {
    SSL_set_shutdown(other->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(other->ssl);
    SSL_CTX_free(other->context);
}

/* Hands on what each has to send, until both wait. */
static void exchange(struct scene *s, struct other *other) {
    char bytes[20000], plain[100];
    int got = 1;
    while (got > 0 || tls_output(s->server).length > 0) {
        struct text out = tls_output(s->server);
        if (out.length > 0) BIO_write(other->in, out.at, (int)out.length);
        tls_sent(s->server);
        (void)SSL_read(other->ssl, plain, sizeof plain);
        got = BIO_read(other->out, bytes, sizeof bytes);
        if (got > 0) give(s, s->server, text_slice(bytes, (size_t)got));
    }
}

static void renegotiation_is_refused(void **state) {
    struct scene *s = *state;
    struct other other;
    other_comes(&other, TLS1_2_VERSION, TLS1_2_VERSION);
    exchange(s, &other);
    assert_int_equal(tls_state(s->server), TLS_OPEN);
    assert_true(SSL_is_init_finished(other.ssl));
    assert_int_equal(SSL_renegotiate(other.ssl), 1);
    exchange(s, &other);
    /* Ours has answered no_renegotiation; OpenSSL's client then gives up. */
    assert_int_equal(SSL_is_init_finished(other.ssl), 0);
    other_goes(&other);
}

/* Comes again with what it was given before; true where the server knew it. */
static bool comes_back(struct scene *s, SSL_SESSION *session) {
    struct other other;
    tls_free(s->server);
    s->server = tls_server(s->servers);
    int version = SSL_SESSION_get_protocol_version(session);
    other_comes(&other, version, version);
    SSL_set_session(other.ssl, session);
    exchange(s, &other);
    assert_int_equal(tls_state(s->server), TLS_OPEN);
    bool known = SSL_session_reused(other.ssl);
    other_goes(&other);
    return known;
}

static SSL_SESSION *given(struct scene *s, int version) {
    struct other other;
    other_comes(&other, version, version);
    exchange(s, &other);
    SSL_SESSION *session = SSL_get1_session(other.ssl);
    other_goes(&other);
    return session;
}

static void who_comes_back_is_known_by_a_ticket(void **state) {
    struct scene *s = *state;
    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
        begin(state);
        SSL_SESSION *session = given(s, version);
        assert_true(comes_back(s, session));
        tls_context_turn(s->servers);
        assert_true(comes_back(s, session));
        tls_context_turn(s->servers);
        assert_false(comes_back(s, session));
        SSL_SESSION_free(session);
        end(state);
    }
}

static void another_server_knows_no_ticket(void **state) {
    struct scene *s = *state;
    SSL_SESSION *session = given(s, TLS1_3_VERSION);
    serve_with(s, s->own);
    assert_false(comes_back(s, session));
    SSL_SESSION_free(session);
}

static void a_machine_outlives_its_context(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    tls_context_free(s->servers);
    s->servers = NULL;
    tls_write(s->server, text_of("still here"));
    settle(s, SIZE_MAX);
    hears(s, "still here");
}

static void the_output_can_be_taken(void **state) {
    struct scene *s = *state;
    size_t length;
    settle(s, SIZE_MAX);
    assert_null(tls_take(s->server, &length));
    assert_int_equal(length, 0);
    tls_write(s->server, text_of("taken"));
    char *bytes = tls_take(s->server, &length);
    assert_int_equal(tls_output(s->server).length, 0);
    s->length = 0;
    give(s, s->client, text_slice(bytes, length));
    free(bytes);
    hears(s, "taken");
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

static void what_is_older_than_1_2_is_refused(void **state) {
    struct scene *s = *state;
    struct other other;
    other_comes(&other, TLS1_VERSION, TLS1_1_VERSION);
    exchange(s, &other);
    assert_int_equal(tls_state(s->server), TLS_FAILED);
    assert_string_equal(tls_error(s->server),
                        "it speaks only a TLS older than 1.2");
    other_goes(&other);
}

static void version_1_2_will_do(void **state) {
    struct scene *s = *state;
    struct other other;
    other_comes(&other, TLS1_2_VERSION, TLS1_2_VERSION);
    exchange(s, &other);
    assert_int_equal(tls_state(s->server), TLS_OPEN);
    s->length = 0;
    assert_int_equal(SSL_write(other.ssl, "old", 3), 3);
    exchange(s, &other);
    hears(s, "old");
    other_goes(&other);
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

#define scene(claim) cmocka_unit_test_setup_teardown(claim, begin, end)

int main(void) {
    const struct CMUnitTest scenes[] = {
        scene(both_ends_shake_hands_and_talk),
        scene(it_may_come_byte_by_byte),
        scene(it_may_be_split_anywhere),
        scene(much_is_carried_whole),
        scene(nothing_is_written_before_the_handshake_is_over),
        scene(the_name_of_the_host_is_sent),
        scene(who_signed_himself_is_not_trusted_but_known),
        scene(whom_an_authority_knows_is_trusted),
        scene(another_name_is_another_host),
        scene(addresses_are_compared_too),
        scene(an_address_as_a_name_is_none),
        scene(all_that_is_wrong_is_told),
        scene(a_renewed_certificate_has_the_same_key),
        scene(a_server_sees_the_certificate_of_a_client),
        scene(a_peer_says_when_nothing_more_comes),
        scene(what_is_cut_off_is_not_an_end),
        scene(a_changed_byte_ends_it),
        scene(a_plain_server_is_recognised),
        scene(plain_clients_are_recognised),
        scene(garbage_ends_it_with_words),
        scene(renegotiation_is_refused),
        scene(who_comes_back_is_known_by_a_ticket),
        scene(another_server_knows_no_ticket),
        scene(a_machine_outlives_its_context),
        scene(the_output_can_be_taken),
        scene(an_identity_is_made_and_read),
        scene(what_is_older_than_1_2_is_refused),
        scene(version_1_2_will_do),
        scene(a_file_without_a_key_is_no_identity),
        scene(a_key_with_a_password_is_refused),
        scene(what_a_certificate_says_is_cleaned),
    };
    return cmocka_run_group_tests(scenes, make_certificates,
                                  forget_certificates);
}
