/* What the screen shows, at any size. */
#include "tests/sight.h"

static void screen_is(struct desk *desk, const char *expected) {
    assert_string_equal(desk->screen, expected);
}

static void the_whole_frame(void **state) {
    struct desk *desk = *state;
    struct face *face = &desk->face;
    joins(face, "ana", "#lobby");
    buffer_set_topic(find(face, "#lobby"), text_of("release on Friday"));
    face->when += 60000;
    says(face, "ana", "#lobby", "hello alice, who can look at the disk?");
    we_say(face, "#lobby", "I can");
    says(face, "bob", "bob", "lunch?");
    draw(desk, 80, 12);
    /* clang-format off */
    screen_is(desk,
        " 1 box  2 #lobby  3 bob •1 !1                                           F1 help\n"
        " #lobby · release on Friday\n"
        "────────────────────────────────────────────────────────────────┬───────────────\n"
        "                                                                │ alice\n"
        "                                                                │ ana\n"
        "─── Sun 22 Nov 2026 ────────────────────────────────────────────│\n"
        " 15:00            ·  you joined #lobby                          │\n"
        "                  ·  ana joined                                 │\n"
        "!15:01          ana  hello alice, who can look at the disk?     │\n"
        "              alice  I can                                      │\n"
        "── ● box ───────────────────────────────────────────────────────┴───── 2 here ──\n"
        "alice>\n");
    /* clang-format on */
}

static void a_narrow_one(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "ana", "#lobby", "who can look at the disk alarm?");
    draw(desk, 40, 6);
    screen_is(desk, "#lobby ● box\n"
                    "─── Sun 22 Nov 2026 ────────────────────\n"
                    "15:00       · you joined #lobby\n"
                    "          ana who can look at the disk\n"
                    "              alarm?\n"
                    "alice>\n");
    draw(desk, 20, 4);
    screen_is(desk, "#lobby ● box\n"
                    "ana: who can look\n"
                    " at the disk alarm?\n"
                    ">\n");
}

static void every_size_is_drawn(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "ana", "#lobby",
         "日本語 👍🏽 👨‍👩‍👧‍👦 e\u0301 กำ wide and "
         "long");
    says(&desk->face, "日本語日本語日本語", "#lobby", "日本語日本語日本語");
    joins(&desk->face, "日本", "#lobby");
    editor_type(&find(&desk->face, "#lobby")->editor, text_of("日本語日本語"));
    for (int width = 1; width <= 120; width++)
        for (int height = 1; height <= 14; height++)
            draw(desk, width, height);
    draw(desk, 400, 100);
    view_draw(&desk->grid, &desk->face.model, 0, -5);
    view_draw(&desk->grid, &desk->face.model, 100000, 3);
    assert_int_equal(desk->grid.width, GRID_MAX);
}

static void an_empty_model_is_an_empty_screen(void **state) {
    struct desk *desk = *state;
    struct model model;
    model_init(&model);
    view_draw(&desk->grid, &model, 20, 5);
    view_scroll(&model, 20, 5, 3);
    is_sound(&desk->grid);
}

static void long_names_and_topics_are_clipped(void **state) {
    struct desk *desk = *state;
    char name[301], topic[2001];
    memset(name, 'n', 300);
    memset(topic, 't', 2000);
    name[300] = topic[2000] = '\0';
    joins(&desk->face, name, "#lobby");
    buffer_set_topic(find(&desk->face, "#lobby"), text_of(topic));
    says(&desk->face, name, "#lobby", "me");
    says(&desk->face, name, name, "private");
    draw(desk, 80, 12);
    shows(desk, "nnnnnnnnnnn…  me");
    shows(desk, "│ nnnnnnnnnnnnn…");
    shows(desk, "ttt…\n");
    model_show(&desk->face.model, find(&desk->face, name));
    draw(desk, 80, 12);
    draw(desk, 40, 5);
}

static void days_minutes_and_what_is_new(void **state) {
    struct desk *desk = *state;
    struct face *face = &desk->face;
    says(face, "ana", "#lobby", "seen");
    model_show(&face->model, face->network->server);
    face->when += 86400000;
    says(face, "ana", "#lobby", "missed");
    says(face, "ana", "#lobby", "same minute");
    model_show(&face->model, find(face, "#lobby"));
    draw(desk, 60, 14);
    shows(desk, "ana  seen\n─── Mon 23 Nov 2026 ─");
    shows(desk, "─── new ─");
    shows(desk, " 15:00          ana  missed\n                ana  same");
    we_say(face, "#lobby", "here");
    draw(desk, 60, 14);
    shows_not(desk, "─── new ─");
}

static void what_is_not_confirmed_stands_below(void **state) {
    struct desk *desk = *state;
    struct face *face = &desk->face;
    says(face, "ana", "#lobby", "said");
    we_type(desk, "#lobby", "on its way")->state = PENDING_SENT;
    we_type(desk, "#other", "elsewhere");
    struct pending_line *line = we_type(desk, "#lobby", "too loud");
    line->state = PENDING_REFUSED;
    line->reason = strdup("not in \033[1mthis room");
    we_type(desk, "#lobby", "waves")->kind = NEWS_ACTED;
    we_type(desk, "#lobby", "arrived?")->state = PENDING_DOUBTED;
    says(face, "ana", "#lobby", "said later");
    draw(desk, 76, 12);
    shows(desk, "                ana  said later\n"
                "             alice→  on its way\n"
                "             alice!  too loud · not sent · /resend or /edit · "
                "not in\n"
                "                     ‹ESC›[1mthis room\n"
                "                  *  alice⋯ waves\n"
                "             alice?  arrived? · perhaps not sent · /resend or "
                "/edit\n");
    shows_not(desk, "elsewhere");
    assert_int_equal(grid_cell(&desk->grid, 21, 5)->style.colour, COLOUR_FAINT);
    draw(desk, 29, 9);
    shows(desk, "* alice⋯ waves\n");
    for (int width = 1; width <= 90; width++)
        for (int height = 1; height <= 14; height++)
            draw(desk, width, height);
    face->network->online = false;
    draw(desk, 80, 12);
    shows(desk, "○ box · 5 waiting ·");
}

/* F7 and F8. */
static void panes_come_and_go(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    joins(&desk->face, "ana", "#lobby");
    says(&desk->face, "bob", "bob", "lunch?");
    assert_true(view_toggle_buffers(model, 100, 10));
    draw(desk, 100, 10);
    /* clang-format off */
    screen_is(desk,
        " 1 box             │ #lobby\n"
        " 2 #lobby          ├─────────────────────────────────────────────────────────────┬──────────────────\n"
        " 3 bob        •1 !1│                                                             │ alice\n"
        "                   │                                                             │ ana\n"
        "                   │                                                             │\n"
        "                   │─── Sun 22 Nov 2026 ─────────────────────────────────────────│\n"
        "                   │ 15:00            ·  you joined #lobby                       │\n"
        "                   │                  ·  ana joined                              │\n"
        "───────────────────┴── ● box ────────────────────────────────────────────────────┴──────── 2 here ──\n"
        "alice>\n");
    /* clang-format on */
    assert_true(view_toggle_members(model, 100, 10));
    draw(desk, 100, 10);
    shows_not(desk, "┬");
    assert_true(view_toggle_buffers(model, 100, 10));
    draw(desk, 100, 10);
    shows(desk, " 1 box  2 #lobby  3 bob •1 !1 ");
    assert_false(view_toggle_members(model, 50, 10));
    model->shown.bare = true;
    draw(desk, 80, 4);
    screen_is(desk, " Sun 22 Nov 2026 ───────────────────────────────────────"
                    "────────────────────────\n"
                    "· you joined #lobby\n"
                    "· ana joined\n"
                    "alice>\n");
}

static void panes_are_as_preferred(void **state) {
    struct desk *desk = *state;
    struct preferences *preferences = &desk->face.model.preferences;
    preferences->panes = PANES_OFF;
    draw(desk, 100, 12);
    shows_not(desk, "│");
    preferences->panes = PANES_ON;
    draw(desk, 100, 12);
    shows(desk, " 2 #lobby          ├──");
    shows(desk, "┬");
    draw(desk, 66, 12);
    shows_not(desk, "├");
    shows(desk, "┬");
}

/* At most 14 columns beside the text. */
static void text_has_its_room_where_it_is_narrow(void **state) {
    static const char *clocks[] = {"%H:%M", "", "%H:%M:%S",
                                   "%A %d %B %H:%M:%S"};
    struct desk *desk = *state;
    struct preferences *preferences = &desk->face.model.preferences;
    char word[64];
    for (int width = 20; width < 60; width++)
        for (size_t i = 0; i < 4; i++) {
            preferences->nick_width = (unsigned)width % 24;
            text_copy(text_of(clocks[i]), preferences->time,
                      sizeof preferences->time);
            snprintf(word, sizeof word, "%0*d", width - 14, 1);
            says(&desk->face, "somebody", "#lobby", word);
            draw(desk, width, 12);
            shows(desk, word);
        }
}

static void the_time_is_as_preferred(void **state) {
    struct desk *desk = *state;
    strcpy(desk->face.model.preferences.time, "%H.%M.%S");
    draw(desk, 80, 12);
    shows(desk, "\n 15.00.00            ·  you joined");
    draw(desk, 40, 12);
    shows(desk, "\n15.00.00    · you joined");
    strcpy(desk->face.model.preferences.time, "");
    draw(desk, 80, 12);
    shows(desk, "\n            ·  you joined");
}

static void two_rooms_of_one_name_are_told_apart(void **state) {
    struct desk *desk = *state;
    struct network *other = model_add_network(
        &desk->face.model, text_of("example"), text_of("alice"));
    model_open(&desk->face.model, other, text_of("#lobby"));
    draw(desk, 80, 12);
    shows(desk, " 2 #lobby/box  3 example  4 #lobby/example ");
    shows(desk, "── ● box  ○ example ──");
}

static const struct cell *cell_of(struct desk *desk, int x, int y) {
    return grid_cell(&desk->grid, x, y);
}

/* Every row of it leads to the whole of it. */
static void a_link_leads_on_from_all_its_rows(void **state) {
    struct desk *desk = *state;
    char link[256] = "https://example.org/a_(b)?x=", line[300];
    memset(link + strlen(link), 'y', 200 - strlen(link));
    snprintf(line, sizeof line, "look: %s.", link);
    says(&desk->face, "ana", "#lobby", line);
    draw(desk, 100, 12);
    int cells = 0;
    for (int y = 3; y < 10; y++)
        for (int x = 0; x < 100; x++) {
            struct text at = grid_link_at(&desk->grid, x, y);
            if (at.length == 0) continue;
            cells++;
            assert_true(text_is(at, link));
            assert_true(cell_of(desk, x, y)->style.bits & STYLE_UNDERLINE);
        }
    assert_int_equal(cells, 200);
    assert_int_equal(desk->grid.link_count, 1);
    says(&desk->face, "ana", "#lobby", "https://example.org/ö");
    buffer_set_topic(find(&desk->face, "#lobby"), text_of("https://t.org/ x"));
    draw(desk, 100, 12);
    assert_true(text_is(grid_link_at(&desk->grid, 21, 9),
                        "https://example.org/%C3%B6"));
    assert_true(text_is(grid_link_at(&desk->grid, 12, 1), "https://t.org/"));
    assert_int_equal(grid_link_at(&desk->grid, 500, 9).length, 0);
}

static void what_is_formatted_is_drawn_so(void **state) {
    struct desk *desk = *state;
    hear(&desk->face, (struct news){.kind = NEWS_ACTED,
                                    .who = text_of("ana"),
                                    .room = text_of("#lobby"),
                                    .body = text_of("a\002b\00304,05c\017d")});
    says(&desk->face, "ana", "#lobby", "next");
    draw(desk, 80, 12);
    shows(desk, "*  ana abcd");
    assert_int_equal(cell_of(desk, 25, 8)->style.bits, 0);
    assert_int_equal(cell_of(desk, 26, 8)->style.bits, STYLE_BOLD);
    assert_int_equal(cell_of(desk, 27, 8)->style.bits, STYLE_BOLD);
    assert_int_equal(cell_of(desk, 27, 8)->style.colour, COLOUR_RED);
    assert_int_equal(cell_of(desk, 28, 8)->style.colour, COLOUR_PLAIN);
    assert_int_equal(cell_of(desk, 21, 9)->style.bits, 0);
}

/* irssi lets such a line colour what comes after it. */
static void a_colour_that_is_not_ended_ends_with_its_line(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "ana", "#lobby", "\033[31m\026\00304red \u202eand so on");
    says(&desk->face, "ana", "#lobby", "next");
    draw(desk, 80, 12);
    shows(desk, "ana  ‹ESC›[31mred ‹U+202E›and so on");
    assert_int_equal(cell_of(desk, 21, 8)->style.bits, STYLE_REVERSE);
    assert_int_equal(cell_of(desk, 21, 8)->style.colour, COLOUR_FAINT);
    assert_int_equal(cell_of(desk, 26, 8)->style.bits, 0);
    assert_int_equal(cell_of(desk, 31, 8)->style.colour, COLOUR_RED);
    for (int x = 0; x < 80; x++) {
        assert_int_equal(cell_of(desk, x, 9)->style.bits & STYLE_REVERSE, 0);
        assert_int_not_equal(cell_of(desk, x, 9)->style.colour, COLOUR_RED);
    }
}

static void a_mention_has_its_sign_at_any_width(void **state) {
    struct desk *desk = *state;
    says(&desk->face, "ana", "#lobby", "alice: look");
    draw(desk, 80, 12);
    shows(desk, "\n!               ana  alice: look");
    draw(desk, 40, 8);
    shows(desk, "\n     !    ana alice: look");
    draw(desk, 25, 8);
    shows(desk, "\n! ana: alice: look");
}

static void who_does_not_fit_is_counted(void **state) {
    struct desk *desk = *state;
    char name[32];
    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "user%02d", i);
        joins(&desk->face, name, "#lobby");
    }
    struct members *members = &find(&desk->face, "#lobby")->members;
    member_set_prefix(members_find(members, text_of("user40")), text_of("@"));
    draw(desk, 80, 12);
    shows(desk, "│@user40");
    shows(desk, "│ alice");
    shows(desk, "│ +45 more");
    shows(desk, "51 here");
    find(&desk->face, "#lobby")->members_from = 3;
    draw(desk, 80, 12);
    shows(desk, "│ -4 above");
    shows(desk, "│ user02");
    find(&desk->face, "#lobby")->members_from = 1000;
    draw(desk, 80, 12);
    shows(desk, "│ -45 above");
    shows(desk, "│ user49");
    shows_not(desk, "more");
}

static void the_connection_is_told(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    model_lost(model, desk->face.network, text_of("reset"));
    model_set_state(model, desk->face.network, text_of("retry in 4 s"));
    draw(desk, 80, 12);
    shows(desk, "○ box retry in 4 s");
    shows(desk, "#lobby (not in)");
    draw(desk, 40, 6);
    shows(desk, "○ box retry in 4 s");
}

static void the_current_buffer_is_always_in_the_bar(void **state) {
    struct desk *desk = *state;
    char name[32];
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "#room%02d", i);
        we_join(&desk->face, name);
    }
    for (size_t i = 1; i <= desk->face.model.buffer_count; i++) {
        model_show_number(&desk->face.model, i);
        draw(desk, 60, 12);
        snprintf(name, sizeof name, " %zu %s ", i,
                 desk->face.model.current->name);
        *strchr(desk->screen, '\n') = '\0';
        shows(desk, name);
    }
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(the_whole_frame),
        SCENE(a_narrow_one),
        SCENE(every_size_is_drawn),
        SCENE(an_empty_model_is_an_empty_screen),
        SCENE(long_names_and_topics_are_clipped),
        SCENE(days_minutes_and_what_is_new),
        SCENE(what_is_not_confirmed_stands_below),
        SCENE(who_does_not_fit_is_counted),
        SCENE(the_connection_is_told),
        SCENE(a_link_leads_on_from_all_its_rows),
        SCENE(what_is_formatted_is_drawn_so),
        SCENE(a_colour_that_is_not_ended_ends_with_its_line),
        SCENE(a_mention_has_its_sign_at_any_width),
        SCENE(panes_come_and_go),
        SCENE(panes_are_as_preferred),
        SCENE(text_has_its_room_where_it_is_narrow),
        SCENE(the_time_is_as_preferred),
        SCENE(two_rooms_of_one_name_are_told_apart),
        SCENE(the_current_buffer_is_always_in_the_bar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
