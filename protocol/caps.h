/* IRCv3 capability names and their bits.
 * The list is what client and server of this project know by name; a bit is
 * the same in both. ircv3.net/registry#capabilities */
#ifndef MINICHAT_CAPS_H
#define MINICHAT_CAPS_H

#include "protocol/text.h"

enum cap {
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
    CAP_CHGHOST,
    CAP_SETNAME,
    CAP_INVITE_NOTIFY,
    CAP_USERHOST_IN_NAMES,
    CAP_CAP_NOTIFY,
    CAP_NO_IMPLICIT_NAMES,
    CAP_CHATHISTORY,
    CAP_EVENT_PLAYBACK,
    CAP_READ_MARKER,
    CAP_MULTILINE,
    CAP_REDACTION,
    CAP_SEARCH,    /* codeberg.org/emersion/soju, doc/ext/search.md */
    CAP_REACTIONS, /* minichat-protocol(7) */
    CAPS_COUNT
};

/* The name as it stands in CAP LS, without a value. */
const char *cap_name(enum cap cap);
/* CAPS_COUNT where it is none of ours. */
enum cap cap_find(struct text name);
static inline uint32_t cap_bit(enum cap cap) {
    return (uint32_t)1 << cap;
}

#endif
