#include "client/follow.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

struct talk {
    char *name;
    int64_t from;   /* what was said until then is not wanted */
    int64_t newest; /* when the last line was said that was told; 0: none */
    char newest_id[SESSION_MSGID_SIZE];
    bool by_time; /* the server does not find that msgid any more */
};

/* What was told ------------------------------------------------------------ */

static uint64_t mix(uint64_t hash, struct text text) {
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 0x100000001B3u;
    return (hash ^ text.length) * 0x100000001B3u;
}

/* Never 0. Where a server has no msgids, the same words of the same person in
 * the same millisecond are taken for the same. */
static uint64_t key_of(const struct news *news) {
    uint64_t hash = mix(0xCBF29CE484222325u, news->msgid);
    if (news->msgid.length == 0) {
        hash = mix(hash ^ (uint64_t)news->when, news->room);
        hash = mix(mix(hash, news->who), news->body);
    }
    return hash ? hash : 1;
}

static bool is_line(const struct news *news) {
    return news->kind == NEWS_SAID || news->kind == NEWS_ACTED ||
           news->kind == NEWS_NOTICED;
}

/* Without a msgid only what is replayed may be there twice. */
static bool is_known(const struct follow *follow, const struct news *news) {
    uint64_t key = key_of(news);
    if (news->msgid.length == 0 && !news->history) return false;
    for (size_t i = 0; i < FOLLOW_KNOWN; i++)
        if (follow->known[i] == key) return true;
    return false;
}

static void know(struct follow *follow, const struct news *news) {
    follow->known[follow->known_next] = key_of(news);
    follow->known_next = (follow->known_next + 1) % FOLLOW_KNOWN;
}

/* Talks -------------------------------------------------------------------- */

static bool is_room(const struct follow *follow, struct text name) {
    return follow->session && session_is_room(follow->session, name);
}

static struct talk *find(const struct follow *follow, struct text name) {
    for (size_t i = 0; i < follow->talk_count; i++)
        if (name_equals(text_of(follow->talks[i]->name), name))
            return follow->talks[i];
    return NULL;
}

static struct talk *open(struct follow *follow, struct text name,
                         int64_t from) {
    struct talk *talk = find(follow, name);
    if (talk || follow->talk_count == FOLLOW_TALKS) return talk;
    if (follow->talk_count == follow->talk_room) {
        follow->talk_room = 2 * follow->talk_room + 8;
        follow->talks = memory_grow(follow->talks, follow->talk_room,
                                    sizeof *follow->talks);
    }
    talk = memory_new(1, sizeof *talk);
    talk->name = memory_string(name.at, name.length);
    talk->from = from;
    follow->talks[follow->talk_count++] = talk;
    return talk;
}

static void remember(struct follow *follow, const struct news *news) {
    struct talk *talk = NULL;
    if (news->room.length > 0) talk = open(follow, news->room, news->when);
    if (news->when > follow->heard) follow->heard = news->when;
    if (!talk || news->when < talk->newest) return;
    talk->newest = news->when;
    talk->by_time = false;
    (void)text_copy(news->msgid, talk->newest_id, sizeof talk->newest_id);
}

/* Is it there already? Then the answer that it belongs to meets what we know;
 * what comes without that is told, and that others may be missing. */
static bool is_old(struct follow *follow, const struct news *news) {
    struct inquiry *inquiry = catchup_find(&follow->catchup, news->room);
    bool known = is_known(follow, news);
    if (inquiry && inquiry->doubts && !inquiry->anchored && !known)
        follow->owner->miss(follow->owner, news->room,
                            text_of("the server forgot it"));
    if (inquiry) inquiry->anchored = true;
    if (inquiry && !known) inquiry->fresh++;
    return known;
}

static void tell(struct follow *follow, const struct news *news) {
    if (is_line(news) || news->history) {
        if (is_old(follow, news)) return;
        know(follow, news);
        remember(follow, news);
    }
    follow->owner->tell(follow->owner, news);
}

/* The past ----------------------------------------------------------------- */

static bool has_history(const struct follow *follow) {
    return follow->session && session_can(follow->session, CAP_CHATHISTORY);
}

static bool holds(const struct follow *follow, struct text name) {
    if (name.length == 0) return false;
    if (catchup_holds(&follow->catchup, name)) return true;
    return follow->catchup.targets && !is_room(follow, name);
}

/* A millisecond earlier than the line itself: where only the time counts,
 * another of the same one is not missed, and what is known is not told again.
 */
static struct place newest(const struct talk *talk) {
    struct text id = text_of(talk->by_time ? "" : talk->newest_id);
    if (talk->newest > 0) return (struct place){id, talk->newest - 1};
    return (struct place){.when = talk->from - 1};
}

static void ask(struct follow *follow, struct inquiry *inquiry,
                const struct talk *talk) {
    inquiry->asked = follow->now;
    inquiry->fresh = 0;
    inquiry->anchored = inquiry->missed = false;
    inquiry->label = session_history_after(follow->session, text_of(talk->name),
                                           newest(talk), FOLLOW_PAGE);
}

static void catch_up(struct follow *follow, struct talk *talk) {
    struct text name = text_of(talk->name);
    ask(follow,
        catchup_open(&follow->catchup, name, INQUIRY_AFTER, follow->now), talk);
}

/* What was held there is told now, where nothing holds it any more. */
static void let_go(struct follow *follow, struct text name) {
    struct held *held;
    if (name.length > 0 && holds(follow, name)) return;
    while ((held = catchup_release(&follow->catchup, name))) {
        tell(follow, held_news(held));
        held_free(held);
    }
}

static void close(struct follow *follow, struct inquiry *inquiry) {
    char *name = memory_string(inquiry->name, strlen(inquiry->name));
    catchup_close(&follow->catchup, inquiry);
    let_go(follow, text_of(name));
    free(name);
}

/* Nothing is found by a msgid: who started anew, and lost what was kept, finds
 * nothing either. */
static bool is_doubtful(const struct follow *follow,
                        const struct inquiry *inquiry,
                        const struct news *news) {
    return inquiry->rounds == 0 && news->count == 0 && !news->counted &&
           !follow->session->by_id && !follow->session->by_time;
}

/* True where there is more to come. */
static bool go_on(struct follow *follow, struct inquiry *inquiry,
                  const struct news *news) {
    struct talk *talk = find(follow, text_of(inquiry->name));
    if (!talk) return false;
    bool by_msgid = talk->newest_id[0] && !talk->by_time;
    bool wrong = news->body.length > 0;
    if (wrong && !by_msgid) {
        follow->owner->miss(follow->owner, text_of(inquiry->name), news->body);
        return false;
    }
    bool doubtful = !wrong && by_msgid && is_doubtful(follow, inquiry, news);
    bool over = !wrong && inquiry->fresh == 0 && !inquiry->missed;
    if (over && !doubtful) return false;
    inquiry->doubts = doubtful;
    inquiry->rounds++;
    talk->by_time = wrong || doubtful;
    ask(follow, inquiry, talk);
    return true;
}

static void answer(struct follow *follow, struct inquiry *inquiry,
                   const struct news *news) {
    if (!go_on(follow, inquiry, news)) close(follow, inquiry);
}

/* A failure that names nobody ends all that is asked. */
static void end_history(struct follow *follow, const struct news *news) {
    struct catchup *catchup = &follow->catchup;
    struct inquiry *inquiry = catchup_answered(catchup, news);
    if (inquiry) answer(follow, inquiry, news);
    bool nobody = news->label == 0 && news->room.length == 0;
    if (inquiry || !nobody || news->body.length == 0) return;
    for (size_t i = 0; i < follow->talk_count; i++)
        follow->talks[i]->by_time = true;
    while (catchup->inquiry_count > 0)
        answer(follow, catchup->inquiries[0], news);
}

static int64_t begin_of(const struct follow *follow, int64_t otherwise) {
    int64_t last = follow->heard ? follow->heard : otherwise;
    return follow->since ? follow->since : last;
}

/* Of whom too much came to be held before it was known that they wrote. */
static void ask_missed(struct follow *follow) {
    struct catchup *catchup = &follow->catchup;
    for (size_t i = 0; i < catchup->inquiry_count; i++) {
        struct inquiry *inquiry = catchup->inquiries[i];
        struct text name = text_of(inquiry->name);
        if (!inquiry->missed || find(follow, name)) continue;
        struct talk *talk = open(follow, name, begin_of(follow, follow->now));
        if (talk) ask(follow, inquiry, talk);
    }
}

static void end_targets(struct follow *follow) {
    if (!follow->catchup.targets) return;
    follow->catchup.targets = false;
    ask_missed(follow);
    let_go(follow, text_of(""));
}

static void take_target(struct follow *follow, const struct news *news) {
    if (!follow->catchup.targets || news->room.length == 0) return;
    if (is_room(follow, news->room)) return;
    struct talk *talk = open(follow, news->room, begin_of(follow, news->when));
    if (talk && talk->newest < news->when) catch_up(follow, talk);
}

/* Who comes for the first time, and wants nothing of the past, begins here. */
static void enter(struct follow *follow, const struct news *news) {
    bool back = find(follow, news->room);
    int64_t from = follow->since ? follow->since : news->when;
    struct talk *talk = open(follow, news->room, from);
    if (talk && has_history(follow) && (back || follow->since))
        catch_up(follow, talk);
}

/* What is heard ------------------------------------------------------------ */

static void pass_on(struct follow *follow, const struct news *news) {
    if (!news->history && holds(follow, news->room))
        catchup_hold(&follow->catchup, news);
    else
        tell(follow, news);
}

void follow_hear(struct follow *follow, const struct news *news, int64_t now) {
    follow->now = now;
    if (!follow->session) return;
    if (news->kind == NEWS_HISTORY_END) {
        end_history(follow, news);
    } else if (news->kind == NEWS_TARGET) {
        take_target(follow, news);
    } else if (news->kind == NEWS_TARGETS_END) {
        end_targets(follow);
    } else if (news->kind == NEWS_JOINED && news->own) {
        enter(follow, news);
        follow->owner->tell(follow->owner, news);
    } else {
        pass_on(follow, news);
    }
}

void follow_come(struct follow *follow, struct session *session, int64_t now) {
    follow->session = session;
    follow->now = now;
    int64_t from = begin_of(follow, 0);
    if (!has_history(follow) || from == 0) return;
    follow->catchup.targets = true;
    follow->catchup.targets_asked = now;
    session_targets(session, from - 1, now + DAY_MS, CATCHUP_TARGETS);
}

/* What was held was not told, and so will be asked for. */
void follow_lose(struct follow *follow) {
    follow->session = NULL;
    catchup_clear(&follow->catchup);
}

static bool is_overdue(const struct follow *follow, int64_t asked,
                       int64_t *next) {
    int64_t left = asked + CATCHUP_PATIENCE_MS - follow->now;
    /* A clock that was set back lets nobody wait longer. */
    if (left <= 0 || left > CATCHUP_PATIENCE_MS) return true;
    if (*next == 0 || left < *next) *next = left;
    return false;
}

static struct inquiry *find_overdue(const struct follow *follow,
                                    int64_t *next) {
    const struct catchup *catchup = &follow->catchup;
    for (size_t i = 0; i < catchup->inquiry_count; i++)
        if (is_overdue(follow, catchup->inquiries[i]->asked, next))
            return catchup->inquiries[i];
    return NULL;
}

int64_t follow_tick(struct follow *follow, int64_t now) {
    struct catchup *catchup = &follow->catchup;
    struct inquiry *inquiry;
    int64_t next = 0;
    follow->now = now;
    if (!follow->session) return 0;
    if (catchup->targets && is_overdue(follow, catchup->targets_asked, &next))
        end_targets(follow);
    while ((inquiry = find_overdue(follow, &next))) {
        follow->owner->miss(follow->owner, text_of(inquiry->name),
                            text_of("there is no answer"));
        close(follow, inquiry);
    }
    return next;
}

bool follow_is_complete(const struct follow *follow) {
    return follow->catchup.inquiry_count == 0 && !follow->catchup.targets;
}

void follow_init(struct follow *follow, struct follow_owner *owner,
                 int64_t since) {
    *follow = (struct follow){.owner = owner, .since = since};
}

void follow_finish(struct follow *follow) {
    catchup_clear(&follow->catchup);
    for (size_t i = 0; i < follow->talk_count; i++) {
        free(follow->talks[i]->name);
        free(follow->talks[i]);
    }
    free(follow->talks);
    *follow = (struct follow){0};
}
