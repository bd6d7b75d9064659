#include "base/random.h"

#include <math.h>

/* Source: Blackman and Vigna, xoshiro256** 1.0 and splitmix64 (public domain). */

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t mixed = (*state += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

void random_seed(struct random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix64(&seed);
}

void random_fork(const struct random *parent, uint64_t index, struct random *child)
{
    /* Each word of the parent goes through the mixer together with what came before it, so that
     * neighbouring parts and neighbouring parents get streams that have nothing in common. */
    uint64_t seed = index;
    for (int i = 0; i < 4; i++) {
        seed ^= parent->state[i];
        seed = splitmix64(&seed);
    }
    random_seed(child, seed);
}

double random_exponential(struct random *random, double mean)
{
    const double share = (double)(random_next(random) >> 11) / (double)(UINT64_C(1) << 53);
    return -mean * log(1 - share);
}
