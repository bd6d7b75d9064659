#include "gateway/gateway.h"

#include <assert.h>
#include <stdlib.h>

static const char *const kind_names[] = {
#define X(name, text) [FETCH_##name] = text,
    FETCH_KIND_MAP(X)
#undef X
};

static const char *const outcome_names[] = {
#define X(name, text) [OUTCOME_##name] = text,
    FETCH_OUTCOME_MAP(X)
#undef X
};

const char *const *fetch_kind_names(void)
{
    return kind_names;
}

const char *fetch_kind_name(enum fetch_kind kind)
{
    assert((unsigned)kind < FETCH_KIND_COUNT);
    return kind_names[kind];
}

const char *const *fetch_outcome_names(void)
{
    return outcome_names;
}

const char *fetch_outcome_name(enum fetch_outcome outcome)
{
    assert((unsigned)outcome < FETCH_OUTCOME_COUNT);
    return outcome_names[outcome];
}

/* Few results have any. */
static void free_texts(struct fetch_result *result)
{
    free(result->operation.location);
    free(result->operation.failure);
    free(result->failure);
}

void fetch_result_clear(struct fetch_result *result)
{
    execution_graph_release(result->graph);
    checkpoint_stats_release(result->stats);
    job_list_release(result->jobs);
    task_manager_list_release(result->task_managers);
    if (result->operation.location || result->operation.failure || result->failure)
        free_texts(result);
    *result = (struct fetch_result){0};
}
