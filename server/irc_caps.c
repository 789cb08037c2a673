/* CAP: ircv3.net/specs/extensions/capability-negotiation, version 302. */
#include <string.h>

#include "server/irc.h"

/* What we offer: everything but client-only bits of caps.h; of the past only
 * what there is. */
static const enum cap offered[] = {
    CAP_MESSAGE_TAGS,
    CAP_SERVER_TIME,
    CAP_ECHO_MESSAGE,
    CAP_BATCH,
    CAP_LABELED_RESPONSE,
    CAP_MULTI_PREFIX,
    CAP_SASL,
    CAP_STANDARD_REPLIES,
    CAP_ACCOUNT_TAG,
    CAP_ACCOUNT_NOTIFY,
    CAP_EXTENDED_JOIN,
    CAP_AWAY_NOTIFY,
    CAP_SETNAME,
    CAP_USERHOST_IN_NAMES,
    CAP_CAP_NOTIFY,
    CAP_NO_IMPLICIT_NAMES,
    CAP_CHATHISTORY,
    CAP_EVENT_PLAYBACK,
    CAP_READ_MARKER,
    CAP_SEARCH,
    CAP_REDACTION,
    CAP_REACTIONS,
    CAP_MULTILINE,
};
enum { OFFERED = sizeof offered / sizeof offered[0] };

static bool is_there(const struct house *house, enum cap cap) {
    if (cap == CAP_CHATHISTORY || cap == CAP_EVENT_PLAYBACK ||
        cap == CAP_REDACTION || cap == CAP_REACTIONS)
        return house->archive;
    if (cap == CAP_SEARCH) return house->archive && house->config->keep.search;
    if (cap == CAP_READ_MARKER) return house->roster;
    return true;
}

static bool is_offered(const struct house *house, enum cap cap) {
    if (cap == CAPS_COUNT || !is_there(house, cap)) return false;
    for (size_t i = 0; i < OFFERED; i++)
        if (offered[i] == cap) return true;
    return false;
}

static void write_value(struct writer *writer, const struct dialogue *dialogue,
                        enum cap cap) {
    if (cap == CAP_MULTILINE)
        write_format(writer, "=max-bytes=%d,max-lines=%d", BODY_SIZE - 1,
                     KEPT_LINES);
    if (cap != CAP_SASL) return;
    write_string(writer, "=PLAIN,OAUTHBEARER");
    if (irc_offers_external(dialogue)) write_string(writer, ",EXTERNAL");
}

/* ircv3.net/specs/extensions/sts: nobody asks for it, and only who knows of
 * values is told. */
static void write_sts(struct writer *writer, const struct dialogue *dialogue) {
    enum { DAY = 24 * 60 * 60 };
    const struct house *house = dialogue->house;
    unsigned days = house->config->sts;
    bool is_told = days || house->config->sts_withdrawn;
    if (!is_told || !house->secure_port || dialogue->is_unix) return;
    if (dialogue->is_secure)
        write_format(writer, " sts=duration=%u", days * DAY);
    else if (days)
        write_format(writer, " sts=port=%u", house->secure_port);
}

static void list(struct dialogue *dialogue, const char *what, uint32_t which,
                 bool values) {
    char memory[IRCMSG_BODY];
    struct writer writer = writer_on(memory, sizeof memory);
    for (size_t i = 0; i < OFFERED; i++) {
        if (!(which & cap_bit(offered[i]))) continue;
        if (!is_there(dialogue->house, offered[i])) continue;
        if (writer.length) write_char(&writer, ' ');
        write_string(&writer, cap_name(offered[i]));
        if (values) write_value(&writer, dialogue, offered[i]);
    }
    if (values) write_sts(&writer, dialogue);
    irc_say(dialogue, "CAP %s %s :%.*s", irc_nick(dialogue), what,
            (int)writer.length, memory);
}

/* All of a request, or none of it. */
static bool apply(struct dialogue *dialogue, struct text names) {
    uint32_t wished = dialogue->caps;
    for (struct text word; (word = text_word(&names)).length;) {
        bool off = word.at[0] == '-';
        enum cap cap = cap_find(text_after(word, off));
        if (!is_offered(dialogue->house, cap)) return false;
        wished = off ? wished & ~cap_bit(cap) : wished | cap_bit(cap);
    }
    dialogue->caps = wished;
    return true;
}

static void request_caps(struct dialogue *dialogue, struct text names) {
    bool granted = apply(dialogue, names);
    irc_say(dialogue, "CAP %s %s :%.*s", irc_nick(dialogue),
            granted ? "ACK" : "NAK", (int)names.length, names.at);
}

static enum refusal negotiate(struct dialogue *dialogue, bool open) {
    if (dialogue_entered(dialogue)) return REFUSED_NOTHING;
    irc_registration(dialogue)->negotiating = open;
    return open ? REFUSED_NOTHING : irc_try_to_enter(dialogue);
}

enum refusal irc_cap(struct dialogue *dialogue, const struct request *request) {
    struct text what = request->args[0];
    struct text value = request->count > 1 ? request->args[1] : text_of("");
    uint64_t version = 0;
    if (text_equals_folded(what, text_of("END"))) {
        return negotiate(dialogue, false);
    } else if (text_equals_folded(what, text_of("LS"))) {
        text_number(value, &version);
        negotiate(dialogue, true);
        if (version >= 302) dialogue->caps |= cap_bit(CAP_CAP_NOTIFY);
        list(dialogue, "LS", ~(uint32_t)0, version >= 302);
    } else if (text_equals_folded(what, text_of("LIST"))) {
        list(dialogue, "LIST", dialogue->caps, false);
    } else if (text_equals_folded(what, text_of("REQ"))) {
        negotiate(dialogue, true);
        request_caps(dialogue, value);
    } else {
        irc_reply(dialogue, 410, "%.*s :Invalid CAP command", (int)what.length,
                  what.at);
    }
    return REFUSED_NOTHING;
}
