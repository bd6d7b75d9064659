#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_CHECK_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/judge_terms.h"
#include "harness/judge/verdict.h"

/* How a check is plugged in, and what it reports besides what look.h has. */

struct choice;
struct judge;
struct look;
struct news;

#define HEARS(kind) (UINT32_C(1) << (kind))
_Static_assert(FACT_KIND_COUNT <= 32, "a bit for each kind of fact");

/*
 * One property's check. `look` is called for every answer that it looks at, `fact` for every fact that
 * it hears of, each after what the fact says (and before what the answer says) went into the state;
 * `decision` for every choice of a client; `conclude` at the end, on a copy of the verdict. All may
 * be NULL.
 */
struct check {
    enum property property;
    bool needs_calls;
    const char *untested; /* why a history that never put it to the test cannot decide it */
    void (*look)(struct judge *judge, struct look *look);
    uint32_t looks_at; /* at which answers: OF_...; with all others `look` would do nothing */
    void (*fact)(struct judge *judge, const struct news *news);
    uint32_t hears; /* what `fact` is told of: HEARS(FACT_...) of each kind */
    void (*decision)(struct judge *judge, const struct choice *choice);
    void (*conclude)(const struct judge *judge, struct property_verdict *verdict);
};

extern const struct check *const judge_checks[PROPERTY_COUNT];
extern const struct check check_fresh, check_bounded_age, check_no_phantom, check_monotonic;
extern const struct check check_dashboard_cached, check_isolated, check_minimal_fetch;
extern const struct check check_bounded_load;
extern const struct check check_no_kept_error, check_undisturbed, check_available;
extern const struct check check_right_job, check_consistent, check_numeric_latest;
extern const struct check check_live_path, check_restore_window, check_right_restore;
extern const struct check check_bounded_memory, check_settings_honoured, check_converges;

bool judge_claims(const struct judge *judge, enum property property);
/* The verdict to describe, when this is the first violation so far, by at_us; else NULL. */
struct property_verdict *fact_violated(struct judge *judge, enum property property, int64_t at_us);
void judge_worst(struct judge *judge, enum property property, double value, const char *unit);
void judge_worst_us(struct judge *judge, enum property property, int64_t us); /* in ms */
void judge_behind(struct judge *judge, enum property property, uint64_t behind);

void verdict_raise_worst(struct property_verdict *verdict, double value, const char *unit);
void verdict_raise_behind(struct property_verdict *verdict, uint64_t behind);

#endif
