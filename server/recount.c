#include "server/recount.h"

#include <string.h>

#include "protocol/utf8.h"
#include "server/dialect.h"

/* A store can be imported, and its file edited: what was never said as it is
 * there is not told either. */

static struct text name_or(struct text name, const char *otherwise) {
    return name_valid(name) ? name : text_of(otherwise);
}

static struct text visible_or_nothing(struct text text) {
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.at[i] <= ' ') return text_of("");
    return utf8_check(text, false) == UTF8_FINE ? text : text_of("");
}

/* What happened is one IRC line: a topic, the longest of it, fits. */
static struct text body_of(const struct kept *kept) {
    struct text body = kept->body;
    bool is_line = kept_is_line(kept->happening);
    if (kept->happening == RENAMED) return name_or(body, "_");
    bool is_fine =
        is_line ? kept_body_valid(body) : utf8_check(body, true) == UTF8_FINE;
    if (!is_fine) return text_of("(not a text)");
    body.length = utf8_cut(body, (is_line ? BODY_SIZE : TOPIC_SIZE) - 1);
    return body;
}

static struct kept sound(const struct kept *kept) {
    struct kept safe = *kept;
    safe.room = room_valid(kept->room) ? kept->room : text_of("#_");
    safe.account = name_or(kept->account, "");
    safe.name = name_or(kept->name, "_");
    if (kept->whom.length || kept->happening == KICKED)
        safe.whom = name_or(kept->whom, "_");
    safe.source = visible_or_nothing(kept->source);
    safe.tags = visible_or_nothing(kept->tags);
    if (safe.tags.length > IRCMSG_CLIENT_TAGS) safe.tags.length = 0;
    safe.body = body_of(kept);
    return safe;
}

/* A guest's is "ident@host"; an account's is made as at its login. */
static void set_source(struct user *user, const struct house *house,
                       struct text source) {
    struct text ident = text_of(user->account);
    struct text host = text_of(house->config->name);
    if (!user->account[0]) {
        ident = text_piece(&source, '@');
        host = source;
    }
    text_copy(ident, user->ident, sizeof user->ident);
    text_copy(host, user->host, sizeof user->host);
}

static void set_user(struct recounted *r, const struct house *house,
                     const struct kept *kept) {
    text_copy(kept->name, r->user.name, sizeof r->user.name);
    text_copy(kept->account, r->user.account, sizeof r->user.account);
    set_source(&r->user, house, kept->source);
    text_copy(kept->name, r->realname, sizeof r->realname);
    r->user.realname = r->realname;
}

/* The room as it is now, if it still is. */
static const struct room *room_of(struct recounted *r,
                                  const struct dialogue *dialogue,
                                  const struct kept *kept) {
    if (!kept->place) return NULL;
    struct room *room = chat_find_room(dialogue->house->chat, kept->room);
    if (room && room->id == (uint64_t)kept->place) return room;
    text_copy(kept->room, r->room.name, sizeof r->room.name);
    r->room.id = (uint64_t)kept->place;
    return &r->room;
}

static const struct user *self_or(const struct dialogue *dialogue,
                                  struct text name, const struct user *other) {
    const struct user *self = dialogue->session.user;
    bool is_self = self && name_equals(name, text_of(self->name));
    return is_self ? self : other;
}

void recount(struct recounted *recounted, const struct dialogue *dialogue,
             const struct kept *as_kept) {
    const struct kept safe = sound(as_kept), *kept = &safe;
    *recounted = (struct recounted){0};
    set_user(recounted, dialogue->house, kept);
    text_copy(kept->whom, recounted->target.name,
              sizeof recounted->target.name);
    /* Whether it was a guest is not known. */
    text_copy(kept->whom, recounted->target.account,
              sizeof recounted->target.account);
    recounted->event = (struct event){
        .id = kept->id,
        .when = kept->when,
        .happening = kept->happening,
        .user = self_or(dialogue, kept->account, &recounted->user),
        .room = room_of(recounted, dialogue, kept),
        .who = kept->name,
        .whom = kept->whom,
        .body = kept->body,
        .tags = kept->tags,
        .is_long = kept_body_is_long(kept->body),
        .again = true,
        .line = kept->line,
    };
    if (kept->whom.length)
        recounted->event.target =
            self_or(dialogue, kept->whom, &recounted->target);
}

void recount_write(struct writer *writer, const struct dialogue *dialogue,
                   const struct event *event) {
    unsigned variant = dialogue->dialect->variant(dialogue, event);
    if (variant == VARIANT_SILENT) return;
    dialogue->dialect->render(writer, event, variant);
}
