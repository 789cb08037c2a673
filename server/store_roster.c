#include "server/store_roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "protocol/memory.h"
#include "protocol/utf8.h"
#include "server/store.h"

/* Accounts and rooms by their ids, in which order they are read, as members
 * and marks are. */
struct ids {
    int64_t *ids;
    size_t count, size;
};

struct loading {
    struct roster *roster;
    struct bans *bans; /* of the server */
    int64_t now;       /* Unix ms */
    sqlite3_stmt *row;
    struct ids account_ids, room_ids;
    struct kept_account **accounts;
    struct kept_room **rooms;
};

static size_t add_id(struct ids *ids, int64_t id) {
    if (ids->count == ids->size) {
        ids->size = ids->size ? ids->size * 2 : 256;
        ids->ids = memory_grow(ids->ids, ids->size, sizeof *ids->ids);
    }
    ids->ids[ids->count] = id;
    return ids->count++;
}

static int by_id(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static const int64_t *find_id(const struct ids *ids, int64_t id) {
    if (!ids->count) return NULL;
    return bsearch(&id, ids->ids, ids->count, sizeof id, by_id);
}

static struct kept_account *find_account(const struct loading *loading,
                                         int64_t id) {
    const int64_t *at = find_id(&loading->account_ids, id);
    return at ? loading->accounts[at - loading->account_ids.ids] : NULL;
}

static struct kept_room *find_room(const struct loading *loading, int64_t id) {
    const int64_t *at = find_id(&loading->room_ids, id);
    return at ? loading->rooms[at - loading->room_ids.ids] : NULL;
}

/* Rows ------------------------------------------------------------------ */

static int64_t number(const struct loading *loading, int column) {
    return sqlite3_column_int64(loading->row, column);
}

static struct text words(const struct loading *loading, int column) {
    const unsigned char *bytes = sqlite3_column_text(loading->row, column);
    return text_slice((const char *)bytes,
                      (size_t)sqlite3_column_bytes(loading->row, column));
}

/* A name that no program of ours has written is left out. */
static void load_account(struct loading *loading) {
    struct text name = words(loading, 1);
    if (!name_valid(name)) return;
    size_t place = add_id(&loading->account_ids, number(loading, 0));
    loading->accounts = memory_grow(loading->accounts, place + 1,
                                    sizeof(struct kept_account *));
    loading->accounts[place] =
        roster_load_account(loading->roster, name, number(loading, 2),
                            (uint64_t)number(loading, 3));
}

static void load_room(struct loading *loading) {
    struct kept_room room = {.id = number(loading, 0),
                             .topic_when = number(loading, 4),
                             .since = number(loading, 5),
                             .spoke = loading->now,
                             .is_private = number(loading, 6) != 0};
    char topic[TOPIC_SIZE];
    struct text name = words(loading, 1), set = words(loading, 2);
    if (!room_valid(name)) return;
    text_copy(name, room.name, sizeof room.name);
    if (set.length && text_copy(set, topic, sizeof topic)) room.topic = topic;
    text_copy(words(loading, 3), room.topic_by, sizeof room.topic_by);
    size_t place = add_id(&loading->room_ids, room.id);
    loading->rooms =
        memory_grow(loading->rooms, place + 1, sizeof(struct kept_room *));
    loading->rooms[place] = roster_load_room(loading->roster, &room);
}

/* Ids of rooms that are gone are not given again. */
static void load_last_room(struct loading *loading) {
    if (loading->roster->last_room < number(loading, 0))
        loading->roster->last_room = number(loading, 0);
}

static void load_member(struct loading *loading) {
    struct kept_account *account = find_account(loading, number(loading, 0));
    struct kept_room *room = find_room(loading, number(loading, 1));
    if (account && room)
        roster_load_member(account, room, number(loading, 2) != 0,
                           (uint64_t)number(loading, 3));
}

static void load_mark(struct loading *loading) {
    struct kept_account *account = find_account(loading, number(loading, 0));
    if (account)
        roster_load_mark(account, words(loading, 1), number(loading, 2));
}

/* What no program of ours has written is left out; a reason that is too long
 * is cut. */
static bool read_ban(const struct loading *loading, struct ban *ban) {
    const struct banning banning = {.mask = words(loading, 1),
                                    .mute = number(loading, 2) != 0,
                                    .until = number(loading, 5),
                                    .reason = words(loading, 6)};
    if (!ban_mask_valid(banning.mask) || !name_valid(words(loading, 3)) ||
        utf8_check(banning.reason, false) != UTF8_FINE)
        return false;
    *ban = ban_make(&banning, words(loading, 3), number(loading, 4));
    return true;
}

static void load_ban(struct loading *loading) {
    struct kept_room *room = find_room(loading, number(loading, 0));
    struct ban ban;
    if (room && read_ban(loading, &ban)) roster_load_ban(room, &ban);
}

static void load_server_ban(struct loading *loading) {
    struct ban ban;
    if (loading->bans->count < BANS_OF_SERVER && read_ban(loading, &ban))
        bans_put(loading->bans, &ban);
}

/* Tables ----------------------------------------------------------------- */

/* Those that others refer to come first. */
/* clang-format off */
static const struct {
    const char *sql;
    void (*load)(struct loading *loading);
} tables[] = {
    {"SELECT id, name, since, seen FROM accounts ORDER BY id", load_account},
    {"SELECT id, name, topic, topic_by, topic_when, since, private FROM rooms"
     " WHERE name IS NOT NULL ORDER BY id",                    load_room},
    {"SELECT max(id) FROM rooms",                              load_last_room},
    {"SELECT account, room, operator, since FROM members",     load_member},
    {"SELECT account, target, read FROM marks",                load_mark},
    {"SELECT room, what, mute, author, since, until, reason FROM bans"
     " WHERE room <> 0",                                       load_ban},
};
/* clang-format on */
enum { TABLES = sizeof tables / sizeof tables[0] };

static bool load(struct loading *loading, sqlite3 *db, const char *sql,
                 void (*take)(struct loading *loading), char *error,
                 size_t size) {
    int result;
    loading->row = store_statement(db, sql, error, size);
    if (!loading->row) return false;
    while ((result = sqlite3_step(loading->row)) == SQLITE_ROW)
        take(loading);
    sqlite3_finalize(loading->row);
    if (result == SQLITE_DONE) return true;
    snprintf(error, size, "cannot read who belongs where: %s",
             store_reason(result));
    return false;
}

static int64_t wall_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool store_load_roster(const struct state *state, struct roster *roster,
                       char *error, size_t size) {
    struct loading loading = {.roster = roster, .now = wall_clock()};
    sqlite3 *db = store_open(state, STORE_READ, error, size);
    bool fine = db != NULL;
    for (size_t i = 0; fine && i < TABLES; i++)
        fine = load(&loading, db, tables[i].sql, tables[i].load, error, size);
    free(loading.account_ids.ids);
    free(loading.room_ids.ids);
    free(loading.accounts);
    free(loading.rooms);
    store_close(db);
    return fine;
}

bool store_load_bans(const struct state *state, struct bans *bans, char *error,
                     size_t size) {
    struct loading loading = {.bans = bans};
    sqlite3 *db = store_open(state, STORE_READ, error, size);
    bool fine = db && load(&loading, db,
                           "SELECT room, what, mute, author, since, until,"
                           " reason FROM bans WHERE room = 0",
                           load_server_ban, error, size);
    store_close(db);
    return fine;
}
