#include "server/chores_inside.h"

#include "server/store.h"

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    /* In one step: */
    PLACES = 64,
    PASSED = 8192, /* entries of an index */
    LINES = 64,
    HAPPENED = 128,
    NONCES = 256,
    NOTES = 256,
};

/* Where ------------------------------------------------------------------- */

static int64_t days_ago(int64_t now, unsigned days) {
    return (int64_t)kept_id_at(now - (int64_t)days * DAY_MS);
}

/* A room's own rule, or the one for all others; name empty: no room. */
static struct keep_rule rule_for(const struct chores_plan *plan,
                                 struct text name) {
    struct keep_rule rule = {0};
    for (unsigned i = 0; i < plan->count; i++) {
        struct text room = text_of(plan->rules[i].room);
        if (name_equals(room, name)) return plan->rules[i];
        if (room.length == 0) rule = plan->rules[i];
    }
    return rule;
}

/* Begins with one of the two tables of a place. */
static void begin_table(struct sweep *sweep, bool happenings) {
    sweep->happenings = happenings;
    sweep->passed = 0;
    sweep->before = sweep->by_days;
    sweep->at = INT64_MAX;
}

static void begin_place(struct sweep *sweep, int64_t place,
                        const struct keep_rule *rule, int64_t now) {
    sweep->place = place;
    sweep->lines = rule->lines;
    sweep->by_days = rule->days ? days_ago(now, rule->days) : 0;
    if (sweep->is_gone) sweep->by_days = INT64_MAX;
    sweep->is_at_place = sweep->by_days > 0 || sweep->lines > 0;
    begin_table(sweep, false);
}

static void next_room(struct chores *chores, int64_t now) {
    struct sweep *sweep = &chores->sweep;
    sqlite3_stmt *room = chores_use(chores, NEXT_ROOM);
    sqlite3_bind_int64(room, 1, sweep->last);
    if (!chores_row(chores, room)) {
        *sweep = (struct sweep){.phase = SWEEP_PAIRS};
        return;
    }
    const char *name = (const char *)sqlite3_column_text(room, 1);
    struct keep_rule rule = rule_for(&chores->plan, text_of(name));
    sweep->last = sqlite3_column_int64(room, 0);
    sweep->is_gone = !name;
    begin_place(sweep, sweep->last, &rule, now);
    sqlite3_reset(room);
}

static void next_pair(struct chores *chores, int64_t now) {
    struct sweep *sweep = &chores->sweep;
    struct keep_rule rule = rule_for(&chores->plan, text_of(""));
    sqlite3_stmt *pair = chores_use(chores, NEXT_PAIR);
    sqlite3_bind_int64(pair, 1, sweep->last);
    sweep->last = rule.days || rule.lines ? chores_run(chores, pair) : 0;
    if (sweep->last)
        begin_place(sweep, -sweep->last, &rule, now);
    else
        sweep->phase = SWEEP_NONCES;
}

static void next_place(struct chores *chores, int64_t now) {
    struct sweep *sweep = &chores->sweep;
    for (unsigned i = 0; i < PLACES && !sweep->is_at_place; i++) {
        if (chores->failed || sweep->phase > SWEEP_PAIRS) return;
        if (sweep->phase == SWEEP_ROOMS)
            next_room(chores, now);
        else
            next_pair(chores, now);
    }
}

/* Up to which id ----------------------------------------------------------- */

/* Passes some of those that are kept, the newest first. All that is before the
 * last of them is too much. */
static void walk(struct chores *chores) {
    struct sweep *sweep = &chores->sweep;
    unsigned left = sweep->lines - sweep->passed;
    unsigned passed = left < PASSED ? left : PASSED;
    sqlite3_stmt *walk =
        chores_use(chores, sweep->happenings ? WALK_HAPPENINGS : WALK_LINES);
    sqlite3_bind_int64(walk, 1, sweep->place);
    sqlite3_bind_int64(walk, 2, sweep->at);
    sqlite3_bind_int64(walk, 3, passed - 1);
    sweep->at = chores_run(chores, walk);
    sweep->passed += passed;
    if (sweep->at <= sweep->before) sweep->passed = sweep->lines;
    if (sweep->passed == sweep->lines && sweep->at > sweep->before)
        sweep->before = sweep->at;
}

/* Erasing -------------------------------------------------------------------*/

static unsigned erase_lines(struct chores *chores) {
    int64_t indexed = store_fact(chores->db, "indexed"), ids[LINES];
    unsigned count = 0;
    sqlite3_stmt *oldest = chores_use(chores, OLDEST_LINES);
    sqlite3_bind_int64(oldest, 1, chores->sweep.place);
    sqlite3_bind_int64(oldest, 2, chores->sweep.before);
    sqlite3_bind_int64(oldest, 3, LINES);
    while (count < LINES && chores_row(chores, oldest))
        ids[count++] = sqlite3_column_int64(oldest, 0);
    sqlite3_reset(oldest);
    for (unsigned i = 0; i < count; i++) {
        chores_unindex(chores, ids[i], indexed);
        sqlite3_stmt *reactions = chores_use(chores, DELETE_REACTIONS);
        sqlite3_bind_int64(reactions, 1, chores->sweep.place);
        sqlite3_bind_int64(reactions, 2, ids[i]);
        chores_run(chores, reactions);
        sqlite3_stmt *line = chores_use(chores, DELETE_LINE);
        sqlite3_bind_int64(line, 1, ids[i]);
        chores_run(chores, line);
    }
    return count;
}

static unsigned erase_happenings(struct chores *chores) {
    sqlite3_stmt *oldest = chores_use(chores, DELETE_HAPPENINGS);
    sqlite3_bind_int64(oldest, 1, chores->sweep.place);
    sqlite3_bind_int64(oldest, 2, chores->sweep.before);
    sqlite3_bind_int64(oldest, 3, HAPPENED);
    chores_run(chores, oldest);
    return (unsigned)sqlite3_changes(chores->db);
}

static void forget_room(struct chores *chores) {
    static const enum chores_statement which[] = {DELETE_MEMBERS, DELETE_ROOM};
    for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
        sqlite3_stmt *erase = chores_use(chores, which[i]);
        sqlite3_bind_int64(erase, 1, chores->sweep.last);
        chores_run(chores, erase);
    }
}

static void end_table(struct chores *chores) {
    struct sweep *sweep = &chores->sweep;
    if (!sweep->happenings) {
        begin_table(sweep, true);
        return;
    }
    if (sweep->is_gone) forget_room(chores);
    sweep->is_at_place = false;
}

static void erase(struct chores *chores) {
    unsigned erased = 0;
    if (!chores_begin(chores)) return;
    if (chores->sweep.before > 0)
        erased = chores->sweep.happenings ? erase_happenings(chores)
                                          : erase_lines(chores);
    if (erased == 0) end_table(chores);
    chores_commit(chores);
}

static void erase_nonces(struct chores *chores, int64_t now) {
    sqlite3_stmt *nonces = chores_use(chores, DELETE_NONCES);
    sqlite3_bind_int64(nonces, 1, days_ago(now, CHORES_NONCE_DAYS));
    sqlite3_bind_int64(nonces, 2, NONCES);
    chores_run(chores, nonces);
    if (sqlite3_changes(chores->db) == 0) chores->sweep.phase = SWEEP_AUDIT;
}

/* What is done in rooms has a measure of its own: whoever has one can do as
 * much there as they like, and is to push nothing else out. */
static void erase_audit_rest(struct chores *chores) {
    sqlite3_stmt *notes = chores_use(chores, DELETE_AUDIT_REST);
    sqlite3_bind_int64(notes, 1, CHORES_AUDIT_NOTES);
    sqlite3_bind_int64(notes, 2, NOTES);
    chores_run(chores, notes);
    if (sqlite3_changes(chores->db) == 0) chores->sweep.phase = SWEEP_DONE;
}

static void erase_audit(struct chores *chores, int64_t now) {
    sqlite3_stmt *notes = chores_use(chores, DELETE_AUDIT);
    sqlite3_bind_int64(notes, 1, now - (int64_t)CHORES_AUDIT_DAYS * DAY_MS);
    sqlite3_bind_int64(notes, 2, CHORES_AUDIT_NOTES);
    sqlite3_bind_int64(notes, 3, NOTES);
    chores_run(chores, notes);
    if (sqlite3_changes(chores->db) == 0) erase_audit_rest(chores);
}

void chores_sweep(struct chores *chores, int64_t now) {
    struct sweep *sweep = &chores->sweep;
    if (!sweep->is_at_place && sweep->phase < SWEEP_NONCES)
        next_place(chores, now);
    else if (sweep->phase == SWEEP_NONCES)
        erase_nonces(chores, now);
    else if (sweep->phase == SWEEP_AUDIT)
        erase_audit(chores, now);
    else if (sweep->passed < sweep->lines && !sweep->is_gone)
        walk(chores);
    else
        erase(chores);
}
