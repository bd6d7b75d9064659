#include <math.h>
#include <string.h>

#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/tasks_internal.h"

enum { MAX_PARALLELISM = 128 };

static const int64_t never_us = INT64_MAX;

/* States in the order in which a task passes through them; it is in the last one it has entered. */
static const enum execution_state course_of_states[] = {
    EXECUTION_CREATED,      EXECUTION_SCHEDULED, EXECUTION_DEPLOYING,
    EXECUTION_INITIALIZING, EXECUTION_RUNNING,   EXECUTION_CANCELING,
    EXECUTION_CANCELED,     EXECUTION_FINISHED,  EXECUTION_FAILED,
};

enum { COURSE_STATES = sizeof course_of_states / sizeof course_of_states[0] };

void tasks_forget(struct job *job)
{
    job->tasks = (struct task_course){0};
}

/* A new attempt of each. Source: Flink ExecutionVertex.resetForNewExecution. */
void tasks_are_created(const struct jobmanager *jobmanager, struct job *job)
{
    struct task_course *const tasks = &job->tasks;
    tasks->attempt = tasks->attempt_count++;
    tasks->exist = true;
    tasks->one_failed = false;
    for (size_t state = 0; state < EXECUTION_STATE_COUNT; state++)
        tasks->entered_us[state] = never_us;
    tasks->entered_us[EXECUTION_CREATED] = jobmanager->now_us;
}

/* What comes next comes by itself, at known times. `at_once`: they have been running before. */
void tasks_are_scheduled(const struct jobmanager *jobmanager, struct job *job, bool at_once)
{
    static const struct job_pace no_pace = {0};
    const struct job_pace *const pace = at_once ? &no_pace : &job->plan->pace;
    int64_t *const entered_us = job->tasks.entered_us;
    /* A job that restarts still has its slots. Source: Flink DeclarativeSlotPool. */
    const bool has_slots = job->tasks.attempt > 0;
    const int64_t deploying_us = later(jobmanager->now_us, has_slots ? 0 : pace->scheduled_us);
    const int64_t initializing_us = later(deploying_us, pace->deploying_us);
    entered_us[EXECUTION_SCHEDULED] = jobmanager->now_us;
    entered_us[EXECUTION_DEPLOYING] = deploying_us;
    entered_us[EXECUTION_INITIALIZING] = initializing_us;
    entered_us[EXECUTION_RUNNING] = later(initializing_us, pace->task_initializing_us);
}

static bool has_entered(const struct task_course *tasks, enum execution_state state, int64_t now_us)
{
    return tasks->entered_us[state] <= now_us;
}

bool tasks_all_run(const struct jobmanager *jobmanager, const struct job *job)
{
    return job->tasks.exist && has_entered(&job->tasks, EXECUTION_RUNNING, jobmanager->now_us) &&
           !has_entered(&job->tasks, EXECUTION_CANCELING, jobmanager->now_us);
}

/* What they had not come to by now they never come to. */
static void break_off(const struct jobmanager *jobmanager, struct task_course *tasks)
{
    for (size_t state = 0; state < EXECUTION_STATE_COUNT; state++)
        if (!has_entered(tasks, (enum execution_state)state, jobmanager->now_us))
            tasks->entered_us[state] = never_us;
}

void tasks_are_cancelled(const struct jobmanager *jobmanager, struct job *job)
{
    struct task_course *const tasks = &job->tasks;
    if (!tasks->exist || has_entered(tasks, EXECUTION_CANCELING, jobmanager->now_us))
        return;
    break_off(jobmanager, tasks);
    tasks->entered_us[EXECUTION_CANCELING] = jobmanager->now_us;
    tasks->entered_us[EXECUTION_CANCELED] =
        later(jobmanager->now_us, job->plan->pace.cancelling_us);
}

/* The first subtask of the first vertex fails, and all the others are cancelled. */
void one_task_fails(const struct jobmanager *jobmanager, struct job *job)
{
    if (!job->tasks.exist || job->tasks.one_failed)
        return;
    tasks_are_cancelled(jobmanager, job);
    job->tasks.one_failed = true;
    job->tasks.failed_us = jobmanager->now_us;
}

static bool have_ended(const struct task_course *tasks, int64_t now_us)
{
    return has_entered(tasks, EXECUTION_CANCELED, now_us) ||
           has_entered(tasks, EXECUTION_FINISHED, now_us);
}

/* When a job has ended, so have its tasks. */
void tasks_end(const struct jobmanager *jobmanager, struct job *job, enum job_status end)
{
    struct task_course *const tasks = &job->tasks;
    if (!tasks->exist || have_ended(tasks, jobmanager->now_us))
        return;
    if (end == JOB_FINISHED) {
        break_off(jobmanager, tasks);
        tasks->entered_us[EXECUTION_FINISHED] = jobmanager->now_us;
        return;
    }
    if (end == JOB_FAILED)
        one_task_fails(jobmanager, job);
    tasks_are_cancelled(jobmanager, job);
    tasks->entered_us[EXECUTION_CANCELED] = jobmanager->now_us;
}

static enum execution_state state_of(const struct task_course *tasks, int64_t now_us)
{
    for (size_t i = COURSE_STATES; i-- > 0;)
        if (has_entered(tasks, course_of_states[i], now_us))
            return course_of_states[i];
    return EXECUTION_CREATED;
}

int64_t tasks_changed_us(const struct jobmanager *jobmanager, const struct job *job)
{
    const struct task_course *const tasks = &job->tasks;
    if (!tasks->exist)
        return 0;
    const int64_t entered_us = tasks->entered_us[state_of(tasks, jobmanager->now_us)];
    return tasks->one_failed && tasks->failed_us > entered_us ? tasks->failed_us : entered_us;
}

void count_tasks(const struct jobmanager *jobmanager, const struct job *job,
                 int32_t counts[EXECUTION_STATE_COUNT])
{
    counts[state_of(&job->tasks, jobmanager->now_us)] += job->subtask_count;
    if (!job->tasks.one_failed || job->subtask_count == 0)
        return;
    counts[state_of(&job->tasks, jobmanager->now_us)]--;
    counts[EXECUTION_FAILED]++;
}

static struct graph_subtask show_subtask(const struct jobmanager *jobmanager,
                                         const struct task_course *tasks)
{
    struct graph_subtask subtask = {.state = state_of(tasks, jobmanager->now_us),
                                    .attempt = tasks->attempt};
    for (size_t i = 0; tasks->exist && i < COURSE_STATES; i++)
        if (has_entered(tasks, course_of_states[i], jobmanager->now_us))
            subtask.state_ms[course_of_states[i]] =
                epoch_ms(jobmanager, tasks->entered_us[course_of_states[i]]);
    return subtask;
}

static struct graph_subtask show_failed(const struct jobmanager *jobmanager,
                                        const struct task_course *tasks,
                                        const struct graph_subtask *cancelled)
{
    struct graph_subtask failed = *cancelled;
    failed.state = EXECUTION_FAILED;
    failed.state_ms[EXECUTION_CANCELING] = 0;
    failed.state_ms[EXECUTION_CANCELED] = 0;
    failed.state_ms[EXECUTION_FAILED] = epoch_ms(jobmanager, tasks->failed_us);
    return failed;
}

/* All subtasks of a vertex agree, or one has failed: that counts for more than the others.
 * Source: Flink ExecutionJobVertex.getAggregateJobVertexState. */
static enum execution_state aggregate(enum execution_state state)
{
    const bool is_early = state == EXECUTION_SCHEDULED || state == EXECUTION_DEPLOYING;
    return is_early ? EXECUTION_CREATED : state;
}

static bool is_terminal(enum execution_state state)
{
    return state == EXECUTION_FINISHED || state == EXECUTION_CANCELED || state == EXECUTION_FAILED;
}

/*
 * What a vertex has read and written: what happens by a rate that is the same for all jobs, at the
 * proportions that running clusters showed (shared/transcripts). Nothing is known of tasks that
 * have only just begun, and of their times not for a little longer.
 * Source: Flink MutableIOMetrics.addIOMetrics.
 */
static const int64_t metrics_known_after_us = 500000;
static const int64_t times_known_after_us = 2000000;
enum { RECORDS_PER_SECOND = 400, BYTES_PER_RECORD = 21 };

static struct vertex_metrics show_metrics(const struct jobmanager *jobmanager,
                                          const struct task_course *tasks, bool reads, bool writes)
{
    const int64_t now_us = jobmanager->now_us;
    struct vertex_metrics metrics = {0};
    if (!tasks->exist || !has_entered(tasks, EXECUTION_RUNNING, now_us))
        return metrics;
    const bool has_ended = have_ended(tasks, now_us);
    const int64_t stopped_us = has_entered(tasks, EXECUTION_CANCELING, now_us)
                                   ? tasks->entered_us[EXECUTION_CANCELING]
                               : has_ended ? tasks->entered_us[EXECUTION_FINISHED]
                                           : now_us;
    const int64_t ran_us = stopped_us - tasks->entered_us[EXECUTION_RUNNING];
    if (!has_ended && ran_us < metrics_known_after_us)
        return metrics;
    metrics.complete = true;
    if (!has_ended && ran_us < times_known_after_us) {
        metrics.busy_ms = NAN;
        return metrics;
    }
    const int64_t records = ran_us / 1000 * RECORDS_PER_SECOND / 1000;
    metrics.read_records = reads ? records : 0;
    metrics.read_bytes = reads ? records * BYTES_PER_RECORD : 0;
    metrics.write_records = writes ? records : 0;
    metrics.write_bytes = writes ? records * BYTES_PER_RECORD : 0;
    metrics.busy_ms = (double)(reads ? ran_us / 1000 / 64 : ran_us / 1000 - ran_us / 1000 / 64);
    metrics.idle_ms = ran_us / 1000 - (int64_t)metrics.busy_ms;
    return metrics;
}

/* When the tasks are deployed, in the future too: see struct graph_vertex. */
static int64_t show_start(const struct jobmanager *jobmanager, const struct task_course *tasks)
{
    const int64_t deployed_us = tasks->exist ? tasks->entered_us[EXECUTION_DEPLOYING] : never_us;
    return deployed_us == never_us ? -1 : epoch_ms(jobmanager, deployed_us);
}

static void show_vertex(const struct graph_subtask *subtask, const struct job_vertex *vertex,
                        struct graph_vertex *shown)
{
    shown->id = vertex->id;
    shown->name = vertex->name;
    shown->max_parallelism = MAX_PARALLELISM;
    shown->state = aggregate(subtask->state);
    shown->end_ms = is_terminal(subtask->state) ? subtask->state_ms[subtask->state] : -1;
    for (int32_t i = 0; i < shown->parallelism; i++)
        shown->subtasks[i] = *subtask;
}

/* Source: Flink JobDetailsHandler.createJobVertexDetailsInfo: it starts with the first that is
 * deployed and ends with the last. */
static void show_failed_first(const struct graph_subtask *failed, struct graph_vertex *shown)
{
    shown->subtasks[0] = *failed;
    shown->state = EXECUTION_FAILED;
    const int64_t failed_ms = failed->state_ms[EXECUTION_FAILED];
    if (shown->parallelism == 1 || (shown->end_ms >= 0 && shown->end_ms < failed_ms))
        shown->end_ms = failed_ms;
}

bool show_tasks(const struct jobmanager *jobmanager, const struct job *job,
                struct execution_graph *graph)
{
    const struct graph_subtask subtask = show_subtask(jobmanager, &job->tasks);
    const int64_t start_ms = show_start(jobmanager, &job->tasks);
    for (size_t i = 0; i < graph->vertex_count; i++)
        graph->vertices[i].parallelism = job->vertices[i].parallelism;
    if (!execution_graph_make_subtasks(graph))
        return false;
    for (size_t i = 0; i < graph->vertex_count; i++) {
        struct graph_vertex *const shown = &graph->vertices[i];
        show_vertex(&subtask, &job->vertices[i], shown);
        shown->start_ms = start_ms;
        shown->metrics = show_metrics(jobmanager, &job->tasks, i > 0, i + 1 < graph->vertex_count);
    }
    if (!job->tasks.one_failed || graph->vertex_count == 0 || graph->vertices[0].parallelism == 0)
        return true;
    const struct graph_subtask failed = show_failed(jobmanager, &job->tasks, &subtask);
    show_failed_first(&failed, &graph->vertices[0]);
    return true;
}
