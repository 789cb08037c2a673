#include <string.h>
#include <time.h>

#include "protocol/writer.h"
#include "server/chores.h"
#include "server/history_inside.h"
#include "server/query.h"
#include "server/store.h"

enum {
    MATCH_SIZE = QUERY_MATCH_SIZE + 4096,
    LOOKS = 16 * ARCHIVE_LIMIT, /* at lines that are not there any more */
};

/* A search under way. The index knows places only by their tokens, and rowids
 * only in one stretch: rooms that may be read from the beginning are asked for
 * together, one that may be read from some line on by itself. */
struct search {
    struct inquiry *inquiry;
    struct query query;
    struct readable only; /* place 0: all */
    int64_t after, before, indexed;
    sqlite3_stmt *index, *tail;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static const struct readable *find_place(const struct question *question,
                                         int64_t place) {
    for (size_t i = 0; i < question->places_count; i++)
        if (question->places[i].place == place) return &question->places[i];
    return NULL;
}

/* May the line be told to who asks? The index is only believed so far. */
static bool may_read(struct inquiry *inquiry, int64_t place, int64_t id) {
    const struct readable *readable = find_place(inquiry->question, place);
    if (place > 0) return readable && (uint64_t)id >= readable->since;
    const struct venue *venue = inquiry_venue(inquiry, place);
    return inquiry->self > 0 && (strcmp(venue->low, inquiry->self_key) == 0 ||
                                 strcmp(venue->high, inquiry->self_key) == 0);
}

/* What is asked of the index -------------------------------------------- */

static void write_words(struct writer *match, const struct query *query) {
    if (!query->match[0]) return;
    write_format(match, "{body} : (%s) AND ", query->match);
}

static void write_author(struct writer *match, const struct query *query) {
    char token[CHORES_NAME_SIZE];
    if (!query->from[0]) return;
    write_string(match, "{meta} : ");
    write_text(match,
               text_slice(token, chores_name(text_of(query->from), token)));
    write_string(match, " AND ");
}

static void write_place(struct writer *match, int64_t place) {
    char token[CHORES_PLACE_SIZE];
    if (match->length > 0 && match->at[match->length - 1] != '(')
        write_string(match, " OR ");
    write_text(match, text_slice(token, chores_place(place, token)));
}

static void write_start(struct writer *match, const struct query *query) {
    write_words(match, query);
    write_author(match, query);
    write_string(match, "{meta} : (");
}

/* Looking --------------------------------------------------------------- */

static void add_line(struct inquiry *inquiry, int64_t id) {
    sqlite3_stmt *line = inquiry_ask(inquiry, LINE_BY_ID);
    sqlite3_bind_int64(line, 1, id);
    if (!inquiry_step(inquiry, line)) return;
    if (may_read(inquiry, sqlite3_column_int64(line, 1), id))
        inquiry_add_row(inquiry, line);
    sqlite3_reset(line);
}

/* Adds lines up to the limit, those of the tail counted. */
static void look(struct inquiry *inquiry, sqlite3_stmt *find, struct text match,
                 int64_t after, int64_t before, size_t most) {
    if (inquiry->failed || after >= before - 1) return;
    sqlite3_bind_text(find, 1, match.at, (int)match.length, SQLITE_STATIC);
    sqlite3_bind_int64(find, 2, after);
    sqlite3_bind_int64(find, 3, before);
    unsigned looks = 0;
    while (inquiry->recall->answer.count < most && looks++ < LOOKS &&
           inquiry_step(inquiry, find))
        add_line(inquiry, sqlite3_column_int64(find, 0));
    sqlite3_reset(find);
    sqlite3_clear_bindings(find);
}

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Finds up to the limit of those from `since` on: first what is not in the
 * index yet, for it is newer. */
static void find(struct search *search, struct writer *match, uint64_t since) {
    struct inquiry *inquiry = search->inquiry;
    size_t most = inquiry->recall->answer.count + inquiry->limit;
    int64_t after = larger(search->after, inquiry_bound(since, 1) - 1);
    write_char(match, ')');
    if (match->full) return;
    look(inquiry, search->tail, writer_text(match),
         larger(after, search->indexed), search->before, most);
    look(inquiry, search->index, writer_text(match), after,
         smaller(search->before, search->indexed + 1), most);
}

static void find_in(struct search *search, const struct readable *readable) {
    char bytes[MATCH_SIZE];
    struct writer match = writer_on(bytes, sizeof bytes);
    write_start(&match, &search->query);
    write_place(&match, readable->place);
    find(search, &match, readable->since);
}

/* All rooms without a beginning, and what was said to or by self alone. */
static void find_in_open(struct search *search) {
    const struct question *question = search->inquiry->question;
    char bytes[MATCH_SIZE];
    struct writer match = writer_on(bytes, sizeof bytes);
    write_start(&match, &search->query);
    size_t length = match.length;
    for (size_t i = 0; i < question->places_count; i++)
        if (question->places[i].since == 0)
            write_place(&match, question->places[i].place);
    if (search->inquiry->self > 0)
        write_format(&match, "%sm%lld", match.length > length ? " OR " : "",
                     (long long)search->inquiry->self);
    if (match.length > length) find(search, &match, 0);
}

static void find_everywhere(struct search *search) {
    const struct question *question = search->inquiry->question;
    find_in_open(search);
    for (size_t i = 0; i < question->places_count; i++)
        if (question->places[i].since > 0)
            find_in(search, &question->places[i]);
}

/* Where and when -------------------------------------------------------- */

/* False: there is nothing that may be read. */
static bool narrow_place(struct search *search, const char *in) {
    struct inquiry *inquiry = search->inquiry;
    struct readable found = {0, 0};
    if (!in[0]) return true;
    if (in[0] == '#') {
        sqlite3_stmt *room = inquiry_ask(inquiry, FIND_ROOM);
        inquiry_bind(room, 1, text_of(in));
        const struct readable *place =
            find_place(inquiry->question, inquiry_number(inquiry, room));
        if (place) found = *place;
    } else {
        found.place = inquiry_pair(inquiry, text_of(in));
    }
    bool is_other = search->only.place && search->only.place != found.place;
    search->only = found;
    return found.place != 0 && !is_other;
}

/* The first id of a millisecond, for years that have ids. */
static int64_t id_at(int64_t when) {
    int64_t last = INT64_MAX >> ID_COUNTER_BITS;
    return (int64_t)kept_id_at(when < last ? when : last);
}

static void narrow_time(struct search *search) {
    const struct question *question = search->inquiry->question;
    const struct query *query = &search->query;
    search->after = inquiry_bound(question->after, 0);
    search->before = inquiry_bound(question->before, INT64_MAX);
    if (query->after)
        search->after = larger(search->after, id_at(query->after) - 1);
    if (query->before)
        search->before = smaller(search->before, id_at(query->before));
}

/* Without words, a place or a time is enough. */
static bool understand(struct search *search) {
    const struct question *question = search->inquiry->question;
    struct text words = text_of(question->words), wrong;
    if (query_read(&search->query, words, now(), &wrong)) return true;
    bool is_narrow = question->in[0] || question->after || question->before;
    return text_trim(words).length == 0 && is_narrow;
}

void inquiry_search(struct inquiry *inquiry) {
    struct search search = {.inquiry = inquiry};
    inquiry->newest = true;
    if (!understand(&search)) {
        inquiry->recall->answer.outcome = ANSWER_WRONG;
        return;
    }
    narrow_time(&search);
    if (!narrow_place(&search, inquiry->question->in)) return;
    if (!narrow_place(&search, search.query.in)) return;
    search.indexed = store_fact(inquiry->reader->db, "indexed");
    search.index = inquiry_ask(inquiry, FIND_WORDS);
    search.tail = tail_ask(inquiry, search.indexed);
    if (inquiry->failed) return;
    if (search.only.place)
        find_in(&search, &search.only);
    else
        find_everywhere(&search);
}
