/* What is kept of lines that were taken back, and of reactions. */
#include "tests/journal.h"

/* Where the chores have to come to it first. */
static void finds_soon(struct scene *scene, const char *sql,
                       const char *expected) {
    char error[STORE_ERROR_SIZE] = "";
    uint64_t begin = uv_hrtime();
    bool is_so = false;
    while (!is_so) {
        sqlite3 *db =
            store_open(&scene->state, STORE_READ, error, sizeof error);
        sqlite3_stmt *statement = store_statement(db, sql, error, sizeof error);
        assert_non_null(statement);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        is_so =
            !strcmp((const char *)sqlite3_column_text(statement, 0), expected);
        sqlite3_finalize(statement);
        store_close(db);
        if (uv_hrtime() - begin > DEADLINE_MS * (uint64_t)1000000)
            fail_msg("%s: not %s", sql, expected);
        if (!is_so) usleep(1000);
    }
}

static bool is_in_file(struct scene *scene, const char *name,
                       const char *words) {
    char file[STATE_PATH_SIZE];
    size_t length = 0;
    assert_true(state_path(&scene->state, name, file));
    FILE *from = fopen(file, "rb");
    if (!from) return false;
    char *bytes = malloc(1 << 24);
    assert_non_null(bytes);
    length = fread(bytes, 1, 1 << 24, from);
    fclose(from);
    bool is_there = memmem(bytes, length, words, strlen(words));
    free(bytes);
    return is_there;
}

static bool is_in_files(struct scene *scene, const char *words) {
    return is_in_file(scene, "minichat.db", words) ||
           is_in_file(scene, "minichat.db-wal", words);
}

static void takes_back(struct scene *scene, struct session *session,
                       uint64_t line, const char *whom) {
    const struct taking_back taking = {
        .line = line,
        .room = chat_find_room(&scene->chat, text_of("#dev")),
        .whom = text_of(whom),
        .reason = text_of("spam")};
    chat_take_back(&scene->chat, session, &taking);
}

static void of_what_is_taken_back_only_that_it_was_is_left(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "secret");
    uint64_t line = scene->chat.last_id;
    says(scene, &scene->ada, "hello");
    takes_back(scene, &scene->ada, line, "bob");
    settles(scene);
    finds(scene, "SELECT body FROM messages", "hello");
    finds(scene,
          "SELECT name || ' ' || whom || ' ' || body || ' ' || place FROM"
          " (SELECT coalesce(h.name, a.name) AS name, whom, body, place"
          " FROM happenings h JOIN accounts a ON a.id = h.account"
          " WHERE kind = 10)",
          "ada bob spam 1");
    takes_back(scene, &scene->ada, line, "bob");
    settles(scene);
    finds(scene, "SELECT count(*) FROM happenings WHERE kind = 10", "1");
}

static void what_is_taken_back_is_not_searched(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "secret");
    uint64_t line = scene->chat.last_id;
    settles(scene);
    scene->config.keep.search = true;
    journal_plan(scene->journal, &scene->config.keep);
    finds_soon(scene, "SELECT count(*) FROM words WHERE words MATCH 'secret'",
               "1");
    takes_back(scene, &scene->bob, line, "bob");
    settles(scene);
    finds(scene, "SELECT count(*) FROM words WHERE words MATCH 'secret'", "0");
}

/* The words go from the index and from the log, and what they stood on becomes
 * zeroes. */
static void no_file_has_what_was_taken_back(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "zzyzxquux");
    uint64_t line = scene->chat.last_id;
    settles(scene);
    scene->config.keep.search = true;
    journal_plan(scene->journal, &scene->config.keep);
    for (int i = 0; i < 300; i++)
        says(scene, &scene->ada, "and so on");
    settles(scene);
    finds_soon(scene, "SELECT count(*) FROM words WHERE words MATCH 'and'",
               "300");
    assert_true(is_in_files(scene, "zyzxquux"));
    takes_back(scene, &scene->bob, line, "bob");
    settles(scene);
    finds_soon(scene, "SELECT count(*) FROM facts WHERE name = 'purge'", "0");
    assert_false(is_in_files(scene, "zyzxquux"));
}

static void reacts(struct scene *scene, struct session *session, uint64_t line,
                   const char *emoji, bool off) {
    struct room *room = chat_find_room(&scene->chat, text_of("#dev"));
    const struct saying saying = {
        .line = line, .reaction = text_of(emoji), .unreacts = off};
    assert_int_equal(chat_say_in(&scene->chat, session, TAGGED, room, &saying),
                     0);
}

static void a_reaction_is_kept_with_its_line(void **state) {
    struct scene *scene = *state;
    says(scene, &scene->bob, "hello");
    uint64_t line = scene->chat.last_id;
    says(scene, &scene->ada, "hi");
    reacts(scene, &scene->ada, line, "+1", false);
    uint64_t id = scene->chat.last_id;
    reacts(scene, &scene->ada, line, "+1", false);
    reacts(scene, &scene->ada, line, "tada", false);
    reacts(scene, &scene->ada, line + 1, "no such line", false);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions ORDER BY id", "+1|tada");
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM reactions WHERE id = %llu",
             (unsigned long long)id);
    finds(scene, sql, "1");
    reacts(scene, &scene->ada, line, "+1", true);
    reacts(scene, &scene->ada, line, "never meant", true);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions", "tada");
    takes_back(scene, &scene->bob, line, "bob");
    reacts(scene, &scene->ada, line, "too late", false);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions", "");
}

static void a_reaction_is_to_a_line_of_that_place(void **state) {
    struct scene *scene = *state;
    struct saying saying = {.body = text_of("psst")};
    chat_say_to(&scene->chat, &scene->ada, SAID, scene->bob.user, &saying);
    uint64_t line = scene->chat.last_id;
    says(scene, &scene->ada, "hi");
    reacts(scene, &scene->ada, line, "from elsewhere", false);
    saying = (struct saying){.line = line, .reaction = text_of("here")};
    chat_say_to(&scene->chat, &scene->ada, TAGGED, scene->bob.user, &saying);
    chat_say_to_absent(&scene->chat, &scene->ada, TAGGED, text_of("carol"),
                       &saying);
    settles(scene);
    finds(scene, "SELECT emoji || place FROM reactions", "here-1");
    finds(scene, "SELECT count(*) FROM pairs", "1");
}

static void runs(struct scene *scene, const char *sql) {
    char error[STORE_ERROR_SIZE] = "";
    sqlite3 *db = store_open(&scene->state, STORE_WRITE, error, sizeof error);
    if (!db || !store_run(db, sql, error, sizeof error)) fail_msg("%s", error);
    store_close(db);
}

static void reactions_to_one_line_are_bounded(void **state) {
    struct scene *scene = *state;
    char emoji[16], sql[512];
    says(scene, &scene->ada, "hello");
    uint64_t line = scene->chat.last_id;
    for (int i = 0; i < 12; i++) {
        snprintf(emoji, sizeof emoji, "e%d", i);
        reacts(scene, &scene->ada, line, emoji, false);
    }
    settles(scene);
    finds(scene, "SELECT count(*) FROM reactions", "10");
    snprintf(sql, sizeof sql,
             "DELETE FROM reactions; INSERT INTO accounts (id, name, since)"
             " VALUES (50, 'zoe', 1); WITH RECURSIVE n (i) AS (SELECT 1 UNION"
             " ALL SELECT i + 1 FROM n WHERE i < 50) INSERT INTO reactions"
             " (place, line, account, emoji, id) SELECT 1, %llu, 50, 'f' || i,"
             " i FROM n",
             (unsigned long long)line);
    runs(scene, sql);
    reacts(scene, &scene->ada, line, "one more", false);
    reacts(scene, &scene->ada, line, "f7", false);
    settles(scene);
    finds(scene, "SELECT emoji FROM reactions WHERE account <> 50", "f7");
}

int main(void) {
#define SCENE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        SCENE(of_what_is_taken_back_only_that_it_was_is_left),
        SCENE(what_is_taken_back_is_not_searched),
        SCENE(no_file_has_what_was_taken_back),
        SCENE(a_reaction_is_kept_with_its_line),
        SCENE(a_reaction_is_to_a_line_of_that_place),
        SCENE(reactions_to_one_line_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
