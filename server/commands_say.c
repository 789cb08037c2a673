#include <string.h>

#include "protocol/utf8.h"
#include "server/commands.h"
#include "server/commands_deeds.h"
#include "server/commands_inside.h"
#include "server/irc_past.h"
#include "server/nonces.h"
#include "server/recount.h"
#include "server/roster.h"

enum { CLEAN_SIZE = BODY_SIZE * 3 };

struct text commands_arg(const struct request *request, size_t n) {
    return n < request->count ? request->args[n] : text_of("");
}

/* A NOTICE is never answered, not even with a refusal: RFC 2812 3.3.2. */
void commands_refuse(struct dialogue *dialogue, const struct request *request,
                     enum refusal refusal, struct text subject) {
    bool is_notice = request->command->carry_out == do_notice;
    if (refusal && !is_notice)
        dialogue->dialect->refuse(dialogue, request, refusal, subject);
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
    commands_refuse(dialogue, request, refusal, target);
    return !refusal;
}

static bool say_one(struct dialogue *dialogue, enum happening happening,
                    const struct request *request, struct text target,
                    const struct saying *saying) {
    if (text_begins(target, "#"))
        return say_in(dialogue, happening, request, target, saying);
    struct user *user = chat_find_user(dialogue->house->chat, target);
    if (dialogue->session.user->muted) {
        commands_refuse(dialogue, request, YOU_ARE_SILENCED, target);
        return false;
    }
    if (user) say_to(dialogue, happening, user, saying);
    if (user || say_to_absent(dialogue, happening, target, saying)) return true;
    commands_refuse(dialogue, request, NO_SUCH_NAME, target);
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
    if (request.command)
        commands_refuse(dialogue, &request, refusal, text_of(""));
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
    if (!dialogue_waits(dialogue)) dialogue_drop_multiline(dialogue);
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

enum refusal commands_say(struct dialogue *dialogue,
                          const struct request *request,
                          enum happening happening,
                          const struct saying *clean) {
    char tags[IRCMSG_CLIENT_TAGS + 1], nonce[NONCE_SIZE];
    char emoji[REACTION_SIZE];
    struct text targets = commands_arg(request, 0);
    struct saying saying = *clean;
    saying.tags = client_tags(request->tags, tags, sizeof tags);
    saying.nonce = nonce_of(request->tags, nonce);
    if (happening == TAGGED)
        take_reaction(dialogue, request->tags, &saying, emoji);
    if (happening != TAGGED && asks_nonce(dialogue, saying.nonce))
        return REFUSED_NOTHING;
    for (int n = 0; targets.length; n++) {
        struct text target = text_piece(&targets, ',');
        if (n == COMMANDS_TARGETS) return TOO_MANY_TARGETS;
        if (say_one(dialogue, happening, request, target, &saying))
            saying.nonce.length = 0; /* it is the first one's */
    }
    return REFUSED_NOTHING;
}

static enum refusal say(struct dialogue *dialogue,
                        const struct request *request, enum happening happening,
                        struct text body) {
    static char clean[CLEAN_SIZE];
    if (!commands_arg(request, 0).length)
        return request->command->here ? IN_NO_ROOM : TARGET_MISSING;
    if (body.length >= BODY_SIZE) return TEXT_TOO_LONG;
    size_t length = utf8_clean(body, clean, sizeof clean);
    if (!length && happening != TAGGED) return TEXT_MISSING;
    const struct saying saying = {.body = text_slice(clean, length)};
    return commands_say(dialogue, request, happening, &saying);
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
    struct text body = commands_arg(request, 1);
    enum happening happening = is_action(&body) ? ACTED : SAID;
    return say(dialogue, request, happening, body);
}

enum refusal do_notice(struct dialogue *dialogue,
                       const struct request *request) {
    return say(dialogue, request, NOTICED, commands_arg(request, 1));
}

enum refusal do_tag(struct dialogue *dialogue, const struct request *request) {
    return say(dialogue, request, TAGGED, text_of(""));
}

enum refusal do_act(struct dialogue *dialogue, const struct request *request) {
    return say(dialogue, request, ACTED, commands_arg(request, 1));
}
