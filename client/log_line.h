/* One message as it stands in a log: made to be read, and to be grepped.
 *
 *     2026-11-22T15:03:07.120+01:00 <ada> hello        said
 *     2026-11-22T15:03:07.120+01:00 | in two lines     its second line
 *     2026-11-22T15:03:09.000+01:00 * ada waves        what somebody does
 *     2026-11-22T15:03:10.000+01:00 -ada- lunch?       a notice
 *     2026-11-22T15:03:11.000+01:00 = …                about the log itself
 *
 * The time is that of the message, where we are, in milliseconds: lines sort
 * as text. Pure. */
#ifndef MINICHAT_CLIENT_LOG_LINE_H
#define MINICHAT_CLIENT_LOG_LINE_H

#include "client/bytes.h"

enum { LOG_DAY_SIZE = 11, LOG_TIME_SIZE = 40 }; /* with NUL */

enum log_kind { LOG_SAID, LOG_MORE, LOG_ACTED, LOG_NOTICED, LOG_NOTE };

struct log_line {
    int64_t when; /* Unix milliseconds */
    enum log_kind kind;
    struct text nick, body; /* nick: empty for LOG_MORE, LOG_NOTE */
};

/* A minute in words; most lines are of the one before. Zeroed: none yet. */
struct log_clock {
    bool set;
    int64_t minute; /* since 1970 */
    char day[LOG_DAY_SIZE], before[LOG_TIME_SIZE], behind[LOG_TIME_SIZE];
};

/* All its lines, where the body has several, with their ends. clock->day is
 * then its day. */
void log_line_write(struct bytes *to, struct log_clock *clock,
                    const struct log_line *line);
void log_clock_set(struct log_clock *clock, int64_t when);
/* A line without its end; false where it is none of ours. */
bool log_line_read(struct log_line *line, struct text text);
/* The day on which that was, where we are: "2026-11-22", the name of a file
 * without ".log". */
void log_day(int64_t when, char day[LOG_DAY_SIZE]);
/* "2026-11-22.log": writes the day. False for any other name. */
bool log_day_read(struct text name, char day[LOG_DAY_SIZE]);

#endif
