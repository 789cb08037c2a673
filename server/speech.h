/* Who speaks, by the first bytes of a connection (DESIGN 4): a person, an IRC
 * client, or something that is not for us. A web page can make the browser of
 * somebody who is known here by their connection send what it likes, but not
 * the first line: that is a request of HTTP, whatever its method is called.
 * Pure. */
#ifndef MINICHAT_SPEECH_H
#define MINICHAT_SPEECH_H

#include "protocol/text.h"

enum speech {
    SPEECH_UNKNOWN, /* give it more bytes (or silence: plain) */
    SPEECH_IRC,
    SPEECH_PLAIN,
    SPEECH_TLS,    /* a TLS hello */
    SPEECH_HTTP,   /* a request: closed at once */
    SPEECH_BINARY, /* no text at all (STUN, DNS): closed at once */
};

/* From the first bytes. Telnet negotiation (IAC …), a byte order mark and
 * blank lines in front are passed over; *skip says how many bytes to leave
 * out. IRC and PLAIN are first guesses: see speech_is_settled. */
enum speech speech_recognise(struct text bytes, size_t *skip);
/* Is the first line whole that is not blank? Until then what seems IRC or
 * plain may still become HTTP. */
bool speech_is_settled(struct text bytes);

#endif
