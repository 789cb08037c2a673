/* CHATHISTORY: ircv3.net/specs/extensions/chathistory. */
#include <string.h>

#include "protocol/timestamp.h"
#include "server/irc.h"
#include "server/irc_past.h"
#include "server/reading.h"
#include "server/recount.h"

enum { WHAT_SIZE = 128, TAG_NUMBER = 24 };

/* How many are left out before the first line of a page, or after its last. */
#define LEFT_TAG "minichat/left"

/* What is wrong ---------------------------------------------------------- */

static const struct fault {
    const char *code, *words;
    bool about; /* the argument that is wrong is named, too */
} faults[] = {
    [PAST_COMMAND_UNKNOWN] = {"INVALID_PARAMS", "Unknown command", false},
    [PAST_TOO_LITTLE] = {"INVALID_PARAMS", "Insufficient parameters", false},
    [PAST_TOO_MUCH] = {"INVALID_PARAMS", "Too many parameters", false},
    [PAST_MOMENT_WRONG] = {"INVALID_PARAMS",
                           "Invalid timestamp or message reference", true},
    [PAST_KIND_UNKNOWN] = {"INVALID_MSGREFTYPE",
                           "References are timestamp= or msgid=", true},
    [PAST_LIMIT_WRONG] = {"INVALID_PARAMS", "Invalid limit", true},
};

static void fail(struct dialogue *dialogue, const struct request *request,
                 enum past_fault which, const struct past *past) {
    const struct fault *fault = &faults[which];
    struct text about[3] = {request->count ? request->args[0] : text_of("*")};
    size_t count = 1;
    if (which == PAST_KIND_UNKNOWN) about[count++] = past->target;
    if (fault->about) about[count++] = past->wrong;
    irc_fail_about(dialogue, "CHATHISTORY", fault->code, about, count,
                   fault->words);
}

static void fail_target(struct dialogue *dialogue, const char *code,
                        enum ask ask, struct text target) {
    const struct text about[] = {text_of(irc_past_name(ask)), target};
    irc_fail_about(dialogue, "CHATHISTORY", code, about, target.length ? 2 : 1,
                   "Messages could not be retrieved");
}

/* Lines ------------------------------------------------------------------ */

static void tell_one(const struct irc_batch *batch, const struct kept *kept) {
    static char bytes[RENDER_SIZE];
    struct recounted recounted;
    struct writer writer = writer_on(bytes, sizeof bytes);
    recount(&recounted, batch->dialogue, kept);
    recount_write(&writer, batch->dialogue, &recounted.event);
    irc_batch_add(batch, writer_text(&writer));
}

/* What stands beside the lines, up to this id. */
static void tell_beside(const struct irc_batch *batch, struct reading *reading,
                        uint64_t before) {
    while (reading->beside_count && kept_anchor(reading->beside) < before) {
        tell_one(batch, reading->beside++);
        reading->beside_count--;
    }
}

/* What does not fit is left out, too, and at the same end. */
static struct text left_tag(const struct answer *answer,
                            const struct reading *reading, char *to,
                            size_t size) {
    struct writer writer = writer_on(to, size);
    size_t left = answer->left + answer->count - reading->count;
    if (answer->question->counts) write_format(&writer, LEFT_TAG "=%zu", left);
    return writer_text(&writer);
}

void irc_tell_past(struct dialogue *dialogue, const struct answer *answer,
                   const char *what) {
    struct reading reading = reading_fit(dialogue, answer);
    bool backwards = answer->question->ask == ASK_SEARCH;
    struct irc_batch batch;
    char tag[sizeof LEFT_TAG + TAG_NUMBER];
    irc_batch_open_with(&batch, dialogue,
                        left_tag(answer, &reading, tag, sizeof tag), what);
    for (size_t i = 0; i < reading.count; i++) {
        const struct kept *kept =
            &reading.kept[backwards ? reading.count - 1 - i : i];
        tell_beside(&batch, &reading, kept->id);
        tell_one(&batch, kept);
    }
    tell_beside(&batch, &reading, UINT64_MAX);
    irc_batch_close(&batch);
}

static void tell_lines(struct dialogue *dialogue, const struct answer *answer,
                       struct text target) {
    char what[WHAT_SIZE];
    struct writer writer = writer_on(what, sizeof what - 1);
    if (answer->outcome != ANSWERED) {
        fail_target(dialogue, "MESSAGE_ERROR", answer->question->ask, target);
        return;
    }
    write_string(&writer, "chathistory ");
    write_text(&writer, target);
    what[writer.length] = '\0';
    irc_tell_past(dialogue, answer, what);
}

static bool find_place(const struct dialogue *dialogue, struct past *past) {
    struct question *question = &past->question;
    const struct room *room;
    if (!text_begins(past->target, "#"))
        return dialogue->session.user->account[0] &&
               !dialogue_is_limited(dialogue) && name_valid(past->target) &&
               text_copy(past->target, question->whom, sizeof question->whom);
    if (!reading_room(dialogue, past->target, &question->places[0], &room))
        return false;
    question->places_count = 1;
    past->target = text_of(room->name);
    return true;
}

/* Is there an end to what is asked for? Else much would have to be counted for
 * each page of one who scrolls. */
static bool is_bounded(const struct question *question) {
    return question->ask == ASK_AFTER || question->ask == ASK_BETWEEN ||
           (question->ask == ASK_LATEST && question->after);
}

static enum refusal ask_lines(struct dialogue *dialogue, struct past *past) {
    past->question.events = dialogue->caps & cap_bit(CAP_EVENT_PLAYBACK);
    past->question.counts = dialogue->caps & cap_bit(CAP_MESSAGE_TAGS) &&
                            is_bounded(&past->question);
    past->question.redactions = dialogue->caps & cap_bit(CAP_REDACTION);
    past->question.reactions =
        dialogue->caps & cap_bit(CAP_MESSAGE_TAGS) &&
        dialogue->caps & (cap_bit(CAP_EVENT_PLAYBACK) | cap_bit(CAP_REACTIONS));
    if (find_place(dialogue, past))
        return dialogue_ask(dialogue, &past->question, tell_lines,
                            past->target);
    fail_target(dialogue, "INVALID_TARGET", past->question.ask, past->target);
    return REFUSED_NOTHING;
}

/* Targets ---------------------------------------------------------------- */

static void tell_target(const struct irc_batch *batch,
                        const struct kept *kept) {
    char memory[IRCMSG_BODY], name[IRC_SERVER_SIZE], when[TIMESTAMP_SIZE];
    struct writer writer = writer_on(memory, sizeof memory);
    struct text target = kept->room.length ? kept->room : kept->whom;
    if (!room_valid(target) && !name_valid(target)) return;
    timestamp_write(kept->when, when);
    write_format(&writer, ":%s CHATHISTORY TARGETS %.*s %s\r\n",
                 irc_server_name(batch->dialogue, name), (int)target.length,
                 target.at, when);
    irc_batch_add(batch, writer_text(&writer));
}

static void tell_targets(struct dialogue *dialogue, const struct answer *answer,
                         struct text line) {
    struct irc_batch batch;
    if (answer->outcome != ANSWERED) {
        fail_target(dialogue, "MESSAGE_ERROR", ASK_TARGETS, line);
        return;
    }
    irc_batch_open(&batch, dialogue, "draft/chathistory-targets");
    for (size_t i = 0; i < answer->count; i++)
        tell_target(&batch, &answer->kept[i]);
    irc_batch_close(&batch);
}

enum refusal irc_chathistory(struct dialogue *dialogue,
                             const struct request *request) {
    struct past past;
    if (!dialogue->house->archive) return NO_HISTORY;
    enum past_fault fault = irc_past_read(&past, request->args, request->count);
    if (fault) {
        fail(dialogue, request, fault, &past);
        return REFUSED_NOTHING;
    }
    if (past.question.ask != ASK_TARGETS) return ask_lines(dialogue, &past);
    reading_rooms(dialogue, &past.question);
    return dialogue_ask(dialogue, &past.question, tell_targets, text_of(""));
}
