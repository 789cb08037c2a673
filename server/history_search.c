#include <string.h>
#include <time.h>

#include "protocol/writer.h"
#include "server/chores.h"
#include "server/history_inside.h"
#include "server/query.h"
#include "server/store.h"

enum {
    MATCH_SIZE = QUERY_MATCH_SIZE + 4096,
    LOOKS = 16 * ARCHIVE_LIMIT, /* at lines that may be gone or others' */
    FREE_LOOKS = 4 * ARCHIVE_LIMIT,
};

/* A search under way. What may be read is mostly all that there is, so at
 * first it is picked from all that has the words: looking at a line takes
 * less time than asking the index for fifty rooms at once. Where that brings
 * too little the index is asked for places. It knows them only by their
 * tokens, and rowids only in one stretch: rooms that may be read from the
 * beginning are asked for together, one that may be read from some line on by
 * itself. */
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

/* The words and who wrote them. */
static void write_start(struct writer *match, const struct query *query) {
    char token[CHORES_NAME_SIZE];
    if (query->match[0]) write_format(match, "{body} : (%s)", query->match);
    if (!query->from[0]) return;
    write_string(match, match->length > 0 ? " AND {meta} : " : "{meta} : ");
    write_text(match,
               text_slice(token, chores_name(text_of(query->from), token)));
}

/* Places follow, and a bracket. */
static size_t open_places(struct writer *match) {
    write_string(match, match->length > 0 ? " AND {meta} : (" : "{meta} : (");
    return match->length;
}

static void write_place(struct writer *match, size_t opened, int64_t place) {
    char token[CHORES_PLACE_SIZE];
    if (match->length > opened) write_string(match, " OR ");
    write_text(match, text_slice(token, chores_place(place, token)));
}

static void write_self(struct writer *match, size_t opened, int64_t self) {
    if (match->length > opened) write_string(match, " OR ");
    write_char(match, 'm');
    write_number(match, (uint64_t)self);
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

/* Between which ids, how many lines at most are to be found, and looked at. */
struct stretch {
    int64_t after, before;
    size_t most, looks;
};

/* Adds what it finds. The id it has come to when it has looked enough; 0: it
 * has found all, or enough. */
static int64_t look(struct inquiry *inquiry, sqlite3_stmt *find,
                    struct text match, struct stretch stretch) {
    int64_t id = 0;
    if (inquiry->failed || stretch.after >= stretch.before - 1) return 0;
    sqlite3_bind_text(find, 1, match.at, (int)match.length, SQLITE_STATIC);
    sqlite3_bind_int64(find, 2, stretch.after);
    sqlite3_bind_int64(find, 3, stretch.before);
    size_t looks = 0;
    while (looks < stretch.looks && inquiry_step(inquiry, find)) {
        id = sqlite3_column_int64(find, 0);
        add_line(inquiry, id);
        if (inquiry->recall->answer.count >= stretch.most) break;
        looks++;
    }
    sqlite3_reset(find);
    sqlite3_clear_bindings(find);
    return looks == stretch.looks ? id : 0;
}

static int64_t larger(int64_t a, int64_t b) {
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* First what is not in the index yet, for it is newer. As look. */
static int64_t find(struct search *search, const struct writer *match,
                    struct stretch stretch) {
    struct inquiry *inquiry = search->inquiry;
    struct stretch newer = stretch, older = stretch;
    if (match->full) return 0;
    newer.after = larger(stretch.after, search->indexed);
    newer.looks = LOOKS;
    look(inquiry, search->tail, writer_text(match), newer);
    older.before = smaller(stretch.before, search->indexed + 1);
    if (inquiry->recall->answer.count >= stretch.most) return 0;
    return look(inquiry, search->index, writer_text(match), older);
}

/* Up to the limit, whatever has been found elsewhere. */
static struct stretch whole(const struct search *search, uint64_t since) {
    const struct inquiry *inquiry = search->inquiry;
    return (struct stretch){
        larger(search->after, inquiry_bound(since, 1) - 1), search->before,
        inquiry->recall->answer.count + inquiry->limit, LOOKS};
}

static void find_in(struct search *search, const struct readable *readable) {
    char bytes[MATCH_SIZE];
    struct writer match = writer_on(bytes, sizeof bytes);
    write_start(&match, &search->query);
    write_place(&match, open_places(&match), readable->place);
    write_char(&match, ')');
    find(search, &match, whole(search, readable->since));
}

/* All rooms without a beginning, and what was said to or by self alone. */
static void find_in_open(struct search *search) {
    const struct question *question = search->inquiry->question;
    char bytes[MATCH_SIZE];
    struct writer match = writer_on(bytes, sizeof bytes);
    write_start(&match, &search->query);
    size_t opened = open_places(&match);
    for (size_t i = 0; i < question->places_count; i++)
        if (question->places[i].since == 0)
            write_place(&match, opened, question->places[i].place);
    if (search->inquiry->self > 0)
        write_self(&match, opened, search->inquiry->self);
    if (match.length == opened) return;
    write_char(&match, ')');
    find(search, &match, whole(search, 0));
}

static void find_by_places(struct search *search) {
    const struct question *question = search->inquiry->question;
    find_in_open(search);
    for (size_t i = 0; i < question->places_count; i++)
        if (question->places[i].since > 0)
            find_in(search, &question->places[i]);
}

static void find_everywhere(struct search *search) {
    char bytes[MATCH_SIZE];
    struct writer match = writer_on(bytes, sizeof bytes);
    struct stretch stretch = whole(search, 0);
    write_start(&match, &search->query);
    stretch.looks = FREE_LOOKS;
    if (match.length > 0) {
        search->before = find(search, &match, stretch);
        if (search->before == 0) return;
    }
    find_by_places(search);
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
    if (question->until)
        search->before = smaller(search->before,
                                 inquiry_bound(question->until + 1, INT64_MAX));
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
