/* How long things took: a histogram of nanoseconds whose steps are 1/64 of
 * the value, so that a percentile is exact to 1.6 % whatever its size. */
#ifndef MINICHAT_LOAD_HISTOGRAM_H
#define MINICHAT_LOAD_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_STEPS = 64, HISTOGRAM_BINS = (64 - 5) * HISTOGRAM_STEPS };

struct histogram {
    uint64_t count, longest;
    uint32_t bins[HISTOGRAM_BINS];
};

void histogram_clear(struct histogram *histogram);
void histogram_add(struct histogram *histogram, uint64_t value);
/* The value that `percent` of all values do not exceed; 0 of an empty one. */
uint64_t histogram_percentile(const struct histogram *histogram,
                              double percent);

#endif
