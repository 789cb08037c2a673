/* How a peer ends whom nothing can be written to any more: what it said before
 * is still heard. And what is left of what it logged in with: nothing. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "protocol/memory.h"
#include "protocol/writer.h"
#include "server/connection_inside.h"
#include "server/delivery.h"
#include "tests/certificate.h"

enum { PATIENCE_S = 10, PASTE = 40 };

struct stranger {
    int fd;
    struct tls *tls;  /* NULL: plain */
    char heard[8192]; /* since it was looked at */
    size_t length;
};

struct scene {
    uv_loop_t loop;
    struct config config;
    struct chat chat;
    struct delivery delivery;
    struct house house;
    struct company company;
    struct tls_context *clients;
    struct stranger ada, bob;
};

static struct sockaddr *loopback(struct sockaddr_storage *address) {
    uv_ip4_addr("127.0.0.1", 0, (struct sockaddr_in *)address);
    return (struct sockaddr *)address;
}

static void join_tcp(int ends[2]) {
    struct sockaddr_storage address = {0};
    struct sockaddr *any = loopback(&address);
    socklen_t size = sizeof(struct sockaddr_in);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, any, size), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, any, &size), 0);
    ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(ends[0], any, size), 0);
    int yes = 1; /* what is said has left before a reset does */
    setsockopt(ends[0], IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ends[1] = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    close(listener);
}

static void comes_by(struct scene *scene, struct stranger *one, int ends[2]) {
    *one = (struct stranger){.fd = ends[0]};
    connection_accept(&scene->company, ends[1], ADDRESS_AUTO, false);
}

static void comes(struct scene *scene, struct stranger *one) {
    int ends[2];
    join_tcp(ends);
    comes_by(scene, one, ends);
}

static void comes_by_unix(struct scene *scene, struct stranger *one) {
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends),
                     0);
    comes_by(scene, one, ends);
}

static void pours(struct stranger *one, struct text bytes) {
    if (bytes.length == 0) return;
    assert_int_equal(send(one->fd, bytes.at, bytes.length, 0), bytes.length);
}

static void pours_tls(struct stranger *one) {
    pours(one, tls_output(one->tls));
    tls_sent(one->tls);
}

static void says(struct stranger *one, const char *words) {
    if (!one->tls) {
        pours(one, text_of(words));
        return;
    }
    assert_true(tls_write(one->tls, text_of(words)));
    pours_tls(one);
}

/* The kernel is told at once; the server's loop has not run on. */
static void resets(struct stranger *one) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(one->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(one->fd);
    one->fd = -1;
}

static void keep(struct stranger *one, struct text bytes) {
    assert_true(one->length + bytes.length < sizeof one->heard);
    memcpy(one->heard + one->length, bytes.at, bytes.length);
    one->length += bytes.length;
    one->heard[one->length] = '\0';
}

static void listens(struct stranger *one) {
    char bytes[4096], plain[4096];
    ssize_t got;
    size_t count;
    while ((got = recv(one->fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0) {
        if (!one->tls) keep(one, text_slice(bytes, (size_t)got));
        if (!one->tls) continue;
        tls_feed(one->tls, text_slice(bytes, (size_t)got));
        while ((count = tls_read(one->tls, plain, sizeof plain)) > 0)
            keep(one, text_slice(plain, count));
        pours_tls(one);
    }
}

static bool is_time(uint64_t since) {
    return uv_hrtime() - since < PATIENCE_S * UINT64_C(1000000000);
}

static void turns(struct scene *scene, struct stranger *one) {
    uv_run(&scene->loop, UV_RUN_NOWAIT);
    listens(one);
    usleep(100);
}

/* All up to that is heard, and forgotten. */
static void hears(struct scene *scene, struct stranger *one,
                  const char *words) {
    uint64_t since = uv_hrtime();
    char *at;
    while (!(at = strstr(one->heard, words)) && is_time(since))
        turns(scene, one);
    if (!at) {
        fail_msg("not heard: %s\nbut: %s", words, one->heard);
        return;
    }
    at += strlen(words);
    one->length -= (size_t)(at - one->heard);
    memmove(one->heard, at, one->length + 1);
}

static void enters(struct scene *scene, struct stranger *one,
                   const char *name) {
    char words[128];
    snprintf(words, sizeof words, "NICK %s\r\nUSER x 0 * :x\r\nJOIN #lobby\r\n",
             name);
    says(one, words);
    hears(scene, one, " 366 ");
}

static void turns_to_tls(struct scene *scene, struct stranger *one) {
    one->tls = tls_client(scene->clients, "chat.example");
    pours_tls(one);
    uint64_t since = uv_hrtime();
    while (tls_state(one->tls) != TLS_OPEN && is_time(since))
        turns(scene, one);
    assert_int_equal(tls_state(one->tls), TLS_OPEN);
}

/* Something is written to everybody before the server's loop looks again at
 * what has come: so it is found out first that bob is gone. */
static void everybody_is_written_to(struct scene *scene) {
    company_warn(&scene->company, text_of("mind the step"));
    uv_run(&scene->loop, UV_RUN_NOWAIT);
}

static void make_contexts(struct scene *scene) {
    char path[] = "/tmp/minichat-test-XXXXXX", wrong[TLS_WORDS_SIZE];
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    certificate_make(path, (struct certificate_wish){"chat.example", -1, 30});
    scene->clients = tls_context_client(NULL, wrong);
    scene->company.identity = tls_context_server(path, path, wrong);
    unlink(path);
    assert_non_null(scene->clients);
    assert_non_null(scene->company.identity);
}

static int setup(void **state) {
    struct scene *scene = *state = calloc(1, sizeof *scene);
    scene->bob.fd = -1;
    signal(SIGPIPE, SIG_IGN);
    uv_loop_init(&scene->loop);
    config_defaults(&scene->config);
    scene->config.guests = true;
    scene->config.loopback = false;
    scene->config.arrivals.rate = 0;
    chat_init(&scene->chat);
    text_copy(text_of(scene->config.lobby), scene->chat.home,
              sizeof scene->chat.home);
    delivery_init(&scene->delivery, &scene->house);
    chat_attend(&scene->chat, &scene->delivery.witness);
    scene->house =
        (struct house){.chat = &scene->chat, .config = &scene->config};
    scene->company.most = 10;
    company_init(&scene->company, &scene->loop, &scene->house);
    round_stay(&scene->company.round, true); /* as who listens does */
    make_contexts(scene);
    comes(scene, &scene->ada);
    enters(scene, &scene->ada, "ada");
    return 0;
}

static void are_left(struct scene *scene, unsigned count) {
    uint64_t since = uv_hrtime();
    while (scene->company.count > count && is_time(since)) {
        uv_run(&scene->loop, UV_RUN_NOWAIT);
        usleep(100);
    }
    assert_int_equal(scene->company.count, count);
}

static int teardown(void **state) {
    struct scene *scene = *state;
    if (scene->bob.fd >= 0) close(scene->bob.fd);
    tls_free(scene->bob.tls);
    close(scene->ada.fd);
    are_left(scene, 0);
    company_close(&scene->company);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    company_finish(&scene->company);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    chat_finish(&scene->chat);
    tls_context_free(scene->clients);
    tls_context_free(scene->company.identity);
    free(scene);
    return 0;
}

static void bob_says_his_last(struct scene *scene, const char *end) {
    says(&scene->bob, "PRIVMSG #lobby :one\r\nPRIVMSG #lobby :two\r\n");
    resets(&scene->bob);
    everybody_is_written_to(scene);
    hears(scene, &scene->ada, "PRIVMSG #lobby :one\r\n");
    hears(scene, &scene->ada, "PRIVMSG #lobby :two\r\n");
    hears(scene, &scene->ada, end);
}

static void last_words_are_heard_though_nobody_takes_ours(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    bob_says_his_last(scene, "QUIT :connection reset\r\n");
}

/* Who has read all is not reset there. */
static void so_they_are_of_one_on_a_unix_socket(void **state) {
    struct scene *scene = *state;
    comes_by_unix(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    bob_says_his_last(scene, "QUIT :connection closed\r\n");
}

static void so_they_are_under_tls(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->bob);
    turns_to_tls(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    bob_says_his_last(scene, "QUIT :connection reset\r\n");
}

/* It may be the beginning of something else. */
static void half_a_last_word_is_none(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    says(&scene->bob, "PRIVMSG #lobby :one\r\nPRIVMSG #lobby :tw");
    resets(&scene->bob);
    everybody_is_written_to(scene);
    hears(scene, &scene->ada,
          "PRIVMSG #lobby :one\r\n"
          ":bob!~x@127.0.0.1 QUIT :connection reset\r\n");
}

/* In one piece, which has left when it is said. */
static void pastes(struct stranger *one, const char *last) {
    char words[2048];
    struct writer writer = writer_on(words, sizeof words - 1);
    for (int i = 0; i < PASTE; i++)
        write_format(&writer, "PRIVMSG #lobby :line %d\r\n", i);
    write_format(&writer, "%s", last);
    words[writer.length] = '\0';
    says(one, words);
}

static void hears_the_paste(struct scene *scene, struct stranger *one) {
    for (int i = 0; i < PASTE; i++) {
        char words[64];
        snprintf(words, sizeof words, "PRIVMSG #lobby :line %d\r\n", i);
        hears(scene, one, words);
    }
}

/* Somebody is not read from while it was too fast. */
static void a_paste_is_heard_to_its_end(void **state) {
    struct scene *scene = *state;
    scene->config.guest_rate = (struct limits_rule){.rate = 100, .burst = 10};
    comes(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    pastes(&scene->bob, "");
    resets(&scene->bob);
    hears_the_paste(scene, &scene->ada);
    hears(scene, &scene->ada, "QUIT :connection reset\r\n");
}

static void so_it_is_though_nobody_takes_ours(void **state) {
    struct scene *scene = *state;
    scene->config.guest_rate = (struct limits_rule){.rate = 100, .burst = 10};
    comes(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    pastes(&scene->bob, "");
    hears(scene, &scene->ada, "line 0\r\n");
    resets(&scene->bob);
    everybody_is_written_to(scene);
    hears(scene, &scene->ada, "line 39\r\n");
    hears(scene, &scene->ada, "QUIT :connection reset\r\n");
}

/* Nobody is read from while the disk is behind. */
static void what_waits_for_the_disk_is_heard(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    scene->house.pressed = true;
    says(&scene->bob, "PRIVMSG #lobby :one\r\n");
    for (int i = 0; i < 20; i++)
        turns(scene, &scene->ada);
    says(&scene->bob, "PRIVMSG #lobby :two\r\n");
    resets(&scene->bob);
    everybody_is_written_to(scene);
    scene->house.pressed = false;
    company_settled(&scene->company);
    hears(scene, &scene->ada, "PRIVMSG #lobby :one\r\n");
    hears(scene, &scene->ada, "PRIVMSG #lobby :two\r\n");
    hears(scene, &scene->ada, "QUIT :connection reset\r\n");
}

/* It ended its side first, and is gone while what it said is carried out. */
static void who_ended_well_is_heard_to_the_end(void **state) {
    struct scene *scene = *state;
    scene->config.guest_rate = (struct limits_rule){.rate = 100, .burst = 10};
    comes(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    pastes(&scene->bob, "PRIVMSG #lobby :and no line end");
    shutdown(scene->bob.fd, SHUT_WR);
    hears(scene, &scene->ada, "line 0\r\n");
    resets(&scene->bob);
    everybody_is_written_to(scene);
    hears(scene, &scene->ada, "line 39\r\n");
    hears(scene, &scene->ada, "PRIVMSG #lobby :and no line end\r\n");
    hears(scene, &scene->ada, "QUIT :connection closed\r\n");
}

/* Who shuts its ears alone could go on speaking for ever. */
static void who_only_does_not_listen_is_gone(void **state) {
    struct scene *scene = *state;
    comes_by_unix(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    shutdown(scene->bob.fd, SHUT_RD);
    everybody_is_written_to(scene);
    hears(scene, &scene->ada, "QUIT :connection reset\r\n");
}

static void who_leaves_within_the_handshake_leaves_nothing(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->bob);
    says(&scene->bob, "\x16\x03\x01");
    turns(scene, &scene->ada);
    resets(&scene->bob);
    everybody_is_written_to(scene);
    are_left(scene, 1);
}

/* A secret that stands nowhere in this program but where it was sent to, and
 * its negative, by which it is searched for. */
enum { SECRET = 40, CHUNK = 1 << 20, LARGEST = 1 << 25 };

static void make_secret(char secret[SECRET], char negative[SECRET]) {
    for (int i = 0; i < SECRET; i++) {
        secret[i] = (char)('q' + (i * i + 7 * i) % 7);
        negative[i] = (char)~secret[i];
    }
}

static bool is_there(const char *at, const char negative[SECRET]) {
    for (int i = 0; i < SECRET; i++)
        if (at[i] != (char)~negative[i]) return false;
    return true;
}

static unsigned count_in(const char *bytes, size_t length,
                         const char negative[SECRET]) {
    const char first = (char)~negative[0], *end = bytes + length, *at = bytes;
    unsigned count = 0;
    while (end - at >= SECRET && (at = memchr(at, first, (size_t)(end - at)))) {
        count += end - at >= SECRET && is_there(at, negative);
        at++;
    }
    return count;
}

/* What the kernel gives of the memory from there to there, freed or not. */
static unsigned count_between(int memory, uint64_t from, uint64_t to,
                              char *bytes, const char negative[SECRET]) {
    unsigned count = 0;
    for (uint64_t at = from; at < to; at += CHUNK - SECRET) {
        size_t size = to - at < CHUNK ? (size_t)(to - at) : CHUNK;
        ssize_t got = pread(memory, bytes, size, (off_t)at);
        if (got > 0) count += count_in(bytes, (size_t)got, negative);
        memset(bytes, 0, size);
    }
    return count;
}

/* How often it stands in what this program may write to; what is larger is
 * none of ours, but the sanitizer's. */
static unsigned copies(const char negative[SECRET]) {
    char line[512], *bytes = memory_new(CHUNK, 1), *at;
    unsigned count = 0;
    FILE *maps = fopen("/proc/self/maps", "re");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    assert_true(maps && memory >= 0);
    while (fgets(line, sizeof line, maps)) { /* FROM-TO rwxp … */
        uint64_t from = strtoull(line, &at, 16), to = strtoull(at + 1, &at, 16);
        if (at[2] == 'w' && to - from <= LARGEST)
            count += count_between(memory, from, to, bytes, negative);
    }
    fclose(maps);
    close(memory);
    free(bytes);
    return count;
}

struct login {
    const char *before, *after; /* what is sent around the secret */
    const char *answer;
};

/* So many bytes of the secret come first, the others later. */
static void no_copy_is_left_of(struct scene *scene, const struct login *login,
                               size_t first) {
    char all[256], negative[SECRET];
    struct writer writer = writer_on(all, sizeof all);
    write_string(&writer, login->before);
    make_secret(all + writer.length, negative);
    first += writer.length;
    writer.length += SECRET;
    write_string(&writer, login->after);
    comes(scene, &scene->bob);
    pours(&scene->bob, text_slice(all, first));
    for (int i = 0; i < 20; i++)
        turns(scene, &scene->bob);
    pours(&scene->bob, text_after(writer_text(&writer), first));
    explicit_bzero(all, sizeof all);
    hears(scene, &scene->bob, login->answer);
    assert_int_equal(copies(negative), 0);
}

static void nothing_stays_of(struct scene *scene, const struct login *login) {
    no_copy_is_left_of(scene, login, 0);
    close(scene->bob.fd);
    no_copy_is_left_of(scene, login, SECRET / 2);
    close(scene->bob.fd);
    no_copy_is_left_of(scene, login, SECRET);
}

static void one_who_looks_for_a_copy_finds_it(void **state) {
    char *secret = memory_new(SECRET, 1), negative[SECRET];
    (void)state;
    make_secret(secret, negative);
    assert_true(copies(negative) > 0);
    explicit_bzero(secret, SECRET);
    assert_int_equal(copies(negative), 0);
    free(secret);
}

static void a_password_stays_nowhere(void **state) {
    const struct login login = {"PASS ", "\r\nNICK bob\r\nUSER x 0 * :x\r\n",
                                " 464 "};
    nothing_stays_of(*state, &login);
}

static void an_answer_of_sasl_stays_nowhere(void **state) {
    const struct login login = {
        "CAP REQ :sasl\r\nAUTHENTICATE PLAIN\r\nAUTHENTICATE ",
        "\r\nNICK bob\r\n", " 904 "};
    nothing_stays_of(*state, &login);
}

static void what_a_person_logs_in_with_stays_nowhere(void **state) {
    const struct login login = {"/login v4.public.", "\r\n/help\r\n",
                                "list what you can do"};
    nothing_stays_of(*state, &login);
}

static void a_token_alone_stays_nowhere(void **state) {
    const struct login login = {"v4.public.", "\r\n/help\r\n",
                                "list what you can do"};
    nothing_stays_of(*state, &login);
}

/* Much follows in the same breath, at its time. */
static void what_waits_behind_it_stays_alone(void **state) {
    struct scene *scene = *state;
    scene->config.guest_rate = (struct limits_rule){.rate = 1, .burst = 1};
    const struct login login = {
        "/login v4.public.",
        "\r\n/help\r\nhello\r\nhello\r\nhello\r\nhello\r\n",
        "list what you can do"};
    no_copy_is_left_of(scene, &login, 0);
    scene->config.guest_rate.rate = 0; /* nobody waits for the end */
}

/* What is read by the loop is opened elsewhere. */
static void under_tls_it_stays_nowhere_either(void **state) {
    struct scene *scene = *state;
    comes(scene, &scene->bob);
    turns_to_tls(scene, &scene->bob);
    says(&scene->bob, "PASS open-sesame\r\nNICK bob\r\nUSER x 0 * :x\r\n");
    hears(scene, &scene->bob, " 464 ");
    assert_null(memmem(scene->company.plain, sizeof scene->company.plain,
                       "open-sesame", strlen("open-sesame")));
}

/* So many lines that wait for a batch, or for none; 100 bytes each. */
static void is_sent(struct connection *c, unsigned lines, uint64_t batch) {
    char words[101];
    snprintf(words, sizeof words, "%099d\n", 0);
    round_begin(&c->company->round);
    for (unsigned i = 0; i < lines; i++) {
        struct line *line = line_new(text_of(words));
        c->carrier.send(&c->carrier, line, batch);
        line_drop(line);
    }
}

/* On disk within the round that it was handed over in. */
static void is_kept(struct scene *scene, uint64_t batch) {
    scene->house.batch = batch;
    uv_run(&scene->loop, UV_RUN_NOWAIT);
    scene->house.settled = batch;
    company_settled(&scene->company);
    uv_run(&scene->loop, UV_RUN_NOWAIT);
}

/* However little time the commit took. */
static void what_comes_free_at_once_makes_nobody_late(void **state) {
    struct scene *scene = *state;
    unsigned most = scene->config.send_lines;
    comes_by_unix(scene, &scene->bob);
    enters(scene, &scene->bob, "bob");
    struct connection *c = scene->company.first;
    is_kept(scene, 1);
    is_sent(c, 2 * most, 3);
    is_kept(scene, 3);
    assert_int_equal(scene->company.count, 2);
    is_sent(c, 2 * most, 0);
    uv_run(&scene->loop, UV_RUN_NOWAIT);
    are_left(scene, 1);
    hears(scene, &scene->ada, "QUIT :too far behind\r\n");
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(last_words_are_heard_though_nobody_takes_ours),
        SCENE(so_they_are_of_one_on_a_unix_socket),
        SCENE(so_they_are_under_tls),
        SCENE(half_a_last_word_is_none),
        SCENE(a_paste_is_heard_to_its_end),
        SCENE(so_it_is_though_nobody_takes_ours),
        SCENE(what_waits_for_the_disk_is_heard),
        SCENE(who_ended_well_is_heard_to_the_end),
        SCENE(who_only_does_not_listen_is_gone),
        SCENE(what_comes_free_at_once_makes_nobody_late),
        SCENE(who_leaves_within_the_handshake_leaves_nothing),
        SCENE(one_who_looks_for_a_copy_finds_it),
        SCENE(a_password_stays_nowhere),
        SCENE(an_answer_of_sasl_stays_nowhere),
        SCENE(what_a_person_logs_in_with_stays_nowhere),
        SCENE(a_token_alone_stays_nowhere),
        SCENE(what_waits_behind_it_stays_alone),
        SCENE(under_tls_it_stays_nowhere_either),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
