/* Which messages are drawn, and what stands above one. All of them are kept:
 * what is ignored, and what comings and goings are shown, may be another thing
 * a moment later. Where comings are merged, the first of a run of them is
 * drawn for all; it grows where it stands. */
#include <time.h>

#include "client/comings.h"
#include "client/view_parts.h"

struct tm local_time(int64_t when) {
    time_t seconds = (time_t)(when / 1000);
    struct tm tm = {0};
    localtime_r(&seconds, &tm);
    return tm;
}

/* All zones differ by quarters of an hour, so most need not be looked at. */
static bool same_day(int64_t a, int64_t b) {
    enum { QUARTER = 900000 };
    if (a / QUARTER == b / QUARTER) return true;
    struct tm x = local_time(a), y = local_time(b);
    return x.tm_year == y.tm_year && x.tm_yday == y.tm_yday;
}

/* Is it to be seen, on a line of its own or with others? */
static bool is_wanted(const struct layout *layout,
                      const struct message *message) {
    if (message->importance == IMPORTANCE_IGNORED) return false;
    if (message->coming == COMING_NONE) return true;
    if (layout->noise == NOISE_SMART) return message->lately;
    return layout->noise != NOISE_NONE;
}

static const struct message *wanted_before(const struct layout *layout,
                                           const struct buffer *buffer,
                                           uint64_t number) {
    const struct message *message;
    while ((message = buffer_message(buffer, --number)))
        if (is_wanted(layout, message)) return message;
    return NULL;
}

static bool is_merged(const struct layout *layout, const struct message *before,
                      const struct message *message) {
    return layout->noise != NOISE_ALL && message->coming != COMING_NONE &&
           before && before->coming != COMING_NONE &&
           same_day(before->when, message->when);
}

bool message_is_shown(const struct layout *layout, const struct buffer *buffer,
                      uint64_t number) {
    const struct message *message = buffer_message(buffer, number);
    if (!message || !is_wanted(layout, message)) return false;
    if (message->coming == COMING_NONE) return true;
    return !is_merged(layout, wanted_before(layout, buffer, number), message);
}

struct text message_words(const struct layout *layout,
                          const struct buffer *buffer, uint64_t number,
                          char to[COMINGS_SIZE]) {
    const struct message *message = buffer_message(buffer, number), *next;
    struct comings comings;
    struct writer writer = writer_on(to, COMINGS_SIZE);
    size_t count = 1;
    if (message->coming == COMING_NONE || layout->noise == NOISE_ALL)
        return message->body;
    comings_init(&comings);
    comings_add(&comings, message);
    while ((next = buffer_message(buffer, ++number))) {
        if (!is_wanted(layout, next)) continue;
        if (!is_merged(layout, message, next)) break;
        comings_add(&comings, next);
        count++;
    }
    if (count == 1) return message->body;
    comings_write(&comings, &writer);
    return writer_text(&writer);
}

/* The one above it that has a time of its own. */
static const struct message *timed_before(const struct layout *layout,
                                          const struct buffer *buffer,
                                          uint64_t number) {
    const struct message *message;
    while ((message = buffer_message(buffer, --number)))
        if (message->kind != MESSAGE_GAP && is_wanted(layout, message)) break;
    return message;
}

/* The oldest kept message has its day above it too. */
bool begins_day(const struct layout *layout, const struct buffer *buffer,
                uint64_t number) {
    const struct message *message = buffer_message(buffer, number);
    const struct message *before = timed_before(layout, buffer, number);
    if (message->kind == MESSAGE_GAP) return false;
    return !before || !same_day(before->when, message->when);
}

bool begins_minute(const struct layout *layout, const struct buffer *buffer,
                   uint64_t number) {
    const struct message *message = buffer_message(buffer, number);
    const struct message *before = timed_before(layout, buffer, number);
    return !before || before->when / 60000 != message->when / 60000;
}

/* Nothing is new because somebody came or went, or we did. */
bool begins_new(const struct buffer *buffer, uint64_t number) {
    const struct message *message = buffer_message(buffer, number);
    if (buffer->mark == 0 || number <= buffer->mark) return false;
    if (message->importance < IMPORTANCE_NORMAL) return false;
    while (--number > buffer->mark) {
        message = buffer_message(buffer, number);
        if (message && message->importance >= IMPORTANCE_NORMAL) return false;
    }
    return true;
}

uint64_t view_shown(const struct model *model, int width, int height,
                    uint64_t number, int step) {
    struct layout layout = layout_of(model, width, height);
    while (buffer_message(model->current, number)) {
        if (message_is_shown(&layout, model->current, number)) return number;
        number += (uint64_t)(int64_t)step;
    }
    return 0;
}
