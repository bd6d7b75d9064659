#include <stdlib.h>
#include <string.h>

#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/show_internal.h"
#include "mock_jobmanager/tasks_internal.h"

/* An initializing job has none to show yet, a job without settings never (reference, 7 and 13). */
struct checkpoint_stats *show_statistics(struct jobmanager *jobmanager, const struct job *job,
                                         bool lock_busy)
{
    if (job->tracker && job->state != JOB_INITIALIZING)
        return tracker_snapshot(job->tracker, jobmanager->now_us, lock_busy);
    struct checkpoint_stats *const stats = checkpoint_stats_new(job->plan->id, job->run, 0);
    if (!stats)
        return NULL;
    stats->taken_us = jobmanager->now_us;
    stats->enabled = job->plan->checkpointing;
    return stats;
}

/* Source: Flink ArchivedExecutionGraph.createSparseArchivedExecutionGraph. */
static bool is_shown_sparse(const struct job *job)
{
    return job->state == JOB_INITIALIZING || job->is_sparse;
}

/* Values as running clusters showed them (shared/transcripts); a sparse graph knows no storage
 * (reference 2.2). */
static struct checkpoint_config show_config(const struct job *job)
{
    const struct job_rhythm *const rhythm = &job->plan->rhythm;
    const bool is_sparse = is_shown_sparse(job);
    return (struct checkpoint_config){
        .interval_ms = rhythm->interval_us > 0 ? rhythm->interval_us / 1000 : INT64_MAX,
        .timeout_ms = 600000,
        .max_concurrent = rhythm->concurrent_max > 0 ? rhythm->concurrent_max : 1,
        .exactly_once = rhythm->interval_us > 0,
        .externalized = true,
        .checkpoints_after_tasks_finish = true,
        .changelog_interval_ms = 600000,
        .state_backend = is_sparse ? "Unknown" : "HashMapStateBackend",
        .checkpoint_storage = is_sparse ? "Unknown" : "FileSystemCheckpointStorage",
        .changelog_storage = is_sparse ? "Unknown" : "memory",
    };
}

/* One group for all vertices of a job. Flink draws its id at random; ours follows from the job's,
 * so that the same job gives the same bytes. */
static struct id slot_sharing_group(struct id job)
{
    const struct id swapped = {.high = job.low, .low = job.high};
    return (struct id){.high = id_hash(job), .low = id_hash(swapped)};
}

static const char *name_of(const struct job *job)
{
    return job->plan->name ? job->plan->name : "";
}

struct execution_graph *show_graph(struct jobmanager *jobmanager, const struct job *job,
                                   bool lock_busy)
{
    const size_t vertex_count = is_shown_sparse(job) ? 0 : job->vertex_count;
    struct execution_graph *const graph =
        execution_graph_new(job->plan->id, name_of(job), vertex_count);
    if (!graph)
        return NULL;
    graph->stats = show_statistics(jobmanager, job, lock_busy);
    if (!graph->stats || !show_failures(jobmanager, job, graph) ||
        !show_tasks(jobmanager, job, graph)) {
        execution_graph_release(graph);
        return NULL;
    }
    graph->slot_sharing_group = slot_sharing_group(job->plan->id);
    graph->run = job->run;
    graph->task_manager_id = task_manager_id;
    graph->task_manager_endpoint = task_manager_endpoint;
    graph->taken_us = jobmanager->now_us;
    graph->taken_ms = epoch_ms(jobmanager, jobmanager->now_us);
    graph->state = job->state;
    for (size_t state = 0; state < JOB_STATUS_COUNT; state++)
        if (job->entered[state])
            graph->state_ms[state] = epoch_ms(jobmanager, job->entered_us[state]);
    graph->start_ms = epoch_ms(jobmanager, job->start_us);
    graph->end_ms = job->end_us < 0 ? -1 : epoch_ms(jobmanager, job->end_us);
    graph->checkpointing = job->plan->checkpointing;
    graph->config = show_config(job);
    return graph;
}

static void show_line(const struct jobmanager *jobmanager, const struct job *job,
                      struct job_list *list, struct job_line *line)
{
    const int32_t task_count = is_shown_sparse(job) ? 0 : job->subtask_count;
    const int64_t tasks_us = tasks_changed_us(jobmanager, job);
    *line = (struct job_line){
        .job = job->plan->id,
        .name = job_list_name(list, name_of(job)),
        .state = job->state,
        .start_ms = epoch_ms(jobmanager, job->start_us),
        .end_ms = job->end_us < 0 ? -1 : epoch_ms(jobmanager, job->end_us),
        .last_modification_ms =
            epoch_ms(jobmanager, job->changed_us > tasks_us ? job->changed_us : tasks_us),
        .task_count = task_count,
    };
    if (task_count > 0)
        count_tasks(jobmanager, job, line->tasks);
}

static bool starts_before(const struct job *a, const struct job *b)
{
    return a->start_us != b->start_us ? a->start_us < b->start_us : a->index < b->index;
}

static int compare_starts(const void *left, const void *right)
{
    const struct job *const a = *(const struct job *const *)left;
    const struct job *const b = *(const struct job *const *)right;
    return starts_before(a, b) ? -1 : starts_before(b, a);
}

/* The known jobs, oldest start first, which is mostly how they stand; returns how many. */
static size_t order_known(const struct jobmanager *jobmanager, const struct job **order)
{
    size_t count = 0;
    bool is_in_order = true;
    for (size_t i = 0; i < jobmanager->job_count; i++) {
        if (!jobmanager->jobs[i]->known)
            continue;
        order[count++] = jobmanager->jobs[i];
        is_in_order &= count == 1 || starts_before(order[count - 2], order[count - 1]);
    }
    if (!is_in_order)
        qsort(order, count, sizeof *order, compare_starts);
    return count;
}

struct job_list *show_jobs(const struct jobmanager *jobmanager)
{
    const struct job **const order = jobmanager->jobs_by_start;
    const size_t count = order_known(jobmanager, order);
    size_t name_bytes = 0;
    for (size_t i = 0; i < count; i++)
        name_bytes += strlen(name_of(order[i])) + 1;
    struct job_list *const list = job_list_new(count, name_bytes);
    if (!list)
        return NULL;
    for (size_t i = 0; i < count; i++)
        show_line(jobmanager, order[i], list, &list->lines[i]);
    list->taken_ms = epoch_ms(jobmanager, jobmanager->now_us);
    const struct slots slots = count_slots(jobmanager);
    list->taskmanagers = 1;
    list->slots_total = slots.total;
    list->slots_available = slots.free;
    return list;
}
