#include "server/nonces.h"

#include <stdlib.h>

#include "protocol/memory.h"

/* A Bloom filter whose bits for one nonce stand in one word of memory: BITS of
 * 64, chosen by the hash, BITS_EACH of them for each nonce that a layer is
 * made for. */
enum { WORDS = 1024, BITS = 6, BITS_EACH = 32 };

static void add_layer(struct nonces *nonces) {
    size_t words = (size_t)WORDS << nonces->used;
    nonces->layers[nonces->used++] = (struct nonces_layer){
        .bits = memory_new(words, sizeof(uint64_t)),
        .words = words,
        .most = words * 64 / BITS_EACH,
    };
}

void nonces_init(struct nonces *nonces) {
    *nonces = (struct nonces){0};
    add_layer(nonces);
}

void nonces_finish(struct nonces *nonces) {
    for (size_t i = 0; i < nonces->used; i++)
        free(nonces->layers[i].bits);
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
        bits |= (uint64_t)1 << ((hash >> (6 * (unsigned)i)) & 63);
    return bits;
}

static uint64_t *word_of(const struct nonces_layer *layer, uint64_t hash) {
    return &layer->bits[(hash >> (6 * BITS)) & (layer->words - 1)];
}

void nonces_add(struct nonces *nonces, struct text account, struct text nonce) {
    uint64_t hash = hash_of(account, nonce);
    struct nonces_layer *layer = &nonces->layers[nonces->used - 1];
    if (layer->count == layer->most && nonces->used < NONCES_LAYERS) {
        add_layer(nonces);
        layer++;
    }
    layer->count++;
    *word_of(layer, hash) |= pattern(hash);
}

bool nonces_may_know(const struct nonces *nonces, struct text account,
                     struct text nonce) {
    uint64_t hash = hash_of(account, nonce);
    uint64_t bits = pattern(hash);
    if (!nonces->complete) return true;
    for (size_t i = 0; i < nonces->used; i++)
        if ((*word_of(&nonces->layers[i], hash) & bits) == bits) return true;
    return false;
}
