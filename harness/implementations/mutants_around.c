#include <stdlib.h>
#include <string.h>

#include "harness/implementations/implementation_internal.h"

/* Mutants in what stands before the caches: a clock, a header that is read or added wrongly, an
 * address that two servers share, a line on which an answer is sent twice. */

enum { INSTANCES_MAX = 2 };

struct around_plan {
    int64_t clock_step_us; /* time goes on in steps; 0: it runs */
    const char *demands;   /* every request is sent on with this Cache-Control */
    bool any_is_no_cache;  /* any Cache-Control at all is taken for no-cache */
    size_t instance_count; /* that requests go to by turns */
    bool answers_twice;
};

struct around {
    struct subject subject; /* first: a subject is one of these */
    const struct around_plan *plan;
    struct subject *instances[INSTANCES_MAX];
    size_t turn;
    struct endpoint_action again; /* answers_twice: with a body where it is still to be sent */
    struct conduct conduct;
};

static struct around *around(struct subject *subject)
{
    return (struct around *)subject;
}

static int64_t clock_of(const struct around *self, int64_t now_us)
{
    return self->plan->clock_step_us > 0 ? now_us - now_us % self->plan->clock_step_us : now_us;
}

static void around_free(struct subject *subject)
{
    for (size_t i = 0; i < INSTANCES_MAX; i++) {
        struct subject *instance = around(subject)->instances[i];
        if (instance)
            instance->operations->free(instance);
    }
    body_release(around(subject)->again.body);
    free(subject);
}

static void around_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    for (size_t i = 0; i < around(subject)->plan->instance_count; i++) {
        struct subject *instance = around(subject)->instances[i];
        instance->operations->set_wall_offset(instance, offset_us);
    }
}

static int around_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    struct around *self = around(subject);
    struct subject *instance = self->instances[self->turn++ % self->plan->instance_count];
    struct request sent = *request;
    if (self->plan->demands)
        sent.cache_control = self->plan->demands;
    if (self->plan->any_is_no_cache && sent.cache_control)
        sent.cache_control = "no-cache";
    return instance->operations->request(instance, clock_of(self, now_us), &sent);
}

/* Each instance has numbers of its own for its calls. */
static int around_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                          struct fetch_result *result)
{
    struct around *self = around(subject);
    const size_t count = self->plan->instance_count;
    struct subject *instance = self->instances[fetch % count];
    return instance->operations->fetched(instance, clock_of(self, now_us), fetch / count, result);
}

static void around_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    struct around *self = around(subject);
    for (size_t i = 0; i < self->plan->instance_count; i++)
        self->instances[i]->operations->abandon(self->instances[i], clock_of(self, now_us),
                                                request);
}

static bool around_next(struct subject *subject, struct endpoint_action *action)
{
    struct around *self = around(subject);
    const size_t count = self->plan->instance_count;
    for (size_t i = 0; i < count; i++) {
        if (!self->instances[i]->operations->next(self->instances[i], action))
            continue;
        if (action->kind == ACTION_FETCH)
            action->fetch = action->fetch * count + i;
        return true;
    }
    return false;
}

/* Each reply comes a second time. */
static bool twice_next(struct subject *subject, struct endpoint_action *action)
{
    struct around *self = around(subject);
    if (self->again.body) {
        *action = self->again;
        self->again.body = NULL;
        return true;
    }
    if (!around_next(subject, action))
        return false;
    if (action->kind == ACTION_REPLY) {
        self->again = *action;
        body_retain(action->body);
    }
    return true;
}

/* What it does wrong the harness sees by itself; that it is asked for makes it be judged. */
static const struct conduct *twice_conclude(struct subject *subject, int64_t now_us, bool ends)
{
    (void)now_us;
    (void)ends;
    return &around(subject)->conduct;
}

/* What the fullest of them holds: each has a capacity of its own. */
static void around_measure(struct subject *subject, struct endpoint_usage *usage)
{
    const struct around *self = around(subject);
    *usage = (struct endpoint_usage){0};
    for (size_t i = 0; i < self->plan->instance_count; i++) {
        struct endpoint_usage one;
        self->instances[i]->operations->measure(self->instances[i], &one);
        if (one.stats_entries > usage->stats_entries)
            usage->stats_entries = one.stats_entries;
        if (one.graph_entries > usage->graph_entries)
            usage->graph_entries = one.graph_entries;
        if (one.detail_entries > usage->detail_entries)
            usage->detail_entries = one.detail_entries;
        usage->waiting_requests += one.waiting_requests;
        usage->fetches_in_flight += one.fetches_in_flight;
    }
}

static const struct subject_operations around_operations = {
    .free = around_free,
    .set_wall_offset = around_set_wall_offset,
    .request = around_request,
    .fetched = around_fetched,
    .abandon = around_abandon,
    .next = around_next,
    .measure = around_measure,
};

static const struct subject_operations twice_operations = {
    .free = around_free,
    .set_wall_offset = around_set_wall_offset,
    .request = around_request,
    .fetched = around_fetched,
    .abandon = around_abandon,
    .next = twice_next,
    .measure = around_measure,
    .conclude = twice_conclude,
};

static struct subject *around_new(const struct endpoint_config *config, const void *plan)
{
    struct around *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->plan = plan;
    self->subject.operations = self->plan->answers_twice ? &twice_operations : &around_operations;
    for (size_t i = 0; i < self->plan->instance_count; i++) {
        self->instances[i] = plain_subject_new(config, NULL);
        if (!self->instances[i]) {
            around_free(&self->subject);
            return NULL;
        }
    }
    return &self->subject;
}

static const struct around_plan two_instances = {.instance_count = 2};
static const struct around_plan coarse_clock = {.instance_count = 1, .clock_step_us = 1000000};
static const struct around_plan always_new = {.instance_count = 1, .demands = "no-cache"};
static const struct around_plan twice = {.instance_count = 1, .answers_twice = true};
static const struct around_plan any_header = {.instance_count = 1, .any_is_no_cache = true};

#define MUTANT(mutant_name, its_plan, text, seen)                                            \
    {                                                                                        \
        .name = mutant_name, .kind = IMPLEMENTATION_MUTANT, .summary = text, .source = seen, \
        .wrap = around_new, .plan = &(its_plan)                                              \
    }

static const struct implementation items[] = {
    MUTANT("two-instances", two_instances, "two servers with a cache each share one address",
           "metabase/metabase#78339; real bug R-29"),
    MUTANT("coarse-clock", coarse_clock, "the clock of the cache goes by whole seconds",
           "caffeine#212 (a stale time is read)"),
    MUTANT("no-cache-added", always_new, "whatever stands in between demands each answer anew",
           "a path that goes round the cache's rules"),
    MUTANT("answers-twice", twice, "each request is answered twice",
           "a retry in a proxy that has answered already; docs/your-own-cache.md"),
    MUTANT("any-header-is-no-cache", any_header,
           "a client that allows an age of an hour is taken to allow none",
           "a path that goes round the cache's rules"),
};

const struct implementation_table around_mutants = {items, sizeof items / sizeof items[0]};
