/* Whom we believe to be a server. */
#include "client/commands_parts.h"
#include "client/trust.h"
#include "protocol/writer.h"

static void tell_lines(struct task *task, struct text lines) {
    while (lines.length > 0) {
        struct text line = text_piece(&lines, '\n');
        model_tell(task->model, task->buffer, MESSAGE_ANSWER, line);
    }
}

static bool forget(struct task *task, struct trust *trust, struct text host) {
    size_t count = trust_forget(trust, host);
    command_tell(task, count > 0 ? MESSAGE_ANSWER : MESSAGE_ERROR,
                 count > 0 ? "%.*s is forgotten: you will be asked again"
                           : "%.*s is not known · /trust lists who is",
                 (int)host.length, host.at);
    return count > 0;
}

/* [HOST] [forget] */
bool command_trust(struct task *task) {
    char words[TRUST_TEXT_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    struct trust *trust = task->owner->find_trust(task->owner);
    struct text host = text_word(&task->rest);
    if (text_is(task->rest, "forget")) return forget(task, trust, host);
    if (trust_list(trust, host, &writer) == 0)
        write_string(&writer, host.length > 0
                                  ? "its key is not saved"
                                  : "no server's key is saved: those that an "
                                    "authority vouches for need none");
    tell_lines(task, writer_text(&writer));
    return true;
}

bool command_cert(struct task *task) {
    char words[TRUST_TEXT_SIZE], server[LEDGER_NAME_SIZE];
    struct writer writer = writer_on(words, sizeof words);
    const struct tls_peer *peer =
        task->owner->find_peer(task->owner, task->network, server);
    if (!peer) {
        command_tell(task, MESSAGE_ERROR,
                     "this server has shown no certificate: it is no TLS");
        return false;
    }
    write_format(&writer, "%-12s%s · %s · %s\n", "server", server,
                 peer->protocol, peer->cipher);
    trust_describe(&writer, peer);
    write_format(&writer, "%-12s%s\n", "authority",
                 peer->trusted ? "vouches for it" : peer->wrong);
    tell_lines(task, writer_text(&writer));
    return true;
}
