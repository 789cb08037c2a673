/* Who may take back what, and who is told; without sockets and disk: the
 * archive here remembers what was said. */
#include "server/redaction.h"

#include "tests/house.h"

enum { SHELF = 32 };
/* In nc; in programs: two who can, of which one is a guest, one who cannot;
 * and one with a token for #dev alone. */
enum who { NED, IVAN, GIL, OLD, TIM };

struct book {
    struct kept kept;
    char names[5][SOURCE_SIZE];
    char body[64];
};

struct past {
    struct scene scene;
    struct archive archive;
    struct witness witness;
    struct book shelf[SHELF];
    size_t count;
    struct question asked[2]; /* that wait */
    size_t waiting;
    bool later;
};

static struct past *past(struct scene *scene) {
    return container_of(scene, struct past, scene);
}

/* The archive --------------------------------------------------------------
 */

static struct text copy(struct book *book, size_t n, const char *text) {
    snprintf(book->names[n], sizeof book->names[n], "%s", text);
    return text_of(book->names[n]);
}

static void keep(struct witness *witness, const struct event *event,
                 struct session *const *to, size_t count) {
    struct past *of = container_of(witness, struct past, witness);
    char source[SOURCE_SIZE] = "";
    (void)to;
    (void)count;
    if (!kept_is_line(event->happening)) return;
    struct book *book = &of->shelf[of->count++];
    const struct user *user = event->user;
    if (!user->account[0])
        snprintf(source, sizeof source, "%s@%s", user->ident, user->host);
    text_copy(event->body, book->body, sizeof book->body);
    book->kept = (struct kept){
        .id = event->id,
        .when = event->when,
        .happening = event->happening,
        .place = event->room ? (int64_t)event->room->id : 0,
        .room = copy(book, 0, event->room ? event->room->name : ""),
        .account = copy(book, 1, user->account),
        .name = copy(book, 2, user->name),
        .source = copy(book, 3, source),
        .whom = copy(book, 4, event->target ? event->target->name : ""),
        .body = text_of(book->body),
    };
}

static bool is_asked_for(const struct question *question,
                         const struct kept *kept) {
    if (question->ask == ASK_LINE) return kept->id == question->after;
    return question->ask == ASK_LATEST &&
           kept->place == question->places[0].place;
}

static void answer(struct scene *scene, const struct question *question) {
    struct kept found[SHELF];
    struct answer told = {.question = question, .kept = found};
    for (size_t i = 0; i < past(scene)->count; i++)
        if (is_asked_for(question, &past(scene)->shelf[i].kept))
            found[told.count++] = past(scene)->shelf[i].kept;
    dialogue_answered(&scene->house, &told);
}

static void ask(struct archive *archive, const struct question *question) {
    struct past *of = container_of(archive, struct past, archive);
    if (of->later && of->waiting < 2)
        of->asked[of->waiting++] = *question;
    else
        answer(&of->scene, question);
}

/* The scene -------------------------------------------------------------- */

/* Of the line that is looked at. */
static void hide(struct scene *scene, char *seen) {
    const struct past *of = past(scene);
    if (of->count) hide_id(seen, of->shelf[of->count - 1].kept.id);
}

static void comes(struct scene *scene, enum who who, const char *account,
                  const char *nick, const char *caps) {
    connects(scene, who, account, SPEECH_IRC);
    registers(scene, who, nick, caps);
    types(scene, who, "JOIN #lobby,#dev");
}

static void tim_comes(struct scene *scene, const char *caps) {
    static const struct admission proof = {.account = "tim",
                                           .powers = POWERS_USER,
                                           .rooms = {"#dev"},
                                           .rooms_count = 1};
    connects_as(scene, TIM, &proof, SPEECH_IRC);
    registers(scene, TIM, "tim", caps);
    types(scene, TIM, "JOIN #dev");
}

static int set_up(void **state) {
    static const char caps[] = "draft/message-redaction echo-message";
    struct past *of = *state = calloc(1, sizeof *of);
    struct scene *scene = &of->scene;
    house_open(scene, 1000);
    scene->hide = hide;
    of->witness.hear = keep;
    chat_attend(&scene->chat, &of->witness);
    of->archive.ask = ask;
    scene->house.archive = &of->archive;
    connects(scene, NED, "ned", SPEECH_PLAIN);
    types(scene, NED, "/join #dev");
    types(scene, NED, "/room #lobby");
    comes(scene, IVAN, "ivan", "ivan", caps);
    comes(scene, GIL, "", "gil", caps);
    comes(scene, OLD, "old", "old", "echo-message");
    tim_comes(scene, caps);
    forget_all(scene);
    return 0;
}

static int tear_down(void **state) {
    house_close(*state);
    free(*state);
    return 0;
}

static void redacts(struct scene *scene, enum who who, const char *where,
                    const char *reason) {
    char line[256];
    snprintf(
        line, sizeof line, "REDACT %s %llx%s", where,
        (unsigned long long)past(scene)->shelf[past(scene)->count - 1].kept.id,
        reason);
    types(scene, who, line);
}

/* Everybody says where; then nobody has seen anything. */
static void said(struct scene *scene, enum who who, const char *line) {
    types(scene, who, line);
    forget_all(scene);
}

/* Claims ----------------------------------------------------------------- */

static void who_said_it_takes_it_back_and_those_who_can_are_told(void **state) {
    struct scene *scene = *state;
    said(scene, IVAN, "PRIVMSG #lobby :oops");
    redacts(scene, IVAN, "#lobby", " :wrong room");
    sees(scene, IVAN, ":ivan!ivan@minichat REDACT #lobby ID :wrong room\r\n");
    sees(scene, GIL, ":ivan!ivan@minichat REDACT #lobby ID :wrong room\r\n");
    sees(scene, NED, "* ivan took back a line (wrong room)\n");
    sees(scene, OLD, "");
    sees(scene, TIM, "");
}

static void others_may_not_but_operators_may(void **state) {
    struct scene *scene = *state;
    said(scene, OLD, "PRIVMSG #dev :noise");
    redacts(scene, IVAN, "#dev", "");
    sees(scene, IVAN,
         ":minichat.local FAIL REDACT REDACT_FORBIDDEN #dev ID :You are not "
         "authorised to delete this message\r\n");
    sees(scene, NED, "");
    types(scene, NED, "/op #dev ivan");
    forget_all(scene);
    redacts(scene, IVAN, "#dev", "");
    sees(scene, NED, "* ivan took back a line of old in #dev\n");
    sees(scene, TIM, ":ivan!ivan@minichat REDACT #dev ID\r\n");
}

static void nobody_learns_of_what_they_may_not_read(void **state) {
    struct scene *scene = *state;
    said(scene, IVAN, "PRIVMSG ned :psst");
    redacts(scene, OLD, "ned", "");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT UNKNOWN_MSGID ned ID :This message "
         "does not exist or is too old\r\n");
    redacts(scene, OLD, "#lobby", "");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT UNKNOWN_MSGID #lobby ID :This message "
         "does not exist or is too old\r\n");
    redacts(scene, OLD, "#nowhere", "");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT INVALID_TARGET #nowhere :You cannot "
         "delete messages from there\r\n");
    redacts(scene, TIM, "#lobby", "");
    redacts(scene, TIM, "ned", "");
    sees(scene, TIM,
         ":minichat.local FAIL REDACT INVALID_TARGET #lobby :You cannot "
         "delete messages from there\r\n"
         ":minichat.local FAIL REDACT INVALID_TARGET ned :You cannot "
         "delete messages from there\r\n");
    types(scene, OLD, "REDACT #lobby what");
    sees(scene, OLD,
         ":minichat.local FAIL REDACT UNKNOWN_MSGID #lobby what :This "
         "message does not exist or is too old\r\n");
    sees(scene, NED, "");
}

static void what_was_said_to_one_alone_is_between_the_two(void **state) {
    struct scene *scene = *state;
    said(scene, IVAN, "PRIVMSG ned :psst");
    redacts(scene, IVAN, "ned", "");
    sees(scene, IVAN, ":ivan!ivan@minichat REDACT ned ID\r\n");
    sees(scene, NED, "* ivan took back a line to you\n");
    sees(scene, GIL, "");
    said(scene, NED, "/msg ivan no");
    redacts(scene, IVAN, "ned", "");
    sees(scene, IVAN,
         ":minichat.local FAIL REDACT REDACT_FORBIDDEN ned ID :You are not "
         "authorised to delete this message\r\n");
}

static void a_guest_takes_back_what_the_same_guest_said(void **state) {
    struct scene *scene = *state;
    said(scene, GIL, "PRIVMSG #lobby :hi");
    redacts(scene, GIL, "#lobby", "");
    sees(scene, NED, "* ~gil took back a line\n");
    said(scene, GIL, "PRIVMSG #lobby :hi");
    said(scene, GIL, "QUIT");
    chat_tick(&scene->chat, 2000);
    dialogue_finish(&scene->peers[GIL].dialogue, text_of("gone"));
    comes(scene, GIL, "", "gil", "draft/message-redaction");
    forget_all(scene);
    redacts(scene, GIL, "#lobby", "");
    sees(scene, GIL,
         ":minichat.local FAIL REDACT REDACT_FORBIDDEN #lobby ID :You are "
         "not authorised to delete this message\r\n");
}

static void it_is_taken_back_once(void **state) {
    struct scene *scene = *state;
    said(scene, NED, "/op #dev ivan");
    said(scene, OLD, "PRIVMSG #dev :noise");
    past(scene)->later = true;
    redacts(scene, OLD, "#dev", "");
    redacts(scene, IVAN, "#dev", "");
    answer(scene, &past(scene)->asked[0]);
    sees(scene, NED, "* old took back a line in #dev\n");
    answer(scene, &past(scene)->asked[1]);
    sees(scene, NED, "");
    sees(scene, IVAN,
         ":old!old@minichat REDACT #dev ID\r\n"
         ":minichat.local FAIL REDACT UNKNOWN_MSGID #dev ID :This message "
         "does not exist or is too old\r\n");
}

static void who_left_meanwhile_takes_nothing_back(void **state) {
    struct scene *scene = *state;
    said(scene, OLD, "PRIVMSG #dev :noise");
    past(scene)->later = true;
    redacts(scene, OLD, "#dev", "");
    types(scene, NED, "/kick #dev old");
    forget_all(scene);
    answer(scene, &past(scene)->asked[0]);
    sees(scene, OLD,
         ":minichat.local FAIL REDACT INVALID_TARGET #dev :You cannot "
         "delete messages from there\r\n");
    sees(scene, NED, "");
}

static void people_count_their_lines_from_the_last(void **state) {
    struct scene *scene = *state;
    types(scene, NED, "/redact");
    sees(scene, NED,
         "! there is no such line there that could be taken back\n");
    said(scene, NED, "two");
    uint64_t two = past(scene)->shelf[past(scene)->count - 1].kept.id;
    said(scene, NED, "one");
    said(scene, OLD, "PRIVMSG #lobby :other");
    types(scene, NED, "/redact 2");
    sees(scene, NED, "* ned took back a line\n");
    char expected[64];
    snprintf(expected, sizeof expected,
             ":ned!ned@minichat REDACT #lobby %llx\r\n",
             (unsigned long long)two);
    sees(scene, IVAN, expected);
    types(scene, NED, "/redact 3");
    types(scene, NED, "/redact #dev");
    types(scene, NED, "/redact #lobby no");
    types(scene, NED, "/redact #secret");
    sees(scene, NED,
         "! there is no such line there that could be taken back\n"
         "! there is no such line there that could be taken back\n"
         "! #lobby is not what belongs there\n"
         "! you are not in #secret; /join it first\n");
}

#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCENE(who_said_it_takes_it_back_and_those_who_can_are_told),
        SCENE(others_may_not_but_operators_may),
        SCENE(nobody_learns_of_what_they_may_not_read),
        SCENE(what_was_said_to_one_alone_is_between_the_two),
        SCENE(a_guest_takes_back_what_the_same_guest_said),
        SCENE(it_is_taken_back_once),
        SCENE(who_left_meanwhile_takes_nothing_back),
        SCENE(people_count_their_lines_from_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
