#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "mock_jobmanager/calls_internal.h"
#include "mock_jobmanager/happening_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/journal_internal.h"
#include "mock_jobmanager/show_internal.h"
#include "mock_jobmanager/submissions_internal.h"

/* Room for one more delivery; what was taken in front is given back first. */
static bool make_room_for_delivery(struct jobmanager *jobmanager)
{
    const size_t end = jobmanager->delivery_first + jobmanager->delivery_count;
    if (end < jobmanager->delivery_capacity)
        return true;
    if (jobmanager->delivery_first > jobmanager->delivery_count) {
        memmove(jobmanager->deliveries, jobmanager->deliveries + jobmanager->delivery_first,
                jobmanager->delivery_count * sizeof *jobmanager->deliveries);
        jobmanager->delivery_first = 0;
        return true;
    }
    struct delivery *const deliveries = vector_grow(
        jobmanager->deliveries, end, &jobmanager->delivery_capacity, sizeof *deliveries);
    if (!deliveries)
        return false;
    jobmanager->deliveries = deliveries;
    return true;
}

bool jobmanager_next_delivery(struct jobmanager *jobmanager, uint64_t *fetch,
                              struct fetch_result *result)
{
    if (jobmanager->delivery_count == 0)
        return false;
    const struct delivery delivery = jobmanager->deliveries[jobmanager->delivery_first++];
    if (--jobmanager->delivery_count == 0)
        jobmanager->delivery_first = 0;
    *fetch = delivery.fetch;
    *result = delivery.result;
    return true;
}

void calls_free(struct jobmanager *jobmanager)
{
    uint64_t fetch;
    struct fetch_result result;
    while (jobmanager_next_delivery(jobmanager, &fetch, &result))
        fetch_result_clear(&result);
    for (size_t i = 0; i < jobmanager->call_count; i++) {
        fetch_result_clear(&jobmanager->calls[i].result);
        job_order_release(jobmanager->calls[i].request.order);
    }
    free(jobmanager->deliveries);
    free(jobmanager->calls);
}

/* A free slot, or SIZE_MAX when out of memory. */
static size_t take_slot(struct jobmanager *jobmanager)
{
    const size_t slot = jobmanager->free_call;
    if (slot != SIZE_MAX) {
        jobmanager->free_call = jobmanager->calls[slot].next_free;
        return slot;
    }
    struct call *const calls = vector_grow(jobmanager->calls, jobmanager->call_count,
                                           &jobmanager->call_capacity, sizeof *calls);
    if (!calls)
        return SIZE_MAX;
    jobmanager->calls = calls;
    return jobmanager->call_count++;
}

/* Its result is delivered, or there was none. */
static void give_back_slot(struct jobmanager *jobmanager, size_t slot)
{
    struct call *const call = &jobmanager->calls[slot];
    job_order_release(call->request.order);
    call->request.order = NULL;
    call->next_free = jobmanager->free_call;
    jobmanager->free_call = slot;
}

static size_t index_of(const struct jobmanager *jobmanager, const struct fetch_request *request)
{
    const bool is_of_all = request->kind == FETCH_JOB_LIST || request->kind == FETCH_TASK_MANAGERS;
    const struct job *const job = is_of_all ? NULL : job_find(jobmanager, request->job);
    return job ? job->index : SIZE_MAX;
}

/* A call that needs longer than the timeout to arrive has ended when it does: what it asks for
 * happens all the same, and nobody hears of it. */
static bool send(struct jobmanager *jobmanager, size_t slot)
{
    struct call *const call = &jobmanager->calls[slot];
    const int64_t arrival_us = later(later(jobmanager->now_us, jobmanager->config.call_out_us),
                                     fault_delay_us(jobmanager, FAULT_SLOW_CALL, call));
    if (arrival_us > call->deadline_us) {
        call->result.outcome = OUTCOME_TIMED_OUT;
        call->ended = true;
        if (!schedule(jobmanager, call->deadline_us, HAPPENS_CALL_END, slot, 0))
            return false;
    }
    return schedule(jobmanager, arrival_us, HAPPENS_CALL_ARRIVAL, slot, 0);
}

bool jobmanager_call(struct jobmanager *jobmanager, int64_t now_us, uint64_t fetch,
                     const struct fetch_request *request)
{
    assert((unsigned)request->kind < FETCH_KIND_COUNT);
    advance_now(jobmanager, now_us);
    /* The room that its answer takes is there before it leaves. */
    const size_t slot = make_room_for_delivery(jobmanager) ? take_slot(jobmanager) : SIZE_MAX;
    if (slot == SIZE_MAX)
        return false;
    const int64_t timeout_us = jobmanager->config.call_timeout_us;
    struct call *const call = &jobmanager->calls[slot];
    *call = (struct call){
        .fetch = fetch,
        .request = *request,
        .job = index_of(jobmanager, request),
        .deadline_us = timeout_us > 0 ? later(jobmanager->now_us, timeout_us) : INT64_MAX,
    };
    job_order_retain(call->request.order);
    if (journal_call(jobmanager, JOURNAL_CALL_SENT, call, NULL) && send(jobmanager, slot))
        return true;
    if (!call->ended) /* else its end is to come */
        give_back_slot(jobmanager, slot);
    return false;
}

/* The job that a call is about when it exists, running or ended. */
struct job *known_job(const struct jobmanager *jobmanager, const struct call *call)
{
    struct job *const job = job_at(jobmanager, call->job);
    return job && job->known ? job : NULL;
}

/* Source: Flink Dispatcher.requestExecutionGraphInfo. */
static bool take_graph(struct jobmanager *jobmanager, const struct call *call,
                       struct fetch_result *result)
{
    const struct job *const job = known_job(jobmanager, call);
    if (!job) {
        result->outcome = OUTCOME_JOB_NOT_FOUND;
        return true;
    }
    if (job_has_ended(job))
        result->graph =
            execution_graph_retain(finished_store_find(&jobmanager->finished, job->plan->id));
    else
        result->graph = show_graph(jobmanager, job, fault_lock_busy(jobmanager, job->index));
    return result->graph != NULL;
}

/* Source: Flink Dispatcher.requestJobStatus. */
static bool take_job_status(struct jobmanager *jobmanager, const struct call *call,
                            struct fetch_result *result)
{
    const struct job *const job = known_job(jobmanager, call);
    if (!job)
        result->outcome = OUTCOME_JOB_NOT_FOUND;
    else
        result->job_state = job->state;
    return true;
}

/* Known, and not found all the same. */
static bool is_out_of_sight(const struct jobmanager *jobmanager, const struct job *job)
{
    const struct origin_quirks *const quirks = &jobmanager->config.quirks;
    return job_has_ended(job) &&
           (quirks->forgets_ended_jobs ||
            jobmanager->now_us - job->end_us < quirks->ended_jobs_found_after_us);
}

/* Whether the tracker hands out its last snapshot again. */
static bool lock_is_busy(const struct jobmanager *jobmanager, const struct job *job)
{
    return fault_lock_busy(jobmanager, job->index) ||
           (jobmanager->config.quirks.lock_busy_while_checkpointing && job->pending_count > 0);
}

/* Source: Flink Dispatcher.requestCheckpointStats; 1.18.0 did not look into the store
 * (FLINK-33872). */
static bool take_statistics(struct jobmanager *jobmanager, const struct call *call,
                            struct fetch_result *result)
{
    const struct job *const job = known_job(jobmanager, call);
    if (!job || is_out_of_sight(jobmanager, job)) {
        result->outcome = OUTCOME_JOB_NOT_FOUND;
        return true;
    }
    if (job->state == JOB_INITIALIZING) {
        result->outcome = OUTCOME_JOB_INITIALIZING;
        return true;
    }
    if (job_has_ended(job)) {
        const struct execution_graph *const graph =
            finished_store_find(&jobmanager->finished, job->plan->id);
        result->stats = checkpoint_stats_retain(graph->stats);
        return true;
    }
    result->stats = show_statistics(jobmanager, job, lock_is_busy(jobmanager, job));
    return result->stats != NULL;
}

static bool take_jobs(struct jobmanager *jobmanager, const struct call *call,
                      struct fetch_result *result)
{
    (void)call;
    result->jobs = show_jobs(jobmanager);
    return result->jobs != NULL;
}

/* Source: Flink ResourceManager.requestTaskManagerInfo. */
static bool take_task_managers(struct jobmanager *jobmanager, const struct call *call,
                               struct fetch_result *result)
{
    (void)call;
    result->task_managers = show_task_managers(jobmanager);
    return result->task_managers != NULL;
}

/* Source: Flink Dispatcher.cancelJob, JobCancellationHandler (reference 2.6). */
static bool take_cancel(struct jobmanager *jobmanager, const struct call *call,
                        struct fetch_result *result)
{
    struct job *const job = known_job(jobmanager, call);
    if (!job) {
        result->outcome = OUTCOME_JOB_NOT_FOUND;
        return true;
    }
    if (!job_has_ended(job))
        return job_leaves(jobmanager, job, JOB_CANCELED);
    if (job->state != JOB_CANCELED) {
        result->outcome = OUTCOME_ALREADY_TERMINAL;
        result->job_state = job->state;
    }
    return true;
}

/* The JobManager handles a call that has arrived. */
static bool take(struct jobmanager *jobmanager, const struct call *call,
                 struct fetch_result *result)
{
    static bool (*const takers[FETCH_KIND_COUNT])(struct jobmanager *, const struct call *,
                                                  struct fetch_result *) = {
        [FETCH_EXECUTION_GRAPH] = take_graph,
        [FETCH_CHECKPOINT_STATS] = take_statistics,
        [FETCH_JOB_LIST] = take_jobs,
        [FETCH_JOB_STATUS] = take_job_status,
        [FETCH_TRIGGER_CHECKPOINT] = take_trigger,
        [FETCH_TRIGGER_STATUS] = take_trigger_status,
        [FETCH_CANCEL_JOB] = take_cancel,
        [FETCH_TRIGGER_SAVEPOINT] = take_savepoint,
        [FETCH_STOP_WITH_SAVEPOINT] = take_stop,
        [FETCH_SAVEPOINT_STATUS] = take_savepoint_status,
        [FETCH_RUN_JOB] = take_run,
        [FETCH_TASK_MANAGERS] = take_task_managers,
    };
    const struct fault *fault;
    if (fault_in_force(jobmanager, FAULT_OUTCOME, call, &fault) && fault->outcome != OUTCOME_OK) {
        result->outcome = fault->outcome;
        return true;
    }
    return takers[call->request.kind](jobmanager, call, result) &&
           (result->outcome != OUTCOME_OK ||
            journal_call(jobmanager, JOURNAL_CALL_TAKEN, call, result));
}

/* Who submits a job waits until it is initialized. Source: Flink ClientUtils
 * .waitUntilJobInitializationFinished. */
static int64_t wait_us(const struct jobmanager *jobmanager, const struct call *call)
{
    const struct job *const job =
        call->request.kind == FETCH_RUN_JOB ? job_find(jobmanager, call->request.job) : NULL;
    const bool waits = job && call->result.outcome == OUTCOME_OK && job->state == JOB_INITIALIZING;
    return waits ? job->plan->pace.initializing_us : 0;
}

/* An answer that would come later than the deadline never comes: the call times out at it. */
static bool schedule_end(struct jobmanager *jobmanager, size_t slot, bool is_silent)
{
    struct call *const call = &jobmanager->calls[slot];
    const int64_t answered_us = later(jobmanager->now_us, wait_us(jobmanager, call));
    const int64_t end_us = later(later(answered_us, jobmanager->config.call_back_us),
                                 fault_delay_us(jobmanager, FAULT_DELAY, call));
    if (!is_silent && end_us <= call->deadline_us)
        return schedule(jobmanager, end_us, HAPPENS_CALL_END, slot, 0);
    fetch_result_clear(&call->result);
    call->result.outcome = OUTCOME_TIMED_OUT;
    return schedule(jobmanager, call->deadline_us, HAPPENS_CALL_END, slot, 0);
}

/* Somebody waits for its answer. There was room in the queue for what now comes again. */
static void try_again(struct jobmanager *jobmanager, enum happening what, size_t slot)
{
    (void)schedule(jobmanager, jobmanager->now_us, what, slot, 0);
}

bool call_arrives(struct jobmanager *jobmanager, size_t slot)
{
    struct call *const call = &jobmanager->calls[slot];
    /* The job may have come, or have come again, while the call was on its way. */
    if (!job_at(jobmanager, call->job))
        call->job = index_of(jobmanager, &call->request);
    const bool is_silent = fault_in_force(jobmanager, FAULT_SILENCE, call, NULL);
    const bool taken = is_silent || take(jobmanager, call, &call->result);
    if (!taken) { /* out of memory: whoever waits for it hears of it */
        fetch_result_clear(&call->result);
        call->result.outcome = OUTCOME_FAILED;
    }
    if (call->ended) {
        fetch_result_clear(&call->result);
        give_back_slot(jobmanager, slot);
        return taken;
    }
    if (schedule_end(jobmanager, slot, is_silent))
        return taken;
    fetch_result_clear(&call->result);
    try_again(jobmanager, HAPPENS_CALL_ARRIVAL, slot);
    return false;
}

static void deliver(struct jobmanager *jobmanager, struct call *call)
{
    jobmanager->deliveries[jobmanager->delivery_first + jobmanager->delivery_count++] =
        (struct delivery){.fetch = call->fetch, .result = call->result};
    call->result = (struct fetch_result){0};
}

bool call_ends(struct jobmanager *jobmanager, size_t slot)
{
    struct call *const call = &jobmanager->calls[slot];
    if (!make_room_for_delivery(jobmanager) ||
        !journal_call(jobmanager, JOURNAL_CALL_ENDED, call, &call->result)) {
        try_again(jobmanager, HAPPENS_CALL_END, slot);
        return false;
    }
    deliver(jobmanager, call);
    /* One that is still on its way keeps its slot until it arrives. */
    if (!call->ended)
        give_back_slot(jobmanager, slot);
    return true;
}
