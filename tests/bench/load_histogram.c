#include "tests/bench/load_histogram.h"

#include <stddef.h>
#include <string.h>

void histogram_clear(struct histogram *histogram) {
    memset(histogram, 0, sizeof *histogram);
}

/* Values below HISTOGRAM_STEPS have a bin each; from there on each power of
 * two has HISTOGRAM_STEPS bins. */
static unsigned bin_of(uint64_t value) {
    if (value < HISTOGRAM_STEPS) return (unsigned)value;
    unsigned shift = (unsigned)(63 - 6 - __builtin_clzll(value));
    return shift * HISTOGRAM_STEPS + (unsigned)(value >> shift);
}

static uint64_t middle_of(unsigned bin) {
    if (bin < 2 * HISTOGRAM_STEPS) return bin;
    unsigned shift = bin / HISTOGRAM_STEPS - 1;
    uint64_t first = (uint64_t)(bin - shift * HISTOGRAM_STEPS) << shift;
    return first + ((uint64_t)1 << shift) / 2;
}

void histogram_add(struct histogram *histogram, uint64_t value) {
    histogram->count++;
    if (value > histogram->longest) histogram->longest = value;
    histogram->bins[bin_of(value)]++;
}

uint64_t histogram_percentile(const struct histogram *histogram,
                              double percent) {
    double wanted = percent / 100 * (double)histogram->count;
    uint64_t seen = 0;
    for (unsigned bin = 0; bin < HISTOGRAM_BINS; bin++) {
        seen += histogram->bins[bin];
        if (seen > 0 && (double)seen >= wanted) return middle_of(bin);
    }
    return histogram->longest;
}
