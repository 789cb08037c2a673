#include "client/question.h"

#include <stdlib.h>
#include <string.h>

#include "client/plain.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

enum {
    INTERRUPT = 3,
    BACKSPACE = 8,
    LINE_FEED = 10,
    RETURN = 13,
    KILL_LINE = 21, /* C-u */
    KILL_WORD = 23, /* C-w: the same, as nobody sees where one ends */
    ESCAPE = 27,
    RUBOUT = 127,
    LAST_CHARACTER = 0x10FFFF, /* keys that are none come behind it */
};

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

struct question *question_new_secret(struct text text, int64_t now) {
    struct question *question =
        question_new(text, text_of("Enter logs in · Esc gives up"), "ny", now);
    question->calm = now;
    question->secret = memory_new(QUESTION_SECRET_SIZE, 1);
    return question;
}

struct question *question_new_token(struct text token, bool files,
                                    int64_t now) {
    char text[QUESTION_TEXT_SIZE];
    struct writer writer = writer_on(text, sizeof text);
    write_string(&writer,
                 "This token lets in whoever shows it. It is shown this "
                 "once, and kept nowhere.\n\n");
    write_text(&writer, token);
    write_char(&writer, '\n');
    const char *prompt =
        files ? "c) copy · s) save in a file · d) done" : "c) copy · d) done";
    struct question *question = question_new(
        writer_text(&writer), text_of(prompt), files ? "dcs" : "dc", now);
    question->token = memory_string(token.at, token.length);
    explicit_bzero(text, sizeof text);
    return question;
}

static void forget(struct question *question) {
    explicit_bzero(question->secret, question->length);
    question->length = 0;
}

void question_free(struct question *question) {
    if (!question) return;
    if (question->secret) forget(question);
    if (question->token)
        explicit_bzero(question->token, strlen(question->token));
    explicit_bzero(question->text, sizeof question->text);
    free(question->secret);
    free(question->token);
    free(question);
}

void question_wait_anew(struct question *question, int64_t now) {
    question->calm = now + QUESTION_CALM_MS;
    question->ready = false;
}

void question_stay(struct question *question) {
    question->answer = 0;
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

struct text question_typed(const struct question *question) {
    return text_slice(question->secret, question->length);
}

static void type(struct question *question, struct text text) {
    if (question->length + text.length >= QUESTION_SECRET_SIZE) return;
    memcpy(question->secret + question->length, text.at, text.length);
    question->length += text.length;
}

/* The last character, whatever it is made of. */
static void rub(struct question *question) {
    while (question->length > 0 &&
           (question->secret[--question->length] & 0xC0) == 0x80)
        continue;
}

static void give_up(struct question *question) {
    forget(question);
    question->answer = question->keys[0];
}

static void press_secret(struct question *question, uint32_t key) {
    char bytes[4];
    switch (key) {
    case ESCAPE:
    case INTERRUPT: give_up(question); return;
    case LINE_FEED:
    case RETURN:
        question->answer = question->keys[question->length > 0];
        return;
    case BACKSPACE:
    case RUBOUT: rub(question); return;
    case KILL_LINE:
    case KILL_WORD: forget(question); return;
    default: break;
    }
    if (key >= ' ' && key <= LAST_CHARACTER)
        type(question, text_slice(bytes, utf8_put(bytes, key)));
}

bool question_paste(struct question *question, struct text text) {
    if (!question_is_secret(question)) return false;
    text = text_piece(&text, '\n');
    for (; text.length > 0; text = text_after(text, 1))
        if ((unsigned char)text.at[0] >= ' ' && text.at[0] != RUBOUT)
            type(question, text_slice(text.at, 1));
    return true;
}

bool question_press(struct question *question, uint32_t key, int64_t now) {
    if (question->secret) {
        press_secret(question, key);
        return true;
    }
    if (!question->ready) {
        question->calm = now + QUESTION_CALM_MS;
        return false;
    }
    bool calm = question_wait(question, now) == 0;
    if (!calm || !(question->answer = answer_of(question, key)))
        question->calm = now + QUESTION_CALM_MS;
    return true;
}
