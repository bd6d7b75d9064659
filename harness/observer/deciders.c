#include "harness/observer/deciders.h"

#include <stdlib.h>

bool deciders_start(struct deciders *deciders, const struct plan *plan)
{
    size_t migrations = 0, client_index = 0;
    *deciders = (struct deciders){.plan = plan};
    for (size_t i = 0; i < plan->client_count; i++)
        migrations += plan->clients[i].kind == CLIENT_MIGRATION;
    if (migrations == 0)
        return true;
    deciders->items = calloc(migrations, sizeof *deciders->items);
    if (!deciders->items)
        return false;
    for (size_t i = 0; i < plan->client_count; i++) {
        if (plan->clients[i].kind == CLIENT_MIGRATION)
            deciders->items[deciders->count++].client_index = client_index;
        client_index += plan->clients[i].count;
    }
    return true;
}

void deciders_free(struct deciders *deciders)
{
    free(deciders->items);
    *deciders = (struct deciders){0};
}

struct decider *deciders_find(const struct deciders *deciders, size_t client_index)
{
    for (size_t i = 0; i < deciders->count; i++) {
        if (deciders->items[i].client_index == client_index)
            return &deciders->items[i];
    }
    return NULL;
}

static int64_t largest_shown(const struct exchange *exchange)
{
    const struct observation *seen = exchange->seen;
    int64_t largest = 0;
    if (!seen || seen->kind != OBSERVED_STATISTICS)
        return 0;
    if (seen->has_latest_restored)
        largest = seen->restored_id;
    if (seen->has_latest_completed && seen->latest_completed.id > largest)
        largest = seen->latest_completed.id;
    if (seen->has_latest_savepoint && seen->latest_savepoint.id > largest)
        largest = seen->latest_savepoint.id;
    return largest;
}

static const struct garbling *garbling_of(const struct plan *plan, const struct exchange *exchange)
{
    if (exchange->path != PATH_STATISTICS || exchange->status != 200)
        return NULL;
    for (size_t i = 0; i < plan->garbling_count; i++) {
        const struct garbling *garbling = &plan->garblings[i];
        const bool fits =
            garbling->any_job || id_equal(plan->jobs[garbling->job].id, exchange->job);
        if (fits && exchange->done_us >= garbling->from_us &&
            exchange->done_us < garbling->until_us)
            return garbling;
    }
    return NULL;
}

const struct observation *deciders_hear(struct deciders *deciders, struct decider *decider,
                                        uint64_t request, const struct exchange *exchange)
{
    const struct garbling *garbling = garbling_of(deciders->plan, exchange);
    decider->request = request;
    decider->exchange = *exchange;
    decider->shown = largest_shown(exchange);
    decider->exchange.seen = NULL;
    decider->exchange.target = NULL;
    if (!garbling || !exchange->seen)
        return exchange->seen;
    garble_answer(garbling->garble, exchange->seen, &deciders->told);
    return &deciders->told;
}

void deciders_tell(const struct deciders *deciders, int64_t now_us,
                   const struct client_action *action, struct decision *decision)
{
    const struct client_choice *choice = action->choice;
    const struct plan *plan = deciders->plan;
    const struct decider *decider = deciders_find(deciders, action->client_index);
    *decision = (struct decision){
        .client = action->client,
        .client_index = action->client_index,
        .job = plan->jobs[action->job].id,
        .starts = plan->jobs[choice->to_job].name,
        .at_us = now_us,
        .kind = choice->decision.kind,
        .path = choice->decision.path,
        .checkpoint = choice->decision.checkpoint,
        .reason = choice->decision.reason,
        .grounds = choice->grounds,
        .now_ms = choice->now_ms,
        .max_age_ms = choice->max_age_ms,
        .sent_us = now_us,
        .left_us = now_us,
        .bound_us = -1,
    };
    if (!decider || decider->request != choice->request)
        return;
    decision->seq = decider->exchange.seq;
    decision->sent_us = decider->exchange.sent_us;
    decision->left_us = decider->exchange.left_us;
    decision->bound_us = decider->exchange.bound_us;
    decision->shown = decider->shown;
}
