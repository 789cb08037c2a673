#include "server/keeping.h"

#include "protocol/writer.h"
#include "server/log.h"
#include "server/store.h"
#include "server/store_roster.h"

enum { WARNING_SIZE = 256 };

static const struct config *config_of(const struct keeping *keeping) {
    return keeping->house->config;
}

/* What the journal tells --------------------------------------------------- */

static void warn(struct keeping *keeping) {
    const char *trouble = keeping->house->trouble;
    char memory[WARNING_SIZE];
    struct writer writer = writer_on(memory, sizeof memory);
    if (trouble)
        write_format(&writer,
                     "%s: what is said now waits, nothing is lost; "
                     "everything goes on by itself when there is room",
                     trouble);
    else
        write_string(&writer, "the disk is fine again: everything is kept");
    company_warn(keeping->company, writer_text(&writer));
}

static void on_settled(struct journal_owner *owner, bool changed) {
    struct keeping *keeping =
        container_of(owner, struct keeping, journal_owner);
    if (keeping->history) history_settled(keeping->history);
    company_settled(keeping->company);
    if (changed) warn(keeping);
}

/* What the history asks -----------------------------------------------------
 */

static void on_answers(struct history_owner *owner) {
    struct keeping *keeping =
        container_of(owner, struct keeping, history_owner);
    round_begin(&keeping->company->round);
}

static uint64_t collected(struct history_owner *owner) {
    struct keeping *keeping =
        container_of(owner, struct keeping, history_owner);
    return journal_collected(keeping->journal);
}

/* Opening and closing --------------------------------------------------------
 */

static bool open_store(struct keeping *keeping, char *error, size_t size) {
    bool made;
    if (!store_prepare(keeping->state, &made, error, size)) return false;
    if (made) log_say(LOG_INFO, "made the store of what is said, minichat.db");
    if (!store_load_roster(keeping->state, &keeping->roster, error, size) ||
        !store_load_bans(keeping->state, &keeping->banishment.bans, error,
                         size))
        return false;
    banishment_begin(&keeping->banishment);
    return true;
}

static bool open_keepers(struct keeping *keeping, uv_loop_t *loop, char *error,
                         size_t size) {
    struct house *house = keeping->house;
    const struct config *config = config_of(keeping);
    house->nonces = &keeping->nonces;
    keeping->journal =
        journal_open(house, loop, keeping->state, config->durability,
                     &config->keep, &keeping->journal_owner, error, size);
    if (!keeping->journal) return false;
    keeping->roster.scribe = house->scribe;
    keeping->history = history_open(house, loop, keeping->state,
                                    &keeping->history_owner, error, size);
    return keeping->history != NULL;
}

static bool open_all(struct keeping *keeping, uv_loop_t *loop, char *error,
                     size_t size) {
    if (config_of(keeping)->durability == DURABILITY_NONE) return true;
    return open_store(keeping, error, size) &&
           open_keepers(keeping, loop, error, size);
}

bool keeping_open(struct keeping *keeping, struct house *house,
                  struct company *company, const struct state *state,
                  uv_loop_t *loop, struct registry *others, char *error,
                  size_t size) {
    *keeping = (struct keeping){
        .house = house,
        .company = company,
        .state = state,
        .journal_owner.settled = on_settled,
        .history_owner = {.begin = on_answers, .collected = collected},
    };
    nonces_init(&keeping->nonces);
    roster_init(&keeping->roster, house->chat, others);
    house->roster = &keeping->roster;
    keeping->roster.network = house->config->name;
    banishment_init(&keeping->banishment);
    house->banishment = &keeping->banishment;
    if (open_all(keeping, loop, error, size)) return true;
    keeping_close(keeping);
    uv_run(loop, UV_RUN_DEFAULT);
    return false;
}

void keeping_round(struct keeping *keeping) {
    if (keeping->journal) journal_round(keeping->journal);
}

void keeping_reload(struct keeping *keeping) {
    const struct config *config = config_of(keeping);
    if (keeping->journal) journal_plan(keeping->journal, &config->keep);
}

void keeping_dismiss(struct keeping *keeping) {
    if (keeping->history) history_dismiss(keeping->history);
}

void keeping_close(struct keeping *keeping) {
    if (keeping->history) history_close(keeping->history);
    keeping->house->archive = NULL;
    keeping->roster.scribe = NULL;
    if (!keeping->journal || journal_close(keeping->journal)) return;
    log_say(LOG_ERROR, "the disk refused to the end: what was said since and "
                       "not echoed is not kept");
}

void keeping_free(struct keeping *keeping) {
    if (!keeping->house) return;
    history_free(keeping->history);
    journal_free(keeping->journal);
    roster_finish(&keeping->roster);
    banishment_finish(&keeping->banishment);
    nonces_finish(&keeping->nonces);
}
