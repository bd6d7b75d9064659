#include "gateway/execution_graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

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
    const size_t name_size = strlen(name) + 1;
    const size_t size = sizeof(struct execution_graph) + vertex_count * sizeof(struct graph_vertex);
    struct execution_graph *graph = malloc(size + name_size);
    if (!graph)
        return NULL;
    memset(graph, 0, size);
    graph->references = 1;
    graph->job = job;
    graph->end_ms = -1;
    graph->name = memcpy((char *)graph + size, name, name_size);
    graph->vertices = (struct graph_vertex *)(graph + 1);
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

bool execution_graph_make_subtasks(struct execution_graph *graph)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->vertex_count; i++) {
        assert(graph->vertices[i].parallelism >= 0);
        count += (size_t)graph->vertices[i].parallelism;
    }
    assert(!graph->subtasks);
    /* One more than needed, so that a graph without subtasks is no failure. */
    graph->subtasks = memory_zeroed(count + 1, sizeof *graph->subtasks);
    if (!graph->subtasks)
        return false;
    struct graph_subtask *next = graph->subtasks;
    for (size_t i = 0; i < graph->vertex_count; i++) {
        graph->vertices[i].subtasks = next;
        next += graph->vertices[i].parallelism;
    }
    return true;
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
    free(graph->subtasks);
    for (size_t i = 0; i < graph->failure_count; i++) {
        free(graph->failures[i].exception_class);
        free(graph->failures[i].message);
        free(graph->failures[i].task_name);
        free(graph->failures[i].endpoint);
        free(graph->failures[i].task_manager_id);
    }
    free(graph->failures);
    free(graph);
}

struct job_list *job_list_new(size_t count, size_t name_bytes)
{
    const size_t lines_max = (SIZE_MAX / 2 - sizeof(struct job_list)) / sizeof(struct job_line);
    if (count > lines_max || name_bytes > SIZE_MAX / 2)
        return NULL;
    const size_t size = sizeof(struct job_list) + count * sizeof(struct job_line);
    struct job_list *list = malloc(size + name_bytes);
    if (!list)
        return NULL;
    memset(list, 0, size);
    list->lines = (struct job_line *)(list + 1);
    list->references = 1;
    list->count = count;
    list->name_room = (char *)list + size;
    list->name_room_bytes = name_bytes;
    return list;
}

const char *job_list_name(struct job_list *list, const char *name)
{
    const size_t size = strlen(name) + 1;
    assert(size <= list->name_room_bytes);
    char *copy = memcpy(list->name_room, name, size);
    list->name_room += size;
    list->name_room_bytes -= size;
    return copy;
}

struct job_list *job_list_retain(struct job_list *list)
{
    list->references++;
    return list;
}

void job_list_release(struct job_list *list)
{
    if (list && --list->references == 0)
        free(list);
}
