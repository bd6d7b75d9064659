#include "gateway/gateway.h"

#include <assert.h>
#include <stdlib.h>

const char *fetch_kind_name(enum fetch_kind kind)
{
    static const char *const names[] = {
#define X(name, text) [FETCH_##name] = text,
        FETCH_KIND_MAP(X)
#undef X
    };
    assert((unsigned)kind < FETCH_KIND_COUNT);
    return names[kind];
}

const char *fetch_outcome_name(enum fetch_outcome outcome)
{
    static const char *const names[] = {
#define X(name, text) [OUTCOME_##name] = text,
        FETCH_OUTCOME_MAP(X)
#undef X
    };
    assert((unsigned)outcome < FETCH_OUTCOME_COUNT);
    return names[outcome];
}

void fetch_result_clear(struct fetch_result *result)
{
    execution_graph_release(result->graph);
    checkpoint_stats_release(result->stats);
    job_list_release(result->jobs);
    task_manager_list_release(result->task_managers);
    free(result->operation.location);
    free(result->operation.failure);
    free(result->failure);
    *result = (struct fetch_result){0};
}
