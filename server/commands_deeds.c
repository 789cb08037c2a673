#include "server/commands_deeds.h"

#include <string.h>

#include "protocol/utf8.h"
#include "server/commands.h"
#include "server/irc_past.h"
#include "server/nonces.h"
#include "server/plain.h"
#include "server/recount.h"
#include "server/roster.h"

enum { TARGETS = 4, CLEAN_SIZE = BODY_SIZE * 3 };

static struct text arg(const struct request *request, size_t n) {
    return n < request->count ? request->args[n] : text_of("");
}

/* A NOTICE is never answered, not even with a refusal: RFC 2812 3.3.2. */
static void refuse(struct dialogue *dialogue, const struct request *request,
                   enum refusal refusal, struct text subject) {
    bool is_notice = request->command->carry_out == do_notice;
    if (refusal && !is_notice)
        dialogue->dialect->refuse(dialogue, request, refusal, subject);
}

/* Text of a peer as it may be kept. Longer than most bytes: cut. */
static struct text clean_cut(struct text text, char *to, size_t most) {
    char clean[CLEAN_SIZE];
    text.length = utf8_cut(text, BODY_SIZE - 1);
    size_t length = utf8_clean(text, clean, sizeof clean);
    length = utf8_cut(text_slice(clean, length), most);
    memcpy(to, clean, length);
    return text_trim(text_slice(to, length));
}

/* Rooms -------------------------------------------------------------------- */

/* Whoever joins wants to speak there; joining again is how one goes back. */
static void join_one(struct dialogue *dialogue, const struct request *request,
                     struct text name) {
    uint64_t before = dialogue->here;
    dialogue->here = 0;
    enum refusal refusal = dialogue_join(dialogue, name);
    if (!refusal) return;
    dialogue->here = before;
    const struct room *room = chat_find_room(dialogue->house->chat, name);
    if (refusal == ALREADY_IN_ROOM && dialogue->dialect == &dialect_plain) {
        dialogue->here = room->id;
        plain_tell_room(dialogue, room);
        return;
    }
    refuse(dialogue, request, refusal, name);
}

static void leave_all(struct dialogue *dialogue) {
    struct user *user = dialogue->session.user;
    for (struct seat *seat = user->seats, *next; seat; seat = next) {
        next = seat->next;
        if (dialogue_may_enter(dialogue, text_of(seat->room->name)))
            chat_leave(dialogue->house->chat, &dialogue->session, seat->room,
                       text_of(""));
    }
}

enum refusal do_join(struct dialogue *dialogue, const struct request *request) {
    struct text names = request->args[0];
    if (text_is(names, "0"))
        leave_all(dialogue);
    else
        while (names.length)
            join_one(dialogue, request, text_piece(&names, ','));
    return REFUSED_NOTHING;
}

static void settle(struct dialogue *dialogue) {
    const struct seat *seat = dialogue->session.user->seats;
    if (dialogue->dialect != &dialect_plain || plain_here(dialogue)) return;
    dialogue->here = 0;
    while (seat && !dialogue_may_enter(dialogue, text_of(seat->room->name)))
        seat = seat->next;
    if (seat) plain_tell_room(dialogue, seat->room);
    if (!seat) plain_say(dialogue, "= you are in no room; /rooms, /join ROOM");
}

static enum refusal leave_one(struct dialogue *dialogue, struct text name,
                              struct text reason) {
    struct chat *chat = dialogue->house->chat;
    struct room *room = chat_find_room(chat, name);
    if (!room) return NO_SUCH_ROOM;
    if (!dialogue_may_enter(dialogue, name)) return ROOM_NOT_ALLOWED;
    return chat_leave(chat, &dialogue->session, room, reason);
}

enum refusal do_leave(struct dialogue *dialogue,
                      const struct request *request) {
    struct text names = request->args[0];
    char memory[REASON_SIZE];
    struct text reason = clean_cut(arg(request, 1), memory, sizeof memory - 1);
    if (!names.length) return IN_NO_ROOM;
    while (names.length) {
        struct text name = text_piece(&names, ',');
        refuse(dialogue, request, leave_one(dialogue, name, reason), name);
    }
    settle(dialogue);
    return REFUSED_NOTHING;
}

enum refusal do_topic(struct dialogue *dialogue,
                      const struct request *request) {
    char memory[CLEAN_SIZE];
    struct room *room = chat_find_room(dialogue->house->chat, request->args[0]);
    if (!room) return request->args[0].length ? NO_SUCH_ROOM : IN_NO_ROOM;
    if (request->count < 2) {
        if (!dialogue_may_see(dialogue, room)) return NOT_IN_ROOM;
        dialogue->dialect->tell_topic(dialogue, room);
        return REFUSED_NOTHING;
    }
    if (!dialogue_may_enter(dialogue, text_of(room->name)))
        return ROOM_NOT_ALLOWED;
    struct text topic = clean_cut(request->args[1], memory, sizeof memory);
    if (topic.length >= TOPIC_SIZE) return TEXT_TOO_LONG;
    return chat_set_topic(dialogue->house->chat, &dialogue->session, room,
                          topic);
}

/* Saying ------------------------------------------------------------------- */

/* What a client may pass on: tags with '+' only (IRCv3 message-tags). */
static struct text client_tags(struct text tags, char *to, size_t size) {
    struct writer writer = writer_on(to, size);
    struct text key, value;
    while (ircmsg_next_tag(&tags, &key, &value)) {
        if (!text_begins(key, "+") || text_is(key, NONCE_TAG)) continue;
        if (writer.length) write_char(&writer, ';');
        write_text(&writer, key);
        if (!value.length) continue;
        write_char(&writer, '=');
        write_text(&writer, value);
    }
    return writer_text(&writer);
}

/* What its author knows a line by (DESIGN 5); only visible ASCII. */
static struct text nonce_of(struct text tags, char to[NONCE_SIZE]) {
    if (!ircmsg_tag(tags, NONCE_TAG, to, NONCE_SIZE)) return text_of("");
    for (const char *c = to; *c; c++)
        if (*c <= ' ' || *c > '~') return text_of("");
    return text_of(to);
}

/* ircv3.net/specs/client-tags/react, with +reply as it was ratified or as it
 * was before. */
static bool find_reaction(struct text tags, struct saying *saying,
                          char emoji[REACTION_SIZE]) {
    enum { ID_SIZE = 20 };
    char id[ID_SIZE];
    struct moment moment;
    if (!ircmsg_tag(tags, "+reply", id, sizeof id) &&
        !ircmsg_tag(tags, "+draft/reply", id, sizeof id))
        return false;
    if (!irc_past_msgid(text_of(id), &moment)) return false;
    saying->line = moment.first;
    saying->unreacts = ircmsg_tag(tags, "+draft/unreact", emoji, REACTION_SIZE);
    return saying->unreacts ||
           ircmsg_tag(tags, "+draft/react", emoji, REACTION_SIZE);
}

/* A guest's is passed on, not kept. */
static void take_reaction(const struct dialogue *dialogue, struct text tags,
                          struct saying *saying, char emoji[REACTION_SIZE]) {
    bool is_one = dialogue->session.user->account[0] &&
                  find_reaction(tags, saying, emoji) &&
                  kept_reaction_valid(text_of(emoji));
    saying->reaction = text_of(is_one ? emoji : "");
    if (!is_one) saying->line = 0;
}

static void say_to(struct dialogue *dialogue, enum happening happening,
                   struct user *target, const struct saying *saying) {
    struct chat *chat = dialogue->house->chat;
    chat_say_to(chat, &dialogue->session, happening, target, saying);
    if (target->away && happening != NOTICED && happening != TAGGED)
        dialogue->dialect->tell_away(dialogue, target);
}

/* The account of that name, which is not here, as it is spelt; empty: there is
 * none, or nothing is kept. Unix users have small letters. */
static struct text absent_account(const struct dialogue *dialogue,
                                  struct text name, char memory[NAME_SIZE]) {
    const struct house *house = dialogue->house;
    struct registry *registry = house->chat->registry;
    if (!house->roster || !house->scribe) return text_of("");
    const struct kept_account *known = roster_account(house->roster, name);
    if (known) return text_of(known->name);
    if (!name_valid(name) || !registry->reserves(registry, name))
        return text_of("");
    for (size_t i = 0; i < name.length; i++)
        memory[i] = name_fold(name.at[i]);
    return text_slice(memory, name.length);
}

/* It is kept until they are here. */
static bool say_to_absent(struct dialogue *dialogue, enum happening happening,
                          struct text target, const struct saying *saying) {
    char memory[NAME_SIZE];
    struct text name = absent_account(dialogue, target, memory);
    if (!name.length) return false;
    if (happening != TAGGED) roster_know(dialogue->house->roster, name);
    chat_say_to_absent(dialogue->house->chat, &dialogue->session, happening,
                       name, saying);
    if (happening != NOTICED && happening != TAGGED)
        dialogue->dialect->tell_absent(dialogue, name);
    return true;
}

/* False: it was refused. */
static bool say_in(struct dialogue *dialogue, enum happening happening,
                   const struct request *request, struct text target,
                   const struct saying *saying) {
    struct chat *chat = dialogue->house->chat;
    struct room *room = chat_find_room(chat, target);
    enum refusal refusal = room ? ROOM_NOT_ALLOWED : NO_SUCH_ROOM;
    if (room && dialogue_may_enter(dialogue, target))
        refusal =
            chat_say_in(chat, &dialogue->session, happening, room, saying);
    refuse(dialogue, request, refusal, target);
    return !refusal;
}

static bool say_one(struct dialogue *dialogue, enum happening happening,
                    const struct request *request, struct text target,
                    const struct saying *saying) {
    if (text_begins(target, "#"))
        return say_in(dialogue, happening, request, target, saying);
    struct user *user = chat_find_user(dialogue->house->chat, target);
    if (user) say_to(dialogue, happening, user, saying);
    if (user || say_to_absent(dialogue, happening, target, saying)) return true;
    refuse(dialogue, request, NO_SUCH_NAME, target);
    return false;
}

/* What was sent with this nonce before comes back, to this session alone. */
static void tell_again(struct dialogue *dialogue, const struct kept *kept,
                       const char *nonce) {
    static char bytes[RENDER_SIZE];
    struct recounted recounted;
    struct writer writer = writer_on(bytes, sizeof bytes);
    recount(&recounted, dialogue, kept);
    recounted.event.again = false; /* it is an echo: not all want it */
    recounted.event.origin = &dialogue->session;
    recounted.event.nonce = text_of(nonce);
    recount_write(&writer, dialogue, &recounted.event);
    if (writer.length) dialogue_send(dialogue, line_new(writer_text(&writer)));
}

/* To the line that asked. A NOTICE is never answered. */
static void refuse_line(struct dialogue *dialogue, struct text line,
                        enum refusal refusal) {
    struct ircmsg message;
    if (!ircmsg_parse(&message, line)) return;
    const struct request request = {.verb = message.verb,
                                    .command = command_for_irc(message.verb)};
    if (request.command) refuse(dialogue, &request, refusal, text_of(""));
}

static void on_nonce(struct dialogue *dialogue, const struct answer *answer,
                     struct text line) {
    if (answer->outcome != ANSWERED) {
        refuse_line(dialogue, line, HISTORY_FAILED);
    } else if (answer->count) {
        tell_again(dialogue, &answer->kept[0], answer->question->nonce);
    } else if (answer->total) {
        refuse_line(dialogue, line, SAID_BEFORE);
    } else {
        dialogue->nonce_is_new = !dialogue->nonce_was_said;
        commands_take(dialogue, line);
        dialogue->nonce_is_new = false;
    }
}

/* It is used now. Whoever asked for it before, and was not answered yet, would
 * be told that it is not. Guests share one space. */
static void use_nonce(struct dialogue *dialogue, struct text account,
                      struct text nonce) {
    struct house *house = dialogue->house;
    nonces_add(house->nonces, account, nonce);
    for (struct dialogue *d = house->waiting; d; d = d->errand->next)
        if (text_is(nonce, d->errand->nonce) &&
            name_equals(account, text_of(d->session.user->account)))
            d->nonce_was_said = true;
}

/* May it have been sent before? Then the disk is asked first. */
static bool asks_nonce(struct dialogue *dialogue, struct text nonce) {
    const struct house *house = dialogue->house;
    struct text account = text_of(dialogue->session.user->account);
    struct question question = {.ask = ASK_NONCE, .limit = 1};
    if (!nonce.length || !house->nonces) return false;
    if (dialogue->nonce_is_new ||
        !nonces_may_know(house->nonces, account, nonce)) {
        use_nonce(dialogue, account, nonce);
        return false;
    }
    dialogue->nonce_was_said = false;
    text_copy(nonce, question.nonce, sizeof question.nonce);
    if (!account.length) chat_source(dialogue->session.user, question.guest);
    return !dialogue_ask(dialogue, &question, on_nonce, dialogue->line);
}

static enum refusal say(struct dialogue *dialogue,
                        const struct request *request, enum happening happening,
                        struct text body) {
    static char clean[CLEAN_SIZE];
    char tags[IRCMSG_CLIENT_TAGS + 1], nonce[NONCE_SIZE];
    char emoji[REACTION_SIZE];
    struct text targets = arg(request, 0);
    if (!targets.length)
        return request->command->here ? IN_NO_ROOM : TARGET_MISSING;
    if (body.length >= BODY_SIZE) return TEXT_TOO_LONG;
    size_t length = utf8_clean(body, clean, sizeof clean);
    if (!length && happening != TAGGED) return TEXT_MISSING;
    struct saying saying = {
        .body = text_slice(clean, length),
        .tags = client_tags(request->tags, tags, sizeof tags),
        .nonce = nonce_of(request->tags, nonce),
    };
    if (happening == TAGGED)
        take_reaction(dialogue, request->tags, &saying, emoji);
    if (happening != TAGGED && asks_nonce(dialogue, saying.nonce))
        return REFUSED_NOTHING;
    for (int n = 0; targets.length; n++) {
        struct text target = text_piece(&targets, ',');
        if (n == TARGETS) return TOO_MANY_TARGETS;
        if (say_one(dialogue, happening, request, target, &saying))
            saying.nonce.length = 0; /* it is the first one's */
    }
    return REFUSED_NOTHING;
}

/* "\1ACTION waves\1" is a deed; other CTCP goes on as it is. */
static bool is_action(struct text *body) {
    static const char action[] = "\001ACTION ";
    if (!text_begins(*body, action)) return false;
    *body = text_after(*body, sizeof action - 1);
    if (body->length && body->at[body->length - 1] == '\001') body->length--;
    return true;
}

enum refusal do_say(struct dialogue *dialogue, const struct request *request) {
    struct text body = arg(request, 1);
    enum happening happening = is_action(&body) ? ACTED : SAID;
    return say(dialogue, request, happening, body);
}

enum refusal do_notice(struct dialogue *dialogue,
                       const struct request *request) {
    return say(dialogue, request, NOTICED, arg(request, 1));
}

enum refusal do_tag(struct dialogue *dialogue, const struct request *request) {
    return say(dialogue, request, TAGGED, text_of(""));
}

enum refusal do_act(struct dialogue *dialogue, const struct request *request) {
    return say(dialogue, request, ACTED, arg(request, 1));
}

/* Questions -----------------------------------------------------------------
 */

enum refusal do_names(struct dialogue *dialogue,
                      const struct request *request) {
    struct text names = arg(request, 0);
    if (!names.length)
        dialogue->dialect->tell_names(dialogue, NULL, text_of("*"));
    for (int n = 0; names.length && n < TARGETS; n++) {
        struct text name = text_piece(&names, ',');
        dialogue->dialect->tell_names(
            dialogue, chat_find_room(dialogue->house->chat, name), name);
    }
    return REFUSED_NOTHING;
}

enum refusal do_who(struct dialogue *dialogue, const struct request *request) {
    dialogue->dialect->tell_who(dialogue, arg(request, 0), request);
    return REFUSED_NOTHING;
}

enum refusal do_whois(struct dialogue *dialogue,
                      const struct request *request) {
    /* WHOIS SERVER NICK: the server is always this one. */
    struct text name = request->args[request->count > 1 ? 1 : 0];
    const struct user *user = chat_find_user(dialogue->house->chat, name);
    if (!user) refuse(dialogue, request, NO_SUCH_NAME, name);
    dialogue->dialect->tell_whois(dialogue, user, name);
    return REFUSED_NOTHING;
}

enum refusal do_rooms(struct dialogue *dialogue,
                      const struct request *request) {
    dialogue->dialect->tell_rooms(dialogue, arg(request, 0));
    return REFUSED_NOTHING;
}

/* Oneself -------------------------------------------------------------------
 */

enum refusal do_nick(struct dialogue *dialogue, const struct request *request) {
    struct text name = arg(request, 0);
    if (!name.length) return NAME_MISSING;
    if (dialogue_entered(dialogue))
        return chat_rename(dialogue->house->chat, &dialogue->session, name);
    struct introduction introduction = {.name = name};
    return dialogue_enter(dialogue, NULL, &introduction);
}

static enum refusal set_away(struct dialogue *dialogue, struct text message) {
    char memory[AWAY_SIZE];
    struct text clean = clean_cut(message, memory, sizeof memory - 1);
    enum refusal refusal =
        chat_set_away(dialogue->house->chat, &dialogue->session, clean);
    if (!refusal) dialogue->dialect->tell_self_away(dialogue, clean.length > 0);
    return refusal;
}

enum refusal do_away(struct dialogue *dialogue, const struct request *request) {
    return set_away(dialogue, arg(request, 0));
}

enum refusal do_back(struct dialogue *dialogue, const struct request *request) {
    (void)request;
    return set_away(dialogue, text_of(""));
}

static void leave(struct dialogue *dialogue, struct text reason) {
    dialogue->leaving = true;
    dialogue->carrier->close(dialogue->carrier, reason);
}

static struct text quit_reason(const struct request *request,
                               char memory[REASON_SIZE]) {
    struct text reason = clean_cut(arg(request, 0), memory, REASON_SIZE - 1);
    return reason.length ? reason : text_of("quit");
}

enum refusal do_quit(struct dialogue *dialogue, const struct request *request) {
    char memory[REASON_SIZE];
    leave(dialogue, quit_reason(request, memory));
    return REFUSED_NOTHING;
}

/* A program is told that the link closes: modern.ircdocs.horse/#quit-message
 */
enum refusal do_quit_program(struct dialogue *dialogue,
                             const struct request *request) {
    char memory[REASON_SIZE];
    struct text reason = quit_reason(request, memory);
    dialogue_farewell(dialogue, reason);
    leave(dialogue, reason);
    return REFUSED_NOTHING;
}

/* Others --------------------------------------------------------------------
 */

/* Refuses with what was wrong and gives NULL. */
static struct room *need_room(struct dialogue *dialogue,
                              const struct request *request, struct text name) {
    struct room *room = chat_find_room(dialogue->house->chat, name);
    enum refusal refusal = REFUSED_NOTHING;
    if (!room)
        refusal = name.length ? NO_SUCH_ROOM : IN_NO_ROOM;
    else if (!dialogue_may_enter(dialogue, name))
        refusal = ROOM_NOT_ALLOWED;
    refuse(dialogue, request, refusal, name);
    return refusal ? NULL : room;
}

static struct user *need_user(struct dialogue *dialogue,
                              const struct request *request, struct text name) {
    struct user *user = chat_find_user(dialogue->house->chat, name);
    if (!user) refuse(dialogue, request, NO_SUCH_NAME, name);
    return user;
}

/* IRC: NICK ROOM. People: [ROOM] NICK; both come as they were typed. */
enum refusal do_invite(struct dialogue *dialogue,
                       const struct request *request) {
    bool room_first =
        text_begins(request->args[0], "#") || !request->args[0].length;
    struct room *room =
        need_room(dialogue, request, request->args[room_first ? 0 : 1]);
    struct user *user =
        room ? need_user(dialogue, request, request->args[room_first ? 1 : 0])
             : NULL;
    if (!user) return REFUSED_NOTHING;
    enum refusal refusal =
        chat_invite(dialogue->house->chat, &dialogue->session, room, user);
    refuse(dialogue, request, refusal, text_of(room->name));
    if (!refusal) dialogue->dialect->tell_invited(dialogue, user, room);
    return REFUSED_NOTHING;
}

/* Who is a member is put out also while they are not here. */
static enum refusal kick(struct dialogue *dialogue, struct room *room,
                         struct text name, struct text reason) {
    struct chat *chat = dialogue->house->chat;
    struct session *self = &dialogue->session;
    struct user *user = chat_find_user(chat, name);
    if (user && chat_seat(user, room))
        return chat_kick(chat, self, room, user, reason);
    enum refusal refusal = chat_kick_absent(chat, self, room, name, reason);
    return refusal == THEY_NOT_IN_ROOM && !user ? NO_SUCH_NAME : refusal;
}

enum refusal do_kick(struct dialogue *dialogue, const struct request *request) {
    char memory[REASON_SIZE];
    struct text reason = clean_cut(arg(request, 2), memory, sizeof memory - 1);
    struct text name = request->args[1];
    struct room *room = need_room(dialogue, request, request->args[0]);
    if (!room) return REFUSED_NOTHING;
    enum refusal refusal = kick(dialogue, room, name, reason);
    bool is_about_name = refusal == THEY_NOT_IN_ROOM || refusal == NO_SUCH_NAME;
    refuse(dialogue, request, refusal, is_about_name ? name : request->args[0]);
    return REFUSED_NOTHING;
}

static enum refusal change_list(struct dialogue *dialogue,
                                const struct request *request, bool on,
                                bool mute) {
    struct chat *chat = dialogue->house->chat;
    struct room *room = need_room(dialogue, request, request->args[0]);
    if (!room) return REFUSED_NOTHING;
    if (!dialogue_may_see(dialogue, room)) return NOT_IN_ROOM;
    if (request->count < 2) {
        dialogue->dialect->tell_bans(dialogue, room, mute);
        return REFUSED_NOTHING;
    }
    struct text mask = request->args[1];
    enum refusal refusal =
        on ? chat_ban(chat, &dialogue->session, room, mask, mute)
           : chat_unban(chat, &dialogue->session, room, mask, mute);
    refuse(dialogue, request, refusal,
           refusal == NOT_OPERATOR || refusal == LIST_FULL ? text_of(room->name)
                                                           : mask);
    return REFUSED_NOTHING;
}

enum refusal do_ban(struct dialogue *dialogue, const struct request *request) {
    return change_list(dialogue, request, true, false);
}

enum refusal do_unban(struct dialogue *dialogue,
                      const struct request *request) {
    return change_list(dialogue, request, false, false);
}

enum refusal do_mute(struct dialogue *dialogue, const struct request *request) {
    return change_list(dialogue, request, true, true);
}

enum refusal do_unmute(struct dialogue *dialogue,
                       const struct request *request) {
    return change_list(dialogue, request, false, true);
}

enum refusal do_private(struct dialogue *dialogue,
                        const struct request *request) {
    struct room *room = need_room(dialogue, request, request->args[0]);
    bool on = text_is(request->args[1], "on");
    if (!room) return REFUSED_NOTHING;
    if (!on && !text_is(request->args[1], "off")) return ARGUMENTS_MISSING;
    return chat_set_private(dialogue->house->chat, &dialogue->session, room,
                            on);
}

enum refusal do_op(struct dialogue *dialogue, const struct request *request) {
    struct room *room = need_room(dialogue, request, request->args[0]);
    struct user *user =
        room ? need_user(dialogue, request, request->args[1]) : NULL;
    struct text how = arg(request, 2);
    if (!user) return REFUSED_NOTHING;
    if (how.length && !text_is(how, "off")) return ARGUMENTS_WRONG;
    enum refusal refusal = chat_op(dialogue->house->chat, &dialogue->session,
                                   room, user, !how.length);
    refuse(dialogue, request, refusal,
           refusal == THEY_NOT_IN_ROOM ? text_of(user->name)
                                       : text_of(room->name));
    return REFUSED_NOTHING;
}
