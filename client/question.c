#include "client/question.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"

enum { ESCAPE = 27, INTERRUPT = 3 };

/* Clean, but its line ends stay. */
static void keep(struct text text, char *to, size_t size) {
    char *clean = shown_lines(text, size - 1);
    text_copy(text_of(clean), to, size);
    free(clean);
}

struct question *question_new(struct text text, struct text prompt,
                              const char *keys, int64_t now) {
    struct question *question = memory_new(1, sizeof *question);
    keep(text, question->text, sizeof question->text);
    keep(prompt, question->prompt, sizeof question->prompt);
    text_copy(text_of(keys), question->keys, sizeof question->keys);
    question->calm = now + QUESTION_CALM_MS;
    return question;
}

void question_free(struct question *question) {
    free(question);
}

int64_t question_wait(const struct question *question, int64_t now) {
    return question->calm > now ? question->calm - now : 0;
}

static char answer_of(const struct question *question, uint32_t key) {
    if (key == ESCAPE || key == INTERRUPT) return question->keys[0];
    if (key == 0 || key > 'z') return 0;
    const char *found = strchr(question->keys, text_fold((char)key));
    return found ? *found : 0;
}

bool question_press(struct question *question, uint32_t key, int64_t now) {
    if (!question->ready || question_wait(question, now) > 0) {
        question->calm = now + QUESTION_CALM_MS;
        question->ready = false;
        return false;
    }
    question->answer = answer_of(question, key);
    return true;
}
