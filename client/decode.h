/* What a terminal sends: bytes into keys, pastes, the mouse, focus, and its
 * answers to our questions. Pure; however the bytes are cut into pieces, the
 * same comes out. What nobody knows is swallowed whole and never typed.
 *
 * Understood are ECMA-48 control sequences with xterm's modifiers, the forms
 * of rxvt and of the Linux console, kitty's keyboard protocol (CSI u), SGR
 * mouse reports (1006), focus (1004) and bracketed paste (2004). */
#ifndef MINICHAT_CLIENT_DECODE_H
#define MINICHAT_CLIENT_DECODE_H

#include "client/keys.h"

enum {
    DECODE_PASTE_MAX = 256 * 1024, /* bytes; what follows is dropped: it is
                                      longer than any draft */
    DECODE_SEQUENCE_MAX = 128,     /* bytes kept of a sequence or answer */
    DECODE_STRING_MAX = 4096,      /* bytes after which a string that does not
                                      end was none */
    DECODE_ESCAPE_MS = 25,  /* of silence, then an ESC was the key itself */
    DECODE_CUT_MS = 500,    /* of silence, then the rest of a sequence is lost:
                               the line was slow, but not that slow */
    DECODE_PASTE_MS = 1000, /* of silence, then what came of a paste is shown,
                               and C-c ends it */
};

enum decoded_kind {
    DECODED_KEY,
    DECODED_PASTE,
    DECODED_MOUSE,
    DECODED_FOCUS,
    DECODED_GROUND,     /* OSC 11: the background's colour */
    DECODED_ATTRIBUTES, /* DA1: the terminal answers at all; the last answer */
    DECODED_MODE,       /* DECRPM: what it says of a private mode */
};

struct decoded {
    enum decoded_kind kind;
    uint32_t key;
    struct mouse mouse;
    bool focused;
    struct text paste; /* borrowed until the next call */
    struct {
        uint8_t red, green, blue;
    } ground;
    unsigned mode;   /* its number */
    bool recognised; /* the terminal has that mode */
};

enum decode_state {
    DECODE_KEYS,
    DECODE_CHARACTER, /* inside of a UTF-8 character */
    DECODE_ESCAPED,   /* after ESC */
    DECODE_CONTROL,   /* after CSI: up to a letter or the like */
    DECODE_SINGLE,    /* after SS3 */
    DECODE_X10,       /* a mouse report as it was before SGR: three bytes */
    DECODE_STRING,    /* OSC, DCS, APC, PM, SOS: up to BEL or ST */
    DECODE_STRING_ESCAPED,
    DECODE_PASTE,
};

struct decode {
    enum decode_state state;
    bool alt;      /* ESC came before what is under way */
    bool silent;   /* nothing came for a while inside of a paste */
    bool given;    /* the paste was given out and can go */
    char opened;   /* the byte after ESC that began it */
    size_t length; /* of what is under way, also beyond what is kept */
    char sequence[DECODE_SEQUENCE_MAX];
    char *paste;
    size_t pasted, matched; /* bytes of it; of the mark at its end */
};

void decode_init(struct decode *decode);
void decode_finish(struct decode *decode);
/* Takes the next event off the bytes. False: they are all taken, and what they
 * began goes on with the next ones. */
bool decode_next(struct decode *decode, struct text *bytes,
                 struct decoded *event);
/* After so many ms of silence decode_lapse is due; 0: never. */
unsigned decode_patience(const struct decode *decode);
/* It was silent so long: what can be complete is, what cannot is forgotten.
 * True where there is an event. */
bool decode_lapse(struct decode *decode, struct decoded *event);

#endif
