/* Rooms, and people, followed without a hole: what was said before we came, as
 * far back as is wanted, and what was missed while the connection was gone, is
 * asked for and told first; what is said meanwhile is held back until that
 * meets it. So everything is told in the order of the server, once.
 * ircv3.net/specs/extensions/chathistory
 *
 * Pure. What was told is known by its msgid, or by its time and words; the last
 * FOLLOW_KNOWN lines are. Memory is bounded: of what is held, by catchup.h. */
#ifndef MINICHAT_CLIENT_FOLLOW_H
#define MINICHAT_CLIENT_FOLLOW_H

#include "client/catchup.h"
#include "client/session.h"

enum {
    FOLLOW_KNOWN = 4096, /* more than a page and what is held */
    FOLLOW_TALKS = 1000, /* rooms and people */
    FOLLOW_PAGE = 1000,  /* lines asked for at once */
};

/* Neither may end the following. */
struct follow_owner {
    /* In order. A line is told once. */
    void (*tell)(struct follow_owner *owner, const struct news *news);
    /* What was said there before cannot be told; room may be empty. */
    void (*miss)(struct follow_owner *owner, struct text room, struct text why);
};

struct talk; /* a room or person that is followed */

struct follow {
    struct follow_owner *owner;
    struct session *session; /* NULL: there is no connection */
    int64_t since;           /* tell all from then on; 0: what comes */
    int64_t heard;           /* when the last line was said, 0: none was */
    int64_t now;
    struct catchup catchup;
    struct talk **talks;
    size_t talk_count, talk_room;
    uint64_t known[FOLLOW_KNOWN]; /* a ring of hashes */
    size_t known_next;
};

/* Times are Unix milliseconds. */
void follow_init(struct follow *follow, struct follow_owner *owner,
                 int64_t since);
void follow_finish(struct follow *follow);
/* We are there (again); session must live until follow_lose. */
void follow_come(struct follow *follow, struct session *session, int64_t now);
void follow_lose(struct follow *follow);
/* All that a session tells. */
void follow_hear(struct follow *follow, const struct news *news, int64_t now);
/* Gives up what is not answered. In how many milliseconds again, 0: when
 * something happens. */
int64_t follow_tick(struct follow *follow, int64_t now);
/* Nothing is missing, as far as we were let in. */
bool follow_is_complete(const struct follow *follow);

#endif
