#include "server/gate.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/container.h"
#include "protocol/memory.h"
#include "protocol/writer.h"

enum { DOUBLINGS = 16 };

/* Memory ----------------------------------------------------------------- */

static struct gate_record *find(const struct gate_memory *memory,
                                struct text key) {
    struct index_entry *entry = index_find(&memory->index, key);
    return entry ? container_of(entry, struct gate_record, entry) : NULL;
}

static void unlink_from(struct gate_memory *memory,
                        struct gate_record *record) {
    *(record->older ? &record->older->newer : &memory->oldest) = record->newer;
    *(record->newer ? &record->newer->older : &memory->newest) = record->older;
}

static void link_into(struct gate_memory *memory, struct gate_record *record) {
    record->older = memory->newest;
    record->newer = NULL;
    *(record->older ? &record->older->newer : &memory->oldest) = record;
    memory->newest = record;
}

static void forget(struct gate_memory *memory, struct gate_record *record) {
    unlink_from(memory, record);
    index_remove(&memory->index, &record->entry);
    free(record);
}

static struct gate_record *remember(struct gate_memory *memory, struct text key,
                                    int64_t now) {
    struct gate_record *record = find(memory, key);
    if (record) {
        unlink_from(memory, record);
    } else {
        if (memory->index.count >= memory->most) forget(memory, memory->oldest);
        record = memory_new(1, sizeof *record);
        memcpy(record->key, key.at, key.length);
        record->forgotten_at = now;
        limits_init(&record->arrivals, now);
        index_add(&memory->index, &record->entry,
                  text_slice(record->key, key.length));
    }
    link_into(memory, record);
    return record;
}

static void open_memory(struct gate_memory *memory, size_t most) {
    *memory = (struct gate_memory){.most = most};
    index_init(&memory->index);
}

static void close_memory(struct gate_memory *memory) {
    while (memory->oldest)
        forget(memory, memory->oldest);
    index_finish(&memory->index);
}

void gate_init(struct gate *gate) {
    limits_init(&gate->turns, 0);
    limits_init(&gate->turns_of_wrong, 0);
    open_memory(&gate->places, GATE_PLACES);
    open_memory(&gate->names, GATE_NAMES);
}

void gate_finish(struct gate *gate) {
    close_memory(&gate->places);
    close_memory(&gate->names);
}

static struct text cut(struct text text, size_t most) {
    if (text.length > most) text.length = most;
    return text;
}

/* A place has no blank in it, so the two cannot run into one another. */
static struct text key_of(struct text place, struct text account,
                          char key[GATE_KEY]) {
    struct writer writer = writer_on(key, GATE_KEY);
    write_text(&writer, cut(place, PLACE_SIZE));
    write_char(&writer, ' ');
    write_text(&writer, cut(account, GATE_ACCOUNT));
    return writer_text(&writer);
}

/* Wrong tokens ------------------------------------------------------------- */

static unsigned count_wrong(const struct gate_record *record, int64_t now) {
    if (!record || record->forgotten_at <= now) return 0;
    int64_t left = record->forgotten_at - now;
    return (unsigned)((left + GATE_FORGETS_MS - 1) / GATE_FORGETS_MS);
}

static uint64_t wait_for(const struct gate_record *record, unsigned patience,
                         unsigned longest, int64_t now) {
    unsigned wrong = count_wrong(record, now);
    if (wrong < patience) return 0;
    unsigned doublings = wrong - patience;
    if (doublings > DOUBLINGS) doublings = DOUBLINGS;
    uint64_t wait = (uint64_t)GATE_FIRST_MS << doublings;
    return wait < longest ? wait : longest;
}

/* More than what makes the longest wait is not counted: so it is over soon
 * after the last wrong one. */
static void count_one(struct gate_record *record, unsigned patience,
                      unsigned longest, int64_t now) {
    if (record->forgotten_at < now) record->forgotten_at = now;
    if (wait_for(record, patience, longest, now) >= longest) return;
    record->forgotten_at += GATE_FORGETS_MS;
}

uint64_t gate_wait(const struct gate *gate, const struct gate_rule *rule,
                   struct text place, struct text account, int64_t now) {
    char key[GATE_KEY];
    const struct gate_record *there =
        find(&gate->places, cut(place, PLACE_SIZE));
    const struct gate_record *name =
        find(&gate->names, key_of(place, account, key));
    uint64_t one =
        wait_for(there, rule->wrong * GATE_PLACE_PATIENCE, rule->longest, now);
    uint64_t other = wait_for(name, rule->wrong, rule->longest, now);
    return one > other ? one : other;
}

/* Who comes later than a second is taken as lost: so a flood that was given up
 * leaves no queue behind. */
uint64_t gate_turn(struct gate *gate, struct text place, int64_t now) {
    static const struct limits_rule rule = {GATE_TURNS, GATE_TURNS / 1000};
    static const struct limits_rule of_wrong = {GATE_TURNS_OF_WRONG, 1};
    const struct gate_record *there =
        find(&gate->places, cut(place, PLACE_SIZE));
    bool is_new = count_wrong(there, now) == 0;
    struct limits *turns = is_new ? &gate->turns : &gate->turns_of_wrong;
    uint64_t wait = limits_wait(turns, is_new ? &rule : &of_wrong, now);
    if (wait >= 1000) return 1000;
    limits_charge(turns, is_new ? &rule : &of_wrong, 1, now);
    return wait;
}

void gate_was_wrong(struct gate *gate, const struct gate_rule *rule,
                    struct text place, struct text account, int64_t now) {
    char key[GATE_KEY];
    count_one(remember(&gate->places, cut(place, PLACE_SIZE), now),
              rule->wrong * GATE_PLACE_PATIENCE, rule->longest, now);
    count_one(remember(&gate->names, key_of(place, account, key), now),
              rule->wrong, rule->longest, now);
}

void gate_was_right(struct gate *gate, struct text place, struct text account) {
    char key[GATE_KEY];
    struct gate_record *name = find(&gate->names, key_of(place, account, key));
    if (name) forget(&gate->names, name);
}

/* Arrivals ----------------------------------------------------------------- */

bool gate_arrives(struct gate *gate, const struct limits_rule *rule,
                  struct text place, int64_t now) {
    struct gate_record *there =
        remember(&gate->places, cut(place, PLACE_SIZE), now);
    if (limits_wait(&there->arrivals, rule, now) > 0) return false;
    limits_charge(&there->arrivals, rule, 1, now);
    return true;
}
