#include "server/issued.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/timestamp.h"

#define DAY_MS INT64_C(86400000)

/* A line ------------------------------------------------------------------- */

static bool read_rooms(struct text word, struct issued *issued) {
    if (text_is(word, "-")) return true;
    while (word.length) {
        struct text room = text_piece(&word, ',');
        if (issued->rooms_count == CLAIMS_ROOMS_MAX) return false;
        if (!room_valid(room)) return false;
        text_copy(room, issued->rooms[issued->rooms_count++], ROOM_SIZE);
    }
    return issued->rooms_count > 0;
}

bool issued_read(struct text line, struct issued *issued) {
    *issued = (struct issued){.role = ROLE_USER};
    struct text id = text_word(&line), account = text_word(&line);
    struct text role = text_word(&line), rooms = text_word(&line);
    struct text at = text_word(&line), expires = text_word(&line);
    struct text key = text_word(&line), by = text_word(&line);
    return id.length && text_copy(id, issued->id, CLAIMS_ID_SIZE) &&
           name_valid(account) &&
           text_copy(account, issued->account, NAME_SIZE) &&
           claims_role_of(role, &issued->role) && read_rooms(rooms, issued) &&
           timestamp_read(at, &issued->at) &&
           timestamp_read(expires, &issued->expires) && key.length &&
           text_copy(key, issued->key, KEYRING_NAME_SIZE) && by.length &&
           text_copy(by, issued->by, ISSUED_BY_SIZE) && !line.length;
}

static void write_rooms(const struct issued *issued, const char *all,
                        struct writer *writer) {
    if (!issued->rooms_count) write_string(writer, all);
    for (size_t i = 0; i < issued->rooms_count; i++)
        write_format(writer, "%s%s", i ? "," : "", issued->rooms[i]);
}

void issued_write_rooms(const struct issued *issued, struct writer *writer) {
    write_rooms(issued, "all", writer);
}

void issued_write(const struct issued *issued, struct writer *writer) {
    char at[TIMESTAMP_SIZE], expires[TIMESTAMP_SIZE];
    timestamp_write_seconds(issued->at, at);
    timestamp_write_seconds(issued->expires, expires);
    write_format(writer, "%s %s %s ", issued->id, issued->account,
                 claims_role_word(issued->role));
    write_rooms(issued, "-", writer);
    write_format(writer, " %s %s %s %s", at, expires, issued->key, issued->by);
}

static bool next_account(struct roll *roll, struct holding *holding) {
    struct issued issued;
    struct text line;
    while (roll_next(roll, &line)) {
        if (!issued_read(line, &issued)) continue;
        memcpy(holding->account, issued.account, sizeof issued.account);
        for (size_t i = 0; i < sizeof issued.account; i++)
            holding->word[i] = name_fold(issued.account[i]);
        return true;
    }
    return false;
}

struct roll_index issued_index(void) {
    return (struct roll_index){.name = ISSUED_FILE, .next = next_account};
}

bool issued_by_itself(const struct issued *issued, struct text *parent) {
    struct text by = text_of(issued->by);
    struct text account = text_piece(&by, ':');
    *parent = by;
    return name_equals(account, text_of(issued->account));
}

/* Issuing ------------------------------------------------------------------ */

static struct issued entry_from(const struct claims *claims) {
    struct issued entry = {.role = claims->role,
                           .rooms_count = claims->rooms_count,
                           .expires = claims->expires};
    memcpy(entry.id, claims->id, sizeof entry.id);
    memcpy(entry.account, claims->subject, sizeof entry.account);
    memcpy(entry.rooms, claims->rooms, sizeof entry.rooms);
    return entry;
}

static struct issued entry_of(const struct issue *issue) {
    struct issued entry = entry_from(&issue->claims);
    entry.at = issue->now;
    memcpy(entry.key, issue->key->name, sizeof entry.key);
    memcpy(entry.by, issue->by, sizeof entry.by);
    return entry;
}

void issued_sum_up(const struct claims *claims, char words[ISSUED_LINE_SIZE]) {
    char expires[TIMESTAMP_SIZE];
    struct writer writer = writer_on(words, ISSUED_LINE_SIZE - 1);
    struct issued entry = entry_from(claims);
    timestamp_write_seconds(entry.expires, expires);
    write_format(&writer, "%s %s until %s for ", entry.account,
                 claims_role_word(entry.role), expires);
    issued_write_rooms(&entry, &writer);
    words[writer.length] = '\0';
}

static bool is_of_today(const struct issue *issue, const struct issued *other) {
    struct text parent;
    return issued_by_itself(other, &parent) &&
           name_equals(text_of(other->account),
                       text_of(issue->claims.subject)) &&
           other->at > issue->now - DAY_MS;
}

/* Leaves out what expired long ago; how many the account made today. */
static unsigned look_through(struct roll *roll, const struct issue *issue) {
    int64_t old = issue->now - ISSUED_KEPT_DAYS * DAY_MS;
    unsigned today = 0;
    struct issued other;
    struct text line;
    while (roll_next(roll, &line)) {
        if (!issued_read(line, &other)) continue;
        if (other.expires < old) roll_drop(roll);
        if (is_of_today(issue, &other)) today++;
    }
    return today;
}

static bool enter(struct roll *roll, const struct issue *issue, char *error,
                  size_t size) {
    char line[ISSUED_LINE_SIZE];
    struct writer writer = writer_on(line, sizeof line);
    struct issued entry = entry_of(issue);
    unsigned today = look_through(roll, issue);
    if (issue->most && today >= issue->most) {
        snprintf(error, size, "you made %u today; try again tomorrow", today);
        return false;
    }
    issued_write(&entry, &writer);
    return roll_add(roll, writer_text(&writer), error, size) &&
           roll_commit(roll, error, size);
}

static bool is_revoked_by(const struct keyring *ring,
                          const struct issue *issue) {
    const struct key *key = keyring_find(ring, text_of(issue->key->pid));
    return !key || keyring_revokes(ring, key, &issue->parent);
}

/* By the files as they are, while the list is locked: whoever revokes the
 * parent afterwards finds in the list what was made with it. */
static bool has_good_parent(const struct keyring *ring,
                            const struct issue *issue, char *error,
                            size_t size) {
    if (!*issue->parent.subject) return true;
    struct keyring *now = memory_new(1, sizeof *now);
    bool fine = keyring_open(now, &ring->state, error, size);
    bool is_revoked = fine && is_revoked_by(now, issue);
    if (is_revoked) snprintf(error, size, "your own token is revoked");
    keyring_close(now);
    free(now);
    return fine && !is_revoked;
}

bool issued_sign(struct keyring *ring, struct issue *issue,
                 struct writer *token, char *error, size_t size) {
    struct roll roll;
    if (!keyring_sign(ring, issue->key, &issue->claims, issue->network,
                      issue->now, token, error, size))
        return false;
    if (issue->longest && token->length > issue->longest) {
        snprintf(error, size, "so many rooms do not fit into one line");
        return false;
    }
    if (keyring_revokes(ring, issue->key, &issue->claims)) {
        snprintf(error, size,
                 "tokens of %s are revoked up to a time to come: see "
                 "%s/keys/revoked",
                 issue->claims.subject, ring->state.path);
        return false;
    }
    if (!roll_change(&roll, &ring->state, ISSUED_FILE, error, size))
        return false;
    bool fine = has_good_parent(ring, issue, error, size) &&
                enter(&roll, issue, error, size);
    roll_close(&roll);
    return fine;
}

/* Revoking ----------------------------------------------------------------- */

static bool is_orphan(const struct keyring *ring, const struct issued *issued) {
    char parent[CLAIMS_ID_SIZE];
    struct text id;
    return issued_by_itself(issued, &id) && id.length &&
           text_copy(id, parent, sizeof parent) &&
           revoked_has_id(&ring->revoked, parent) &&
           !revoked_has_id(&ring->revoked, issued->id);
}

/* Takes one of those that were made with a token that is revoked out of the
 * list in memory. */
static bool take_orphan(const struct keyring *ring, struct roll *roll,
                        struct issued *orphan) {
    struct text line;
    roll_rewind(roll);
    while (roll_next(roll, &line)) {
        if (!issued_read(line, orphan) || !is_orphan(ring, orphan)) continue;
        roll_drop(roll);
        return true;
    }
    return false;
}

/* When a token expires; CLAIMS_NO_TIME where it is not on the list. Of others'
 * tokens only they know: there may be more than one with that id. */
static int64_t end_of(const struct keyring *ring, const char *id) {
    char error[KEYRING_FAULT_SIZE];
    int64_t end = CLAIMS_NO_TIME;
    struct issued issued;
    struct roll roll;
    struct text line;
    if (!roll_read(&roll, &ring->state, ISSUED_FILE, error, sizeof error))
        return end; /* that is no reason not to revoke it */
    while (end == CLAIMS_NO_TIME && roll_next(&roll, &line))
        if (issued_read(line, &issued) && strcmp(issued.id, id) == 0)
            end = issued.expires;
    roll_close(&roll);
    return end;
}

bool issued_revoke(struct keyring *ring, const char *id, int64_t now,
                   char *error, size_t size) {
    struct roll roll;
    struct issued orphan;
    int64_t until = end_of(ring, id);
    if (!keyring_revoke_id(ring, id, until, now, error, size)) return false;
    if (!roll_read(&roll, &ring->state, ISSUED_FILE, error, size)) return false;
    bool fine = true;
    while (fine && take_orphan(ring, &roll, &orphan))
        fine = keyring_revoke_id(ring, orphan.id, orphan.expires, now, error,
                                 size);
    roll_close(&roll);
    return fine;
}

/* What has become of it ---------------------------------------------------- */

enum issued_state issued_state(const struct keyring *ring,
                               const struct issued *issued, int64_t now) {
    struct claims claims =
        claims_for(text_of(issued->account), issued->expires);
    const struct key *key = keyring_find(ring, text_of(issued->key));
    memcpy(claims.id, issued->id, sizeof claims.id);
    if (!key || keyring_revokes(ring, key, &claims)) return ISSUED_REVOKED;
    return now >= issued->expires ? ISSUED_EXPIRED : ISSUED_GOOD;
}

const char *issued_state_word(enum issued_state state) {
    static const char *const words[] = {[ISSUED_GOOD] = "good",
                                        [ISSUED_EXPIRED] = "expired",
                                        [ISSUED_REVOKED] = "revoked"};
    return words[state];
}
