/* What we have missed. After a login the history is asked who wrote to us
 * meanwhile, and on entering a room what was said there; what comes in while
 * that is not answered is held back, and so is what we have to say. Only when
 * all is there, or a gap stands for the rest, goes on what was held, and only
 * then what is pending is sent: so everything stands in the order of the
 * server, once. */
#include "client/model_parts.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

bool model_has_history(const struct network *network) {
    return network->session && session_can(network->session, CAP_CHATHISTORY);
}

bool model_holds(const struct network *network, struct text name) {
    const struct catchup *catchup = &network->catchup;
    if (catchup_holds(catchup, name)) return true;
    return catchup->targets && !name_is_room(name);
}

static struct inquiry *begin(struct model *model, struct buffer *buffer) {
    struct network *network = buffer->network;
    bool known = buffer->newest > 0 ||
                 (buffer->kind == BUFFER_PRIVATE && network->catchup.since > 0);
    struct inquiry *inquiry =
        catchup_open(&network->catchup, text_of(buffer->name),
                     known ? INQUIRY_AFTER : INQUIRY_LATEST, model->now);
    buffer->fill = buffer->last + 1;
    buffer->hole = 0;
    inquiry->counts = known;
    model_inquire(model, buffer, inquiry);
    return inquiry;
}

void model_catch_up(struct model *model, struct buffer *buffer) {
    if (model_has_history(buffer->network)) begin(model, buffer);
}

void model_begin_catchup(struct model *model, struct network *network) {
    struct catchup *catchup = &network->catchup;
    catchup->since = network->heard;
    if (!model_has_history(network)) {
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

void model_close_inquiry(struct model *model, struct network *network,
                         struct inquiry *inquiry) {
    struct text name = text_of(inquiry->name);
    struct buffer *buffer = model_find(model, network, name);
    char kept[MESSAGE_NAME_MAX];
    bool fits = text_copy(name, kept, sizeof kept);
    catchup_close(&network->catchup, inquiry);
    model->stale = true;
    if (buffer) buffer->fill = buffer->hole = 0;
    if (buffer) model_place_mark(buffer);
    if (!fits) return;
    let_go(model, network, text_of(kept));
    model_speak(model, network, text_of(kept));
}

/* Who starts anew opens the talks that have something unread, and no others.
 */
static void ask_marker(const struct scene *scene) {
    struct network *network = scene->network;
    const struct news *news = scene->news;
    if (!session_can(network->session, CAP_READ_MARKER)) return;
    if (!scene->model->preferences.read_marker) return;
    if (catchup_is_full(&network->catchup)) return;
    struct inquiry *inquiry = catchup_open(&network->catchup, news->room,
                                           INQUIRY_MARKER, scene->model->now);
    inquiry->until = news->when;
    session_mark_read(network->session, news->room, 0);
}

void model_take_target(const struct scene *scene) {
    struct network *network = scene->network;
    const struct news *news = scene->news;
    struct buffer *buffer = model_find(scene->model, network, news->room);
    if (!network->catchup.targets || name_is_room(news->room)) return;
    if (!model_has_history(network) || news->room.length == 0) return;
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
    for (size_t i = 0; i < catchup->inquiry_count; i++) {
        struct inquiry *inquiry = catchup->inquiries[i];
        if (!inquiry->missed || inquiry->kind != INQUIRY_AFTER) continue;
        struct buffer *buffer =
            model_open(model, network, text_of(inquiry->name));
        if (buffer) begin(model, buffer);
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
    struct inquiry *inquiry = catchup_find(&network->catchup, news->room);
    struct buffer *buffer = model_find(model, network, news->room);
    if (inquiry && inquiry->kind == INQUIRY_MARKER) {
        if (news->when < inquiry->until)
            buffer = model_open(model, network, news->room);
        if (buffer)
            begin(model, buffer)->counts = true;
        else
            model_close_inquiry(model, network, inquiry);
    }
    if (!buffer || news->when <= buffer->read) return;
    buffer->read = news->when;
    /* The server confirms what we told: who has just come back still wants to
     * see where the new begins. */
    if (news->when <= buffer->told) return;
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

static struct inquiry *find_overdue(const struct model *model,
                                    const struct catchup *catchup,
                                    int64_t *next) {
    for (size_t i = 0; i < catchup->inquiry_count; i++)
        if (is_overdue(model, catchup->inquiries[i]->asked, next))
            return catchup->inquiries[i];
    return NULL;
}

int64_t model_lose_patience(struct model *model, struct network *network) {
    struct catchup *catchup = &network->catchup;
    struct inquiry *inquiry;
    int64_t next = 0;
    if (catchup->targets && is_overdue(model, catchup->targets_asked, &next))
        end_targets(model, network);
    while ((inquiry = find_overdue(model, catchup, &next))) {
        model_break_off(model, network, inquiry);
        model_close_inquiry(model, network, inquiry);
    }
    return next;
}
