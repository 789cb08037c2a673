/* What was said, for people: /history and /search. The lines are those that
 * were heard, with the time in front. */
#include "server/plain.h"
#include "server/query.h"
#include "server/reading.h"
#include "server/recount.h"

enum { HISTORY_SHOWN = 20, SEARCH_SHOWN = 50 };

/* Lines ------------------------------------------------------------------ */

/* Not all that is kept is for people: CTCP is not. */
static unsigned view_of(const struct dialogue *dialogue,
                        const struct event *event) {
    unsigned view = plain_variant(dialogue, event);
    return view == VARIANT_SILENT
               ? view
               : view & ~((unsigned)PLAIN_TIME | (unsigned)PLAIN_NAMED);
}

static bool is_shown(const struct dialogue *dialogue, const struct kept *kept) {
    struct recounted recounted;
    recount(&recounted, dialogue, kept);
    return view_of(dialogue, &recounted.event) != VARIANT_SILENT;
}

/* everywhere: the room stands in front, also where it is the current one. */
static void show(struct dialogue *dialogue, const struct kept *kept,
                 bool everywhere) {
    static char bytes[RENDER_SIZE];
    struct writer writer = writer_on(bytes, sizeof bytes);
    struct recounted recounted;
    recount(&recounted, dialogue, kept);
    unsigned view = view_of(dialogue, &recounted.event);
    if (view == VARIANT_SILENT) return;
    if (everywhere) view &= ~(unsigned)PLAIN_HERE;
    plain_write_past(&writer, &recounted.event, view,
                     dialogue->house->chat->now);
    dialogue_send(dialogue, line_new(writer_text(&writer)));
}

static size_t count_shown(const struct dialogue *dialogue,
                          const struct reading *reading) {
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++)
        count += is_shown(dialogue, &reading->kept[i]);
    return count;
}

static const char *lines(size_t count) {
    return count == 1 ? "line" : "lines";
}

/* /history --------------------------------------------------------------- */

static void tell_history(struct dialogue *dialogue, const struct answer *answer,
                         struct text target) {
    if (answer->outcome != ANSWERED) {
        plain_refuse(dialogue, NULL, HISTORY_FAILED, target);
        return;
    }
    struct reading reading = reading_fit(dialogue, answer);
    size_t count = count_shown(dialogue, &reading);
    const char *of = text_begins(target, "#") ? "of" : "with";
    if (!count) {
        plain_say(dialogue, "= no history %s %.*s yet", of, (int)target.length,
                  target.at);
        return;
    }
    plain_say(dialogue, "= history %s %.*s, %zu %s", of, (int)target.length,
              target.at, count, lines(count));
    for (size_t i = 0; i < reading.count; i++)
        show(dialogue, &reading.kept[i], false);
    plain_say(dialogue, "= end of history");
}

enum refusal plain_find_place(const struct dialogue *dialogue,
                              struct question *question, struct text *target) {
    const struct room *room;
    if (text_begins(*target, "#")) {
        if (!dialogue_may_enter(dialogue, *target)) return ROOM_NOT_ALLOWED;
        if (!reading_room(dialogue, *target, &question->places[0], &room))
            return room && chat_seat(dialogue->session.user, room)
                       ? NO_HISTORY_OF_GUESTS
                       : NOT_IN_ROOM;
        question->places_count = 1;
        *target = text_of(room->name);
        return REFUSED_NOTHING;
    }
    if (!dialogue->session.user->account[0]) return NO_HISTORY_OF_GUESTS;
    if (dialogue_is_limited(dialogue)) return ROOM_NOT_ALLOWED;
    bool is_name = name_valid(*target) &&
                   text_copy(*target, question->whom, sizeof question->whom);
    return is_name ? REFUSED_NOTHING : ARGUMENTS_WRONG;
}

/* [ROOM|NAME] [N] [all]: no name begins with a digit. */
static bool read_arguments(const struct request *request,
                           struct question *question, struct text *target) {
    size_t i = 0;
    uint64_t number = HISTORY_SHOWN;
    struct text first = request->count ? request->args[0] : text_of("all");
    bool is_digits = first.length && first.at[0] >= '0' && first.at[0] <= '9';
    if (!is_digits && !text_is(first, "all")) *target = request->args[i++];
    if (i < request->count && !text_is(request->args[i], "all") &&
        !text_number(request->args[i++], &number))
        return false;
    question->events = i < request->count && text_is(request->args[i], "all");
    question->limit = number < ARCHIVE_LIMIT ? (unsigned)number : ARCHIVE_LIMIT;
    return number > 0 && i + question->events == request->count;
}

enum refusal plain_history(struct dialogue *dialogue,
                           const struct request *request) {
    const struct room *here = plain_here(dialogue);
    struct question question = {.ask = ASK_LATEST};
    struct text target = text_of(here ? here->name : "");
    if (!dialogue->house->archive) return NO_HISTORY;
    if (!read_arguments(request, &question, &target)) return ARGUMENTS_WRONG;
    if (!target.length) return IN_NO_ROOM;
    enum refusal refusal = plain_find_place(dialogue, &question, &target);
    if (refusal) return refusal;
    return dialogue_ask(dialogue, &question, tell_history, target);
}

/* /search ---------------------------------------------------------------- */

/* The newest comes last, nearest to where one types. */
static void tell_found(struct dialogue *dialogue, const struct reading *found,
                       struct text words) {
    char memory[DIALECT_LINE];
    struct writer writer = writer_on(memory, sizeof memory);
    size_t count = count_shown(dialogue, found);
    for (size_t i = found->count; i > 0; i--)
        show(dialogue, &found->kept[i - 1], true);
    if (count)
        write_format(&writer, "%s%zu %s found for ",
                     count < SEARCH_SHOWN ? "" : "the newest ", count,
                     lines(count));
    else
        write_string(&writer, "nothing found for ");
    plain_write_text(&writer, words);
    plain_say(dialogue, "= %.*s", (int)writer.length, memory);
}

static void tell_search(struct dialogue *dialogue, const struct answer *answer,
                        struct text words) {
    if (answer->outcome == ANSWER_WRONG) {
        plain_refuse(dialogue, NULL, SEARCH_WRONG, words);
    } else if (answer->outcome == ANSWER_FAILED) {
        plain_refuse(dialogue, NULL, HISTORY_FAILED, words);
    } else {
        const struct reading found = reading_fit(dialogue, answer);
        tell_found(dialogue, &found, words);
    }
}

/* What the archive would only call wrong is refused here, by its word. */
static bool may_search(struct dialogue *dialogue, const struct request *request,
                       struct text words) {
    struct query query;
    struct readable readable;
    struct text wrong;
    if (!query_read(&query, words, dialogue->house->chat->now, &wrong)) {
        plain_refuse(dialogue, request, SEARCH_WRONG, wrong);
        return false;
    }
    struct text in = text_of(query.in);
    if (!text_begins(in, "#") || reading_room(dialogue, in, &readable, NULL))
        return true;
    plain_refuse(dialogue, request, NOT_IN_ROOM, in);
    return false;
}

enum refusal plain_search(struct dialogue *dialogue,
                          const struct request *request) {
    const struct house *house = dialogue->house;
    struct question question = {.ask = ASK_SEARCH, .limit = SEARCH_SHOWN};
    struct text words = text_trim(request->args[0]);
    if (!house->archive) return NO_HISTORY;
    if (!house->config->keep.search) return NO_SEARCH;
    if (!dialogue->session.user->account[0]) return NO_HISTORY_OF_GUESTS;
    if (!text_copy(words, question.words, sizeof question.words))
        return TEXT_TOO_LONG;
    if (!may_search(dialogue, request, words)) return REFUSED_NOTHING;
    reading_rooms(dialogue, &question);
    return dialogue_ask(dialogue, &question, tell_search, words);
}
