#include "client/nonce.h"

#include <stdlib.h>
#include <sys/random.h>

#include "protocol/writer.h"

enum { CHANCE = 10 }; /* bytes */

void nonce_make(char to[NONCE_SIZE], int64_t now) {
    unsigned char chance[CHANCE];
    struct writer writer = writer_on(to, NONCE_SIZE);
    /* Up to 256 bytes never come in part (getrandom(2)). */
    if (getrandom(chance, sizeof chance, 0) != sizeof chance) abort();
    write_format(&writer, "%012llx", (unsigned long long)now & 0xFFFFFFFFFFFFu);
    for (size_t i = 0; i < CHANCE; i++)
        write_format(&writer, "%02x", chance[i]);
    to[writer.length] = '\0';
}

bool nonce_valid(struct text nonce) {
    for (size_t i = 0; i < nonce.length; i++)
        if (nonce.at[i] <= ' ' || nonce.at[i] > '~' || nonce.at[i] == ';')
            return false;
    return nonce.length > 0 && nonce.length < NONCE_SIZE;
}
