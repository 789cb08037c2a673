#include "server/handshakes.h"

enum { CHEAP_NS = 100000 };

static struct handshake *handshake_of(struct row_link *link) {
    return link ? container_of(link, struct handshake, link) : NULL;
}

static bool is_full(const struct handshakes *all) {
    return all->begun >= HANDSHAKES_IN_ALL;
}

/* NULL: into none. */
static void sort_in(struct row *row, struct row_link *link) {
    if (!row)
        row_leave(link);
    else if (link->row != row)
        row_join(row, link);
}

static struct row *row_of_beginners(struct handshakes *all,
                                    const struct place *place) {
    if (!place->fresh.first || place->handshakes >= HANDSHAKES_OF_PLACE)
        return NULL;
    if (is_full(all)) return &all->aside;
    return &all->rows[place->has_begun ? HANDSHAKES_OTHERS : HANDSHAKES_FIRST];
}

/* Where the place belongs after one of it has come or gone. */
static void settle(struct handshakes *all, struct place *place) {
    bool goes_on = place->begun.first;
    if (!place->handshakes && !place->fresh.first) place->has_begun = false;
    sort_in(goes_on ? &all->rows[HANDSHAKES_BEGUN] : NULL, &place->goes_on);
    sort_in(row_of_beginners(all, place), &place->begins);
}

static void begin(struct handshakes *all, struct handshake *handshake) {
    if (handshake->begun) return;
    handshake->begun = handshake->place->has_begun = true;
    handshake->place->handshakes++;
    all->begun++;
}

static struct place *place_of(struct row_link *begins) {
    return container_of(begins, struct place, begins);
}

/* The row's turn: whose it is. */
static struct handshake *first_of(const struct handshakes *all, unsigned row) {
    struct row_link *turn = all->rows[row].first;
    if (row == HANDSHAKES_BEGUN)
        return handshake_of(
            container_of(turn, struct place, goes_on)->begun.first);
    return handshake_of(place_of(turn)->fresh.first);
}

/* Which rows have their turns, again and again; one that is empty is passed
 * over. NULL: nobody waits. */
static struct handshake *next(struct handshakes *all) {
    static const unsigned char order[] = {
        HANDSHAKES_FIRST, HANDSHAKES_BEGUN, HANDSHAKES_FIRST, HANDSHAKES_BEGUN,
        HANDSHAKES_FIRST, HANDSHAKES_BEGUN, HANDSHAKES_OTHERS};
    for (size_t i = 0; i < sizeof order; i++) {
        unsigned row = order[all->turn++ % sizeof order];
        if (all->rows[row].first) return first_of(all, row);
    }
    return NULL;
}

/* Its place is the last to have its turn then. */
static void take_turn(struct handshakes *all, struct handshake *handshake) {
    struct place *place = handshake->place;
    row_leave(handshake->begun ? &place->goes_on : &place->begins);
    row_leave(&handshake->link);
    begin(all, handshake);
    settle(all, place);
    all->advance(handshake);
}

static void on_turn(uv_timer_t *timer);

static void plan_turn(struct handshakes *all) {
    uint64_t now = uv_now(all->timer.loop);
    uint64_t wait = all->rests_to > now ? all->rests_to - now : 0;
    bool waits = all->rows[HANDSHAKES_BEGUN].first ||
                 all->rows[HANDSHAKES_FIRST].first ||
                 all->rows[HANDSHAKES_OTHERS].first;
    if (waits && !uv_is_active((uv_handle_t *)&all->timer))
        uv_timer_start(&all->timer, on_turn, wait, 0);
}

static void rest(struct handshakes *all, uint64_t nanoseconds) {
    uv_update_time(all->timer.loop);
    all->rests_to = uv_now(all->timer.loop) + 1 + nanoseconds / 1000000;
}

/* Those that may begin no more stand aside. */
static void make_way(struct handshakes *all) {
    for (unsigned row = HANDSHAKES_FIRST; row < HANDSHAKES_KINDS; row++)
        while (is_full(all) && all->rows[row].first)
            row_join(&all->aside, all->rows[row].first);
}

/* One, or some of those that cost next to nothing: most that wait in a flood
 * have left. How long it took, in nanoseconds. */
static uint64_t take_turns(struct handshakes *all, uint64_t start) {
    uint64_t used = 0;
    for (unsigned i = 0; i < HANDSHAKES_AT_ONCE && used < CHEAP_NS; i++) {
        make_way(all);
        struct handshake *handshake = next(all);
        if (!handshake) break;
        take_turn(all, handshake);
        used = uv_hrtime() - start;
    }
    return used;
}

static void on_turn(uv_timer_t *timer) {
    struct handshakes *all = container_of(timer, struct handshakes, timer);
    rest(all, take_turns(all, uv_hrtime()));
    uv_timer_stop(timer); /* what was begun meanwhile rests, too */
    plan_turn(all);
}

/* Where there is room for one more: whose it is, is seen when each has its
 * turn. */
static void call_all(struct handshakes *all) {
    while (!is_full(all) && all->aside.first)
        settle(all, place_of(all->aside.first));
}

void handshakes_init(struct handshakes *all, uv_loop_t *loop,
                     void (*advance)(struct handshake *handshake)) {
    *all = (struct handshakes){.advance = advance};
    uv_timer_init(loop, &all->timer);
}

void handshakes_close(struct handshakes *all) {
    uv_close((uv_handle_t *)&all->timer, NULL);
}

void handshake_wait(struct handshakes *all, struct handshake *handshake) {
    struct place *place = handshake->place;
    if (handshake->link.row) return;
    row_join(handshake->begun ? &place->begun : &place->fresh,
             &handshake->link);
    settle(all, place);
    plan_turn(all);
}

void handshake_end(struct handshakes *all, struct handshake *handshake) {
    struct place *place = handshake->place;
    bool takes_part = handshake->begun || handshake->link.row;
    if (!takes_part) return; /* nor need its place be there */
    row_leave(&handshake->link);
    place->handshakes -= handshake->begun;
    all->begun -= handshake->begun;
    handshake->begun = false;
    settle(all, place);
    call_all(all);
    plan_turn(all);
}
