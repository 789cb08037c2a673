/* REDACT: ircv3.net/specs/extensions/message-redaction. */
#include "protocol/utf8.h"
#include "server/irc.h"
#include "server/irc_past.h"
#include "server/redaction.h"

enum { CLEAN_SIZE = IRCMSG_BODY * 3 };

static void fail(struct dialogue *dialogue, enum refusal refusal,
                 struct text where, struct text msgid) {
    const struct text about[] = {where, msgid};
    const char *code = "INVALID_TARGET",
               *words = "You cannot delete messages from there";
    size_t count = 1;
    if (refusal == LINE_UNKNOWN || refusal == LINE_NOT_YOURS) count = 2;
    if (refusal == LINE_UNKNOWN) {
        code = "UNKNOWN_MSGID";
        words = "This message does not exist or is too old";
    } else if (refusal == LINE_NOT_YOURS) {
        code = "REDACT_FORBIDDEN";
        words = "You are not authorised to delete this message";
    } else if (refusal == HISTORY_FAILED) {
        code = "MESSAGE_ERROR";
        words = "What was kept could not be read";
    }
    irc_fail_about(dialogue, "REDACT", code, about, count, words);
}

static struct text clean_reason(struct text text, char to[CLEAN_SIZE]) {
    size_t length = utf8_clean(text, to, CLEAN_SIZE);
    length = utf8_cut(text_slice(to, length), REASON_SIZE - 1);
    return text_trim(text_slice(to, length));
}

static void on_line(struct dialogue *dialogue, const struct answer *answer,
                    struct text line) {
    struct ircmsg message;
    char memory[CLEAN_SIZE];
    if (!ircmsg_parse(&message, line)) return;
    struct text where = ircmsg_param(&message, 0);
    struct text reason = clean_reason(ircmsg_param(&message, 2), memory);
    enum refusal refusal = redaction_end(dialogue, answer, where, reason);
    if (refusal) fail(dialogue, refusal, where, ircmsg_param(&message, 1));
}

enum refusal irc_redact(struct dialogue *dialogue,
                        const struct request *request) {
    struct text where = request->args[0], msgid = request->args[1];
    struct moment moment;
    enum refusal refusal = redaction_may(dialogue, where);
    if (!refusal && !irc_past_msgid(msgid, &moment)) refusal = LINE_UNKNOWN;
    if (!refusal)
        refusal = redaction_begin(dialogue, where, moment.first, on_line,
                                  dialogue->line);
    if (refusal == NO_HISTORY) return refusal;
    if (refusal) fail(dialogue, refusal, where, msgid);
    return REFUSED_NOTHING;
}
