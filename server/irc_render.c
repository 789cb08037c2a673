/* Events as IRC lines: once for each set of capabilities that makes a
 * difference. A text that does not fit into one line with its source is split
 * at a character's end; the first piece carries the msgid. */
#include "server/irc_render.h"

#include <string.h>
#include <time.h>

#include "protocol/utf8.h"
#include "server/irc.h"

enum view {
    TIME = 1,
    TAGS = 2,
    ACCOUNT = 4,
    EXTENDED = 8,
    NONCE = 16, /* its author's own: nobody else is shown it */
    WHOLE = 32, /* a text of several lines as one batch */
};

static bool has(const struct dialogue *dialogue, enum cap cap) {
    return dialogue->caps & cap_bit(cap);
}

static bool is_speech(enum happening happening) {
    return happening == SAID || happening == NOTICED || happening == ACTED ||
           happening == TAGGED;
}

/* One's own words come back only to those who asked for echo-message; to a
 * room also to the user's other sessions. */
static bool is_own_and_unwanted(const struct dialogue *dialogue,
                                const struct event *event) {
    const struct user *self = dialogue->session.user;
    if (event->user != self || has(dialogue, CAP_ECHO_MESSAGE)) return false;
    if (!event->room) return event->target != self;
    return event->origin == &dialogue->session;
}

static bool is_silent(const struct dialogue *dialogue,
                      const struct event *event) {
    enum happening happening = event->happening;
    if (happening == REDACTED) return !has(dialogue, CAP_REDACTION);
    if (event->again) return false;
    if (is_speech(happening) && is_own_and_unwanted(dialogue, event))
        return true;
    if (happening == TAGGED) return !has(dialogue, CAP_MESSAGE_TAGS);
    if (happening == REALNAME_SET) return !has(dialogue, CAP_SETNAME);
    if (happening == LOGGED_IN) return !has(dialogue, CAP_ACCOUNT_NOTIFY);
    if (happening == WENT_AWAY || happening == CAME_BACK)
        return !has(dialogue, CAP_AWAY_NOTIFY) ||
               event->user == dialogue->session.user;
    return false;
}

unsigned irc_variant(const struct dialogue *dialogue,
                     const struct event *event) {
    unsigned variant = 0;
    if (is_silent(dialogue, event)) return VARIANT_SILENT;
    if (has(dialogue, CAP_SERVER_TIME)) variant |= TIME;
    if (has(dialogue, CAP_MESSAGE_TAGS)) variant |= TAGS;
    if (has(dialogue, CAP_ACCOUNT_TAG)) variant |= ACCOUNT;
    if (event->happening == JOINED && has(dialogue, CAP_EXTENDED_JOIN))
        variant |= EXTENDED;
    if (event->is_long && has(dialogue, CAP_MULTILINE) &&
        has(dialogue, CAP_BATCH))
        variant |= WHOLE;
    if (event->nonce.length && event->origin == &dialogue->session)
        variant |= NONCE;
    return variant;
}

/* Tags --------------------------------------------------------------------- */

static void begin_tag(struct writer *writer, size_t start) {
    write_char(writer, writer->length == start ? '@' : ';');
}

static void write_time(struct writer *writer, int64_t when) {
    char date[32];
    time_t seconds = (time_t)(when / 1000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts)) return;
    size_t length = strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &parts);
    write_string(writer, "time=");
    write_text(writer, text_slice(date, length));
    write_format(writer, ".%03dZ", (int)(when % 1000));
}

static void write_tags(struct writer *writer, const struct event *event,
                       unsigned variant, bool is_first) {
    size_t start = writer->length;
    if (variant & TIME) {
        begin_tag(writer, start);
        write_time(writer, event->when);
    }
    if ((variant & TAGS) && is_first) {
        begin_tag(writer, start);
        write_format(writer, "msgid=%llx", (unsigned long long)event->id);
    }
    if ((variant & ACCOUNT) && event->user && event->user->account[0]) {
        begin_tag(writer, start);
        write_format(writer, "account=%s", event->user->account);
    }
    /* ircv3.net/specs/extensions/chathistory: it belongs to the line before. */
    if ((variant & TAGS) && event->again && event->happening == TAGGED) {
        begin_tag(writer, start);
        write_string(writer, "draft/chathistory-context");
    }
    if ((variant & TAGS) && is_first && event->tags.length) {
        begin_tag(writer, start);
        write_text(writer, event->tags);
    }
    if ((variant & TAGS) && (variant & NONCE) && is_first) {
        begin_tag(writer, start);
        write_string(writer, NONCE_TAG "=");
        ircmsg_write_escaped(writer, event->nonce);
    }
    if (writer->length > start) write_char(writer, ' ');
}

/* ":nick!account@host ", with the name at the time; ":server ". */
static void write_from(struct writer *writer, const struct event *event) {
    const struct user *user = event->user;
    write_char(writer, ':');
    write_text(writer, event->who);
    if (!user) {
        write_char(writer, ' ');
        return;
    }
    write_char(writer, '!');
    write_string(writer, user->ident);
    write_char(writer, '@');
    write_string(writer, user->host);
    write_char(writer, ' ');
}

static void begin(struct writer *writer, const struct event *event,
                  unsigned variant) {
    write_tags(writer, event, variant, true);
    write_from(writer, event);
}

static void end(struct writer *writer) {
    write_string(writer, "\r\n");
}

static const char *room_name(const struct event *event) {
    return event->room ? event->room->name : "*";
}

static void write_reason(struct writer *writer, struct text reason) {
    if (!reason.length) return;
    write_string(writer, " :");
    write_text(writer, reason);
}

/* Speech ------------------------------------------------------------------- */

static void write_target(struct writer *writer, const struct event *event) {
    if (event->room)
        write_string(writer, event->room->name);
    else
        write_text(writer, event->whom);
}

/* What is left to be written of a text, and how its last piece ended. */
struct rest {
    struct text text;
    const uint16_t *seams; /* those in it */
    size_t seams_count, at;
    bool is_joined; /* the next piece goes on where the last one ended */
};

static struct rest rest_of(const struct event *event) {
    return (struct rest){.text = event->body,
                         .seams = event->seams,
                         .seams_count = event->seams_count};
}

/* Where its author has cut it next. */
static size_t next_seam(struct rest *rest) {
    while (rest->seams_count && *rest->seams <= rest->at) {
        rest->seams++;
        rest->seams_count--;
    }
    return rest->seams_count ? *rest->seams - rest->at : SIZE_MAX;
}

/* Up to the end of its line, or a seam, or as much as there is space for. */
static struct text take_piece(struct rest *rest, size_t space) {
    size_t end = text_find(rest->text, '\n'), seam = next_seam(rest);
    size_t length = seam < end ? seam : end;
    length = utf8_cut(text_slice(rest->text.at, length), space);
    struct text piece = text_slice(rest->text.at, length);
    if (!length && end) length = rest->text.length; /* no space at all */
    rest->is_joined = length < end;
    if (!rest->is_joined && length < rest->text.length) length++;
    rest->text = text_after(rest->text, length);
    rest->at += length;
    return piece;
}

/* Behind its tags. */
static void speech_piece(struct writer *writer, const struct event *event,
                         struct rest *rest) {
    bool acted = event->happening == ACTED;
    size_t start = writer->length;
    write_from(writer, event);
    write_string(writer, event->happening == NOTICED ? "NOTICE " : "PRIVMSG ");
    write_target(writer, event);
    write_string(writer, acted ? " :\001ACTION " : " :");
    size_t used = writer->length - start + (acted ? 1 : 0);
    size_t space = used < IRCMSG_BODY ? IRCMSG_BODY - used : 0;
    write_text(writer, take_piece(rest, space));
    if (acted) write_char(writer, '\001');
    end(writer);
}

/* Who knows no texts of several lines gets each as a message, but no empty
 * ones: ircv3.net/specs/extensions/multiline, "Fallback". */
static void speech_in_pieces(struct writer *writer, const struct event *event,
                             unsigned variant) {
    struct rest rest = rest_of(event);
    bool is_first = true;
    do {
        while (rest.text.length && rest.text.at[0] == '\n')
            take_piece(&rest, 1);
        if (!rest.text.length && !is_first) break;
        write_tags(writer, event, variant, is_first);
        speech_piece(writer, event, &rest);
        is_first = false;
    } while (rest.text.length);
}

static void write_batch(struct writer *writer, const struct event *event,
                        char sign) {
    write_from(writer, event);
    write_format(writer, "BATCH %cm%llx", sign, (unsigned long long)event->id);
}

static void speech_as_batch(struct writer *writer, const struct event *event,
                            unsigned variant) {
    struct rest rest = rest_of(event);
    write_tags(writer, event, variant, true);
    write_batch(writer, event, '+');
    write_string(writer, " draft/multiline ");
    write_target(writer, event);
    end(writer);
    do {
        write_format(writer, "@batch=m%llx%s ", (unsigned long long)event->id,
                     rest.is_joined ? ";draft/multiline-concat" : "");
        speech_piece(writer, event, &rest);
    } while (rest.text.length);
    write_batch(writer, event, '-');
    end(writer);
}

/* Does it fit one line after all? */
static bool fits(const struct event *event) {
    const struct user *user = event->user;
    size_t target =
        event->room ? strlen(event->room->name) : event->whom.length;
    size_t used = sizeof ":!@ PRIVMSG  :" - 1 + event->who.length +
                  strlen(user->ident) + strlen(user->host) + target;
    return text_find(event->body, '\n') == event->body.length &&
           used + event->body.length <= IRCMSG_BODY;
}

static void speech(struct writer *writer, const struct event *event,
                   unsigned variant) {
    if ((variant & WHOLE) && event->happening != ACTED && !fits(event))
        speech_as_batch(writer, event, variant);
    else
        speech_in_pieces(writer, event, variant);
}

static void tagged(struct writer *writer, const struct event *event,
                   unsigned variant) {
    begin(writer, event, variant);
    write_string(writer, "TAGMSG ");
    write_target(writer, event);
    end(writer);
}

static void redacted(struct writer *writer, const struct event *event,
                     unsigned variant) {
    begin(writer, event, variant);
    write_string(writer, "REDACT ");
    write_target(writer, event);
    write_format(writer, " %llx", (unsigned long long)event->line);
    write_reason(writer, event->body);
    end(writer);
}

/* Presence ------------------------------------------------------------------
 */

static void joined(struct writer *writer, const struct event *event,
                   unsigned variant) {
    const char *account = event->user->account;
    begin(writer, event, variant);
    write_format(writer, "JOIN %s", room_name(event));
    if (variant & EXTENDED)
        write_format(writer, " %s :%s", account[0] ? account : "*",
                     event->user->realname);
    end(writer);
}

static void left(struct writer *writer, const struct event *event,
                 unsigned variant) {
    begin(writer, event, variant);
    write_format(writer, "PART %s", room_name(event));
    write_reason(writer, event->body);
    end(writer);
}

static void quit(struct writer *writer, const struct event *event,
                 unsigned variant) {
    begin(writer, event, variant);
    write_string(writer, "QUIT");
    write_reason(writer, event->body);
    end(writer);
}

static void kicked(struct writer *writer, const struct event *event,
                   unsigned variant) {
    begin(writer, event, variant);
    write_format(writer, "KICK %s ", room_name(event));
    write_text(writer, event->whom);
    write_reason(writer, event->body.length ? event->body : event->who);
    end(writer);
}

static void renamed(struct writer *writer, const struct event *event,
                    unsigned variant) {
    begin(writer, event, variant);
    write_string(writer, "NICK ");
    write_text(writer, event->body);
    end(writer);
}

static void topic_set(struct writer *writer, const struct event *event,
                      unsigned variant) {
    begin(writer, event, variant);
    write_format(writer, "TOPIC %s :", room_name(event));
    write_text(writer, event->body);
    end(writer);
}

static void mode(struct writer *writer, const struct event *event,
                 unsigned variant) {
    static const char *const letters[HAPPENINGS] = {
        [OPPED] = "+o",        [DEOPPED] = "-o",    [BANNED] = "+b",
        [UNBANNED] = "-b",     [MUTED] = "+q",      [UNMUTED] = "-q",
        [MADE_PRIVATE] = "+i", [MADE_PUBLIC] = "-i"};
    struct text upon = event->target ? event->whom : event->body;
    begin(writer, event, variant);
    write_format(writer, "MODE %s %s", room_name(event),
                 letters[event->happening]);
    if (upon.length) write_char(writer, ' ');
    write_text(writer, upon);
    end(writer);
}

static void invited(struct writer *writer, const struct event *event,
                    unsigned variant) {
    begin(writer, event, variant);
    write_string(writer, "INVITE ");
    write_text(writer, event->whom);
    write_format(writer, " %s", room_name(event));
    end(writer);
}

static void away(struct writer *writer, const struct event *event,
                 unsigned variant) {
    begin(writer, event, variant);
    write_string(writer, "AWAY");
    write_reason(writer, event->body);
    end(writer);
}

static void realname_set(struct writer *writer, const struct event *event,
                         unsigned variant) {
    begin(writer, event, variant);
    write_string(writer, "SETNAME :");
    write_text(writer, event->body);
    end(writer);
}

static void logged_in(struct writer *writer, const struct event *event,
                      unsigned variant) {
    begin(writer, event, variant);
    write_format(writer, "ACCOUNT %s", event->user->account);
    end(writer);
}

typedef void render(struct writer *, const struct event *, unsigned);

static render *const renders[HAPPENINGS] = {
    [SAID] = speech,         [NOTICED] = speech,
    [ACTED] = speech,        [TAGGED] = tagged,
    [REDACTED] = redacted,   [JOINED] = joined,
    [LEFT] = left,           [KICKED] = kicked,
    [QUIT] = quit,           [RENAMED] = renamed,
    [TOPIC_SET] = topic_set, [OPPED] = mode,
    [DEOPPED] = mode,        [BANNED] = mode,
    [UNBANNED] = mode,       [MUTED] = mode,
    [UNMUTED] = mode,        [INVITED] = invited,
    [WENT_AWAY] = away,      [CAME_BACK] = away,
    [LOGGED_IN] = logged_in, [REALNAME_SET] = realname_set,
    [MADE_PRIVATE] = mode,   [MADE_PUBLIC] = mode,
};

void irc_render(struct writer *writer, const struct event *event,
                unsigned variant) {
    renders[event->happening](writer, event, variant);
}
