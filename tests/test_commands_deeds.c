/* A line that is sent again, over the real commands and the real chat: with an
 * archive that knows what was said up to when it was asked, and answers when
 * the scene says so. */
#include "server/commands_deeds.h"

#include "server/nonces.h"
#include "tests/house.h"

enum { SAYINGS = 16, QUESTIONS = 8, BODY = 64 };
enum who { DESK, PHONE, BOB, YAN }; /* Ada's two, who hears her, a guest */

struct asked {
    struct question question;
    size_t said; /* by then */
};

struct past {
    struct scene scene;
    struct nonces nonces;
    struct archive archive;
    struct witness memory;
    struct kept sayings[SAYINGS];
    char nonce[SAYINGS][NONCE_SIZE], body[SAYINGS][BODY];
    struct asked asked[QUESTIONS];
    size_t said, questions;
    bool trimmed, broken; /* what was said is not kept, cannot be read */
};

static struct past *past(struct scene *scene) {
    return container_of(scene, struct past, scene);
}

static void remember(struct witness *witness, const struct event *event,
                     struct session *const *to, size_t count) {
    struct past *of = container_of(witness, struct past, memory);
    (void)to, (void)count;
    if (!kept_is_line(event->happening)) return;
    size_t n = of->said++;
    text_copy(event->nonce, of->nonce[n], NONCE_SIZE);
    text_copy(event->body, of->body[n], BODY);
    of->sayings[n] = (struct kept){.id = event->id,
                                   .when = event->when,
                                   .happening = event->happening,
                                   .place = 1,
                                   .room = text_of("#lobby"),
                                   .account = text_of("ada"),
                                   .name = text_of("ada"),
                                   .body = text_of(of->body[n])};
}

static void on_ask(struct archive *archive, const struct question *question) {
    struct past *of = container_of(archive, struct past, archive);
    assert_int_equal(question->ask, ASK_NONCE);
    of->asked[of->questions++] = (struct asked){*question, of->said};
}

/* All that was asked, and what is asked then. */
static void is_answered(struct scene *scene) {
    struct past *of = past(scene);
    for (size_t i = 0; i < of->questions; i++) {
        const struct asked asked = of->asked[i];
        struct answer answer = {.question = &asked.question};
        for (size_t n = 0; n < asked.said; n++)
            if (strcmp(asked.question.nonce, of->nonce[n]) == 0)
                answer.kept = &of->sayings[n];
        answer.count = answer.kept && !of->trimmed;
        answer.total = answer.kept && of->trimmed;
        if (of->broken)
            answer = (struct answer){.question = &asked.question,
                                     .outcome = ANSWER_FAILED};
        dialogue_answered(&scene->house, &answer);
    }
    of->questions = 0;
}

static void comes(struct scene *scene, enum who who, const char *account) {
    connects(scene, who, account, SPEECH_IRC);
    registers(scene, who, "yan", "message-tags echo-message labeled-response");
    types(scene, who, "JOIN #lobby");
}

static int set_up(void **state) {
    struct past *of = *state = calloc(1, sizeof *of);
    struct scene *scene = &of->scene;
    house_open(scene, 1000);
    nonces_init(&of->nonces);
    of->nonces.complete = true;
    of->archive.ask = on_ask;
    of->memory.hear = remember;
    chat_attend(&scene->chat, &of->memory);
    scene->house.archive = &of->archive;
    scene->house.nonces = &of->nonces;
    comes(scene, DESK, "ada");
    comes(scene, PHONE, "ada");
    comes(scene, BOB, "bob");
    comes(scene, YAN, "");
    return 0;
}

static int tear_down(void **state) {
    struct past *of = *state;
    house_close(&of->scene);
    nonces_finish(&of->nonces);
    free(of);
    return 0;
}

static void is_said_once(struct scene *scene) {
    is_answered(scene);
    assert_int_equal(past(scene)->said, 1);
}

static const char hello[] = "@label=1;+minichat/nonce=n1 PRIVMSG #lobby :hello";

static void a_line_sent_again_is_said_once(void **state) {
    types(*state, DESK, hello);
    types(*state, PHONE, hello);
    is_said_once(*state);
}

static void it_is_known_though_the_filter_was_not_complete(void **state) {
    struct scene *scene = *state;
    past(scene)->nonces.complete = false;
    types(scene, DESK, hello);
    is_said_once(scene);
    past(scene)->nonces.complete = true;
    types(scene, DESK, hello);
    is_said_once(scene);
}

static void two_sessions_that_ask_at_once_say_it_once(void **state) {
    struct scene *scene = *state;
    past(scene)->nonces.complete = false;
    types(scene, DESK, hello);
    types(scene, PHONE, hello);
    is_said_once(scene);
    is_said_once(scene);
}

static void what_was_asked_before_the_filter_knew_is_asked_again(void **state) {
    struct scene *scene = *state;
    past(scene)->nonces.complete = false;
    types(scene, DESK, hello);
    past(scene)->nonces.complete = true;
    types(scene, PHONE, hello);
    is_said_once(scene);
    is_said_once(scene);
}

static void what_reaches_only_the_second_target_is_said_once(void **state) {
    static const char line[] = "@+minichat/nonce=n1 PRIVMSG zoe,#lobby :hello";
    types(*state, DESK, line);
    is_said_once(*state);
    types(*state, DESK, line);
    is_said_once(*state);
}

static void what_is_no_longer_kept_is_not_said_again(void **state) {
    struct scene *scene = *state;
    types(scene, DESK, hello);
    is_said_once(scene);
    past(scene)->trimmed = true;
    forget(scene, DESK);
    types(scene, DESK, hello);
    is_said_once(scene);
    sees(scene, DESK,
         "@label=1 :minichat.local FAIL PRIVMSG ALREADY_SAID :That was said "
         "before, "
         "and is no longer kept\r\n");
}

static void a_disk_that_fails_is_told_to_who_asked(void **state) {
    struct scene *scene = *state;
    types(scene, DESK, hello);
    is_said_once(scene);
    past(scene)->broken = true;
    forget(scene, DESK);
    types(scene, DESK, hello);
    is_said_once(scene);
    sees(scene, DESK,
         "@label=1 :minichat.local FAIL PRIVMSG MESSAGE_ERROR :What was kept "
         "could "
         "not be read\r\n");
}

static void a_notice_is_never_answered(void **state) {
    static const char notice[] = "@+minichat/nonce=n1 notice #lobby :hello";
    struct scene *scene = *state;
    types(scene, DESK, notice);
    is_said_once(scene);
    forget(scene, DESK);
    past(scene)->broken = true;
    types(scene, DESK, notice);
    is_said_once(scene);
    sees(scene, DESK, "");
    past(scene)->broken = false;
    past(scene)->trimmed = true;
    types(scene, DESK, notice);
    is_said_once(scene);
    sees(scene, DESK, "");
}

static void a_guest_says_who_asks(void **state) {
    struct scene *scene = *state;
    types(scene, YAN, hello);
    is_said_once(scene);
    types(scene, YAN, hello);
    assert_string_equal(past(scene)->asked[0].question.guest, "yan!~x@unix");
    is_said_once(scene);
    types(scene, DESK, hello);
    is_answered(scene);
    types(scene, DESK, hello);
    assert_string_equal(past(scene)->asked[0].question.guest, "");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(a_line_sent_again_is_said_once),
        SCENE(it_is_known_though_the_filter_was_not_complete),
        SCENE(two_sessions_that_ask_at_once_say_it_once),
        SCENE(what_was_asked_before_the_filter_knew_is_asked_again),
        SCENE(what_reaches_only_the_second_target_is_said_once),
        SCENE(what_is_no_longer_kept_is_not_said_again),
        SCENE(a_disk_that_fails_is_told_to_who_asked),
        SCENE(a_notice_is_never_answered),
        SCENE(a_guest_says_who_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
