#include "server/irc_past.h"

#include "protocol/timestamp.h"

struct way {
    const char *name;
    bool has_target;
    unsigned moments;
};

static const struct way ways[ASKS] = {
    [ASK_LATEST] = {"LATEST", true, 1},   [ASK_BEFORE] = {"BEFORE", true, 1},
    [ASK_AFTER] = {"AFTER", true, 1},     [ASK_AROUND] = {"AROUND", true, 1},
    [ASK_BETWEEN] = {"BETWEEN", true, 2}, [ASK_TARGETS] = {"TARGETS", false, 2},
};

const char *irc_past_name(enum ask ask) {
    return ways[ask].name ? ways[ask].name : "";
}

static bool find_way(struct text name, enum ask *ask) {
    for (*ask = 0; *ask < ASKS; (*ask)++)
        if (ways[*ask].name &&
            text_equals_folded(name, text_of(ways[*ask].name)))
            return true;
    return false;
}

/* Moments --------------------------------------------------------------- */

/* As msgid tags are written: an id in hexadecimal, lower case. */
bool irc_past_msgid(struct text text, struct moment *moment) {
    enum { DIGITS = 16 };
    uint64_t id = 0;
    if (!text.length || text.length > DIGITS) return false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        bool is_digit = c >= '0' && c <= '9', is_letter = c >= 'a' && c <= 'f';
        if (!is_digit && !is_letter) return false;
        id = id << 4 | (uint64_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    *moment = (struct moment){id, id};
    return id > 0 && id < INT64_MAX;
}

static bool read_time(struct text text, struct moment *moment) {
    int64_t when;
    if (!timestamp_read(text, &when)) return false;
    uint64_t next = kept_id_at(when + 1);
    *moment = (struct moment){kept_id_at(when), next ? next - 1 : 0};
    return true;
}

static enum past_fault read_moment(struct text text, bool may_be_id,
                                   struct moment *moment) {
    static const char timestamp[] = "timestamp=", msgid[] = "msgid=";
    bool fine = false;
    if (text_begins(text, timestamp))
        fine = read_time(text_after(text, sizeof timestamp - 1), moment);
    else if (text_begins(text, msgid))
        fine = may_be_id &&
               irc_past_msgid(text_after(text, sizeof msgid - 1), moment);
    else if (text_find(text, '=') < text.length)
        return PAST_KIND_UNKNOWN;
    return fine ? PAST_FINE : PAST_MOMENT_WRONG;
}

/* Ids that are left out; 0 would be no bound at all. */
static uint64_t bound(uint64_t id) {
    return id ? id : 1;
}

/* Forwards from the first moment, or backwards where it is the later one. */
static void set_between(struct question *question, struct moment from,
                        struct moment to) {
    bool forwards = from.first <= to.first;
    question->after = bound(forwards ? from.last : from.first);
    question->before = bound(forwards ? to.first : to.last);
    /* The two touch: nothing is between them. */
    if (forwards ? question->after >= question->before
                 : question->after <= question->before)
        question->before = question->after;
}

static void set_one(struct question *question, struct moment moment) {
    if (question->ask == ASK_BEFORE)
        question->before = bound(moment.first);
    else if (question->ask == ASK_AROUND)
        question->after = moment.first;
    else
        question->after = moment.last;
}

static enum past_fault read_moments(struct past *past,
                                    const struct text *args) {
    struct question *question = &past->question;
    const struct way *way = &ways[question->ask];
    struct moment moments[2] = {{0, 0}, {0, 0}};
    if (question->ask == ASK_LATEST && text_is(args[0], "*")) return PAST_FINE;
    for (unsigned i = 0; i < way->moments; i++) {
        past->wrong = args[i];
        enum past_fault fault =
            read_moment(args[i], way->has_target, &moments[i]);
        if (fault) return fault;
    }
    if (way->moments == 2)
        set_between(question, moments[0], moments[1]);
    else
        set_one(question, moments[0]);
    return PAST_FINE;
}

static bool read_limit(struct text text, unsigned *limit) {
    uint64_t number;
    if (!text_number(text, &number) || !number) return false;
    *limit = number < ARCHIVE_LIMIT ? (unsigned)number : ARCHIVE_LIMIT;
    return true;
}

enum past_fault irc_past_read(struct past *past, const struct text *args,
                              size_t count) {
    *past = (struct past){.wrong = count ? args[0] : text_of("")};
    enum ask *ask = &past->question.ask;
    if (!count) return PAST_TOO_LITTLE;
    if (!find_way(args[0], ask)) return PAST_COMMAND_UNKNOWN;
    size_t before = 1 + ways[*ask].has_target;
    size_t expected = before + ways[*ask].moments + 1;
    if (count < expected) return PAST_TOO_LITTLE;
    if (count > expected) return PAST_TOO_MUCH;
    if (ways[*ask].has_target) past->target = args[1];
    enum past_fault fault = read_moments(past, args + before);
    if (fault) return fault;
    past->wrong = args[count - 1];
    return read_limit(past->wrong, &past->question.limit) ? PAST_FINE
                                                          : PAST_LIMIT_WRONG;
}
