#include <string.h>

#include "harness/replay/life_internal.h"

/* Answers are told to the millisecond, and reach us a little after they were true. What contradicts
 * a time by no more than this is due to that. */
static const int64_t slack_us = 20000;

/* Where nothing tells how long a job was down: the delay of Flink's fixed-delay restarts. */
static const int64_t restart_delay_us = 1000000;

bool life_add_event(struct life *life, struct job_event event)
{
    struct job_event *events =
        replay_grow(life->events, life->event_count, &life->event_capacity, sizeof(*events));
    if (!events)
        return false;
    life->events = events;
    if (event.at_us < 0)
        event.at_us = 0;
    events[life->event_count++] = event;
    return true;
}

/* From 1, through the vertices in order; 0: no such subtask. */
static int32_t ordinal_of(const struct job_plan *plan, const struct report_fact *report)
{
    int64_t before = 0;
    for (size_t i = 0; i < plan->vertex_count && before < SUBTASKS_MAX; i++) {
        if (id_equal(plan->vertices[i].id, report->vertex))
            return (int32_t)before + report->subtask + 1;
        before += plan->vertices[i].parallelism;
    }
    return 0;
}

static bool add_reports(struct life *life, size_t index, const struct checkpoint_fact *checkpoint,
                        int64_t end_us)
{
    struct job_event event = {
        .job = index, .kind = JOB_EVENT_ACKNOWLEDGES, .checkpoint = checkpoint->id};
    for (size_t i = 0; i < checkpoint->report_count; i++) {
        event.at_us = life_time_us(life, checkpoint->reports[i].ack_ms);
        event.subtask = ordinal_of(&life->job_plans[index], &checkpoint->reports[i]);
        const bool counts = event.at_us < end_us || checkpoint->status == CHECKPOINT_FAILED;
        if (event.subtask > 0 && counts && !life_add_event(life, event))
            return false;
    }
    if (checkpoint->report_count > 0)
        return true;
    event.at_us = life_time_us(life, checkpoint->reported_ms);
    event.subtask = 0;
    for (int32_t i = 0; i < checkpoint->reported && event.at_us < end_us; i++) {
        if (!life_add_event(life, event))
            return false;
    }
    return true;
}

/* When a checkpoint ended, as far as that agrees with every answer. */
static int64_t end_of(const struct life *life, const struct checkpoint_fact *checkpoint)
{
    int64_t end_us = life_time_us(life, checkpoint->end_ms);
    if (checkpoint->pending_shown_us >= end_us && checkpoint->pending_shown_us < end_us + slack_us)
        end_us = checkpoint->pending_shown_us + 1;
    if (!checkpoint->by_client || checkpoint->type == CHECKPOINT_SYNC_SAVEPOINT)
        return end_us;
    if (end_us <= checkpoint->undone_us)
        end_us = checkpoint->undone_us + 1;
    return end_us < checkpoint->done_us ? end_us : checkpoint->done_us;
}

static bool add_checkpoint(struct life *life, size_t index,
                           const struct checkpoint_fact *checkpoint)
{
    struct job_event event = {
        .job = index,
        .kind = JOB_EVENT_TRIGGERS,
        .at_us = life_time_us(life, checkpoint->trigger_ms),
        .checkpoint = checkpoint->id,
        .type = checkpoint->type,
        .message = checkpoint->message,
    };
    const int64_t end_us =
        checkpoint->status == CHECKPOINT_IN_PROGRESS ? INT64_MAX : end_of(life, checkpoint);
    if (checkpoint->trigger_ms == 0)
        return true;
    if (!checkpoint->by_client && !life_add_event(life, event))
        return false;
    if (!add_reports(life, index, checkpoint, end_us))
        return false;
    event.at_us = end_us;
    event.kind = checkpoint->status == CHECKPOINT_COMPLETED ? JOB_EVENT_COMPLETES
                                                            : JOB_EVENT_FAILS_CHECKPOINT;
    return checkpoint->status == CHECKPOINT_IN_PROGRESS || life_add_event(life, event);
}

static size_t count_checkpoints(const struct life *life, const struct job_fact *job,
                                enum checkpoint_status status, int64_t until_us)
{
    size_t count = 0;
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        const struct checkpoint_fact *checkpoint = &job->checkpoints[i];
        count += checkpoint->trigger_ms > 0 && checkpoint->status == status &&
                 life_time_us(life, checkpoint->end_ms) <= until_us;
    }
    return count;
}

/*
 * Checkpoints that had left the history when it was asked for: the counts tell how many, the ids
 * between those that are known tell which. They are given the interval before the next known one.
 */
static bool add_unseen(struct life *life, size_t index)
{
    const struct job_fact *job = &life->jobs[index];
    if (job->counts_count == 0 || job->checkpoint_count == 0)
        return true;
    const int64_t seen = (int64_t)count_checkpoints(life, job, CHECKPOINT_COMPLETED, INT64_MAX);
    int64_t unseen = job->counts[job->counts_count - 1].completed - seen;
    if (unseen > UNSEEN_MAX)
        unseen = 0;
    const int64_t first_us = life_time_us(life, job->running.count > 0 ? job->running.ms[0] : 0);
    int64_t id = job->restored_first + 1;
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        const struct checkpoint_fact *next = &job->checkpoints[i];
        const int64_t next_us = life_time_us(life, next->trigger_ms);
        const int64_t step_us = (next_us - first_us) / (next->id - id + 2);
        for (; id < next->id && unseen > 0 && step_us > 0; id++, unseen--) {
            const struct job_event event = {
                .job = index,
                .kind = JOB_EVENT_COMPLETES,
                .at_us = next_us - (next->id - id) * step_us,
                .takes_us = step_us / 4,
                .checkpoint = id,
            };
            if (!life_add_event(life, event))
                return false;
        }
        id = next->id + 1;
    }
    return true;
}

/* Whether no answer shows it, and an id of a trigger that failed. */
static bool is_missing(const struct job_fact *job, int64_t id)
{
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        if (job->checkpoints[i].id == id)
            return false;
    }
    return true;
}

/* The id after the last one that was triggered by then, when nothing ever had it; else 0. */
static int64_t skipped_id(const struct life *life, const struct job_fact *job, int64_t at_us)
{
    int64_t last = job->restored_first;
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        if (life_time_us(life, job->checkpoints[i].trigger_ms) <= at_us)
            last = job->checkpoints[i].id;
    }
    const bool is_last =
        job->checkpoint_count == 0 || last >= job->checkpoints[job->checkpoint_count - 1].id;
    return !is_last && is_missing(job, last + 1) ? last + 1 : 0;
}

/* Triggers that failed before anything was pending: counted, and no entry. They came after the last
 * answer that does not count them. */
static bool add_failed_triggers(struct life *life, size_t index)
{
    const struct job_fact *job = &life->jobs[index];
    int64_t told = 0;
    int64_t at_us = job->running.count > 0 ? life_time_us(life, job->running.ms[0]) + 1 : 0;
    for (size_t i = 0; i < job->counts_count; i++) {
        const struct counts_fact *counts = &job->counts[i];
        const int64_t shown =
            (int64_t)count_checkpoints(life, job, CHECKPOINT_FAILED, counts->asked_us);
        for (; told < counts->failed - shown && told < UNSEEN_MAX; told++) {
            const struct job_event event = {
                .job = index,
                .kind = JOB_EVENT_FAILS_TO_TRIGGER,
                .at_us = at_us,
                .checkpoint = skipped_id(life, job, at_us),
            };
            if (!life_add_event(life, event))
                return false;
        }
        at_us = counts->asked_us + 1;
    }
    return true;
}

/* The first of some times that is after one and before another; 0: there is none. */
static int64_t first_between(const struct times *times, int64_t after_ms, int64_t before_ms)
{
    int64_t first = 0;
    for (size_t i = 0; i < times->count; i++) {
        const int64_t ms = times->ms[i];
        if (ms > after_ms && ms < before_ms && (first == 0 || ms < first))
            first = ms;
    }
    return first;
}

/* A restart begins with RESTARTING, where that was seen, and ends with what came first of RUNNING
 * and the report of the restore. */
static bool add_restart(struct life *life, size_t index, const struct failure_fact *failure,
                        int64_t before_ms)
{
    const struct job_fact *job = &life->jobs[index];
    const int64_t restarting_ms = first_between(&job->restarting, failure->at_ms - 1, before_ms);
    const int64_t begins_ms = restarting_ms > 0 ? restarting_ms : failure->at_ms;
    const int64_t running_ms = first_between(&job->running, begins_ms, before_ms);
    const int64_t restored_ms = first_between(&job->restored, begins_ms, before_ms);
    const int64_t ends_ms = running_ms > 0 ? running_ms : restored_ms;
    int64_t takes_us = ends_ms > 0 ? (ends_ms - begins_ms) * 1000 : restart_delay_us;
    if (before_ms < INT64_MAX && takes_us >= (before_ms - begins_ms) * 1000)
        takes_us = (before_ms - begins_ms) * 1000 - 1;
    return life_add_event(life, (struct job_event){
                                    .job = index,
                                    .kind = JOB_EVENT_RESTARTS,
                                    .at_us = life_time_us(life, begins_ms),
                                    .takes_us = takes_us,
                                    .message = failure->message,
                                    .exception_class = failure->exception_class,
                                });
}

/* A failure of a job that had failed for good at that time is its end, and one before it ran is why
 * it never did. */
static bool is_final(const struct job_fact *job, const struct failure_fact *failure)
{
    const int64_t failed_ms = job->entered_ms[JOB_FAILED];
    return job->running.count == 0 || (failed_ms > 0 && failure->at_ms + 1000 >= failed_ms);
}

static bool add_restarts(struct life *life, size_t index)
{
    const struct job_fact *job = &life->jobs[index];
    for (size_t i = 0; i < job->failure_count; i++) {
        const int64_t next_ms = i + 1 < job->failure_count ? job->failures[i + 1].at_ms : INT64_MAX;
        if (!is_final(job, &job->failures[i]) &&
            !add_restart(life, index, &job->failures[i], next_ms))
            return false;
    }
    /* Restarts whose failure nobody asked for. */
    const struct failure_fact unknown = {0};
    for (size_t i = 0; job->failure_count == 0 && i < job->restarting.count; i++) {
        struct failure_fact failure = unknown;
        failure.at_ms = job->restarting.ms[i];
        if (!add_restart(life, index, &failure,
                         i + 1 < job->restarting.count ? job->restarting.ms[i + 1] : INT64_MAX))
            return false;
    }
    return true;
}

/* What ended the job, unless a client did. */
static bool add_end(struct life *life, size_t index)
{
    const struct job_fact *job = &life->jobs[index];
    struct job_event event = {.job = index, .kind = JOB_EVENT_FINISHES};
    int64_t ended_ms = job->stopped_by > 0 ? 0 : job->entered_ms[JOB_FINISHED];
    if (job->entered_ms[JOB_CANCELED] > 0 && !job->cancelled) {
        event.kind = JOB_EVENT_IS_CANCELLED;
        ended_ms = job->entered_ms[JOB_CANCELED];
    } else if (job->entered_ms[JOB_FAILED] > 0 && job->running.count > 0) {
        event.kind = JOB_EVENT_FAILS;
        ended_ms = job->entered_ms[JOB_FAILED];
        const size_t count = job->failure_count;
        event.message = count > 0 ? job->failures[count - 1].message : NULL;
        event.exception_class = count > 0 ? job->failures[count - 1].exception_class : NULL;
    }
    event.at_us = life_time_us(life, ended_ms);
    return ended_ms == 0 || life_add_event(life, event);
}

bool life_add_job_events(struct life *life, size_t index)
{
    const struct job_fact *job = &life->jobs[index];
    const struct job_event runs = {
        .job = index,
        .kind = JOB_EVENT_RUNS,
        .at_us = job->running.count > 0 ? life_time_us(life, job->running.ms[0]) : 0,
    };
    if (job->run == SIZE_MAX && !life_add_event(life, runs))
        return false;
    for (size_t i = 0; i < job->checkpoint_count; i++) {
        if (!add_checkpoint(life, index, &job->checkpoints[i]))
            return false;
    }
    return add_unseen(life, index) && add_failed_triggers(life, index) &&
           add_restarts(life, index) && add_end(life, index);
}
