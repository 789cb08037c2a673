/* The log: one line an event on standard error, `level event key=value …`,
 * ready for journald. Strings are cleaned of control characters and quoted
 * where they need it, so nothing a peer sent can forge a line or a field. */
#ifndef MINICHAT_LOG_H
#define MINICHAT_LOG_H

#include "protocol/text.h"

enum log_level { LOG_INFO, LOG_WARN, LOG_ERROR };
enum {
    LOG_LINE_SIZE = 1024,
    LOG_VALUE_MAX = 300, /* bytes kept of one string */
};

/* format is "key=%s key=%llu …" like printf's; it knows %s %.*s %d %u %lld
 * %llu %zu. An empty one is fine. What does not fit the line is left out. */
void log_line(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A sentence without fields: `info listening on …`. */
void log_say(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
