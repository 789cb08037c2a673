/* The plain dialect's own parts: lines made to be read and to be grepped, one
 * kind per first column (minichat-protocol(7)). */
#ifndef MINICHAT_PLAIN_H
#define MINICHAT_PLAIN_H

#include "server/dialect.h"

/* dialogue->settings */
enum plain_setting {
    PLAIN_TIME = 1,
    PLAIN_COLOR = 2,
    PLAIN_NO_ECHO = 4,
    PLAIN_BELL = 8,
    PLAIN_PASTING = 16, /* every line is said as it is, until "." */
};

/* A variant: settings above, and how the event concerns this hearer. */
enum plain_view {
    PLAIN_HERE = 32,    /* it is in the hearer's current room */
    PLAIN_SELF = 64,    /* the hearer did it */
    PLAIN_TARGET = 128, /* it was done to the hearer */
    PLAIN_NAMED = 256,  /* the text has the hearer's name in it */
};

/* One line to this dialogue: printf, then LF. Text from others goes through
 * plain_text first. */
void plain_say(struct dialogue *dialogue, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Text made safe for a bare terminal; valid until the writer's memory goes. */
void plain_write_text(struct writer *writer, struct text text);

/* "14:03", or with the date where it was not today: now is Unix ms, too. */
void plain_write_when(struct writer *writer, int64_t when, int64_t now);

unsigned plain_variant(const struct dialogue *dialogue,
                       const struct event *event);
void plain_render(struct writer *writer, const struct event *event,
                  unsigned variant);
/* What was kept, with the time in front of each line. */
void plain_write_past(struct writer *writer, const struct event *event,
                      unsigned variant, int64_t now);
void plain_refuse(struct dialogue *dialogue, const struct request *request,
                  enum refusal refusal, struct text subject);

void plain_tell_room(struct dialogue *dialogue, const struct room *room);
void plain_tell_names(struct dialogue *dialogue, const struct room *room,
                      struct text asked);
void plain_tell_who(struct dialogue *dialogue, struct text asked,
                    const struct request *request);
void plain_tell_whois(struct dialogue *dialogue, const struct user *user,
                      struct text asked);
void plain_tell_rooms(struct dialogue *dialogue, struct text mask);
void plain_tell_topic(struct dialogue *dialogue, const struct room *room);
void plain_tell_bans(struct dialogue *dialogue, const struct room *room,
                     bool mute);
void plain_tell_away(struct dialogue *dialogue, const struct user *target);
void plain_tell_self_away(struct dialogue *dialogue, bool away);
void plain_tell_absent(struct dialogue *dialogue, struct text name);
void plain_tell_inbox(struct dialogue *dialogue, const struct kept *kept,
                      size_t count, bool is_cut);
void plain_tell_unread(struct dialogue *dialogue, const struct room *room,
                       unsigned count);
void plain_tell_invited(struct dialogue *dialogue, const struct user *target,
                        const struct room *room);

/* What was said: rows of the command table. */
enum refusal plain_history(struct dialogue *, const struct request *);
enum refusal plain_search(struct dialogue *, const struct request *);
enum refusal plain_redact(struct dialogue *, const struct request *);
/* May it read what was said there? The question is asked of that place, and
 * the target spelt as it is. */
enum refusal plain_find_place(const struct dialogue *dialogue,
                              struct question *question, struct text *target);

/* The room the dialogue speaks in, or NULL. */
struct room *plain_here(const struct dialogue *dialogue);

#endif
