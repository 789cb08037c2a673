#include "protocol/duration.h"

#include <stdio.h>

static const struct {
    char letter;
    int64_t ms;
} units[] = {
    {'w', INT64_C(604800000)},
    {'d', 86400000},
    {'h', 3600000},
    {'m', 60000},
    {'s', 1000},
};

enum { UNITS = sizeof units / sizeof units[0], SHOWN = 2 };

static size_t digits(struct text text) {
    size_t count = 0;
    while (count < text.length && text.at[count] >= '0' &&
           text.at[count] <= '9')
        count++;
    return count;
}

/* Takes off one number with its unit, which must come after the ones before;
 * *unit: from which on. */
static bool take(struct text *rest, size_t *unit, int64_t *ms) {
    size_t count = digits(*rest);
    uint64_t number;
    if (!text_number(text_slice(rest->at, count), &number)) return false;
    if (count == rest->length) return false;
    char letter = text_fold(rest->at[count]);
    while (*unit < UNITS && units[*unit].letter != letter)
        ++*unit;
    if (*unit == UNITS) return false;
    int64_t length = units[(*unit)++].ms;
    if (number > (uint64_t)(DURATION_MOST_MS / length)) return false;
    *ms += (int64_t)number * length;
    *rest = text_after(*rest, count + 1);
    return *ms <= DURATION_MOST_MS;
}

bool duration_read(struct text text, int64_t *ms) {
    size_t unit = 0;
    *ms = 0;
    while (text.length)
        if (!take(&text, &unit, ms)) return false;
    return *ms > 0;
}

void duration_write(int64_t ms, char to[DURATION_SIZE]) {
    int length = 0;
    if (ms < 0) ms = 0;
    if (ms > DURATION_MOST_MS) ms = DURATION_MOST_MS;
    ms = (ms + 999) / 1000 * 1000;
    size_t first = 0;
    while (first < UNITS - 1 && ms < units[first].ms)
        first++;
    for (size_t i = first; i < UNITS && i < first + SHOWN; i++) {
        int64_t number = ms / units[i].ms;
        ms %= units[i].ms;
        if (!number && i > first) continue;
        length += snprintf(to + length, DURATION_SIZE - (size_t)length,
                           "%lld%c", (long long)number, units[i].letter);
    }
}
