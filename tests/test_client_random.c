/* Models put together by a die, drawn at sizes that it throws: nothing is ever
 * drawn where it does not belong; and what is told of them in lines drives no
 * terminal. */
#include "client/view.h"

#include "client/spoken.h"
#include "protocol/utf8.h"
#include "tests/face.h"

struct desk {
    struct face face;
    struct grid grid;
    struct spoken spoken;
    uint64_t die;
};

static unsigned roll(struct desk *desk, unsigned sides) {
    desk->die = desk->die * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(desk->die >> 33) % sides;
}

/* What has broken somebody's screen before. */
static const char *const pieces[] = {
    "word ",
    "alice ",
    "\033[31m",
    "\u202e",
    ("\xc2\x9b"
     "2J"),
    "\a",
    "日本語",
    "👍🏽",
    "👨\u200d👩\u200d👧",
    "🇩🇪",
    "e\u0301\u0301\u0301\u0301\u0301",
    "กำ",
    "https://example.org/a_(b)?x=1 ",
    "https://example.org/averyveryverylongpath",
    "\00304,12",
    "\002",
    "\035",
    "\026",
    "\037",
    "\017",
    "\n",
    "\t",
    "\xff\xfe",
    "\u0301",
    "\u200d",
    "\ufe0f",
    "\u3000",
    "    ",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "│",
    "─",
    "‹ESC›",
    "‹",
    "…",
    "\u2028",
    "\ufeff",
    "\U000e0041",
    ".",
    "(",
    ")",
};

static const char *words(struct desk *desk, char *to, size_t size) {
    unsigned count = roll(desk, 8) == 0 ? 300 : roll(desk, 12);
    struct writer writer = writer_on(to, size - 1);
    for (unsigned i = 0; i < count; i++)
        write_string(&writer,
                     pieces[roll(desk, sizeof pieces / sizeof *pieces)]);
    to[writer.length] = '\0';
    return to;
}

static const char *name(struct desk *desk, char to[400]) {
    static const char *const names[] = {"ana", "b", "日本", "c\033d",
                                        "👍🏽"};
    if (roll(desk, 6) == 0) {
        memset(to, 'n', 300);
        to[300] = '\0';
        return to;
    }
    snprintf(to, 400, "%s", names[roll(desk, 5)]);
    return to;
}

/* Few ids, so that lines are answered, and taken back, that are there. */
static const char *id(struct desk *desk, char to[16]) {
    snprintf(to, 16, "m%u", roll(desk, 40));
    return to;
}

static void answer(struct desk *desk) {
    char who[400], body[8192], first[16], second[16];
    hear(
        &desk->face,
        (struct news){.kind = NEWS_SAID,
                      .who = text_of(name(desk, who)),
                      .room = text_of(desk->face.model.current->name),
                      .body = text_of(words(desk, body, sizeof body)),
                      .msgid = text_of(id(desk, first)),
                      .reply = text_of(roll(desk, 2) ? id(desk, second) : "")});
}

static void do_something(struct desk *desk) {
    static const enum news_kind kinds[] = {
        NEWS_REACTED, NEWS_REACTED, NEWS_UNREACTED, NEWS_REDACTED, NEWS_TYPING};
    char who[400], first[16];
    hear(
        &desk->face,
        (struct news){
            .kind = kinds[roll(desk, 5)],
            .who = text_of(name(desk, who)),
            .room = text_of(desk->face.model.current->name),
            .body = text_of(pieces[roll(desk, sizeof pieces / sizeof *pieces)]),
            .reply = text_of(id(desk, first)),
            .typing = TYPING_ACTIVE,
        });
}

static void happen(struct desk *desk) {
    char who[400], body[8192], room[400];
    struct model *model = &desk->face.model;
    struct face *face = &desk->face;
    desk->face.when += roll(desk, 4000000);
    switch (roll(desk, 14)) {
    case 0: joins(face, name(desk, who), model->current->name); break;
    case 1:
        snprintf(room, sizeof room, "#%s", name(desk, who));
        we_join(face, room);
        break;
    case 2:
        buffer_set_topic(model->current,
                         text_of(words(desk, body, sizeof body)));
        break;
    case 3: model_show_number(model, 1 + roll(desk, 12)); break;
    case 4:
        says(face, name(desk, who), who, words(desk, body, sizeof body));
        break;
    case 5:
        pending_say(&face->network->pending, NEWS_SAID,
                    text_of(model->current->name),
                    text_of(words(desk, body, sizeof body)), face->when);
        break;
    case 6:
    case 7: answer(desk); break;
    case 8:
    case 9: do_something(desk); break;
    default:
        says(face, name(desk, who), model->current->name,
             words(desk, body, sizeof body));
    }
}

static void look_around(struct desk *desk, int width, int height) {
    static const char *const clocks[] = {"%H:%M", "", "%c %c %c", "日%H"};
    struct model *model = &desk->face.model;
    struct preferences *preferences = &model->preferences;
    char body[8192];
    switch (roll(desk, 11)) {
    case 0: view_scroll(model, width, height, (int)roll(desk, 60) - 20); break;
    case 1: view_go_to(model, width, height, roll(desk, 40), 2); break;
    case 2: view_toggle_buffers(model, width, height); break;
    case 3: view_toggle_members(model, width, height); break;
    case 4: model->shown.bare = roll(desk, 4) == 0; break;
    case 5: preferences->nick_width = roll(desk, 100); break;
    case 6:
        text_copy(text_of(clocks[roll(desk, 4)]), preferences->time,
                  sizeof preferences->time);
        break;
    case 7: preferences->panes = (enum panes)roll(desk, 3); break;
    case 8:
        model_set_state(model, desk->face.network,
                        text_of(words(desk, body, 200)));
        break;
    case 9:
        editor_paste(&model->current->editor,
                     text_of(words(desk, body, sizeof body)));
        break;
    case 10:
        model->current->picked =
            roll(desk, 2) ? model->current->last - roll(desk, 5) : 0;
        break;
    default: break;
    }
    model->current->members_from = roll(desk, 30);
}

static void is_sound(const struct cell *cell, const struct cell *row, int x,
                     int width) {
    const struct glyph *glyph = &cell->glyph;
    assert_in_range(glyph->width, 0, 2);
    if (glyph->width == 0) {
        assert_true(x > 0 && row[x - 1].glyph.width == 2);
        return;
    }
    struct text rest = text_of(glyph->bytes);
    struct glyph again;
    assert_in_range((unsigned char)glyph->bytes[0], 0x20, 0xF4);
    assert_true(glyph_next(&rest, &again) && rest.length == 0);
    assert_string_equal(again.bytes, glyph->bytes);
    if (glyph->width == 2)
        assert_true(x + 1 < width && row[x + 1].glyph.width == 0);
}

static bool is_glyph(const struct grid *grid, int x, int y, const char *glyph) {
    return strcmp(grid_cell(grid, x, y)->glyph.bytes, glyph) == 0;
}

static void show(const struct grid *grid) {
    for (int y = 0; y < grid->height; y++) {
        for (int x = 0; x < grid->width; x++)
            print_error("%s", grid_cell(grid, x, y)->glyph.bytes);
        print_error("\n");
    }
}

/* Where there is a corner there is a line from it down to the status. */
static void borders_are_straight(const struct grid *grid) {
    for (int x = 0; x < grid->width; x++)
        for (int y = 1; y < 3 && y < grid->height; y++) {
            if (!is_glyph(grid, x, y, "┬")) continue;
            if (!is_glyph(grid, x ? x - 1 : x + 1, y, "─")) continue;
            int end = y + 1;
            while (end < grid->height && is_glyph(grid, x, end, "│"))
                end++;
            if (end >= grid->height - 1 || !is_glyph(grid, 0, end, "─"))
                show(grid);
            assert_true(end < grid->height - 1);
            assert_true(is_glyph(grid, 0, end, "─"));
        }
}

static void judge(struct desk *desk, int width, int height) {
    const struct grid *grid = &desk->grid;
    assert_int_equal(grid->width, width);
    assert_int_equal(grid->height, height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            is_sound(grid_cell(grid, x, y), grid_cell(grid, 0, y), x, width);
    assert_in_range(grid->cursor_x, 0, width - 1);
    assert_in_range(grid->cursor_y, 0, height - 1);
    for (size_t i = 0; i < grid->zone_count; i++) {
        const struct zone *zone = &grid->zones[i];
        assert_in_range(zone->y, 0, height - 1);
        assert_true(zone->x >= 0 && zone->x + zone->columns <= width);
    }
    borders_are_straight(grid);
}

static void listen(struct desk *desk) {
    struct bytes told = {0};
    spoken_write(&desk->spoken, &desk->face.model, &told);
    struct text rest = bytes_text(&told);
    assert_true(rest.length == 0 || rest.at[rest.length - 1] == '\n');
    while (rest.length > 0)
        assert_int_equal(utf8_check(text_piece(&rest, '\n'), false), UTF8_FINE);
    bytes_finish(&told);
}

static void play(struct desk *desk, uint64_t seed) {
    desk->spoken = (struct spoken){0};
    face_open(&desk->face);
    grid_init(&desk->grid);
    desk->die = seed;
    we_join(&desk->face, "#lobby");
    for (int i = 0; i < 120; i++) {
        bool large = roll(desk, 8) == 0;
        int width = 1 + (int)roll(desk, large ? 300 : 90);
        int height = 1 + (int)roll(desk, large ? 100 : 30);
        happen(desk);
        look_around(desk, width, height);
        view_draw(&desk->grid, &desk->face.model, width, height);
        judge(desk, width, height);
        listen(desk);
    }
    spoken_finish(&desk->spoken);
    grid_finish(&desk->grid);
    face_close(&desk->face);
}

static void nothing_is_drawn_where_it_does_not_belong(void **state) {
    struct desk desk;
    const char *only = getenv("MINICHAT_SEED");
    (void)state;
    if (only) {
        play(&desk, strtoull(only, NULL, 10));
        return;
    }
    for (uint64_t seed = 1; seed <= 40; seed++) {
        print_message("seed %llu\n", (unsigned long long)seed);
        play(&desk, seed);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_drawn_where_it_does_not_belong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
