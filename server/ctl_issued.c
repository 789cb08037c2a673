#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/memory.h"
#include "protocol/timestamp.h"
#include "server/ctl.h"
#include "server/issued.h"

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static json_t *describe(const struct issued *issued, const char *state) {
    char at[TIMESTAMP_SIZE], expires[TIMESTAMP_SIZE];
    json_t *rooms = json_array();
    for (size_t i = 0; i < issued->rooms_count; i++)
        json_array_append_new(rooms, json_string(issued->rooms[i]));
    timestamp_write_seconds(issued->at, at);
    timestamp_write_seconds(issued->expires, expires);
    return json_pack("{ss ss ss ss so ss ss ss ss}", "id", issued->id,
                     "account", issued->account, "state", state, "role",
                     claims_role_word(issued->role), "rooms", rooms, "issued",
                     at, "expires", expires, "key", issued->key, "by",
                     issued->by);
}

static void print(const struct issued *issued, const char *state) {
    char expires[TIMESTAMP_SIZE], rooms[ISSUED_LINE_SIZE];
    struct writer writer = writer_on(rooms, sizeof rooms);
    timestamp_write_seconds(issued->expires, expires);
    issued_write_rooms(issued, &writer);
    printf("%-12s %-16s %-7s %.10s %-5s %.*s by %s\n", issued->id,
           issued->account, state, expires, claims_role_word(issued->role),
           (int)writer.length, rooms, issued->by);
}

static bool is_asked_for(const struct issued *issued, const char *account) {
    return !account || name_equals(text_of(account), text_of(issued->account));
}

/* Prints them, or adds them to all where that is not NULL. */
static void go_through(const struct keyring *ring, struct roll *roll,
                       const char *account, json_t *all) {
    struct text line;
    struct issued issued;
    int64_t now = now_ms();
    while (roll_next(roll, &line)) {
        if (!issued_read(line, &issued)) {
            fprintf(stderr, "minichatctl: %s/%s:%u is not understood\n",
                    ring->state.path, ISSUED_FILE, roll->number);
            continue;
        }
        if (!is_asked_for(&issued, account)) continue;
        const char *state = issued_state_word(issued_state(ring, &issued, now));
        if (all)
            json_array_append_new(all, describe(&issued, state));
        else
            print(&issued, state);
    }
}

static int list(struct ctl *ctl, const struct keyring *ring,
                const char *account) {
    struct roll roll;
    if (!roll_read(&roll, &ctl->state, ISSUED_FILE, ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    json_t *all = ctl->json ? json_array() : NULL;
    go_through(ring, &roll, account, all);
    roll_close(&roll);
    if (!all) return CTL_FINE;
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
    return CTL_FINE;
}

static bool was_issued(struct roll *roll, const char *id, const char *account) {
    struct text line;
    struct issued issued;
    while (roll_next(roll, &line))
        if (issued_read(line, &issued) && is_asked_for(&issued, account) &&
            (!id || strcmp(id, issued.id) == 0))
            return true;
    return false;
}

void ctl_tell_unissued(struct ctl *ctl, const char *id, const char *account) {
    struct roll roll;
    if (!roll_read(&roll, &ctl->state, ISSUED_FILE, ctl->error, CTL_ERROR_SIZE))
        return;
    if (!was_issued(&roll, id, account))
        fprintf(stderr,
                "minichatctl: no token %s%s was issued here; a mistake, or "
                "another system's (minichatctl token list)\n",
                id ? "" : "of ", id ? id : account);
    roll_close(&roll);
}

int ctl_token_list(struct ctl *ctl, char **words) {
    if (words[0] && (words[1] || !ctl_is_plain(words[0]))) return CTL_USAGE;
    struct keyring *ring = memory_new(1, sizeof *ring);
    int result = CTL_FAILED;
    if (keyring_open(ring, &ctl->state, ctl->error, CTL_ERROR_SIZE)) {
        result = list(ctl, ring, words[0]);
        keyring_close(ring);
    }
    free(ring);
    return result;
}
