#include "server/ssh_keys.h"

#include <stdio.h>
#include <string.h>

#include "protocol/timestamp.h"
#include "protocol/writer.h"

static const char ROLL[] = "keys/ssh";

bool ssh_account_valid(struct text account) {
    for (size_t i = 0; i < account.length; i++)
        if (account.at[i] && strchr("[]\\`^{}|", account.at[i])) return false;
    return name_valid(account);
}

bool ssh_record_read(struct ssh_record *record, struct text line) {
    struct text account = text_word(&line);
    struct text since = text_word(&line);
    struct text by = text_word(&line);
    *record = (struct ssh_record){0};
    if (!ssh_account_valid(account) || !name_valid(by)) return false;
    text_copy(account, record->account, sizeof record->account);
    text_copy(by, record->by, sizeof record->by);
    return timestamp_read(since, &record->since) &&
           !ssh_key_read(&record->key, line);
}

static void write_record(struct writer *writer,
                         const struct ssh_record *record) {
    char since[TIMESTAMP_SIZE];
    timestamp_write_seconds(record->since, since);
    write_format(writer, "%s %s %s %s ", record->account, since, record->by,
                 record->key.type);
    write_text(writer, record->key.blob);
    write_format(writer, " %s", record->key.comment);
}

bool ssh_keys_read(struct roll *roll, const struct state *state, char *error,
                   size_t size) {
    return roll_read(roll, state, ROLL, error, size);
}

bool ssh_keys_next(struct roll *roll, struct ssh_record *record) {
    struct text line;
    while (roll_next(roll, &line))
        if (ssh_record_read(record, line)) return true;
    return false;
}

bool ssh_keys_find(struct roll *roll, const struct ssh_key *key,
                   struct ssh_record *record) {
    roll_rewind(roll);
    while (ssh_keys_next(roll, record))
        if (text_equals(record->key.blob, key->blob)) return true;
    return false;
}

static bool next_holding(struct roll *roll, struct holding *holding) {
    struct ssh_record record;
    if (!ssh_keys_next(roll, &record)) return false;
    memcpy(holding->account, record.account, sizeof record.account);
    memcpy(holding->word, record.key.fingerprint,
           sizeof record.key.fingerprint);
    return true;
}

struct roll_index ssh_keys_index(void) {
    return (struct roll_index){.name = ROLL, .next = next_holding};
}

static size_t count_of(struct roll *roll, struct text account) {
    struct ssh_record record;
    size_t count = 0;
    roll_rewind(roll);
    while (ssh_keys_next(roll, &record))
        if (name_equals(text_of(record.account), account)) count++;
    return count;
}

static bool add_line(struct roll *roll, const struct ssh_record *record,
                     char *error, size_t size) {
    char memory[ROLL_LINE_MAX];
    struct writer writer = writer_on(memory, sizeof memory);
    write_record(&writer, record);
    return roll_add(roll, writer_text(&writer), error, size) &&
           roll_commit(roll, error, size);
}

static bool add(struct roll *roll, const struct ssh_record *record, char *error,
                size_t size) {
    struct ssh_record known;
    struct text account = text_of(record->account);
    if (ssh_keys_find(roll, &record->key, &known)) {
        if (name_equals(text_of(known.account), account)) return true;
        snprintf(error, size, "that key is %s's", known.account);
        return false;
    }
    if (count_of(roll, account) < SSH_KEYS_OF_ACCOUNT)
        return add_line(roll, record, error, size);
    snprintf(error, size, "%s has %d keys already: remove one first",
             record->account, SSH_KEYS_OF_ACCOUNT);
    return false;
}

bool ssh_keys_add(const struct state *state, const struct ssh_record *record,
                  char *error, size_t size) {
    struct roll roll;
    if (!state_make_folder(state, "keys", error, size)) return false;
    if (!roll_change(&roll, state, ROLL, error, size)) return false;
    bool fine = add(&roll, record, error, size);
    roll_close(&roll);
    return fine;
}

static bool is_called(const struct ssh_record *record, struct text what) {
    return name_equals(text_of(record->account), what) ||
           text_is(what, record->key.fingerprint);
}

bool ssh_keys_remove(const struct state *state, struct text what,
                     size_t *removed, char *error, size_t size) {
    struct ssh_record record;
    struct roll roll;
    *removed = 0;
    if (!state_make_folder(state, "keys", error, size)) return false;
    if (!roll_change(&roll, state, ROLL, error, size)) return false;
    while (ssh_keys_next(&roll, &record)) {
        if (!is_called(&record, what)) continue;
        roll_drop(&roll);
        ++*removed;
    }
    bool fine = !*removed || roll_commit(&roll, error, size);
    roll_close(&roll);
    return fine;
}
