#include "harness/advice/stale_time.h"

#include <math.h>

/*
 * The first completion after the snapshot comes at a time U that is uniform over (0, P) where
 * completions are steady, and exponential with mean P where they are random. An answer of age A
 * lacks it when U < A, and is stale by A - U.
 */

double stale_share_at(const struct completions *completions, double age)
{
    const double turns = age / completions->interval;
    if (age <= 0)
        return 0;
    if (completions->at_random)
        return 1 - exp(-turns);
    return turns < 1 ? turns : 1;
}

double stale_time_at(const struct completions *completions, double age)
{
    return stale_share_within(completions, age);
}

double stale_share_within(const struct completions *completions, double age)
{
    const double interval = completions->interval, turns = age / interval;
    if (age <= 0)
        return 0;
    if (completions->at_random && turns > 1e-4)
        return age - interval * (1 - exp(-turns));
    /* Of a small age both kinds are the same, and the form above is lost in rounding. */
    return turns < 1 ? age * turns / 2 : age - interval / 2;
}

double stale_time_within(const struct completions *completions, double age)
{
    const double interval = completions->interval, turns = age / interval;
    if (age <= 0)
        return 0;
    if (completions->at_random && turns > 1e-4)
        return age * age / 2 - interval * stale_share_within(completions, age);
    if (turns < 1)
        return age * age * turns / 6;
    return age * age / 2 - age * interval / 2 + interval * interval / 6;
}
