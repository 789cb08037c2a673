/* Lines that are looked for by a command: told in the buffer where that was
 * given, whether the server has found them or they are kept here. */
#include <stdlib.h>
#include <time.h>

#include "client/model_parts.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

static bool is_line(const struct message *message) {
    return message->kind == MESSAGE_SAID || message->kind == MESSAGE_ACTED ||
           message->kind == MESSAGE_NOTICED;
}

/* The caller frees it. */
static char *tell(const struct search_line *line, bool did) {
    char words[MESSAGE_BODY_MAX], when[64];
    struct writer writer = writer_on(words, sizeof words);
    time_t seconds = (time_t)(line->when / 1000);
    struct tm tm = {0};
    localtime_r(&seconds, &tm);
    if (strftime(when, sizeof when, "%d %b %Y %H:%M", &tm) == 0) when[0] = '\0';
    write_text(&writer, line->room);
    write_format(&writer, " · %s · %s", when, did ? "* " : "");
    write_text(&writer, line->nick);
    write_string(&writer, did ? " " : ": ");
    write_text(&writer, line->body);
    return memory_string(words, writer.length);
}

void model_tell_found(const struct scene *scene) {
    const struct news *news = scene->news;
    struct search_line line = {news->who, news->room, news->body, news->when};
    char *words = tell(&line, news->prefix.length > 0);
    model_tell(scene->model, scene->network->asked, MESSAGE_ANSWER,
               text_of(words));
    free(words);
}

/* What is found is told when all is, as it then stands there too. */
struct told {
    char *lines[SEARCH_LINES];
    size_t count;
};

static void search_in(const struct buffer *buffer, const struct search *search,
                      struct told *told) {
    for (uint64_t n = buffer->last; n >= buffer->first; n--) {
        const struct message *message = buffer_message(buffer, n);
        struct search_line line = {message->nick, text_of(buffer->name),
                                   message->body, message->when};
        if (told->count == SEARCH_LINES) return;
        if (!is_line(message)) continue;
        if (message->importance == IMPORTANCE_IGNORED) continue;
        if (search_finds(search, &line))
            told->lines[told->count++] =
                tell(&line, message->kind == MESSAGE_ACTED);
    }
}

size_t model_search(struct model *model, struct buffer *place,
                    const struct search *search) {
    struct told told = {.count = 0};
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->network == place->network)
            search_in(model->buffers[i], search, &told);
    for (size_t i = told.count; i > 0; i--) {
        model_tell(model, place, MESSAGE_ANSWER, text_of(told.lines[i - 1]));
        free(told.lines[i - 1]);
    }
    return told.count;
}
