/* What we have missed. After a login the history is asked who wrote to us
 * meanwhile, and on entering a room what was said there; what comes in while
 * that is not answered is held back, and so is what we have to say. Only when
 * a gap is filled goes on what was held, and only then what is pending is
 * sent: so everything stands in the order of the server, once.
 * ircv3.net/specs/extensions/chathistory */
#include "client/model_parts.h"

#include <stdio.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static bool has_history(const struct network *network) {
    return network->session && session_can(network->session, CAP_CHATHISTORY);
}

bool model_holds(const struct network *network, struct text name) {
    const struct catchup *catchup = &network->catchup;
    if (catchup_holds(catchup, name)) return true;
    return catchup->targets && !name_is_room(name);
}

/* A millisecond earlier than the line itself: where only the time counts,
 * another of the same one is not missed, and what is known is not shown again.
 */
static struct place newest(const struct network *network,
                           const struct buffer *buffer) {
    if (buffer->newest > 0)
        return (struct place){text_of(buffer->newest_id), buffer->newest - 1};
    return (struct place){.when = network->catchup.since - CATCHUP_FUZZ_MS};
}

static void ask_older(struct network *network, struct buffer *buffer,
                      const struct gap *gap) {
    const struct message *oldest = buffer_oldest_line(buffer);
    struct text name = text_of(buffer->name);
    unsigned limit = gap->left < CATCHUP_LINES ? gap->left : CATCHUP_LINES;
    if (oldest)
        session_history_before(network->session, name,
                               (struct place){oldest->msgid, oldest->when + 1},
                               limit);
    else
        session_history_latest(network->session, name, limit);
}

static void ask(struct model *model, struct buffer *buffer, struct gap *gap) {
    struct network *network = buffer->network;
    struct text name = text_of(buffer->name);
    gap->asked = model->now;
    gap->fresh = 0;
    gap->missed = false;
    if (gap->kind == GAP_AFTER)
        session_history_after(network->session, name, newest(network, buffer),
                              CATCHUP_LINES);
    if (gap->kind == GAP_LATEST)
        session_history_latest(network->session, name, CATCHUP_LINES);
    if (gap->kind == GAP_OLDER) ask_older(network, buffer, gap);
}

static struct gap *open_gap(struct model *model, struct buffer *buffer) {
    struct network *network = buffer->network;
    bool known = buffer->newest > 0 ||
                 (buffer->kind == BUFFER_PRIVATE && network->catchup.since > 0);
    buffer->gap = buffer->last + 1;
    struct gap *gap = catchup_open(&network->catchup, text_of(buffer->name),
                                   known ? GAP_AFTER : GAP_LATEST, model->now);
    gap->counts = known;
    ask(model, buffer, gap);
    return gap;
}

void model_catch_up(struct model *model, struct buffer *buffer) {
    if (has_history(buffer->network)) open_gap(model, buffer);
}

void model_begin_catchup(struct model *model, struct network *network) {
    struct catchup *catchup = &network->catchup;
    catchup->since = network->heard;
    if (!has_history(network)) {
        model_speak_everywhere(model, network);
        return;
    }
    int64_t from = catchup->since > 0 ? catchup->since - CATCHUP_FUZZ_MS : 0;
    catchup->targets = true;
    catchup->targets_asked = model->now;
    session_targets(network->session, from, model->now + DAY_MS,
                    CATCHUP_TARGETS);
}

/* What was held there is heard now, where nothing holds it any more. */
static void let_go(struct model *model, struct network *network,
                   struct text name) {
    struct held *held;
    if (name.length > 0 && model_holds(network, name)) return;
    while ((held = catchup_release(&network->catchup, name))) {
        model_hear(model, network, held_news(held));
        held_free(held);
    }
}

static void close_gap(struct model *model, struct network *network,
                      struct gap *gap) {
    struct text name = text_of(gap->name);
    struct buffer *buffer = model_find(model, network, name);
    char kept[BUFFER_NAME_MAX];
    bool fits = text_copy(name, kept, sizeof kept);
    catchup_close(&network->catchup, gap);
    model->stale = true;
    if (buffer) buffer->gap = 0;
    if (buffer) model_place_mark(buffer);
    if (!fits) return;
    let_go(model, network, text_of(kept));
    model_speak(model, network, text_of(kept));
}

/* Who was away for very long reads on where the talk is now. */
static void leave_hole(struct model *model, struct buffer *buffer,
                       struct gap *gap) {
    struct entry entry = {
        .kind = MESSAGE_EVENT,
        .when = buffer->newest,
        .body = text_of("more was said here than is shown · /search finds it"),
    };
    buffer_insert(buffer, buffer->gap, &entry);
    buffer->gap++;
    gap->kind = GAP_LATEST;
    ask(model, buffer, gap);
}

static void tell_failure(struct model *model, struct buffer *buffer,
                         struct text why) {
    char words[BUFFER_BODY_MAX];
    snprintf(words, sizeof words, "what was said before cannot be read: %.*s",
             (int)why.length, why.at);
    model_tell(model, buffer, MESSAGE_ERROR, text_of(words));
}

/* True where there is more to come. */
static bool go_on_after(struct model *model, struct buffer *buffer,
                        struct gap *gap, const struct news *news) {
    if (news->body.length > 0) {
        gap->kind = GAP_LATEST; /* that line is not there any more */
        ask(model, buffer, gap);
        return true;
    }
    if (gap->fresh == 0 && !gap->missed) return false;
    if (++gap->rounds < CATCHUP_ROUNDS)
        ask(model, buffer, gap);
    else
        leave_hole(model, buffer, gap);
    return true;
}

static bool go_on_latest(struct model *model, struct buffer *buffer,
                         struct gap *gap, const struct news *news) {
    if (news->body.length > 0 && gap->counts)
        tell_failure(model, buffer, news->body);
    if (news->body.length > 0 || !gap->missed) return false;
    gap->kind = GAP_AFTER;
    gap->rounds = 0;
    ask(model, buffer, gap);
    return true;
}

static bool go_on_older(struct model *model, struct buffer *buffer,
                        struct gap *gap, const struct news *news) {
    if (news->body.length > 0 && gap->wanted)
        tell_failure(model, buffer, news->body);
    else if (gap->fresh == 0 && gap->rounds == 0 && gap->wanted)
        model_tell(model, buffer, MESSAGE_ANSWER,
                   text_of("nothing older is kept"));
    gap->rounds++;
    gap->left -= gap->fresh < gap->left ? gap->fresh : gap->left;
    if (gap->fresh == 0 || gap->left == 0) return false;
    ask(model, buffer, gap);
    return true;
}

static bool go_on(struct model *model, struct buffer *buffer, struct gap *gap,
                  const struct news *news) {
    if (!buffer) return false;
    if (gap->kind == GAP_AFTER) return go_on_after(model, buffer, gap, news);
    if (gap->kind == GAP_LATEST) return go_on_latest(model, buffer, gap, news);
    if (gap->kind == GAP_OLDER) return go_on_older(model, buffer, gap, news);
    return false;
}

static void answer(struct model *model, struct network *network,
                   struct gap *gap, const struct news *news) {
    struct buffer *buffer = model_find(model, network, text_of(gap->name));
    if (!go_on(model, buffer, gap, news)) close_gap(model, network, gap);
}

/* A failure that names nobody ends all that is asked. */
static void fail_all(struct model *model, struct network *network,
                     const struct news *news) {
    struct catchup *catchup = &network->catchup;
    for (size_t i = 0; i < catchup->gap_count; i++)
        if (catchup->gaps[i]->kind == GAP_AFTER)
            catchup->gaps[i]->kind = GAP_LATEST;
    while (catchup->gap_count > 0)
        answer(model, network, catchup->gaps[0], news);
}

void model_end_history(const struct scene *scene) {
    const struct news *news = scene->news;
    struct catchup *catchup = &scene->network->catchup;
    struct gap *gap = catchup_find(catchup, news->room);
    if (gap)
        answer(scene->model, scene->network, gap, news);
    else if (news->room.length == 0 && news->body.length > 0)
        fail_all(scene->model, scene->network, news);
}

/* Who starts anew opens the talks that have something unread, and no others.
 */
static void ask_marker(const struct scene *scene) {
    struct network *network = scene->network;
    const struct news *news = scene->news;
    if (!session_can(network->session, CAP_READ_MARKER)) return;
    struct gap *gap = catchup_open(&network->catchup, news->room, GAP_MARKER,
                                   scene->model->now);
    gap->until = news->when;
    session_mark_read(network->session, news->room, 0);
}

void model_take_target(const struct scene *scene) {
    struct network *network = scene->network;
    const struct news *news = scene->news;
    struct buffer *buffer = model_find(scene->model, network, news->room);
    if (!network->catchup.targets || name_is_room(news->room)) return;
    if (!has_history(network) || news->room.length == 0) return;
    if (!buffer && network->catchup.since == 0) {
        ask_marker(scene);
        return;
    }
    if (buffer && buffer->newest >= news->when) return;
    buffer = model_open(scene->model, network, news->room);
    if (buffer) model_catch_up(scene->model, buffer);
}

/* Of whom too much came to be held before it was known that they wrote. */
static void ask_missed(struct model *model, struct network *network) {
    struct catchup *catchup = &network->catchup;
    for (size_t i = 0; i < catchup->gap_count; i++) {
        struct gap *gap = catchup->gaps[i];
        if (!gap->missed || gap->kind != GAP_AFTER) continue;
        struct buffer *buffer = model_open(model, network, text_of(gap->name));
        if (buffer) open_gap(model, buffer);
    }
}

static void end_targets(struct model *model, struct network *network) {
    if (!network->catchup.targets) return;
    network->catchup.targets = false;
    ask_missed(model, network);
    let_go(model, network, text_of(""));
    model_speak_everywhere(model, network);
}

void model_end_targets(const struct scene *scene) {
    end_targets(scene->model, scene->network);
}

void model_take_marker(const struct scene *scene) {
    const struct news *news = scene->news;
    struct model *model = scene->model;
    struct network *network = scene->network;
    struct gap *gap = catchup_find(&network->catchup, news->room);
    struct buffer *buffer = model_find(model, network, news->room);
    if (gap && gap->kind == GAP_MARKER) {
        if (news->when < gap->until)
            buffer = model_open(model, network, news->room);
        if (buffer)
            open_gap(model, buffer)->counts = true;
        else
            close_gap(model, network, gap);
    }
    if (!buffer || news->when <= buffer->read) return;
    buffer->read = news->when;
    model_recount(model, buffer);
}

static bool is_overdue(const struct model *model, int64_t asked,
                       int64_t *next) {
    int64_t left = asked + CATCHUP_PATIENCE_MS - model->now;
    /* A clock that was set back lets nobody wait longer. */
    if (left <= 0 || left > CATCHUP_PATIENCE_MS) return true;
    if (*next == 0 || left < *next) *next = left;
    return false;
}

static struct gap *find_overdue(const struct model *model,
                                const struct catchup *catchup, int64_t *next) {
    for (size_t i = 0; i < catchup->gap_count; i++)
        if (is_overdue(model, catchup->gaps[i]->asked, next))
            return catchup->gaps[i];
    return NULL;
}

int64_t model_lose_patience(struct model *model, struct network *network) {
    struct catchup *catchup = &network->catchup;
    struct gap *gap;
    int64_t next = 0;
    if (catchup->targets && is_overdue(model, catchup->targets_asked, &next))
        end_targets(model, network);
    while ((gap = find_overdue(model, catchup, &next)))
        close_gap(model, network, gap);
    return next;
}

static const char *reason_not_to_ask(const struct buffer *buffer) {
    const struct network *network = buffer->network;
    if (buffer->kind == BUFFER_SERVER) return "nothing is said here";
    if (!has_history(network)) return "this server keeps no history";
    if (catchup_find(&network->catchup, text_of(buffer->name)))
        return "it is being read already";
    if (buffer_space(buffer) == 0)
        return "no more can be shown · /clear makes room for the latest";
    return NULL;
}

void model_ask_older(struct model *model, struct buffer *buffer, unsigned count,
                     bool wanted) {
    const char *why = reason_not_to_ask(buffer);
    if (why && wanted) model_tell(model, buffer, MESSAGE_ERROR, text_of(why));
    if (why) return;
    struct gap *gap =
        catchup_open(&buffer->network->catchup, text_of(buffer->name),
                     GAP_OLDER, model->now);
    unsigned space = buffer_space(buffer);
    gap->left = count < space ? count : space;
    gap->wanted = wanted;
    buffer->gap = buffer->first;
    ask(model, buffer, gap);
}
