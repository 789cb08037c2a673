/* News as lines for people: minichat without a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "client/transcript.h"

static const char BOB[] = "bob", DEV[] = "#dev", LOBBY[] = "#lobby";

/* Looked at from #lobby. */
static void shows(struct news news, const char *line) {
    char printed[TRANSCRIPT_SIZE];
    struct writer writer = writer_on(printed, sizeof printed - 1);
    bool worth = transcript_write(&writer, &news, text_of(LOBBY));
    printed[writer.length] = '\0';
    assert_int_equal(worth, *line != '\0');
    assert_string_equal(printed, line);
}

static struct news news(enum news_kind kind, const char *who, const char *room,
                        const char *body) {
    return (struct news){.kind = kind,
                         .who = text_of(who),
                         .room = text_of(room),
                         .body = text_of(body)};
}

static void what_is_said_names_its_room_only_elsewhere(void **state) {
    (void)state;
    shows(news(NEWS_SAID, BOB, LOBBY, "hello"), "bob: hello\n");
    shows(news(NEWS_SAID, BOB, "#Lobby", "hello"), "bob: hello\n");
    shows(news(NEWS_SAID, BOB, DEV, "green"), "[#dev] bob: green\n");
    shows(news(NEWS_ACTED, BOB, DEV, "waves"), "[#dev] * bob waves\n");
}

static void what_is_said_to_us_alone_stands_between_dashes(void **state) {
    struct news private = news(NEWS_SAID, BOB, BOB, "lunch?");
    (void)state;
    private.to_us = true;
    shows(private, "-bob- lunch?\n");
    private.own = true;
    private.who = text_of("ada");
    shows(private, "-> bob- lunch?\n");
}

static void what_happens_begins_with_a_star(void **state) {
    struct news kick = news(NEWS_KICKED, BOB, LOBBY, "enough");
    struct news topic = news(NEWS_TOPIC, BOB, LOBBY, "new");
    (void)state;
    kick.by = text_of("ada");
    shows(kick, "* bob was kicked by ada (enough)\n");
    shows(topic, ""); /* it was so when we came */
    topic.by = text_of("ada");
    shows(topic, "* ada set the topic: new\n");
    shows(news(NEWS_JOINED, BOB, LOBBY, ""), "* bob joined\n");
    shows(news(NEWS_LEFT, BOB, DEV, ""), "[#dev] * bob left\n");
    shows(news(NEWS_QUIT, BOB, "", "connection closed"),
          "* bob left (connection closed)\n");
    shows(news(NEWS_RENAMED, BOB, "", "rob"), "* bob is now known as rob\n");
}

static void answers_and_errors_have_their_marks(void **state) {
    (void)state;
    shows(news(NEWS_ANSWER, "", "", "bob is here"), "= bob is here\n");
    shows(news(NEWS_ERROR, "", LOBBY, "no"), "! no\n");
    shows(news(NEWS_ANSWER, "", "", ""), "");
    shows(news(NEWS_NAMED, BOB, LOBBY, ""), "");
}

static void nothing_in_it_drives_a_terminal(void **state) {
    (void)state;
    shows(news(NEWS_SAID, "b\033[2Job", LOBBY, "a\rb\007\302\233c"),
          "b[2Job: abc\n");
    shows(news(NEWS_QUIT, BOB, "", "\033]0;x\007"), "* bob left (]0;x)\n");
}

static void each_line_has_its_speaker(void **state) {
    (void)state;
    shows(news(NEWS_SAID, BOB, LOBBY, "one\n\ntwo"),
          "bob: one\nbob: \nbob: two\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_names_its_room_only_elsewhere),
        cmocka_unit_test(what_is_said_to_us_alone_stands_between_dashes),
        cmocka_unit_test(what_happens_begins_with_a_star),
        cmocka_unit_test(answers_and_errors_have_their_marks),
        cmocka_unit_test(nothing_in_it_drives_a_terminal),
        cmocka_unit_test(each_line_has_its_speaker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
