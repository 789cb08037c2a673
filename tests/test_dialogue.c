/* Both dialects over the real commands and the real chat, without sockets. */
#include "protocol/utf8.h"
#include "server/irc.h"
#include "tests/house.h"

enum who { NED, NORA, IRENE, IVAN }; /* two in nc, two in IRC programs */

static void comes(struct scene *scene, enum who who, const char *account,
                  const char *caps) {
    connects(scene, who, account, SPEECH_IRC);
    registers(scene, who, "x", caps);
    types(scene, who, "JOIN #lobby");
}

static int set_up(void **state) {
    struct scene *scene = *state = calloc(1, sizeof *scene);
    house_open(scene, 1000);
    connects(scene, NED, "ned", SPEECH_PLAIN);
    connects(scene, NORA, "nora", SPEECH_PLAIN);
    comes(scene, IRENE, "irene", "");
    comes(scene, IVAN, "ivan",
          "echo-message labeled-response batch message-tags");
    forget_all(scene);
    return 0;
}

static int tear_down(void **state) {
    house_close(*state);
    free(*state);
    return 0;
}

static void what_is_said_is_seen_by_each_in_their_own_form(void **state) {
    types(*state, NED, "hello");
    sees(*state, NED, "ned: hello\n");
    sees(*state, NORA, "ned: hello\n");
    sees(*state, IRENE, ":ned!ned@minichat PRIVMSG #lobby :hello\r\n");
}

static void an_irc_line_reaches_people_and_echoes_only_if_asked(void **state) {
    types(*state, IRENE, "PRIVMSG #lobby :hi all");
    sees(*state, NED, "irene: hi all\n");
    sees(*state, IRENE, "");
    types(*state, IVAN, "PRIVMSG #lobby :me too");
    sees_within(*state, IVAN, ":ivan!ivan@minichat PRIVMSG #lobby :me too\r\n");
}

static void a_deed_is_a_deed_in_both_dialects(void **state) {
    types(*state, NED, "/me waves");
    sees(*state, NORA, "* ned waves\n");
    sees(*state, IRENE,
         ":ned!ned@minichat PRIVMSG #lobby :\001ACTION waves\001\r\n");
    types(*state, IRENE, "PRIVMSG #lobby :\001ACTION bows\001");
    sees(*state, NORA, "* irene bows\n");
}

static void a_private_word_is_marked_and_can_be_answered(void **state) {
    types(*state, NED, "/msg nora lunch?");
    sees(*state, NED, "-> nora- lunch?\n");
    sees(*state, NORA, "-ned- lunch?\n");
    types(*state, NORA, "/reply yes");
    sees(*state, NED, "-nora- yes\n");
    sees(*state, IRENE, "");
}

static void a_line_in_another_room_says_where(void **state) {
    types(*state, NED, "/join #dev");
    types(*state, NORA, "/join #dev");
    types(*state, NORA, "/room #lobby");
    forget_all(*state);
    types(*state, NED, "built");
    sees(*state, NORA, "[#dev] ned: built\n");
    sees(*state, NED, "ned: built\n");
}

static void a_slash_is_said_when_doubled_and_never_by_mistake(void **state) {
    types(*state, NED, "//join is how");
    sees(*state, NORA, "ned: /join is how\n");
    types(*state, NED, "/jion #dev");
    sees(*state, NORA, "");
    sees_within(*state, NED, "! there is no command /jion, nothing was said");
}

static void a_token_is_never_said_to_a_room(void **state) {
    types(*state, NED, "v4.public.abcdef");
    types(*state, NED, "  v4.public.abcdef");
    types(*state, NED, "/paste");
    types(*state, NED, "v4.public.abcdef");
    types(*state, NED, ".");
    sees(*state, NORA, "");
    sees_within(*state, NED, "! that is not a token");
}

static void pasted_lines_are_said_as_they_are(void **state) {
    types(*state, NED, "/paste");
    types(*state, NED, "/usr/bin/true");
    types(*state, NED, "");
    types(*state, NED, "  indented");
    types(*state, NED, ".");
    types(*state, NED, "done");
    sees(*state, NORA, "ned: /usr/bin/true\nned:   indented\nned: done\n");
}

static void settings_change_how_lines_look(void **state) {
    types(*state, NED, "/set echo off");
    types(*state, NORA, "/set bell on");
    forget_all(*state);
    types(*state, NED, "hi nora!");
    sees(*state, NED, "");
    sees(*state, NORA, "ned: hi nora!\a\n");
    types(*state, NED, "honoraries");
    sees(*state, NORA, "ned: honoraries\n");
    types(*state, NORA, "/set bell maybe");
    sees_within(*state, NORA, "! ");
}

static void every_command_has_help(void **state) {
    struct scene *scene = *state;
    for (const struct command *c = NULL; (c = command_after(c));) {
        assert_non_null(c->carry_out);
        assert_true(c->plain || c->irc);
        assert_true(strlen(c->help) > 5);
        assert_true(c->least <= c->words || !c->plain);
        if (!c->plain) continue;
        char line[64];
        struct writer writer = writer_on(line, sizeof line - 1);
        write_format(&writer, "/help %s", c->plain);
        line[writer.length] = '\0';
        types(scene, NED, line);
        sees_within(scene, NED, c->help);
    }
}

static void every_refusal_has_words_in_both_dialects(void **state) {
    struct scene *scene = *state;
    for (int r = REFUSED_NOTHING + 1; r < REFUSALS; r++) {
        forget_all(scene);
        for (enum who who = NED; who <= IRENE; who++) {
            struct dialogue *d = &scene->peers[who].dialogue;
            d->dialect->refuse(d, NULL, (enum refusal)r, text_of("thing"));
        }
        assert_memory_equal(scene->peers[NED].seen, "! ", 2);
        assert_true(scene->peers[NED].length > 8);
        assert_null(strstr(scene->peers[NED].seen, "%s"));
        /* Joining again is no mistake in IRC. */
        if (r != ALREADY_IN_ROOM) assert_true(scene->peers[IRENE].length > 20);
    }
}

static void every_happening_is_written_in_both_dialects(void **state) {
    struct scene *scene = *state;
    const struct session *ned = &scene->peers[NED].dialogue.session;
    struct room *lobby = chat_find_room(&scene->chat, text_of("#lobby"));
    char memory[DIALECT_LINE];
    for (int h = 0; h < HAPPENINGS; h++) {
        struct event event = {.happening = (enum happening)h,
                              .user = ned->user,
                              .room = lobby,
                              .who = text_of("ned"),
                              .target = ned->user,
                              .whom = text_of("nora"),
                              .body = text_of("body")};
        const struct dialect *dialects[] = {&dialect_plain, &dialect_irc};
        for (size_t d = 0; d < 2; d++) {
            struct writer writer = writer_on(memory, sizeof memory);
            if (d == 0 && (h == TAGGED || h == REALNAME_SET)) continue;
            dialects[d]->render(&writer, &event, 0);
            assert_true(writer.length > 5);
            assert_false(writer.full);
            assert_int_equal(memory[writer.length - 1], '\n');
        }
    }
}

static void lines_that_may_not_be_said_are_refused_once(void **state) {
    struct scene *scene = *state;
    static const struct {
        const char *line;
        size_t length;
        const char *words;
    } bad[] = {
        {"a\0b", 3, "NUL"},
        {"caf\xe9", 4, "UTF-8"},
        {"\x1b[A", 3, "control"},
        {"\xc2\x9b", 2, "control"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        commands_take(&scene->peers[NED].dialogue,
                      text_slice(bad[i].line, bad[i].length));
        sees(scene, NORA, "");
        sees_within(scene, NED, bad[i].words);
    }
}

static void a_labeled_request_is_answered_with_its_label(void **state) {
    types(*state, IVAN, "@label=a PING x");
    sees(*state, IVAN, "@label=a :minichat.local PONG minichat.local :x\r\n");
    types(*state, IVAN, "@label=b PONG x");
    sees(*state, IVAN, "@label=b :minichat.local ACK\r\n");
    types(*state, IVAN, "@label=c PRIVMSG #lobby :hi");
    sees_within(*state, IVAN, "@label=c;msgid=");
    types(*state, IVAN, "@label=d MODE #lobby");
    sees_within(*state, IVAN, "@label=d :minichat.local BATCH +");
}

static void each_piece_of_a_labeled_long_text_is_in_the_batch(void **state) {
    struct scene *scene = *state;
    char line[IRCMSG_BODY + 16];
    struct writer writer = writer_on(line, sizeof line - 1);
    write_string(&writer, "@label=z PRIVMSG #lobby :");
    while (writer.length < IRCMSG_BODY + 8)
        write_char(&writer, 'x');
    line[writer.length] = '\0';
    types(scene, IVAN, line);
    const char *seen = scene->peers[IVAN].seen;
    assert_memory_equal(seen, "@label=z :minichat.local BATCH +", 31);
    size_t pieces = 0;
    for (const char *at = seen; (at = strstr(at, "\n@batch=")); at++)
        pieces++;
    assert_int_equal(pieces, 2);
}

static void client_tags_pass_and_others_do_not(void **state) {
    struct scene *scene = *state;
    types(scene, IVAN, "@+typing=active;evil=1 TAGMSG #lobby");
    sees_within(scene, IVAN, ";+typing=active :ivan!");
    sees(scene, NED, "");
}

static void a_long_text_is_split_for_irc_and_nothing_is_lost(void **state) {
    struct scene *scene = *state;
    char line[2001];
    for (size_t i = 0; i < 1000; i++)
        memcpy(line + 2 * i, "\xc3\xa9", 2);
    line[2000] = '\0';
    types(scene, NED, line);
    char *at = scene->peers[IRENE].seen;
    size_t total = 0;
    while (*at) {
        char *end = strstr(at, "\r\n");
        assert_non_null(end);
        assert_true(end - at <= IRCMSG_BODY);
        char *body = strstr(at, " :") + 2;
        assert_true(utf8_valid(text_slice(body, (size_t)(end - body))));
        total += (size_t)(end - body);
        at = end + 2;
    }
    assert_int_equal(total, 2000);
}

static void plain_output_has_no_control_whatever_irc_sends(void **state) {
    struct scene *scene = *state;
    static const char *const evil[] = {
        "PRIVMSG #lobby :\x02"
        "bold\x03"
        "04,05red\x0f \x1dit\x1f",
        "PRIVMSG #lobby :\xe2\x80\xae"
        "evil\xe2\x81\xa6",
        "PRIVMSG #lobby :a\tb",
        "PRIVMSG #lobby :\001VERSION\001",
        "TOPIC #lobby :\x03"
        "07colour",
        "AWAY :\x02"
        "away\xe2\x80\xae",
        "NOTICE ned :\x16"
        "rev",
        "PART #lobby :\x02"
        "bye",
    };
    for (size_t i = 0; i < sizeof evil / sizeof evil[0]; i++)
        types(scene, IRENE, evil[i]);
    types(scene, NED, "/who");
    types(scene, NED, "/whois irene");
    types(scene, NED, "/rooms");
    const char *seen = scene->peers[NED].seen;
    for (size_t i = 0; i < scene->peers[NED].length; i++)
        assert_true(seen[i] == '\n' || (unsigned char)seen[i] >= 0x20);
    assert_null(strstr(seen, "\xe2\x80\xae"));
    assert_non_null(strstr(seen, "irene: boldred it\n"));
}

static void a_guest_is_asked_for_a_name_and_gets_in_with_it(void **state) {
    struct scene *scene = *state;
    dialogue_finish(&scene->peers[NORA].dialogue, text_of("end"));
    connects(scene, NORA, "", SPEECH_PLAIN);
    types(scene, NORA, "hello?");
    sees_within(scene, NORA, "! log in first");
    types(scene, NORA, "/nick ned");
    sees_within(scene, NORA, "! the name ned is taken");
    types(scene, NORA, "/nick eve");
    sees_within(scene, NORA, "= hello eve, you are a guest\n");
    types(scene, NORA, "/nick eva");
    sees_within(scene, NED, "* ~eve is now known as ~eva\n");
}

static void without_guests_an_unknown_program_is_turned_away(void **state) {
    struct scene *scene = *state;
    scene->config.guests = false;
    dialogue_finish(&scene->peers[IVAN].dialogue, text_of("end"));
    comes(scene, IVAN, "", "");
    sees_within(scene, IVAN, " 464 x :Log in with a token");
    assert_string_not_equal(scene->peers[IVAN].closed, "");
}

static void kicked_people_hear_who_and_where(void **state) {
    types(*state, NED, "/join #dev");
    types(*state, NORA, "/join #dev");
    types(*state, IRENE, "JOIN #dev");
    forget_all(*state);
    types(*state, NED, "/kick nora too loud");
    sees(*state, NED, "* nora was kicked from #dev by ned (too loud)\n");
    sees(*state, NORA, "* you were kicked from #dev by ned (too loud)\n");
    sees(*state, IRENE, ":ned!ned@minichat KICK #dev nora :too loud\r\n");
    types(*state, NED, "/op irene");
    sees(*state, IRENE, ":ned!ned@minichat MODE #dev +o irene\r\n");
    types(*state, IRENE, "KICK #dev ned");
    sees_within(*state, NED, "* you were kicked from #dev by irene\n");
}

static void several_rooms_are_left_at_once(void **state) {
    types(*state, NED, "/join #dev,#ops");
    types(*state, NORA, "/join #dev");
    forget_all(*state);
    types(*state, NED, "/leave #dev,#ops enough");
    sees(*state, NORA, "* ned left (enough)\n");
    sees(*state, NED,
         "* you left #dev (enough)\n* you left #ops (enough)\n"
         "= you are in #lobby with nora, irene, ivan\n");
}

static void away_without_a_message_is_away(void **state) {
    types(*state, NED, "/away");
    sees(*state, NORA, "* ned is away: away\n");
    types(*state, NED, "/back");
    sees(*state, NORA, "* ned is back\n");
}

static void a_dash_clears_the_topic(void **state) {
    types(*state, NED, "/topic talk");
    types(*state, NED, "/topic -");
    sees(*state, NORA, "* ned set the topic: talk\n* ned cleared the topic\n");
}

static void a_word_to_oneself_is_not_to_be_answered(void **state) {
    types(*state, NED, "/msg ned note");
    forget_all(*state);
    types(*state, NED, "/reply what");
    sees_within(*state, NED, "! nobody has written to you");
}

static void what_is_missing_is_shown(void **state) {
    types(*state, NED, "/kick");
    sees(*state, NED, "! something is missing: /kick [ROOM] NAME [REASON]\n");
    types(*state, NED, "/join dev");
    sees_within(*state, NED, "one begins with # as #dev does");
}

static void who_quits_by_word_is_seen_once_with_the_word(void **state) {
    struct scene *scene = *state;
    types(scene, IRENE, "QUIT :off to bed");
    assert_string_equal(scene->peers[IRENE].closed, "off to bed");
    types(scene, IRENE, "PRIVMSG #lobby :ghost");
    dialogue_finish(&scene->peers[IRENE].dialogue, text_of("off to bed"));
    sees(scene, NED, "* irene left (off to bed)\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        SCENE(what_is_said_is_seen_by_each_in_their_own_form),
        SCENE(an_irc_line_reaches_people_and_echoes_only_if_asked),
        SCENE(a_deed_is_a_deed_in_both_dialects),
        SCENE(a_private_word_is_marked_and_can_be_answered),
        SCENE(a_line_in_another_room_says_where),
        SCENE(a_slash_is_said_when_doubled_and_never_by_mistake),
        SCENE(a_token_is_never_said_to_a_room),
        SCENE(pasted_lines_are_said_as_they_are),
        SCENE(settings_change_how_lines_look),
        SCENE(every_command_has_help),
        SCENE(every_refusal_has_words_in_both_dialects),
        SCENE(every_happening_is_written_in_both_dialects),
        SCENE(lines_that_may_not_be_said_are_refused_once),
        SCENE(a_labeled_request_is_answered_with_its_label),
        SCENE(each_piece_of_a_labeled_long_text_is_in_the_batch),
        SCENE(client_tags_pass_and_others_do_not),
        SCENE(a_long_text_is_split_for_irc_and_nothing_is_lost),
        SCENE(plain_output_has_no_control_whatever_irc_sends),
        SCENE(a_guest_is_asked_for_a_name_and_gets_in_with_it),
        SCENE(without_guests_an_unknown_program_is_turned_away),
        SCENE(kicked_people_hear_who_and_where),
        SCENE(several_rooms_are_left_at_once),
        SCENE(away_without_a_message_is_away),
        SCENE(a_dash_clears_the_topic),
        SCENE(a_word_to_oneself_is_not_to_be_answered),
        SCENE(what_is_missing_is_shown),
        SCENE(who_quits_by_word_is_seen_once_with_the_word),
#undef SCENE
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
