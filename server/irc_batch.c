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

bool irc_is_in_batch(struct text line) {
    return text_begins(line, "@batch=");
}

/* Ids are never used twice, so one of them names it. */
void irc_batch_name(const struct dialogue *dialogue, char id[IRC_BATCH_SIZE]) {
    snprintf(id, IRC_BATCH_SIZE, "b%llx",
             (unsigned long long)++dialogue->house->chat->last_id);
}

void irc_batch_open_with(struct irc_batch *batch, struct dialogue *dialogue,
                         struct text tags, const char *what) {
    char bytes[2 * IRCMSG_BODY], name[IRC_SERVER_SIZE];
    struct writer writer = writer_on(bytes, sizeof bytes);
    struct label *label = dialogue->label;
    *batch = (struct irc_batch){.dialogue = dialogue};
    if (!(dialogue->caps & cap_bit(CAP_BATCH))) return;
    if (label && !label->count) label->is_batch = true;
    irc_batch_name(dialogue, batch->id);
    if (tags.length) write_format(&writer, "@%.*s ", (int)tags.length, tags.at);
    write_format(&writer, ":%s BATCH +%s %s\r\n",
                 irc_server_name(dialogue, name), batch->id, what);
    dialogue_send(dialogue, line_new(writer_text(&writer)));
}

void irc_batch_open(struct irc_batch *batch, struct dialogue *dialogue,
                    const char *what) {
    irc_batch_open_with(batch, dialogue, text_of(""), what);
}

void irc_batch_add(const struct irc_batch *batch, struct text lines) {
    static char bytes[2 * RENDER_SIZE];
    struct writer writer = writer_on(bytes, sizeof bytes);
    if (!lines.length) return;
    while (batch->id[0] && lines.length) {
        size_t length = text_find(lines, '\n') + 1;
        struct text line = text_slice(lines.at, length);
        if (irc_is_in_batch(line))
            write_text(&writer, line);
        else
            irc_write_tagged(&writer, line, "batch", batch->id);
        lines = text_after(lines, length);
    }
    if (batch->id[0]) lines = writer_text(&writer);
    dialogue_send(batch->dialogue, line_new(lines));
}

void irc_batch_close(const struct irc_batch *batch) {
    if (batch->id[0]) irc_say(batch->dialogue, "BATCH -%s", batch->id);
}
