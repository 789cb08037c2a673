/* Links that were said: to be listed, opened, copied. They are numbered from
 * the newest one on. */
#include "client/commands_parts.h"
#include "client/links.h"
#include "protocol/writer.h"

enum {
    LISTED = 20,  /* links that /urls lists */
    IN_ONE = 100, /* that are looked for in one message */
    LINK_MAX = 2000,
};

struct found {
    struct text link;
    const struct message *message;
};

/* What the program itself has told is not looked at: it may be a list. */
static bool is_looked_at(const struct message *message) {
    return message->kind != MESSAGE_ANSWER && message->kind != MESSAGE_ERROR;
}

/* Link number `wanted` of a message, counted from its end, from 1. Takes the
 * number of those that it has off where they are too few. */
static bool find_in(const struct message *message, uint64_t *wanted,
                    struct text *found) {
    struct text links[IN_ONE], rest = message->body;
    size_t count = 0;
    if (!is_looked_at(message)) return false;
    while (count < IN_ONE && links_next(&rest, &links[count]))
        count++;
    if (count < *wanted) {
        *wanted -= count;
        return false;
    }
    *found = links[count - *wanted];
    return true;
}

static bool find(const struct buffer *buffer, uint64_t wanted,
                 struct found *found) {
    for (uint64_t n = buffer->last; wanted > 0 && n >= buffer->first; n--) {
        found->message = buffer_message(buffer, n);
        if (find_in(found->message, &wanted, &found->link)) return true;
    }
    return false;
}

/* The link that is meant, as it is given on; empty, and told, where there is
 * none. */
static struct text link_meant(struct task *task, char to[LINK_MAX]) {
    struct found found;
    uint64_t wanted = 1;
    struct text word = text_word(&task->rest);
    if (word.length > 0 && !text_number(word, &wanted)) wanted = 0;
    if (find(task->buffer, wanted, &found)) {
        struct text link = links_encode(found.link, to, LINK_MAX);
        if (link.length > 0) return link;
    }
    command_tell(task, MESSAGE_ERROR,
                 "there is no such link here · /urls lists them");
    return text_of("");
}

bool command_open(struct task *task) {
    char to[LINK_MAX];
    struct text link = link_meant(task, to);
    if (link.length == 0) return false;
    errands_open(&task->model->errands, link);
    return true;
}

bool command_urls(struct task *task) {
    struct found found;
    uint64_t count = 0;
    while (count < LISTED && find(task->buffer, count + 1, &found))
        count++;
    if (count == 0) {
        command_tell(task, MESSAGE_ANSWER, "no links here");
        return true;
    }
    for (; count > 0 && find(task->buffer, count, &found); count--)
        command_tell(task, MESSAGE_ANSWER, "%llu %.*s%s%.*s",
                     (unsigned long long)count, (int)found.message->nick.length,
                     found.message->nick.at,
                     found.message->nick.length ? ": " : "",
                     (int)found.link.length, found.link.at);
    return true;
}

/* A link by its number, or any other text as it stands. */
bool command_copy(struct task *task) {
    char to[LINK_MAX];
    uint64_t number;
    struct text what = text_trim(task->rest);
    if (what.length == 0 || text_number(what, &number))
        what = link_meant(task, to);
    if (what.length == 0) return false;
    errands_copy(&task->model->errands, what);
    model_hint(task->model, text_of("copied"));
    return true;
}
