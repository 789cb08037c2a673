#include "server/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/gate.h"

struct later {
    int64_t when;
    bool has_begun;
    bool is_penalty; /* it waits because of wrong ones, not for its turn */
    size_t length;
    char line[]; /* has a token in it: wiped */
};

/* Who waits must still have time to log in. */
static struct gate_rule rule_of(const struct config *config) {
    unsigned longest = config->wrong_seconds * 1000;
    unsigned most = config->register_seconds * 500;
    return (struct gate_rule){.wrong = config->wrong_tokens,
                              .longest = longest < most ? longest : most};
}

static void put_off(struct dialogue *dialogue, uint64_t wait) {
    struct text line = dialogue->line;
    struct later *later = memory_new(1, sizeof *later + line.length);
    later->when = dialogue->house->tick + (int64_t)wait;
    later->length = line.length;
    memcpy(later->line, line.at, line.length);
    dialogue->later = later;
}

static void remember(const struct dialogue *dialogue,
                     const struct gate_rule *rule, struct text account,
                     enum refusal refusal) {
    struct gate *gate = dialogue->house->gate;
    if (!gate) return;
    if (refusal)
        gate_was_wrong(gate, rule, dialogue->place, account,
                       dialogue->house->tick);
    else
        gate_was_right(gate, dialogue->place, account);
}

/* True where it has to wait. */
static bool wait_for_time(struct dialogue *dialogue,
                          const struct gate_rule *rule, struct text account) {
    struct gate *gate = dialogue->house->gate;
    int64_t now = dialogue->house->tick;
    if (!gate || dialogue->later) return false;
    uint64_t wait = gate_wait(gate, rule, dialogue->place, account, now);
    bool is_penalty = wait > 0;
    if (!is_penalty) wait = gate_turn(gate, dialogue->place, now);
    if (wait == 0) return false;
    put_off(dialogue, wait);
    dialogue->later->is_penalty = is_penalty;
    return true;
}

enum refusal attempt_admit(struct dialogue *dialogue, struct text account,
                           struct text token, struct admission *admission) {
    const struct house *house = dialogue->house;
    struct gate_rule rule = rule_of(house->config);
    if (!house->door) return NOT_A_TOKEN;
    if (wait_for_time(dialogue, &rule, account)) return ATTEMPT_WAITS;
    enum refusal refusal =
        door_admit_token(house->door, token, house->chat->now, admission);
    remember(dialogue, &rule, account, refusal);
    return refusal;
}

bool attempt_waits(const struct dialogue *dialogue) {
    return dialogue->later && !dialogue->later->has_begun;
}

bool attempt_is_penalty(const struct dialogue *dialogue) {
    return dialogue->later && dialogue->later->is_penalty;
}

int64_t attempt_deadline(const struct dialogue *dialogue) {
    return attempt_waits(dialogue) ? dialogue->later->when : INT64_MAX;
}

struct text attempt_begin(struct dialogue *dialogue) {
    struct later *later = dialogue->later;
    later->has_begun = true;
    return text_slice(later->line, later->length);
}

void attempt_drop(struct dialogue *dialogue) {
    struct later *later = dialogue->later;
    if (!later) return;
    explicit_bzero(later->line, later->length);
    free(later);
    dialogue->later = NULL;
}
