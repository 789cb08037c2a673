/* What a person is asked about a network. */
#include "client/model_parts.h"

void model_ask(struct model *model, struct network *network, struct text text,
               struct text prompt, const char *keys) {
    question_free(network->question);
    network->question = question_new(text, prompt, keys, model->now);
    model->stale = true;
}

void model_ask_secret(struct model *model, struct network *network,
                      struct text text) {
    question_free(network->question);
    network->question = question_new_secret(text, model->now);
    model->stale = true;
}

void model_unask(struct model *model, struct network *network) {
    if (!network->question) return;
    question_free(network->question);
    network->question = NULL;
    model->stale = true;
}

struct question *model_question(const struct model *model) {
    for (size_t i = 0; i < model->network_count; i++) {
        struct question *question = model->networks[i]->question;
        if (question && !question->answer) return question;
    }
    return NULL;
}
