#include "server/warrant.h"

#include "server/dialect.h"
#include "server/log.h"

static bool is_by_token(const struct dialogue *dialogue) {
    return dialogue_entered(dialogue) && dialogue->proof &&
           *dialogue->proof->token_key;
}

static int64_t left(const struct dialogue *dialogue) {
    return dialogue->proof->expires - dialogue->house->chat->now;
}

int64_t warrant_deadline(const struct dialogue *dialogue) {
    if (!is_by_token(dialogue)) return INT64_MAX;
    int64_t wait = left(dialogue);
    if (!dialogue->told_expiry) wait -= WARRANT_NOTICE_MS;
    if (wait < 0) wait = 0;
    if (wait > WARRANT_LOOK_MS) wait = WARRANT_LOOK_MS;
    return dialogue->house->tick + wait;
}

static void end(struct dialogue *dialogue, const char *reason) {
    dialogue_farewell(dialogue, text_of(reason));
    dialogue->leaving = true;
    dialogue->carrier->close(dialogue->carrier, text_of(reason));
}

static void tell_once(struct dialogue *dialogue) {
    int64_t minutes = (left(dialogue) + 59999) / 60000;
    if (dialogue->told_expiry || left(dialogue) > WARRANT_NOTICE_MS) return;
    dialogue->told_expiry = true;
    dialogue_tell(dialogue,
                  "your token expires in %lld minute%s, and you leave with it; "
                  "come back with another",
                  (long long)minutes, minutes == 1 ? "" : "s");
}

static bool is_by_certificate(const struct dialogue *dialogue) {
    return dialogue_entered(dialogue) && dialogue->proof &&
           *dialogue->proof->certificate;
}

static bool is_by_ssh_key(const struct dialogue *dialogue) {
    return dialogue_entered(dialogue) && dialogue->proof &&
           *dialogue->proof->ssh_key;
}

void warrant_judge(struct dialogue *dialogue) {
    const struct house *house = dialogue->house;
    bool may_end = is_by_token(dialogue) || is_by_certificate(dialogue) ||
                   is_by_ssh_key(dialogue);
    if (!may_end || dialogue->leaving || !house->door) return;
    switch (door_recheck(house->door, dialogue->proof, house->chat->now)) {
    case REFUSED_NOTHING:
        if (is_by_token(dialogue)) tell_once(dialogue);
        break;
    case CERTIFICATE_UNKNOWN: end(dialogue, "certificate removed"); break;
    case SSH_KEY_UNKNOWN: end(dialogue, "ssh key removed"); break;
    case TOKEN_EXPIRED: end(dialogue, "token expired"); break;
    case TOKEN_REVOKED: end(dialogue, "token revoked"); break;
    case TOKEN_BEYOND_KEY:
        end(dialogue, "the token's key is not for this account");
        break;
    default: end(dialogue, "the token's key is trusted no longer"); break;
    }
}

void warrant_judge_all(struct house *house) {
    for (struct user *u = NULL; (u = chat_next_user(house->chat, u));)
        for (struct session *s = u->sessions; s; s = s->next)
            warrant_judge(dialogue_of(s));
}
