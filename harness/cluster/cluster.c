#include "harness/cluster/cluster.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/implementations/action_queue.h"
#include "harness/judge/judge.h"

struct cluster {
    struct subject *subject;
    struct jobmanager *origin;
    struct action_queue replies; /* of what stands round an endpoint */
    int64_t epoch_us;
    bool wall_moves; /* some fault shifts the wall clock */
};

static int64_t ended_kept_us(const struct cluster_options *options)
{
    const int64_t served_us =
        options->configuration ? configuration_ended_kept_us(options->configuration) : 0;
    return served_us > 0 ? served_us : options->plan->settings.ended_kept_us;
}

static struct jobmanager_config origin_config(const struct cluster_options *options)
{
    const struct plan *plan = options->plan;
    const struct configuration *configuration = options->configuration;
    return (struct jobmanager_config){
        .jobs = plan->jobs,
        .job_count = plan->job_count,
        .events = plan->events,
        .event_count = plan->event_count,
        .faults = plan->faults,
        .fault_count = plan->fault_count,
        .call_out_us = plan->call_out_us,
        .call_back_us = plan->call_back_us,
        .call_timeout_us = plan->settings.call_timeout_us,
        .announce_gap_us = plan->announce_gap_us,
        .history_count_max = (size_t)plan->settings.history_count_max,
        .retained_count = implementation_retained_count(options->implementation, &plan->settings),
        .cancelled_lose_checkpoints = plan->settings.cancelled_lose_checkpoints,
        .failed_lose_checkpoints = plan->settings.failed_lose_checkpoints,
        .epoch_us = options->epoch_us,
        .seed = options->seed,
        .quirks = *implementation_origin(options->implementation),
        .ticket = options->ticket,
        .ended_kept_us = ended_kept_us(options),
        .ended_kept_max = configuration ? configuration_ended_kept_max(configuration) : 0,
        .slot_count = configuration ? configuration_slot_count(configuration) : 0,
        .files = options->files,
        .submitted_pace = options->submitted_pace,
        .forgets_paths = configuration != NULL, /* serve has no end, and nobody judges it */
    };
}

static struct subject *start_subject(const struct cluster_options *options)
{
    struct subject_options subject = {
        .settings = &options->plan->settings,
        .id_seed = options->seed,
        .flink_version = options->flink_version,
    };
    if (options->configuration) {
        subject.savepoint_directory = configuration_savepoint_directory(options->configuration);
        subject.configuration =
            configuration_lines(options->configuration, &subject.configuration_count);
    }
    return implementation_start(options->implementation, &subject);
}

struct cluster *cluster_new(const struct plan *plan, const struct implementation *implementation,
                            uint64_t seed, int64_t epoch_us, uint64_t *ticket)
{
    const struct cluster_options options = {
        .plan = plan,
        .implementation = implementation,
        .seed = seed,
        .epoch_us = epoch_us,
        .ticket = ticket,
    };
    return cluster_open(&options);
}

struct cluster *cluster_open(const struct cluster_options *options)
{
    const struct plan *plan = options->plan;
    struct cluster *cluster = calloc(1, sizeof *cluster);
    if (!cluster)
        return NULL;
    const struct jobmanager_config config = origin_config(options);
    cluster->epoch_us = options->epoch_us;
    cluster->subject = start_subject(options);
    cluster->origin = jobmanager_new(&config);
    if (!cluster->subject || !cluster->origin) {
        cluster_free(cluster);
        return NULL;
    }
    for (size_t i = 0; i < plan->fault_count; i++)
        cluster->wall_moves |= plan->faults[i].kind == FAULT_WALL_CLOCK;
    cluster->subject->operations->set_wall_offset(cluster->subject, options->epoch_us);
    return cluster;
}

void cluster_free(struct cluster *cluster)
{
    if (!cluster)
        return;
    action_queue_free(&cluster->replies);
    if (cluster->subject)
        cluster->subject->operations->free(cluster->subject);
    jobmanager_free(cluster->origin);
    free(cluster);
}

static void tell_wall_clock(struct cluster *cluster, int64_t now_us)
{
    if (!cluster->wall_moves)
        return;
    const int64_t shift_us = jobmanager_wall_shift_us(cluster->origin, now_us);
    cluster->subject->operations->set_wall_offset(cluster->subject, cluster->epoch_us + shift_us);
}

/* A call that did not leave has failed for those who wait for it. */
static bool carry_call(struct cluster *cluster, int64_t now_us,
                       const struct endpoint_action *action)
{
    if (jobmanager_call(cluster->origin, now_us, action->fetch, &action->what))
        return true;
    struct fetch_result failed = {.outcome = OUTCOME_FAILED};
    cluster->subject->operations->fetched(cluster->subject, now_us, action->fetch, &failed);
    return false;
}

void cluster_measure(const struct cluster *cluster, struct endpoint_usage *usage)
{
    cluster->subject->operations->measure(cluster->subject, usage);
}

static const struct conduct *conduct_of(struct cluster *cluster, int64_t now_us, bool ends)
{
    const struct subject_operations *operations = cluster->subject->operations;
    return operations->conclude ? operations->conclude(cluster->subject, now_us, ends) : NULL;
}

bool cluster_is_foreign(const struct cluster *cluster)
{
    return cluster->subject->operations->conclude != NULL;
}

bool cluster_misbehaved(struct cluster *cluster)
{
    const struct conduct *conduct = conduct_of(cluster, 0, false);
    return conduct && conduct->kind;
}

static void write_misconduct(struct property_verdict *verdict, const char *kind, const char *cause,
                             int64_t at_us)
{
    struct witness_event *event = &verdict->witness[0];
    verdict->verdict = VERDICT_FAIL;
    verdict->violations = 1;
    (void)layer_find(kind, &verdict->layer);
    snprintf(verdict->cause, sizeof verdict->cause, "%s: the implementation %s.", kind, cause);
    event->at_us = at_us;
    snprintf(event->who, sizeof event->who, "implementation");
    snprintf(event->what, sizeof event->what, "%s", kind);
    verdict->witness_count = 1;
}

void cluster_conclude(struct cluster *cluster, int64_t now_us, const char *unreadable,
                      struct judgement *judgement, uint64_t answers)
{
    const struct conduct *conduct = conduct_of(cluster, now_us, true);
    struct property_verdict *verdict = &judgement->properties[PROPERTY_WELL_BEHAVED];
    if (!conduct && !judgement->claim.claimed[PROPERTY_WELL_BEHAVED])
        return;
    judgement->claim.claimed[PROPERTY_WELL_BEHAVED] = true;
    *verdict = (struct property_verdict){.verdict = VERDICT_PASS,
                                         .tested = conduct ? conduct->calls : answers};
    if (conduct && conduct->kind)
        write_misconduct(verdict, conduct->kind, conduct->cause, conduct->at_us);
    else if (unreadable)
        write_misconduct(verdict, layer_name(LAYER_BROKE_CONTRACT), unreadable, now_us);
    else if (verdict->tested == 0)
        verdict->verdict = VERDICT_UNKNOWN;
    judgement->whole = judge_whole(judgement);
}

/* The replies of an endpoint that nothing stands round stay there until they are asked for. */
static bool next_action(struct subject *subject, struct endpoint_action *action)
{
    return subject->endpoint ? endpoint_next_fetch(subject->endpoint, action)
                             : subject->operations->next(subject, action);
}

/* Carries calls to the JobManager, and keeps the replies that come out between them, until there is
 * no more. What there is no room for stays there for the next time. False: out of memory. */
static bool take_actions(struct cluster *cluster, int64_t now_us)
{
    struct endpoint_action action;
    bool fine = true;
    while (action_queue_reserve(&cluster->replies, 1)) {
        if (!next_action(cluster->subject, &action))
            return fine;
        if (action.kind == ACTION_REPLY)
            action_queue_push(&cluster->replies, &action);
        else
            fine &= carry_call(cluster, now_us, &action);
    }
    return false;
}

bool cluster_request(struct cluster *cluster, int64_t now_us, const struct request *request)
{
    struct subject *subject = cluster->subject;
    tell_wall_clock(cluster, now_us);
    if (!subject->endpoint)
        return subject->operations->request(subject, now_us, request) == 0 &&
               take_actions(cluster, now_us);
    return endpoint_request(subject->endpoint, now_us, request) == 0 &&
           (!endpoint_has_fetches(subject->endpoint) || take_actions(cluster, now_us));
}

void cluster_abandon(struct cluster *cluster, int64_t now_us, uint64_t request)
{
    cluster->subject->operations->abandon(cluster->subject, now_us, request);
}

bool cluster_start_from(struct cluster *cluster, int64_t now_us, size_t job, const char *path)
{
    return jobmanager_start_from(cluster->origin, now_us, job, path);
}

bool cluster_add_event(struct cluster *cluster, int64_t now_us, const struct job_event *event)
{
    return jobmanager_add_event(cluster->origin, now_us, event);
}

bool cluster_add_fault(struct cluster *cluster, int64_t now_us, const struct fault *fault)
{
    cluster->wall_moves |= fault->kind == FAULT_WALL_CLOCK;
    return jobmanager_add_fault(cluster->origin, now_us, fault);
}

void cluster_clear_faults(struct cluster *cluster, int64_t now_us)
{
    jobmanager_clear_faults(cluster->origin, now_us);
}

size_t cluster_find_job(const struct cluster *cluster, struct id job)
{
    return jobmanager_find_job(cluster->origin, job);
}

const struct journal_entry *cluster_next_entry(struct cluster *cluster)
{
    return jobmanager_next_entry(cluster->origin);
}

int64_t cluster_due(const struct cluster *cluster, uint64_t *ticket)
{
    return jobmanager_due(cluster->origin, ticket);
}

bool cluster_advance(struct cluster *cluster, int64_t now_us)
{
    bool fine = jobmanager_advance(cluster->origin, now_us);
    tell_wall_clock(cluster, now_us);
    uint64_t fetch;
    struct fetch_result result;
    while (jobmanager_next_delivery(cluster->origin, &fetch, &result)) {
        fine &=
            cluster->subject->operations->fetched(cluster->subject, now_us, fetch, &result) == 0;
        fine &= take_actions(cluster, now_us);
    }
    return fine;
}

bool cluster_next_reply(struct cluster *cluster, struct endpoint_action *reply)
{
    struct endpoint *endpoint = cluster->subject->endpoint;
    return endpoint ? endpoint_next_reply(endpoint, reply)
                    : action_queue_pop(&cluster->replies, reply);
}

static enum call_kind call_kind_of(enum fetch_kind kind)
{
    if (kind == FETCH_EXECUTION_GRAPH)
        return CALL_GRAPH;
    return kind == FETCH_CHECKPOINT_STATS ? CALL_STATISTICS : CALL_OTHER;
}

/* What a journal line means to the judge; false when it means nothing. */
static bool fact_kind_of(const struct journal_entry *entry, enum fact_kind *kind)
{
    static const struct {
        bool matters;
        enum fact_kind kind;
    } meaning[JOURNAL_KIND_COUNT] = {
        [JOURNAL_BEGAN] = {true, FACT_BEGAN},
        [JOURNAL_DURABLE] = {true, FACT_DURABLE},
        [JOURNAL_VISIBLE] = {true, FACT_COMPLETED},
        [JOURNAL_DISCARDED] = {true, FACT_DISCARDED},
        [JOURNAL_RESTORED] = {true, FACT_RESTORED},
        [JOURNAL_RESTORE_FAILED] = {true, FACT_RESTORE_FAILED},
        [JOURNAL_RUN_BEGAN] = {true, FACT_RUN_BEGAN},
        [JOURNAL_STATE] = {true, FACT_JOB_KNOWN},
        [JOURNAL_CALL_SENT] = {true, FACT_CALL_SENT},
        [JOURNAL_CALL_TAKEN] = {true, FACT_CALL_TAKEN},
        [JOURNAL_CALL_ENDED] = {true, FACT_CALL_ENDED},
    };
    *kind = meaning[entry->kind].kind;
    if (entry->kind == JOURNAL_STATE && entry->state == JOB_INITIALIZING)
        *kind = FACT_JOB_INITIALIZING;
    return meaning[entry->kind].matters;
}

bool cluster_fact_of(const struct journal_entry *entry, struct fact *fact)
{
    enum fact_kind kind;
    if (!fact_kind_of(entry, &kind))
        return false;
    *fact = (struct fact){
        .kind = kind,
        .at_us = entry->at_us,
        .job = entry->job_id,
        .job_hint = entry->job,
        .run = entry->run,
        .checkpoint = entry->checkpoint,
        .is_savepoint = entry->is_savepoint,
        .trigger_ms = entry->trigger_ms,
        .path = entry->path,
        .fetch = entry->fetch,
        .call = call_kind_of(entry->call),
        .call_failed = entry->outcome != OUTCOME_OK,
        .call_outcome = fetch_outcome_name(entry->outcome),
        .version = entry->version,
    };
    return true;
}

bool cluster_next_fact(struct cluster *cluster, struct fact *fact)
{
    const struct journal_entry *entry;
    do {
        entry = jobmanager_next_entry(cluster->origin);
        if (!entry)
            return false;
    } while (!cluster_fact_of(entry, fact));
    return true;
}
