/* One IRC message: tags, source, verb, parameters. Read without copying, all
 * parts borrow the line. RFC 1459 2.3.1 as restated by
 * modern.ircdocs.horse/#message-format; IRCv3 message-tags. */
#ifndef MINICHAT_IRCMSG_H
#define MINICHAT_IRCMSG_H

#include "protocol/text.h"
#include "protocol/writer.h"

enum {
    IRCMSG_PARAMS = 15,
    IRCMSG_BODY = 510,         /* verb and parameters, CR LF not counted */
    IRCMSG_CLIENT_TAGS = 4094, /* tags a client may send, '@' and ' ' not
                                  counted */
    IRCMSG_SERVER_TAGS = 8191,
};

struct ircmsg {
    struct text tags;   /* raw, without '@'; empty where there are none */
    struct text source; /* without ':'; empty where there is none */
    struct text verb;
    struct text params[IRCMSG_PARAMS];
    size_t count;
    bool trailing; /* the last parameter was written with ':' */
};

/* False where there is no verb. line is without its line end; spaces before
 * and after the words are skipped. A 16th and further parameter belongs to the
 * 15th. Sizes are not judged, and bytes are taken as they are: see utf8_check.
 */
bool ircmsg_parse(struct ircmsg *message, struct text line);
/* The n-th parameter, or empty text. */
struct text ircmsg_param(const struct ircmsg *message, size_t n);

/* Takes the next tag off; value stays escaped. False at the end. */
bool ircmsg_next_tag(struct text *tags, struct text *key, struct text *value);
/* Finds a tag (the last one of that name counts) and unescapes its value
 * into to[size] with a NUL. False where it is missing or does not fit. */
bool ircmsg_tag(struct text tags, const char *key, char *to, size_t size);
/* Returns the unescaped length, at most size. */
size_t ircmsg_unescape(struct text value, char *to, size_t size);
void ircmsg_write_escaped(struct writer *writer, struct text value);

struct ircmsg_source {
    struct text nick, user, host; /* a server's name stands in nick */
};
/* nick!user@host; user and host may be missing. */
struct ircmsg_source ircmsg_split_source(struct text source);

/* Writes "@tags :source verb param param :last" without line end; tags and
 * source where they are not empty. The last parameter gets ':' where it is
 * empty, has a space or begins with ':', and where message->trailing asks for
 * it. The caller sees to it that the others need none and that nothing holds
 * a line end; what ircmsg_parse gave is so. */
void ircmsg_write(struct writer *writer, const struct ircmsg *message);

#endif
