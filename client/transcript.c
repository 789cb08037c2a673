#include "client/transcript.h"

#include "protocol/utf8.h"

enum { PART_MAX = 9000 }; /* bytes of a name or text; a message has less */

struct line_scene {
    struct writer *writer;
    const struct news *news;
    struct text here;
};

static void put(struct writer *writer, struct text text) {
    char clean[4 * PART_MAX];
    size_t length = text.length < PART_MAX ? text.length : PART_MAX;
    length = utf8_plain(text_slice(text.at, length), clean, sizeof clean);
    write_text(writer, text_slice(clean, length));
}

static bool is_elsewhere(const struct line_scene *scene) {
    struct text room = scene->news->room;
    return room.length > 0 && !name_equals(room, scene->here);
}

static void put_room(const struct line_scene *scene) {
    if (!is_elsewhere(scene)) return;
    write_char(scene->writer, '[');
    put(scene->writer, scene->news->room);
    write_string(scene->writer, "] ");
}

static void put_event(const struct line_scene *scene, const char *deed) {
    put_room(scene);
    write_string(scene->writer, "* ");
    put(scene->writer, scene->news->who);
    write_string(scene->writer, deed);
}

/* Before, the text or name, behind; nothing where there is no text. */
static void put_between(const struct line_scene *scene, const char *before,
                        struct text text, const char *behind) {
    if (text.length == 0) return;
    write_string(scene->writer, before);
    put(scene->writer, text);
    write_string(scene->writer, behind);
}

static void put_private(const struct line_scene *scene) {
    const struct news *news = scene->news;
    write_string(scene->writer, news->own ? "-> " : "-");
    put(scene->writer, news->room);
    write_string(scene->writer, "- ");
}

static void said(const struct line_scene *scene) {
    if (scene->news->to_us) {
        put_private(scene);
    } else {
        put_room(scene);
        put(scene->writer, scene->news->who);
        write_string(scene->writer, ": ");
    }
    put(scene->writer, scene->news->body);
}

static void acted(const struct line_scene *scene) {
    if (scene->news->to_us) {
        put_private(scene);
        write_string(scene->writer, "* ");
        put(scene->writer, scene->news->who);
    } else {
        put_event(scene, "");
    }
    put_between(scene, " ", scene->news->body, "");
}

static void joined(const struct line_scene *scene) {
    put_event(scene, " joined");
}

static void left(const struct line_scene *scene) {
    put_event(scene, " left");
    put_between(scene, " (", scene->news->body, ")");
}

static void kicked(const struct line_scene *scene) {
    put_event(scene, " was kicked");
    put_between(scene, " by ", scene->news->by, "");
    put_between(scene, " (", scene->news->body, ")");
}

static void renamed(const struct line_scene *scene) {
    put_event(scene, " is now known as ");
    put(scene->writer, scene->news->body);
}

static void topic(const struct line_scene *scene) {
    struct line_scene setter = *scene;
    struct news news = *scene->news;
    news.who = news.by;
    setter.news = &news;
    put_event(&setter,
              news.body.length ? " set the topic: " : " cleared the topic");
    put(scene->writer, news.body);
}

static void mode(const struct line_scene *scene) {
    put_event(scene, " sets ");
    put(scene->writer, scene->news->body);
}

static void invited(const struct line_scene *scene) {
    write_string(scene->writer, "* ");
    put(scene->writer, scene->news->by);
    write_string(scene->writer, " invites ");
    put(scene->writer, scene->news->who);
    put_between(scene, " to ", scene->news->room, "");
}

/* Reactions are not told: without the line that they are to they say
 * nothing. */
static void redacted(const struct line_scene *scene) {
    struct line_scene taker = *scene;
    struct news news = *scene->news;
    news.who = news.by;
    taker.news = &news;
    put_event(&taker, " took back a line");
    put_between(scene, " (", news.body, ")");
}

static void answer(const struct line_scene *scene) {
    put_between(scene, "= ", scene->news->body, "");
}

static void error(const struct line_scene *scene) {
    put_between(scene, "! ", scene->news->body, "");
}

/* What is not here is not worth a line. */
static void (*const WRITERS[NEWS_KINDS])(const struct line_scene *scene) = {
    [NEWS_SAID] = said,     [NEWS_NOTICED] = said,      [NEWS_ACTED] = acted,
    [NEWS_JOINED] = joined, [NEWS_LEFT] = left,         [NEWS_KICKED] = kicked,
    [NEWS_QUIT] = left,     [NEWS_RENAMED] = renamed,   [NEWS_TOPIC] = topic,
    [NEWS_MODE] = mode,     [NEWS_INVITED] = invited,   [NEWS_ANSWER] = answer,
    [NEWS_ERROR] = error,   [NEWS_REDACTED] = redacted,
};

/* The topic that a room has when we come is not an event. */
static bool is_silent(const struct news *news) {
    return !WRITERS[news->kind] ||
           (news->kind == NEWS_TOPIC && news->by.length == 0);
}

/* A line that does not fit is left out whole. */
static bool write_line(const struct line_scene *scene) {
    struct writer *writer = scene->writer;
    size_t before = writer->length;
    WRITERS[scene->news->kind](scene);
    if (writer->length == before) return false;
    write_char(writer, '\n');
    if (writer->full) writer->length = before;
    return !writer->full;
}

/* What is said in several lines is several here, each with its speaker. */
bool transcript_write(struct writer *writer, const struct news *news,
                      struct text here) {
    struct news line = *news;
    struct line_scene scene = {writer, &line, here};
    struct text rest = news->body;
    bool written = false;
    if (is_silent(news)) return false;
    do {
        line.body = text_piece(&rest, '\n');
        written |= write_line(&scene);
    } while (rest.length > 0 && !writer->full);
    return written;
}
