/* An answer of the kernel: whatever it is, nobody is known by it who is not a
 * person, and only if it is about the socket that was asked about. */
#include "server/sock_diag.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
    if (!holds) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct sock_diag_socket about;
    unsigned char question[SOCK_DIAG_QUESTION];
    uid_t user = 0, same = 0;
    if (size < sizeof about) return 0;
    memcpy(&about, data, sizeof about);
    about.is_v6 = data[0] & 1;
    must(sock_diag_ask(&about, question) <= sizeof question);
    const unsigned char *answer = data + sizeof about;
    if (!sock_diag_owner(answer, size - sizeof about, &about, &user)) return 0;
    must(user >= FIRST_PERSON && user != (uid_t)-1);
    about.port ^= 1;
    must(!sock_diag_owner(answer, size - sizeof about, &about, &same));
    return 0;
}
