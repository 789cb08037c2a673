#include "server/revoked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/timestamp.h"

static int order_ids(const void *left, const void *right) {
    const struct revoked_id *a = left, *b = right;
    return strcmp(a->id, b->id);
}

static int order_accounts(const void *left, const void *right) {
    const struct revoked_account *a = left, *b = right;
    return strcmp(a->account, b->account);
}

static void fold(char *name) {
    for (; *name; name++)
        *name = name_fold(*name);
}

/* What one line says: of a token, or of an account. */
struct entry {
    char id[CLAIMS_ID_SIZE], account[NAME_SIZE]; /* folded */
    int64_t time; /* until, CLAIMS_NO_TIME: for ever; or before */
};

static bool read_id(struct text words, struct entry *entry) {
    struct text id = text_word(&words), until = text_word(&words);
    entry->time = CLAIMS_NO_TIME;
    if (!id.length || !text_copy(id, entry->id, sizeof entry->id)) return false;
    if (!until.length) return true;
    return text_is(until, "until") &&
           timestamp_read(text_trim(words), &entry->time);
}

static bool read_account(struct text words, struct entry *entry) {
    struct text account = text_word(&words), before = text_word(&words);
    if (!name_valid(account) || !text_is(before, "before")) return false;
    text_copy(account, entry->account, sizeof entry->account);
    fold(entry->account);
    return timestamp_read(text_trim(words), &entry->time);
}

static bool read_entry(struct text line, struct entry *entry) {
    struct text kind = text_word(&line);
    *entry = (struct entry){.id = ""};
    if (text_is(kind, "jti")) return read_id(line, entry);
    return text_is(kind, "account") && read_account(line, entry);
}

static bool add_id(struct revoked *revoked, const struct entry *entry) {
    struct revoked_id new = {""};
    if (revoked->ids_count == REVOKED_MAX) return false;
    memcpy(new.id, entry->id, sizeof new.id);
    if (revoked->ids_count == revoked->ids_size) {
        revoked->ids_size = revoked->ids_size ? revoked->ids_size * 2 : 64;
        revoked->ids = memory_grow(revoked->ids, revoked->ids_size, sizeof new);
    }
    revoked->ids[revoked->ids_count++] = new;
    return true;
}

static bool add_account(struct revoked *revoked, const struct entry *entry) {
    struct revoked_account new = {.before = entry->time};
    if (revoked->accounts_count == REVOKED_MAX) return false;
    memcpy(new.account, entry->account, sizeof new.account);
    if (revoked->accounts_count == revoked->accounts_size) {
        revoked->accounts_size =
            revoked->accounts_size ? revoked->accounts_size * 2 : 64;
        revoked->accounts =
            memory_grow(revoked->accounts, revoked->accounts_size, sizeof new);
    }
    revoked->accounts[revoked->accounts_count++] = new;
    return true;
}

static bool read_line(struct revoked *revoked, struct text line) {
    struct entry entry;
    if (!line.length || *line.at == '#') return true;
    if (!read_entry(line, &entry)) return false;
    return *entry.id ? add_id(revoked, &entry) : add_account(revoked, &entry);
}

/* Of one account's lines, the latest moment is the one that counts. */
static void keep_latest(struct revoked *revoked) {
    size_t kept = 0;
    for (size_t i = 0; i < revoked->accounts_count; i++) {
        struct revoked_account *next = &revoked->accounts[i];
        struct revoked_account *last = kept ? next - (i - kept + 1) : NULL;
        if (!last || order_accounts(last, next) != 0)
            revoked->accounts[kept++] = *next;
        else if (next->before > last->before)
            last->before = next->before;
    }
    revoked->accounts_count = kept;
}

static void sort(struct revoked *revoked) {
    if (revoked->ids_count)
        qsort(revoked->ids, revoked->ids_count, sizeof *revoked->ids,
              order_ids);
    if (revoked->accounts_count)
        qsort(revoked->accounts, revoked->accounts_count,
              sizeof *revoked->accounts, order_accounts);
    keep_latest(revoked);
}

bool revoked_read(struct revoked *revoked, struct text file, unsigned *line) {
    *revoked = (struct revoked){0};
    for (*line = 1; file.length; ++*line) {
        if (read_line(revoked, text_trim(text_piece(&file, '\n')))) continue;
        revoked_finish(revoked);
        return false;
    }
    sort(revoked);
    return true;
}

void revoked_write_id(const char *id, int64_t until,
                      char line[REVOKED_LINE_SIZE]) {
    char time[TIMESTAMP_SIZE];
    snprintf(line, REVOKED_LINE_SIZE, "jti %s", id);
    if (until == CLAIMS_NO_TIME) return;
    timestamp_write_seconds(until, time);
    snprintf(line, REVOKED_LINE_SIZE, "jti %s until %s", id, time);
}

void revoked_write_account(const char *account, int64_t before,
                           char line[REVOKED_LINE_SIZE]) {
    char time[TIMESTAMP_SIZE];
    timestamp_write(before, time);
    snprintf(line, REVOKED_LINE_SIZE, "account %s before %s", account, time);
}

static bool is_over(const struct entry *entry, int64_t now) {
    const int64_t kept = REVOKED_KEPT_DAYS * INT64_C(86400000);
    return *entry->id && entry->time != CLAIMS_NO_TIME &&
           entry->time < now - kept;
}

bool revoked_is_idle(struct text line, struct text new, int64_t now) {
    struct entry old, added;
    if (!read_entry(line, &old)) return false;
    if (is_over(&old, now)) return true;
    return *old.account && read_entry(new, &added) &&
           strcmp(old.account, added.account) == 0 && old.time <= added.time;
}

void revoked_finish(struct revoked *revoked) {
    free(revoked->ids);
    free(revoked->accounts);
    *revoked = (struct revoked){0};
}

bool revoked_has_id(const struct revoked *revoked, const char *id) {
    struct revoked_id key = {""};
    if (!revoked->ids_count || !text_copy(text_of(id), key.id, sizeof key.id))
        return false;
    return bsearch(&key, revoked->ids, revoked->ids_count, sizeof key,
                   order_ids) != NULL;
}

int64_t revoked_before(const struct revoked *revoked, const char *account) {
    struct revoked_account key = {""}, *found;
    if (!revoked->accounts_count) return CLAIMS_NO_TIME;
    if (!text_copy(text_of(account), key.account, sizeof key.account))
        return CLAIMS_NO_TIME;
    fold(key.account);
    found = bsearch(&key, revoked->accounts, revoked->accounts_count,
                    sizeof key, order_accounts);
    return found ? found->before : CLAIMS_NO_TIME;
}

bool revoked_has_account(const struct revoked *revoked, const char *account,
                         int64_t issued) {
    int64_t before = revoked_before(revoked, account);
    return before != CLAIMS_NO_TIME && issued < before;
}
