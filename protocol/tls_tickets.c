/* Tickets: what a server gives to those who want to be quick when they come
 * back, sealed with a key that only it has, so that it need not remember
 * anybody. Two keys, so that a ticket outlives the turn to a new one. */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "protocol/memory.h"
#include "protocol/tls_parts.h"

enum { NAME_BYTES = 16, KEY_BYTES = 32 };

struct ticket_key {
    unsigned char name[NAME_BYTES], cipher[KEY_BYTES], mac[KEY_BYTES];
};

struct tls_tickets {
    struct ticket_key newest, before;
};

static bool make_key(struct ticket_key *key) {
    return RAND_bytes(key->name, sizeof key->name) == 1 &&
           RAND_priv_bytes(key->cipher, sizeof key->cipher) == 1 &&
           RAND_priv_bytes(key->mac, sizeof key->mac) == 1;
}

static bool set_mac(EVP_MAC_CTX *mac, const struct ticket_key *key) {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end()};
    return EVP_MAC_init(mac, key->mac, sizeof key->mac, parameters) == 1;
}

static int seal(const struct ticket_key *key, unsigned char *name,
                unsigned char *vector, EVP_CIPHER_CTX *cipher,
                EVP_MAC_CTX *mac) {
    const EVP_CIPHER *kind = EVP_aes_256_cbc();
    int size = EVP_CIPHER_get_iv_length(kind);
    if (RAND_bytes(vector, size) != 1) return -1;
    memcpy(name, key->name, sizeof key->name);
    return EVP_EncryptInit_ex(cipher, kind, NULL, key->cipher, vector) == 1 &&
                   set_mac(mac, key)
               ? 1
               : -1;
}

/* SSL_CTX_set_tlsext_ticket_key_evp_cb(3): 0 is no ticket of ours, 2 is one
 * that should be replaced. */
static int unseal(const struct tls_tickets *tickets, const unsigned char *name,
                  const unsigned char *vector, EVP_CIPHER_CTX *cipher,
                  EVP_MAC_CTX *mac) {
    bool is_newest = memcmp(name, tickets->newest.name, NAME_BYTES) == 0;
    const struct ticket_key *key =
        is_newest ? &tickets->newest : &tickets->before;
    if (memcmp(name, key->name, NAME_BYTES) != 0) return 0;
    if (EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key->cipher,
                           vector) != 1 ||
        !set_mac(mac, key))
        return -1;
    return is_newest ? 1 : 2;
}

static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *vector,
                     EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int sealing) {
    const struct tls_tickets *tickets =
        SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    return sealing ? seal(&tickets->newest, name, vector, cipher, mac)
                   : unseal(tickets, name, vector, cipher, mac);
}

bool tls_tickets_share(struct tls_tickets *tickets, SSL_CTX *ssl) {
    return SSL_CTX_set_app_data(ssl, tickets) == 1 &&
           SSL_CTX_set_tlsext_ticket_key_evp_cb(ssl, on_ticket) == 1;
}

struct tls_tickets *tls_tickets_new(SSL_CTX *ssl) {
    struct tls_tickets *tickets = memory_new(1, sizeof *tickets);
    if (!make_key(&tickets->newest) || !make_key(&tickets->before) ||
        !tls_tickets_share(tickets, ssl)) {
        tls_tickets_free(tickets);
        return NULL;
    }
    return tickets;
}

bool tls_tickets_turn(struct tls_tickets *tickets) {
    struct ticket_key key;
    bool made = make_key(&key);
    if (made) tickets->before = tickets->newest;
    if (made) tickets->newest = key;
    OPENSSL_cleanse(&key, sizeof key);
    return made;
}

void tls_tickets_free(struct tls_tickets *tickets) {
    if (!tickets) return;
    OPENSSL_cleanse(tickets, sizeof *tickets);
    free(tickets);
}
