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

static void on_idle(uv_idle_t *idle) {
    struct handshakes *all = container_of(idle, struct handshakes, idle);
    unsigned advanced = 0;
    for (unsigned i = 0; i < HANDSHAKES_LOOKED_AT && all->waiting.first; i++)
        if (take_turn(all, all->waiting.first) &&
            ++advanced == HANDSHAKES_AT_ONCE)
            break;
    if (!all->waiting.first) uv_idle_stop(idle);
}

static void wait_in(struct handshakes *all, struct handshake *handshake) {
    join(&all->waiting, handshake);
    uv_idle_start(&all->idle, on_idle);
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
    uv_idle_init(loop, &all->idle);
}

void handshakes_close(struct handshakes *all) {
    uv_close((uv_handle_t *)&all->idle, NULL);
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
