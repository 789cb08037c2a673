/* The keys while one looks for what was said, or for a buffer. */
#include "client/keys_parts.h"
#include "client/view.h"
#include "protocol/utf8.h"

static bool is_list(const struct model *model) {
    return model->seek.scope != SEEK_HERE;
}

/* The match is seen with as much around it as there is. */
static void show(struct keys *keys, uint64_t number) {
    int page = view_page(keys->model, keys->width, keys->height);
    view_go_to(keys->model, keys->width, keys->height, number, page / 2);
}

/* The newest match at or above where one looked when it began. */
static void show_first(struct keys *keys) {
    struct model *model = keys->model;
    struct buffer *buffer = model->current;
    uint64_t from = model->seek.origin.number;
    uint64_t number = model_seek_step(model, from ? from : buffer->last, -1);
    if (number == 0 && from) number = model_seek_step(model, from, 1);
    model->seek.missed = number == 0 && model->seek.length > 0;
    model->seek.number = number;
    buffer->scroll = model->seek.origin;
    if (number > 0) show(keys, number);
}

static void step(struct keys *keys, int way) {
    struct model *model = keys->model;
    uint64_t at = model->seek.number;
    uint64_t number =
        at ? model_seek_step(model, at + (uint64_t)(int64_t)way, way) : 0;
    if (number == 0) {
        model_hint(model, text_of(way < 0 ? "no older match is here"
                                          : "no newer match is here"));
        return;
    }
    model->seek.number = number;
    show(keys, number);
}

static void type(struct keys *keys, struct text text) {
    model_seek_type(keys->model, text);
    if (!is_list(keys->model)) show_first(keys);
}

static void widen(struct keys *keys) {
    keys->model->current->scroll = keys->model->seek.origin;
    model_seek_widen(keys->model);
    if (!is_list(keys->model)) show_first(keys);
}

static void older(struct keys *keys) {
    if (is_list(keys->model))
        model_seek_pick(keys->model, 1);
    else
        step(keys, -1);
}

static void newer(struct keys *keys) {
    if (is_list(keys->model))
        model_seek_pick(keys->model, -1);
    else
        step(keys, 1);
}

static void give_up(struct keys *keys) {
    if (!is_list(keys->model))
        keys->model->current->scroll = keys->model->seek.origin;
    model_seek_end(keys->model);
}

/* Asks the server where that is still to be done. */
static void take(struct keys *keys) {
    struct model *model = keys->model;
    if (!is_list(model))
        model_seek_end(model);
    else if (!model_seek_ask(model) && !model_seek_go(model))
        model_hint(model, text_of("nothing is chosen · Esc goes back"));
}

static bool is_rub(uint32_t key) {
    return key == RUBOUT || key == KEYS_BACKSPACE || key == control('h');
}

static bool is_back(uint32_t key) {
    return key == ESCAPE || key == control('g') || key == control('c');
}

static void rub(struct keys *keys) {
    model_seek_rub(keys->model);
    if (!is_list(keys->model)) show_first(keys);
}

void keys_seek_paste(struct keys *keys, struct text text) {
    type(keys, text);
}

bool keys_take_seek(struct keys *keys, uint32_t key) {
    struct model *model = keys->model;
    char bytes[4];
    if (!model->seek.open) return false;
    if (is_text(key))
        type(keys, text_slice(bytes, utf8_put(bytes, key)));
    else if (is_rub(key))
        rub(keys);
    else if (key == control('s'))
        widen(keys);
    else if (key == KEYS_UP || key == control('r') || key == control('p'))
        older(keys);
    else if (key == KEYS_DOWN || key == control('n'))
        newer(keys);
    else if (is_back(key))
        give_up(keys);
    else if (is_enter(key))
        take(keys);
    else
        model_seek_end(model);
    return model->seek.open || is_enter(key) || is_back(key);
}
