#include "harness/explore/generate_internal.h"

/*
 * For how long the path of an answer is alive at least, after the answer has left: counted from
 * the plan alone. A path that was handed out was the latest when its snapshot was taken, and dies
 * when as many newer checkpoints have completed as are retained.
 */

/* Between the snapshot and the last answer that is made from it. Delays at one time add up. */
static int64_t oldest_answer_us(const struct plan *plan)
{
    int64_t delay_us = 0;
    for (size_t i = 0; i < plan->fault_count; i++)
        if (plan->faults[i].kind == FAULT_DELAY)
            delay_us += plan->faults[i].delay_us;
    /* It may be asked for until the timeout ends, which began when the call left. Where a completion
     * is announced first, the statistics lag behind. */
    return settings_stats_timeout_us(&plan->settings) + plan->call_back_us + delay_us +
           plan->announce_gap_us;
}

/* Nothing but checkpoints that complete one after another: else paths may die at any time. */
static bool is_plain_event(const struct job_event *event)
{
    return event->kind == JOB_EVENT_COMPLETES && event->type != CHECKPOINT_SAVEPOINT &&
           event->type != CHECKPOINT_SYNC_SAVEPOINT && event->durable_after_us == 0;
}

static bool is_plain_rhythm(const struct job_rhythm *rhythm)
{
    return rhythm->jitter_us == 0 && rhythm->takes_jitter_us == 0 && rhythm->concurrent_max == 1 &&
           rhythm->checkpoint_failure_ppm == 0 && rhythm->trigger_failure_ppm == 0 &&
           rhythm->savepoint_ppm == 0 && rhythm->restart_ppm == 0 && rhythm->rescale_ppm == 0 &&
           rhythm->failover_ppm == 0;
}

/* From when a checkpoint is no longer the latest until its path dies, at least; 0: it cannot be
 * told. */
static int64_t life_by_events_us(const struct plan *plan, size_t job)
{
    int64_t times_us[JOB_EVENTS_MAX + 1];
    int64_t least_us = INT64_MAX, last_id = 0;
    size_t count = 0;
    const size_t retained = (size_t)plan->settings.retained_count;
    for (size_t i = 0; i < plan->event_count; i++) {
        const struct job_event *event = &plan->events[i];
        if (event->job != job)
            continue;
        if (!is_plain_event(event) || event->checkpoint <= last_id)
            return 0;
        last_id = event->checkpoint;
        times_us[count++] = event->at_us;
    }
    for (size_t i = retained; i < count; i++)
        if (times_us[i] - times_us[i - retained + 1] < least_us)
            least_us = times_us[i] - times_us[i - retained + 1];
    return least_us;
}

static int64_t life_by_rhythm_us(const struct plan *plan, size_t job)
{
    const struct job_rhythm *rhythm = &plan->jobs[job].rhythm;
    for (size_t i = 0; i < plan->event_count; i++)
        if (plan->events[i].job == job)
            return 0;
    if (!is_plain_rhythm(rhythm))
        return 0;
    return (plan->settings.retained_count - 1) * rhythm->interval_us;
}

/* Clients that trigger or move put checkpoints between. */
static bool is_left_alone(const struct plan *plan)
{
    for (size_t i = 0; i < plan->client_count; i++) {
        const struct client_plan *client = &plan->clients[i];
        if (client->kind == CLIENT_MIGRATION)
            return false;
        for (size_t k = 0; k < client->step_count; k++)
            if (client->steps[k].kind == STEP_TRIGGER || client->steps[k].kind == STEP_CANCEL)
                return false;
    }
    return true;
}

int64_t path_life_us(const struct plan *plan)
{
    int64_t least_us = INT64_MAX;
    if (!is_left_alone(plan))
        return 0;
    for (size_t i = 0; i < plan->job_count; i++) {
        const int64_t life_us = plan->jobs[i].rhythm.interval_us > 0 ? life_by_rhythm_us(plan, i)
                                                                     : life_by_events_us(plan, i);
        least_us = life_us < least_us ? life_us : least_us;
    }
    if (least_us == INT64_MAX)
        least_us = plan->end_us;
    least_us -= oldest_answer_us(plan);
    /* The restore window of a scenario is one millisecond at least. */
    return least_us >= MS ? least_us : 0;
}
