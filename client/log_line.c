#include "client/log_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/timestamp.h"
#include "protocol/writer.h"

static struct tm local_time(int64_t when) {
    time_t seconds = (time_t)(when / 1000);
    struct tm tm = {0};
    localtime_r(&seconds, &tm);
    /* More than four digits of a year have no place in it. */
    if (tm.tm_year < 0 || tm.tm_year > 9999 - 1900) {
        seconds = 0;
        localtime_r(&seconds, &tm);
    }
    return tm;
}

bool log_day_read(struct text name, char day[LOG_DAY_SIZE]) {
    static const char form[] = "0000-00-00.log";
    if (name.length != strlen(form)) return false;
    for (size_t i = 0; i < name.length; i++) {
        bool digit = name.at[i] >= '0' && name.at[i] <= '9';
        if (form[i] == '0' ? !digit : name.at[i] != form[i]) return false;
    }
    return text_copy(text_slice(name.at, LOG_DAY_SIZE - 1), day, LOG_DAY_SIZE);
}

static int64_t minute_of(int64_t when) {
    return when / 60000 - (when % 60000 < 0);
}

void log_clock_set(struct log_clock *clock, int64_t when) {
    int64_t minute = minute_of(when);
    if (clock->set && clock->minute == minute) return;
    struct tm tm = local_time(when);
    long east = tm.tm_gmtoff / 60;
    *clock = (struct log_clock){.set = true, .minute = minute};
    if (strftime(clock->day, LOG_DAY_SIZE, "%Y-%m-%d", &tm) == 0)
        clock->day[0] = '\0';
    if (strftime(clock->before, LOG_TIME_SIZE, "%Y-%m-%dT%H:%M:", &tm) == 0)
        clock->before[0] = '\0';
    snprintf(clock->behind, LOG_TIME_SIZE, "%c%02ld:%02ld ",
             east < 0 ? '-' : '+', labs(east) / 60 % 24, labs(east) % 60);
}

void log_day(int64_t when, char day[LOG_DAY_SIZE]) {
    struct log_clock clock = {.set = false};
    log_clock_set(&clock, when);
    memcpy(day, clock.day, LOG_DAY_SIZE);
}

/* "07.120" */
static void write_seconds(int64_t when, char to[6]) {
    unsigned ms = (unsigned)(when - minute_of(when) * 60000);
    to[0] = (char)('0' + ms / 10000);
    to[1] = (char)('0' + ms / 1000 % 10);
    to[2] = '.';
    to[3] = (char)('0' + ms / 100 % 10);
    to[4] = (char)('0' + ms / 10 % 10);
    to[5] = (char)('0' + ms % 10);
}

static void write_time(struct bytes *to, const struct log_clock *clock,
                       int64_t when) {
    char seconds[6];
    write_seconds(when, seconds);
    bytes_add_string(to, clock->before);
    bytes_add(to, text_slice(seconds, sizeof seconds));
    bytes_add_string(to, clock->behind);
}

/* What stands around a nick; an action has nothing behind it but a blank. */
static const struct {
    const char *before, *behind;
} signs[] = {
    [LOG_SAID] = {"<", "> "},  [LOG_MORE] = {"| ", ""},
    [LOG_ACTED] = {"* ", " "}, [LOG_NOTICED] = {"-", "- "},
    [LOG_NOTE] = {"= ", ""},
};

static void write_one(struct bytes *to, const struct log_clock *clock,
                      const struct log_line *line, struct text body) {
    write_time(to, clock, line->when);
    bytes_add_string(to, signs[line->kind].before);
    bytes_add(to, line->nick);
    bytes_add_string(to, signs[line->kind].behind);
    bytes_add(to, body);
    bytes_add_char(to, '\n');
}

void log_line_write(struct bytes *to, struct log_clock *clock,
                    const struct log_line *line) {
    struct log_line more = {line->when, LOG_MORE, text_of(""), text_of("")};
    struct text rest = line->body;
    log_clock_set(clock, line->when);
    write_one(to, clock, line, text_piece(&rest, '\n'));
    while (rest.length > 0)
        write_one(to, clock, &more, text_piece(&rest, '\n'));
}

/* Index of a text of one or two bytes, or the length. */
static size_t find(struct text text, const char *what) {
    size_t at = text_find(text, what[0]);
    while (at < text.length && !text_begins(text_after(text, at), what))
        at += 1 + text_find(text_after(text, at + 1), what[0]);
    return at;
}

bool log_line_read(struct log_line *line, struct text text) {
    struct text time = text_piece(&text, ' ');
    if (!timestamp_read(time, &line->when)) return false;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (!text_begins(text, signs[i].before)) continue;
        struct text rest = text_after(text, strlen(signs[i].before));
        size_t nick = *signs[i].behind ? find(rest, signs[i].behind) : 0;
        if (nick > 0 && nick == rest.length) return false;
        line->kind = (enum log_kind)i;
        line->nick = text_slice(rest.at, nick);
        line->body = text_after(rest, nick + strlen(signs[i].behind));
        return true;
    }
    return false;
}
