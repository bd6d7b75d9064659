#include "base/choices.h"

#include <assert.h>
#include <stdlib.h>

#include "base/random.h"

struct choices {
    struct random random;
    const uint64_t *played; /* NULL: drawn */
    size_t played_count;
    uint64_t *taken;
    size_t taken_count, taken_capacity;
    bool failed;
};

static const uint64_t nothing[1];

struct choices *choices_new(void)
{
    struct choices *choices = calloc(1, sizeof *choices);
    if (choices)
        choices->played = nothing;
    return choices;
}

void choices_free(struct choices *choices)
{
    if (!choices)
        return;
    free(choices->taken);
    free(choices);
}

static void begin(struct choices *choices)
{
    choices->taken_count = 0;
    choices->failed = false;
}

void choices_draw(struct choices *choices, uint64_t seed)
{
    begin(choices);
    choices->played = NULL;
    random_seed(&choices->random, seed);
}

void choices_replay(struct choices *choices, const uint64_t *values, size_t count)
{
    begin(choices);
    choices->played = values ? values : nothing;
    choices->played_count = values ? count : 0;
}

const uint64_t *choices_taken(const struct choices *choices, size_t *count)
{
    *count = choices->taken_count;
    return choices->taken;
}

bool choices_failed(const struct choices *choices)
{
    return choices->failed;
}

static bool has_room(struct choices *choices)
{
    if (choices->taken_count < choices->taken_capacity)
        return true;
    const size_t capacity = choices->taken_capacity ? 2 * choices->taken_capacity : 256;
    uint64_t *taken = realloc(choices->taken, capacity * sizeof *taken);
    if (!taken)
        return false;
    choices->taken = taken;
    choices->taken_capacity = capacity;
    return true;
}

/* A number that was changed after it was drawn may be too large here: then the largest that fits,
 * so that a smaller number never becomes a larger choice. */
static uint64_t next(struct choices *choices, uint64_t bound)
{
    if (!choices->played)
        return random_below(&choices->random, bound);
    if (choices->taken_count >= choices->played_count)
        return 0;
    const uint64_t value = choices->played[choices->taken_count];
    return value < bound ? value : bound - 1;
}

uint64_t choices_below(struct choices *choices, uint64_t bound)
{
    assert(bound > 0);
    if (choices->failed || !has_room(choices)) {
        choices->failed = true;
        return 0;
    }
    const uint64_t value = next(choices, bound);
    choices->taken[choices->taken_count++] = value;
    return value;
}

int64_t choices_between(struct choices *choices, int64_t low, int64_t high)
{
    assert(low <= high);
    const uint64_t span = (uint64_t)high - (uint64_t)low;
    assert(span < UINT64_MAX);
    return (int64_t)((uint64_t)low + choices_below(choices, span + 1));
}

bool choices_chance(struct choices *choices, uint32_t permille)
{
    assert(permille <= 1000);
    return choices_below(choices, 1000) >= 1000 - permille;
}

size_t choices_weighted(struct choices *choices, const unsigned *weights, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    uint64_t rest = choices_below(choices, sum);
    size_t index = 0;
    while (rest >= weights[index])
        rest -= weights[index++];
    return index;
}
