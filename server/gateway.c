#include "server/gateway.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char FILE_NAME[] = "gateway";

enum { FILE_MAX = 1024 };

static bool is_made_of(struct text text, const char *marks) {
    for (size_t i = 0; i < text.length; i++) {
        char byte = text_fold(text.at[i]);
        bool letter = byte >= 'a' && byte <= 'z';
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && (!byte || !strchr(marks, byte))) return false;
    }
    return true;
}

bool gateway_path_valid(struct text path) {
    return text_begins(path, "/") && is_made_of(path, "/._+-");
}

static bool is_plain_address(struct text address) {
    return text_begins(address, "unix:") &&
           gateway_path_valid(text_after(address, strlen("unix:")));
}

bool gateway_contact_valid(struct text contact) {
    return contact.length < GATEWAY_CONTACT_SIZE &&
           is_made_of(contact, " /._+-@#,:()");
}

bool gateway_write(const struct gateway *gateway, const struct state *state,
                   char *error, size_t size) {
    char memory[FILE_MAX];
    struct writer writer = writer_on(memory, sizeof memory);
    if (!*gateway->user) return state_remove(state, FILE_NAME, error, size);
    write_format(&writer, "user %s\n", gateway->user);
    if (*gateway->contact)
        write_format(&writer, "contact %s\n", gateway->contact);
    if (gateway->is_silent) write_string(&writer, "strangers no\n");
    return state_write(state, FILE_NAME, writer_text(&writer), error, size);
}

static bool take_line(struct gateway *gateway, struct text line) {
    struct text what = text_word(&line);
    if (!what.length) return true;
    if (text_is(what, "user"))
        return ssh_account_valid(line) &&
               text_copy(line, gateway->user, sizeof gateway->user);
    if (text_is(what, "contact"))
        return gateway_contact_valid(line) &&
               text_copy(line, gateway->contact, sizeof gateway->contact);
    gateway->is_silent = text_is(what, "strangers") && text_is(line, "no");
    return gateway->is_silent;
}

bool gateway_parse(struct gateway *gateway, struct text file) {
    *gateway = (struct gateway){0};
    while (file.length)
        if (!take_line(gateway, text_trim(text_piece(&file, '\n'))))
            return false;
    return true;
}

bool gateway_read(struct gateway *gateway, const struct state *state,
                  char *error, size_t size) {
    size_t length;
    char *content =
        state_read(state, FILE_NAME, FILE_MAX, &length, error, size);
    if (!content) return false;
    bool fine = gateway_parse(gateway, text_slice(content, length));
    free(content);
    if (!fine)
        snprintf(error, size, "%s/%s is not what minichatd writes", state->path,
                 FILE_NAME);
    return fine && state_socket(state, gateway->address, error, size);
}

/* sshd(8), AUTHORIZED_KEYS FILE FORMAT. */
static void write_line(struct writer *answer, const char *command,
                       const struct ssh_key *key) {
    write_format(answer, "restrict,pty,command=\"%s\" %s ", command, key->type);
    write_text(answer, key->blob);
    write_char(answer, '\n');
}

static void let_in(struct writer *answer, const struct gateway *gateway,
                   const char *program, const struct ssh_record *record) {
    char memory[1024] = "";
    struct writer command = writer_on(memory, sizeof memory - 1);
    write_format(&command, "%s --as %s --key %s %s", program, record->account,
                 record->key.fingerprint, gateway->address);
    if (!command.full) write_line(answer, memory, &record->key);
}

static void turn_away(struct writer *answer, const struct gateway *gateway,
                      const char *program, const struct ssh_key *key) {
    char memory[1024] = "";
    struct writer command = writer_on(memory, sizeof memory - 1);
    write_format(&command, "%s --stranger %s", program, key->fingerprint);
    if (*gateway->contact) write_format(&command, " '%s'", gateway->contact);
    if (!command.full) write_line(answer, memory, key);
}

void gateway_answer(struct writer *answer, const struct gateway *gateway,
                    struct roll *keys, const char *program, struct text user,
                    struct text type, struct text blob) {
    struct ssh_record record;
    struct ssh_key key;
    if (!*gateway->user || !text_is(user, gateway->user)) return;
    if (!gateway_path_valid(text_of(program))) return;
    if (!is_plain_address(text_of(gateway->address))) return;
    if (ssh_key_read_words(&key, type, blob)) return;
    if (ssh_keys_find(keys, &key, &record))
        let_in(answer, gateway, program, &record);
    else if (!gateway->is_silent)
        turn_away(answer, gateway, program, &key);
}
