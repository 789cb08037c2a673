/* Chance that can be had again: the same seed gives the same numbers.
 * splitmix64 (Steele, Lea, Flood 2014). */
#ifndef MINICHAT_CRASH_DICE_H
#define MINICHAT_CRASH_DICE_H

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

static inline uint64_t dice_roll(struct dice *dice) {
    uint64_t mixed = dice->state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

/* 0 … most-1; most > 0. */
static inline unsigned dice_below(struct dice *dice, unsigned most) {
    return (unsigned)(dice_roll(dice) % most);
}

/* True once in so many times. */
static inline bool dice_once_in(struct dice *dice, unsigned times) {
    return dice_below(dice, times) == 0;
}

#endif
