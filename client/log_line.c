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

void log_day(int64_t when, char day[LOG_DAY_SIZE]) {
    struct tm tm = local_time(when);
    if (strftime(day, LOG_DAY_SIZE, "%Y-%m-%d", &tm) == 0) day[0] = '\0';
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

static void write_time(int64_t when, char to[LOG_TIME_SIZE]) {
    struct tm tm = local_time(when);
    char clock[24];
    long minutes = tm.tm_gmtoff / 60;
    if (strftime(clock, sizeof clock, "%Y-%m-%dT%H:%M:%S", &tm) == 0)
        clock[0] = '\0';
    snprintf(to, LOG_TIME_SIZE, "%s.%03d%c%02ld:%02ld", clock,
             (int)(when % 1000 + 1000) % 1000, minutes < 0 ? '-' : '+',
             labs(minutes) / 60 % 24, labs(minutes) % 60);
}

/* What stands around a nick; an action has nothing behind it but a blank. */
static const struct {
    const char *before, *behind;
} signs[] = {
    [LOG_SAID] = {"<", "> "},  [LOG_MORE] = {"| ", ""},
    [LOG_ACTED] = {"* ", " "}, [LOG_NOTICED] = {"-", "- "},
    [LOG_NOTE] = {"= ", ""},
};

static void write_one(struct bytes *to, const char *time, enum log_kind kind,
                      struct text nick, struct text body) {
    bytes_add_string(to, time);
    bytes_add_char(to, ' ');
    bytes_add_string(to, signs[kind].before);
    bytes_add(to, nick);
    bytes_add_string(to, signs[kind].behind);
    bytes_add(to, body);
    bytes_add_char(to, '\n');
}

void log_line_write(struct bytes *to, const struct log_line *line) {
    char time[LOG_TIME_SIZE];
    struct text rest = line->body;
    write_time(line->when, time);
    write_one(to, time, line->kind, line->nick, text_piece(&rest, '\n'));
    while (rest.length > 0)
        write_one(to, time, LOG_MORE, text_of(""), text_piece(&rest, '\n'));
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
