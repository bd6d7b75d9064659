#include "harness/explore/generate_internal.h"

/*
 * What is promised of a generated plan: everything, less what no implementation could keep there.
 * Each exception is stated with its reason; none was found by trying until nothing failed.
 */

static bool has_fault(const struct plan *plan, enum fault_kind kind)
{
    for (size_t i = 0; i < plan->fault_count; i++)
        if (plan->faults[i].kind == kind)
            return true;
    return false;
}

static bool is_step_demanding(const struct client_plan *client)
{
    for (size_t i = 0; i < client->step_count; i++)
        if (client->steps[i].cache_control)
            return true;
    return false;
}

/* Some request demands an age of its own. */
static bool has_demands(const struct plan *plan)
{
    for (size_t i = 0; i < plan->client_count; i++)
        if (plan->clients[i].cache_control || is_step_demanding(&plan->clients[i]))
            return true;
    return false;
}

/* An entry of the statistics cache may have to go before its timeout. */
static bool is_cache_small(const struct plan *plan)
{
    return (uint64_t)plan->settings.stats_entry_count_max < plan->job_count;
}

static bool has_graph_timeout(const struct plan *plan)
{
    return plan->settings.graph_timeout_given &&
           plan->settings.graph_timeout_us != plan->settings.refresh_interval_us;
}

/* --- properties ----------------------------------------------------------------------------- */

/* While the tracker's lock is taken the JobManager itself hands out an older snapshot, whoever
 * asks (reference, section 4.5). */
static bool promises_age(const struct plan *plan)
{
    return !has_fault(plan, FAULT_LOCK_BUSY);
}

static bool promises_fresh(const struct plan *plan)
{
    const bool is_asked_for = settings_stats_timeout_us(&plan->settings) == 0 || has_demands(plan);
    return is_asked_for && promises_age(plan);
}

static bool promises_bounded_age(const struct plan *plan)
{
    return settings_stats_timeout_us(&plan->settings) > 0;
}

/* Who demands a graph anew gets one, and a timeout of its own is not the dashboard's interval. */
static bool promises_dashboard_cached(const struct plan *plan)
{
    return !has_demands(plan) && !has_graph_timeout(plan);
}

/* What had to make room is fetched again. */
static bool promises_load(const struct plan *plan)
{
    return !is_cache_small(plan);
}

/* A JobManager that says of a running job that there is none is believed. */
static bool promises_available(const struct plan *plan)
{
    for (size_t i = 0; i < plan->fault_count; i++)
        if (plan->faults[i].kind == FAULT_OUTCOME &&
            plan->faults[i].outcome == OUTCOME_JOB_NOT_FOUND)
            return false;
    return true;
}

/* Measured is how long a snapshot is kept. A cache that is too small lets go of it earlier, and a
 * JobManager whose lock is taken keeps it for longer. */
static bool promises_settings(const struct plan *plan)
{
    return !is_cache_small(plan) && !has_fault(plan, FAULT_LOCK_BUSY);
}

/* How long graphs stay is judged by the dashboard's interval. */
static bool promises_memory(const struct plan *plan)
{
    return !has_graph_timeout(plan);
}

/* A graph that has a timeout of its own is no older than that, but not than the interval. */
static bool promises_convergence(const struct plan *plan)
{
    return !has_graph_timeout(plan);
}

static bool promises_always(const struct plan *plan)
{
    (void)plan;
    return true;
}

/* Where paths live long enough; an older snapshot than was asked for has an older path. */
static bool promises_live_path(const struct plan *plan)
{
    return promises_age(plan) && path_life_us(plan) > 0;
}

/* Of clients that decide right. An older snapshot than was asked for has an older checkpoint. */
static bool promises_right_restore(const struct plan *plan)
{
    bool some_decide = false;
    for (size_t i = 0; i < plan->client_count; i++) {
        const struct client_plan *client = &plan->clients[i];
        if (client->model != CLIENT_MODEL_NONE && client->model != CLIENT_MODEL_CAREFUL)
            return false;
        some_decide |= client->model == CLIENT_MODEL_CAREFUL;
    }
    return some_decide && promises_age(plan);
}

static bool (*const promises[PROPERTY_COUNT])(const struct plan *plan) = {
    [PROPERTY_FRESH] = promises_fresh,
    [PROPERTY_BOUNDED_AGE] = promises_bounded_age,
    [PROPERTY_NO_PHANTOM] = promises_always,
    [PROPERTY_MONOTONIC] = promises_always,
    [PROPERTY_DASHBOARD_CACHED] = promises_dashboard_cached,
    [PROPERTY_ISOLATED] = promises_always,
    [PROPERTY_MINIMAL_FETCH] = promises_always,
    [PROPERTY_BOUNDED_LOAD] = promises_load,
    [PROPERTY_NO_KEPT_ERROR] = promises_always,
    [PROPERTY_RIGHT_JOB] = promises_always,
    [PROPERTY_UNDISTURBED] = promises_always,
    [PROPERTY_AVAILABLE] = promises_available,
    [PROPERTY_CONSISTENT] = promises_always,
    [PROPERTY_NUMERIC_LATEST] = promises_always,
    [PROPERTY_LIVE_PATH] = promises_live_path,
    [PROPERTY_RESTORE_WINDOW] = promises_live_path,
    [PROPERTY_RIGHT_RESTORE] = promises_right_restore,
    [PROPERTY_BOUNDED_MEMORY] = promises_memory,
    [PROPERTY_SETTINGS_HONOURED] = promises_settings,
    [PROPERTY_CONVERGES] = promises_convergence,
    [PROPERTY_WELL_BEHAVED] = promises_always,
};

void promise(struct plan *plan, int64_t settled_us)
{
    const struct settings *settings = &plan->settings;
    plan->claim = (struct claim){
        .bound_us = settings_stats_timeout_us(settings),
        .refresh_interval_us = settings->refresh_interval_us,
        .in_flight_max = 1,
        .settings_known = true,
        .settings_timeout_us = settings_stats_timeout_us(settings),
        .stats_entry_count_max = settings->stats_entry_count_max,
        .detail_entry_count_max = settings->history_count_max,
    };
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        plan->claim.claimed[i] = promises[i] && promises[i](plan);
    if (plan->claim.claimed[PROPERTY_CONVERGES])
        plan->claim.settled_from_us = settled_us;
    if (plan->claim.claimed[PROPERTY_RESTORE_WINDOW])
        plan->claim.restore_window_us = path_life_us(plan);
}
