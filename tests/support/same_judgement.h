#ifndef FRESHCHECK_TESTS_SAME_JUDGEMENT_H
#define FRESHCHECK_TESTS_SAME_JUDGEMENT_H

#include "tests/support/test_prelude.h"

#include <string.h>

#include "harness/judge/verdict.h"

/* For tests that feed one history twice: with answers that are only counted, and with all of them
 * looked at. */

static inline bool is_same_verdict(const struct property_verdict *counted,
                                   const struct property_verdict *looked)
{
    bool same = counted->verdict == looked->verdict && counted->tested == looked->tested &&
                counted->violations == looked->violations &&
                counted->has_worst == looked->has_worst &&
                counted->worst_value == looked->worst_value &&
                counted->worst_behind == looked->worst_behind && counted->layer == looked->layer &&
                counted->witness_count == looked->witness_count &&
                strcmp(counted->cause, looked->cause) == 0;
    for (size_t i = 0; same && i < counted->witness_count; i++)
        same = counted->witness[i].at_us == looked->witness[i].at_us &&
               counted->witness[i].seq == looked->witness[i].seq &&
               strcmp(counted->witness[i].what, looked->witness[i].what) == 0;
    return same;
}

static inline void expect_same_judgement(uint64_t seed, const struct judgement *counted,
                                         const struct judgement *looked)
{
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *a = &counted->properties[i], *b = &looked->properties[i];
        const bool same = is_same_verdict(a, b);
        if (!same)
            print_error("seed %llu, %s: %llu of %llu against %llu of %llu, worst %f against %f\n",
                        (unsigned long long)seed, property_id((enum property)i),
                        (unsigned long long)a->violations, (unsigned long long)a->tested,
                        (unsigned long long)b->violations, (unsigned long long)b->tested,
                        a->worst_value, b->worst_value);
        assert_true(same);
    }
    assert_memory_equal(&counted->staleness, &looked->staleness, sizeof counted->staleness);
}

#endif
