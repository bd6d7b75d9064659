#ifndef FRESHCHECK_HARNESS_JUDGE_JUDGE_REQUESTS_H
#define FRESHCHECK_HARNESS_JUDGE_JUDGE_REQUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/judge/history.h"
#include "harness/judge/judge_terms.h"

/* Which requests about a job are under way. */

/* The last request of a kind that is waiting. */
struct waiter {
    int64_t sent_us;
    size_t client;
    enum exchange_path path;
};

struct requests {
    uint32_t waiting[PATH_KIND_COUNT];
    struct waiter last[PATH_KIND_COUNT];
    int64_t answered_us[PATH_KIND_COUNT]; /* end of the last exchange; INT64_MIN: none */
};

/* Another request of that kind was under way when one was sent then. */
static inline bool requests_overlap(const struct requests *requests, enum path_kind kind,
                                    int64_t sent_us)
{
    return requests->waiting[kind] > 0 || sent_us < requests->answered_us[kind];
}

#endif
