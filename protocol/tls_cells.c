#include "protocol/tls_cells.h"

#include <openssl/crypto.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "protocol/memory.h"
#include "protocol/tls.h"

enum {
    PIECE_LEAST = 4096, /* an SSL has so many bytes, whatever its version */
    PIECE_MOST = 8192,
    WORD_BITS = 64,
    PIECE_WORDS = PIECE_MOST / sizeof(uint64_t),
};

/* Of one that rests: which words were not zero, and these. */
struct kept {
    uint64_t which[PIECE_WORDS / WORD_BITS];
    size_t size; /* in bytes, of all this */
    uint64_t words[];
};

/* OpenSSL takes three functions and no word of whose they are; so this is the
 * one thing in here that belongs to the process. */
static struct {
    char *range; /* NULL: there are none */
    size_t size; /* of one cell */
    size_t count, fresh;
    struct kept **kept; /* of each cell; NULL: it is awake, or free */
    uint32_t *free;     /* those that were used and are free again */
    size_t free_count;
} cells;

static _Thread_local bool is_expected;

/* OpenSSL's memory -------------------------------------------------------- */

static bool is_cell(const void *piece) {
    uintptr_t place = (uintptr_t)piece, range = (uintptr_t)cells.range;
    return cells.range && place >= range &&
           place - range < cells.count * cells.size;
}

static size_t number_of(const void *piece) {
    return ((uintptr_t)piece - (uintptr_t)cells.range) / cells.size;
}

static void *take(void) {
    size_t number;
    if (cells.free_count > 0)
        number = cells.free[--cells.free_count];
    else if (cells.fresh < cells.count)
        number = cells.fresh++;
    else
        return NULL;
    return cells.range + number * cells.size;
}

static void forget(size_t number) {
    struct kept *kept = cells.kept[number];
    if (!kept) return;
    explicit_bzero(kept, kept->size);
    free(kept);
    cells.kept[number] = NULL;
}

static void put_back(void *piece) {
    size_t number = number_of(piece);
    if (!cells.kept[number]) explicit_bzero(piece, PIECE_MOST);
    (void)madvise(piece, cells.size, MADV_DONTNEED);
    forget(number);
    cells.free[cells.free_count++] = (uint32_t)number;
}

static void *on_wanted(size_t size, const char *file, int line) {
    bool may_be_ssl = is_expected && size >= PIECE_LEAST && size <= PIECE_MOST;
    void *cell = may_be_ssl ? take() : NULL;
    (void)file;
    (void)line;
    if (size == 0) return NULL;
    if (!cell) return malloc(size);
    is_expected = false;
    return cell;
}

static void on_freed(void *piece, const char *file, int line) {
    (void)file;
    (void)line;
    if (is_cell(piece))
        put_back(piece);
    else
        free(piece);
}

/* It was no SSL: another version may begin with something else. */
static void *move_out(void *piece, size_t size) {
    void *moved = malloc(size);
    if (!moved) return NULL;
    memcpy(moved, piece, size < PIECE_MOST ? size : PIECE_MOST);
    put_back(piece);
    return moved;
}

static void *on_resized(void *piece, size_t size, const char *file, int line) {
    if (!piece) return on_wanted(size, file, line);
    if (size == 0) {
        on_freed(piece, file, line);
        return NULL;
    }
    return is_cell(piece) ? move_out(piece, size) : realloc(piece, size);
}

static bool set_aside(size_t count) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = (PIECE_MOST + page - 1) / page * page;
    void *range = mmap(NULL, count * size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) return false;
    cells.kept = memory_new(count, sizeof *cells.kept);
    cells.free = memory_new(count, sizeof *cells.free);
    cells.size = size;
    cells.count = count;
    cells.range = range;
    return true;
}

bool tls_prepare_rest(size_t count) {
    if (cells.range) return true;
    if (count == 0 || count > UINT32_MAX) return false;
    return CRYPTO_set_mem_functions(on_wanted, on_resized, on_freed) == 1 &&
           set_aside(count);
}

/* Machines ---------------------------------------------------------------- */

void cells_expect(void) {
    is_expected = cells.range != NULL;
}

void cells_expect_no_more(void) {
    is_expected = false;
}

static struct kept *pack(const uint64_t words[PIECE_WORDS]) {
    size_t count = 0, next = 0;
    for (size_t i = 0; i < PIECE_WORDS; i++)
        count += words[i] != 0;
    size_t size = sizeof(struct kept) + count * sizeof words[0];
    struct kept *kept = memory_new(1, size);
    kept->size = size;
    for (size_t i = 0; i < PIECE_WORDS; i++) {
        if (words[i] == 0) continue;
        kept->which[i / WORD_BITS] |= UINT64_C(1) << i % WORD_BITS;
        kept->words[next++] = words[i];
    }
    return kept;
}

/* Zeros are written as well: whether a page that was given back comes again
 * empty is the system's affair. */
static void unpack(const struct kept *kept, uint64_t words[PIECE_WORDS]) {
    size_t next = 0;
    for (size_t i = 0; i < PIECE_WORDS; i++) {
        bool was = kept->which[i / WORD_BITS] >> i % WORD_BITS & 1;
        words[i] = was ? kept->words[next++] : 0;
    }
}

void cells_rest(void *piece) {
    if (!is_cell(piece)) return;
    size_t number = number_of(piece);
    if (cells.kept[number]) return;
    cells.kept[number] = pack(piece);
    if (madvise(piece, cells.size, MADV_DONTNEED) != 0) forget(number);
}

void cells_wake(void *piece) {
    if (!is_cell(piece)) return;
    size_t number = number_of(piece);
    if (!cells.kept[number]) return;
    unpack(cells.kept[number], piece);
    forget(number);
}
