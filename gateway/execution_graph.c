#include "gateway/execution_graph.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

const char *job_status_name(enum job_status status)
{
    static const char *const names[] = {
#define X(name) [JOB_##name] = #name,
        JOB_STATUS_MAP(X)
#undef X
    };
    assert((unsigned)status < JOB_STATUS_COUNT);
    return names[status];
}

const char *execution_state_name(enum execution_state state)
{
    static const char *const names[] = {
#define X(name) [EXECUTION_##name] = #name,
        EXECUTION_STATE_MAP(X)
#undef X
    };
    assert((unsigned)state < EXECUTION_STATE_COUNT);
    return names[state];
}

/* Source: Flink JobStatus.isGloballyTerminalState. SUSPENDED ends on one JobManager only. */
bool job_status_is_terminal(enum job_status status)
{
    return status == JOB_FAILED || status == JOB_CANCELED || status == JOB_FINISHED;
}

struct execution_graph *execution_graph_new(struct id job, const char *name, size_t vertex_count)
{
    struct execution_graph *graph = memory_zeroed(1, sizeof *graph);
    if (!graph)
        return NULL;
    graph->references = 1;
    graph->job = job;
    graph->end_ms = -1;
    graph->name = text_copy(name);
    /* One more than needed, so that a graph without vertices is no failure. */
    graph->vertices = memory_zeroed(vertex_count + 1, sizeof *graph->vertices);
    if (!graph->name || !graph->vertices) {
        execution_graph_release(graph);
        return NULL;
    }
    graph->vertex_count = vertex_count;
    graph->has_plan = vertex_count > 0;
    for (size_t i = 0; i < vertex_count; i++) {
        graph->vertices[i].start_ms = -1;
        graph->vertices[i].end_ms = -1;
    }
    return graph;
}

bool execution_graph_make_failures(struct execution_graph *graph, size_t count)
{
    assert(!graph->failures);
    graph->failures = memory_zeroed(count + 1, sizeof *graph->failures);
    graph->failure_count = graph->failures ? count : 0;
    return graph->failures != NULL;
}

bool execution_graph_make_subtasks(struct graph_vertex *vertex)
{
    assert(!vertex->subtasks && vertex->parallelism >= 0);
    vertex->subtasks = memory_zeroed((size_t)vertex->parallelism + 1, sizeof *vertex->subtasks);
    return vertex->subtasks != NULL;
}

struct execution_graph *execution_graph_retain(struct execution_graph *graph)
{
    graph->references++;
    return graph;
}

void execution_graph_release(struct execution_graph *graph)
{
    if (!graph || --graph->references > 0)
        return;
    checkpoint_stats_release(graph->stats);
    for (size_t i = 0; i < graph->vertex_count; i++)
        free(graph->vertices[i].subtasks);
    free(graph->vertices);
    for (size_t i = 0; i < graph->failure_count; i++) {
        free(graph->failures[i].exception_class);
        free(graph->failures[i].message);
        free(graph->failures[i].task_name);
        free(graph->failures[i].endpoint);
        free(graph->failures[i].task_manager_id);
    }
    free(graph->failures);
    free(graph->name);
    free(graph);
}

struct job_list *job_list_new(size_t count)
{
    const size_t lines_max = (SIZE_MAX - sizeof(struct job_list)) / sizeof(struct job_line);
    if (count > lines_max)
        return NULL;
    struct job_list *list = memory_zeroed(1, sizeof *list + count * sizeof *list->lines);
    if (!list)
        return NULL;
    list->lines = (struct job_line *)(list + 1);
    list->references = 1;
    list->count = count;
    return list;
}

struct job_list *job_list_retain(struct job_list *list)
{
    list->references++;
    return list;
}

void job_list_release(struct job_list *list)
{
    if (!list || --list->references > 0)
        return;
    for (size_t i = 0; i < list->count; i++)
        free(list->lines[i].name);
    free(list);
}
