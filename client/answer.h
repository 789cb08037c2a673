/* What a server's numeric replies say, in words for people.
 * modern.ircdocs.horse/#numerics; one that is not known by number is told in
 * the server's own words. */
#ifndef MINICHAT_CLIENT_ANSWER_H
#define MINICHAT_CLIENT_ANSWER_H

#include "protocol/ircmsg.h"
#include "protocol/writer.h"

enum answer_kind {
    ANSWER_NOTHING, /* of no interest: the end of a list */
    ANSWER_TOLD,
    ANSWER_WRONG, /* an error */
};

/* Writes what message (whose verb is three digits) says. */
enum answer_kind answer_write(struct writer *writer,
                              const struct ircmsg *message);

#endif
