#include "harness/explore/shrink.h"

#include <stdlib.h>
#include <string.h>

/* What Hypothesis calls internal shrinking (MacIver and Donaldson, ECOOP 2020). */

/* One event of a job, one step of a client takes a handful of choices, some more and some fewer: of
 * the short runs every length is tried. */
enum { CHUNK_MAX = 64, EVERY_LENGTH_MAX = 16 };

static size_t next_length(size_t length)
{
    return length > EVERY_LENGTH_MAX ? length / 2 : length - 1;
}

/* What is left out in exchange for a larger number elsewhere: an event, a step. */
enum { TRADED_MAX = 150, TRADE_LENGTH_MIN = 3, TRADE_LENGTH_MAX = 12 };

struct shrinking {
    uint64_t *values; /* the best so far */
    size_t count;
    uint64_t *candidate;
    size_t tries, tries_max;
    shrink_holds *holds;
    void *context;
};

static bool may_try(const struct shrinking *s)
{
    return s->tries < s->tries_max;
}

/* Takes the candidate when it holds. */
static bool try_candidate(struct shrinking *s, size_t count)
{
    if (!may_try(s))
        return false;
    s->tries++;
    if (!s->holds(s->context, s->candidate, count))
        return false;
    memcpy(s->values, s->candidate, count * sizeof *s->values);
    s->count = count;
    return true;
}

static void copy_to_candidate(struct shrinking *s)
{
    memcpy(s->candidate, s->values, s->count * sizeof *s->values);
}

static bool try_without(struct shrinking *s, size_t from, size_t length)
{
    memcpy(s->candidate, s->values, from * sizeof *s->values);
    memcpy(s->candidate + from, s->values + from + length,
           (s->count - from - length) * sizeof *s->values);
    return try_candidate(s, s->count - length);
}

static bool try_zeroed(struct shrinking *s, size_t from, size_t length)
{
    bool is_zero = true;
    for (size_t i = from; i < from + length; i++)
        is_zero &= s->values[i] == 0;
    if (is_zero)
        return false;
    copy_to_candidate(s);
    memset(s->candidate + from, 0, length * sizeof *s->candidate);
    return try_candidate(s, s->count);
}

static bool try_value(struct shrinking *s, size_t at, uint64_t value)
{
    copy_to_candidate(s);
    s->candidate[at] = value;
    return try_candidate(s, s->count);
}

/* Behind the end there are only zeros: those at the end say nothing. */
static void trim(struct shrinking *s)
{
    while (s->count > 0 && s->values[s->count - 1] == 0)
        s->count--;
}

/* From the end to the front, for what comes late depends on what comes early. */
static bool pass_over_chunks(struct shrinking *s,
                             bool (*attempt)(struct shrinking *s, size_t from, size_t length))
{
    bool progress = false;
    for (size_t length = CHUNK_MAX; length > 0; length = next_length(length)) {
        size_t from = s->count > length ? s->count - length : 0;
        while (s->count >= length && may_try(s)) {
            progress |= attempt(s, from, length);
            if (from == 0)
                break;
            from = from > length ? from - length : 0;
            if (from + length > s->count)
                from = s->count > length ? s->count - length : 0;
        }
    }
    return progress;
}

/*
 * What belongs together, an event or a step, begins anywhere: runs of every short length, from every
 * place. That is many tries, so only when nothing else helps. After a success the same place is
 * tried again, for more of the same often follows.
 */
static bool slide(struct shrinking *s)
{
    bool progress = false;
    for (size_t length = EVERY_LENGTH_MAX; length > 1; length--) {
        size_t from = s->count > length ? s->count - length : 0;
        while (from > 0 && may_try(s)) {
            const bool done = from + length <= s->count && try_without(s, from, length);
            progress |= done;
            from -= !done || from + length > s->count;
        }
    }
    return progress;
}

/* The smallest number that still will do, where all above it do too. */
static bool lower(struct shrinking *s, size_t at)
{
    uint64_t low = 0, high = s->values[at];
    bool progress = false;
    while (low < high && may_try(s)) {
        const uint64_t middle = low + (high - low) / 2;
        if (try_value(s, at, middle)) {
            high = middle;
            progress = true;
        } else {
            low = middle + 1;
        }
    }
    return progress;
}

static bool lower_all(struct shrinking *s)
{
    bool progress = false;
    for (size_t at = 0; at < s->count; at++)
        if (s->values[at] > 0)
            progress |= lower(s, at);
    return progress;
}

/* Leaves a run out and makes a number elsewhere as large as it can be. */
static bool try_trade(struct shrinking *s, size_t from, size_t length, size_t at)
{
    memcpy(s->candidate, s->values, from * sizeof *s->values);
    memcpy(s->candidate + from, s->values + from + length,
           (s->count - from - length) * sizeof *s->values);
    const size_t now_at = at < from ? at : at - length;
    s->candidate[now_at] = UINT64_MAX;
    if (!try_candidate(s, s->count - length))
        return false;
    lower(s, now_at);
    return true;
}

/*
 * Several events may be there for nothing but the time that they take together: one of them will
 * do, with a longer pause. So a run is left out and some number that is not 0 is raised. Fewer
 * choices go before smaller ones. The first that helps ends it, for then the rest may too.
 */
static bool trade(struct shrinking *s)
{
    if (s->count > TRADED_MAX)
        return false;
    for (size_t length = TRADE_LENGTH_MAX; length >= TRADE_LENGTH_MIN; length--)
        for (size_t from = s->count > length ? s->count - length : 0; from > 0; from--)
            for (size_t at = 0; at < s->count; at++) {
                if (s->values[at] == 0 || (at >= from && at < from + length))
                    continue;
                if (!may_try(s))
                    return false;
                if (try_trade(s, from, length, at))
                    return true;
            }
    return false;
}

size_t shrink_choices(uint64_t *values, size_t *count, size_t tries_max, shrink_holds *holds,
                      void *context)
{
    struct shrinking s = {.values = values,
                          .count = *count,
                          .candidate = malloc((*count + 1) * sizeof *values),
                          .tries_max = tries_max,
                          .holds = holds,
                          .context = context};
    bool progress = s.candidate != NULL;
    while (progress && may_try(&s)) {
        trim(&s);
        progress = pass_over_chunks(&s, try_without);
        progress |= pass_over_chunks(&s, try_zeroed);
        progress |= lower_all(&s);
        if (!progress)
            progress = slide(&s) || trade(&s);
    }
    trim(&s);
    *count = s.count;
    free(s.candidate);
    return s.tries;
}
