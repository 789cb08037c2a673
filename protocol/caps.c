#include "protocol/caps.h"

static const char *const names[CAPS_COUNT] = {
    [CAP_MESSAGE_TAGS] = "message-tags",
    [CAP_SERVER_TIME] = "server-time",
    [CAP_ECHO_MESSAGE] = "echo-message",
    [CAP_BATCH] = "batch",
    [CAP_LABELED_RESPONSE] = "labeled-response",
    [CAP_MULTI_PREFIX] = "multi-prefix",
    [CAP_SASL] = "sasl",
    [CAP_STANDARD_REPLIES] = "standard-replies",
    [CAP_ACCOUNT_TAG] = "account-tag",
    [CAP_ACCOUNT_NOTIFY] = "account-notify",
    [CAP_EXTENDED_JOIN] = "extended-join",
    [CAP_AWAY_NOTIFY] = "away-notify",
    [CAP_CHGHOST] = "chghost",
    [CAP_SETNAME] = "setname",
    [CAP_INVITE_NOTIFY] = "invite-notify",
    [CAP_USERHOST_IN_NAMES] = "userhost-in-names",
    [CAP_CAP_NOTIFY] = "cap-notify",
    [CAP_NO_IMPLICIT_NAMES] = "no-implicit-names",
    [CAP_CHATHISTORY] = "draft/chathistory",
    [CAP_EVENT_PLAYBACK] = "draft/event-playback",
    [CAP_READ_MARKER] = "draft/read-marker",
    [CAP_MULTILINE] = "draft/multiline",
    [CAP_REDACTION] = "draft/message-redaction",
    [CAP_REACTIONS] = "minichat/reactions",
    [CAP_SEARCH] = "soju.im/search",
};

const char *cap_name(enum cap cap) {
    return names[cap];
}

enum cap cap_find(struct text name) {
    enum cap cap = 0;
    while (cap < CAPS_COUNT && !text_is(name, names[cap])) {
        cap++;
    }
    return cap;
}
