/* For programs whose users were away, and for those who wrote to them. */
#include <time.h>

#include "server/irc.h"
#include "server/recount.h"

/* RPL_AWAY: clients show it where one writes to somebody. */
void irc_tell_absent(struct dialogue *dialogue, struct text name) {
    irc_reply(dialogue, 301, "%.*s :not connected; kept until they are",
              (int)name.length, name.at);
}

/* "[2026-11-20 14:03] lunch?" to who could not know when it was. */
static struct text date_body(const struct event *event,
                             char memory[DIALECT_LINE]) {
    struct writer writer = writer_on(memory, DIALECT_LINE);
    time_t seconds = (time_t)(event->when / 1000);
    char date[40];
    struct tm parts;
    if (!gmtime_r(&seconds, &parts)) return event->body;
    size_t length =
        strftime(date, sizeof date, "[%Y-%m-%d %H:%M UTC] ", &parts);
    write_text(&writer, text_slice(date, length));
    write_text(&writer, event->body);
    return writer_text(&writer);
}

static void tell_again(struct dialogue *dialogue, const struct kept *kept) {
    static char bytes[RENDER_SIZE], body[DIALECT_LINE];
    struct recounted recounted;
    struct writer writer = writer_on(bytes, sizeof bytes);
    bool is_ctcp = kept->body.length && kept->body.at[0] == 1;
    recount(&recounted, dialogue, kept);
    if (!(dialogue->caps & cap_bit(CAP_SERVER_TIME)) && !is_ctcp)
        recounted.event.body = date_body(&recounted.event, body);
    recount_write(&writer, dialogue, &recounted.event);
    if (writer.length) dialogue_send(dialogue, line_new(writer_text(&writer)));
}

/* To programs that do not read the history: as if it were said now. */
void irc_tell_inbox(struct dialogue *dialogue, const struct kept *kept,
                    size_t count, bool is_cut) {
    for (size_t i = 0; i < count; i++)
        tell_again(dialogue, &kept[i]);
    if (is_cut)
        irc_say(dialogue,
                "NOTICE %s :There are more lines for you in the history",
                irc_nick(dialogue));
}
