#include "protocol/timestamp.h"

#include "protocol/writer.h"

enum {
    MS = 1000,
    MINUTE = 60,
    HOUR = 60 * MINUTE,
    DAY = 24 * HOUR,
};

#define YEAR_0 INT64_C(-62167219200000)
#define YEAR_9999_END INT64_C(253402300799999)

struct civil {
    int year, month, day, hour, minute, second, millisecond;
};

static bool number(struct text *rest, size_t digits, int *value) {
    if (rest->length < digits) return false;
    *value = 0;
    for (size_t i = 0; i < digits; i++) {
        if (rest->at[i] < '0' || rest->at[i] > '9') return false;
        *value = *value * 10 + (rest->at[i] - '0');
    }
    *rest = text_after(*rest, digits);
    return true;
}

static bool mark(struct text *rest, char byte) {
    if (!rest->length || *rest->at != byte) return false;
    *rest = text_after(*rest, 1);
    return true;
}

static bool leap_year(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && leap_year(year));
}

static bool read_date(struct text *rest, struct civil *civil) {
    if (!number(rest, 4, &civil->year) || !mark(rest, '-')) return false;
    if (!number(rest, 2, &civil->month) || !mark(rest, '-')) return false;
    if (!number(rest, 2, &civil->day)) return false;
    if (civil->month < 1 || civil->month > 12 || civil->day < 1) return false;
    return civil->day <= days_in(civil->year, civil->month);
}

static bool read_clock(struct text *rest, struct civil *civil) {
    if (!number(rest, 2, &civil->hour) || !mark(rest, ':')) return false;
    if (!number(rest, 2, &civil->minute) || !mark(rest, ':')) return false;
    if (!number(rest, 2, &civil->second)) return false;
    return civil->hour < 24 && civil->minute < 60 && civil->second <= 60;
}

static bool read_fraction(struct text *rest, struct civil *civil) {
    size_t digits = 0;
    int digit;
    civil->millisecond = 0;
    if (!mark(rest, '.')) return true;
    for (int worth = 100; number(rest, 1, &digit); worth /= 10, digits++)
        civil->millisecond += digit * worth;
    return digits >= 1 && digits <= 9;
}

static bool read_offset(struct text *rest, int *seconds) {
    int hours, minutes;
    *seconds = 0;
    if (mark(rest, 'Z')) return true;
    bool west = mark(rest, '-');
    if (!west && !mark(rest, '+')) return false;
    if (!number(rest, 2, &hours) || !mark(rest, ':')) return false;
    if (!number(rest, 2, &minutes) || hours > 23 || minutes > 59) return false;
    *seconds = (hours * HOUR + minutes * MINUTE) * (west ? -1 : 1);
    return true;
}

/* Days since 1970-01-01 in the Gregorian calendar. A year here begins in
 * March, so that the leap day is its last. */
static int64_t days_since_1970(int year, int month, int day) {
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int64_t seconds_since_1970(const struct civil *civil) {
    int64_t days = days_since_1970(civil->year, civil->month, civil->day);
    int of_day = civil->hour * HOUR + civil->minute * MINUTE + civil->second;
    return days * DAY + of_day;
}

bool timestamp_read(struct text text, int64_t *ms) {
    struct civil civil;
    int offset;
    if (!read_date(&text, &civil) || !mark(&text, 'T')) return false;
    if (!read_clock(&text, &civil) || !read_fraction(&text, &civil))
        return false;
    if (!read_offset(&text, &offset) || text.length) return false;

    int64_t seconds = seconds_since_1970(&civil) - offset;
    /* A leap second ends the last minute of a day in UTC. */
    if (civil.second == 60 && seconds % DAY != 0) return false;
    *ms = seconds * MS + civil.millisecond;
    return true;
}

static struct civil civil_of(int64_t ms) {
    if (ms < YEAR_0) ms = YEAR_0;
    if (ms > YEAR_9999_END) ms = YEAR_9999_END;
    int64_t since_0 = ms - YEAR_0;
    int64_t days = since_0 / MS / DAY;
    int rest = (int)(since_0 / MS % DAY);
    struct civil civil = {
        .year = (int)(days / 366), /* never too late: count up from here */
        .month = 1,
        .hour = rest / HOUR,
        .minute = rest % HOUR / MINUTE,
        .second = rest % MINUTE,
        .millisecond = (int)(since_0 % MS),
    };
    days += days_since_1970(0, 1, 1);
    while (days_since_1970(civil.year + 1, 1, 1) <= days)
        civil.year++;
    while (civil.month < 12 &&
           days_since_1970(civil.year, civil.month + 1, 1) <= days)
        civil.month++;
    civil.day = 1 + (int)(days - days_since_1970(civil.year, civil.month, 1));
    return civil;
}

static void write_digits(struct writer *writer, int value, int worth) {
    for (; worth > 0; worth /= 10)
        write_char(writer, (char)('0' + value / worth % 10));
}

static void write_civil(struct writer *writer, const struct civil *civil) {
    write_digits(writer, civil->year, 1000);
    write_char(writer, '-');
    write_digits(writer, civil->month, 10);
    write_char(writer, '-');
    write_digits(writer, civil->day, 10);
    write_char(writer, 'T');
    write_digits(writer, civil->hour, 10);
    write_char(writer, ':');
    write_digits(writer, civil->minute, 10);
    write_char(writer, ':');
    write_digits(writer, civil->second, 10);
}

void timestamp_write(int64_t ms, char to[TIMESTAMP_SIZE]) {
    struct civil civil = civil_of(ms);
    struct writer writer = writer_on(to, TIMESTAMP_SIZE);
    write_civil(&writer, &civil);
    write_char(&writer, '.');
    write_digits(&writer, civil.millisecond, 100);
    write_text(&writer, text_slice("Z", 2)); /* with its NUL */
}

void timestamp_write_seconds(int64_t ms, char to[TIMESTAMP_SIZE]) {
    struct civil civil = civil_of(ms);
    struct writer writer = writer_on(to, TIMESTAMP_SIZE);
    write_civil(&writer, &civil);
    write_text(&writer, text_slice("Z", 2)); /* with its NUL */
}
