/* What the screen shows, at any size. */
#include "client/view.h"

#include "client/sheet.h"

#include "tests/face.h"

struct desk {
    struct face face;
    struct grid grid;
    char screen[256 * 1024];
};

static int open_desk(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    face_open(&desk->face);
    grid_init(&desk->grid);
    we_join(&desk->face, "#lobby");
    *state = desk;
    return 0;
}

static int close_desk(void **state) {
    struct desk *desk = *state;
    grid_finish(&desk->grid);
    face_close(&desk->face);
    free(desk);
    return 0;
}

static void read_row(const struct grid *grid, int y, char *to) {
    to[0] = '\0';
    for (int x = 0; x < grid->width; x++)
        if (grid_cell(grid, x, y)->glyph.width > 0)
            to = stpcpy(to, grid_cell(grid, x, y)->glyph.bytes);
    while (to[-1] == ' ')
        *--to = '\0';
}

/* Every cell is whole: its glyph is valid and clean, and a wide one covers the
 * next. */
static void is_sound(const struct grid *grid) {
    for (int y = 0; y < grid->height; y++)
        for (int x = 0; x < grid->width; x++) {
            const struct glyph *glyph = &grid_cell(grid, x, y)->glyph;
            if (glyph->width == 0) {
                assert_true(x > 0);
                assert_int_equal(grid_cell(grid, x - 1, y)->glyph.width, 2);
                continue;
            }
            assert_in_range((unsigned char)glyph->bytes[0], 0x20, 0xF4);
            assert_int_equal(text_columns(text_of(glyph->bytes)), glyph->width);
            if (glyph->width < 2) continue;
            assert_true(x + 1 < grid->width);
            assert_int_equal(grid_cell(grid, x + 1, y)->glyph.width, 0);
        }
    assert_in_range(grid->cursor_x, 0, grid->width - 1);
    assert_in_range(grid->cursor_y, 0, grid->height - 1);
}

static void draw(struct desk *desk, int width, int height) {
    view_draw(&desk->grid, &desk->face.model, width, height);
    assert_int_equal(desk->grid.width, width);
    assert_int_equal(desk->grid.height, height);
    is_sound(&desk->grid);
    char *to = desk->screen;
    for (int y = 0; y < height; y++) {
        read_row(&desk->grid, y, to);
        to += strlen(to);
        *to++ = '\n';
    }
    *to = '\0';
}

static void shows(struct desk *desk, const char *words) {
    if (strstr(desk->screen, words)) return;
    fail_msg("\"%s\" is not in\n%s", words, desk->screen);
}

static void shows_not(struct desk *desk, const char *words) {
    if (!strstr(desk->screen, words)) return;
    fail_msg("\"%s\" is in\n%s", words, desk->screen);
}

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

static struct pending_line *we_type(struct desk *desk, const char *room,
                                    const char *body) {
    struct pending *pending = &desk->face.network->pending;
    assert_true(
        pending_say(pending, NEWS_SAID, text_of(room), text_of(body), NOON));
    return pending->lines[pending->count - 1];
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

static void fill(struct desk *desk, int count) {
    char line[32];
    for (int i = 0; i < count; i++) {
        snprintf(line, sizeof line, "line-%d.", i);
        says(&desk->face, "ana", "#lobby", line);
    }
}

/* What was scrolled by is what moves, above the dotted line and without. */
static void reading_back_stays_where_it_is(void **state) {
    struct desk *desk = *state;
    fill(desk, 100);
    draw(desk, 80, 15);
    shows(desk, "line-99.");
    view_scroll(&desk->face.model, 80, 15, 9);
    draw(desk, 80, 15);
    shows(desk, "ana  line-81.");
    shows(desk,
          "ana  line-86.                                   │\n"
          "···················· 13 below · End ····························│\n"
          "                ana  line-97.");
    shows(desk, "ana  line-99.");
    shows_not(desk, "line-87.");
    says(&desk->face, "ana", "#lobby", "newest");
    draw(desk, 80, 15);
    shows(desk, "ana  line-86.                                   │\n"
                "···················· 14 below, 1 new · End ·····");
    shows(desk, "newest");
    shows_not(desk, "line-87.");
    draw(desk, 40, 8);
    shows(desk, "line-86.");
    shows(desk, "14 below");
    shows_not(desk, "newest");
    draw(desk, 80, 15);
    shows(desk, "ana  line-86.");
    view_scroll(&desk->face.model, 80, 15, -9);
    draw(desk, 80, 15);
    shows(desk, "ana  line-95.                                   │\n"
                "···················· 5 below");
    view_scroll(&desk->face.model, 80, 15, -1);
    draw(desk, 80, 15);
    shows(desk, "line-91.");
    shows(desk, "newest");
    shows_not(desk, "below");
    assert_int_equal(desk->face.model.current->scroll.number, 0);
}

static void a_small_step_up_is_a_small_step(void **state) {
    struct desk *desk = *state;
    fill(desk, 100);
    view_scroll(&desk->face.model, 80, 15, 1);
    draw(desk, 80, 15);
    shows(desk, "ana  line-89.");
    shows(desk, "ana  line-94.                                   │\n"
                "···················· 5 below · End");
    view_scroll(&desk->face.model, 80, 15, -1);
    assert_int_equal(desk->face.model.current->scroll.number, 0);
}

static void reading_back_ends_at_the_oldest(void **state) {
    struct desk *desk = *state;
    fill(desk, 30);
    view_scroll(&desk->face.model, 80, 15, 1000000);
    draw(desk, 80, 15);
    shows(desk, "Sun 22 Nov 2026");
    shows(desk, "you joined");
    shows(desk, "line-3.");
    struct scroll top = desk->face.model.current->scroll;
    view_scroll(&desk->face.model, 80, 15, 9);
    assert_memory_equal(&top, &desk->face.model.current->scroll, sizeof top);
    view_scroll(&desk->face.model, 80, 15, -1);
    draw(desk, 80, 15);
    shows_not(desk, "Sun 22 Nov 2026");
    shows(desk, "line-4.");
    view_scroll(&desk->face.model, 80, 15, -1000000);
    assert_int_equal(desk->face.model.current->scroll.number, 0);
}

static void one_goes_to_a_message(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    fill(desk, 100);
    view_go_to(model, 80, 15, 1, 0);
    draw(desk, 80, 15);
    shows(desk,
          "─── Sun 22 Nov 2026 ────────────────────────────────────────────│ "
          "alice\n 15:00            ·  you joined");
    uint64_t number = model->current->last - 50;
    view_go_to(model, 80, 15, number, 2);
    draw(desk, 80, 15);
    shows(desk, "│ alice\n                ana  line-48.                        "
                "           │\n"
                "                ana  line-49.");
    assert_int_equal(model->current->scroll.found, number);
    view_go_to(model, 80, 15, model->current->last, 0);
    assert_int_equal(model->current->scroll.number, 0);
    view_go_to(model, 10, 3, 1, 0);
    draw(desk, 10, 3);
}

static void what_fits_does_not_scroll(void **state) {
    struct desk *desk = *state;
    view_scroll(&desk->face.model, 80, 24, 5);
    assert_int_equal(desk->face.model.current->scroll.number, 0);
}

static void one_reads_back_from_below_what_is_pending(void **state) {
    struct desk *desk = *state;
    fill(desk, 40);
    for (int i = 0; i < 30; i++)
        we_type(desk, "#lobby", "pending");
    draw(desk, 60, 14);
    shows_not(desk, "line-39.");
    view_scroll(&desk->face.model, 60, 14, 8);
    draw(desk, 60, 14);
    shows(desk, "line-38.");
    shows_not(desk, "line-39.");
    view_scroll(&desk->face.model, 60, 14, -8);
    draw(desk, 60, 14);
    shows(desk, "pending");
}

static void scrolling_at_odd_sizes_is_safe(void **state) {
    struct desk *desk = *state;
    fill(desk, 40);
    says(&desk->face, "ana", "#lobby",
         "a message that needs many rows when it is narrow, many more");
    for (int width = 1; width < 100; width += 9)
        for (int height = 1; height < 20; height++) {
            view_scroll(&desk->face.model, width, height, 7);
            draw(desk, width, height);
            view_scroll(&desk->face.model, height, width, -3);
            draw(desk, width, height);
        }
}

static void the_cursor_is_behind_what_was_typed(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &find(&desk->face, "#lobby")->editor;
    type(editor, "a日👍🏽");
    draw(desk, 80, 12);
    shows(desk, "alice> a日👍\n");
    assert_int_equal(desk->grid.cursor_x, 7 + 5);
    editor_left(editor);
    draw(desk, 80, 12);
    assert_int_equal(desk->grid.cursor_x, 7 + 3);
}

static void a_long_draft_takes_more_rows(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &find(&desk->face, "#lobby")->editor;
    type(editor, "one two three four five six seven eight");
    draw(desk, 40, 12);
    shows(desk, "alice> one two three four five six\n"
                "       seven eight\n");
    assert_int_equal(desk->grid.cursor_x, 7 + 11);
    assert_int_equal(desk->grid.cursor_y, 11);
    draw(desk, 40, 5);
    shows(desk, "\n⋮      seven eight\n");
    assert_int_equal(desk->grid.cursor_y, 4);
}

static void the_cursor_stays_in_the_draft(void **state) {
    struct desk *desk = *state;
    struct editor *editor = &find(&desk->face, "#lobby")->editor;
    for (int i = 0; i < 300; i++) {
        type(editor, i % 7 ? "x" : i % 3 ? "日" : " ");
        draw(desk, 40, 6 + i % 8);
        assert_in_range(desk->grid.cursor_x, 7, 39);
    }
    for (int i = 0; i < 300; i++) {
        editor_left(editor);
        draw(desk, 40, 6 + i % 8);
        assert_in_range(desk->grid.cursor_x, 7, 39);
    }
    shows(desk, "alice> ");
}

static void where_a_line_would_be_split_it_is_red(void **state) {
    struct desk *desk = *state;
    struct session_owner owner = {0};
    struct login login = {.nick = "alice"};
    struct session session;
    struct buffer *lobby = find(&desk->face, "#lobby");
    session_init(&session, &owner, &login);
    desk->face.network->session = &session;
    for (int i = 0; i < 480; i++)
        type(&lobby->editor, "x");
    size_t fits = session_fit(&session, NEWS_SAID, text_of("#lobby"),
                              editor_text(&lobby->editor));
    draw(desk, 80, 40);
    shows(desk, " 2 messages\n");
    struct spot spot =
        sheet_spot(editor_text(&lobby->editor), 80 - 7 - 1, fits);
    const struct cell *cell =
        grid_cell(&desk->grid, 7 + spot.column, 33 + spot.row);
    assert_int_equal(cell[0].style.bits, STYLE_REVERSE);
    assert_int_equal(cell[0].style.colour, COLOUR_ALERT);
    assert_int_equal(cell[-1].style.bits, 0);
    desk->face.network->session = NULL;
    draw(desk, 80, 40);
    shows_not(desk, "messages");
}

static void what_is_searched_stands_in_the_input_row(void **state) {
    struct desk *desk = *state;
    editor_sent(&find(&desk->face, "#lobby")->editor, "build\nis green");
    model_recall(&desk->face.model);
    model_recall_type(&desk->face.model, text_of("bui"));
    draw(desk, 80, 12);
    shows(desk, "\n(search 'bui') build↵is green\n");
    assert_int_equal(desk->grid.cursor_x, 12);
    model_recall_type(&desk->face.model, text_of("x"));
    draw(desk, 80, 12);
    shows(desk, "\n(not found 'buix')\n");
    draw(desk, 9, 3);
}

static void pasted_lines_stand_in_rows(void **state) {
    struct desk *desk = *state;
    editor_paste(&find(&desk->face, "#lobby")->editor,
                 text_of("a\nb\nc\nd\ne\n"));
    draw(desk, 80, 24);
    shows(desk, "alice> a\n       b\n       c\n       d\n       e");
    shows(desk, " 5 lines\n");
    assert_int_equal(desk->grid.cursor_x, 7 + 1);
    assert_int_equal(desk->grid.cursor_y, 23);
    draw(desk, 80, 12);
    shows_not(desk, "alice> a\n");
    shows(desk, "⋮      b\n       c\n       d\n       e");
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

static void what_is_where_can_be_asked(void **state) {
    struct desk *desk = *state;
    struct model *model = &desk->face.model;
    fill(desk, 60);
    view_scroll(model, 80, 15, 20);
    const struct {
        int x, y;
        enum view_zone kind;
        uint64_t which;
    } expected[] = {
        {1, 0, ZONE_BUFFER, 1},    {8, 0, ZONE_BUFFER, 2},
        {70, 4, ZONE_MEMBERS, 0},  {66, 3, ZONE_MEMBER, 0},
        {40, 9, ZONE_BELOW, 0},    {17, 3, ZONE_SPEAKER, 33},
        {30, 3, ZONE_MESSAGE, 33}, {30, 12, ZONE_MESSAGE, 62},
        {30, 1, ZONE_NOTHING, 0},  {90, 90, ZONE_NOTHING, 0},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct zone *zone =
            view_at(&desk->grid, model, 80, 15, expected[i].x, expected[i].y);
        assert_int_equal(zone ? zone->kind : ZONE_NOTHING, expected[i].kind);
        assert_int_equal(zone ? zone->which : 0, expected[i].which);
    }
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_whole_frame, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_narrow_one, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(every_size_is_drawn, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(an_empty_model_is_an_empty_screen,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(long_names_and_topics_are_clipped,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(days_minutes_and_what_is_new, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(what_is_not_confirmed_stands_below,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            one_reads_back_from_below_what_is_pending, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(reading_back_stays_where_it_is,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(reading_back_ends_at_the_oldest,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_small_step_up_is_a_small_step,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(one_goes_to_a_message, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(what_fits_does_not_scroll, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(scrolling_at_odd_sizes_is_safe,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(the_cursor_is_behind_what_was_typed,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(a_long_draft_takes_more_rows, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(the_cursor_stays_in_the_draft,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(where_a_line_would_be_split_it_is_red,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            what_is_searched_stands_in_the_input_row, open_desk, close_desk),
        cmocka_unit_test_setup_teardown(pasted_lines_stand_in_rows, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(who_does_not_fit_is_counted, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(the_connection_is_told, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(a_link_leads_on_from_all_its_rows,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_is_formatted_is_drawn_so,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(
            a_colour_that_is_not_ended_ends_with_its_line, open_desk,
            close_desk),
        cmocka_unit_test_setup_teardown(a_mention_has_its_sign_at_any_width,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(panes_come_and_go, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(panes_are_as_preferred, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(text_has_its_room_where_it_is_narrow,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(the_time_is_as_preferred, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(two_rooms_of_one_name_are_told_apart,
                                        open_desk, close_desk),
        cmocka_unit_test_setup_teardown(what_is_where_can_be_asked, open_desk,
                                        close_desk),
        cmocka_unit_test_setup_teardown(the_current_buffer_is_always_in_the_bar,
                                        open_desk, close_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
