#include <string.h>

#include "base/buffer.h"
#include "base/duration.h"
#include "harness/scenario/scenario_internal.h"

/*
 * What has to be made happen, for a cluster that nobody controls: there jobs can be started, can
 * take checkpoints of their own accord, restart and end, and everything else comes as it likes.
 */

/* Keeps a sentence that was made up; the first reason is the one that is told. */
static void keep_reason(struct loader *loader, struct buffer *reason)
{
    loader->no_memory |= reason->failed;
    if (!reason->failed)
        loader->plan->needs_origin_because =
            arena_text(loader->kept, reason->bytes, reason->length);
    buffer_free(reason);
}

static bool tell_of_job(struct loader *loader, size_t job, const char *what)
{
    struct buffer reason = {0};
    buffer_printf(&reason, "%s: %s", loader->job_names[job], what);
    keep_reason(loader, &reason);
    return true;
}

static bool tell_of_event(struct loader *loader, const struct planned_event *planned)
{
    struct buffer reason = {0};
    buffer_printf(&reason, "%s %s at ", loader->job_names[planned->event.job], planned->node->text);
    duration_print(&reason, planned->event.at_us);
    keep_reason(loader, &reason);
    return true;
}

/* Of each job, what is yet to come of its life. */
struct spent {
    bool started, restarted;
};

/*
 * Whether a job with arguments of its own can be made to do it: it is submitted, it restarts once
 * after some time, it finishes after some time, it is cancelled by a call. How long a restart
 * takes is the cluster's choice.
 */
static bool comes_by_itself(const struct planned_event *planned, struct spent *spent)
{
    const enum job_event_kind kind = planned->event.kind;
    if (kind == JOB_EVENT_FINISHES || kind == JOB_EVENT_IS_CANCELLED)
        return true;
    if (kind == JOB_EVENT_RESTARTS && !planned->takes_given && !spent->restarted) {
        spent->restarted = true;
        return true;
    }
    /* `runs` after `initializes` is the same start. */
    if (kind == JOB_EVENT_INITIALIZES || kind == JOB_EVENT_RUNS) {
        const bool first = !spent->started;
        spent->started = kind == JOB_EVENT_RUNS;
        return first;
    }
    return false;
}

static bool find_event(struct loader *loader)
{
    struct spent *spent = arena_zeroed(loader->scratch, loader->job_count + 1, sizeof(*spent));
    for (size_t i = 0; spent && i < loader->job_count; i++)
        spent[i].started = !loader->drafts[i].exists_later;
    for (size_t i = 0; spent && i < loader->event_count; i++)
        if (!comes_by_itself(&loader->events[i], &spent[loader->events[i].event.job]))
            return tell_of_event(loader, &loader->events[i]);
    return false;
}

static bool find_in_rhythm(struct loader *loader, size_t job)
{
    const struct job_rhythm *rhythm = &loader->jobs[job].rhythm;
    const struct {
        bool given;
        const char *what;
    } marvels[] = {
        {rhythm->checkpoint_failure_ppm > 0, "a share of checkpoints fails"},
        {rhythm->trigger_failure_ppm > 0, "a share of triggers fails"},
        {rhythm->savepoint_ppm > 0, "a share of checkpoints are savepoints"},
        {rhythm->restart_ppm > 0, "it restarts now and then"},
        {rhythm->rescale_ppm > 0, "it rescales now and then"},
        {rhythm->failover_ppm > 0, "its JobManager is lost now and then"},
        {rhythm->concurrent_max > 1, "several checkpoints at a time"},
        {rhythm->interval_us > 0 && rhythm->ends_us != INT64_MAX, "its checkpoints end"},
    };
    for (size_t i = 0; i < sizeof(marvels) / sizeof(marvels[0]); i++)
        if (marvels[i].given)
            return tell_of_job(loader, job, marvels[i].what);
    return false;
}

static bool find_in_jobs(struct loader *loader)
{
    for (size_t i = 0; i < loader->job_count; i++) {
        if (!loader->jobs[i].checkpointing)
            return tell_of_job(loader, i, "it has no checkpoint settings");
        if (loader->jobs[i].first_checkpoint_id != 1)
            return tell_of_job(loader, i, "its first checkpoint has a number of its own");
        if (find_in_rhythm(loader, i))
            return true;
    }
    return false;
}

/* Which vertices a job has, a cluster tells only when it runs. */
static bool find_in_clients(struct loader *loader)
{
    for (size_t i = 0; i < loader->client_count; i++) {
        const struct client_plan *client = &loader->clients[i];
        for (size_t j = 0; j < client->step_count; j++)
            if (client->steps[j].kind == STEP_GET_SUBTASKS)
                return tell_of_job(loader, client->steps[j].job, "a vertex is asked for by its id");
    }
    return false;
}

void origin_needs_find(struct loader *loader)
{
    struct plan *plan = loader->plan;
    if (plan->fault_count > 0 || plan->garbling_count > 0)
        plan->needs_origin_because = "a fault";
    else if (plan->latency_given)
        plan->needs_origin_because = "a latency to the JobManager";
    else if (plan->announce_gap_us > 0)
        plan->needs_origin_because = "an announce gap";
    else if (!find_in_jobs(loader) && !find_event(loader))
        find_in_clients(loader);
}
