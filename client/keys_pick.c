/* The keys while a message is pointed at: one table. The draft stays as it is;
 * what is not here ends it and does what it does. */
#include "client/keys_parts.h"
#include "client/links.h"
#include "client/view.h"
#include "protocol/utf8.h"

enum { LINK_MAX = 2000 };

static void hint(struct keys *keys, const char *words) {
    model_hint(keys->model, text_of(words));
}

/* With no more scrolling than it needs. */
static void point_at(struct keys *keys, uint64_t number) {
    model_pick(keys->model, number);
    view_show(keys->model, keys->width, keys->height, number);
}

static uint64_t shown_from(const struct keys *keys, uint64_t number, int step) {
    return view_shown(keys->model, keys->width, keys->height, number, step);
}

static void older(struct keys *keys) {
    uint64_t number = shown_from(keys, keys->model->current->picked - 1, -1);
    if (number > 0)
        point_at(keys, number);
    else
        keys_scroll_up(keys, 1);
}

static void newer(struct keys *keys) {
    uint64_t number = shown_from(keys, keys->model->current->picked + 1, 1);
    if (number > 0) point_at(keys, number);
}

static int page(const struct keys *keys) {
    int rows = view_page(keys->model, keys->width, keys->height);
    return rows > 1 ? rows - 1 : 1;
}

static void page_older(struct keys *keys) {
    keys_scroll_up(keys, page(keys));
    model_pick(keys->model,
               view_highest(keys->model, keys->width, keys->height));
}

static void page_newer(struct keys *keys) {
    keys_scroll_down(keys, page(keys));
    model_pick(keys->model, shown_from(keys, view_lowest(keys->model), -1));
}

static void oldest(struct keys *keys) {
    point_at(keys, shown_from(keys, keys->model->current->first, 1));
    keys_scroll_up(keys, 1);
}

static void newest(struct keys *keys) {
    point_at(keys, shown_from(keys, keys->model->current->last, -1));
}

static void stop(struct keys *keys) {
    model_pick(keys->model, 0);
}

/* Told, where it cannot be done. */
static bool may(struct keys *keys, enum act act) {
    const char *why = model_reason_not_to(keys->model->current,
                                          model_picked(keys->model), act);
    if (why) hint(keys, why);
    return !why;
}

static void reply(struct keys *keys) {
    struct model *model = keys->model;
    if (!may(keys, ACT_REPLY)) return;
    model_start_reply(model, model->current, model_picked(model));
    stop(keys);
}

static void react(struct keys *keys) {
    if (may(keys, ACT_REACT)) model_choose(keys->model);
}

static void unreact(struct keys *keys) {
    struct model *model = keys->model;
    const char *why =
        model_unreact(model->current, model_picked(model), text_of(""));
    if (why) hint(keys, why);
}

/* sure: the key before was this one too. */
static void redact(struct keys *keys) {
    struct model *model = keys->model;
    if (!may(keys, ACT_REDACT)) return;
    if (keys->sure) {
        (void)model_redact(model->current, model_picked(model), text_of(""));
        return;
    }
    model->pick.sure = true;
    hint(keys, "d again takes it back, for everyone");
}

static void correct(struct keys *keys) {
    struct model *model = keys->model;
    if (!may(keys, ACT_CORRECT)) return;
    if (model_start_correction(model, model->current, model_picked(model)))
        stop(keys);
    else
        hint(keys, "something stands in the draft already");
}

static void copy(struct keys *keys) {
    errands_copy(&keys->model->errands, model_picked(keys->model)->body);
    hint(keys, "copied");
}

static bool open_link(struct keys *keys) {
    char encoded[LINK_MAX];
    struct text rest = model_picked(keys->model)->body, link;
    if (!links_next(&rest, &link)) return false;
    link = links_encode(link, encoded, sizeof encoded);
    if (link.length > 0) keys_open_link(keys, link);
    return link.length > 0;
}

static void open(struct keys *keys) {
    if (!open_link(keys)) hint(keys, "there is no link in it");
}

/* Up the thread; what is not here is asked for. */
static void thread(struct keys *keys) {
    struct buffer *buffer = keys->model->current;
    const struct message *message = model_picked(keys->model);
    const struct message *parent = buffer_find(buffer, message_reply(message));
    if (parent)
        point_at(keys, buffer_number(buffer, parent));
    else if (message_reply(message).length > 0)
        (void)model_go_to(keys->model, buffer, message_reply(message),
                          message->when);
    else
        hint(keys, "it answers no other line");
}

static void act(struct keys *keys) {
    struct buffer *buffer = keys->model->current;
    if (buffer_is_gap(buffer, buffer->picked))
        model_load_gap(keys->model, buffer, buffer->picked, GAP_UPPER_END,
                       true);
    else if (!open_link(keys))
        reply(keys);
}

/* seen: it is done with a message only where that is in sight. */
static const struct {
    uint32_t key;
    bool seen;
    void (*act)(struct keys *keys);
} picks[] = {
    {'k', false, older},
    {KEYS_UP, false, older},
    {ALT + KEYS_UP, false, older},
    {'j', false, newer},
    {KEYS_DOWN, false, newer},
    {ALT + KEYS_DOWN, false, newer},
    {KEYS_PAGE_UP, false, page_older},
    {KEYS_PAGE_DOWN, false, page_newer},
    {'g', false, oldest},
    {KEYS_HOME, false, oldest},
    {'G', false, newest},
    {KEYS_END, false, newest},
    {'r', true, reply},
    {'+', true, react},
    {'-', true, unreact},
    {'d', true, redact},
    {'e', true, correct},
    {'y', true, copy},
    {'o', true, open},
    {'t', true, thread},
    {RETURN, true, act},
    {LINE_FEED, true, act},
    {KEYS_ENTER, true, act},
    {'q', false, stop},
    {ESCAPE, false, stop},
    {'g' & 0x1F, false, stop},
    {'c' & 0x1F, false, stop},
};

static bool is_seen(const struct keys *keys) {
    uint64_t number = keys->model->current->picked;
    return number <= view_lowest(keys->model) &&
           number >= view_highest(keys->model, keys->width, keys->height);
}

/* True where the key is in the table. */
static bool find_and_do(struct keys *keys, uint32_t key) {
    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
        if (picks[i].key != key) continue;
        if (picks[i].seen && !is_seen(keys))
            point_at(keys, keys->model->current->picked);
        else
            picks[i].act(keys);
        return true;
    }
    return false;
}

bool keys_take_pick(struct keys *keys, uint32_t key) {
    struct model *model = keys->model;
    if (!model_picked(model)) return false;
    keys->sure = model->pick.sure;
    model->pick.sure = false;
    if (find_and_do(keys, key) || is_text(key)) return true;
    stop(keys);
    return false;
}

void keys_select(struct keys *keys) {
    struct model *model = keys->model;
    struct buffer *buffer = model->current;
    if (keys->asked) return;
    if (buffer_answers(buffer)) {
        buffer_set_reply(buffer, text_of(""));
        hint(keys, "it answers nothing now");
        return;
    }
    if (buffer->last < buffer->first)
        hint(keys, "nothing is said here yet");
    else
        model_pick(model, view_lowest(model));
}

/* Choosing a reaction ------------------------------------------------------ */

static void choose_end(struct keys *keys, bool take) {
    const char *why = model_choose_end(keys->model, take);
    if (why) hint(keys, why);
}

static bool steps(uint32_t key, int *step) {
    bool up = key == KEYS_UP || key == KEYS_BACK_TAB || key == control('p');
    *step = up ? -1 : 1;
    return up || key == KEYS_DOWN || key == TAB || key == control('n');
}

static bool is_rub(uint32_t key) {
    return key == RUBOUT || key == KEYS_BACKSPACE || key == control('h');
}

bool keys_take_choice(struct keys *keys, uint32_t key) {
    struct model *model = keys->model;
    char bytes[4];
    int step;
    if (!model->pick.reacts) return false;
    bool on = model_picked(model);
    if (on && steps(key, &step))
        model_choose_step(model, step);
    else if (on && is_text(key))
        model_choose_type(model, text_slice(bytes, utf8_put(bytes, key)));
    else if (on && is_rub(key))
        model_choose_rub(model);
    else
        choose_end(keys, on && is_enter(key));
    return true;
}
