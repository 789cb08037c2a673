/* Somebody who looks elsewhere is told of what is meant for them: once, and
 * not of each line of a flood. Whether they do look elsewhere only the terminal
 * knows, at the moment when it is told. */
#include "client/model_parts.h"

#include "client/plain.h"
#include "protocol/writer.h"

enum { NOTIFY_EVERY_MS = 1000 };

void model_notify(const struct scene *scene, const struct buffer *buffer,
                  const struct message *message) {
    struct attention *attention = &scene->model->attention;
    struct notice *notice = &attention->notice;
    if (!message_is_mention(message) || buffer->muted) return;
    if (notice->text) attention->more++;
    notice_finish(notice);
    notice->room = plain_copy(text_of(buffer->name), ERRANDS_TEXT_MAX);
    notice->nick = plain_copy(message->nick, ERRANDS_TEXT_MAX);
    notice->text = plain_copy(message->body, ERRANDS_TEXT_MAX);
}

void model_forget_notice(struct model *model) {
    notice_finish(&model->attention.notice);
    model->attention.more = 0;
}

static void tell(struct model *model) {
    struct attention *attention = &model->attention;
    char words[ERRANDS_TEXT_MAX + 32];
    struct writer writer = writer_on(words, sizeof words);
    write_string(&writer, attention->notice.text);
    if (attention->more > 0)
        write_format(&writer, " (and %u more)", attention->more);
    errands_notify(&model->errands, text_of(attention->notice.room),
                   text_of(attention->notice.nick), writer_text(&writer));
    attention->told = model->now;
    model_forget_notice(model);
}

int64_t model_tell_notice(struct model *model) {
    struct attention *attention = &model->attention;
    int64_t since = model->now - attention->told;
    if (!attention->notice.text) return 0;
    if (attention->told > 0 && since >= 0 && since < NOTIFY_EVERY_MS)
        return NOTIFY_EVERY_MS - since;
    tell(model);
    return 0;
}
