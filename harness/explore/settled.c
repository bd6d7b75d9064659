#include "harness/explore/generate_internal.h"

/*
 * When nothing is in the way of any path any more: after the last fault, whatever it held up, and
 * one timeout. Counted from the plan alone.
 */

/* How long a call that was sent during the last fault may take: until it is given up, where nobody
 * answers; else no longer than everything that slows it takes together. */
static int64_t held_up_us(const struct plan *plan)
{
    const int64_t given_up_us = plan->settings.call_timeout_us;
    int64_t slow_us = plan->call_out_us + plan->call_back_us;
    for (size_t i = 0; i < plan->fault_count; i++) {
        const struct fault *fault = &plan->faults[i];
        if (fault->kind == FAULT_SILENCE)
            return given_up_us;
        if (fault->kind == FAULT_DELAY || fault->kind == FAULT_SLOW_CALL)
            slow_us += fault->delay_us;
    }
    return slow_us < given_up_us ? slow_us : given_up_us;
}

static int64_t longest_timeout_us(const struct settings *settings)
{
    const int64_t timeout_us = settings_stats_timeout_us(settings);
    const int64_t interval_us = settings->refresh_interval_us;
    return timeout_us > interval_us ? timeout_us : interval_us;
}

int64_t settled_from_us(const struct plan *plan, int64_t chaos_end_us)
{
    return chaos_end_us + held_up_us(plan) + longest_timeout_us(&plan->settings);
}
