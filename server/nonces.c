#include "server/nonces.h"

#include <stdlib.h>

#include "protocol/memory.h"

/* A Bloom filter whose bits for one nonce stand in one word of memory: BITS of
 * 64, chosen by the hash. With 24 bits a nonce about one new nonce in a
 * thousand looks known. */
enum { WORDS = 1024, BITS = 5, BITS_EACH = 24 };

void nonces_init(struct nonces *nonces) {
    *nonces = (struct nonces){
        .bits = memory_new(WORDS, sizeof *nonces->bits),
        .words = WORDS,
        .most = WORDS * 64 / BITS_EACH,
    };
}

void nonces_finish(struct nonces *nonces) {
    free(nonces->bits);
    *nonces = (struct nonces){0};
}

/* FNV-1a, then mixed (splitmix64). Who finds nonces that collide only makes
 * their own lines wait for a look at the disk. */
static uint64_t hash_on(uint64_t hash, struct text text) {
    for (size_t i = 0; i < text.length; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 0x100000001b3u;
    return hash * 0x100000001b3u;
}

static uint64_t mixed(uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t hash_of(struct text account, struct text nonce) {
    char folded[64];
    size_t length = account.length < sizeof folded ? account.length : 0;
    for (size_t i = 0; i < length; i++)
        folded[i] = name_fold(account.at[i]);
    uint64_t hash = hash_on(0xcbf29ce484222325u, text_slice(folded, length));
    return mixed(hash_on(hash, nonce));
}

/* Its bits; the rest of the hash says in which word. */
static uint64_t pattern(uint64_t hash) {
    uint64_t bits = 0;
    for (int i = 0; i < BITS; i++)
        bits |= (uint64_t)1 << ((hash >> (6 * i)) & 63);
    return bits;
}

static uint64_t *word_of(const struct nonces *nonces, uint64_t hash) {
    return &nonces->bits[(hash >> 30) & (nonces->words - 1)];
}

/* Twice as wide: a nonce's word is now the old one or the one as far behind
 * the middle, so both halves begin as copies. */
static void widen(struct nonces *nonces) {
    size_t words = nonces->words;
    nonces->bits = memory_grow(nonces->bits, words * 2, sizeof *nonces->bits);
    for (size_t i = 0; i < words; i++)
        nonces->bits[words + i] = nonces->bits[i];
    nonces->words = words * 2;
    nonces->most *= 2;
}

void nonces_add(struct nonces *nonces, struct text account, struct text nonce) {
    uint64_t hash = hash_of(account, nonce);
    if (nonces->count++ >= nonces->most) widen(nonces);
    *word_of(nonces, hash) |= pattern(hash);
}

bool nonces_may_know(const struct nonces *nonces, struct text account,
                     struct text nonce) {
    uint64_t hash = hash_of(account, nonce);
    uint64_t bits = pattern(hash);
    if (!nonces->complete) return true;
    return (*word_of(nonces, hash) & bits) == bits;
}
