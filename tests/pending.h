/* What waits to be sent, in words. */
#ifndef MINICHAT_TESTS_PENDING_H
#define MINICHAT_TESTS_PENDING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "client/pending.h"
#include "protocol/writer.h"

/* All of it as "target:body" with the first letter of the state. */
static inline void holds(const struct pending *pending, const char *expected) {
    static const char states[] = "wsldra";
    char list[1024];
    struct writer writer = writer_on(list, sizeof list - 1);
    for (size_t i = 0; i < pending->count; i++) {
        const struct pending_line *line = pending->lines[i];
        write_format(&writer, "%s%c ", i ? "|" : "", states[line->state]);
        write_text(&writer, line->target);
        write_char(&writer, ':');
        write_text(&writer, line->body);
    }
    list[writer.length] = '\0';
    assert_string_equal(list, expected);
}

#endif
