/* Something that a person is asked, and that nothing goes on without: a text
 * and a few letters that answer it. It stands before everything else, but it
 * takes no key from one who is writing: for a moment after it has appeared, and
 * after each key pressed then, keys go where they went before. Nor does a
 * letter answer in the midst of others that do not: that is a word of somebody
 * who has not looked.
 *
 * Or a secret that they asked to be asked for: that is typed, unseen, at once,
 * and Enter answers. Or a token that they asked for: it stands here, and
 * nowhere else. Pure. */
#ifndef MINICHAT_CLIENT_QUESTION_H
#define MINICHAT_CLIENT_QUESTION_H

#include "protocol/text.h"

enum {
    QUESTION_TEXT_SIZE = 4096,
    QUESTION_PROMPT_SIZE = 256,
    QUESTION_KEYS_SIZE = 8,
    QUESTION_SECRET_SIZE = 8192, /* more is not taken */
    QUESTION_CALM_MS = 700,      /* without a key, before one is an answer */
};

struct question {
    char text[QUESTION_TEXT_SIZE];     /* lines; clean */
    char prompt[QUESTION_PROMPT_SIZE]; /* "a) accept once · …"; clean */
    char keys[QUESTION_KEYS_SIZE];     /* that answer; the first one does when
                                          it is only to be got rid of */
    int64_t calm;                      /* Unix milliseconds: not before that */
    bool ready;                        /* it has been shown so */
    char answer;                       /* 0: none yet */
    char *secret;  /* so far, QUESTION_SECRET_SIZE; or NULL */
    size_t length; /* of it */
    char *token;   /* that is shown; or NULL */
};

/* now: Unix milliseconds. */
struct question *question_new(struct text text, struct text prompt,
                              const char *keys, int64_t now);
/* For a secret: answered by 'y', or 'n' where there is none. */
struct question *question_new_secret(struct text text, int64_t now);
/* Shows a token: 'c' copies it, 's' saves it, 'd' is done with it. Without
 * files there is no 's'. */
struct question *question_new_token(struct text token, bool files, int64_t now);
/* Nothing that was secret in it stays in memory. */
void question_free(struct question *question); /* NULL is taken */
/* It was answered, and stays: another answer may follow. */
void question_stay(struct question *question);
/* A key (a code point) was pressed; letter case does not matter. Esc and C-c
 * give the first answer. False: it is not for the question but for whatever is
 * behind it. */
bool question_press(struct question *question, uint32_t key, int64_t now);
/* It is shown only now. */
void question_wait_anew(struct question *question, int64_t now);
/* In how many milliseconds it will take answers; 0: it does. */
int64_t question_wait(const struct question *question, int64_t now);

/* Is it one for a secret? What was typed of that so far. */
static inline bool question_is_secret(const struct question *question) {
    return question && question->secret;
}
struct text question_typed(const struct question *question);
/* The first line of it is typed. False: it is not for the question. */
bool question_paste(struct question *question, struct text text);

#endif
