/* What the client makes of what it hears. */
#include "client/model.h"

#include "protocol/writer.h"
#include "tests/face.h"

static int open_face(void **state) {
    *state = calloc(1, sizeof(struct face));
    face_open(*state);
    return 0;
}

static int close_face(void **state) {
    face_close(*state);
    free(*state);
    return 0;
}

static void leaves(struct face *face, enum news_kind kind, const char *who,
                   const char *room, const char *reason) {
    hear(face, (struct news){.kind = kind,
                             .who = text_of(who),
                             .by = text_of("ana"),
                             .room = text_of(room),
                             .body = text_of(reason),
                             .own = strcmp(who, face->network->nick) == 0});
}

static void is_renamed(struct face *face, const char *who, const char *to) {
    hear(face, (struct news){.kind = NEWS_RENAMED,
                             .who = text_of(who),
                             .body = text_of(to),
                             .own = strcmp(who, face->network->nick) == 0});
}

static void names(struct face *face, const char *room, const char *who,
                  const char *prefix) {
    hear(face, (struct news){.kind = NEWS_NAMED,
                             .who = text_of(who),
                             .room = text_of(room),
                             .prefix = text_of(prefix)});
}

static void names_end(struct face *face, const char *room) {
    hear(face, (struct news){.kind = NEWS_NAMES_END, .room = text_of(room)});
}

/* The names in order, each with its prefix, separated by blanks. */
static void members_are(struct buffer *buffer, const char *expected) {
    char all[1024] = "";
    struct writer writer = writer_on(all, sizeof all - 1);
    for (size_t i = 0; i < buffer->members.count; i++) {
        write_format(&writer, "%s%s%s", i > 0 ? " " : "",
                     buffer->members.list[i].prefix,
                     buffer->members.list[i].name);
    }
    assert_string_equal(all, expected);
}

static void the_first_room_is_shown(void **state) {
    struct face *face = *state;
    assert_ptr_equal(face->model.current, face->network->server);
    we_join(face, "#lobby");
    assert_ptr_equal(face->model.current, find(face, "#lobby"));
    we_join(face, "#dev");
    assert_ptr_equal(face->model.current, find(face, "#lobby"));
    assert_true(find(face, "#dev")->in && find(face, "#dev")->wanted);
    last_is(find(face, "#dev"), "you joined #dev");
}

static void a_line_is_kept_where_it_was_said(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    says(face, "ana", "#LOBBY", "hello");
    last_is(find(face, "#lobby"), "ana: hello");
    says(face, "bob", "bob", "lunch?");
    last_is(find(face, "bob"), "bob: lunch?");
    assert_int_equal(find(face, "bob")->mentions, 1);
    assert_int_equal(find(face, "#lobby")->unread, 0);
}

static void unread_and_mentions_are_counted(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    we_join(face, "#dev");
    struct buffer *dev = find(face, "#dev");
    says(face, "ana", "#dev", "hi");
    says(face, "ana", "#dev", "Alice: ping");
    says(face, "ana", "#dev", "malice is no alice2");
    says(face, "ana", "#dev", "ask (alice)");
    we_say(face, "#dev", "here");
    joins(face, "eve", "#dev");
    assert_int_equal(dev->unread, 4);
    assert_int_equal(dev->mentions, 2);
    model_show(&face->model, dev);
    assert_int_equal(dev->unread + dev->mentions, 0);
}

static void the_mark_stands_before_what_was_missed(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    we_join(face, "#dev");
    struct buffer *lobby = find(face, "#lobby"), *dev = find(face, "#dev");
    says(face, "ana", "#lobby", "seen");
    uint64_t seen = lobby->last;
    model_show(&face->model, dev);
    says(face, "ana", "#lobby", "missed");
    model_show(&face->model, lobby);
    assert_int_equal(lobby->mark, seen);
    we_say(face, "#lobby", "I am here");
    assert_int_equal(lobby->mark, 0);
    model_show(&face->model, dev);
    model_show(&face->model, lobby);
    assert_int_equal(lobby->mark, 0);
}

static void a_names_list_comes_in_pieces_and_replaces(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    joins(face, "ghost", "#lobby");
    names(face, "#lobby", "alice", "");
    names(face, "#lobby", "zoe", "@+");
    members_are(find(face, "#lobby"), "alice ghost");
    joins(face, "late", "#lobby");
    names(face, "#lobby", "Bob", "+x\n");
    leaves(face, NEWS_QUIT, "zoe", "", "bye");
    names_end(face, "#lobby");
    members_are(find(face, "#lobby"), "alice +Bob late");
    names_end(face, "#lobby");
    members_are(find(face, "#lobby"), "alice +Bob late");
}

static void names_that_were_asked_for_are_told(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    face->network->asked = find(face, "#lobby");
    face->network->names_wanted = true;
    names(face, "#other", "eve", "@");
    names(face, "#other", "bob", "");
    names_end(face, "#other");
    last_is(find(face, "#lobby"), "2 in #other: bob @eve");
    members_are(find(face, "#lobby"), "alice");
}

static void who_quits_leaves_every_room_once(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    we_join(face, "#dev");
    we_join(face, "#quiet");
    joins(face, "bob", "#lobby");
    joins(face, "bob", "#dev");
    says(face, "bob", "bob", "psst");
    leaves(face, NEWS_QUIT, "bob", "", "connection closed");
    last_is(find(face, "#lobby"), "bob left (connection closed)");
    last_is(find(face, "#dev"), "bob left (connection closed)");
    last_is(find(face, "bob"), "bob left (connection closed)");
    last_is(find(face, "#quiet"), "you joined #quiet");
    members_are(find(face, "#lobby"), "alice");
}

static void a_new_name_holds_everywhere(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    joins(face, "bob", "#lobby");
    says(face, "bob", "bob", "psst");
    is_renamed(face, "bob", "Robert");
    last_is(find(face, "#lobby"), "bob is now Robert");
    assert_null(find(face, "bob"));
    last_is(find(face, "robert"), "bob is now Robert");
    is_renamed(face, "alice", "al");
    assert_string_equal(face->network->nick, "al");
    members_are(find(face, "#lobby"), "al Robert");
    is_renamed(face, "al", "AL");
    members_are(find(face, "#lobby"), "AL Robert");
    is_renamed(face, "AL", "Robert"); /* a server's mistake */
    members_are(find(face, "#lobby"), "Robert");
}

static void leaving_and_being_kicked(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    joins(face, "bob", "#lobby");
    joins(face, "eve", "#lobby");
    leaves(face, NEWS_LEFT, "bob", "#lobby", "");
    last_is(find(face, "#lobby"), "bob left");
    leaves(face, NEWS_KICKED, "eve", "#lobby", "enough");
    last_is(find(face, "#lobby"), "eve was kicked by ana (enough)");
    members_are(find(face, "#lobby"), "alice");
    leaves(face, NEWS_KICKED, "alice", "#lobby", "you too");
    last_is(find(face, "#lobby"), "you were kicked by ana (you too)");
    assert_false(find(face, "#lobby")->in || find(face, "#lobby")->wanted);
    leaves(face, NEWS_LEFT, "alice", "#never", "");
    assert_null(find(face, "#never"));
}

static void a_lost_connection_is_told_once_in_each_buffer(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    uint64_t before = find(face, "#lobby")->last;
    model_lost(&face->model, face->network, text_of("reset by peer"));
    model_lost(&face->model, face->network, text_of("refused"));
    struct buffer *lobby = find(face, "#lobby");
    last_is(lobby, "connection lost: reset by peer");
    assert_int_equal(lobby->last, before + 1);
    last_is(face->network->server, "refused");
    assert_false(lobby->in);
    assert_true(lobby->wanted);
    assert_int_equal(lobby->members.count, 0);
}

static void the_message_of_the_day_is_told_in_the_servers_buffer(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    face->network->asked = find(face, "#lobby");
    uint64_t before = find(face, "#lobby")->last;
    model_lost(&face->model, face->network, text_of("reset by peer"));
    hear(face, (struct news){.kind = NEWS_ANSWER, .body = text_of("- hello")});
    assert_int_equal(find(face, "#lobby")->last, before + 1);
    last_is(face->network->server, "- hello");
}

static void why_it_is_not_reached_is_told_where_one_looks(void **state) {
    struct face *face = *state;
    struct text room = text_of("#lobby");
    face->network->online = false;
    struct buffer *lobby = model_open(&face->model, face->network, room);
    model_set_state(&face->model, face->network, text_of("retry in 4s (2)"));
    model_lost(&face->model, face->network, text_of("refused"));
    last_is(lobby, "refused · retry in 4s · /connect other");
    last_is(face->network->server, "refused · retry in 4s · /connect other");
    uint64_t before = lobby->last;
    model_set_state(&face->model, face->network, text_of("retry in 8s (3)"));
    model_lost(&face->model, face->network, text_of("refused"));
    assert_int_equal(lobby->last, before);
    model_lost(&face->model, face->network, text_of("no answer"));
    assert_int_equal(lobby->last, before + 1);
}

/* The eye has no time for a step of a few milliseconds. */
static void only_a_step_that_takes_long_is_shown(void **state) {
    struct face *face = *state;
    struct model *model = &face->model;
    const char *shown = face->network->state;
    model_set_state(model, face->network, text_of("connecting… (tcp)"));
    assert_string_equal(shown, "connecting…");
    model->stale = false;
    model->now += MODEL_STEP_MS - 1;
    assert_int_equal(model_tick(model), 1);
    model_set_state(model, face->network, text_of("connecting… (tls)"));
    assert_int_equal(model_tick(model), MODEL_STEP_MS);
    assert_string_equal(shown, "connecting…");
    assert_false(model->stale);
    model->now += MODEL_STEP_MS;
    assert_int_equal(model_tick(model), 0);
    assert_string_equal(shown, "connecting… (tls)");
    assert_true(model->stale);
    model_set_state(model, face->network, text_of("connecting… (login)"));
    assert_string_equal(shown, "connecting…");
    model_set_state(model, face->network, text_of("retry in 4s (2)"));
    model->now += MODEL_STEP_MS;
    assert_int_equal(model_tick(model), 0);
    assert_string_equal(shown, "retry in 4s (2)");
}

static void topics_modes_and_ranks(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    joins(face, "bob", "#lobby");
    hear(face, (struct news){.kind = NEWS_TOPIC,
                             .room = text_of("#lobby"),
                             .by = text_of("bob"),
                             .body = text_of("ship it")});
    assert_string_equal(find(face, "#lobby")->topic, "ship it");
    last_is(find(face, "#lobby"), "bob set the topic: ship it");
    hear(face, (struct news){.kind = NEWS_PREFIX,
                             .who = text_of("bob"),
                             .room = text_of("#lobby"),
                             .prefix = text_of("@")});
    members_are(find(face, "#lobby"), "alice @bob");
    hear(face, (struct news){.kind = NEWS_MODE,
                             .by = text_of("ana"),
                             .room = text_of("#lobby"),
                             .body = text_of("+o bob")});
    last_is(find(face, "#lobby"), "mode +o bob by ana");
}

static void answers_go_where_they_were_asked_for(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    struct news motd = {.kind = NEWS_ANSWER, .body = text_of("welcome")};
    hear(face, motd);
    last_is(face->network->server, "welcome");
    face->network->asked = find(face, "#lobby");
    hear(face, motd);
    last_is(find(face, "#lobby"), "welcome");
    model_close(&face->model, find(face, "#lobby"));
    hear(face, motd);
    last_is(face->network->server, "welcome");
}

static void the_oldest_messages_go_first(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    struct buffer *lobby = find(face, "#lobby");
    keep_lines(&face->model, 1000);
    for (int i = 0; i < 1010; i++)
        says(face, "ana", "#lobby", "x");
    assert_int_equal(lobby->last - lobby->first + 1, 1000);
    assert_null(buffer_message(lobby, lobby->first - 1));
    assert_non_null(buffer_message(lobby, lobby->first));
    buffer_clear(lobby);
    assert_null(buffer_message(lobby, lobby->last));
    says(face, "ana", "#lobby", "again");
    last_is(lobby, "ana: again");
}

static void buffers_are_numbered_and_walked(void **state) {
    struct face *face = *state;
    struct model *model = &face->model;
    we_join(face, "#lobby");
    we_join(face, "#dev");
    model_show_number(model, 3);
    assert_ptr_equal(model->current, find(face, "#dev"));
    model_show_number(model, 99);
    model_show_number(model, 0);
    assert_ptr_equal(model->current, find(face, "#dev"));
    model_show_step(model, 1);
    assert_ptr_equal(model->current, face->network->server);
    model_show_step(model, -1);
    assert_ptr_equal(model->current, find(face, "#dev"));
    says(face, "ana", "#lobby", "hm");
    says(face, "bob", "bob", "hey");
    model_show_active(model);
    assert_ptr_equal(model->current, find(face, "bob"));
    model_show_active(model);
    assert_ptr_equal(model->current, find(face, "#lobby"));
    model_close(model, find(face, "#lobby"));
    assert_ptr_equal(model->current, find(face, "bob"));
    model_close(model, face->network->server);
    assert_int_equal(model->buffer_count, 3);
}

static void too_many_buffers_are_not_opened(void **state) {
    struct face *face = *state;
    char name[32];
    for (int i = 0; i < 2 * MODEL_BUFFERS; i++) {
        snprintf(name, sizeof name, "u%d", i);
        says(face, name, name, "spam");
        snprintf(name, sizeof name, "#r%d", i);
        we_join(face, name);
    }
    assert_int_equal(face->model.buffer_count, MODEL_BUFFERS);
}

static void is_clean(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        assert_true((unsigned char)text.at[i] >= 0x20 && text.at[i] != 0x7F);
    for (size_t i = 0; i + 1 < text.length; i++)
        assert_false(text.at[i] == '\xC2' &&
                     (unsigned char)text.at[i + 1] < 0xA0);
}

/* Every kind of news with this in every field. */
static void hear_it_everywhere(struct face *face, const char *evil) {
    for (int kind = NEWS_ONLINE; kind <= NEWS_ENDED; kind++)
        for (int own = 0; own < 2; own++) {
            struct text bytes = text_of(evil);
            struct news news = {.kind = (enum news_kind)kind,
                                .who = bytes,
                                .by = bytes,
                                .account = bytes,
                                .room = bytes,
                                .body = bytes,
                                .prefix = bytes,
                                .own = own};
            hear(face, news);
            news.room = text_of("#lobby");
            hear(face, news);
        }
}

static void nothing_kept_can_drive_a_terminal(void **state) {
    struct face *face = *state;
    static const char override[] = {'\xe2', '\x80', '\xae', '\0'};
    const char *evils[] = {
        "\033]0;owned\007",
        "\033[2J\033[H",
        "a\rb",
        "\x9b"
        "31m",
        "\xc2\x9b"
        "31m",
        override,
        "\b\b\b\b",
        "\xff",
        "\003"
        "04,05x\002",
        "",
        "#\033c",
        "%s%n%s",
    };
    we_join(face, "#lobby");
    for (size_t i = 0; i < sizeof evils / sizeof evils[0]; i++)
        hear_it_everywhere(face, evils[i]);
    for (size_t b = 0; b < face->model.buffer_count; b++) {
        struct buffer *buffer = face->model.buffers[b];
        is_clean(text_of(buffer->name));
        is_clean(text_of(buffer->topic));
        for (size_t i = 0; i < buffer->members.count; i++)
            is_clean(text_of(buffer->members.list[i].name));
        for (uint64_t n = buffer->first; n <= buffer->last; n++) {
            is_clean(buffer_message(buffer, n)->nick);
            is_clean(buffer_message(buffer, n)->body);
        }
    }
}

static void a_room_may_be_huge(void **state) {
    struct face *face = *state;
    char name[32];
    we_join(face, "#lobby");
    for (int i = 0; i < 20000; i++) {
        snprintf(name, sizeof name, "user%d", (i * 7919) % 20000);
        names(face, "#lobby", name, i % 3 ? "" : "+");
    }
    names_end(face, "#lobby");
    assert_int_equal(find(face, "#lobby")->members.count, 20000);
    leaves(face, NEWS_QUIT, "user777", "", "");
    assert_int_equal(find(face, "#lobby")->members.count, 19999);
}

static void
what_was_marked_and_is_forgotten_can_be_read_elsewhere(void **state) {
    struct face *face = *state;
    we_join(face, "#lobby");
    keep_lines(&face->model, 100);
    says(face, "bob", "#lobby", "the last one that was seen");
    model_focus(&face->model, false);
    for (int i = 0; i < 300; i++, face->when++)
        says(face, "bob", "#lobby", "more");
    model_focus(&face->model, true);
    struct buffer *buffer = find(face, "#lobby");
    assert_int_equal(buffer->mark, buffer->first - 1);
    hear(face, (struct news){.kind = NEWS_READ,
                             .room = text_of("#lobby"),
                             .when = face->when - 10});
    assert_int_equal(buffer->mark, buffer->last - 9);
}

static void a_network_after_another_is_another(void **state) {
    struct face *face = *state;
    struct model *model = &face->model;
    struct network *network =
        model_add_network(model, text_of("far"), text_of("alice"));
    unsigned id = network->id;
    assert_ptr_equal(model_network(model, id), network);
    model_remove_network(model, network);
    assert_null(model_network(model, id));
    (void)model_add_network(model, text_of("far"), text_of("alice"));
    assert_null(model_network(model, id));
}

/* And whatever is not told in it. */
static void any_kind_of_news_can_be_heard(void **state) {
    for (enum news_kind kind = 0; kind < NEWS_KINDS; kind++)
        hear(*state, (struct news){.kind = kind, .who = text_of("bob")});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_network_after_another_is_another,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(
            what_was_marked_and_is_forgotten_can_be_read_elsewhere, open_face,
            close_face),
        cmocka_unit_test_setup_teardown(any_kind_of_news_can_be_heard,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(only_a_step_that_takes_long_is_shown,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(the_first_room_is_shown, open_face,
                                        close_face),
        cmocka_unit_test_setup_teardown(a_line_is_kept_where_it_was_said,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(unread_and_mentions_are_counted,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(the_mark_stands_before_what_was_missed,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(
            a_names_list_comes_in_pieces_and_replaces, open_face, close_face),
        cmocka_unit_test_setup_teardown(names_that_were_asked_for_are_told,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(who_quits_leaves_every_room_once,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(a_new_name_holds_everywhere, open_face,
                                        close_face),
        cmocka_unit_test_setup_teardown(leaving_and_being_kicked, open_face,
                                        close_face),
        cmocka_unit_test_setup_teardown(
            the_message_of_the_day_is_told_in_the_servers_buffer, open_face,
            close_face),
        cmocka_unit_test_setup_teardown(
            a_lost_connection_is_told_once_in_each_buffer, open_face,
            close_face),
        cmocka_unit_test_setup_teardown(
            why_it_is_not_reached_is_told_where_one_looks, open_face,
            close_face),
        cmocka_unit_test_setup_teardown(topics_modes_and_ranks, open_face,
                                        close_face),
        cmocka_unit_test_setup_teardown(answers_go_where_they_were_asked_for,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(the_oldest_messages_go_first, open_face,
                                        close_face),
        cmocka_unit_test_setup_teardown(buffers_are_numbered_and_walked,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(too_many_buffers_are_not_opened,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(nothing_kept_can_drive_a_terminal,
                                        open_face, close_face),
        cmocka_unit_test_setup_teardown(a_room_may_be_huge, open_face,
                                        close_face),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
