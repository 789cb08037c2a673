/* What happened, for programs: one JSON object a line, the same whether it
 * comes from a server or from the logs. minichat(1) tells the keys. Pure.
 *
 * Texts are what utf8_plain leaves of them, so that whoever prints one prints
 * nothing that could drive a terminal; a text of several lines has \n in it.
 */
#ifndef MINICHAT_CLIENT_FEED_H
#define MINICHAT_CLIENT_FEED_H

#include "client/bytes.h"
#include "client/importance.h"
#include "client/session.h"

/* What is empty or false is left out. */
struct feed {
    const char *type;
    int64_t when;        /* Unix milliseconds */
    struct text network; /* as the server or the person calls it */
    struct text room;    /* where; empty: everywhere, or to one person */
    struct text to;      /* to whom alone it was said */
    struct text nick;    /* who did it */
    struct text account; /* as whom they are logged in */
    struct text whom;    /* to whom it was done: kicked, invited */
    struct text text;
    struct text id, reply; /* msgids: its own, and of what it is about */
    bool own, mention;
};

void feed_write(struct bytes *to, const struct feed *feed);
/* taste: what is meant for us, with our name there. False where that news is
 * not told. */
bool feed_of_news(struct feed *feed, const struct news *news,
                  const struct taste *taste);
/* Is it a line that is meant for us? Nothing that is ignored is. */
bool feed_is_mention(const struct news *news, const struct taste *taste);

#endif
