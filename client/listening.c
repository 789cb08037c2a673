#include "client/listening.h"

#include "client/clock.h"
#include "client/route.h"
#include "protocol/container.h"
#include "protocol/writer.h"

enum { WORDS_SIZE = 1024 };

static void end(struct listening *l, enum listened listened) {
    if (l->over) return;
    l->over = true;
    l->owner->end(l->owner, listened);
}

/* What was followed, in order. */
static void on_told(struct follow_owner *owner, const struct news *news) {
    struct listening *l = container_of(owner, struct listening, follow_owner);
    bool wait = l->task->mode == PIPE_WAIT;
    if (l->over || !pipe_task_concerns(l->task, news)) return;
    if (wait && !pipe_task_awaits(l->task, news, &l->outlet->taste)) return;
    if (!outlet_tell(l->outlet, news) || wait) end(l, LISTENED_ALL);
}

static void on_missed(struct follow_owner *owner, struct text room,
                      struct text why) {
    struct listening *l = container_of(owner, struct listening, follow_owner);
    struct news news = {.kind = NEWS_ERROR, .room = room};
    char words[WORDS_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    if (l->over || !pipe_task_concerns(l->task, &news)) return;
    write_string(&writer, "what was said before cannot be told: ");
    write_text(&writer, why);
    news.body = writer_text(&writer);
    outlet_tell_error(l->outlet, &news);
    l->missed = true;
}

static void on_lapse(uv_timer_t *timer);

static void go_on(struct listening *l) {
    int64_t next = follow_tick(&l->follow, clock_now());
    bool met = l->awaited == 0 && follow_is_complete(&l->follow);
    if (l->over) return;
    if (l->task->once && l->let_in > 0 && met)
        end(l, l->missed ? LISTENED_MISSED : LISTENED_ALL);
    else if (next > 0)
        uv_timer_start(&l->lapse, on_lapse, (uint64_t)next, 0);
}

static void on_lapse(uv_timer_t *timer) {
    go_on(container_of(timer, struct listening, lapse));
}

static void on_limit(uv_timer_t *timer) {
    end(container_of(timer, struct listening, limit), LISTENED_LATE);
}

/* What we promise cannot be kept there. */
static void warn_of_no_history(struct listening *l,
                               const struct session *session) {
    bool has = session_can(session, CAP_CHATHISTORY);
    if (has || !(l->reached || l->task->since > 0)) return;
    outlet_complain(
        l->outlet,
        text_of(l->reached
                    ? "this server keeps no history: what was said meanwhile "
                      "is not told"
                    : "this server keeps no history: only what comes is told"));
    l->missed = true;
    if (l->task->once) end(l, LISTENED_MISSED);
}

/* One that was named twice lets us in once. */
static bool is_named_before(const struct listening *l, struct text room) {
    struct text list = text_of(l->task->rooms), other, key;
    while (route_next_room(&list, &other, &key) && other.at != room.at)
        if (name_equals(other, room)) return true;
    return false;
}

static void enter(struct listening *l, struct session *session) {
    struct text list = text_of(l->task->rooms), room, key;
    l->awaited = l->let_in = 0;
    while (route_next_room(&list, &room, &key)) {
        if (is_named_before(l, room)) continue;
        l->awaited++;
        session_join(session, room, key);
    }
}

static void come(struct listening *l, struct session *session) {
    warn_of_no_history(l, session);
    if (l->over) return;
    follow_come(&l->follow, session, clock_now());
    enter(l, session);
    l->reached = true;
}

static void let_in(struct listening *l, const struct news *news) {
    if (!pipe_task_lists(l->task, news->room)) return;
    if (l->awaited > 0) l->awaited--;
    l->let_in++;
}

/* A room that we do not come into; there may be others. */
static void take_error(struct listening *l, const struct news *news) {
    outlet_tell_error(l->outlet, news);
    if (!pipe_task_lists(l->task, news->room)) return;
    if (l->awaited > 0) l->awaited--;
    l->missed = true;
    if (l->awaited == 0 && l->let_in == 0) end(l, LISTENED_MISSED);
}

void listening_hear(struct listening *l, struct session *session,
                    const struct news *news) {
    if (l->over) return;
    if (news->kind == NEWS_ONLINE) come(l, session);
    if (news->kind == NEWS_JOINED && news->own) let_in(l, news);
    if (news->kind == NEWS_ERROR)
        take_error(l, news);
    else
        follow_hear(&l->follow, news, clock_now());
    if (!l->over) go_on(l);
}

void listening_lose(struct listening *l) {
    follow_lose(&l->follow);
}

bool listening_has_missed(const struct listening *l) {
    return l->missed;
}

void listening_init(struct listening *l, uv_loop_t *loop,
                    struct listening_owner *owner, const struct pipe_task *task,
                    struct outlet *outlet) {
    *l = (struct listening){.owner = owner, .task = task, .outlet = outlet};
    l->follow_owner = (struct follow_owner){on_told, on_missed};
    follow_init(&l->follow, &l->follow_owner, task->since);
    uv_timer_init(loop, &l->lapse);
    uv_timer_init(loop, &l->limit);
    uint64_t limit = (uint64_t)task->timeout * 1000;
    if (limit > 0) uv_timer_start(&l->limit, on_limit, limit, 0);
}

void listening_close(struct listening *l) {
    l->over = true;
    uv_close((uv_handle_t *)&l->lapse, NULL);
    uv_close((uv_handle_t *)&l->limit, NULL);
}

void listening_finish(struct listening *l) {
    follow_finish(&l->follow);
}
