/* Whether the server is still there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/pulse.h"

enum { BEGIN = 100000 };

struct scene {
    struct pulse pulse;
    uint64_t now, next, stalled;
};

static int let_in(void **state) {
    static struct scene scene;
    scene = (struct scene){.now = BEGIN};
    pulse_begin(&scene.pulse, scene.now, 12);
    *state = &scene;
    return 0;
}

static enum pulse_verdict check_after(struct scene *s, uint64_t ms) {
    s->now += ms;
    return pulse_check(&s->pulse, s->now, s->stalled, &s->next);
}

static void answers_after(struct scene *s, uint64_t ms) {
    s->now += ms;
    pulse_hear(&s->pulse, s->now);
    pulse_answer(&s->pulse, s->now);
}

static void settles(struct scene *s) {
    assert_int_equal(check_after(s, 0), PULSE_FINE);
    assert_int_equal(s->next, PULSE_SILENCE_MS);
    assert_int_equal(s->pulse.lag, 12);
}

static void who_is_silent_for_a_minute_is_asked(void **state) {
    struct scene *s = *state;
    settles(s);
    assert_int_equal(check_after(s, 59999), PULSE_FINE);
    assert_int_equal(s->next, 1);
    assert_int_equal(check_after(s, 1), PULSE_ASK);
    answers_after(s, 700);
    assert_int_equal(s->pulse.lag, 700);
}

static void who_talks_is_not_asked(void **state) {
    struct scene *s = *state;
    settles(s);
    for (int i = 0; i < 10; i++) {
        s->now += 30000;
        pulse_hear(&s->pulse, s->now);
        assert_int_equal(check_after(s, 0), PULSE_FINE);
    }
}

static void who_does_not_answer_is_suspect_and_then_dead(void **state) {
    struct scene *s = *state;
    settles(s);
    assert_int_equal(check_after(s, 60000), PULSE_ASK);
    assert_int_equal(pulse_suspect(&s->pulse, s->now), 0);
    assert_int_equal(s->next, PULSE_SUSPECT_MS);
    assert_int_equal(check_after(s, s->next), PULSE_FINE);
    assert_int_equal(pulse_suspect(&s->pulse, s->now), 3);
    assert_int_equal(s->next, 1000);
    assert_int_equal(check_after(s, s->next), PULSE_FINE);
    assert_int_equal(pulse_suspect(&s->pulse, s->now), 4);
    assert_int_equal(check_after(s, 26000), PULSE_DEAD);
}

static void any_word_ends_the_suspicion(void **state) {
    struct scene *s = *state;
    settles(s);
    check_after(s, 60000);
    check_after(s, 5000);
    assert_int_equal(pulse_suspect(&s->pulse, s->now), 5);
    pulse_hear(&s->pulse, s->now);
    assert_int_equal(pulse_suspect(&s->pulse, s->now), 0);
    assert_int_equal(check_after(s, 26000), PULSE_FINE);
}

static void after_sleep_it_is_asked_at_once_and_has_ten_seconds(void **state) {
    struct scene *s = *state;
    settles(s);
    pulse_wake(&s->pulse, s->now += 1000);
    assert_int_equal(check_after(s, 0), PULSE_ASK);
    assert_int_equal(check_after(s, 9999), PULSE_FINE);
    assert_int_equal(check_after(s, 1), PULSE_DEAD);
}

/* The timer of the last question may be the first thing that runs then. */
static void sleep_while_it_is_asked_gives_it_another_ten_seconds(void **state) {
    struct scene *s = *state;
    settles(s);
    assert_int_equal(check_after(s, 60000), PULSE_ASK);
    pulse_wake(&s->pulse, s->now += 300000);
    assert_int_equal(check_after(s, 0), PULSE_ASK);
    answers_after(s, 200);
    assert_int_equal(check_after(s, 0), PULSE_FINE);
    assert_int_equal(check_after(s, 60000), PULSE_ASK);
    assert_int_equal(check_after(s, 29999), PULSE_FINE);
}

static void who_takes_nothing_is_doubted(void **state) {
    struct scene *s = *state;
    settles(s);
    s->stalled = s->now;
    assert_int_equal(check_after(s, 1), PULSE_FINE);
    assert_int_equal(s->next, 9999);
    assert_int_equal(check_after(s, s->next), PULSE_ASK);
    assert_int_equal(check_after(s, 10000), PULSE_DEAD);
}

/* It talks but does not read: one question waits, no more are heaped up. */
static void who_talks_but_takes_nothing_is_asked_once(void **state) {
    struct scene *s = *state;
    settles(s);
    s->stalled = s->now;
    assert_int_equal(check_after(s, 10000), PULSE_ASK);
    for (int i = 0; i < 20; i++) {
        pulse_hear(&s->pulse, s->now += 1000);
        assert_int_equal(check_after(s, 0), PULSE_FINE);
    }
}

#define scene(claim) cmocka_unit_test_setup(claim, let_in)

int main(void) {
    const struct CMUnitTest scenes[] = {
        scene(who_is_silent_for_a_minute_is_asked),
        scene(who_talks_is_not_asked),
        scene(who_does_not_answer_is_suspect_and_then_dead),
        scene(any_word_ends_the_suspicion),
        scene(after_sleep_it_is_asked_at_once_and_has_ten_seconds),
        scene(sleep_while_it_is_asked_gives_it_another_ten_seconds),
        scene(who_takes_nothing_is_doubted),
        scene(who_talks_but_takes_nothing_is_asked_once),
    };
    return cmocka_run_group_tests(scenes, NULL, NULL);
}
