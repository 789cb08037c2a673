/* What the files of the key ring share among themselves. */
#ifndef MINICHAT_KEYRING_INSIDE_H
#define MINICHAT_KEYRING_INSIDE_H

#include "protocol/vault.h"
#include "server/keyring.h"

enum { KEYRING_FILE_SIZE = KEYRING_NAME_SIZE + 16 };

static const char KEYRING_FOLDER[] = "keys";
static const char KEYRING_REVOKED[] = "keys/revoked";
#define KEYRING_FULL "there are 64 keys already: take one out"

/* keys/NAME.secret, .public or .retired. */
void keyring_file(const char *name, enum standing standing,
                  char file[KEYRING_FILE_SIZE]);
/* A name is a word and a file name: letters, digits, _ and, within, - and . */
bool keyring_name_valid(struct text name);
/* The one line of a key's file, in memory for vault_free; NULL and a sentence.
 * It is empty where there are more lines. */
char *keyring_load_line(const struct keyring *ring, const char *file,
                        struct text *line, char *error, size_t size);

/* An id of ours knows seconds only. The first second in which one can be good
 * although all that the account had are revoked; 0: any can. Where they are
 * revoked up to a time far ahead none can, and it is 0, too. */
int64_t keyring_first_good(const struct revoked *revoked, const char *account,
                           int64_t now);

#endif
