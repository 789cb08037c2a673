/* fill: a minichat.db of many lines, as years of talk leave it, and what each
 * line takes of it.
 *     fill FOLDER LINES    makes the store, in a folder that has none yet
 *     fill FOLDER          tells how large it is, as load tells results */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/chores.h"
#include "server/store.h"
#include "tests/bench/load_report.h"
#include "tests/bench/load_words.h"

enum {
    LEAST = 40, /* bytes of a line */
    MOST = 120,
    LINE_SIZE = 160,
    PRIVATE = 50, /* one line of so many is said to one person */
    PAIRS = 200,
    MEMBERSHIPS = 20, /* of an author */
    TOLD = 1000000,   /* lines, after each so many it says how far it is */
};
static const int64_t SPAN = (int64_t)3 * 365 * 24 * 3600 * 1000; /* ms */

struct fill {
    sqlite3 *db;
    sqlite3_stmt *add_line, *add_words, *lines;
    struct chance chance;
    int64_t first; /* Unix ms */
    unsigned long total;
};

static _Noreturn void die(const char *what) {
    fprintf(stderr, "fill: %s\n", what);
    exit(EXIT_FAILURE);
}

static void run(sqlite3 *db, const char *sql) {
    char error[STORE_ERROR_SIZE];
    if (!store_run(db, sql, error, sizeof error)) die(error);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    char error[STORE_ERROR_SIZE];
    sqlite3_stmt *statement = store_statement(db, sql, error, sizeof error);
    if (!statement) die(error);
    return statement;
}

static void step(struct fill *fill, sqlite3_stmt *statement) {
    sqlite3_step(statement);
    if (sqlite3_reset(statement) != SQLITE_OK) die(sqlite3_errmsg(fill->db));
}

/* Who and where ---------------------------------------------------------- */

static void add_named(struct fill *fill, const char *sql, const char *format,
                      unsigned count) {
    sqlite3_stmt *add = prepare(fill->db, sql);
    for (unsigned i = 0; i < count; i++) {
        char *name = sqlite3_mprintf("%s%u", format, i);
        sqlite3_bind_text(add, 1, name, -1, sqlite3_free);
        sqlite3_bind_int64(add, 2, fill->first);
        step(fill, add);
    }
    sqlite3_finalize(add);
}

static void add_pair(struct fill *fill, sqlite3_stmt *add, unsigned number) {
    char *low = sqlite3_mprintf("author%u", number);
    char *high = sqlite3_mprintf("author%u", number + PAIRS);
    bool in_order = strcmp(low, high) < 0;
    sqlite3_bind_text(add, in_order ? 1 : 2, low, -1, sqlite3_free);
    sqlite3_bind_text(add, in_order ? 2 : 1, high, -1, sqlite3_free);
    step(fill, add);
}

static void add_pairs(struct fill *fill) {
    sqlite3_stmt *add =
        prepare(fill->db, "INSERT INTO pairs (low, high) VALUES (?1, ?2)");
    for (unsigned i = 0; i < PAIRS; i++)
        add_pair(fill, add, i);
    sqlite3_finalize(add);
}

static void add_member(struct fill *fill, sqlite3_stmt *add, unsigned account,
                       unsigned room) {
    sqlite3_bind_int64(add, 1, account + 1);
    sqlite3_bind_int64(add, 2, room + 1);
    sqlite3_bind_int64(add, 3, (int64_t)kept_id_at(fill->first));
    step(fill, add);
}

static void add_members(struct fill *fill) {
    sqlite3_stmt *add =
        prepare(fill->db, "INSERT OR IGNORE INTO members (account, room, since)"
                          " VALUES (?1, ?2, ?3)");
    for (unsigned i = 0; i < WORDS_AUTHORS * MEMBERSHIPS; i++)
        add_member(fill, add, i % WORDS_AUTHORS,
                   chance_rank(&fill->chance, WORDS_ROOMS));
    for (unsigned room = 0; room < WORDS_ROOMS; room++)
        add_member(fill, add, WORDS_AUTHORS + room % WORDS_READERS, room);
    sqlite3_finalize(add);
}

static void add_everybody(struct fill *fill) {
    static const char account[] =
        "INSERT INTO accounts (name, since) VALUES (?1, ?2)";
    add_named(fill, account, "author", WORDS_AUTHORS);
    add_named(fill, account, "reader", WORDS_READERS);
    add_named(fill, "INSERT INTO rooms (name, since) VALUES (?1, ?2)", "#room",
              WORDS_ROOMS);
    add_pairs(fill);
    add_members(fill);
}

/* What they said --------------------------------------------------------- */

static size_t make_line(struct chance *chance, char line[LINE_SIZE]) {
    size_t length = 0, wanted = chance_from(chance, LEAST, MOST);
    while (length < wanted) {
        if (length) line[length++] = ' ';
        length += word_write(chance_rank(chance, WORDS), line + length);
    }
    return length;
}

static int64_t choose_place(struct chance *chance, unsigned *author) {
    *author = chance_rank(chance, WORDS_AUTHORS);
    if (chance_from(chance, 1, PRIVATE) > 1)
        return 1 + chance_rank(chance, WORDS_ROOMS);
    unsigned pair = chance_rank(chance, PAIRS);
    *author = chance_from(chance, 0, 1) ? pair : pair + PAIRS;
    return -1 - (int64_t)pair;
}

/* The number makes it differ from others of that millisecond. */
static int64_t id_of(const struct fill *fill, unsigned long number) {
    double part = (double)number / (double)fill->total;
    uint64_t id = kept_id_at(fill->first + (int64_t)(part * (double)SPAN));
    return (int64_t)(id + number % (1u << ID_COUNTER_BITS));
}

static void add_line(struct fill *fill, unsigned long number) {
    char line[LINE_SIZE];
    unsigned author;
    int64_t place = choose_place(&fill->chance, &author);
    size_t length = make_line(&fill->chance, line);
    sqlite3_bind_int64(fill->add_line, 1, id_of(fill, number));
    sqlite3_bind_int64(fill->add_line, 2, place);
    sqlite3_bind_int64(fill->add_line, 3, kept_code(SAID));
    sqlite3_bind_int64(fill->add_line, 4, author + 1);
    sqlite3_bind_text(fill->add_line, 5, line, (int)length, SQLITE_STATIC);
    step(fill, fill->add_line);
}

static void add_lines(struct fill *fill) {
    for (unsigned long i = 0; i < fill->total; i++) {
        add_line(fill, i);
        if (i % TOLD == 0) fprintf(stderr, "fill: %lu lines\n", i);
    }
}

/* As the server's chores do it. */
static void index_lines(struct fill *fill) {
    sqlite3_bind_int64(fill->lines, 1, 0);
    sqlite3_bind_int64(fill->lines, 2, INT64_MAX);
    for (unsigned long i = 0; sqlite3_step(fill->lines) == SQLITE_ROW; i++) {
        if (chores_line(fill->lines, fill->add_words) != SQLITE_OK)
            die(sqlite3_errmsg(fill->db));
        if (i % TOLD == 0) fprintf(stderr, "fill: %lu indexed\n", i);
    }
    if (sqlite3_reset(fill->lines) != SQLITE_OK) die(sqlite3_errmsg(fill->db));
}

static void set_facts(struct fill *fill) {
    int64_t last = id_of(fill, fill->total);
    if (!store_set_fact(fill->db, "indexed", last) ||
        !store_set_fact(fill->db, "reserved", last))
        die(sqlite3_errmsg(fill->db));
}

/* Nothing of it needs to outlive a crash before it is whole. */
static void begin(struct fill *fill, unsigned long total) {
    fill->total = total;
    fill->first = (int64_t)time(NULL) * 1000 - SPAN;
    run(fill->db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;"
                  "PRAGMA cache_size = -262144");
    fill->add_line = prepare(
        fill->db, "INSERT INTO messages (id, place, kind, account, body)"
                  " VALUES (?1, ?2, ?3, ?4, ?5)");
    fill->add_words = prepare(
        fill->db, "INSERT INTO words (rowid, body, meta) VALUES (?1, ?2, ?3)");
    if (chores_lines(fill->db, &fill->lines) != SQLITE_OK)
        die(sqlite3_errmsg(fill->db));
}

static void end(struct fill *fill) {
    sqlite3_finalize(fill->add_line);
    sqlite3_finalize(fill->add_words);
    sqlite3_finalize(fill->lines);
}

static void make(const struct state *state, unsigned long total) {
    char error[STORE_ERROR_SIZE];
    struct fill fill = {.db = store_draft(state, error, sizeof error)};
    if (!fill.db) die(error);
    begin(&fill, total);
    run(fill.db, "BEGIN");
    add_everybody(&fill);
    add_lines(&fill);
    index_lines(&fill);
    set_facts(&fill);
    run(fill.db, "COMMIT");
    end(&fill);
    if (!store_publish(state, fill.db, error, sizeof error)) die(error);
}

/* What it takes ---------------------------------------------------------- */

static double ask(sqlite3 *db, const char *sql) {
    sqlite3_stmt *question = prepare(db, sql);
    double number = 0;
    if (sqlite3_step(question) == SQLITE_ROW)
        number = sqlite3_column_double(question, 0);
    sqlite3_finalize(question);
    return number;
}

static void weigh(const struct state *state) {
    char error[STORE_ERROR_SIZE];
    struct report report = {.server = "minichatd-power"};
    sqlite3 *db = store_open(state, STORE_READ, error, sizeof error);
    if (!db) die(error);
    double lines = ask(db, "SELECT count(*) FROM messages");
    double all =
        ask(db, "SELECT sum(pgsize) FROM dbstat WHERE aggregate = TRUE");
    double index = ask(db, "SELECT sum(pgsize) FROM dbstat"
                           " WHERE aggregate = TRUE AND name GLOB 'words*'");
    double bodies = ask(db, "SELECT sum(length(body)) FROM messages");
    store_close(db);
    report_begin(&report, "store", "size");
    report_number("lines", lines);
    report_number("mib", all / (1 << 20));
    report_number("body_bytes", bodies / lines);
    report_number("line_bytes", (all - index) / lines);
    report_number("indexed_bytes", all / lines);
    report_end(&report, lines > 0);
}

int main(int argc, char **argv) {
    char error[STORE_ERROR_SIZE];
    struct state state;
    if (argc != 2 && argc != 3) die("FOLDER [LINES] (see tests/bench/fill.c)");
    if (!state_open(&state, argv[1], error, sizeof error)) die(error);
    if (argc == 3)
        make(&state, strtoul(argv[2], NULL, 10));
    else
        weigh(&state);
    return EXIT_SUCCESS;
}
