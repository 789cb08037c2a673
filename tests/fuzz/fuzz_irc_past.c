/* Whatever CHATHISTORY is asked for, what the archive is asked is within
 * bounds: a limit, and ids that it can compare. */
#include "server/irc_past.h"

#include <stdlib.h>

#include "protocol/ircmsg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

/* A place for each end of a stretch: nothing is asked without the one that was
 * given. */
static void check(const struct question *question) {
    must(question->limit > 0 && question->limit <= ARCHIVE_LIMIT);
    must(question->after <= INT64_MAX && question->before <= INT64_MAX);
    if (question->ask == ASK_BEFORE) must(question->before > 0);
    if (question->ask == ASK_BETWEEN || question->ask == ASK_TARGETS)
        must(question->before > 0 && question->after > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct ircmsg message;
    struct past past;
    struct text line = text_slice((const char *)data, size);
    if (!ircmsg_parse(&message, line)) return 0;
    if (irc_past_read(&past, message.params, message.count)) return 0;
    check(&past.question);
    must(*irc_past_name(past.question.ask) != '\0');
    must((past.target.length == 0) == (past.question.ask == ASK_TARGETS) ||
         message.params[1].length == 0);
    return 0;
}
