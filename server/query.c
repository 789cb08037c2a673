#include "server/query.h"

#include "protocol/timestamp.h"
#include "protocol/writer.h"

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    DAYS_MOST = 100000,
    PREFIX_LEAST = 4, /* bytes before a '*': less begins too many words */
};

/* A date is a stretch of time: a day, or one moment. */
struct span {
    int64_t begin, end;
};

static struct span day_of(int64_t when) {
    int64_t begin = when - when % DAY_MS;
    return (struct span){begin, begin + DAY_MS};
}

static bool read_ago(struct text text, int64_t now, struct span *span) {
    uint64_t days;
    if (text.length == 0 || text_fold(text.at[text.length - 1]) != 'd')
        return false;
    if (!text_number(text_slice(text.at, text.length - 1), &days)) return false;
    if (days > DAYS_MOST) return false;
    int64_t when = now - (int64_t)days * DAY_MS;
    *span = (struct span){when, when};
    return true;
}

/* YYYY-MM-DD, or RFC 3339. */
static bool read_written(struct text text, struct span *span) {
    char whole[TIMESTAMP_SIZE];
    struct writer writer = writer_on(whole, sizeof whole);
    int64_t when;
    write_text(&writer, text);
    write_string(&writer, "T00:00:00Z");
    if (!writer.full && timestamp_read(writer_text(&writer), &when)) {
        *span = (struct span){when, when + DAY_MS};
        return true;
    }
    if (!timestamp_read(text, &when)) return false;
    *span = (struct span){when, when};
    return true;
}

static bool read_date(struct text text, int64_t now, struct span *span) {
    *span = day_of(now);
    if (text_equals_folded(text, text_of("today"))) return true;
    *span = day_of(now - DAY_MS);
    if (text_equals_folded(text, text_of("yesterday"))) return true;
    return read_ago(text, now, span) || read_written(text, span);
}

/* What is said with a key ---------------------------------------------- */

static int64_t at_least_one(int64_t when) {
    return when > 0 ? when : 1;
}

static bool set_from(struct query *query, struct text value, int64_t now) {
    (void)now;
    return !query->from[0] && name_valid(value) &&
           text_copy(value, query->from, sizeof query->from);
}

static bool set_in(struct query *query, struct text value, int64_t now) {
    (void)now;
    return !query->in[0] && (room_valid(value) || name_valid(value)) &&
           text_copy(value, query->in, sizeof query->in);
}

static bool set_before(struct query *query, struct text value, int64_t now) {
    struct span span;
    if (query->before || !read_date(value, now, &span)) return false;
    query->before = at_least_one(span.begin);
    return true;
}

static bool set_after(struct query *query, struct text value, int64_t now) {
    struct span span;
    if (query->after || !read_date(value, now, &span)) return false;
    query->after = at_least_one(span.end);
    return true;
}

static const struct key {
    const char *name;
    bool (*set)(struct query *, struct text value, int64_t now);
} keys[] = {
    {"from:", set_from},
    {"in:", set_in},
    {"before:", set_before},
    {"after:", set_after},
};

static const struct key *find_key(struct text word) {
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (text_begins_folded(word, keys[i].name)) return &keys[i];
    return NULL;
}

/* What is to be found --------------------------------------------------- */

/* An FTS5 string: between quotes, with those inside doubled. */
static void quote(struct writer *match, struct text words) {
    if (match->length > 0) write_char(match, ' ');
    write_char(match, '"');
    for (size_t i = 0; i < words.length; i++) {
        if (words.at[i] == '"') write_char(match, '"');
        write_char(match, words.at[i]);
    }
    write_char(match, '"');
}

static void quote_word(struct writer *match, struct text word) {
    size_t length = word.length;
    while (length > 0 && word.at[length - 1] == '*')
        length--;
    quote(match, text_slice(word.at, length));
    if (length < word.length && length >= PREFIX_LEAST) write_char(match, '*');
}

/* One that is not closed goes up to the end. */
static struct text take_phrase(struct text *rest) {
    *rest = text_after(*rest, 1);
    struct text phrase = text_piece(rest, '"');
    *rest = text_trim(*rest);
    return phrase;
}

struct reading {
    struct query *query;
    struct writer match;
    int64_t now;
    unsigned words;
};

static bool take_word(struct reading *reading, struct text word) {
    const struct key *key = find_key(word);
    if (key)
        return key->set(reading->query,
                        text_after(word, text_find(word, ':') + 1),
                        reading->now);
    quote_word(&reading->match, word);
    return true;
}

static bool take_one(struct reading *reading, struct text *rest,
                     struct text *taken) {
    if (++reading->words > QUERY_WORDS) return false;
    if (rest->at[0] != '"') {
        *taken = text_word(rest);
        return take_word(reading, *taken);
    }
    *taken = take_phrase(rest);
    quote(&reading->match, *taken);
    return true;
}

bool query_read(struct query *query, struct text words, int64_t now,
                struct text *wrong) {
    struct reading reading = {
        .query = query,
        .match = writer_on(query->match, sizeof query->match - 1),
        .now = now};
    struct text rest = text_trim(words);
    *query = (struct query){0};
    *wrong = rest;
    if (rest.length == 0) return false;
    if (text_find(rest, '\0') < rest.length) return false;
    while (rest.length > 0) {
        *wrong = rest;
        if (!take_one(&reading, &rest, wrong)) return false;
    }
    query->match[reading.match.length] = '\0';
    return !reading.match.full;
}
