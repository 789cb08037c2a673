/* One socket to a server, and how it ends. */
#include "client/link.h"

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

#include "protocol/container.h"
#include "protocol/writer.h"

struct scene {
    uv_loop_t loop;
    int listener;
    struct sockaddr_storage address;
    struct link_owner owner;
    struct link *link;
    bool connected, greets;
    char told[256]; /* each line in <>, in [] why it is over, in ()
                     * why it never was */
};

static void tell(struct scene *scene, const char *format, const char *words) {
    struct writer writer = writer_on(scene->told, sizeof scene->told - 1);
    writer.length = strlen(scene->told);
    write_format(&writer, format, words);
    scene->told[writer.length] = '\0';
}

static void on_connect(struct link_owner *owner, struct link *link,
                       const char *wrong) {
    struct scene *scene = container_of(owner, struct scene, owner);
    scene->connected = !wrong;
    if (!wrong) {
        assert_null(link_begin(link, NULL));
        if (scene->greets) assert_true(link_send(link, text_of("NICK ada")));
        return;
    }
    tell(scene, "(%s)", wrong);
    link_drop(link);
    scene->link = NULL;
}

static void on_line(struct link_owner *owner, struct link *link,
                    struct text line) {
    char words[64];
    (void)link;
    text_copy(line, words, sizeof words);
    tell(container_of(owner, struct scene, owner), "<%s>", words);
}

static void on_lost(struct link_owner *owner, struct link *link,
                    const char *why) {
    struct scene *scene = container_of(owner, struct scene, owner);
    tell(scene, "[%s]", why ? why : "closed");
    link_drop(link);
    scene->link = NULL;
}

static void on_drained(struct link_owner *owner, struct link *link) {
    (void)owner;
    (void)link;
}

/* On its way there; its loop has not run. */
static int begins(void **state) {
    struct scene *scene = calloc(1, sizeof *scene);
    struct sockaddr *address = (struct sockaddr *)&scene->address;
    socklen_t size = sizeof scene->address;
    const char *wrong;
    uv_loop_init(&scene->loop);
    uv_ip4_addr("127.0.0.1", 0, (struct sockaddr_in *)&scene->address);
    scene->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(scene->listener, address, size), 0);
    assert_int_equal(listen(scene->listener, 1), 0);
    assert_int_equal(getsockname(scene->listener, address, &size), 0);
    scene->owner = (struct link_owner){.connect = on_connect,
                                       .take = on_line,
                                       .lose = on_lost,
                                       .drain = on_drained};
    scene->link = link_to_address(&scene->loop, &scene->owner, address, &wrong);
    assert_non_null(scene->link);
    *state = scene;
    return 0;
}

static int setup(void **state) {
    begins(state);
    struct scene *scene = *state;
    while (!scene->connected)
        uv_run(&scene->loop, UV_RUN_ONCE);
    return 0;
}

static int teardown(void **state) {
    struct scene *scene = *state;
    link_drop(scene->link);
    close(scene->listener);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    free(scene);
    return 0;
}

/* The server's end. What it does is done before the client's loop runs on. */
static int accepts(struct scene *scene) {
    return accept4(scene->listener, NULL, NULL, SOCK_CLOEXEC);
}

static void says(int server, const char *words) {
    assert_int_equal(write(server, words, strlen(words)), strlen(words));
}

static void resets(int server) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(server);
}

static void what_the_server_says_is_heard(void **state) {
    struct scene *scene = *state;
    int server = accepts(scene);
    says(server, "one\r\ntwo\r\n");
    close(server);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_string_equal(scene->told, "<one><two>[closed]");
}

static void last_words_before_a_reset_are_heard(void **state) {
    struct scene *scene = *state;
    int server = accepts(scene);
    says(server, "ERROR :gone\r\n");
    resets(server);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_memory_equal(scene->told, "<ERROR :gone>[", 14);
}

/* What is written fails first, and must not hide them. */
static void last_words_are_heard_by_who_writes_into_the_reset(void **state) {
    struct scene *scene = *state;
    int server = accepts(scene);
    says(server, "ERROR :gone\r\n");
    resets(server);
    assert_true(link_send(scene->link, text_of("NICK ada")));
    assert_true(link_send(scene->link, text_of("USER ada")));
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_memory_equal(scene->told, "<ERROR :gone>[", 14);
}

static void nobody_there_is_said_once(void **state) {
    struct scene *scene = *state;
    resets(accepts(scene));
    assert_true(link_send(scene->link, text_of("NICK ada")));
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(scene->told[0], '[');
    assert_null(strchr(scene->told + 1, '['));
}

/* Before we saw that we were connected. */
static void last_words_are_heard_by_who_has_just_come(void **state) {
    struct scene *scene = *state;
    int server = accepts(scene);
    says(server, "ERROR :too many\r\n");
    resets(server);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_string_equal(scene->told,
                        "<ERROR :too many>[connection reset by peer]");
}

static void last_words_are_heard_by_who_begins_to_speak(void **state) {
    struct scene *scene = *state;
    int server = accepts(scene);
    scene->greets = true;
    says(server, "ERROR :too many\r\n");
    resets(server);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_string_equal(scene->told,
                        "<ERROR :too many>[connection reset by peer]");
}

/* There may be another way to the server: this one was none. */
static void who_is_reset_without_a_word_was_never_there(void **state) {
    struct scene *scene = *state;
    resets(accepts(scene));
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_string_equal(scene->told, "(connection reset by peer)");
}

int main(void) {
    signal(SIGPIPE, SIG_IGN); /* as the client does */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_server_says_is_heard, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(last_words_before_a_reset_are_heard,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(
            last_words_are_heard_by_who_writes_into_the_reset, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_there_is_said_once, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            last_words_are_heard_by_who_has_just_come, begins, teardown),
        cmocka_unit_test_setup_teardown(
            last_words_are_heard_by_who_begins_to_speak, begins, teardown),
        cmocka_unit_test_setup_teardown(
            who_is_reset_without_a_word_was_never_there, begins, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
