/* For people who were away: what was written to them, what they missed. */
#include <time.h>

#include "server/homecoming.h"
#include "server/plain.h"
#include "server/recount.h"

enum { WHEN_SIZE = 40 };

static bool is_same_day(const struct tm *a, const struct tm *b) {
    return a->tm_year == b->tm_year && a->tm_yday == b->tm_yday;
}

static bool split(int64_t when, struct tm *parts) {
    time_t seconds = (time_t)(when / 1000);
    return localtime_r(&seconds, parts) != NULL;
}

static void write_formatted(struct writer *writer, const char *format,
                            const struct tm *parts) {
    char words[WHEN_SIZE];
    size_t length = strftime(words, sizeof words, format, parts);
    write_text(writer, text_slice(words, length));
}

void plain_write_when(struct writer *writer, int64_t when, int64_t now) {
    struct tm then, today;
    if (!split(when, &then) || !split(now, &today)) return;
    write_formatted(
        writer, is_same_day(&then, &today) ? "%H:%M" : "%Y-%m-%d %H:%M", &then);
}

/* "14:03", "Friday", "2026-11-20": since when. A weekday is one of the last
 * six days, so that it can only mean that one. */
static void write_since(struct writer *writer, int64_t when, int64_t now) {
    enum { SIX_DAYS_MS = 6 * 24 * 3600 * 1000 };
    struct tm then, today;
    if (!split(when, &then) || !split(now, &today)) return;
    if (is_same_day(&then, &today))
        write_formatted(writer, "%H:%M", &then);
    else
        write_formatted(writer, now - when < SIX_DAYS_MS ? "%A" : "%Y-%m-%d",
                        &then);
}

static void tell_again(struct dialogue *dialogue, const struct kept *kept) {
    static char bytes[RENDER_SIZE];
    struct recounted recounted;
    struct writer writer = writer_on(bytes, sizeof bytes);
    recount(&recounted, dialogue, kept);
    recounted.event.origin = NULL;
    unsigned variant = plain_variant(dialogue, &recounted.event);
    if (variant == VARIANT_SILENT) return;
    plain_write_past(&writer, &recounted.event, variant,
                     dialogue->house->chat->now);
    dialogue_send(dialogue, line_new(writer_text(&writer)));
}

void plain_tell_inbox(struct dialogue *dialogue, const struct kept *kept,
                      size_t count, bool is_cut) {
    char memory[WHEN_SIZE];
    struct writer writer = writer_on(memory, sizeof memory - 1);
    write_since(&writer, kept[0].when, dialogue->house->chat->now);
    memory[writer.length] = '\0';
    plain_say(dialogue, "= %s%zu %s for you since %s",
              is_cut ? "more than " : "", count, count == 1 ? "line" : "lines",
              memory);
    for (size_t i = 0; i < count; i++)
        tell_again(dialogue, &kept[i]);
    text_copy(kept[count - 1].name, dialogue->answer_to,
              sizeof dialogue->answer_to);
    if (is_cut)
        plain_say(dialogue, "= and more: /history NAME shows what NAME wrote");
}

void plain_tell_unread(struct dialogue *dialogue, const struct room *room,
                       unsigned count) {
    bool is_more = count > HOMECOMING_UNREAD;
    plain_say(dialogue, "= %s: %u%s unread %s; /history %s", room->name,
              is_more ? HOMECOMING_UNREAD : count, is_more ? "+" : "",
              count == 1 ? "line" : "lines", room->name);
}

void plain_tell_absent(struct dialogue *dialogue, struct text name) {
    plain_say(dialogue, "= %.*s is not here and will see it at the next login",
              (int)name.length, name.at);
}
