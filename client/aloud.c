#include "client/aloud.h"

#include <stdlib.h>
#include <string.h>

#include "client/clock.h"
#include "client/secrecy.h"
#include "protocol/container.h"

enum { WORDS_SIZE = 4096 };

bool aloud_suits(const char *term) {
    return !term || !*term || strcmp(term, "dumb") == 0;
}

static void take_secret(struct question *question, struct text line) {
    (void)question_paste(question, text_trim(line));
    (void)question_press(question, '\r', 0);
}

/* A letter answers what is asked, or the line is the secret. */
static bool answers(struct aloud *aloud, struct text line) {
    struct question *question = model_question(aloud->model);
    if (question_is_secret(question)) {
        take_secret(question, line);
        return true;
    }
    line = text_trim(line);
    if (!question || !question->ready || line.length != 1) return false;
    if (!strchr(question->keys, text_fold(line.at[0]))) return false;
    question->answer = text_fold(line.at[0]);
    return true;
}

/* What a command has put into the line is shown; Enter alone sends it. */
static void show_draft(struct aloud *aloud) {
    char words[WORDS_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    const struct buffer *buffer = aloud->model->current;
    struct text draft = editor_text(&buffer->editor);
    if (draft.length == 0) return;
    write_string(&writer, "Enter alone sends: ");
    write_text(&writer, draft);
    model_tell(aloud->model, NULL, MESSAGE_ANSWER, writer_text(&writer));
}

/* What waits is not seen. The command may have taken the network away. */
static void tell_waiting(struct aloud *aloud, unsigned id, size_t before) {
    const struct network *network = model_network(aloud->model, id);
    if (!network || network->online || network->pending.count <= before) return;
    model_tell(aloud->model, NULL, MESSAGE_ANSWER,
               text_of("not connected: this is sent when we are"));
}

/* There is no line to be looked at once more before it is said. */
static bool gives_away(struct aloud *aloud, struct text line) {
    if (!secrecy_gives_away(line)) return false;
    model_tell(aloud->model, NULL, MESSAGE_ERROR,
               text_of("a token is a secret, and was not said: /login asks "
                       "for it"));
    return true;
}

static void carry_out(struct aloud *aloud, struct text line) {
    const struct network *network = aloud->model->current->network;
    unsigned id = network->id;
    size_t before = network->pending.count;
    if (text_trim(line).length == 0)
        commands_enter(aloud->commands);
    else
        (void)commands_carry_out(aloud->commands, line);
    if (aloud->closed) return;
    tell_waiting(aloud, id, before);
    if (text_trim(line).length > 0) show_draft(aloud);
}

static void on_typed(struct terminal_owner *owner, struct text bytes) {
    struct aloud *aloud = container_of(owner, struct aloud, terminal_owner);
    struct text line;
    enum framed framed;
    aloud->model->now = clock_now();
    framer_feed(&aloud->framer, bytes);
    while (!aloud->closed &&
           (framed = framer_next(&aloud->framer, &line)) != FRAMED_NOTHING) {
        if (framed == FRAMED_TOO_LONG)
            model_tell(aloud->model, NULL, MESSAGE_ERROR,
                       text_of("this line is too long"));
        else if (!answers(aloud, line) && !gives_away(aloud, line))
            carry_out(aloud, line);
    }
    framer_keep(&aloud->framer);
}

static void on_drained(struct terminal_owner *owner) {
    (void)owner; /* the round that ends now tells what is new */
}

static void on_lost(struct terminal_owner *owner) {
    struct aloud *aloud = container_of(owner, struct aloud, terminal_owner);
    aloud->owner->end(aloud->owner);
}

const char *aloud_open(struct aloud *aloud) {
    *aloud = (struct aloud){.closed = false};
    return terminal_open(&aloud->terminal);
}

void aloud_start(struct aloud *aloud, uv_loop_t *loop,
                 struct aloud_owner *owner, struct model *model,
                 struct commands *commands) {
    aloud->owner = owner;
    aloud->model = model;
    aloud->commands = commands;
    aloud->terminal_owner =
        (struct terminal_owner){on_typed, on_drained, on_lost};
    if (model->preferences.history_lines > SPOKEN_KEPT)
        model->preferences.history_lines = SPOKEN_KEPT;
    model->focused = true;
    framer_init(&aloud->framer, ALOUD_LINE_MAX);
    terminal_share(&aloud->terminal);
    terminal_start(&aloud->terminal, loop, &aloud->terminal_owner);
}

/* Errands that only a terminal with a screen can do. */
static void refuse_errands(struct model *model) {
    struct errands *errands = &model->errands;
    if (errands->copy) {
        model_hint(model, text_of(""));
        model_tell(model, NULL, MESSAGE_ERROR,
                   text_of("this terminal has no clipboard"));
    }
    free(errands->copy);
    errands->copy = NULL;
    notice_finish(&errands->notice);
}

/* A secret is typed unseen. */
static void hush(struct aloud *aloud) {
    bool wanted = question_is_secret(model_question(aloud->model));
    if (wanted == aloud->hushed) return;
    aloud->hushed = wanted;
    terminal_hush(&aloud->terminal, wanted);
}

void aloud_round(struct aloud *aloud) {
    struct bytes lines = {0};
    if (!aloud->closed) hush(aloud);
    refuse_errands(aloud->model);
    if (!aloud->model->stale || terminal_waiting(&aloud->terminal) > 0) return;
    spoken_write(&aloud->spoken, aloud->model, &lines);
    terminal_write(&aloud->terminal, bytes_text(&lines));
    bytes_finish(&lines);
}

void aloud_close(struct aloud *aloud) {
    if (aloud->closed) return;
    aloud->closed = true;
    terminal_close(&aloud->terminal);
}

void aloud_finish(struct aloud *aloud) {
    framer_finish(&aloud->framer);
    spoken_finish(&aloud->spoken);
}
