#include "server/round.h"

#include "server/banishment.h"

static int64_t wall_clock(void) {
    uv_timeval64_t now;
    if (uv_gettimeofday(&now) != 0) return 0;
    return now.tv_sec * 1000 + now.tv_usec / 1000;
}

static struct turn *take_doomed(struct round *round) {
    struct turn *turn = round->doomed;
    if (turn) round->doomed = turn->next_doomed;
    return turn;
}

static struct turn *take_touched(struct round *round) {
    struct turn *turn = round->touched;
    if (!turn) return NULL;
    round->touched = turn->next_touched;
    turn->touched = false;
    return turn;
}

static void depart_all(struct round *round) {
    struct turn *turn;
    while ((turn = take_doomed(round))) {
        turn->departed = true;
        round->acts->depart(turn);
        round_touch(round, turn);
    }
}

static void flush_all(struct round *round) {
    struct turn *turn;
    while ((turn = take_touched(round)))
        round->acts->flush(turn);
}

static void end(struct round *round) {
    if (round->ending) return;
    round->ending = true;
    /* There may be something to write though nobody is told of it. */
    do {
        depart_all(round);
        if (round->acts->commit) round->acts->commit(round);
        flush_all(round);
    } while (round->doomed || round->touched);
    round->weight = 0;
    round->ending = false;
}

static void on_timer(uv_timer_t *timer) {
    struct round *round = container_of(timer, struct round, timer);
    struct moment *moment;
    round->set_for = 0;
    round_begin(round);
    while ((moment = agenda_next(&round->agenda)) &&
           moment->when <= round->house->tick) {
        agenda_remove(&round->agenda, moment);
        round->acts->wake(container_of(moment, struct turn, moment));
    }
}

/* When the next ban is over, as a moment; INT64_MAX: none is. */
static int64_t next_end(const struct round *round) {
    const struct house *house = round->house;
    int64_t end = house->chat->next_end;
    if (house->banishment && house->banishment->next_end < end)
        end = house->banishment->next_end;
    if (end == BANS_FOR_EVER) return INT64_MAX;
    int64_t left = end - house->chat->now;
    return house->tick + (left > 0 ? left : 0);
}

static int64_t next_moment(const struct round *round) {
    const struct moment *moment = agenda_next(&round->agenda);
    int64_t end = next_end(round);
    return moment && moment->when < end ? moment->when : end;
}

/* The timer follows the earliest moment. One that is set too early only looks
 * and goes on: what is put off is not worth a system call. */
static void set_timer(struct round *round) {
    int64_t when = next_moment(round);
    if (when == INT64_MAX || (round->set_for && round->set_for <= when)) return;
    int64_t now = (int64_t)uv_now(round->timer.loop);
    uint64_t wait = when > now ? (uint64_t)(when - now) : 0;
    round->set_for = when > 0 ? when : 1;
    uv_timer_start(&round->timer, on_timer, wait, 0);
}

static void on_check(uv_check_t *check) {
    end(container_of(check, struct round, check));
}

static void on_prepare(uv_prepare_t *prepare) {
    struct round *round = container_of(prepare, struct round, prepare);
    end(round);
    set_timer(round);
}

void round_init(struct round *round, uv_loop_t *loop, struct house *house,
                const struct round_acts *acts) {
    *round = (struct round){.house = house, .acts = acts};
    agenda_init(&round->agenda);
    uv_prepare_init(loop, &round->prepare);
    uv_check_init(loop, &round->check);
    uv_timer_init(loop, &round->timer);
    uv_prepare_start(&round->prepare, on_prepare);
    uv_check_start(&round->check, on_check);
    uv_unref((uv_handle_t *)&round->prepare);
    uv_unref((uv_handle_t *)&round->check);
    uv_unref((uv_handle_t *)&round->timer);
    round_begin(round);
}

void round_stay(struct round *round, bool stay) {
    uv_handle_t *handle = (uv_handle_t *)&round->check;
    if (stay)
        uv_ref(handle);
    else
        uv_unref(handle);
}

void round_close(struct round *round) {
    uv_close((uv_handle_t *)&round->prepare, NULL);
    uv_close((uv_handle_t *)&round->check, NULL);
    uv_close((uv_handle_t *)&round->timer, NULL);
}

void round_finish(struct round *round) {
    agenda_finish(&round->agenda);
}

void round_begin(struct round *round) {
    int64_t tick = (int64_t)uv_now(round->timer.loop);
    if (tick == round->house->tick) return;
    round->house->tick = tick;
    chat_tick(round->house->chat, wall_clock());
    banishment_tick(round->house);
}

void round_relieve(struct round *round) {
    if (round->weight >= ROUND_HEAVY) end(round);
}

void round_touch(struct round *round, struct turn *turn) {
    if (turn->touched) return;
    turn->touched = true;
    turn->next_touched = round->touched;
    round->touched = turn;
}

void round_hold(struct round *round, struct turn *turn) {
    if (turn->held) return;
    turn->held = true;
    turn->next_held = round->held;
    turn->held_link = &round->held;
    if (turn->next_held) turn->next_held->held_link = &turn->next_held;
    round->held = turn;
}

static void let_go(struct turn *turn) {
    if (!turn->held) return;
    turn->held = false;
    *turn->held_link = turn->next_held;
    if (turn->next_held) turn->next_held->held_link = turn->held_link;
}

void round_release(struct round *round) {
    struct turn *turn;
    while ((turn = round->held)) {
        let_go(turn);
        round_touch(round, turn);
    }
}

void round_doom(struct round *round, struct turn *turn) {
    if (turn->doomed) return;
    turn->doomed = true;
    turn->next_doomed = round->doomed;
    round->doomed = turn;
}

void round_wake_at(struct round *round, struct turn *turn, int64_t when) {
    agenda_set(&round->agenda, &turn->moment, when);
}

void round_forget(struct round *round, struct turn *turn) {
    agenda_remove(&round->agenda, &turn->moment);
    let_go(turn);
}
