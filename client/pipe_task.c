#include "client/pipe_task.h"

#include <string.h>

#include "client/feed.h"
#include "client/route.h"
#include "client/since.h"

static const char *take_json(struct pipe_task *task, const char *value,
                             int64_t now) {
    (void)value;
    (void)now;
    task->json = true;
    return NULL;
}

static const char *take_since(struct pipe_task *task, const char *value,
                              int64_t now) {
    if (since_read(text_of(value), now, &task->since) && task->since > 0)
        return NULL;
    return "--since wants 30m, 2h, 2d, 1w, or a day as 2026-11-22";
}

static const char *take_once(struct pipe_task *task, const char *value,
                             int64_t now) {
    (void)value;
    (void)now;
    task->once = true;
    return NULL;
}

static const char *take_mention(struct pipe_task *task, const char *value,
                                int64_t now) {
    (void)value;
    (void)now;
    task->mention = true;
    return NULL;
}

static const char *take_from(struct pipe_task *task, const char *value,
                             int64_t now) {
    (void)now;
    task->from = value;
    return *value ? NULL : "--from wants a name";
}

static const char *take_timeout(struct pipe_task *task, const char *value,
                                int64_t now) {
    uint64_t seconds = 0;
    (void)now;
    if (!text_number(text_of(value), &seconds) || seconds == 0 ||
        seconds > PIPE_TIMEOUT_MAX)
        return "--timeout wants a number of seconds";
    task->timeout = (unsigned)seconds;
    return NULL;
}

enum { SEND = 1 << PIPE_SEND, TAIL = 1 << PIPE_TAIL, WAIT = 1 << PIPE_WAIT };

static const struct option {
    const char *name;
    unsigned modes;
    bool valued;
    const char *(*take)(struct pipe_task *task, const char *value, int64_t now);
} OPTIONS[] = {
    {"--json", SEND | TAIL | WAIT, false, take_json},
    {"--since", TAIL, true, take_since},
    {"--once", TAIL, false, take_once},
    {"--mention", WAIT, false, take_mention},
    {"--from", WAIT, true, take_from},
    {"--timeout", WAIT, true, take_timeout},
};

static const char *const UNKNOWN[] = {
    [PIPE_TALK] = "there are no options here",
    [PIPE_SEND] = "send knows --json; -- ends its options",
    [PIPE_TAIL] = "tail knows --since, --once and --json",
    [PIPE_WAIT] = "wait knows --mention, --from, --timeout and --json",
};

/* "--name VALUE", "--name=VALUE" or "--name". */
static bool is_named(const struct option *option, const char *word) {
    size_t length = strlen(option->name);
    if (strncmp(word, option->name, length) != 0) return false;
    return word[length] == '\0' || (option->valued && word[length] == '=');
}

static const struct option *find(enum pipe_mode mode, const char *word) {
    for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++)
        if (OPTIONS[i].modes >> mode & 1 && is_named(&OPTIONS[i], word))
            return &OPTIONS[i];
    return NULL;
}

/* The option in **words, and its value, if that is a word of its own. */
static const char *take(struct pipe_task *task, char ***words, int64_t now) {
    const char *word = **words;
    const struct option *option = find(task->mode, word);
    if (!option) return UNKNOWN[task->mode];
    const char *value = word + strlen(option->name);
    if (*value == '=')
        value++;
    else if (option->valued && (*words)[1])
        value = *++*words;
    return option->take(task, value, now);
}

const char *pipe_task_read(struct pipe_task *task, char **words, int64_t now) {
    char **kept = words;
    const char *wrong = NULL;
    bool options = true;
    for (; *words && !wrong; words++) {
        bool option = options && strncmp(*words, "--", 2) == 0;
        if (option && (*words)[2])
            wrong = take(task, &words, now);
        else if (option)
            options = false;
        else
            *kept++ = *words;
        if (!option && task->mode == PIPE_SEND) options = false;
    }
    *kept = NULL;
    if (!wrong && task->once && !task->since)
        wrong = "--once is for tail --since";
    return wrong;
}

/* A server's notices are nobody's. */
static bool is_said_by_somebody(const struct news *news) {
    return news->kind == NEWS_SAID || news->kind == NEWS_ACTED ||
           (news->kind == NEWS_NOTICED && news->host.length > 0);
}

bool pipe_task_awaits(const struct pipe_task *task, const struct news *news,
                      const struct taste *taste) {
    if (!is_said_by_somebody(news) || news->own) return false;
    if (task->from && !name_equals(news->who, text_of(task->from)))
        return false;
    return !task->mention || feed_is_mention(news, taste);
}

bool pipe_task_lists(const struct pipe_task *task, struct text name) {
    struct text list = text_of(task->rooms), room, key;
    while (route_next_room(&list, &room, &key))
        if (name_equals(room, name)) return true;
    return false;
}

bool pipe_task_concerns(const struct pipe_task *task, const struct news *news) {
    return !task->named || news->room.length == 0 ||
           pipe_task_lists(task, news->room);
}
