#include "client/spoken.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/memory.h"
#include "protocol/writer.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, TIME_SIZE = 64 };

/* One message on its way out. */
struct scene {
    const struct model *model;
    const struct buffer *buffer;
    const struct message *message;
    struct bytes *to;
};

static void put(const struct scene *scene, const char *words) {
    bytes_add_string(scene->to, words);
}

static void put_nick(const struct scene *scene, const char *before,
                     const char *behind) {
    put(scene, before);
    bytes_add(scene->to, scene->message->nick);
    put(scene, behind);
}

/* What a writer or a person would call it. */
static void put_place(struct bytes *to, const struct model *model,
                      const struct buffer *buffer) {
    bool server = buffer->kind == BUFFER_SERVER;
    if (model->network_count > 1 && !server) {
        bytes_add_string(to, buffer->network->name);
        bytes_add_char(to, '/');
    }
    bytes_add_string(to, server ? buffer->network->name : buffer->name);
}

static void put_room(const struct scene *scene) {
    if (scene->buffer->kind != BUFFER_PRIVATE) {
        put_place(scene->to, scene->model, scene->buffer);
        put(scene, " ");
        return;
    }
    put(scene, scene->message->own ? "private to " : "private ");
    if (scene->message->own) put(scene, scene->buffer->name);
    if (scene->message->own) put(scene, " ");
}

static bool is_other_day(const struct tm *a, const struct tm *b) {
    return a->tm_yday != b->tm_yday || a->tm_year != b->tm_year;
}

/* Only where it is not now. */
static void put_time(const struct scene *scene) {
    char words[TIME_SIZE];
    time_t then = (time_t)(scene->message->when / 1000);
    time_t now = (time_t)(scene->model->now / 1000);
    struct tm at = {0}, today = {0};
    if (scene->message->when + SPOKEN_LATE_MS > scene->model->now) return;
    localtime_r(&then, &at);
    localtime_r(&now, &today);
    const char *format =
        is_other_day(&at, &today) ? "%Y-%m-%d %H:%M " : "%H:%M ";
    if (strftime(words, sizeof words, format, &at) > 0) put(scene, words);
}

static void put_line(const struct scene *scene, struct text line) {
    enum message_kind kind = scene->message->kind;
    bool here = scene->buffer == scene->model->current;
    bool error = kind == MESSAGE_ERROR;
    if (!here || !(error || kind == MESSAGE_ANSWER)) put_room(scene);
    put_time(scene);
    if (error) put(scene, "error: ");
    if (kind == MESSAGE_SAID) put_nick(scene, "<", "> ");
    if (kind == MESSAGE_ACTED) put_nick(scene, "* ", " ");
    if (kind == MESSAGE_NOTICED) put_nick(scene, "-", "- ");
    bytes_add(scene->to, line);
    put(scene, "\n");
}

/* "… · Enter loads them" is for those who can go there. */
static void put_gap(const struct scene *scene) {
    struct text body = scene->message->body;
    body.length = text_find(body, '\xc2'); /* a middle dot's first byte */
    put_room(scene);
    bytes_add(scene->to, text_trim(body));
    put(scene, ", /gap loads more\n");
}

static bool is_wanted(const struct model *model, const struct buffer *buffer,
                      const struct message *message) {
    enum noise noise =
        buffer->noise_set ? buffer->noise : model->preferences.noise;
    if (message->importance == IMPORTANCE_IGNORED) return false;
    if (message->coming == COMING_NONE) return true;
    if (noise == NOISE_SMART) return message->lately;
    return noise != NOISE_NONE;
}

static bool rings(const struct model *model, const struct message *message) {
    return message_is_mention(message) &&
           model->preferences.notify == NOTIFY_BELL;
}

static void tell(const struct scene *scene) {
    const struct message *message = scene->message;
    struct text rest = message->body;
    if (message->kind == MESSAGE_GAP) {
        put_gap(scene);
        return;
    }
    do {
        put_line(scene, text_piece(&rest, '\n'));
    } while (rest.length > 0);
    if (rings(scene->model, message)) put(scene, "\a");
}

/* That the connection is lost stands in every buffer of a network, and is told
 * once. */
static bool is_like(const struct message *message, const struct message *last) {
    return last && message->kind == MESSAGE_ERROR &&
           last->kind == MESSAGE_ERROR && message->when == last->when &&
           text_equals(message->body, last->body);
}

static const struct message *tell_buffer(const struct model *model,
                                         struct buffer *buffer,
                                         const struct message *last,
                                         struct bytes *to) {
    for (uint64_t n = buffer->first; n <= buffer->last; n++) {
        struct message *message = buffer_at(buffer, n);
        struct scene scene = {model, buffer, message, to};
        if (message->told) continue;
        message->told = true;
        if (!is_wanted(model, buffer, message) || is_like(message, last))
            continue;
        tell(&scene);
        last = message;
    }
    return last;
}

static bool is_unread(const struct model *model, const struct buffer *buffer) {
    return buffer != model->current && buffer->unread > 0;
}

static void put_count(struct bytes *to, uint64_t count, const char *of_what) {
    bytes_add_string(to, ", ");
    bytes_add_number(to, count);
    bytes_add_string(to, of_what);
}

void spoken_list(const struct model *model, bool all, struct bytes *to) {
    bool first = true;
    for (size_t i = 0; i < model->buffer_count; i++) {
        const struct buffer *buffer = model->buffers[i];
        bool server = buffer->kind == BUFFER_SERVER;
        if (!all && !is_unread(model, buffer)) continue;
        if (!first) bytes_add_string(to, "; ");
        bytes_add_number(to, i + 1);
        bytes_add_char(to, ' ');
        bytes_add_string(to, server ? buffer->network->name : buffer->name);
        if (is_unread(model, buffer)) put_count(to, buffer->unread, " unread");
        if (is_unread(model, buffer) && buffer->mentions > 0)
            put_count(to, buffer->mentions, " for you");
        if (all && buffer == model->current) bytes_add_string(to, ", here");
        first = false;
    }
}

/* Where what is typed goes to; and what has come elsewhere. */
static void tell_place(struct spoken *spoken, const struct model *model,
                       struct bytes *to) {
    struct bytes here = {0};
    struct bytes unread = {0};
    const struct buffer *current = model->current;
    bool private = current->kind == BUFFER_PRIVATE;
    bytes_add_string(&here, private ? "you talk with " : "you are in ");
    put_place(&here, model, current);
    bytes_add_char(&here, '\0');
    if (spoken->here && strcmp(spoken->here, here.at) == 0) {
        bytes_finish(&here);
        return;
    }
    free(spoken->here);
    spoken->here = memory_string(here.at, here.length - 1);
    bytes_finish(&here);
    bytes_add_string(to, spoken->here);
    spoken_list(model, false, &unread);
    if (unread.length > 0) bytes_add_string(to, "; elsewhere ");
    bytes_add(to, bytes_text(&unread));
    bytes_add_char(to, '\n');
    bytes_finish(&unread);
}

static void tell_hint(struct model *model, struct bytes *to) {
    if (!model->hint[0]) return;
    bytes_add_string(to, model->hint);
    bytes_add_char(to, '\n');
    model->hint[0] = '\0';
}

/* It can be answered once it stands there. */
static void tell_question(struct model *model, struct bytes *to) {
    struct question *question = model_question(model);
    if (!question || question->ready) return;
    bytes_add_string(to, question->text);
    bytes_add_char(to, '\n');
    bytes_add_string(to, question->prompt);
    bytes_add_char(to, '\n');
    question->ready = true;
}

void spoken_write(struct spoken *spoken, struct model *model,
                  struct bytes *to) {
    const struct message *last = NULL;
    for (size_t i = 0; i < model->buffer_count; i++)
        last = tell_buffer(model, model->buffers[i], last, to);
    if (model->current) tell_place(spoken, model, to);
    tell_hint(model, to);
    tell_question(model, to);
    model->stale = false;
}

void spoken_finish(struct spoken *spoken) {
    free(spoken->here);
    spoken->here = NULL;
}
