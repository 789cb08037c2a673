#include "client/keeper.h"

#include <string.h>

#include "protocol/container.h"

void keeper_init(struct keeper *keeper, uv_loop_t *loop, struct model *model) {
    *keeper = (struct keeper){.model = model};
    disk_init(&keeper->disk, loop);
    uv_timer_init(loop, &keeper->timer);
    folder_state(keeper->state);
    keeper_log_init(&keeper->log, &keeper->disk, model);
}

static struct shelf *find(const struct keeper *keeper,
                          const struct network *network) {
    for (size_t i = 0; i < keeper->count; i++)
        if (keeper->shelves[i]->id == network->id) return keeper->shelves[i];
    return NULL;
}

static void drop_gone(struct keeper *keeper) {
    for (size_t i = keeper->count; i > 0; i--) {
        struct shelf *shelf = keeper->shelves[i - 1];
        if (model_network(keeper->model, shelf->id)) continue;
        shelf->network = NULL;
        shelf_close(shelf);
        keeper->count--;
        memmove(&keeper->shelves[i - 1], &keeper->shelves[i],
                (keeper->count - i + 1) * sizeof keeper->shelves[0]);
    }
}

static void add_new(struct keeper *keeper) {
    struct model *model = keeper->model;
    for (size_t i = 0; i < model->network_count; i++)
        if (!find(keeper, model->networks[i]))
            keeper->shelves[keeper->count++] = shelf_new(
                &keeper->disk, model, model->networks[i], keeper->state);
}

static void on_due(uv_timer_t *timer) {
    (void)timer; /* the round that ends now sees to it */
}

static int64_t sooner(int64_t a, int64_t b) {
    if (a == 0 || b == 0) return a + b;
    return a < b ? a : b;
}

void keeper_round(struct keeper *keeper) {
    int64_t next = keeper_log_round(&keeper->log);
    drop_gone(keeper);
    if (keeper->state[0]) add_new(keeper);
    for (size_t i = 0; i < keeper->count; i++)
        next = sooner(next, shelf_round(keeper->shelves[i]));
    if (next > 0) uv_timer_start(&keeper->timer, on_due, (uint64_t)next, 0);
}

static void on_late(uv_timer_t *timer) {
    struct keeper *keeper = container_of(timer, struct keeper, timer);
    keeper->late = true;
    uv_stop(keeper->disk.loop);
}

static void on_end(struct disk_job *job) {
    struct keeper *keeper = container_of(job, struct keeper, end);
    uv_close((uv_handle_t *)&keeper->timer, NULL);
}

static void run_end(struct disk_job *job) {
    (void)job; /* all before it is done */
}

void keeper_close(struct keeper *keeper) {
    for (size_t i = 0; i < keeper->count; i++)
        shelf_close(keeper->shelves[i]);
    keeper->count = 0;
    keeper_log_close(&keeper->log);
    keeper->end = (struct disk_job){.run = run_end, .done = on_end};
    disk_put(&keeper->disk, &keeper->end);
    uv_timer_start(&keeper->timer, on_late, KEEPER_LEAVE_MS, 0);
}
