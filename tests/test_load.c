/* The load generator's checks, checked: a server that breaks its word in one
 * known way is found out, and one that keeps it is not accused. */
#include "tests/bench/load_clock.h"
#include "tests/bench/load_scenes.h"
#include "tests/bench/load_talk.h"

#include <arpa/inet.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    CLIENTS = 6,
    MESSAGES = 20,
    VICTIM = 4, /* the client whom the fault hits */
    FAULTY = 7, /* the message that the victim hears wrongly */
    LINE_SIZE = 1024,
    PATIENCE = 10, /* seconds, for a machine that is busy */
};

enum fault {
    NO_FAULT,
    LOSES,       /* a message */
    REPEATS,     /* a message */
    SWAPS,       /* two messages of one sender */
    REORDERS,    /* two messages of two senders, for one hearer */
    GARBLES,     /* one byte */
    MISNAMES,    /* tells another source */
    ECHOES,      /* to the sender */
    HIDES_JOIN,  /* from one who is there */
    DOUBLES_JOIN /* for one who is there */
};

/* The server: just enough of one. */

struct user {
    int fd;
    char nick[32], line[LINE_SIZE], kept[LINE_SIZE];
    size_t length;
    bool inside;
    unsigned heard;
};

struct fake {
    int listener;
    enum fault fault;
    struct user users[CLIENTS];
    size_t count;
};

static void tell(const struct user *user, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void tell(const struct user *user, const char *format, ...) {
    va_list values;
    va_start(values, format);
    vdprintf(user->fd, format, values);
    va_end(values);
}

/* Message number FAULTY reaches the victim as the fault wants it. */
static void deliver(const struct fake *fake, struct user *to,
                    const struct user *from, const char *line) {
    unsigned number = to->heard++;
    bool victim = to == &fake->users[VICTIM];
    const char *source = from->nick;
    char copy[LINE_SIZE];
    snprintf(copy, sizeof copy, "%s", line);
    if (victim && number == FAULTY) {
        if (fake->fault == LOSES) return;
        if (fake->fault == REPEATS) tell(to, ":%s!u@h %s\r\n", source, line);
        if (fake->fault == GARBLES) copy[strlen(copy) - 2] ^= 1;
        if (fake->fault == MISNAMES) source = fake->users[2].nick;
        if (fake->fault == SWAPS || fake->fault == REORDERS) {
            snprintf(to->kept, sizeof to->kept, ":%s!u@h %s\r\n", source, line);
            return;
        }
    }
    tell(to, ":%s!u@h %s\r\n", source, copy);
    if (to->kept[0]) tell(to, "%s", to->kept);
    to->kept[0] = '\0';
}

/* In a room of one's own only the receipt is heard. */
static bool say_alone(struct fake *fake, struct user *from, const char *line) {
    const char *room = strchr(line, '#') + 1;
    if (strncmp(room, from->nick, strlen(from->nick)) != 0) return false;
    deliver(fake, from, from, line);
    return true;
}

static void say(struct fake *fake, struct user *from, const char *line) {
    if (say_alone(fake, from, line)) return;
    for (size_t i = 0; i < fake->count; i++) {
        bool echo = fake->fault == ECHOES && i == VICTIM;
        if (&fake->users[i] != from || echo)
            deliver(fake, &fake->users[i], from, line);
    }
}

static void tell_join(const struct fake *fake, const struct user *to,
                      const char *nick) {
    static bool done;
    bool hit = to == &fake->users[VICTIM] && strcmp(nick, to->nick) != 0;
    bool once = hit && !done;
    if (once) done = true;
    if (once && fake->fault == HIDES_JOIN) return;
    if (once && fake->fault == DOUBLES_JOIN)
        tell(to, ":%s!u@h JOIN #bench\r\n", nick);
    tell(to, ":%s!u@h JOIN :#bench\r\n", nick);
}

static void join(struct fake *fake, struct user *user) {
    user->inside = true;
    for (size_t i = 0; i < fake->count; i++)
        if (fake->users[i].inside) tell_join(fake, &fake->users[i], user->nick);
    tell(user, ":fake 353 %s = #bench :", user->nick);
    for (size_t i = 0; i < fake->count; i++)
        if (fake->users[i].inside) tell(user, "@%s ", fake->users[i].nick);
    tell(user, "\r\n:fake 366 %s #bench :end\r\n", user->nick);
}

static void carry_out(struct fake *fake, struct user *user, const char *line) {
    if (sscanf(line, "NICK %31s", user->nick) == 1)
        tell(user, ":fake 001 %s :hello\r\n:fake 422 %s :no motd\r\n",
             user->nick, user->nick);
    if (!strncmp(line, "JOIN", 4)) join(fake, user);
    if (!strncmp(line, "@+minichat/nonce=", 17)) line = strchr(line, ' ') + 1;
    if (!strncmp(line, "PRIVMSG #", 9)) say(fake, user, line);
}

static void leave(struct fake *fake, struct user *user) {
    close(user->fd);
    user->fd = -1;
    user->inside = false;
    for (size_t i = 0; i < fake->count; i++)
        if (fake->users[i].fd >= 0)
            tell(&fake->users[i], ":%s!u@h QUIT :reset\r\n", user->nick);
}

static void listen_to(struct fake *fake, struct user *user) {
    char byte;
    if (recv(user->fd, &byte, 1, 0) != 1) {
        leave(fake, user);
        return;
    }
    if (byte != '\n' && user->length + 1 < LINE_SIZE) {
        user->line[user->length++] = byte;
        return;
    }
    user->line[user->length - (user->length > 0)] = '\0'; /* CR */
    user->length = 0;
    carry_out(fake, user, user->line);
}

static void turn(struct fake *fake) {
    struct pollfd polled[CLIENTS + 1] = {
        {.fd = fake->count < CLIENTS ? fake->listener : -1, .events = POLLIN}};
    for (size_t i = 0; i < fake->count; i++)
        polled[i + 1] =
            (struct pollfd){.fd = fake->users[i].fd, .events = POLLIN};
    size_t count = fake->count;
    if (poll(polled, (nfds_t)count + 1, -1) < 0) return;
    for (size_t i = 0; i < count; i++)
        if (polled[i + 1].revents) listen_to(fake, &fake->users[i]);
    if (polled[0].revents)
        fake->users[fake->count++].fd = accept(fake->listener, NULL, NULL);
}

/* The scenes. */

struct scene {
    pid_t server;
    struct fleet fleet;
};

/* Where a line will be missing there is no use in waiting long for it. */
static uint64_t patience(enum fault fault) {
    bool misses = fault == LOSES || fault == GARBLES || fault == MISNAMES ||
                  fault == HIDES_JOIN;
    return (uint64_t)(misses ? 1 : PATIENCE) * NANOSECONDS;
}

static struct scene meet(enum fault fault) {
    struct fake fake = {.fault = fault};
    struct scene scene;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    fake.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(
        bind(fake.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fake.listener, CLIENTS), 0);
    getsockname(fake.listener, (struct sockaddr *)&address, &size);
    scene.server = fork();
    if (scene.server == 0) {
        signal(SIGPIPE, SIG_IGN);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            turn(&fake);
    }
    close(fake.listener);
    fleet_init(&scene.fleet, ntohs(address.sin_port), CLIENTS);
    scene.fleet.patience = patience(fault);
    return scene;
}

static void part(struct scene *scene) {
    fleet_finish(&scene->fleet);
    kill(scene->server, SIGKILL);
    waitpid(scene->server, NULL, 0);
}

/* A conversation with that fault; the caller looks at it and finishes it. */
static struct talk converse(struct scene *scene, size_t senders) {
    assert_true(fleet_register(&scene->fleet, CLIENTS));
    assert_true(fleet_join(&scene->fleet, "#bench", CLIENTS, 1));
    return (struct talk){.fleet = &scene->fleet,
                         .room = "#bench",
                         .senders = senders,
                         .hearers = CLIENTS - 1,
                         .messages = MESSAGES,
                         .window = 4,
                         .run = 1};
}

struct verdict {
    bool intact;
    uint64_t lost, repeated, disordered, foreign;
};

static struct verdict hold(struct scene *scene, struct talk *talk) {
    talk_init(talk, 120);
    talk_run(talk);
    struct verdict verdict = {talk_intact(talk), talk_lost(talk),
                              talk->tally.repeated, talk->tally.disordered,
                              talk->tally.foreign};
    talk_finish(talk);
    part(scene);
    return verdict;
}

static struct verdict judge(enum fault fault, size_t senders) {
    struct scene scene = meet(fault);
    struct talk talk = converse(&scene, senders);
    return hold(&scene, &talk);
}

static void an_honest_server_is_not_accused(void **state) {
    (void)state;
    struct verdict one = judge(NO_FAULT, 1), two = judge(NO_FAULT, 2);
    assert_true(one.intact);
    assert_true(two.intact);
}

static void a_lost_message_is_found(void **state) {
    (void)state;
    struct verdict verdict = judge(LOSES, 1);
    assert_false(verdict.intact);
    assert_int_equal(verdict.lost, 1);
}

static void a_repeated_message_is_found(void **state) {
    (void)state;
    struct verdict verdict = judge(REPEATS, 1);
    assert_false(verdict.intact);
    assert_int_equal(verdict.repeated, 1);
    assert_int_equal(verdict.lost, 0);
}

static void two_messages_in_wrong_order_are_found(void **state) {
    (void)state;
    struct verdict verdict = judge(SWAPS, 1);
    assert_false(verdict.intact);
    assert_int_equal(verdict.disordered, 1);
    assert_int_equal(verdict.lost, 0);
}

/* Each sender's own order is kept: only the comparison of hearers tells. */
static void another_order_for_one_hearer_is_found(void **state) {
    (void)state;
    struct tally tally;
    tally_init(&tally, 2, 2, 1);
    tally_hear(&tally, 0, 0, 0);
    tally_hear(&tally, 0, 1, 0);
    tally_hear(&tally, 1, 1, 0);
    tally_hear(&tally, 1, 0, 0);
    assert_int_equal(tally.disordered, 0);
    assert_int_equal(tally_disagreeing(&tally, 0, 2), 1);
    tally_finish(&tally);
    assert_false(judge(REORDERS, 2).intact);
}

static void a_changed_byte_is_found(void **state) {
    (void)state;
    struct verdict verdict = judge(GARBLES, 1);
    assert_false(verdict.intact);
    assert_int_equal(verdict.foreign, 1);
}

static void a_wrong_source_is_found(void **state) {
    (void)state;
    assert_false(judge(MISNAMES, 1).intact);
}

static void an_echo_nobody_asked_for_is_found(void **state) {
    (void)state;
    assert_true(judge(ECHOES, 1).intact); /* the victim does not speak */
    struct verdict verdict = judge(ECHOES, VICTIM + 1);
    assert_false(verdict.intact);
    assert_int_equal(verdict.foreign, MESSAGES);
}

static struct verdict judge_receipts(enum fault fault) {
    struct scene scene = meet(fault);
    struct talk talk = converse(&scene, CLIENTS);
    talk.room = NULL;
    talk.receipts = talk.nonces = true;
    talk.hearers = 1;
    return hold(&scene, &talk);
}

static void a_receipt_that_is_missing_or_wrong_is_found(void **state) {
    (void)state;
    assert_true(judge_receipts(NO_FAULT).intact);
    assert_int_equal(judge_receipts(LOSES).lost, 1);
    assert_int_equal(judge_receipts(REPEATS).repeated, 1);
    assert_int_equal(judge_receipts(SWAPS).disordered, 1);
    assert_int_equal(judge_receipts(GARBLES).foreign, 1);
}

static bool storm_breaks(enum fault fault) {
    struct scene scene = meet(fault);
    struct options options = {.scenario = "storm", .connect_window = CLIENTS};
    struct report report = {.server = "fake"};
    scene_storm(&scene.fleet, &options, &report);
    part(&scene);
    return report.broken;
}

static void a_join_that_one_was_not_told_is_found(void **state) {
    (void)state;
    assert_false(storm_breaks(NO_FAULT));
    assert_true(storm_breaks(HIDES_JOIN));
    assert_true(storm_breaks(DOUBLES_JOIN));
}

static void percentiles_are_right_to_two_in_a_hundred(void **state) {
    (void)state;
    static struct histogram histogram;
    for (uint64_t value = 1; value <= 100000; value++)
        histogram_add(&histogram, value * 1000);
    assert_in_range(histogram_percentile(&histogram, 50), 49000000, 51000000);
    assert_in_range(histogram_percentile(&histogram, 99), 97000000, 101000000);
    histogram_add(&histogram, UINT64_MAX);
    assert_int_equal(histogram.longest, UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest scenes[] = {
        cmocka_unit_test(an_honest_server_is_not_accused),
        cmocka_unit_test(a_lost_message_is_found),
        cmocka_unit_test(a_repeated_message_is_found),
        cmocka_unit_test(two_messages_in_wrong_order_are_found),
        cmocka_unit_test(another_order_for_one_hearer_is_found),
        cmocka_unit_test(a_changed_byte_is_found),
        cmocka_unit_test(a_wrong_source_is_found),
        cmocka_unit_test(an_echo_nobody_asked_for_is_found),
        cmocka_unit_test(a_receipt_that_is_missing_or_wrong_is_found),
        cmocka_unit_test(a_join_that_one_was_not_told_is_found),
        cmocka_unit_test(percentiles_are_right_to_two_in_a_hundred),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
