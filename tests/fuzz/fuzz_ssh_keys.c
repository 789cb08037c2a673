/* Whatever sshd gives minichatctl, whatever stands in the roll of keys and in
 * the file of the gateway: the answer is one line of the two forms that are
 * meant, made of bytes that neither a shell nor sshd minds, or nothing; and
 * only for the gateway. The input: user, type, key, the gateway's file, and
 * the roll, each but the last up to a NUL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/gateway.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

static bool is_harmless(struct text command) {
    for (size_t i = 0; i < command.length; i++) {
        char byte = text_fold(command.at[i]);
        bool plain = (byte >= 'a' && byte <= 'z') ||
                     (byte >= '0' && byte <= '9') ||
                     (byte && strchr(" /._+-@#,:()'", byte));
        if (!plain) return false;
    }
    return true;
}

static size_t quotes(struct text text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += text.at[i] == '\'';
    return count;
}

static void examine(struct text answer) {
    static const char begin[] = "restrict,pty,command=\"";
    if (!answer.length) return;
    must(text_find(answer, '\n') == answer.length - 1);
    must(text_begins(answer, begin));
    answer = text_after(answer, strlen(begin));
    struct text command = text_piece(&answer, '"');
    must(is_harmless(command));
    must(text_begins(command, "/usr/bin/minichat --as ") ||
         text_begins(command, "/usr/bin/minichat --stranger SHA256:"));
    must(quotes(command) == 0 || quotes(command) == 2);
    must(text_find(answer, '"') == answer.length);
}

static void ask(const struct gateway *gateway, struct roll *keys,
                struct text user, struct text type, struct text blob) {
    static char memory[GATEWAY_ANSWER_SIZE];
    struct writer writer = writer_on(memory, sizeof memory);
    gateway_answer(&writer, gateway, keys, "/usr/bin/minichat", user, type,
                   blob);
    must(!writer.full);
    if (!text_is(user, gateway->user)) must(writer.length == 0);
    examine(writer_text(&writer));
}

static void read_all(struct roll *keys) {
    struct ssh_record record;
    roll_rewind(keys);
    while (ssh_keys_next(keys, &record)) {
        must(ssh_account_valid(text_of(record.account)));
        must(ssh_fingerprint_valid(text_of(record.key.fingerprint)));
        must(strlen(record.key.comment) < SSH_COMMENT_SIZE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct text rest = text_slice((const char *)data, size);
    struct text user = text_piece(&rest, '\0');
    struct text type = text_piece(&rest, '\0');
    struct text blob = text_piece(&rest, '\0');
    struct gateway gateway;
    bool fine = gateway_parse(&gateway, text_piece(&rest, '\0'));
    struct roll keys = {.content = (char *)(uintptr_t)rest.at,
                        .length = rest.length,
                        .held = -1};
    if (!fine) gateway = (struct gateway){.user = "chat"};
    snprintf(gateway.address, sizeof gateway.address,
             "unix:/run/minichat.sock");
    read_all(&keys);
    ask(&gateway, &keys, user, type, blob);
    ask(&gateway, &keys, text_of("chat"), type, blob);
    struct ssh_key key;
    if (!ssh_key_read(&key, user))
        must(ssh_fingerprint_valid(text_of(key.fingerprint)));
    return 0;
}
