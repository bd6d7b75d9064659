#include "base/random.h"

#include <assert.h>
#include <math.h>

/* Source: Blackman and Vigna, xoshiro256** 1.0 and splitmix64 (public domain). */

static uint64_t rotate_left(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

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

uint64_t random_next(struct random *random)
{
    uint64_t *const s = random->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t random_below(struct random *random, uint64_t bound)
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

int64_t random_between(struct random *random, int64_t low, int64_t high)
{
    assert(low <= high);
    const uint64_t span = (uint64_t)high - (uint64_t)low;
    const uint64_t step = span == UINT64_MAX ? random_next(random) : random_below(random, span + 1);
    return (int64_t)((uint64_t)low + step);
}

bool random_chance(struct random *random, uint32_t per_million)
{
    return random_below(random, 1000000) < per_million;
}

double random_exponential(struct random *random, double mean)
{
    const double share = (double)(random_next(random) >> 11) / (double)(UINT64_C(1) << 53);
    return -mean * log(1 - share);
}
