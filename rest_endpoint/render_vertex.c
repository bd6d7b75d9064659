#include <math.h>
#include <stdlib.h>

#include "rest_endpoint/render.h"
#include "rest_endpoint/render_vertex_internal.h"

const enum execution_state task_life[TASK_LIFE_LENGTH] = {
    EXECUTION_CREATED,      EXECUTION_SCHEDULED, EXECUTION_DEPLOYING,
    EXECUTION_INITIALIZING, EXECUTION_RUNNING,   EXECUTION_CANCELING,
    EXECUTION_FINISHED,     EXECUTION_CANCELED,  EXECUTION_FAILED,
};

static bool has_ended(enum execution_state state)
{
    return state == EXECUTION_FINISHED || state == EXECUTION_CANCELED || state == EXECUTION_FAILED;
}

/* A state lasts until the next one is entered. Source: Flink
 * SubtaskExecutionAttemptDetailsInfo.getExecutionStateDuration. */
static int64_t stage_duration_ms(const struct graph_subtask *subtask, size_t stage, int64_t now_ms)
{
    const int64_t start_ms = subtask->state_ms[task_life[stage]];
    if (start_ms <= 0)
        return -1;
    for (size_t i = stage + 1; i < TASK_LIFE_LENGTH; i++) {
        if (subtask->state_ms[task_life[i]] > 0)
            return subtask->state_ms[task_life[i]] - start_ms;
    }
    return now_ms - start_ms;
}

/* The part of a sum that one of `count` has; the first has what cannot be shared. */
static int64_t share(int64_t sum, int32_t index, int32_t count)
{
    return sum / count + (index == 0 ? sum % count : 0);
}

static struct vertex_metrics share_metrics(const struct vertex_metrics *all, int32_t index,
                                           int32_t count)
{
    return (struct vertex_metrics){
        .complete = all->complete,
        .read_bytes = share(all->read_bytes, index, count),
        .write_bytes = share(all->write_bytes, index, count),
        .read_records = share(all->read_records, index, count),
        .write_records = share(all->write_records, index, count),
        .backpressured_ms = share(all->backpressured_ms, index, count),
        .idle_ms = share(all->idle_ms, index, count),
        .busy_ms = all->busy_ms / count,
    };
}

struct graph_subtask subtask_of(const struct graph_vertex *vertex, int32_t index)
{
    if (vertex->subtasks)
        return vertex->subtasks[index];
    struct graph_subtask subtask = {.state = vertex->state};
    subtask.state_ms[EXECUTION_DEPLOYING] = vertex->start_ms > 0 ? vertex->start_ms : 0;
    if (vertex->end_ms > 0)
        subtask.state_ms[vertex->state] = vertex->end_ms;
    return subtask;
}

/* Source: Flink SubtaskExecutionAttemptDetailsInfo.create. */
static struct attempt read_attempt(const struct graph_vertex *vertex, int32_t index, int64_t now_ms)
{
    const struct graph_subtask subtask = subtask_of(vertex, index);
    const int64_t deployed_ms = subtask.state_ms[EXECUTION_DEPLOYING];
    struct attempt attempt = {
        .index = index,
        .number = subtask.attempt,
        .state = subtask.state,
        .start_ms = deployed_ms > 0 ? deployed_ms : -1,
        .end_ms = has_ended(subtask.state) ? subtask.state_ms[subtask.state] : -1,
        .metrics = share_metrics(&vertex->metrics, index, vertex->parallelism),
    };
    attempt.duration_ms = render_duration_ms(attempt.start_ms, attempt.end_ms, now_ms);
    for (size_t i = 0; i < TASK_STAGE_COUNT; i++)
        attempt.stage_ms[i] = stage_duration_ms(&subtask, i, now_ms);
    return attempt;
}

static void render_attempt(struct json_writer *json, const struct attempt *attempt,
                           const struct execution_graph *graph, const struct endpoint_wire *wire)
{
    json_begin_object(json);
    json_member_int64(json, "subtask", attempt->index);
    json_member_text(json, "status", execution_state_name(attempt->state));
    json_member_int64(json, "attempt", attempt->number);
    render_place(json, graph->task_manager_endpoint, wire);
    json_member_int64(json, "start-time", attempt->start_ms);
    json_member_int64(json, "end-time", attempt->end_ms);
    json_member_int64(json, "duration", attempt->duration_ms);
    render_metrics(json, &attempt->metrics);
    json_member_text(json, "taskmanager-id",
                     graph->task_manager_id ? graph->task_manager_id : "(unassigned)");
    json_member_object(json, "status-duration");
    for (size_t i = 0; i < TASK_STAGE_COUNT; i++)
        json_member_int64(json, execution_state_name(task_life[i]), attempt->stage_ms[i]);
    json_end_object(json);
    json_member_int64(json, "start_time", attempt->start_ms);
    json_end_object(json);
}

static int compare_values(const void *a, const void *b)
{
    const int64_t left = *(const int64_t *)a;
    const int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Of sorted values, cut to an integer. Source: commons-math Percentile (LEGACY), as used by Flink
 * MetricStatistics. */
static int64_t percentile(const int64_t *values, int32_t count, int percent)
{
    const double position = percent * (count + 1) / 100.0;
    const int32_t below = (int32_t)position;
    if (below < 1)
        return values[0];
    if (below >= count)
        return values[count - 1];
    const double step = (double)(values[below] - values[below - 1]);
    return (int64_t)((double)values[below - 1] + (position - below) * step);
}

/* Sorts the values. Source: Flink MetricStatistics. */
static void render_spread(struct json_writer *json, const char *key, int64_t *values, int32_t count)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < count; i++)
        sum += values[i];
    qsort(values, (size_t)count, sizeof(*values), compare_values);
    json_member_object(json, key);
    json_member_int64(json, "p25", percentile(values, count, 25));
    json_member_int64(json, "min", values[0]);
    json_member_int64(json, "avg", sum / count);
    json_member_int64(json, "median", percentile(values, count, 50));
    json_member_int64(json, "max", values[count - 1]);
    json_member_int64(json, "sum", sum);
    json_member_int64(json, "p95", percentile(values, count, 95));
    json_member_int64(json, "p75", percentile(values, count, 75));
    json_end_object(json);
}

enum measure {
    MEASURE_WRITE_RECORDS,
    MEASURE_BACKPRESSURED,
    MEASURE_IDLE,
    MEASURE_WRITE_BYTES,
    MEASURE_READ_BYTES,
    MEASURE_READ_RECORDS,
    MEASURE_BUSY,
    MEASURE_COUNT
};

static int64_t measure_of(const struct vertex_metrics *metrics, enum measure measure)
{
    switch (measure) {
    case MEASURE_WRITE_RECORDS:
        return metrics->write_records;
    case MEASURE_BACKPRESSURED:
        return metrics->backpressured_ms;
    case MEASURE_IDLE:
        return metrics->idle_ms;
    case MEASURE_WRITE_BYTES:
        return metrics->write_bytes;
    case MEASURE_READ_BYTES:
        return metrics->read_bytes;
    case MEASURE_READ_RECORDS:
        return metrics->read_records;
    case MEASURE_BUSY:
        return isnan(metrics->busy_ms) ? -1 : (int64_t)metrics->busy_ms;
    case MEASURE_COUNT:
        break;
    }
    return 0;
}

/* `values` is room for one number of each attempt. */
static void render_measures(struct json_writer *json, const struct attempts *attempts,
                            int64_t *values)
{
    static const char *const names[MEASURE_COUNT] = {"write-records",
                                                     "accumulated-backpressured-time",
                                                     "accumulated-idle-time",
                                                     "write-bytes",
                                                     "read-bytes",
                                                     "read-records",
                                                     "accumulated-busy-time"};
    for (int measure = 0; measure < MEASURE_COUNT && attempts->count > 0; measure++) {
        for (int32_t i = 0; i < attempts->count; i++)
            values[i] = measure_of(&attempts->items[i].metrics, (enum measure)measure);
        render_spread(json, names[measure], values, attempts->count);
    }
}

static void render_stages(struct json_writer *json, const struct attempts *attempts,
                          int64_t *values)
{
    for (size_t stage = 0; stage < TASK_STAGE_COUNT && attempts->count > 0; stage++) {
        for (int32_t i = 0; i < attempts->count; i++)
            values[i] = attempts->items[i].stage_ms[stage];
        render_spread(json, execution_state_name(task_life[stage]), values, attempts->count);
    }
}

void render_aggregated(struct json_writer *json, const struct attempts *attempts)
{
    int64_t *values = malloc((size_t)attempts->count * sizeof(*values) + 1);
    if (!values) {
        json->out->failed = true;
        return;
    }
    json_member_object(json, "aggregated");
    json_member_object(json, "metrics");
    render_measures(json, attempts, values);
    json_end_object(json);
    json_member_object(json, "status-duration");
    render_stages(json, attempts, values);
    json_end_object(json);
    json_end_object(json);
    free(values);
}

bool attempts_read(struct attempts *attempts, const struct graph_vertex *vertex, int64_t now_ms)
{
    attempts->count = vertex->parallelism;
    attempts->items = malloc((size_t)attempts->count * sizeof(*attempts->items) + 1);
    if (!attempts->items)
        return false;
    for (int32_t i = 0; i < attempts->count; i++)
        attempts->items[i] = read_attempt(vertex, i, now_ms);
    return true;
}

void render_vertex_details(const struct execution_graph *graph, const struct graph_vertex *vertex,
                           int64_t now_ms, const struct endpoint_wire *wire, struct buffer *out)
{
    struct json_writer json = {.out = out};
    struct attempts attempts;

    if (!attempts_read(&attempts, vertex, now_ms)) {
        out->failed = true;
        return;
    }
    json_begin_object(&json);
    render_member_id(&json, "id", vertex->id);
    json_member_text(&json, "name", vertex->name);
    json_member_int64(&json, "parallelism", vertex->parallelism);
    json_member_int64(&json, "maxParallelism", vertex->max_parallelism);
    json_member_int64(&json, "now", now_ms);
    json_member_array(&json, "subtasks");
    for (int32_t i = 0; i < attempts.count; i++)
        render_attempt(&json, &attempts.items[i], graph, wire);
    json_end_array(&json);
    render_aggregated(&json, &attempts);
    json_end_object(&json);
    free(attempts.items);
}
