#ifndef FRESHCHECK_REST_ENDPOINT_RENDER_VERTEX_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_RENDER_VERTEX_INTERNAL_H

#include "rest_endpoint/render_internal.h"

/* What the bodies of one vertex have in common. */

enum { TASK_LIFE_LENGTH = 9, TASK_STAGE_COUNT = 5 /* up to RUNNING */ };

/* What happens to a task, in order; the ends are alike. */
extern const enum execution_state task_life[TASK_LIFE_LENGTH];

/* One attempt of a subtask with its times as they are shown. */
struct attempt {
    int32_t index, number;
    enum execution_state state;
    int64_t start_ms, end_ms, duration_ms;
    int64_t stage_ms[TASK_STAGE_COUNT]; /* how long each lasted; -1: it was not reached */
    struct vertex_metrics metrics;
};

struct attempts {
    struct attempt *items; /* owned: free() */
    int32_t count;
};

/* Of all subtasks of a vertex; false when out of memory. */
bool attempts_read(struct attempts *attempts, const struct graph_vertex *vertex, int64_t now_ms);

/* Without subtasks of its own a vertex speaks for all of them. */
struct graph_subtask subtask_of(const struct graph_vertex *vertex, int32_t index);

/* The member "aggregated". Source: Flink AggregatedTaskDetailsInfo. */
void render_aggregated(struct json_writer *json, const struct attempts *attempts);

#endif
