#include <stdio.h>

#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/show_internal.h"

/* The one TaskManager, as running clusters showed theirs (shared/transcripts). */
enum { RPC_PORT = 36723, DATA_PORT = 41665, SLOTS_MIN = 4 };

const char task_manager_id[] = "127.0.0.1:36723-464ffa";
const char task_manager_endpoint[] = "localhost:41665";

/* Source: Flink heartbeat.interval. */
static const int64_t heartbeat_interval_us = INT64_C(10) * 1000 * 1000;

/* Slots are shared by the vertices of a job. Source: Flink SlotSharingGroup. */
static int32_t slots_of(const struct job *job)
{
    int32_t widest = 0;
    for (size_t i = 0; i < job->vertex_count; i++)
        if (job->vertices[i].parallelism > widest)
            widest = job->vertices[i].parallelism;
    return widest;
}

static int32_t slots_in_all(const struct jobmanager *jobmanager)
{
    if (jobmanager->config.slot_count > 0)
        return jobmanager->config.slot_count;
    int32_t slots = 0;
    for (size_t i = 0; i < jobmanager->config.job_count; i++)
        slots += slots_of(jobmanager->jobs[i]);
    return slots > SLOTS_MIN ? slots : SLOTS_MIN;
}

static bool holds_slots(const struct job *job)
{
    return job->known &&
           (job->state == JOB_RUNNING || job->state == JOB_FAILING || job->state == JOB_CANCELLING);
}

struct slots count_slots(const struct jobmanager *jobmanager)
{
    int64_t taken = 0;
    for (size_t i = 0; i < jobmanager->job_count; i++)
        if (holds_slots(jobmanager->jobs[i]))
            taken += slots_of(jobmanager->jobs[i]);
    const int32_t total = slots_in_all(jobmanager);
    return (struct slots){.total = total, .free = taken < total ? total - (int32_t)taken : 0};
}

struct task_manager_list *show_task_managers(const struct jobmanager *jobmanager)
{
    struct task_manager_list *const list = task_manager_list_new(1);
    if (!list)
        return NULL;
    const struct slots slots = count_slots(jobmanager);
    const int64_t heartbeat_us = jobmanager->now_us - jobmanager->now_us % heartbeat_interval_us;
    list->lines[0] = (struct task_manager){
        .number = 0,
        .rpc_port = RPC_PORT,
        .data_port = DATA_PORT,
        .heartbeat_ms = epoch_ms(jobmanager, heartbeat_us),
        .slots = slots.total,
        .slots_free = slots.free,
    };
    snprintf(list->lines[0].id, sizeof list->lines[0].id, "%s", task_manager_id);
    return list;
}
