/* ircv3.net/specs/extensions/labeled-response: what answers a labeled request
 * is kept until the request is carried out, then sent with the label: alone,
 * as a batch, or as a bare ACK. */
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/irc.h"

void irc_label_begin(struct dialogue *dialogue, struct text tags) {
    char name[LABEL_SIZE];
    if (dialogue->label) return; /* it is carried out again */
    if (!(dialogue->caps & cap_bit(CAP_LABELED_RESPONSE))) return;
    if (!ircmsg_tag(tags, "label", name, sizeof name) || !name[0]) return;
    dialogue->label = memory_new(1, sizeof *dialogue->label);
    memcpy(dialogue->label->name, name, sizeof name);
}

static void send_tagged(struct dialogue *dialogue, const struct line *line,
                        const char *key, const char *value, uint64_t batch) {
    size_t size = line->text.length + 2 * LABEL_SIZE + 32;
    char *bytes = memory_new(size, 1);
    struct writer writer = writer_on(bytes, size);
    irc_write_tagged(&writer, line->text, key, value);
    dialogue_send_after(dialogue, line_new(writer_text(&writer)), batch);
    free(bytes);
}

static void send_batch(struct dialogue *dialogue, const struct label *label) {
    char name[IRC_SERVER_SIZE], id[IRC_BATCH_SIZE], bytes[IRCMSG_BODY];
    irc_batch_name(dialogue, id);
    irc_server_name(dialogue, name);
    struct writer writer = writer_on(bytes, sizeof bytes);
    write_format(&writer, ":%s BATCH +%s labeled-response\r\n", name, id);
    struct line *first = line_new(writer_text(&writer));
    send_tagged(dialogue, first, "label", label->name, label->batch);
    line_drop(first);
    for (size_t i = 0; i < label->count; i++) {
        struct line *line = label->lines[i];
        if (irc_is_in_batch(line->text))
            dialogue_send_after(dialogue, line_hold(line), label->batch);
        else
            send_tagged(dialogue, line, "batch", id, label->batch);
    }
    irc_say(dialogue, "BATCH -%s", id);
}

static void send_ack(struct dialogue *dialogue, const struct label *label) {
    char name[IRC_SERVER_SIZE], bytes[IRCMSG_BODY];
    struct writer writer = writer_on(bytes, sizeof bytes);
    write_format(&writer, ":%s ACK\r\n", irc_server_name(dialogue, name));
    struct line *line = line_new(writer_text(&writer));
    send_tagged(dialogue, line, "label", label->name, label->batch);
    line_drop(line);
}

/* A batch carries its label at its opening; without batches only the first
 * line can carry one. */
static void send_first_tagged(struct dialogue *dialogue,
                              const struct label *label) {
    send_tagged(dialogue, label->lines[0], "label", label->name, label->batch);
    for (size_t i = 1; i < label->count; i++)
        dialogue_send_after(dialogue, line_hold(label->lines[i]), label->batch);
}

/* "+m7" of "BATCH +m7 …", "-m7" of "BATCH -m7"; empty: it is another line. */
static struct text batch_of(const struct line *line) {
    struct ircmsg message;
    struct text text = line->text;
    while (text.length && strchr("\r\n", text.at[text.length - 1]))
        text.length--;
    if (!ircmsg_parse(&message, text) || !text_is(message.verb, "BATCH"))
        return text_of("");
    return ircmsg_param(&message, 0);
}

/* Is it one text of several lines and nothing else? */
static bool is_one_batch(const struct label *label) {
    struct text first = batch_of(label->lines[0]);
    struct text last = batch_of(label->lines[label->count - 1]);
    return text_begins(first, "+") && text_begins(last, "-") &&
           text_equals(text_after(first, 1), text_after(last, 1));
}

void irc_label_end(struct dialogue *dialogue) {
    struct label *label = dialogue->label;
    if (!label) return;
    dialogue->label = NULL;
    bool batch = dialogue->caps & cap_bit(CAP_BATCH);
    if (label->count == 0)
        send_ack(dialogue, label);
    else if (label->count == 1 || label->is_batch || !batch ||
             is_one_batch(label))
        send_first_tagged(dialogue, label);
    else
        send_batch(dialogue, label);
    dialogue->label = label;
    dialogue_drop_label(dialogue);
}
