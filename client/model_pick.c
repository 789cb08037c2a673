/* A message that is pointed at, and what we do with lines: ours and others'. */
#include <stdlib.h>
#include <string.h>

#include "client/cluster.h"
#include "client/emoji.h"
#include "client/model_parts.h"
#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "protocol/writer.h"

static const char *const USUAL[] = {"👍", "❤️", "😂", "🎉",
                                    "👀", "🙏",      "✅", "😮"};

void pick_init(struct pick *pick) {
    *pick = (struct pick){0};
    for (size_t i = 0; i < PICK_RECENT; i++)
        text_copy(text_of(USUAL[i]), pick->recent[i], SESSION_REACTION_SIZE);
}

void model_pick(struct model *model, uint64_t number) {
    if (!model->current) return;
    if (model->pick.reacts) menu_close(&model->menu);
    model->pick.reacts = model->pick.sure = false;
    model->current->picked = number;
    model->stale = true;
}

const struct message *model_picked(const struct model *model) {
    const struct buffer *buffer = model->current;
    return buffer ? buffer_message(buffer, buffer->picked) : NULL;
}

static bool is_said(const struct message *message) {
    return message->kind == MESSAGE_SAID || message->kind == MESSAGE_ACTED ||
           message->kind == MESSAGE_NOTICED;
}

static bool is_operator(const struct buffer *buffer) {
    const struct member *us =
        members_find(&buffer->members, text_of(buffer->network->nick));
    return us && member_rank(us) < MEMBER_RANKS - 2; /* more than a voice */
}

static const char *reason_not_to_react(const struct session *session,
                                       const struct message *message,
                                       enum act act) {
    if (!session_may_react(session)) return "this server takes no reactions";
    bool ours = message->reactions && reactions_own(message->reactions);
    return act == ACT_UNREACT && !ours ? "you have not reacted to it" : NULL;
}

static const char *reason_not_to_redact(const struct buffer *buffer,
                                        const struct message *message) {
    if (!session_can(buffer->network->session, CAP_REDACTION))
        return "this server takes nothing back";
    if (message->own || is_operator(buffer)) return NULL;
    return "it is not yours to take back";
}

const char *model_reason_not_to(const struct buffer *buffer,
                                const struct message *message, enum act act) {
    const struct network *network = buffer->network;
    if (!is_said(message)) return "nobody has said this";
    if (message->redacted) return "it was taken back";
    if (act == ACT_REPLY) return NULL;
    if (act == ACT_CORRECT)
        return message->own ? NULL : "this is not yours to correct";
    if (!network->online || !network->session)
        return "not connected: this waits for the server";
    if (message->msgid.length == 0)
        return "the server gave this line no name to speak of it by";
    if (act == ACT_REDACT) return reason_not_to_redact(buffer, message);
    return reason_not_to_react(network->session, message, act);
}

/* Without anything picked: what is meant most probably. */
static bool is_likely(const struct message *message, enum act act) {
    bool ours = act == ACT_REDACT || act == ACT_CORRECT;
    if (!is_said(message) || message->redacted) return false;
    if (act == ACT_UNREACT)
        return message->reactions && reactions_own(message->reactions);
    return message->own == ours;
}

/* Best one that can be named to the server. */
const struct message *model_line_for(const struct buffer *buffer,
                                     enum act act) {
    const struct message *message = buffer_message(buffer, buffer->picked);
    const struct message *likely = NULL;
    if (message) return message;
    for (uint64_t n = buffer->last; n >= buffer->first; n--) {
        message = buffer_message(buffer, n);
        if (!is_likely(message, act)) continue;
        if (message->msgid.length > 0) return message;
        if (!likely) likely = message;
    }
    return likely;
}

bool model_may_tell(const struct buffer *buffer,
                    const struct message *message) {
    const struct session *session = buffer->network->session;
    if (message->msgid.length == 0) return false;
    return !session || session_may_reply(session);
}

/* "ben: " before the draft: who cannot be told otherwise whom we mean. */
static void speak_to(struct buffer *buffer, struct text nick) {
    char words[MESSAGE_NAME_MAX + 4];
    struct writer writer = writer_on(words, sizeof words);
    write_text(&writer, nick);
    write_string(&writer, ": ");
    struct text name = writer_text(&writer);
    struct text draft = editor_text(&buffer->editor);
    bool there = draft.length >= name.length &&
                 text_equals(text_slice(draft.at, name.length), name);
    if (!there) editor_replace(&buffer->editor, 0, 0, name);
    editor_go_to(&buffer->editor, editor_text(&buffer->editor).length);
}

void model_start_reply(struct model *model, struct buffer *buffer,
                       const struct message *message) {
    model->stale = true;
    if (model_may_tell(buffer, message))
        buffer_set_reply(buffer, message->msgid);
    else
        speak_to(buffer, message->nick);
}

bool model_start_correction(struct model *model, struct buffer *buffer,
                            const struct message *message) {
    model->stale = true;
    if (editor_text(&buffer->editor).length > 0) return false;
    if (!editor_set(&buffer->editor, message->body)) return false;
    buffer_set_reply(buffer, model_may_tell(buffer, message) ? message->msgid
                                                             : text_of(""));
    buffer->corrects = true;
    return true;
}

/* What others read, in whatever client: the line again, and that it is. */
static bool say_corrected(struct model *model, struct buffer *buffer,
                          enum news_kind kind, struct text body,
                          struct text reply) {
    static const char note[] = " (corrected)";
    size_t size = body.length + sizeof note;
    char *whole = memory_new(size, 1);
    struct writer writer = writer_on(whole, size);
    write_text(&writer, body);
    write_string(&writer, note);
    bool said =
        model_answer(model, buffer->network, kind, text_of(buffer->name),
                     writer_text(&writer), reply);
    free(whole);
    return said;
}

bool model_say_here(struct model *model, struct buffer *buffer,
                    enum news_kind kind, struct text body) {
    struct text reply = text_of(buffer->reply ? buffer->reply : "");
    bool said = buffer->corrects
                    ? say_corrected(model, buffer, kind, body, reply)
                    : model_answer(model, buffer->network, kind,
                                   text_of(buffer->name), body, reply);
    if (said) buffer_set_reply(buffer, text_of(""));
    return said;
}

/* The one used last comes first. */
static void remember(struct pick *pick, struct text reaction) {
    size_t at = 0;
    char kept[SESSION_REACTION_SIZE];
    text_copy(reaction, kept, sizeof kept);
    while (at + 1 < PICK_RECENT && !text_is(reaction, pick->recent[at]))
        at++;
    memmove(pick->recent + 1, pick->recent, at * sizeof pick->recent[0]);
    memcpy(pick->recent[0], kept, sizeof kept);
}

/* ":tada:" and "tada" mean the emoji. */
static struct text meant(struct text reaction) {
    struct text name = reaction;
    const struct emoji *emoji;
    if (name.length > 2 && name.at[0] == ':' && name.at[name.length - 1] == ':')
        name = text_slice(name.at + 1, name.length - 2);
    for (size_t n = 0; (emoji = emoji_find(name, n)); n++)
        if (text_is(name, emoji->name)) return text_of(emoji->bytes);
    return reaction;
}

const char *model_react(struct model *model, struct buffer *buffer,
                        const struct message *message, struct text reaction) {
    const char *why = model_reason_not_to(buffer, message, ACT_REACT);
    if (why) return why;
    reaction = meant(reaction);
    if (reaction.length == 0 || reaction.length >= SESSION_REACTION_SIZE)
        return "a reaction is an emoji, or a word";
    remember(&model->pick, reaction);
    session_react(buffer->network->session, text_of(buffer->name),
                  message->msgid, reaction, true);
    return NULL;
}

const char *model_unreact(struct buffer *buffer, const struct message *message,
                          struct text reaction) {
    const char *why = model_reason_not_to(buffer, message, ACT_UNREACT);
    if (why) return why;
    reaction = reaction.length > 0 ? meant(reaction)
                                   : text_of(reactions_own(message->reactions));
    session_react(buffer->network->session, text_of(buffer->name),
                  message->msgid, reaction, false);
    return NULL;
}

const char *model_redact(struct buffer *buffer, const struct message *message,
                         struct text reason) {
    const char *why = model_reason_not_to(buffer, message, ACT_REDACT);
    if (why) return why;
    buffer->network->asked = buffer;
    session_redact(buffer->network->session, text_of(buffer->name),
                   message->msgid, reason);
    return NULL;
}

/* Choosing a reaction ------------------------------------------------------ */

static struct text words_of(const struct pick *pick) {
    return text_slice(pick->words, pick->length);
}

/* Lately used ones, or those whose name begins so; and what was typed, as it
 * is. */
static void gather(struct model *model) {
    struct pick *pick = &model->pick;
    struct text words = words_of(pick);
    const struct emoji *emoji;
    menu_close(&model->menu);
    model->menu.index = 0;
    for (size_t i = 0; words.length == 0 && i < PICK_RECENT; i++)
        menu_add(&model->menu, text_of(pick->recent[i]), text_of(""));
    for (size_t n = 0; words.length > 0 && (emoji = emoji_find(words, n)); n++)
        menu_add(&model->menu, text_of(emoji->bytes), text_of(emoji->name));
    if (words.length > 0) menu_add(&model->menu, words, text_of("as it is"));
}

void model_choose(struct model *model) {
    model->pick.reacts = true;
    model->pick.length = 0;
    model->stale = true;
    gather(model);
}

void model_choose_type(struct model *model, struct text text) {
    struct pick *pick = &model->pick;
    char clean[4 * SESSION_REACTION_SIZE];
    text.length = text.length < SESSION_REACTION_SIZE ? text.length : 0;
    if (pick->length == 0 && text_is(text, ":")) return; /* ":tada" */
    size_t length = utf8_plain(text, clean, sizeof clean);
    if (pick->length + length >= SESSION_REACTION_SIZE) return;
    memcpy(pick->words + pick->length, clean, length);
    pick->length += length;
    model->stale = true;
    gather(model);
}

void model_choose_rub(struct model *model) {
    struct pick *pick = &model->pick;
    pick->length = cluster_before(words_of(pick), pick->length);
    model->stale = true;
    gather(model);
}

void model_choose_step(struct model *model, int step) {
    struct menu *menu = &model->menu;
    size_t count = menu->count;
    model->stale = true;
    if (count > 0)
        menu->index = (menu->index + (step > 0 ? 1 : count - 1)) % count;
}

const char *model_choose_end(struct model *model, bool take) {
    const struct menu *menu = &model->menu;
    const struct message *message = model_picked(model);
    const char *why = NULL;
    if (take && message && menu->count > 0)
        why = model_react(model, model->current, message,
                          text_of(menu->list[menu->index].text));
    model->pick.reacts = false;
    menu_close(&model->menu);
    model->stale = true;
    return why;
}
