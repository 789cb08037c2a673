#include "server/revoked.h"

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

static bool add_id(struct revoked *revoked, struct text id) {
    struct revoked_id new = {""};
    if (!id.length || !text_copy(id, new.id, sizeof new.id)) return false;
    if (revoked->ids_count == REVOKED_MAX) return false;
    if (revoked->ids_count == revoked->ids_size) {
        revoked->ids_size = revoked->ids_size ? revoked->ids_size * 2 : 64;
        revoked->ids = memory_grow(revoked->ids, revoked->ids_size, sizeof new);
    }
    revoked->ids[revoked->ids_count++] = new;
    return true;
}

static bool add_account(struct revoked *revoked, struct text account,
                        struct text before) {
    struct revoked_account new = {""};
    if (!name_valid(account)) return false;
    if (!timestamp_read(before, &new.before)) return false;
    if (revoked->accounts_count == REVOKED_MAX) return false;
    text_copy(account, new.account, sizeof new.account);
    fold(new.account);
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
    struct text kind = text_word(&line);
    if (!kind.length || *kind.at == '#') return true;
    struct text what = text_word(&line);
    if (text_is(kind, "jti")) return !line.length && add_id(revoked, what);
    if (!text_is(kind, "account")) return false;
    struct text before = text_word(&line);
    return text_is(before, "before") &&
           add_account(revoked, what, text_trim(line));
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
