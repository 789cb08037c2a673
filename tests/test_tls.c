/* What two machines say to each other, however it is cut, changed or broken
 * off. */
#include "tests/both_ends.h"

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

/* At either end, and in the middle of a handshake as after it. */
static void garbage_later_is_no_record(void **state) {
    static const char garbage[] = "PRIVMSG #lobby :as if nothing were\r\n";
    static const char words[] = "what came is no record of TLS";
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    give(s, s->server, text_of(garbage));
    assert_string_equal(tls_error(s->server), words);
    give(s, s->client, text_of(garbage));
    assert_string_equal(tls_error(s->client), words);
    serve_with(s, s->own);
    come(s, HOST, NULL);
    struct text hello = tls_output(s->client);
    give(s, s->server, hello);
    give(s, s->server, text_of(garbage));
    assert_string_equal(tls_error(s->server), words);
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

static size_t number_at(struct text text, size_t at, size_t bytes) {
    size_t number = 0;
    assert_true(at + bytes <= text.length);
    while (bytes-- > 0)
        number = number << 8 | (unsigned char)text.at[at++];
    return number;
}

/* Of a ClientHello in one record (RFC 8446 4.1.2): the bytes of an extension,
 * 0 where it is not there. */
static size_t extension(struct text hello, size_t wanted) {
    size_t at = 5 + 4 + 2 + 32, length = 0;
    at += 1 + number_at(hello, at, 1);
    at += 2 + number_at(hello, at, 2);
    at += 1 + number_at(hello, at, 1);
    for (at += 2; at < hello.length; at += 4 + length) {
        length = number_at(hello, at + 2, 2);
        if (number_at(hello, at, 2) == wanted) return length;
    }
    return 0;
}

/* It would tell one server who we were at another (RFC 8446 C.4). */
static void a_client_shows_no_ticket_to_anyone(void **state) {
    enum { SERVER_NAME = 0, SESSION_TICKET = 35, PRE_SHARED_KEY = 41 };
    static const char *const hosts[] = {HOST, "elsewhere.example"};
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    tls_write(s->server, text_of("and a ticket"));
    settle(s, SIZE_MAX);
    for (size_t i = 0; i < 2; i++) {
        struct tls *again = tls_client(s->clients, hosts[i]);
        struct text hello = tls_output(again);
        assert_true(extension(hello, SERVER_NAME) > strlen(hosts[i]));
        assert_int_equal(extension(hello, SESSION_TICKET), 0);
        assert_int_equal(extension(hello, PRE_SHARED_KEY), 0);
        tls_free(again);
    }
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

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        SCENE(both_ends_shake_hands_and_talk),
        SCENE(it_may_come_byte_by_byte),
        SCENE(it_may_be_split_anywhere),
        SCENE(much_is_carried_whole),
        SCENE(nothing_is_written_before_the_handshake_is_over),
        SCENE(the_name_of_the_host_is_sent),
        SCENE(a_peer_says_when_nothing_more_comes),
        SCENE(what_is_cut_off_is_not_an_end),
        SCENE(a_changed_byte_ends_it),
        SCENE(a_plain_server_is_recognised),
        SCENE(plain_clients_are_recognised),
        SCENE(garbage_later_is_no_record),
        SCENE(garbage_ends_it_with_words),
        SCENE(renegotiation_is_refused),
        SCENE(who_comes_back_is_known_by_a_ticket),
        SCENE(another_server_knows_no_ticket),
        SCENE(a_client_shows_no_ticket_to_anyone),
        SCENE(a_machine_outlives_its_context),
        SCENE(the_output_can_be_taken),
        SCENE(what_is_older_than_1_2_is_refused),
        SCENE(version_1_2_will_do),
    };
    return cmocka_run_group_tests(tests, make_certificates,
                                  forget_certificates);
}
