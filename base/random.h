#ifndef FRESHCHECK_BASE_RANDOM_H
#define FRESHCHECK_BASE_RANDOM_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

/* A seeded stream of numbers (xoshiro256**): the same seed gives the same numbers everywhere. */
struct random {
    uint64_t state[4];
};

void random_seed(struct random *random, uint64_t seed);

/* A stream of its own for part `index` of something, so that one part's draws move no other's. */
void random_fork(const struct random *parent, uint64_t index, struct random *child);

static inline uint64_t random_rotate_left(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static inline uint64_t random_next(struct random *random)
{
    uint64_t *const s = random->state;
    const uint64_t result = random_rotate_left(s[1] * 5, 7) * 9;
    const uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = random_rotate_left(s[3], 45);
    return result;
}

/* 0 .. bound-1; bound > 0. */
static inline uint64_t random_below(struct random *random, uint64_t bound)
{
    assert(bound > 0);
    /* The first 2^64 mod bound numbers are drawn again: with them, small results would come up
     * once more often than large ones. They are less than bound, and few: how many there are is
     * worth a division only then. */
    uint64_t drawn;
    do {
        drawn = random_next(random);
    } while (drawn < bound && drawn < (0 - bound) % bound);
    return drawn % bound;
}

/* Both ends included. */
static inline int64_t random_between(struct random *random, int64_t low, int64_t high)
{
    assert(low <= high);
    const uint64_t span = (uint64_t)high - (uint64_t)low;
    const uint64_t step = span == UINT64_MAX ? random_next(random) : random_below(random, span + 1);
    return (int64_t)((uint64_t)low + step);
}

static inline bool random_chance(struct random *random, uint32_t per_million)
{
    return random_below(random, 1000000) < per_million;
}

/* The wait for the next of things that come at random (by Poisson), one in `mean`. */
double random_exponential(struct random *random, double mean);

#endif
