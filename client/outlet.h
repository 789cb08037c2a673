/* What the client without a screen tells: lines for people (transcript.h) or
 * for programs (feed.h) to standard output, what is wrong to standard error.
 * It waits for whoever reads, until we are told to end: they get all of it. */
#ifndef MINICHAT_CLIENT_OUTLET_H
#define MINICHAT_CLIENT_OUTLET_H

#include "client/importance.h"
#include "client/session.h"

struct outlet {
    bool json;
    int stop;         /* a descriptor: readable once we are told to end */
    struct text here; /* the room that need not be named; borrowed */
    struct taste taste;
    char network[SESSION_ISUPPORT_SIZE], us[NAME_SIZE];
    bool unheard; /* nobody reads what we print any more, */
    bool broken;  /* because it cannot be written, which was told */
};

/* Who we are now, for `taste` too. */
void outlet_set_name(struct outlet *outlet, struct text us);
/* True where it was told, or is not worth telling; false: nobody reads. */
bool outlet_tell(struct outlet *outlet, const struct news *news);
void outlet_tell_error(const struct outlet *outlet, const struct news *news);
/* A sentence about us; what a server says in it is cleaned. */
void outlet_complain(const struct outlet *outlet, struct text what);

#endif
