/* Who may not enter a room, or not speak in it. */
#include <string.h>

#include "protocol/duration.h"
#include "server/commands_deeds.h"
#include "server/commands_inside.h"

/* Terms: how long, and why ------------------------------------------------- */

/* "15m", "ever"; 0: until it is lifted. */
static bool read_end(struct text word, int64_t now, int64_t *until) {
    int64_t lasts;
    bool ever = text_equals_folded(word, text_of("ever"));
    if (ever) *until = 0;
    if (ever || !duration_read(word, &lasts)) return ever;
    *until = now + lasts;
    return true;
}

/* All arguments from there on, as they were written. */
static struct text rest_from(const struct request *request, size_t first) {
    if (request->count <= first) return text_of("");
    struct text rest = request->args[first];
    struct text last = request->args[request->count - 1];
    rest.length = (size_t)(last.at + last.length - rest.at);
    return text_trim(rest);
}

/* A program may say ":for 2h too loud" or "for 2h :too loud". */
static struct text without_colon(struct text text) {
    return text_begins(text, ":") ? text_after(text, 1) : text;
}

static bool is_number(struct text word) {
    return word.length && word.at[0] >= '0' && word.at[0] <= '9';
}

bool commands_read_terms(const struct dialogue *dialogue,
                         const struct request *request, size_t first,
                         struct banning *banning, char memory[REASON_SIZE],
                         struct text *wrong) {
    struct text rest = without_colon(rest_from(request, first));
    struct text after = rest;
    if (text_equals_folded(text_word(&after), text_of("for"))) {
        *wrong = text_word(&after);
        bool is_end =
            read_end(*wrong, dialogue->house->chat->now, &banning->until);
        if (!is_end && is_number(*wrong)) return false;
        if (is_end) rest = without_colon(after);
    }
    banning->reason = commands_clean(rest, memory, REASON_SIZE - 1);
    return true;
}

void commands_tell_ban(struct dialogue *dialogue, const struct room *room) {
    char memory[BAN_REASON_SIZE + DURATION_SIZE + 16];
    struct writer terms = writer_on(memory, sizeof memory);
    const struct ban *ban =
        room ? chat_ban_of(room, dialogue->session.user, false) : NULL;
    if (!ban) return;
    ban_write_terms(&terms, ban->until, text_of(ban->reason),
                    dialogue->house->chat->now);
    if (!terms.length) return;
    dialogue_tell(dialogue, "banned from %s by %s%.*s", room->name, ban->by,
                  (int)terms.length, memory);
}

/* The deeds ---------------------------------------------------------------- */

static enum refusal change(struct dialogue *dialogue,
                           const struct request *request, struct room *room,
                           bool on, bool mute, struct text *subject) {
    struct chat *chat = dialogue->house->chat;
    struct banning banning = {.mask = request->args[1], .mute = mute};
    char reason[REASON_SIZE];
    *subject = banning.mask;
    if (!on)
        return chat_unban(chat, &dialogue->session, room, banning.mask, mute);
    if (!commands_read_terms(dialogue, request, 2, &banning, reason, subject))
        return ARGUMENTS_WRONG;
    *subject = banning.mask;
    return chat_ban(chat, &dialogue->session, room, &banning);
}

static enum refusal change_list(struct dialogue *dialogue,
                                const struct request *request, bool on,
                                bool mute) {
    struct text subject;
    struct room *room = commands_room(dialogue, request, request->args[0]);
    if (!room) return REFUSED_NOTHING;
    if (!dialogue_may_see(dialogue, room)) return NOT_IN_ROOM;
    if (request->count < 2) {
        dialogue->dialect->tell_bans(dialogue, room, mute);
        return REFUSED_NOTHING;
    }
    enum refusal refusal = change(dialogue, request, room, on, mute, &subject);
    if (refusal == NOT_OPERATOR || refusal == LIST_FULL)
        subject = text_of(room->name);
    commands_refuse(dialogue, request, refusal, subject);
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
