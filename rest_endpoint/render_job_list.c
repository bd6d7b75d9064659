#include <stdlib.h>

#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

/* Later start first, then by id. Source: Flink JobDetails order of FLINK-37258. */
static int compare_newest_first(const void *a, const void *b)
{
    const struct job_line *left = *(const struct job_line *const *)a;
    const struct job_line *right = *(const struct job_line *const *)b;

    if (left->start_ms != right->start_ms)
        return left->start_ms > right->start_ms ? -1 : 1;
    return id_compare(left->job, right->job);
}

/* The lines in the order of the version, to free(); NULL when out of memory. Up to 2.0 the order
 * is that of a hash table; ours is then the list's. */
static const struct job_line **ordered_lines(const struct job_list *jobs,
                                             const struct endpoint_wire *wire)
{
    const struct job_line **lines = malloc((jobs->count + 1) * sizeof(*lines));
    if (!lines)
        return NULL;
    for (size_t i = 0; i < jobs->count; i++)
        lines[i] = &jobs->lines[i];
    if (wire->newest_job_first)
        qsort(lines, jobs->count, sizeof(*lines), compare_newest_first);
    return lines;
}

/* Writes one line of a list as an object. */
typedef void line_writer(struct json_writer *json, const struct job_line *line, int64_t now_ms,
                         const struct endpoint_wire *wire);

/* {"NAME":[...]}, the lines in the order of the version. */
static void render_list(const struct job_list *jobs, const char *name, line_writer *write_line,
                        int64_t now_ms, const struct endpoint_wire *wire, struct buffer *out)
{
    const struct job_line **lines = ordered_lines(jobs, wire);
    struct json_writer json = {.out = out};

    if (!lines) {
        out->failed = true;
        return;
    }
    json_begin_object(&json);
    json_member_array(&json, name);
    for (size_t i = 0; i < jobs->count; i++)
        write_line(&json, lines[i], now_ms, wire);
    json_end_array(&json);
    json_end_object(&json);
    free(lines);
}

static void render_id(struct json_writer *json, const struct job_line *line, int64_t now_ms,
                      const struct endpoint_wire *wire)
{
    (void)now_ms;
    (void)wire;
    json_begin_object(json);
    render_member_id(json, "id", line->job);
    json_member_text(json, "status", job_status_name(line->state));
    json_end_object(json);
}

void render_job_ids(const struct job_list *jobs, const struct endpoint_wire *wire,
                    struct buffer *out)
{
    render_list(jobs, "jobs", render_id, 0, wire, out);
}

/* The same order in all versions that were seen. Source: Flink JobDetails.JobDetailsSerializer. */
static void render_task_counts(struct json_writer *json, const struct job_line *line)
{
    const int32_t *tasks = line->tasks;

    json_member_object(json, "tasks");
    json_member_int64(json, "running", tasks[EXECUTION_RUNNING]);
    json_member_int64(json, "canceling", tasks[EXECUTION_CANCELING]);
    json_member_int64(json, "canceled", tasks[EXECUTION_CANCELED]);
    json_member_int64(json, "total", line->task_count);
    json_member_int64(json, "created", tasks[EXECUTION_CREATED]);
    json_member_int64(json, "scheduled", tasks[EXECUTION_SCHEDULED]);
    json_member_int64(json, "deploying", tasks[EXECUTION_DEPLOYING]);
    json_member_int64(json, "reconciling", tasks[EXECUTION_RECONCILING]);
    json_member_int64(json, "finished", tasks[EXECUTION_FINISHED]);
    json_member_int64(json, "initializing", tasks[EXECUTION_INITIALIZING]);
    json_member_int64(json, "failed", tasks[EXECUTION_FAILED]);
    json_end_object(json);
}

static void member_times(struct json_writer *json, const struct job_line *line, int64_t now_ms)
{
    json_member_int64(json, "start-time", line->start_ms);
    json_member_int64(json, "end-time", line->end_ms > 0 ? line->end_ms : -1);
    json_member_int64(json, "duration", render_duration_ms(line->start_ms, line->end_ms, now_ms));
}

static void render_line(struct json_writer *json, const struct job_line *line, int64_t now_ms,
                        const struct endpoint_wire *wire)
{
    json_begin_object(json);
    render_member_id(json, "jid", line->job);
    json_member_text(json, "name", line->name);
    if (wire->scheduler_type) {
        json_member_text(json, "jobType", "STREAMING");
        json_member_text(json, "schedulerType", line->task_count == 0 ? NULL : "Default");
    }
    member_times(json, line, now_ms);
    json_member_text(json, "state", job_status_name(line->state));
    json_member_int64(json, "last-modification", line->last_modification_ms);
    render_task_counts(json, line);
    if (wire->pending_operators)
        json_member_int64(json, "pending-operators", 0);
    json_end_object(json);
}

void render_jobs_overview(const struct job_list *jobs, int64_t now_ms,
                          const struct endpoint_wire *wire, struct buffer *out)
{
    render_list(jobs, "jobs", render_line, now_ms, wire, out);
}

/* An application here is one job, whose id it has; jobs that fail and start anew go on running.
 * Source: Flink ApplicationState, SingleJobApplication. */
static const char *application_state(enum job_status state)
{
    switch (state) {
    case JOB_CREATED:
        return "CREATED";
    case JOB_CANCELLING:
        return "CANCELING";
    case JOB_FAILING:
    case JOB_FAILED:
    case JOB_CANCELED:
    case JOB_FINISHED:
        return job_status_name(state);
    case JOB_INITIALIZING:
    case JOB_RUNNING:
    case JOB_RESTARTING:
    case JOB_SUSPENDED:
    case JOB_RECONCILING:
    case JOB_STATUS_COUNT:
        break;
    }
    return "RUNNING";
}

static void member_application_name(struct json_writer *json, const struct job_line *line)
{
    struct buffer name = {0};
    buffer_printf(&name, "SingleJobApplication(%s)", line->name);
    json_key(json, "name");
    render_text_and_free(json, &name);
}

static void render_application_line(struct json_writer *json, const struct job_line *line,
                                    int64_t now_ms, const struct endpoint_wire *wire)
{
    (void)wire;
    json_begin_object(json);
    render_member_id(json, "id", line->job);
    member_application_name(json, line);
    member_times(json, line, now_ms);
    json_member_text(json, "status", application_state(line->state));
    json_member_object(json, "jobs");
    json_member_int64(json, job_status_name(line->state), 1);
    json_end_object(json);
    json_end_object(json);
}

void render_applications(const struct job_list *jobs, int64_t now_ms,
                         const struct endpoint_wire *wire, struct buffer *out)
{
    render_list(jobs, "applications", render_application_line, now_ms, wire, out);
}

/* When each state was entered, as far as a line of the list tells. */
static void render_application_times(struct json_writer *json, const struct job_line *line)
{
    static const char *const states[] = {"CREATED",  "FAILING",   "FAILED",  "RUNNING",
                                         "CANCELED", "CANCELING", "FINISHED"};
    const char *now_in = application_state(line->state);
    json_member_object(json, "timestamps");
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        const bool is_last = strcmp(states[i], now_in) == 0;
        int64_t at_ms = is_last ? line->last_modification_ms : 0;
        if (strcmp(states[i], "CREATED") == 0 || strcmp(states[i], "RUNNING") == 0)
            at_ms = line->start_ms;
        json_member_int64(json, states[i], at_ms);
    }
    json_end_object(json);
}

void render_application(const struct job_line *line, int64_t now_ms,
                        const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    render_member_id(&json, "id", line->job);
    member_application_name(&json, line);
    json_member_text(&json, "status", application_state(line->state));
    member_times(&json, line, now_ms);
    render_application_times(&json, line);
    json_member_array(&json, "jobs");
    render_line(&json, line, now_ms, wire);
    json_end_array(&json);
    json_end_object(&json);
}
