#include <stdlib.h>
#include <string.h>

#include "base/vector.h"
#include "harness/implementations/action_queue.h"
#include "harness/implementations/implementation_internal.h"

/* Mutants between the endpoint and the JobManager: calls too many, calls that are not made, and
 * answers that are exchanged for others. */

/* A call that has not come back. */
struct sent_call {
    uint64_t fetch;
    enum fetch_kind kind;
    struct id job;
    uint64_t stands_for; /* its answer is that of this call; 0: of itself, or of nothing */
};

/* What is remembered of a job. */
struct job_memory {
    struct id job;
    struct checkpoint_stats *last;             /* counted reference, or NULL */
    int64_t closed_until_us[FETCH_KIND_COUNT]; /* no calls before that */
    size_t failed_count;
};

struct between {
    struct subject subject; /* first: a subject is one of these */
    struct subject *inner;
    const struct between_plan *plan;
    struct sent_call *sent;
    size_t sent_count, sent_capacity;
    struct job_memory *jobs;
    size_t job_count, job_capacity;
    struct action_queue own; /* calls that the endpoint did not ask for */
    uint64_t last_own;
    struct checkpoint_stats *late; /* what is still on the line; counted reference, or NULL */
    int64_t now_us;
};

/* Hooks may be NULL. */
struct between_plan {
    /* A call leaves; it may have more of them made. */
    void (*leaves)(struct between *self, const struct sent_call *call);
    /* Whether it is answered by a failure instead of being made. */
    bool (*refuses)(const struct between *self, const struct sent_call *call);
    /* It came back; the result may be exchanged. True: it is to be waited for on. */
    bool (*came)(struct between *self, const struct sent_call *call, struct fetch_result *result);
    void (*measure)(const struct between *self, struct endpoint_usage *usage);
};

/* Longer than any hiccup, shorter than anybody's patience. */
static const int64_t closed_us = 1000000;

static struct between *between(struct subject *subject)
{
    return (struct between *)subject;
}

/* What is remembered of the job; NULL: nothing. */
static struct job_memory *recall(const struct between *self, struct id job)
{
    for (size_t i = 0; i < self->job_count; i++) {
        if (id_equal(self->jobs[i].job, job))
            return &self->jobs[i];
    }
    return NULL;
}

/* NULL when out of memory. */
static struct job_memory *memory_of(struct between *self, struct id job)
{
    struct job_memory *memory = recall(self, job);
    if (memory)
        return memory;
    struct job_memory *jobs =
        vector_grow(self->jobs, self->job_count, &self->job_capacity, sizeof *jobs);
    if (!jobs)
        return NULL;
    self->jobs = jobs;
    memory = &jobs[self->job_count++];
    *memory = (struct job_memory){.job = job};
    return memory;
}

/* False when out of memory. */
static bool remember_call(struct between *self, const struct sent_call *call)
{
    struct sent_call *sent =
        vector_grow(self->sent, self->sent_count, &self->sent_capacity, sizeof *sent);
    if (!sent)
        return false;
    self->sent = sent;
    sent[self->sent_count++] = *call;
    return true;
}

/* False: it was never remembered. */
static bool forget_call(struct between *self, uint64_t fetch, struct sent_call *call)
{
    for (size_t i = 0; i < self->sent_count; i++) {
        if (self->sent[i].fetch != fetch)
            continue;
        *call = self->sent[i];
        self->sent[i] = self->sent[--self->sent_count];
        return true;
    }
    return false;
}

/* A call of its own. Short of memory there is none. */
static bool call_too(struct between *self, enum fetch_kind kind, struct id job, uint64_t stands_for)
{
    const struct sent_call call = {
        .fetch = OWN_NUMBER | ++self->last_own, .kind = kind, .job = job, .stands_for = stands_for};
    if (!action_queue_reserve(&self->own, 1) || !remember_call(self, &call))
        return false;
    action_queue_push(&self->own, &(struct endpoint_action){.kind = ACTION_FETCH,
                                                            .age_us = -1,
                                                            .fetch = call.fetch,
                                                            .what = {.kind = kind, .job = job}});
    return true;
}

static bool is_read(enum fetch_kind kind)
{
    return kind == FETCH_CHECKPOINT_STATS || kind == FETCH_EXECUTION_GRAPH;
}

static bool is_statistics(const struct sent_call *call)
{
    return call->kind == FETCH_CHECKPOINT_STATS;
}

/* --- calls too many --------------------------------------------------------------------------- */

static void call_twice(struct between *self, const struct sent_call *call)
{
    if (is_read(call->kind))
        (void)call_too(self, call->kind, call->job, 0);
}

static const struct between_plan hedged_calls = {.leaves = call_twice};

static void call_for_graph(struct between *self, const struct sent_call *call)
{
    if (is_statistics(call))
        (void)call_too(self, FETCH_EXECUTION_GRAPH, call->job, 0);
}

static const struct between_plan graph_with_statistics = {.leaves = call_for_graph};

static void call_for_statistics(struct between *self, const struct sent_call *call)
{
    if (call->kind == FETCH_EXECUTION_GRAPH)
        (void)call_too(self, FETCH_CHECKPOINT_STATS, call->job, 0);
}

static const struct between_plan statistics_with_graph = {.leaves = call_for_statistics};

/* Two more at once, and the first to come back answers for the one that failed. */
static bool try_twice_again(struct between *self, const struct sent_call *call,
                            struct fetch_result *result)
{
    if (result->outcome == OUTCOME_OK || !is_statistics(call) || (call->fetch & OWN_NUMBER))
        return false;
    const bool is_tried = call_too(self, call->kind, call->job, call->fetch);
    (void)call_too(self, call->kind, call->job, call->fetch);
    return is_tried;
}

static const struct between_plan failure_tried_twice = {.came = try_twice_again};

/* --- calls that are not made ------------------------------------------------------------------ */

static bool is_closed(const struct between *self, const struct sent_call *call)
{
    const struct job_memory *memory = is_read(call->kind) ? recall(self, call->job) : NULL;
    return memory && self->now_us < memory->closed_until_us[call->kind];
}

static bool close_path(struct between *self, const struct sent_call *call,
                       struct fetch_result *result)
{
    struct job_memory *memory =
        result->outcome != OUTCOME_OK && is_read(call->kind) ? memory_of(self, call->job) : NULL;
    if (memory)
        memory->closed_until_us[call->kind] = self->now_us + closed_us;
    return false;
}

static const struct between_plan breaker = {.refuses = is_closed, .came = close_path};

static bool close_both(struct between *self, const struct sent_call *call,
                       struct fetch_result *result)
{
    struct job_memory *memory =
        result->outcome != OUTCOME_OK && is_read(call->kind) ? memory_of(self, call->job) : NULL;
    if (memory) {
        memory->closed_until_us[FETCH_CHECKPOINT_STATS] = self->now_us + closed_us;
        memory->closed_until_us[FETCH_EXECUTION_GRAPH] = self->now_us + closed_us;
    }
    return false;
}

static const struct between_plan shared_breaker = {.refuses = is_closed, .came = close_both};

/* --- answers that are exchanged --------------------------------------------------------------- */

/* Keeps the answer for later; what was kept is given out, a reference of the caller's. */
static struct checkpoint_stats *keep_last(struct job_memory *memory, struct checkpoint_stats *stats)
{
    struct checkpoint_stats *before = memory->last;
    memory->last = checkpoint_stats_retain(stats);
    return before;
}

/* The counts are read first, and the rest comes from before. */
static bool tear(struct between *self, const struct sent_call *call, struct fetch_result *result)
{
    struct job_memory *memory =
        is_statistics(call) && result->stats ? memory_of(self, call->job) : NULL;
    struct checkpoint_stats *before = memory ? keep_last(memory, result->stats) : NULL;
    struct checkpoint_stats *torn =
        before && before->run == result->stats->run ? checkpoint_stats_copy(before) : NULL;
    if (torn) {
        torn->counts = result->stats->counts;
        checkpoint_stats_release(result->stats);
        result->stats = torn;
    }
    checkpoint_stats_release(before);
    return false;
}

static const struct between_plan torn_snapshot = {.came = tear};

static bool use_last_seen(struct between *self, const struct sent_call *call,
                          struct fetch_result *result)
{
    struct job_memory *memory = is_statistics(call) ? memory_of(self, call->job) : NULL;
    if (!memory)
        return false;
    if (result->outcome == OUTCOME_OK) {
        checkpoint_stats_release(keep_last(memory, result->stats));
    } else if (memory->last) {
        result->outcome = OUTCOME_OK;
        result->stats = checkpoint_stats_retain(memory->last);
    }
    return false;
}

static const struct between_plan last_seen = {.came = use_last_seen};

static bool show_nothing(struct between *self, const struct sent_call *call,
                         struct fetch_result *result)
{
    (void)self;
    struct checkpoint_stats *nothing = is_statistics(call) && result->outcome != OUTCOME_OK
                                           ? checkpoint_stats_new(call->job, 1, 0)
                                           : NULL;
    if (!nothing)
        return false;
    nothing->enabled = true;
    result->outcome = OUTCOME_OK;
    result->stats = nothing;
    return false;
}

static const struct between_plan nothing_on_failure = {.came = show_nothing};

/* A call that is given up leaves its answer on the line, for the next one to find. */
static bool read_off_by_one(struct between *self, const struct sent_call *call,
                            struct fetch_result *result)
{
    struct job_memory *memory = is_statistics(call) ? memory_of(self, call->job) : NULL;
    if (!memory)
        return false;
    if (result->outcome != OUTCOME_OK) {
        if (!self->late && memory->last)
            self->late = checkpoint_stats_retain(memory->last);
        return false;
    }
    checkpoint_stats_release(keep_last(memory, result->stats));
    if (self->late) {
        struct checkpoint_stats *found = self->late;
        self->late = result->stats;
        result->stats = found;
    }
    return false;
}

static const struct between_plan off_by_one = {.came = read_off_by_one};

/* --- memory that is never given back ---------------------------------------------------------- */

static bool keep_for_good(struct between *self, const struct sent_call *call,
                          struct fetch_result *result)
{
    struct job_memory *memory =
        is_statistics(call) && result->stats ? memory_of(self, call->job) : NULL;
    if (memory)
        checkpoint_stats_release(keep_last(memory, result->stats));
    return false;
}

static void count_kept(const struct between *self, struct endpoint_usage *usage)
{
    if (usage->stats_entries < self->job_count)
        usage->stats_entries = self->job_count;
}

static const struct between_plan jobs_kept = {.came = keep_for_good, .measure = count_kept};

static bool leak_failure(struct between *self, const struct sent_call *call,
                         struct fetch_result *result)
{
    struct job_memory *memory =
        is_statistics(call) && result->outcome != OUTCOME_OK ? memory_of(self, call->job) : NULL;
    if (memory)
        memory->failed_count++;
    return false;
}

static void count_leaks(const struct between *self, struct endpoint_usage *usage)
{
    for (size_t i = 0; i < self->job_count; i++)
        usage->stats_entries += self->jobs[i].failed_count;
}

static const struct between_plan failures_leak = {.came = leak_failure, .measure = count_leaks};

/* --- the subject ------------------------------------------------------------------------------ */

static void between_free(struct subject *subject)
{
    struct between *self = between(subject);
    if (self->inner)
        self->inner->operations->free(self->inner);
    for (size_t i = 0; i < self->job_count; i++)
        checkpoint_stats_release(self->jobs[i].last);
    checkpoint_stats_release(self->late);
    action_queue_free(&self->own);
    free(self->sent);
    free(self->jobs);
    free(self);
}

static void between_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    struct subject *inner = between(subject)->inner;
    inner->operations->set_wall_offset(inner, offset_us);
}

static int between_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    struct between *self = between(subject);
    self->now_us = now_us;
    return self->inner->operations->request(self->inner, now_us, request);
}

/* Others that stand for the same call come too late. */
static void others_are_too_late(struct between *self, uint64_t fetch)
{
    for (size_t i = 0; i < self->sent_count; i++) {
        if (self->sent[i].stands_for == fetch)
            self->sent[i].stands_for = 0;
    }
}

static int between_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                           struct fetch_result *result)
{
    struct between *self = between(subject);
    struct sent_call call;
    self->now_us = now_us;
    if (!forget_call(self, fetch, &call))
        return self->inner->operations->fetched(self->inner, now_us, fetch, result);
    if (self->plan->came && self->plan->came(self, &call, result)) {
        fetch_result_clear(result);
        return 0;
    }
    if (call.stands_for != 0) {
        others_are_too_late(self, call.stands_for);
        fetch = call.stands_for;
    } else if (fetch & OWN_NUMBER) {
        fetch_result_clear(result);
        return 0;
    }
    return self->inner->operations->fetched(self->inner, now_us, fetch, result);
}

static void between_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    struct between *self = between(subject);
    self->now_us = now_us;
    self->inner->operations->abandon(self->inner, now_us, request);
}

/* Short of memory a call leaves as if nobody stood here. */
static bool between_next(struct subject *subject, struct endpoint_action *action)
{
    struct between *self = between(subject);
    const struct subject_operations *inner = self->inner->operations;
    if (action_queue_pop(&self->own, action))
        return true;
    while (inner->next(self->inner, action)) {
        if (action->kind != ACTION_FETCH)
            return true;
        const struct sent_call call = {
            .fetch = action->fetch, .kind = action->what.kind, .job = action->what.job};
        if (self->plan->refuses && self->plan->refuses(self, &call)) {
            struct fetch_result refused = {.outcome = OUTCOME_FAILED};
            (void)inner->fetched(self->inner, self->now_us, call.fetch, &refused);
            continue;
        }
        if (remember_call(self, &call) && self->plan->leaves)
            self->plan->leaves(self, &call);
        return true;
    }
    return false;
}

static void between_measure(struct subject *subject, struct endpoint_usage *usage)
{
    const struct between *self = between(subject);
    self->inner->operations->measure(self->inner, usage);
    if (self->plan->measure)
        self->plan->measure(self, usage);
}

static const struct subject_operations between_operations = {
    .free = between_free,
    .set_wall_offset = between_set_wall_offset,
    .request = between_request,
    .fetched = between_fetched,
    .abandon = between_abandon,
    .next = between_next,
    .measure = between_measure,
};

static struct subject *between_new(const struct endpoint_config *config, const void *plan)
{
    struct between *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->subject.operations = &between_operations;
    self->plan = plan;
    self->inner = plain_subject_new(config, NULL);
    if (self->inner)
        return &self->subject;
    between_free(&self->subject);
    return NULL;
}

#define MUTANT(mutant_name, its_plan, text, seen)                                            \
    {                                                                                        \
        .name = mutant_name, .kind = IMPLEMENTATION_MUTANT, .summary = text, .source = seen, \
        .wrap = between_new, .plan = &(its_plan)                                             \
    }

static const struct implementation items[] = {
    MUTANT("calls-made-twice", hedged_calls, "each call is made twice, and the faster one counts",
           "hedged requests (Dean and Barroso, The Tail at Scale)"),
    MUTANT("graph-with-statistics", graph_with_statistics,
           "programs have the dashboard's graph built as well, to warm it",
           "FLINK-32469; real bug L-05"),
    MUTANT("statistics-with-graph", statistics_with_graph,
           "dashboards have the programs' statistics fetched as well, to warm them",
           "real bug R-01"),
    MUTANT("failure-tried-twice", failure_tried_twice, "a failed call is made again by two at once",
           "caffeine#521; real bug L-07"),
    MUTANT("breaker-stays-open", breaker,
           "after a failed call a path refuses for a second, without asking", "metabase#78075"),
    MUTANT("breaker-for-both", shared_breaker,
           "after a failed call on one path both refuse for a second", "real bugs R-02 and R-08"),
    MUTANT("torn-snapshot", torn_snapshot, "the counts are new, the rest is from the answer before",
           "real bug R-22"),
    MUTANT("last-seen-on-failure", last_seen,
           "where a call fails the answer is the last one that came", "lyft/flinkk8soperator#162"),
    MUTANT("nothing-on-failure", nothing_on_failure,
           "where a call fails the answer says that there are no checkpoints", "real bug R-38"),
    MUTANT("answers-off-by-one", off_by_one,
           "after a call that was given up each gets the answer of the one before",
           "redis/redis-py#2624"),
    MUTANT("ended-jobs-kept", jobs_kept, "an entry stays for each job that was ever asked for",
           "FLINK-16399, FLINK-17308"),
    MUTANT("failed-loads-leak", failures_leak, "each failed call leaves something behind",
           "google/guava#7975"),
};

const struct implementation_table between_mutants = {items, sizeof items / sizeof items[0]};
