#include "rest_endpoint/answer_internal.h"

struct answer *answer_new(struct slab *memory, const struct fetch_request *what)
{
    struct answer *answer = slab_take(memory);
    if (!answer)
        return NULL;
    *answer = (struct answer){.memory = memory, .what = *what};
    job_order_retain(what->order);
    list_init(&answer->waiters);
    return answer;
}

void answer_free(struct answer *answer)
{
    if (!answer)
        return;
    body_list_clear(&answer->bodies);
    checkpoint_stats_release(answer->stats);
    fetch_result_clear(&answer->result);
    job_order_release(answer->what.order);
    slab_give(answer->memory, answer);
}

static bool has_its_data(const struct answer *answer)
{
    switch (answer->what.kind) {
    case FETCH_EXECUTION_GRAPH:
        return answer->result.graph && answer->result.graph->stats;
    case FETCH_CHECKPOINT_STATS:
        return answer->result.stats != NULL;
    case FETCH_JOB_LIST:
        return answer->result.jobs != NULL;
    case FETCH_TASK_MANAGERS:
        return answer->result.task_managers != NULL;
    case FETCH_JOB_STATUS:
    case FETCH_TRIGGER_CHECKPOINT:
    case FETCH_TRIGGER_STATUS:
    case FETCH_CANCEL_JOB:
    case FETCH_TRIGGER_SAVEPOINT:
    case FETCH_STOP_WITH_SAVEPOINT:
    case FETCH_SAVEPOINT_STATUS:
    case FETCH_RUN_JOB:
    case FETCH_KIND_COUNT:
        break;
    }
    return true;
}

void answer_arrived(struct answer *answer, struct fetch_result *result)
{
    answer->result = *result;
    *result = (struct fetch_result){0};
    if (answer->result.outcome != OUTCOME_OK)
        return;
    if (!has_its_data(answer)) {
        answer->result.outcome = OUTCOME_FAILED;
        return;
    }
    if (answer->result.graph)
        answer->stats = checkpoint_stats_retain(answer->result.graph->stats);
    else if (answer->result.stats)
        answer->stats = checkpoint_stats_retain(answer->result.stats);
}

static bool entry_moved(const struct checkpoint *checkpoint)
{
    return checkpoint && checkpoint->changed;
}

static bool any_moved(const struct checkpoint_stats *stats)
{
    for (size_t i = 0; i < stats->history_count; i++) {
        if (entry_moved(stats->history[i]))
            return true;
    }
    return entry_moved(stats->latest_completed) || entry_moved(stats->latest_savepoint) ||
           entry_moved(stats->latest_failed);
}

bool answer_follow(struct answer *answer)
{
    if (!any_moved(answer->stats))
        return true;
    struct checkpoint_stats *copy = checkpoint_stats_copy(answer->stats);
    if (!copy)
        return false;
    (void)checkpoint_stats_follow(copy);
    checkpoint_stats_release(answer->stats);
    answer->stats = copy;
    return true;
}
