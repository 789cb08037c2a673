/* What the two files of the TLS machine share. Nobody else includes this. */
#ifndef MINICHAT_TLS_PARTS_H
#define MINICHAT_TLS_PARTS_H

#include <openssl/ssl.h>

#include "protocol/tls.h"

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *carrier;
};

struct tls {
    SSL *ssl;
    enum tls_state state;
    bool server, begun;
    char *host;        /* of a client; NULL for a server */
    struct text input; /* borrowed, not yet used up */
    char *output;
    size_t length, room; /* of output */
    char error[TLS_WORDS_SIZE];
};

#endif
