/* ircv3.net/specs/extensions/batch: several lines that answer as one. */
#include <stdio.h>

#include "server/irc.h"

void irc_write_tagged(struct writer *writer, struct text line, const char *key,
                      const char *value) {
    bool has_tags = text_begins(line, "@");
    write_format(writer, "@%s=", key);
    ircmsg_write_escaped(writer, text_of(value));
    write_char(writer, has_tags ? ';' : ' ');
    write_text(writer, text_after(line, has_tags));
}

/* Ids are never used twice, so one of them names it. */
void irc_batch_name(const struct dialogue *dialogue, char id[IRC_BATCH_SIZE]) {
    snprintf(id, IRC_BATCH_SIZE, "b%llx",
             (unsigned long long)++dialogue->house->chat->last_id);
}

void irc_batch_open(struct irc_batch *batch, struct dialogue *dialogue,
                    const char *what) {
    struct label *label = dialogue->label;
    *batch = (struct irc_batch){.dialogue = dialogue};
    if (!(dialogue->caps & cap_bit(CAP_BATCH))) return;
    if (label && !label->count) label->is_batch = true;
    irc_batch_name(dialogue, batch->id);
    irc_say(dialogue, "BATCH +%s %s", batch->id, what);
}

void irc_batch_add(const struct irc_batch *batch, struct text lines) {
    static char bytes[2 * RENDER_SIZE];
    struct writer writer = writer_on(bytes, sizeof bytes);
    if (!lines.length) return;
    while (batch->id[0] && lines.length) {
        size_t length = text_find(lines, '\n') + 1;
        irc_write_tagged(&writer, text_slice(lines.at, length), "batch",
                         batch->id);
        lines = text_after(lines, length);
    }
    if (batch->id[0]) lines = writer_text(&writer);
    dialogue_send(batch->dialogue, line_new(lines));
}

void irc_batch_close(const struct irc_batch *batch) {
    if (batch->id[0]) irc_say(batch->dialogue, "BATCH -%s", batch->id);
}
