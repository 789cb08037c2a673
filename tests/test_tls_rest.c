/* What a machine that rests gives back, and that it takes it up again. */
#include <sys/mman.h>

#include "protocol/tls_cells.h"
#include "protocol/tls_parts.h"
#include "tests/both_ends.h"

enum { CELLS = 4, CROWD = 64 };

/* Of the pages that the SSL lies in, where it has pages of its own. */
static size_t resident(const struct tls *tls) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE), count = 0;
    unsigned char in[2] = {0};
    uintptr_t start = (uintptr_t)tls->resting / page * page;
    size_t pages = page < 8192 ? 8192 / page : 1;
    assert_true(pages <= sizeof in);
    assert_int_equal(
        mincore((char *)tls->resting - ((uintptr_t)tls->resting - start),
                pages * page, in),
        0);
    for (size_t i = 0; i < pages; i++)
        count += in[i] & 1;
    return count;
}

static bool lies_in_a_cell(const struct tls *tls) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (uintptr_t)tls->resting % page == 0;
}

static int make_certificates_and_cells(void **state) {
    return tls_prepare_rest(CELLS) ? make_certificates(state) : -1;
}

static void its_pages_are_given_back(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    both_are(s, TLS_OPEN);
    tls_rest(s->server);
    assert_int_equal(resident(s->server), 0);
    assert_true(tls_write(s->server, text_of("still here")));
    assert_true(resident(s->server) > 0);
}

static void resting_twice_is_resting(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    for (int i = 0; i < 3; i++) {
        tls_rest(s->server);
        tls_rest(s->server);
        assert_true(tls_write(s->client, text_of("one")));
        assert_true(tls_write(s->server, text_of("two")));
        settle(s, SIZE_MAX);
        assert_int_equal(s->length, 6);
    }
}

static void keys_may_change_meanwhile(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    for (int i = 0; i < 3; i++) {
        SSL_key_update(tls_ssl(s->client), SSL_KEY_UPDATE_REQUESTED);
        assert_true(tls_write(s->client, text_of("new keys")));
        tls_rest(s->server);
        tls_rest(s->client);
        settle(s, SIZE_MAX);
        assert_int_equal(s->length, 8);
        both_are(s, TLS_OPEN);
    }
}

static void who_is_there_is_known_afterwards(void **state) {
    struct scene *s = *state;
    struct tls_peer peer;
    come(s, HOST, s->ada);
    settle(s, SIZE_MAX);
    tls_rest(s->server);
    assert_true(tls_peer(s->server, &peer));
    assert_string_equal(peer.subject, "CN=ada,O=Example");
}

static void one_may_go_while_it_rests(void **state) {
    struct scene *s = *state;
    settle(s, SIZE_MAX);
    tls_rest(s->server);
    tls_free(s->server);
    s->server = NULL;
}

/* More than there are cells: the others lie in the heap, and rest no less than
 * before. A cell is taken again when its machine has gone. */
static void there_may_be_more_than_have_cells(void **state) {
    struct scene *s = *state;
    struct tls *crowd[CROWD];
    unsigned in_cells;
    for (int round = 0; round < 3; round++) {
        in_cells = lies_in_a_cell(s->server) + lies_in_a_cell(s->client);
        for (unsigned i = 0; i < CROWD; i++) {
            crowd[i] = tls_client(s->clients, HOST);
            in_cells += lies_in_a_cell(crowd[i]);
        }
        assert_true(in_cells >= CELLS && in_cells < CROWD / 2);
        for (unsigned i = 0; i < CROWD; i++)
            tls_rest(crowd[i]);
        for (unsigned i = 0; i < CROWD; i++)
            tls_free(crowd[i]);
    }
    settle(s, SIZE_MAX);
    both_are(s, TLS_OPEN);
}

static void what_is_no_ssl_may_grow(void **state) {
    (void)state;
    cells_expect();
    char *piece = OPENSSL_malloc(5000);
    cells_expect_no_more();
    memset(piece, 'x', 5000);
    piece = OPENSSL_realloc(piece, 9000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(piece[i], 'x');
    OPENSSL_free(piece);
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(its_pages_are_given_back),
        SCENE(resting_twice_is_resting),
        SCENE(keys_may_change_meanwhile),
        SCENE(who_is_there_is_known_afterwards),
        SCENE(one_may_go_while_it_rests),
        SCENE(there_may_be_more_than_have_cells),
        cmocka_unit_test(what_is_no_ssl_may_grow),
    };
    return cmocka_run_group_tests(tests, make_certificates_and_cells,
                                  forget_certificates);
}
