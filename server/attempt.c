#include "server/attempt.h"

#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "server/gate.h"

struct later {
    int64_t when;
    bool has_begun;
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

static uint64_t wait_for(const struct dialogue *dialogue,
                         const struct gate_rule *rule, struct text account) {
    if (!dialogue->house->gate || dialogue->later) return 0;
    return gate_wait(dialogue->house->gate, rule, dialogue->place, account,
                     dialogue->house->tick);
}

enum refusal attempt_admit(struct dialogue *dialogue, struct text account,
                           struct text token, struct admission *admission) {
    const struct house *house = dialogue->house;
    struct gate_rule rule = rule_of(house->config);
    if (!house->door) return NOT_A_TOKEN;
    uint64_t wait = wait_for(dialogue, &rule, account);
    if (wait > 0) {
        put_off(dialogue, wait);
        return ATTEMPT_WAITS;
    }
    enum refusal refusal =
        door_admit_token(house->door, token, house->chat->now, admission);
    remember(dialogue, &rule, account, refusal);
    return refusal;
}

bool attempt_waits(const struct dialogue *dialogue) {
    return dialogue->later && !dialogue->later->has_begun;
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
