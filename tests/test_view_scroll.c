/* Reading back: what moves, what stays, and where it ends. */
#include "tests/sight.h"

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

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, open_desk, desk_free)
    const struct CMUnitTest tests[] = {
        SCENE(one_reads_back_from_below_what_is_pending),
        SCENE(reading_back_stays_where_it_is),
        SCENE(reading_back_ends_at_the_oldest),
        SCENE(a_small_step_up_is_a_small_step),
        SCENE(one_goes_to_a_message),
        SCENE(what_fits_does_not_scroll),
        SCENE(scrolling_at_odd_sizes_is_safe),
        SCENE(what_is_where_can_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
