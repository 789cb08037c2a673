#include "server/history_inside.h"

#include <stdlib.h>
#include <string.h>

static void narrow(struct range *range, uint64_t after, uint64_t before) {
    int64_t lower = inquiry_bound(after, 0),
            upper = inquiry_bound(before, INT64_MAX);
    if (lower > range->after) range->after = lower;
    if (upper < range->before) range->before = upper;
}

/* What of the place that is asked for may be read; nothing: place 0. */
static struct range readable_range(struct inquiry *inquiry) {
    const struct question *question = inquiry->question;
    struct range range = {0, 0, INT64_MAX};
    if (question->until) narrow(&range, 0, question->until + 1);
    if (question->places_count == 0) {
        range.place = inquiry_pair(inquiry, text_of(question->whom));
        return range;
    }
    range.place = question->places[0].place;
    range.after = inquiry_bound(question->places[0].since, 1) - 1;
    return range;
}

/* Adds up to so many, from the beginning of the range or from its end; returns
 * how many there were. */
static size_t gather(struct inquiry *inquiry, struct range range, bool up,
                     size_t most) {
    static const enum history_statement which[2][2] = {{LINES_DOWN, LINES_UP},
                                                       {ALL_DOWN, ALL_UP}};
    size_t had = inquiry->recall->answer.count;
    if (range.place == 0 || most == 0) return 0;
    sqlite3_stmt *rows =
        inquiry_ask(inquiry, which[inquiry->question->events][up]);
    sqlite3_bind_int64(rows, 1, range.place);
    sqlite3_bind_int64(rows, 2, range.after);
    sqlite3_bind_int64(rows, 3, range.before);
    sqlite3_bind_int64(rows, 4, (int64_t)most);
    while (inquiry_step(inquiry, rows))
        inquiry_add_row(inquiry, rows);
    return inquiry->recall->answer.count - had;
}

/* How many of the range there are. Only the index is looked at. */
static void count_left(struct inquiry *inquiry, struct range range) {
    static const enum history_statement which[2] = {COUNT_LINES, COUNT_ALL};
    if (!inquiry->question->counts) return;
    sqlite3_stmt *left = inquiry_ask(inquiry, which[inquiry->question->events]);
    sqlite3_bind_int64(left, 1, range.place);
    sqlite3_bind_int64(left, 2, range.after);
    sqlite3_bind_int64(left, 3, range.before);
    sqlite3_bind_int64(left, 4, ARCHIVE_LEFT);
    inquiry->recall->answer.left = (unsigned)inquiry_number(inquiry, left);
}

/* A full page is all up to the last that was gathered; beyond it is the rest.
 */
static void page(struct inquiry *inquiry, struct range range, bool up) {
    size_t count = gather(inquiry, range, up, inquiry->limit);
    inquiry->span = range;
    if (!count || count < inquiry->limit) return;
    uint64_t last = inquiry->recall->kept[count - 1].id;
    narrow(&inquiry->span, up ? 0 : last, up ? last : 0);
    narrow(&range, up ? last : 0, up ? 0 : last);
    count_left(inquiry, range);
}

/* The asks -------------------------------------------------------------- */

static void latest(struct inquiry *inquiry) {
    struct range range = readable_range(inquiry);
    narrow(&range, inquiry->question->after, 0);
    page(inquiry, range, false);
}

static void before(struct inquiry *inquiry) {
    struct range range = readable_range(inquiry);
    narrow(&range, 0, inquiry->question->before);
    page(inquiry, range, false);
}

static void after(struct inquiry *inquiry) {
    struct range range = readable_range(inquiry);
    narrow(&range, inquiry->question->after, 0);
    page(inquiry, range, true);
}

/* One half up to the line itself, then what follows; where that ends early,
 * more of what was before. */
static void around(struct inquiry *inquiry) {
    uint64_t middle = inquiry->question->after;
    size_t half = (inquiry->limit + 1) / 2;
    struct range whole = readable_range(inquiry), range = whole;
    narrow(&range, 0, middle + 1);
    size_t lower = gather(inquiry, range, false, half);
    range = whole;
    narrow(&range, middle, 0);
    size_t count = lower + gather(inquiry, range, true, inquiry->limit - lower);
    inquiry->span = (struct range){whole.place, 0, 0};
    if (lower < half || half == 0) return;
    range = whole;
    narrow(&range, 0, inquiry->recall->kept[half - 1].id);
    gather(inquiry, range, false, inquiry->limit - count);
}

static void between(struct inquiry *inquiry) {
    const struct question *question = inquiry->question;
    struct range range = readable_range(inquiry);
    bool up = question->before == 0 || question->after < question->before;
    if (up)
        narrow(&range, question->after, question->before);
    else
        narrow(&range, question->before, question->after);
    page(inquiry, range, up);
}

/* Who wrote to them, or was written to: the other one of a pair. */
static struct text other_name(const struct inquiry *inquiry,
                              const struct venue *venue) {
    bool is_low = strcmp(inquiry->self_key, venue->low) == 0;
    return text_of(is_low ? venue->high_name : venue->low_name);
}

static void add_target(struct inquiry *inquiry, const struct range *range) {
    sqlite3_stmt *newest = inquiry_ask(inquiry, NEWEST);
    sqlite3_bind_int64(newest, 1, range->place);
    if (!inquiry_step(inquiry, newest)) return;
    int64_t id = sqlite3_column_int64(newest, 0);
    struct kept kept = {.id = (uint64_t)id,
                        .when = sqlite3_column_int64(newest, 1)};
    sqlite3_reset(newest);
    if (id <= range->after || id >= range->before) return;
    const struct venue *venue = inquiry_venue(inquiry, range->place);
    if (!kept.when) kept.when = kept_time_of(kept.id);
    kept.place = range->place > 0 ? range->place : 0;
    if (range->place > 0)
        kept.room = text_of(venue->room);
    else
        kept.whom = other_name(inquiry, venue);
    inquiry_add(inquiry, &kept);
}

static void targets(struct inquiry *inquiry) {
    const struct question *question = inquiry->question;
    bool up = question->before == 0 || question->after < question->before;
    uint64_t lower = up ? question->after : question->before;
    uint64_t upper = up ? question->before : question->after;
    inquiry->newest = !up;
    for (size_t i = 0; i < question->places_count; i++) {
        struct range range = {question->places[i].place,
                              inquiry_bound(question->places[i].since, 1) - 1,
                              INT64_MAX};
        narrow(&range, lower, upper);
        add_target(inquiry, &range);
    }
    if (!inquiry->self_key[0]) return;
    sqlite3_stmt *pairs = inquiry_ask(inquiry, LIST_PAIRS);
    inquiry_bind(pairs, 1, text_of(inquiry->self_key));
    while (inquiry_step(inquiry, pairs)) {
        struct range range = {-sqlite3_column_int64(pairs, 0), 0, INT64_MAX};
        narrow(&range, lower, upper);
        add_target(inquiry, &range);
    }
}

static void inbox(struct inquiry *inquiry) {
    if (!inquiry->self) return;
    sqlite3_stmt *rows = inquiry_ask(inquiry, LINES_WRITTEN_TO);
    inquiry_bind(rows, 1, text_of(inquiry->self_key));
    sqlite3_bind_int64(rows, 2, inquiry_bound(inquiry->question->after, 0));
    sqlite3_bind_int64(rows, 3, inquiry->limit);
    sqlite3_bind_int64(rows, 4, inquiry->self);
    while (inquiry_step(inquiry, rows))
        inquiry_add_row(inquiry, rows);
}

static void line(struct inquiry *inquiry) {
    sqlite3_stmt *row = inquiry_ask(inquiry, LINE_BY_ID);
    sqlite3_bind_int64(row, 1, inquiry_bound(inquiry->question->after, 0));
    while (inquiry_step(inquiry, row))
        inquiry_add_row(inquiry, row);
}

/* A guest has no account that would be their own: all lines count. */
static void unread(struct inquiry *inquiry) {
    struct range range = readable_range(inquiry);
    if (range.place == 0) return;
    narrow(&range, inquiry->question->after, 0);
    sqlite3_stmt *count = inquiry_ask(inquiry, COUNT_OTHERS);
    sqlite3_bind_int64(count, 1, range.place);
    sqlite3_bind_int64(count, 2, range.after);
    sqlite3_bind_int64(count, 3, inquiry->self ? inquiry->self : -1);
    sqlite3_bind_int64(count, 4, inquiry->limit);
    inquiry->recall->answer.total = (unsigned)inquiry_number(inquiry, count);
}

static sqlite3_stmt *ask_by_nonce(struct inquiry *inquiry,
                                  enum history_statement which) {
    sqlite3_stmt *row = inquiry_ask(inquiry, which);
    inquiry_bind(row, 1, text_of(inquiry->question->nonce));
    sqlite3_bind_int64(row, 2, inquiry->self);
    return row;
}

/* Guests share one space, account 0: whose a nonce was only its line says. */
static void nonce(struct inquiry *inquiry) {
    struct answer *answer = &inquiry->recall->answer;
    if (inquiry->self_key[0] && !inquiry->self) return;
    sqlite3_stmt *row = ask_by_nonce(inquiry, LINE_BY_NONCE);
    inquiry_bind(row, 3, text_of(inquiry->question->guest));
    while (inquiry_step(inquiry, row))
        inquiry_add_row(inquiry, row);
    if (answer->count || !inquiry->self) return;
    row = ask_by_nonce(inquiry, COUNT_NONCE);
    answer->total = (unsigned)inquiry_number(inquiry, row);
}

static void (*const asks[ASKS])(struct inquiry *) = {
    [ASK_LATEST] = latest,
    [ASK_BEFORE] = before,
    [ASK_AFTER] = after,
    [ASK_AROUND] = around,
    [ASK_BETWEEN] = between,
    [ASK_TARGETS] = targets,
    [ASK_SEARCH] = inquiry_search,
    [ASK_INBOX] = inbox,
    [ASK_UNREAD] = unread,
    [ASK_NONCE] = nonce,
    [ASK_LINE] = line,
};

/* Answering ------------------------------------------------------------- */

static void know_self(struct inquiry *inquiry) {
    struct text self = text_of(inquiry->question->self);
    if (self.length == 0) return;
    sqlite3_stmt *find = inquiry_ask(inquiry, FIND_ACCOUNT);
    inquiry_bind(find, 1, self);
    inquiry->self = inquiry_number(inquiry, find);
    for (size_t i = 0; i < self.length; i++)
        inquiry->self_key[i] = name_fold(self.at[i]);
}

static void run(struct inquiry *inquiry, const char *sql) {
    sqlite3 *db = inquiry->reader->db;
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        inquiry_fail(inquiry, sqlite3_extended_errcode(db));
}

/* All of an answer is of one moment. */
static void answer_it(struct inquiry *inquiry) {
    run(inquiry, "BEGIN");
    know_self(inquiry);
    if (!inquiry->failed) asks[inquiry->question->ask](inquiry);
    inquiry_settle(inquiry);
    inquiry_look_beside(inquiry);
    run(inquiry, inquiry->failed ? "ROLLBACK" : "COMMIT");
}

bool reader_answer(struct reader *reader, const struct question *question,
                   struct recall *recall) {
    struct inquiry inquiry = {
        .reader = reader, .question = question, .recall = recall};
    inquiry.limit =
        question->limit < ARCHIVE_LIMIT ? question->limit : ARCHIVE_LIMIT;
    *recall = (struct recall){.answer.question = question};
    reader->trouble = SQLITE_OK;
    answer_it(&inquiry);
    if (!inquiry.failed) return true;
    recall->answer =
        (struct answer){.question = question, .outcome = ANSWER_FAILED};
    return false;
}

void recall_run(sqlite3 *db, const struct question *question,
                struct recall *recall) {
    struct reader reader;
    reader_init(&reader, db);
    reader_answer(&reader, question, recall);
    reader_finish(&reader);
}

void recall_free(struct recall *recall) {
    free(recall->kept);
    free(recall->bytes);
    free(recall->beside);
    free(recall->beside_bytes);
    *recall = (struct recall){0};
}
