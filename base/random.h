#ifndef FRESHCHECK_BASE_RANDOM_H
#define FRESHCHECK_BASE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* A seeded stream of numbers (xoshiro256**): the same seed gives the same numbers everywhere. */
struct random {
    uint64_t state[4];
};

void random_seed(struct random *random, uint64_t seed);

/* A stream of its own for part `index` of something, so that one part's draws move no other's. */
void random_fork(const struct random *parent, uint64_t index, struct random *child);

uint64_t random_next(struct random *random);
uint64_t random_below(struct random *random, uint64_t bound); /* 0 .. bound-1; bound > 0 */
int64_t random_between(struct random *random, int64_t low, int64_t high); /* both ends included */
bool random_chance(struct random *random, uint32_t per_million);

/* The wait for the next of things that come at random (by Poisson), one in `mean`. */
double random_exponential(struct random *random, double mean);

#endif
