/* C-r: the keys while sent lines are searched. */
#include "client/keys_parts.h"
#include "protocol/utf8.h"

static bool is_rub(uint32_t key) {
    return key == RUBOUT || key == KEYS_BACKSPACE || key == control('h');
}

static bool is_back(uint32_t key) {
    return key == ESCAPE || key == control('g') || key == control('c');
}

bool keys_take_recall(struct keys *keys, uint32_t key) {
    struct model *model = keys->model;
    char bytes[4];
    if (!model->recall.open) return false;
    if (key == control('r'))
        model_recall_older(model);
    else if (is_text(key))
        model_recall_type(model, text_slice(bytes, utf8_put(bytes, key)));
    else if (is_rub(key))
        model_recall_rub(model);
    else
        model_recall_end(model, !is_back(key));
    return model->recall.open || is_enter(key) || is_back(key);
}
