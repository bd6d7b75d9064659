#include "harness/virtual_time/run.h"

#include <string.h>

#include "harness/clients/clients.h"
#include "harness/cluster/cluster.h"
#include "harness/observer/observer.h"

/* 2026-01-01T00:00:00Z: timestamps in answers must not depend on the day of the run. */
static const int64_t epoch_us = INT64_C(1767225600000000);

static const char *const out_of_memory = "out of memory";

struct world {
    uint64_t ticket;
    struct clients *clients;
    struct cluster *cluster;
    struct observer *observer;
    int64_t now_us;
    bool write_bodies;
    bool tells_entries; /* `bounded-memory` is claimed */
};

/* After each call of the gateway, for only then a cache can grow: at hits it has better to do than
 * to let go of what nobody asks for. */
static bool tell_entries(struct world *world)
{
    struct endpoint_usage usage;
    cluster_measure(world->cluster, &usage);
    const struct {
        enum call_kind call;
        size_t count;
    } caches[] = {{CALL_GRAPH, usage.graph_entries},
                  {CALL_STATISTICS, usage.stats_entries},
                  {CALL_OTHER, usage.detail_entries}};
    struct fact fact = {.kind = FACT_ENTRIES, .at_us = world->now_us};
    for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
        fact.call = caches[i].call;
        fact.entry_count = caches[i].count;
        if (!observer_fact(world->observer, &fact))
            return false;
    }
    return true;
}

/* Takes what came out of the cluster after something was fed: first what the origin did, then the
 * answers, whose clients may want to go on. */
static const char *drain(struct world *world)
{
    struct fact fact;
    bool call_ended = false;
    while (cluster_next_fact(world->cluster, &fact)) {
        call_ended |= fact.kind == FACT_CALL_ENDED;
        if (!observer_fact(world->observer, &fact))
            return observer_failure(world->observer);
    }
    struct endpoint_action reply;
    while (cluster_next_reply(world->cluster, &reply)) {
        struct observed_answer answer;
        size_t length;
        if (world->write_bodies && !body_bytes(reply.body, &length)) {
            body_release(reply.body);
            return out_of_memory;
        }
        const bool fine = observer_answered(world->observer, world->now_us, reply.request,
                                            reply.status, reply.body, &answer);
        body_release(reply.body);
        if (!fine)
            return observer_failure(world->observer);
        if (!clients_answered(world->clients, world->now_us, reply.request, answer.client_index,
                              reply.status, answer.seen))
            return out_of_memory;
    }
    if (call_ended && world->tells_entries && !tell_entries(world))
        return observer_failure(world->observer);
    return NULL;
}

static const char *client_acts(struct world *world)
{
    const struct client_action *action = clients_next(world->clients, world->now_us);
    if (action->choice)
        return observer_decided(world->observer, world->now_us, action)
                   ? NULL
                   : observer_failure(world->observer);
    if (action->starts_job)
        return cluster_start_from(world->cluster, world->now_us, action->job, action->path)
                   ? NULL
                   : out_of_memory;
    if (!observer_sent(world->observer, world->now_us, action))
        return observer_failure(world->observer);
    return cluster_request(world->cluster, world->now_us, &action->request) ? NULL : out_of_memory;
}

/* Whether somebody waits for an answer that can still come: one to a call that is under way. */
static bool is_waited_for(const struct world *world)
{
    struct endpoint_usage usage;
    if (observer_waiting(world->observer) == 0)
        return false;
    cluster_measure(world->cluster, &usage);
    return usage.fetches_in_flight > 0;
}

/*
 * Runs whatever is due next: of two things at one instant, the one that was scheduled first.
 * After end_us clients fall silent, and the origin only goes on while somebody waits for it.
 */
static bool step(struct world *world, int64_t end_us, const char **why)
{
    uint64_t client_ticket = 0;
    uint64_t cluster_ticket = 0;
    int64_t client_due_us = clients_due(world->clients, &client_ticket);
    const int64_t cluster_due_us = cluster_due(world->cluster, &cluster_ticket);
    if (client_due_us >= end_us)
        client_due_us = INT64_MAX;
    const bool client_first = client_due_us < cluster_due_us ||
                              (client_due_us == cluster_due_us && client_ticket < cluster_ticket);
    const int64_t due_us = client_first ? client_due_us : cluster_due_us;
    if (due_us == INT64_MAX || (due_us >= end_us && !is_waited_for(world)))
        return false;
    world->now_us = due_us;
    if (client_first) {
        *why = client_acts(world);
        return *why == NULL;
    }
    *why = cluster_advance(world->cluster, world->now_us) ? NULL : out_of_memory;
    return *why == NULL;
}

/* What an implementation from outside does wrong is a verdict; of one that is built in it is a fault
 * of ours, and there is none. */
static const char *conclude(struct world *world, const char *why, struct run_result *result)
{
    const char *unreadable = NULL;
    if (why && cluster_is_foreign(world->cluster) &&
        (cluster_misbehaved(world->cluster) || strcmp(why, out_of_memory) != 0)) {
        unreadable = why;
        why = NULL;
    }
    if (!why && !observer_give_up(world->observer, world->now_us))
        why = observer_failure(world->observer);
    if (why)
        return why;
    observer_result(world->observer, world->clients, result);
    cluster_conclude(world->cluster, world->now_us, unreadable, &result->judgement, result->reads);
    return NULL;
}

const char *run_virtual(const struct plan *plan, const struct implementation *implementation,
                        const struct run_options *options, struct run_result *result)
{
    struct world world = {.write_bodies = options->write_bodies,
                          .tells_entries = plan->claim.claimed[PROPERTY_BOUNDED_MEMORY]};
    const char *why = out_of_memory;
    world.cluster = cluster_new(plan, implementation, options->seed, epoch_us, &world.ticket);
    world.clients = clients_new(plan, options->seed, &world.ticket);
    world.observer = observer_new(plan, options->parse_every);
    if (!world.cluster || !world.clients || !world.observer)
        goto out;
    observer_parse_first(world.observer, options->parse_first);
    observer_tell(world.observer, options->listener);
    clients_tell_epoch(world.clients, epoch_us);
    clients_decide_as(world.clients, implementation_client_model(implementation));
    do {
        why = drain(&world);
    } while (!why && step(&world, plan->end_us, &why));
    why = conclude(&world, why, result);
out:
    observer_free(world.observer);
    clients_free(world.clients);
    cluster_free(world.cluster);
    return why;
}
