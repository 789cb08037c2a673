/* What is to be on disk before anybody hears of it: the writes that the loop
 * hands to the journal, and the interface through which it does. Pure; a
 * write's texts are copied when it is written. */
#ifndef MINICHAT_SCRIBE_H
#define MINICHAT_SCRIBE_H

#include "server/kept.h"

enum write_kind {
    WRITE_LINE,      /* kept, nonce */
    WRITE_HAPPENING, /* kept */
    WRITE_REDACTION, /* kept; its line is erased, and nothing is written where
                        that is gone already */
    WRITE_REACTION,  /* kept.id, .account, .line, .body = the reaction, and
                        where, as of a line; flag = the other one of two is a
                        guest. Where that line is not there, or has as many as
                        it may, nothing is written */
    WRITE_UNREACTION,
    WRITE_ROOM,        /* kept.place, .room = name, .when = since; made or
                          changed: .body = topic, .whom = topic_by, topic_when,
                          flag = private */
    WRITE_ROOM_GONE,   /* kept.place: its name is free, nobody may read it */
    WRITE_MEMBER,      /* kept.account is in kept.place; flag = operator;
                          kept.id = since (counts only where it is new) */
    WRITE_MEMBER_GONE, /* kept.account, kept.place */
    WRITE_ACCOUNT,     /* kept.account exists; kept.when = since when */
    WRITE_READ,        /* kept.account has read kept.whom (a room's name or a
                          person's) up to kept.when; 0: forget the mark */
    WRITE_SEEN,        /* kept.account was shown all that was written to it
                          alone up to kept.id */
    WRITE_RESERVED,    /* ids up to kept.id may have been used */
    WRITE_BAN,         /* kept.whom is banned from the room kept.place (0: from
                          the server), by kept.name, since kept.when, until
                          `until` (0: for ever), because of kept.body; flag =
                          only muted */
    WRITE_BAN_GONE,    /* kept.whom, kept.place, flag */
    WRITE_BANS_GONE,   /* all of the room kept.place */
    WRITE_AUDIT,       /* at kept.when kept.name did the deed kept.tags to
                          kept.whom, more words: kept.body */
    WRITES
};

struct write {
    enum write_kind kind;
    struct kept kept;
    struct text nonce;
    int64_t topic_when, until;
    bool flag;
};

struct scribe {
    void (*write)(struct scribe *scribe, const struct write *write);
};

#endif
