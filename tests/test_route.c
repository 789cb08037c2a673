/* The ways to networks, as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "client/route.h"
#include "protocol/writer.h"

/* The rooms of a list, each with "=KEY". */
static void rooms_are(const char *list, const char *expected) {
    char found[512];
    struct writer writer = writer_on(found, sizeof found - 1);
    struct text rest = text_of(list), room, key;
    while (route_next_room(&rest, &room, &key)) {
        write_text(&writer, room);
        if (key.length > 0) write_char(&writer, '=');
        write_text(&writer, key);
        write_char(&writer, ' ');
    }
    found[writer.length] = '\0';
    assert_string_equal(found, expected);
}

static void rooms_stand_with_their_keys(void **state) {
    (void)state;
    rooms_are("", "");
    rooms_are(" , ,", "");
    rooms_are("#a", "#a ");
    rooms_are("#a,#b", "#a #b ");
    rooms_are("#a #b", "#a #b ");
    rooms_are("#chan, #other key", "#chan #other=key ");
    rooms_are("#a  one , #b\ttwo #c", "#a=one #b=two #c ");
}

static void an_address_gives_name_and_rooms(void **state) {
    struct routes routes = {0};
    const char *wrong;
    (void)state;
    struct route *one = routes_add_address(
        &routes, text_of("irc://irc.example.org/a,b"), &wrong);
    assert_string_equal(one->name, "irc.example.org");
    assert_string_equal(one->join, "#a,#b");
    assert_false(route_is_local(one));
    struct route *box =
        routes_add_address(&routes, text_of("/run/x.sock"), &wrong);
    assert_string_equal(box->name, "box");
    assert_true(route_is_local(box));
    struct route *two =
        routes_add_address(&routes, text_of("irc://irc.example.org"), &wrong);
    assert_string_equal(two->name, "irc.example.org-2");
    assert_null(routes_add_address(&routes, text_of("nonsense"), &wrong));
    assert_non_null(wrong);
    assert_int_equal(routes.count, 3);
    routes_finish(&routes);
}

static void a_beginning_names_one_route(void **state) {
    struct routes routes = {0};
    (void)state;
    struct route *box = routes_add(&routes, text_of("box"));
    struct route *boxer = routes_add(&routes, text_of("boxer"));
    struct route *lab = routes_add(&routes, text_of("Lab"));
    assert_ptr_equal(routes_find(&routes, text_of("box")), box);
    assert_ptr_equal(routes_find(&routes, text_of("boxe")), boxer);
    assert_ptr_equal(routes_find(&routes, text_of("l")), lab);
    assert_null(routes_find(&routes, text_of("bo")));
    assert_null(routes_find(&routes, text_of("x")));
    routes_remove(&routes, boxer);
    assert_ptr_equal(routes_find(&routes, text_of("b")), box);
    routes_finish(&routes);
}

static void there_are_only_so_many(void **state) {
    struct routes routes = {0};
    struct route route = {0};
    char rooms[ROUTE_JOIN_SIZE];
    (void)state;
    for (int i = 0; i < ROUTES_MAX; i++)
        assert_non_null(routes_add(&routes, text_of("same")));
    assert_string_equal(routes.list[ROUTES_MAX - 1]->name, "same-16");
    assert_null(routes_add(&routes, text_of("same")));
    routes_finish(&routes);
    for (int i = 0; i < ROUTE_ADDRESSES; i++)
        assert_null(route_add_address(&route, text_of("/a")));
    assert_non_null(route_add_address(&route, text_of("/a")));
    memset(rooms, 'x', sizeof rooms);
    assert_false(route_add_rooms(&route, text_slice(rooms, sizeof rooms)));
    assert_string_equal(route.join, "");
}

static void a_long_name_is_cut_and_stays_its_own(void **state) {
    struct routes routes = {0};
    char name[200];
    (void)state;
    memset(name, 'n', sizeof name);
    struct route *a = routes_add(&routes, text_slice(name, sizeof name));
    struct route *b = routes_add(&routes, text_slice(name, sizeof name));
    assert_true(strlen(a->name) < ROUTE_NAME_SIZE);
    assert_string_not_equal(a->name, b->name);
    routes_finish(&routes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_stand_with_their_keys),
        cmocka_unit_test(an_address_gives_name_and_rooms),
        cmocka_unit_test(a_beginning_names_one_route),
        cmocka_unit_test(there_are_only_so_many),
        cmocka_unit_test(a_long_name_is_cut_and_stays_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
