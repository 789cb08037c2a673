/* Whose a socket is, from the kernel's answer; and every answer that must not
 * be believed. */
#include "server/sock_diag.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

struct answer {
    struct nlmsghdr header;
    struct inet_diag_msg message;
};

static const struct sock_diag_socket about = {.port = 0x1234,
                                              .own_port = 0x5678,
                                              .address = {127, 0, 0, 1},
                                              .own = {127, 0, 0, 2}};

static struct answer answer_of(uid_t user) {
    struct answer answer = {
        .header = {.nlmsg_len = sizeof answer,
                   .nlmsg_type = SOCK_DIAG_BY_FAMILY},
        .message = {.idiag_family = AF_INET,
                    .idiag_state = TCP_ESTABLISHED,
                    .id = {.idiag_sport = 0x1234, .idiag_dport = 0x5678},
                    .idiag_uid = user,
                    .idiag_inode = 99}};
    memcpy(answer.message.id.idiag_src, about.address, 4);
    memcpy(answer.message.id.idiag_dst, about.own, 4);
    return answer;
}

static bool is_believed(const struct answer *answer, size_t length,
                        uid_t *user) {
    unsigned char bytes[sizeof *answer];
    memcpy(bytes, answer, sizeof bytes);
    return sock_diag_owner(bytes, length, &about, user);
}

static void believes(const struct answer *answer, uid_t expected) {
    uid_t user = 1;
    assert_true(is_believed(answer, sizeof *answer, &user));
    assert_int_equal(user, expected);
}

static void doubts(const struct answer *answer) {
    uid_t user;
    assert_false(is_believed(answer, sizeof *answer, &user));
}

static void a_person_is_known(void **state) {
    (void)state;
    struct answer answer = answer_of(1000);
    believes(&answer, 1000);
    answer.message.idiag_state = TCP_FIN_WAIT1;
    believes(&answer, 1000);
}

static void an_orphan_is_nobody_and_never_root(void **state) {
    (void)state;
    struct answer answer = answer_of(0);
    answer.message.idiag_state = TCP_FIN_WAIT2;
    answer.message.idiag_inode = 0;
    doubts(&answer);
    answer = answer_of(1000);
    answer.message.idiag_inode = 0;
    doubts(&answer);
    for (unsigned char state_now = 0; state_now < 255; state_now++) {
        answer = answer_of(1000);
        answer.message.idiag_state = state_now;
        if (state_now != TCP_ESTABLISHED && state_now != TCP_FIN_WAIT1 &&
            state_now != TCP_FIN_WAIT2)
            doubts(&answer);
    }
}

static void root_and_services_are_nobody(void **state) {
    static const uid_t users[] = {0, 1, 999, (uid_t)-1};
    (void)state;
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        struct answer answer = answer_of(users[i]);
        doubts(&answer);
    }
}

static void an_answer_about_another_socket_is_none(void **state) {
    (void)state;
    struct answer answer = answer_of(1000);
    answer.message.id.idiag_sport++;
    doubts(&answer);
    answer = answer_of(1000);
    answer.message.id.idiag_dport++;
    doubts(&answer);
    answer = answer_of(1000);
    answer.message.id.idiag_src[0]++;
    doubts(&answer);
    answer = answer_of(1000);
    answer.message.id.idiag_dst[0]++;
    doubts(&answer);
    answer = answer_of(1000);
    answer.message.idiag_family = AF_INET6;
    doubts(&answer);
}

static void what_is_cut_or_an_error_is_none(void **state) {
    (void)state;
    struct answer answer = answer_of(1000);
    uid_t user;
    for (size_t length = 0; length < sizeof answer; length++)
        assert_false(is_believed(&answer, length, &user));
    answer.header.nlmsg_len++;
    doubts(&answer);
    answer.header.nlmsg_len = 0;
    doubts(&answer);
    answer = answer_of(1000);
    answer.header.nlmsg_type = NLMSG_ERROR;
    doubts(&answer);
}

static void the_question_is_about_the_other_end(void **state) {
    unsigned char bytes[SOCK_DIAG_QUESTION];
    struct inet_diag_req_v2 request;
    (void)state;
    assert_int_equal(sock_diag_ask(&about, bytes), SOCK_DIAG_QUESTION);
    memcpy(&request, bytes + sizeof(struct nlmsghdr), sizeof request);
    assert_int_equal(request.id.idiag_sport, about.port);
    assert_int_equal(request.id.idiag_dport, about.own_port);
    assert_memory_equal(request.id.idiag_src, about.address, 4);
    assert_memory_equal(request.id.idiag_dst, about.own, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_person_is_known),
        cmocka_unit_test(an_orphan_is_nobody_and_never_root),
        cmocka_unit_test(root_and_services_are_nobody),
        cmocka_unit_test(an_answer_about_another_socket_is_none),
        cmocka_unit_test(what_is_cut_or_an_error_is_none),
        cmocka_unit_test(the_question_is_about_the_other_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
