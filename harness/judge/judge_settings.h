#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_SETTINGS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long snapshots are kept. */

struct judge;

/* How long one snapshot was shown. */
struct kept {
    size_t run;
    uint64_t version; /* shown last */
    bool has_version;
    bool has_before; /* another one had been shown before it, last by a request sent then: */
    int64_t before_sent_us, sent_us; /* of the last request that got `version` */
};

/* What was measured so far, over all jobs. */
struct kept_bounds {
    int64_t at_least_us, at_most_us;
};

/* A snapshot was shown though it was this old. */
void kept_at_least(struct judge *judge, int64_t age_us);

#endif
