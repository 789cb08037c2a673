#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "protocol/timestamp.h"
#include "server/ctl.h"
#include "server/ctl_audit.h"
#include "server/gateway.h"
#include "server/unix_users.h"

enum { KEYS_MAX = 65536, KEYS_AT_ONCE = SSH_KEYS_OF_ACCOUNT };

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Who adds it: behind sudo(8) the person, not root. */
static void take_author(char name[NAME_SIZE]) {
    const char *person = getuid() == 0 ? getenv("SUDO_USER") : NULL;
    if (person && *person)
        name_from_unix(person, name);
    else if (!unix_users_name(getuid(), name))
        snprintf(name, NAME_SIZE, "uid_%u", (unsigned)getuid());
    if (!name_valid(text_of(name))) snprintf(name, NAME_SIZE, "_");
}

/* Showing ------------------------------------------------------------------ */

static json_t *describe(const struct ssh_record *record) {
    char since[TIMESTAMP_SIZE];
    timestamp_write_seconds(record->since, since);
    return json_pack("{ss ss ss ss ss ss}", "account", record->account,
                     "fingerprint", record->key.fingerprint, "type",
                     record->key.type, "comment", record->key.comment, "since",
                     since, "by", record->by);
}

static void print_record(const struct ssh_record *record) {
    char since[TIMESTAMP_SIZE];
    timestamp_write_seconds(record->since, since);
    printf("%-16s %s  %s  %.10s by %s%s%s\n", record->account,
           record->key.fingerprint, record->key.type, since, record->by,
           *record->key.comment ? "  " : "", record->key.comment);
}

static void print_json(json_t *value) {
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
}

static bool is_shown(const struct ssh_record *record, const char *account) {
    return !account || name_equals(text_of(account), text_of(record->account));
}

int ctl_ssh_key_list(struct ctl *ctl, char **words) {
    struct ssh_record record;
    struct roll roll;
    if (words[0] && (words[1] || !ctl_is_plain(words[0]))) return CTL_USAGE;
    if (!ssh_keys_read(&roll, &ctl->state, ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    json_t *list = json_array();
    while (ssh_keys_next(&roll, &record)) {
        if (!is_shown(&record, words[0])) continue;
        if (ctl->json)
            json_array_append_new(list, describe(&record));
        else
            print_record(&record);
    }
    roll_close(&roll);
    if (ctl->json) print_json(json_incref(list));
    json_decref(list);
    return CTL_FINE;
}

/* Adding ------------------------------------------------------------------- */

static int add_line(struct ctl *ctl, const char *account, struct text line,
                    json_t *list) {
    struct ssh_record record = {.since = now_ms()};
    const char *fault = ssh_key_read(&record.key, line);
    if (fault) return ctl_fail(ctl, "that key cannot be added: %s", fault);
    text_copy(text_of(account), record.account, sizeof record.account);
    take_author(record.by);
    if (!ssh_keys_add(&ctl->state, &record, ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    ctl_audit_note(ctl, "ssh-key-add", record.account, record.key.fingerprint);
    if (ctl->json)
        json_array_append_new(list, describe(&record));
    else
        printf("%s may come in with %s %s\n", record.account,
               record.key.fingerprint, record.key.comment);
    return CTL_FINE;
}

/* Each line that is no comment. None is an error. */
static int add_lines(struct ctl *ctl, const char *account, struct text keys) {
    int result = CTL_FINE;
    size_t count = 0;
    json_t *list = json_array();
    while (result == CTL_FINE && keys.length) {
        struct text line = text_trim(text_piece(&keys, '\n'));
        if (line.length && line.at[line.length - 1] == '\r') line.length--;
        if (!line.length || *line.at == '#') continue;
        result = add_line(ctl, account, line, list);
        count++;
    }
    if (ctl->json && result == CTL_FINE) print_json(json_incref(list));
    json_decref(list);
    return count ? result : ctl_fail(ctl, "there is no key in it");
}

static int add_from(struct ctl *ctl, const char *account, const char *path,
                    FILE *file) {
    char memory[KEYS_MAX];
    size_t length = fread(memory, 1, sizeof memory, file);
    if (ferror(file))
        return ctl_fail(ctl, "cannot read %s: %s", path, strerror(errno));
    if (length == sizeof memory)
        return ctl_fail(ctl, "%s is too long for a list of keys", path);
    return add_lines(ctl, account, text_slice(memory, length));
}

static int add_file(struct ctl *ctl, const char *account, const char *path) {
    FILE *file = fopen(path, "re");
    if (!file)
        return ctl_fail(ctl, "cannot read %s: %s", path, strerror(errno));
    int result = add_from(ctl, account, path, file);
    fclose(file);
    return result;
}

/* A key whose blanks the shell has parted. */
static int add_words(struct ctl *ctl, const char *account, char **words) {
    char memory[ROLL_LINE_MAX];
    struct writer writer = writer_on(memory, sizeof memory);
    for (; *words; words++) {
        write_string(&writer, *words);
        write_char(&writer, ' ');
    }
    if (writer.full) return ctl_fail(ctl, "that key is too long");
    return add_lines(ctl, account, writer_text(&writer));
}

int ctl_ssh_key_add(struct ctl *ctl, char **words) {
    const char *account = words[0];
    if (!account || !words[1]) return CTL_USAGE;
    if (!ssh_account_valid(text_of(account)))
        return ctl_fail(ctl,
                        "\"%.64s\" cannot have ssh keys: a name of at most 32 "
                        "letters, digits, . _ or -",
                        account);
    if (words[2] || strchr(words[1], ' '))
        return add_words(ctl, account, words + 1);
    if (strcmp(words[1], "-") == 0)
        return add_from(ctl, account, "standard input", stdin);
    return add_file(ctl, account, words[1]);
}

/* Removing ----------------------------------------------------------------- */

int ctl_ssh_key_remove(struct ctl *ctl, char **words) {
    if (!words[0]) return CTL_USAGE;
    for (; *words; words++) {
        size_t removed;
        if (!ctl_is_plain(*words)) return CTL_USAGE;
        if (!ssh_keys_remove(&ctl->state, text_of(*words), &removed, ctl->error,
                             CTL_ERROR_SIZE))
            return CTL_FAILED;
        if (!removed)
            return ctl_fail(ctl, "nobody has a key called %.64s", *words);
        ctl_audit_note(ctl, "ssh-key-remove", *words, "");
        printf("removed %zu key%s of %s\n", removed, removed == 1 ? "" : "s",
               *words);
    }
    return CTL_FINE;
}

/* For sshd ----------------------------------------------------------------- */

/* The client beside this program: sshd wants an absolute path. */
static bool find_client(char *path, size_t size) {
    static const char client[] = "/minichat";
    ssize_t length = readlink("/proc/self/exe", path, size);
    if (length <= 0 || (size_t)length >= size) return false;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash || (size_t)(slash - path) + sizeof client > size) return false;
    memcpy(slash, client, sizeof client);
    return true;
}

static int answer(struct ctl *ctl, struct roll *keys, char **words) {
    char path[STATE_PATH_SIZE], memory[GATEWAY_ANSWER_SIZE];
    struct gateway gateway;
    struct writer writer = writer_on(memory, sizeof memory);
    if (!gateway_read(&gateway, &ctl->state, ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    if (!find_client(path, sizeof path) || !gateway_path_valid(text_of(path)))
        return ctl_fail(ctl, "sshd cannot be told where minichat is");
    gateway_answer(&writer, &gateway, keys, path, text_of(words[0]),
                   text_of(words[1]), text_of(words[2]));
    if (!writer.full) fwrite(memory, 1, writer.length, stdout);
    return CTL_FINE;
}

int ctl_ssh_keys(struct ctl *ctl, char **words) {
    struct roll keys;
    if (!words[0] || !words[1] || !words[2] || words[3]) return CTL_USAGE;
    if (!ssh_keys_read(&keys, &ctl->state, ctl->error, CTL_ERROR_SIZE))
        return CTL_FAILED;
    int result = answer(ctl, &keys, words);
    roll_close(&keys);
    return result;
}
