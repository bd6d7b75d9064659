#include "harness/explore/write_internal.h"

#include <inttypes.h>

static void write_share(const char *key, uint32_t ppm, struct buffer *out)
{
    if (ppm > 0)
        buffer_printf(out, ", %s: %" PRIu32 ".%04" PRIu32 " %%", key, ppm / 10000, ppm % 10000);
}

static void write_part(const char *key, int64_t us, struct buffer *out)
{
    buffer_printf(out, "%s: ", key);
    write_time(us, out);
}

static void write_rhythm(const struct job_rhythm *rhythm, struct buffer *out)
{
    if (rhythm->interval_us == 0)
        return;
    write_part("    checkpoints: {every", rhythm->interval_us, out);
    write_part(", first", rhythm->first_us, out);
    write_part(", jitter", rhythm->jitter_us, out);
    write_part(", takes", rhythm->takes_us, out);
    write_part(", takes jitter", rhythm->takes_jitter_us, out);
    write_part(", until", rhythm->ends_us, out);
    buffer_printf(out, ", concurrent: %" PRId32, rhythm->concurrent_max);
    write_share("failures", rhythm->checkpoint_failure_ppm, out);
    write_share("trigger failures", rhythm->trigger_failure_ppm, out);
    write_share("savepoints", rhythm->savepoint_ppm, out);
    write_share("restarts", rhythm->restart_ppm, out);
    write_share("rescales", rhythm->rescale_ppm, out);
    write_share("failovers", rhythm->failover_ppm, out);
    buffer_text(out, "}\n");
}

/* --- events --------------------------------------------------------------------------------- */

static const char *const words[JOB_EVENT_COUNT] = {
    [JOB_EVENT_INITIALIZES] = "initializes",
    [JOB_EVENT_RUNS] = "runs",
    [JOB_EVENT_TRIGGERS] = "triggers",
    [JOB_EVENT_ACKNOWLEDGES] = "acknowledges",
    [JOB_EVENT_COMPLETES] = "completes",
    [JOB_EVENT_FAILS_CHECKPOINT] = "fails",
    [JOB_EVENT_FAILS_TO_TRIGGER] = "fails to trigger",
    [JOB_EVENT_DISCARDS] = "discards",
    [JOB_EVENT_RESTARTS] = "restarts for",
    [JOB_EVENT_RESCALES] = "rescales",
    [JOB_EVENT_STARTS_OVER] = "starts over",
    [JOB_EVENT_FAILS_OVER] = "fails over",
    [JOB_EVENT_RESTORES] = "restores",
    [JOB_EVENT_FINISHES] = "finishes",
    [JOB_EVENT_FAILS] = "fails",
    [JOB_EVENT_IS_CANCELLED] = "is cancelled",
};

static const char *const types[] = {
    [CHECKPOINT_ALIGNED] = "checkpoint",
    [CHECKPOINT_UNALIGNED] = "unaligned checkpoint",
    [CHECKPOINT_SAVEPOINT] = "savepoint",
    [CHECKPOINT_SYNC_SAVEPOINT] = "stop-savepoint",
};

/* What was triggered by an event before is of the type that was said there, and takes until now. */
static bool was_triggered(const struct plan *plan, size_t index)
{
    return plan->events[index].takes_us == 0;
}

static void write_event(const struct plan *plan, size_t index, struct buffer *out)
{
    const struct job_event *event = &plan->events[index];
    const bool ends =
        event->kind == JOB_EVENT_COMPLETES || event->kind == JOB_EVENT_FAILS_CHECKPOINT;
    const bool begins = event->kind == JOB_EVENT_TRIGGERS || (ends && !was_triggered(plan, index));
    buffer_text(out, words[event->kind]);
    if (event->checkpoint > 0)
        buffer_printf(out, " %" PRId64, event->checkpoint);
    if (begins && event->type != CHECKPOINT_ALIGNED)
        buffer_printf(out, " as %s", types[event->type]);
    if (event->kind == JOB_EVENT_RESTARTS || (ends && begins)) {
        buffer_text(out, ends ? " taking " : " ");
        write_time(event->takes_us, out);
    }
    if (event->durable_after_us > 0) {
        buffer_text(out, " durable ");
        write_time(event->durable_after_us, out);
        buffer_text(out, " later");
    }
    buffer_char(out, '\n');
}

static void write_life(const struct plan *plan, size_t job, struct buffer *out)
{
    int64_t last_us = -1;
    for (size_t i = 0; i < plan->event_count; i++) {
        if (plan->events[i].job != job)
            continue;
        write_at(plan->events[i].at_us, &last_us, out);
        write_event(plan, i, out);
    }
}

static void write_vertices(const struct job_plan *job, struct buffer *out)
{
    buffer_text(out, "    vertices: {");
    for (size_t i = 0; i < job->vertex_count; i++)
        buffer_printf(out, "%s%s: %" PRId32, i > 0 ? ", " : "", job->vertices[i].name,
                      job->vertices[i].parallelism);
    buffer_text(out, "}\n");
}

void write_jobs(const struct plan *plan, struct buffer *out)
{
    for (size_t i = 0; i < plan->job_count; i++) {
        const struct job_plan *job = &plan->jobs[i];
        buffer_printf(out, "  %s:\n    exists: %s\n    checkpointing: %s\n", job->name,
                      job->exists_at_start ? "at the start" : "later",
                      job->checkpointing ? "yes" : "no");
        buffer_printf(out, "    first checkpoint: %" PRId64 "\n", job->first_checkpoint_id);
        write_vertices(job, out);
        write_rhythm(&job->rhythm, out);
        write_life(plan, i, out);
    }
}
