/* What a person is asked about a network. */
#include "client/model_parts.h"
#include "client/secrecy.h"

enum { TOKEN_SHOWN_MAX = QUESTION_TEXT_SIZE / 2 };

void model_ask(struct model *model, struct network *network, struct text text,
               struct text prompt, const char *keys) {
    question_free(network->question);
    network->question = question_new(text, prompt, keys, model->now);
    model->stale = true;
}

void model_ask_secret(struct model *model, struct network *network,
                      struct text text) {
    question_free(network->login);
    network->login = question_new_secret(text, model->now);
    model->stale = true;
}

/* What was behind it has been seen by nobody yet. */
static void begin_anew(struct model *model) {
    for (size_t i = 0; i < model->network_count; i++) {
        struct question *question = model->networks[i]->question;
        if (question && !question->ready)
            question_wait_anew(question, model->now);
    }
    model->stale = true;
}

void model_unask_secret(struct model *model, struct network *network) {
    question_free(network->login);
    network->login = NULL;
    begin_anew(model);
}

/* Only what was asked for may stand before everything else, and only where
 * nothing does. */
bool model_show_token(struct model *model, struct network *network,
                      struct text body) {
    bool is_asked = network->token_awaited && !network->question;
    if (!is_asked || secrecy_token(body) > 0 ||
        text_find(body, ' ') < body.length || body.length >= TOKEN_SHOWN_MAX)
        return false;
    network->token_awaited = false;
    network->question =
        question_new_token(body, !model->preferences.confined, model->now);
    model->stale = true;
    return true;
}

void model_unask(struct model *model, struct network *network) {
    if (!network->question) return;
    question_free(network->question);
    network->question = NULL;
    begin_anew(model);
}

/* A secret first, to its end: the rest of one that something else came before
 * would go into the draft, to be seen and said. */
struct question *model_question(const struct model *model) {
    struct question *found = NULL;
    for (size_t i = 0; i < model->network_count; i++) {
        struct question *login = model->networks[i]->login;
        struct question *question = model->networks[i]->question;
        if (login && !login->answer) return login;
        if (question && !question->answer && !found) found = question;
    }
    return found;
}
