#include "client/since.h"

#include <string.h>
#include <time.h>

#include "protocol/timestamp.h"

static int64_t unit_ms(char unit) {
    switch (unit) {
    case 's': return 1000;
    case 'm': return 60 * 1000;
    case 'h': return 60 * 60 * 1000;
    case 'd': return 24 * 60 * 60 * 1000;
    case 'w': return 7 * 24 * 60 * 60 * 1000;
    default: return 0;
    }
}

static bool read_ago(struct text text, int64_t now, int64_t *when) {
    uint64_t number;
    if (text.length < 2) return false;
    int64_t unit = unit_ms(text.at[text.length - 1]);
    text.length--;
    if (unit == 0 || !text_number(text, &number)) return false;
    if (number > 1000000) return false;
    *when = now - (int64_t)number * unit;
    return true;
}

static bool read_day(struct text text, int64_t *when) {
    char day[16];
    struct tm tm = {.tm_isdst = -1};
    if (!text_copy(text, day, sizeof day)) return false;
    const char *end = strptime(day, "%Y-%m-%d", &tm);
    if (!end || *end || text.length != 10) return false;
    *when = (int64_t)mktime(&tm) * 1000;
    return true;
}

bool since_read(struct text text, int64_t now, int64_t *when) {
    return read_ago(text, now, when) || read_day(text, when) ||
           timestamp_read(text, when);
}
