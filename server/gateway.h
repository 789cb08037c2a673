/* The gateway: the one Unix user through whom `ssh chat@box` comes in. The
 * server writes down in the state directory (the file `gateway`) who that is;
 * minichatctl answers sshd by it, without asking the server: sshd_config(5),
 * AuthorizedKeysCommand. A line each:
 *
 *   user chat
 *   contact ada@example.org
 *   strangers no
 *
 * Nothing is put into an answer, which a shell reads, that is not made of
 * letters, digits and a few marks that no shell minds. */
#ifndef MINICHAT_GATEWAY_H
#define MINICHAT_GATEWAY_H

#include "protocol/writer.h"
#include "server/config.h"
#include "server/ssh_keys.h"

enum {
    GATEWAY_CONTACT_SIZE = CONFIG_CONTACT_SIZE,
    GATEWAY_ANSWER_SIZE = 12288,
};

struct gateway {
    char user[NAME_SIZE];          /* empty: there is none */
    char address[STATE_PATH_SIZE]; /* of its socket, unix:/PATH; or empty */
    char contact[GATEWAY_CONTACT_SIZE]; /* whom strangers may ask; or empty */
    bool is_silent; /* they are not answered: sshd tries their next key */
};

/* May these be in an answer? A path: absolute, letters, digits and / . _ + -
 * alone. A contact: one line of those, blanks and @ # , : ( ). */
bool gateway_path_valid(struct text path);
bool gateway_contact_valid(struct text contact);

bool gateway_write(const struct gateway *gateway, const struct state *state,
                   char *error, size_t size);
/* False, with a sentence, where it cannot be read or says what it must not. */
bool gateway_read(struct gateway *gateway, const struct state *state,
                  char *error, size_t size);
/* The same of its text. */
bool gateway_parse(struct gateway *gateway, struct text file);

/* What sshd asks: may this key be used to log in as this user? program: the
 * path of minichat. Writes one line for authorized_keys, which lets in as the
 * key's account or else only tells a stranger whom to ask; nothing for other
 * users than the gateway's and for what is not a key. */
void gateway_answer(struct writer *answer, const struct gateway *gateway,
                    struct roll *keys, const char *program, struct text user,
                    struct text type, struct text blob);

#endif
