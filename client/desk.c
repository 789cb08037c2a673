#include "client/desk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/aloud.h"
#include "client/clock.h"
#include "client/commands.h"
#include "client/display.h"
#include "client/exec.h"
#include "client/helpers.h"
#include "client/keeper.h"
#include "client/keys.h"
#include "client/model.h"
#include "client/station.h"
#include "client/wake.h"
#include "protocol/container.h"
#include "protocol/memory.h"

enum { DESK_REFUSED = 77, DESK_NO_TERMINAL = 1 };

struct desk_signal {
    uv_signal_t handle;
    struct desk *desk;
};

struct desk {
    uv_loop_t loop;
    struct stations stations;
    struct wake wake;
    struct wake_owner wake_owner;
    struct keeper keeper;
    struct helpers helpers;
    struct exec exec;
    struct model model;
    struct commands commands;
    struct commands_owner commands_owner;
    struct keys keys;
    bool aloud_wanted; /* lines, and no screen */
    struct aloud aloud;
    struct aloud_owner aloud_owner;
    struct display display;
    struct display_owner display_owner;
    uv_prepare_t round;
    uv_timer_t patience; /* until the model wants to be asked again */
    struct desk_signal leaving[3];
    bool over;
    int status;
};

static const int LEAVING[] = {SIGTERM, SIGHUP, SIGINT};

static void on_patience(uv_timer_t *patience) {
    (void)patience; /* the round that ends now asks the model */
}

static void tick(struct desk *desk) {
    desk->model.now = clock_now();
    int64_t ms = model_tick(&desk->model);
    if (ms > 0) uv_timer_start(&desk->patience, on_patience, (uint64_t)ms, 0);
}

/* The end of a round: what has come in is drawn, or soon. */
static void on_round(uv_prepare_t *round) {
    struct desk *desk = container_of(round, struct desk, round);
    tick(desk);
    stations_round(&desk->stations);
    keeper_round(&desk->keeper);
    helpers_round(&desk->helpers);
    if (desk->aloud_wanted)
        aloud_round(&desk->aloud);
    else
        display_round(&desk->display);
}

static void close_signal(struct desk_signal *one) {
    uv_close((uv_handle_t *)&one->handle, NULL);
}

/* The screen goes first: a person who leaves has left, even if the server
 * needs a moment to let us go. */
static void end(struct desk *desk, struct text reason, int status) {
    if (desk->over) return;
    desk->over = true;
    desk->status = status;
    helpers_close(&desk->helpers);
    if (desk->aloud_wanted)
        aloud_close(&desk->aloud);
    else
        display_close(&desk->display);
    uv_close((uv_handle_t *)&desk->round, NULL);
    uv_close((uv_handle_t *)&desk->patience, NULL);
    for (size_t i = 0; i < sizeof LEAVING / sizeof *LEAVING; i++)
        close_signal(&desk->leaving[i]);
    wake_close(&desk->wake);
    keeper_close(&desk->keeper);
    exec_finish(&desk->exec);
    stations_leave_all(&desk->stations, reason);
}

static void on_lose(struct display_owner *owner) {
    struct desk *desk = container_of(owner, struct desk, display_owner);
    end(desk, text_of("the terminal is gone"), 128 + SIGHUP);
}

static struct session *find_session(struct commands_owner *owner,
                                    struct network *network) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    return stations_session(&desk->stations, network);
}

static void go(struct commands_owner *owner, struct network *network) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    stations_connect(&desk->stations, network);
}

static void leave(struct commands_owner *owner, struct network *network,
                  struct text reason) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    stations_leave(&desk->stations, network, reason);
}

static void log_in(struct commands_owner *owner, struct network *network,
                   struct text secret) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    stations_log_in(&desk->stations, network, secret);
}

static const char *execute(struct commands_owner *owner, struct text command,
                           bool say) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    return exec_start(&desk->exec, command, say);
}

static bool trace(struct commands_owner *owner, struct network *network) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    return stations_trace(&desk->stations, network);
}

static struct trust *find_trust(struct commands_owner *owner) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    return &desk->stations.trust;
}

static const struct tls_peer *find_peer(struct commands_owner *owner,
                                        const struct network *network,
                                        char server[LEDGER_NAME_SIZE]) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    return stations_peer(&desk->stations, network, server);
}

static void quit(struct commands_owner *owner, struct text reason) {
    struct desk *desk = container_of(owner, struct desk, commands_owner);
    end(desk, reason, stations_refused(&desk->stations) ? DESK_REFUSED : 0);
}

static void on_end_of_lines(struct aloud_owner *owner) {
    struct desk *desk = container_of(owner, struct desk, aloud_owner);
    quit(&desk->commands_owner, text_of(""));
}

/* C-c in an editor that has the terminal is not meant for us; in lines it is
 * the way out. */
static void on_leaving(uv_signal_t *handle, int number) {
    struct desk *desk = container_of(handle, struct desk_signal, handle)->desk;
    if (number == SIGINT && desk->display.terminal.lent) return;
    if (number == SIGINT && desk->aloud_wanted)
        quit(&desk->commands_owner, text_of(""));
    else
        end(desk, text_of(""), 128 + number);
}

static void watch_signal(struct desk *desk, struct desk_signal *one, int number,
                         uv_signal_cb callback) {
    one->desk = desk;
    uv_signal_init(&desk->loop, &one->handle);
    uv_signal_start(&one->handle, callback, number);
}

static void watch_signals(struct desk *desk) {
    for (size_t i = 0; i < sizeof LEAVING / sizeof *LEAVING; i++)
        watch_signal(desk, &desk->leaving[i], LEAVING[i], on_leaving);
}

/* The rooms are on the table before the servers are there, the first of them
 * in sight. */
static void lay_out(struct desk *desk, const struct desk_task *task) {
    struct model *model = &desk->model;
    struct text warnings = task->warnings;
    model->preferences = *task->preferences;
    model->routes = *task->routes;
    *task->routes = (struct routes){0};
    for (size_t i = 0; i < model->routes.count; i++)
        if (i == 0 || model->routes.list[i]->connect == ROUTE_CONNECT_AUTO)
            (void)model_add_route(model, model->routes.list[i]);
    if (model->buffer_count > 1 &&
        model->buffers[1]->network == model->networks[0])
        model_show(model, model->buffers[1]);
    while (warnings.length > 0)
        model_tell(model, NULL, MESSAGE_ERROR, text_piece(&warnings, '\n'));
}

static void set_up(struct desk *desk, const struct desk_task *task) {
    model_init(&desk->model);
    desk->model.now = clock_now();
    desk->commands_owner = (struct commands_owner){
        find_session, go,   leave,      log_in,   execute,
        trace,        quit, find_trust, find_peer};
    commands_init(&desk->commands, &desk->model, &desk->commands_owner);
    desk->commands.path = task->path;
    keys_init(&desk->keys, &desk->model, &desk->commands);
    lay_out(desk, task);
}

/* We are on our way before the first picture says so. */
static void on_wake(struct wake_owner *owner) {
    struct desk *desk = container_of(owner, struct desk, wake_owner);
    stations_wake(&desk->stations);
}

static void start_face(struct desk *desk) {
    desk->display_owner = (struct display_owner){on_lose};
    desk->aloud_owner = (struct aloud_owner){on_end_of_lines};
    if (desk->aloud_wanted)
        aloud_start(&desk->aloud, &desk->loop, &desk->aloud_owner, &desk->model,
                    &desk->commands);
    else
        display_start(&desk->display, &desk->loop, &desk->display_owner,
                      &desk->model, &desk->keys);
}

static void start(struct desk *desk) {
    uv_loop_init(&desk->loop);
    watch_signals(desk);
    uv_timer_init(&desk->loop, &desk->patience);
    uv_prepare_init(&desk->loop, &desk->round);
    uv_prepare_start(&desk->round, on_round);
    exec_init(&desk->exec, &desk->loop, &desk->model);
    stations_init(&desk->stations, &desk->loop, &desk->model,
                  &desk->keeper.disk);
    desk->wake_owner = (struct wake_owner){on_wake};
    wake_init(&desk->wake, &desk->loop, &desk->wake_owner);
    keeper_init(&desk->keeper, &desk->loop, &desk->model);
    helpers_init(&desk->helpers, &desk->loop,
                 desk->aloud_wanted ? NULL : &desk->display, &desk->model);
    for (size_t i = 0; i < desk->model.network_count; i++)
        stations_connect(&desk->stations, desk->model.networks[i]);
    start_face(desk);
}

/* What a person should know when the screen is gone. */
static void tell_unsent(const struct desk *desk) {
    size_t kept = 0;
    for (size_t i = 0; i < desk->model.network_count; i++)
        if (desk->model.networks[i]->kept)
            kept += desk->model.networks[i]->pending.count;
    if (kept > 0)
        fprintf(
            stderr,
            "minichat: lines of yours that are not confirmed: %zu; they are "
            "kept and seen to when you are back\n",
            kept);
}

static void run(struct desk *desk) {
    while (!desk->over)
        uv_run(&desk->loop, UV_RUN_ONCE);
    tell_unsent(desk);
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    /* The worker sits in the disk; the end of the program would wait for it. */
    if (desk->keeper.late) _exit(desk->status);
    (void)uv_loop_close(&desk->loop);
}

int desk_run(const struct desk_task *task) {
    struct desk *desk = memory_new(1, sizeof *desk);
    desk->aloud_wanted = task->aloud;
    const char *wrong =
        task->aloud ? aloud_open(&desk->aloud) : display_open(&desk->display);
    int status = DESK_NO_TERMINAL;
    if (wrong) {
        fprintf(stderr, "minichat: %s\n", wrong);
    } else {
        set_up(desk, task);
        start(desk);
        run(desk);
        status = desk->status;
        aloud_finish(&desk->aloud);
        keys_finish(&desk->keys);
        commands_finish(&desk->commands);
        model_finish(&desk->model);
        stations_finish(&desk->stations);
    }
    free(desk);
    return status;
}
