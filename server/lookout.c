#include "server/lookout.h"

#include <stdio.h>
#include <string.h>

#include "protocol/container.h"
#include "server/log.h"
#include "server/warrant.h"

static void log_fault(struct lookout *lookout, const char *fault) {
    if (strncmp(fault, lookout->fault, sizeof lookout->fault - 1) == 0) return;
    snprintf(lookout->fault, sizeof lookout->fault, "%s", fault);
    if (*fault) log_say(LOG_WARN, "%s", fault);
}

static void on_pause_over(uv_timer_t *timer) {
    struct lookout *lookout = container_of(timer, struct lookout, pause);
    struct house *house = lookout->company->house;
    round_begin(&lookout->company->round);
    door_refresh(house->door);
    log_fault(lookout, door_fault(house->door));
    warrant_judge_all(house);
}

/* The first change of several begins the pause. */
static void on_change(uv_fs_event_t *event, const char *name, int events,
                      int status) {
    struct lookout *lookout = container_of(event, struct lookout, event);
    (void)name, (void)events, (void)status;
    if (uv_is_active((uv_handle_t *)&lookout->pause)) return;
    uv_timer_start(&lookout->pause, on_pause_over, LOOKOUT_MS, 0);
    uv_unref((uv_handle_t *)&lookout->pause);
}

void lookout_begin(struct lookout *lookout, uv_loop_t *loop,
                   struct company *company, const struct state *state) {
    char path[STATE_PATH_SIZE];
    lookout->company = company;
    uv_timer_init(loop, &lookout->pause);
    uv_fs_event_init(loop, &lookout->event);
    snprintf(lookout->fault, sizeof lookout->fault, "%s",
             door_fault(company->house->door));
    int status = state_path(state, "keys", path)
                     ? uv_fs_event_start(&lookout->event, on_change, path, 0)
                     : UV_ENAMETOOLONG;
    uv_unref((uv_handle_t *)&lookout->event);
    if (status != 0)
        log_say(LOG_WARN,
                "keys/ cannot be watched (%s): who is revoked leaves late",
                uv_strerror(status));
}

void lookout_end(struct lookout *lookout) {
    uv_close((uv_handle_t *)&lookout->event, NULL);
    uv_close((uv_handle_t *)&lookout->pause, NULL);
}
