#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/show_internal.h"

static void failure_free(struct job_failure *failure)
{
    free(failure->exception_class);
    free(failure->message);
}

void job_failures_forget(struct job *job)
{
    while (job->failure_count > 0)
        failure_free(&job->failures[--job->failure_count]);
}

/* The oldest makes room. Source: Flink BoundedFIFOQueue of SchedulerBase.exceptionHistory. */
bool job_failure_add(struct jobmanager *jobmanager, struct job *job, const char *exception_class,
                     const char *message, bool is_of_task)
{
    struct job_failure failure = {
        .exception_class = text_copy(exception_class),
        .message = text_copy(message),
        .at_us = jobmanager->now_us,
        .is_of_task = is_of_task,
        .attempt = job->tasks.attempt,
    };
    if (!failure.exception_class || (message && !failure.message)) {
        failure_free(&failure);
        return false;
    }
    if (job->failure_count == FAILURES_MAX) {
        failure_free(&job->failures[0]);
        memmove(&job->failures[0], &job->failures[1],
                --job->failure_count * sizeof job->failures[0]);
    }
    job->failures[job->failure_count++] = failure;
    return true;
}

bool job_fails_of(struct jobmanager *jobmanager, struct job *job, const struct job_cause *cause)
{
    static const char default_class[] = "java.lang.RuntimeException";
    static const char default_message[] = "The task has failed.";
    if (!cause)
        return true;
    return job_failure_add(jobmanager, job,
                           cause->exception_class ? cause->exception_class : default_class,
                           cause->message ? cause->message : default_message, true);
}

/* Source: Flink Execution.getVertexWithAttempt, RootExceptionHistoryEntry. */
static bool show_task(const struct job *job, const struct job_failure *failure,
                      struct graph_failure *shown)
{
    const struct job_vertex *const vertex = &job->vertices[0];
    const size_t size = strlen(vertex->name) + 64;
    shown->task_name = malloc(size);
    shown->endpoint = text_copy(task_manager_endpoint);
    shown->task_manager_id = text_copy(task_manager_id);
    if (!shown->task_name || !shown->endpoint || !shown->task_manager_id)
        return false;
    snprintf(shown->task_name, size, "%s (1/%d) - execution #%d", vertex->name, vertex->parallelism,
             failure->attempt);
    return true;
}

static bool show_failure(const struct jobmanager *jobmanager, const struct job *job,
                         const struct job_failure *failure, struct graph_failure *shown)
{
    shown->exception_class = text_copy(failure->exception_class);
    shown->message = text_copy(failure->message);
    shown->at_ms = epoch_ms(jobmanager, failure->at_us);
    if (!shown->exception_class || (failure->message && !shown->message))
        return false;
    return !failure->is_of_task || show_task(job, failure, shown);
}

bool show_failures(const struct jobmanager *jobmanager, const struct job *job,
                   struct execution_graph *graph)
{
    if (job->failure_count == 0)
        return true;
    if (!execution_graph_make_failures(graph, job->failure_count))
        return false;
    for (size_t i = 0; i < job->failure_count; i++)
        if (!show_failure(jobmanager, job, &job->failures[job->failure_count - 1 - i],
                          &graph->failures[i]))
            return false;
    return true;
}
