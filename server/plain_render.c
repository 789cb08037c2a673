/* Events as lines for people. */
#include <string.h>
#include <time.h>

#include "protocol/duration.h"
#include "protocol/utf8.h"
#include "server/plain.h"

enum { CLEAN_SIZE = BODY_SIZE * 4 };

void plain_write_text(struct writer *writer, struct text text) {
    char clean[CLEAN_SIZE];
    size_t length = utf8_plain(text, clean, sizeof clean);
    write_text(writer, text_slice(clean, length));
}

/* Which bytes a hearer gets ---------------------------------------------- */

static bool is_word_byte(char byte) {
    return byte == '_' || (byte >= '0' && byte <= '9') ||
           (name_fold(byte) >= 'a' && name_fold(byte) <= 'z');
}

static bool names(struct text body, struct text name) {
    for (size_t i = 0; i + name.length <= body.length; i++) {
        if (!name_equals(text_slice(body.at + i, name.length), name)) continue;
        size_t end = i + name.length;
        bool starts = i == 0 || !is_word_byte(body.at[i - 1]);
        if (starts && (end == body.length || !is_word_byte(body.at[end])))
            return true;
    }
    return false;
}

static bool is_speech(enum happening happening) {
    return happening == SAID || happening == NOTICED || happening == ACTED;
}

static bool is_ctcp(const struct event *event) {
    return event->body.length && event->body.at[0] == 1;
}

unsigned plain_variant(const struct dialogue *dialogue,
                       const struct event *event) {
    const struct user *self = dialogue->session.user;
    unsigned variant = dialogue->settings & (PLAIN_TIME | PLAIN_COLOR);
    bool is_own = event->origin == &dialogue->session;
    if (event->happening == TAGGED || event->happening == REALNAME_SET ||
        is_ctcp(event))
        return VARIANT_SILENT;
    /* It is told of its own room by plain_tell_room, of being away at once. */
    if (event->user == self && !event->again &&
        (event->happening == JOINED || event->happening == WENT_AWAY ||
         event->happening == CAME_BACK))
        return VARIANT_SILENT;
    if (is_speech(event->happening)) {
        if (is_own && (dialogue->settings & PLAIN_NO_ECHO))
            return VARIANT_SILENT;
        if ((dialogue->settings & PLAIN_BELL) && event->user != self &&
            (event->target || names(event->body, text_of(self->name))))
            variant |= PLAIN_NAMED;
    }
    if (event->room && event->room->id == dialogue->here) variant |= PLAIN_HERE;
    if (event->user == self) variant |= PLAIN_SELF;
    if (event->target == self) variant |= PLAIN_TARGET;
    return variant;
}

/* Pieces ------------------------------------------------------------------ */

static void write_time(struct writer *writer, int64_t when) {
    time_t seconds = (time_t)(when / 1000);
    struct tm parts;
    if (!localtime_r(&seconds, &parts)) return;
    write_format(writer, "%02d:%02d ", parts.tm_hour, parts.tm_min);
}

static void write_name(struct writer *writer, struct text name,
                       unsigned variant) {
    static const unsigned colors[] = {31, 32, 33, 34, 35, 36, 91, 92, 94, 95};
    if (variant & PLAIN_COLOR)
        write_format(
            writer, "\033[%um",
            colors[name_hash(name) % (sizeof colors / sizeof colors[0])]);
    write_text(writer, name);
    if (variant & PLAIN_COLOR) write_string(writer, "\033[0m");
}

/* A guest's name has a mark: "~gus". */
static void write_person(struct writer *writer, const struct user *user,
                         struct text name, unsigned variant) {
    if (user && !user->account[0]) write_char(writer, '~');
    write_name(writer, name, variant);
}

static void write_author(struct writer *writer, const struct event *event,
                         unsigned variant) {
    write_person(writer, event->user, event->who, variant);
}

static void write_other(struct writer *writer, const struct event *event,
                        unsigned variant) {
    if (variant & PLAIN_TARGET)
        write_name(writer, text_of("you"), variant);
    else
        write_person(writer, event->target, event->whom, variant);
}

/* "* NAME": what follows is what they did. */
static void write_subject(struct writer *writer, const struct event *event,
                          unsigned variant) {
    write_string(writer, "* ");
    write_author(writer, event, variant);
}

/* " (reason)", or nothing. */
static void write_reason(struct writer *writer, struct text reason) {
    if (!reason.length) return;
    write_string(writer, " (");
    plain_write_text(writer, reason);
    write_char(writer, ')');
}

/* " #dev", where it is not the current room. */
static void write_elsewhere(struct writer *writer, const struct event *event,
                            unsigned variant, const char *before) {
    if (!event->room || (variant & PLAIN_HERE)) return;
    write_string(writer, before);
    write_string(writer, event->room->name);
}

/* Events ------------------------------------------------------------------ */

static void speech_to_one(struct writer *writer, const struct event *event,
                          unsigned variant) {
    if (variant & PLAIN_SELF) {
        write_string(writer, "-> ");
        write_person(writer, event->target, event->whom, variant);
        write_char(writer, '-');
    } else {
        write_char(writer, '-');
        write_author(writer, event, variant);
        write_char(writer, '-');
    }
    write_char(writer, ' ');
    if (event->happening == ACTED)
        write_format(writer, "* %.*s ", (int)event->who.length, event->who.at);
    plain_write_text(writer, event->body);
}

static void speech(struct writer *writer, const struct event *event,
                   unsigned variant) {
    if (!event->room) {
        speech_to_one(writer, event, variant);
        return;
    }
    if (!(variant & PLAIN_HERE))
        write_format(writer, "[%s] ", event->room->name);
    if (event->happening == ACTED) write_string(writer, "* ");
    write_author(writer, event, variant);
    write_string(writer, event->happening == ACTED ? " " : ": ");
    plain_write_text(writer, event->body);
}

/* "a line", "a line of bob in #dev", "a line to bob" */
static void redacted(struct writer *writer, const struct event *event,
                     unsigned variant) {
    write_subject(writer, event, variant);
    write_string(writer, " took back a line");
    if (!event->room || !name_equals(event->who, event->whom)) {
        write_string(writer, event->room ? " of " : " to ");
        write_other(writer, event, variant);
    }
    write_elsewhere(writer, event, variant, " in ");
    write_reason(writer, event->body);
}

static void presence(struct writer *writer, const struct event *event,
                     unsigned variant) {
    bool is_self = variant & PLAIN_SELF;
    if (is_self) variant &= ~(unsigned)PLAIN_HERE;
    write_string(writer, "* ");
    if (is_self)
        write_name(writer, text_of("you"), variant);
    else
        write_author(writer, event, variant);
    write_string(writer, event->happening == JOINED ? " joined" : " left");
    write_elsewhere(writer, event, variant, " ");
    write_reason(writer, event->body);
}

static void quit(struct writer *writer, const struct event *event,
                 unsigned variant) {
    write_subject(writer, event, variant);
    write_string(writer, " left");
    write_reason(writer, event->body);
}

static void kicked(struct writer *writer, const struct event *event,
                   unsigned variant) {
    write_string(writer, "* ");
    write_other(writer, event, variant);
    write_string(writer,
                 variant & PLAIN_TARGET ? " were kicked" : " was kicked");
    write_elsewhere(writer, event, variant & ~(unsigned)PLAIN_HERE, " from ");
    write_string(writer, " by ");
    write_author(writer, event, variant);
    write_reason(writer, event->body);
}

static void renamed(struct writer *writer, const struct event *event,
                    unsigned variant) {
    write_subject(writer, event, variant);
    write_string(writer, variant & PLAIN_SELF ? " (you) is now known as "
                                              : " is now known as ");
    write_person(writer, event->user, event->body, variant);
}

static void topic_set(struct writer *writer, const struct event *event,
                      unsigned variant) {
    write_subject(writer, event, variant);
    write_string(writer,
                 event->body.length ? " set the topic" : " cleared the topic");
    write_elsewhere(writer, event, variant, " of ");
    if (!event->body.length) return;
    write_string(writer, ": ");
    plain_write_text(writer, event->body);
}

static void opped(struct writer *writer, const struct event *event,
                  unsigned variant) {
    write_string(writer, "* ");
    write_other(writer, event, variant);
    write_string(writer, variant & PLAIN_TARGET ? " are" : " is");
    write_string(writer, event->happening == OPPED ? " now operator"
                                                   : " no longer operator");
    write_elsewhere(writer, event, variant, " of ");
    write_string(writer, ", by ");
    write_author(writer, event, variant);
}

static void write_terms(struct writer *writer, const struct event *event) {
    char memory[BAN_REASON_SIZE + DURATION_SIZE + 16];
    struct writer terms = writer_on(memory, sizeof memory);
    if (event->happening == UNBANNED || event->happening == UNMUTED) return;
    ban_write_terms(&terms, event->until, event->reason, event->when);
    plain_write_text(writer, writer_text(&terms));
}

/* Nobody did it: its time was over. */
static void ended(struct writer *writer, const struct event *event,
                  unsigned variant) {
    write_string(writer, "* ");
    plain_write_text(writer, event->body);
    write_string(writer, event->happening == UNBANNED ? " is no longer banned"
                                                      : " is no longer muted");
    write_elsewhere(writer, event, variant, " in ");
}

static void listed(struct writer *writer, const struct event *event,
                   unsigned variant) {
    static const char *const verbs[HAPPENINGS] = {[BANNED] = " banned ",
                                                  [UNBANNED] = " unbanned ",
                                                  [MUTED] = " muted ",
                                                  [UNMUTED] = " unmuted "};
    if (!event->user) {
        ended(writer, event, variant);
        return;
    }
    write_subject(writer, event, variant);
    write_string(writer, verbs[event->happening]);
    plain_write_text(writer, event->body);
    write_elsewhere(writer, event, variant, " in ");
    write_terms(writer, event);
}

static void privacy(struct writer *writer, const struct event *event,
                    unsigned variant) {
    write_subject(writer, event, variant);
    write_string(writer, " made ");
    write_string(writer, event->room->name);
    write_string(writer, event->happening == MADE_PRIVATE
                             ? " private: only who is invited may enter"
                             : " public again");
}

static void invited(struct writer *writer, const struct event *event,
                    unsigned variant) {
    write_subject(writer, event, variant);
    write_format(writer, " invites you to %s: /join %s", event->room->name,
                 event->room->name);
}

static void away(struct writer *writer, const struct event *event,
                 unsigned variant) {
    write_subject(writer, event, variant);
    write_string(writer,
                 event->happening == CAME_BACK ? " is back" : " is away: ");
    plain_write_text(writer, event->body);
}

static void logged_in(struct writer *writer, const struct event *event,
                      unsigned variant) {
    write_subject(writer, event, variant);
    write_string(writer, " logged in");
}

typedef void render(struct writer *, const struct event *, unsigned);

static render *const renders[HAPPENINGS] = {
    [SAID] = speech,         [NOTICED] = speech,       [ACTED] = speech,
    [JOINED] = presence,     [LEFT] = presence,        [KICKED] = kicked,
    [QUIT] = quit,           [RENAMED] = renamed,      [TOPIC_SET] = topic_set,
    [OPPED] = opped,         [DEOPPED] = opped,        [BANNED] = listed,
    [UNBANNED] = listed,     [MUTED] = listed,         [UNMUTED] = listed,
    [INVITED] = invited,     [WENT_AWAY] = away,       [CAME_BACK] = away,
    [LOGGED_IN] = logged_in, [MADE_PRIVATE] = privacy, [MADE_PUBLIC] = privacy,
    [REDACTED] = redacted,
};

static void render_line(struct writer *writer, const struct event *event,
                        unsigned variant) {
    if (variant & PLAIN_TIME) write_time(writer, event->when);
    renders[event->happening](writer, event, variant);
    if (variant & PLAIN_NAMED) write_char(writer, '\a');
    write_char(writer, '\n');
}

/* Each line of a text says who said it, so that none can look like another
 * kind. Empty ones are left out. */
void plain_render(struct writer *writer, const struct event *event,
                  unsigned variant) {
    struct event line = *event;
    struct text rest = event->body;
    if (!is_speech(event->happening) || !event->is_long) {
        render_line(writer, event, variant);
        return;
    }
    while (rest.length) {
        line.body = text_piece(&rest, '\n');
        if (!line.body.length) continue;
        render_line(writer, &line,
                    rest.length ? variant & ~(unsigned)PLAIN_NAMED : variant);
    }
}

void plain_write_past(struct writer *writer, const struct event *event,
                      unsigned variant, int64_t now) {
    static char bytes[RENDER_SIZE];
    struct writer lines = writer_on(bytes, sizeof bytes);
    plain_render(&lines, event, variant & ~(unsigned)PLAIN_TIME);
    for (struct text rest = writer_text(&lines); rest.length;) {
        plain_write_when(writer, event->when, now);
        write_char(writer, ' ');
        write_text(writer, text_piece(&rest, '\n'));
        write_char(writer, '\n');
    }
}
