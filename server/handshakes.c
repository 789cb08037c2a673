#include "server/handshakes.h"

#include "protocol/container.h"

static void join(struct handshake_queue *queue, struct handshake *handshake) {
    handshake->queue = queue;
    handshake->next = NULL;
    handshake->link = queue->last;
    *queue->last = handshake;
    queue->last = &handshake->next;
}

static void leave(struct handshake *handshake) {
    struct handshake_queue *queue = handshake->queue;
    if (!queue) return;
    *handshake->link = handshake->next;
    if (handshake->next)
        handshake->next->link = handshake->link;
    else
        queue->last = handshake->link;
    handshake->queue = NULL;
}

static bool may_begin(const struct handshakes *all,
                      const struct handshake *handshake) {
    return all->begun < HANDSHAKES_IN_ALL &&
           handshake->place->handshakes < HANDSHAKES_OF_PLACE;
}

static void begin(struct handshakes *all, struct handshake *handshake) {
    if (handshake->begun) return;
    handshake->begun = true;
    handshake->place->handshakes++;
    all->begun++;
}

/* False: it stands aside. */
static bool take_turn(struct handshakes *all, struct handshake *handshake) {
    leave(handshake);
    if (!handshake->begun && !may_begin(all, handshake)) {
        join(&all->aside, handshake);
        return false;
    }
    begin(all, handshake);
    all->advance(handshake);
    return true;
}

static void on_turn(uv_timer_t *timer);

static void plan_turn(struct handshakes *all) {
    uint64_t now = uv_now(all->timer.loop);
    uint64_t wait = all->rests_to > now ? all->rests_to - now : 0;
    if (all->waiting.first && !uv_is_active((uv_handle_t *)&all->timer))
        uv_timer_start(&all->timer, on_turn, wait, 0);
}

static void rest(struct handshakes *all, uint64_t nanoseconds) {
    uv_update_time(all->timer.loop);
    all->rests_to = uv_now(all->timer.loop) + 1 + nanoseconds / 1000000;
}

static void on_turn(uv_timer_t *timer) {
    struct handshakes *all = container_of(timer, struct handshakes, timer);
    uint64_t start = uv_hrtime();
    for (unsigned i = 0; i < HANDSHAKES_LOOKED_AT && all->waiting.first; i++) {
        if (!take_turn(all, all->waiting.first)) continue;
        rest(all, uv_hrtime() - start);
        break;
    }
    uv_timer_stop(timer); /* what was begun meanwhile rests, too */
    plan_turn(all);
}

static void wait_in(struct handshakes *all, struct handshake *handshake) {
    join(&all->waiting, handshake);
    plan_turn(all);
}

/* There is room for one more: whose it is, is seen when each takes its turn.
 */
static void call_all(struct handshakes *all) {
    while (all->aside.first) {
        struct handshake *handshake = all->aside.first;
        leave(handshake);
        wait_in(all, handshake);
    }
}

void handshakes_init(struct handshakes *all, uv_loop_t *loop,
                     void (*advance)(struct handshake *handshake)) {
    *all = (struct handshakes){.advance = advance};
    all->waiting.last = &all->waiting.first;
    all->aside.last = &all->aside.first;
    uv_timer_init(loop, &all->timer);
}

void handshakes_close(struct handshakes *all) {
    uv_close((uv_handle_t *)&all->timer, NULL);
}

void handshake_wait(struct handshakes *all, struct handshake *handshake) {
    if (!handshake->queue) wait_in(all, handshake);
}

void handshake_end(struct handshakes *all, struct handshake *handshake) {
    leave(handshake);
    if (!handshake->begun) return;
    handshake->begun = false;
    handshake->place->handshakes--;
    all->begun--;
    call_all(all);
}
