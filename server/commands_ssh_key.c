#include "server/commands_ssh_key.h"

#include <jansson.h>

#include "protocol/memory.h"
#include "protocol/timestamp.h"
#include "server/commands_admin.h"
#include "server/commands_inside.h"
#include "server/ssh_task.h"

/* Telling what came of it -------------------------------------------------- */

static void note_added(struct task *task) {
    const struct ssh_record *record = &ssh_task_of(task)->record;
    task_note(task, "ssh-key-add", record->account, record->key.fingerprint);
}

static void note_removed(struct task *task) {
    const struct ssh_task *done = ssh_task_of(task);
    if (done->removed) task_note(task, "ssh-key-remove", done->what, "");
}

static void tell_added(struct task *task, struct dialogue *dialogue) {
    const struct ssh_task *done = ssh_task_of(task);
    const struct ssh_record *record = &done->record;
    dialogue_tell(dialogue, "%s may come in with %s", record->account,
                  record->key.fingerprint);
}

static void tell_one(struct dialogue *dialogue,
                     const struct ssh_record *record) {
    const struct ssh_key *key = &record->key;
    char since[TIMESTAMP_SIZE];
    timestamp_write_seconds(record->since, since);
    admin_tell(dialogue,
               json_pack("{ss ss ss ss ss ss}", "account", record->account,
                         "fingerprint", key->fingerprint, "type", key->type,
                         "comment", key->comment, "since", since, "by",
                         record->by),
               "%s %s %s %.10s by %s %s", record->account, key->fingerprint,
               key->type, since, record->by, key->comment);
}

static void tell_listed(struct task *task, struct dialogue *dialogue) {
    const struct ssh_task *done = ssh_task_of(task);
    for (size_t i = 0; i < done->count && i < SSH_TASK_LISTED; i++)
        tell_one(dialogue, &done->listed[i]);
    dialogue_tell(
        dialogue, "%zu key%s%s", done->count, done->count == 1 ? "" : "s",
        done->count > SSH_TASK_LISTED ? ", the first 200 are shown" : "");
}

static void tell_removed(struct task *task, struct dialogue *dialogue) {
    const struct ssh_task *done = ssh_task_of(task);
    if (!done->removed) {
        dialogue_tell(dialogue, "nobody has a key called %s", done->what);
        return;
    }
    dialogue_tell(dialogue, "removed %zu key%s of %s", done->removed,
                  done->removed == 1 ? "" : "s", done->what);
}

/* What is asked for -------------------------------------------------------- */

/* Whoever has entered has a name; the kernel's users have one, too. */
static void take_author(struct ssh_record *record,
                        const struct dialogue *dialogue) {
    if (!text_copy(text_of(admin_name(dialogue)), record->by, NAME_SIZE))
        text_copy(text_of("_"), record->by, NAME_SIZE);
}

enum refusal admin_ssh_key_add(struct dialogue *dialogue,
                               const struct request *request) {
    struct text account = request->args[0], line = request->args[1];
    if (!dialogue->house->door) return ARGUMENTS_WRONG;
    if (!ssh_account_valid(account))
        return admin_fail(dialogue, request,
                          "%.*s cannot have ssh keys: a name of at most 32 "
                          "letters, digits, . _ or -",
                          (int)account.length, account.at);
    struct ssh_task *task =
        ssh_task_new(dialogue, ssh_task_add, note_added, tell_added);
    task->line = memory_string(line.at, line.length);
    const char *fault = ssh_key_read(&task->record.key, text_of(task->line));
    if (fault) {
        task_free(&task->task);
        return admin_fail(dialogue, request, "that key cannot be added: %s",
                          fault);
    }
    text_copy(account, task->record.account, sizeof task->record.account);
    take_author(&task->record, dialogue);
    task_begin(dialogue, &task->task);
    return REFUSED_NOTHING;
}

enum refusal admin_ssh_key_list(struct dialogue *dialogue,
                                const struct request *request) {
    if (!dialogue->house->door) return ARGUMENTS_WRONG;
    struct ssh_task *task =
        ssh_task_new(dialogue, ssh_task_list, NULL, tell_listed);
    text_copy(commands_arg(request, 0), task->what, sizeof task->what);
    task_begin(dialogue, &task->task);
    return REFUSED_NOTHING;
}

enum refusal admin_ssh_key_remove(struct dialogue *dialogue,
                                  const struct request *request) {
    struct text what = request->args[0];
    if (!dialogue->house->door) return ARGUMENTS_WRONG;
    if (!name_valid(what) && !ssh_fingerprint_valid(what))
        return admin_fail(dialogue, request,
                          "%.*s is no account and no fingerprint",
                          (int)what.length, what.at);
    struct ssh_task *task =
        ssh_task_new(dialogue, ssh_task_remove, note_removed, tell_removed);
    text_copy(what, task->what, sizeof task->what);
    task_begin(dialogue, &task->task);
    return REFUSED_NOTHING;
}
