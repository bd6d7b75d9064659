#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mock_jobmanager/calls_internal.h"
#include "mock_jobmanager/failures_internal.h"
#include "mock_jobmanager/job_internal.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/submissions_internal.h"

/* Source: Flink KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM. */
enum { PARALLELISM_MAX = 32768 };

static const char duplicate_failure[] =
    "org.apache.flink.runtime.client.DuplicateJobSubmissionException: "
    "Job has already been submitted.";
static const char parallelism_failure[] =
    "java.lang.IllegalArgumentException: The parallelism must be at least one, or "
    "ExecutionConfig.PARALLELISM_DEFAULT (use system default), and at most 32768.";

/* What a job does that no plan speaks of. Where time moves by hand it has no pace, and so runs at
 * once. */
static const struct job_vertex default_vertices[] = {
    {{UINT64_C(0xbc764cd8ddf7a0cf), UINT64_C(0xf126f51c16239658)}, "Source: Numbers -> Map", 1},
    {{UINT64_C(0x0a448493b4782967), UINT64_C(0xb150582570326227)}, "Filter -> Sink: Nowhere", 2},
};

static const struct job_plan default_plan = {
    .name = "Flink Streaming Job",
    .checkpointing = true,
    .state_size = 65536,
    .vertices = default_vertices,
    .vertex_count = sizeof default_vertices / sizeof default_vertices[0],
    .rhythm = {.first_us = 5000000,
               .interval_us = 10000000,
               .takes_us = 20000,
               .takes_jitter_us = 10000},
};

void submission_free(struct submission *submission)
{
    if (!submission)
        return;
    free(submission->name);
    free(submission->vertices);
    free(submission);
}

static bool copy_vertices(struct submission *submission, int32_t parallelism)
{
    const size_t count = submission->plan.vertex_count;
    submission->vertices = calloc(count + 1, sizeof *submission->vertices);
    if (!submission->vertices)
        return false;
    for (size_t i = 0; i < count; i++) {
        submission->vertices[i] = submission->plan.vertices[i];
        if (parallelism > 0)
            submission->vertices[i].parallelism = parallelism;
    }
    submission->plan.vertices = submission->vertices;
    return true;
}

static void set_interval(struct job_rhythm *rhythm, int64_t interval_ms)
{
    if (interval_ms < 0)
        return;
    rhythm->interval_us = interval_ms > INT64_MAX / 1000 ? INT64_MAX : interval_ms * 1000;
    if (rhythm->first_us > rhythm->interval_us)
        rhythm->first_us = rhythm->interval_us;
}

/* What the program says of itself; what the request says goes before. */
static void apply_arguments(struct submission *submission, const struct job_order *order,
                            const struct program_arguments *arguments)
{
    struct job_plan *const plan = &submission->plan;
    set_interval(&plan->rhythm,
                 order && order->interval_ms >= 0 ? order->interval_ms : arguments->interval_ms);
    if (arguments->state_bytes >= 0)
        plan->state_size = arguments->state_bytes;
    if (arguments->snapshot_ms >= 0) {
        plan->rhythm.takes_us = arguments->snapshot_ms * 1000;
        plan->rhythm.takes_jitter_us = 0;
    }
}

static int32_t parallelism_of(const struct job_order *order,
                              const struct program_arguments *arguments)
{
    if (order && order->parallelism > 0)
        return order->parallelism;
    return arguments->parallelism > 0 && arguments->parallelism <= PARALLELISM_MAX
               ? (int32_t)arguments->parallelism
               : 0;
}

static struct submission *submission_new(const struct job_plan *template, struct id id,
                                         const struct job_order *order,
                                         const struct program_arguments *arguments)
{
    struct submission *const submission = calloc(1, sizeof *submission);
    if (!submission)
        return NULL;
    submission->plan = *template;
    submission->plan.id = id;
    submission->plan.directory = NULL; /* its own, by its id */
    submission->plan.exists_at_start = false;
    const char *name = arguments->name ? arguments->name : template->name;
    if (order && order->name)
        name = order->name;
    submission->name = text_copy(name ? name : "");
    if (!submission->name || !copy_vertices(submission, parallelism_of(order, arguments))) {
        submission_free(submission);
        return NULL;
    }
    submission->plan.name = submission->name;
    apply_arguments(submission, order, arguments);
    return submission;
}

/* The job of this id: the plan's, or a new one. NULL: out of memory. */
static struct job *find_or_add(struct jobmanager *jobmanager, const struct call *call,
                               const struct program_arguments *arguments)
{
    struct job *const known = job_find(jobmanager, call->request.job);
    if (known)
        return known;
    const struct jobmanager_config *const config = &jobmanager->config;
    struct submission *const submission =
        submission_new(config->submitted ? config->submitted : &default_plan, call->request.job,
                       call->request.order, arguments);
    if (!submission)
        return NULL;
    if (!config->submitted && config->submitted_pace)
        submission->plan.pace = *config->submitted_pace;
    struct job *const job = jobs_add(jobmanager, &submission->plan);
    if (!job) {
        submission_free(submission);
        return NULL;
    }
    job->submission = submission;
    return job;
}

/* Takes `failure`, which may be NULL when out of memory. */
static bool refuse(struct fetch_result *result, char *failure)
{
    result->outcome = OUTCOME_NOT_SUBMITTED;
    result->failure = failure;
    return failure != NULL;
}

/* The one failure of a job that could not even be initialized. */
static char *first_failure(const struct job *job)
{
    const struct job_failure *const failure = &job->failures[0];
    const size_t size =
        strlen(failure->exception_class) + strlen(": ") + strlen(failure->message) + 1;
    char *const text = malloc(size);
    if (text)
        snprintf(text, size, "%s: %s", failure->exception_class, failure->message);
    return text;
}

/* Something that happens so long after the job runs; -1: never. Where a plan speaks of the job, it
 * says what happens. */
static bool add_event(struct jobmanager *jobmanager, const struct job *job,
                      enum job_event_kind kind, int64_t after_ms)
{
    const struct job_pace *const pace = &job->plan->pace;
    const struct job_event event = {
        .at_us = jobmanager->now_us + pace->initializing_us + pace->created_us +
                 pace->scheduled_us + pace->deploying_us + pace->task_initializing_us +
                 after_ms * 1000,
        .job = job->index,
        .kind = kind,
    };
    return after_ms <= 0 || !job->submission ||
           jobmanager_add_event(jobmanager, jobmanager->now_us, &event);
}

static bool start(struct jobmanager *jobmanager, const struct call *call,
                  struct fetch_result *result)
{
    struct program_arguments arguments;
    program_arguments_read(call->request.order, &arguments);
    struct job *const job = find_or_add(jobmanager, call, &arguments);
    const char *const path = call->request.order ? call->request.order->savepoint_path : NULL;
    if (!job || !job_starts(jobmanager, job, path) ||
        !add_event(jobmanager, job, JOB_EVENT_RESTARTS, arguments.restart_after_ms) ||
        !add_event(jobmanager, job, JOB_EVENT_FINISHES, arguments.finish_after_ms))
        return false;
    return !job_has_ended(job) || refuse(result, first_failure(job));
}

/* A job id is good for one job, until that is forgotten: a job that has ended is a duplicate too.
 * Source: Flink Dispatcher.submitJob, DuplicateJobSubmissionException. */
bool take_run(struct jobmanager *jobmanager, const struct call *call, struct fetch_result *result)
{
    const struct job *const known = job_find(jobmanager, call->request.job);
    if (known && known->known)
        return refuse(result, text_copy(duplicate_failure));
    const int32_t parallelism = call->request.order ? call->request.order->parallelism : 0;
    if (parallelism < 0 || parallelism > PARALLELISM_MAX)
        return refuse(result, text_copy(parallelism_failure));
    return start(jobmanager, call, result);
}
