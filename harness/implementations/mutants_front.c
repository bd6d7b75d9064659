#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vector.h"
#include "harness/implementations/action_queue.h"
#include "harness/implementations/implementation_internal.h"

/* Mutants before the endpoint, where proxies stand and caches of answers: by their path, not by
 * what is in them. A request with a Cache-Control of its own passes all of them. */

/* Which answers are kept. */
enum kept { KEEPS_NONE, KEEPS_SOUND, KEEPS_ERRORS, KEEPS_NOT_FOUND };

/* Who waits for the answer to another one's request. */
enum followers { FOLLOWS_NOBODY, FOLLOWS_ANY_JOB, FOLLOWS_AND_IS_FORGOTTEN };

struct front_plan {
    bool (*covers)(const char *path, size_t length);       /* which paths it is about */
    size_t (*key_length)(const char *path, size_t length); /* NULL: the whole path is the key */
    enum kept keeps;
    int64_t kept_us;     /* 0: for the timeout of statistics */
    bool serves_old;     /* what has expired is given out while another one is fetched */
    bool drops_slow;     /* one that was fetched for longer than it may be kept is not kept */
    bool restarts_early; /* the timeout begins anew as soon as another one is asked for, */
    bool restarts_late;  /* or when that has failed; who asked gets the old one */
    enum followers followers;
};

struct front_entry {
    char *key; /* owned */
    int status;
    struct body *body; /* counted reference */
    int64_t start_us;
    bool is_refreshed; /* somebody asks for a new one */
};

/* A request that the endpoint has not answered. */
struct front_asked {
    uint64_t request;
    char *key; /* owned */
    int64_t asked_us;
    bool is_own;     /* nobody waits for it */
    uint64_t leader; /* it waits for the answer to that one; 0: for its own */
};

struct front {
    struct subject subject; /* first: a subject is one of these */
    struct subject *inner;
    const struct front_plan *plan;
    int64_t kept_us, now_us;
    struct front_entry *entries;
    size_t entry_count, entry_capacity;
    struct front_asked *asked;
    size_t asked_count, asked_capacity;
    struct action_queue ready; /* replies of its own */
    uint64_t last_own;
};

static struct front *front(struct subject *subject)
{
    return (struct front *)subject;
}

/* --- paths ------------------------------------------------------------------------------------ */

static size_t path_length(const struct request *request)
{
    const char *query = memchr(request->target, '?', request->target_length);
    return query ? (size_t)(query - request->target) : request->target_length;
}

static bool ends_with(const char *path, size_t length, const char *end)
{
    const size_t end_length = strlen(end);
    return length >= end_length && memcmp(path + length - end_length, end, end_length) == 0;
}

static bool covers_statistics(const char *path, size_t length)
{
    return ends_with(path, length, "/checkpoints");
}

/* Up to the last part of the path. */
static size_t length_without_last(const char *path, size_t length)
{
    while (length > 0 && path[length - 1] != '/')
        length--;
    return length;
}

static bool covers_details(const char *path, size_t length)
{
    return ends_with(path, length_without_last(path, length), "/checkpoints/details/");
}

static bool covers_statistics_and_job(const char *path, size_t length)
{
    return covers_statistics(path, length) ||
           ends_with(path, length_without_last(path, length), "/jobs/");
}

static char *key_of(const struct front *self, const struct request *request)
{
    const size_t length = path_length(request);
    return text_copy_length(request->target, self->plan->key_length
                                                 ? self->plan->key_length(request->target, length)
                                                 : length);
}

static bool is_covered(const struct front *self, const struct request *request)
{
    return request->method == METHOD_GET && !request->cache_control &&
           self->plan->covers(request->target, path_length(request));
}

/* --- entries ---------------------------------------------------------------------------------- */

static struct front_entry *find_entry(const struct front *self, const char *key)
{
    for (size_t i = 0; i < self->entry_count; i++) {
        if (strcmp(self->entries[i].key, key) == 0)
            return &self->entries[i];
    }
    return NULL;
}

/* NULL when out of memory. */
static struct front_entry *entry_for(struct front *self, const char *key)
{
    struct front_entry *entry = find_entry(self, key);
    if (entry)
        return entry;
    struct front_entry *entries =
        vector_grow(self->entries, self->entry_count, &self->entry_capacity, sizeof *entries);
    if (!entries)
        return NULL;
    self->entries = entries;
    char *copy = text_copy(key);
    if (!copy)
        return NULL;
    entries[self->entry_count] = (struct front_entry){.key = copy};
    return &entries[self->entry_count++];
}

static bool is_kept(const struct front *self, int status)
{
    switch (self->plan->keeps) {
    case KEEPS_SOUND:
        return status == 200;
    case KEEPS_ERRORS:
        return status >= 500;
    case KEEPS_NOT_FOUND:
        return status == 404;
    case KEEPS_NONE:
        break;
    }
    return false;
}

static void keep(struct front *self, const struct front_asked *asked,
                 const struct endpoint_action *reply)
{
    const bool is_slow = self->now_us - asked->asked_us > self->kept_us;
    const bool wanted =
        is_kept(self, reply->status) && !(self->plan->drops_slow && asked->is_own && is_slow);
    struct front_entry *entry = wanted && self->kept_us > 0 ? entry_for(self, asked->key) : NULL;
    if (!entry)
        return;
    body_release(entry->body);
    entry->body = body_retain(reply->body);
    entry->status = reply->status;
    entry->start_us = self->now_us;
}

/* --- requests --------------------------------------------------------------------------------- */

/* Takes over the key. False when out of memory. */
static bool remember(struct front *self, struct front_asked asked)
{
    if (!asked.key)
        return false;
    struct front_asked *items =
        vector_grow(self->asked, self->asked_count, &self->asked_capacity, sizeof *items);
    if (!items) {
        free(asked.key);
        return false;
    }
    self->asked = items;
    items[self->asked_count++] = asked;
    return true;
}

static int reply_from(struct front *self, uint64_t request, const struct front_entry *entry)
{
    if (!action_queue_reserve(&self->ready, 1))
        return -1;
    action_queue_push(&self->ready, &(struct endpoint_action){.kind = ACTION_REPLY,
                                                              .request = request,
                                                              .status = entry->status,
                                                              .body = body_retain(entry->body),
                                                              .age_us = -1});
    return 0;
}

static int pass_on(struct front *self, const struct request *request, bool is_own)
{
    struct request sent = *request;
    if (is_own)
        sent.id = OWN_NUMBER | ++self->last_own;
    const struct front_asked asked = {.request = sent.id,
                                      .key = key_of(self, request),
                                      .asked_us = self->now_us,
                                      .is_own = is_own};
    if (!remember(self, asked))
        return -1;
    if (self->inner->operations->request(self->inner, self->now_us, &sent) == 0)
        return 0;
    free(self->asked[--self->asked_count].key);
    return -1;
}

/* Somebody's request that is under way, for others to follow; 0: none. */
static uint64_t find_leader(const struct front *self)
{
    for (size_t i = 0; i < self->asked_count; i++) {
        if (self->asked[i].leader == 0)
            return self->asked[i].request;
    }
    return 0;
}

static int follow(struct front *self, const struct request *request, uint64_t leader)
{
    const struct front_asked asked = {
        .request = request->id, .key = key_of(self, request), .leader = leader};
    return remember(self, asked) ? 0 : -1;
}

/* What is kept answers, or the endpoint does. */
static int ask(struct front *self, const struct request *request, struct front_entry *entry)
{
    const bool is_usable = entry && entry->body && self->now_us - entry->start_us < self->kept_us;
    if (is_usable)
        return reply_from(self, request->id, entry);
    if (!entry || !entry->body)
        return pass_on(self, request, false);
    if (self->plan->restarts_early)
        entry->start_us = self->now_us;
    if (!self->plan->serves_old)
        return pass_on(self, request, false);
    if (!entry->is_refreshed && pass_on(self, request, true) != 0)
        return -1;
    entry->is_refreshed = true;
    return reply_from(self, request->id, entry);
}

static int front_request(struct subject *subject, int64_t now_us, const struct request *request)
{
    struct front *self = front(subject);
    self->now_us = now_us;
    if (!is_covered(self, request))
        return self->inner->operations->request(self->inner, now_us, request);
    const uint64_t leader = self->plan->followers != FOLLOWS_NOBODY ? find_leader(self) : 0;
    if (leader != 0)
        return follow(self, request, leader);
    char *key = key_of(self, request);
    if (!key)
        return -1;
    struct front_entry *entry = find_entry(self, key);
    free(key);
    return ask(self, request, entry);
}

/* --- replies ---------------------------------------------------------------------------------- */

static void forget_at(struct front *self, size_t index)
{
    free(self->asked[index].key);
    self->asked[index] = self->asked[--self->asked_count];
}

static void answer_followers(struct front *self, const struct endpoint_action *reply)
{
    for (size_t i = self->asked_count; i-- > 0;) {
        if (self->asked[i].leader != reply->request)
            continue;
        const struct front_entry same = {.status = reply->status, .body = reply->body};
        if (self->plan->followers == FOLLOWS_ANY_JOB)
            (void)reply_from(self, self->asked[i].request, &same);
        forget_at(self, i);
    }
}

/* An error gives way to the last sound answer, which then counts as new. */
static void give_old_instead(struct front *self, const char *key, struct endpoint_action *reply)
{
    struct front_entry *entry = reply->status >= 500 ? find_entry(self, key) : NULL;
    if (!self->plan->restarts_late || !entry || !entry->body)
        return;
    entry->start_us = self->now_us;
    body_release(reply->body);
    reply->body = body_retain(entry->body);
    reply->status = entry->status;
}

/* False: nobody waits for it. */
static bool comes_through(struct front *self, struct endpoint_action *reply)
{
    size_t i = 0;
    while (i < self->asked_count &&
           (self->asked[i].leader != 0 || self->asked[i].request != reply->request))
        i++;
    if (i == self->asked_count)
        return true;
    const bool is_own = self->asked[i].is_own;
    struct front_entry *entry = find_entry(self, self->asked[i].key);
    if (entry && is_own)
        entry->is_refreshed = false;
    keep(self, &self->asked[i], reply);
    give_old_instead(self, self->asked[i].key, reply);
    forget_at(self, i);
    answer_followers(self, reply);
    return !is_own;
}

static bool front_next(struct subject *subject, struct endpoint_action *action)
{
    struct front *self = front(subject);
    if (action_queue_pop(&self->ready, action))
        return true;
    while (self->inner->operations->next(self->inner, action)) {
        if (action->kind != ACTION_REPLY || comes_through(self, action))
            return true;
        body_release(action->body);
        if (action_queue_pop(&self->ready, action))
            return true;
    }
    return false;
}

/* --- the rest --------------------------------------------------------------------------------- */

static void front_free(struct subject *subject)
{
    struct front *self = front(subject);
    action_queue_free(&self->ready);
    if (self->inner)
        self->inner->operations->free(self->inner);
    while (self->asked_count > 0)
        forget_at(self, 0);
    for (size_t i = 0; i < self->entry_count; i++) {
        free(self->entries[i].key);
        body_release(self->entries[i].body);
    }
    free(self->asked);
    free(self->entries);
    free(self);
}

static void front_set_wall_offset(struct subject *subject, int64_t offset_us)
{
    struct subject *inner = front(subject)->inner;
    inner->operations->set_wall_offset(inner, offset_us);
}

static int front_fetched(struct subject *subject, int64_t now_us, uint64_t fetch,
                         struct fetch_result *result)
{
    struct front *self = front(subject);
    self->now_us = now_us;
    return self->inner->operations->fetched(self->inner, now_us, fetch, result);
}

/* A request that others follow is brought to its end, for them. */
static void front_abandon(struct subject *subject, int64_t now_us, uint64_t request)
{
    struct front *self = front(subject);
    bool is_followed = false;
    self->now_us = now_us;
    for (size_t i = 0; i < self->asked_count; i++)
        is_followed |= self->asked[i].leader == request;
    for (size_t i = self->asked_count; i-- > 0;) {
        if (self->asked[i].request != request)
            continue;
        if (is_followed)
            self->asked[i].is_own = true;
        else
            forget_at(self, i);
    }
    if (!is_followed)
        self->inner->operations->abandon(self->inner, now_us, request);
}

static void front_measure(struct subject *subject, struct endpoint_usage *usage)
{
    const struct front *self = front(subject);
    self->inner->operations->measure(self->inner, usage);
}

static const struct subject_operations front_operations = {
    .free = front_free,
    .set_wall_offset = front_set_wall_offset,
    .request = front_request,
    .fetched = front_fetched,
    .abandon = front_abandon,
    .next = front_next,
    .measure = front_measure,
};

static struct subject *front_new(const struct endpoint_config *config, const void *plan)
{
    struct front *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->subject.operations = &front_operations;
    self->plan = plan;
    self->kept_us = self->plan->kept_us > 0 ? self->plan->kept_us : config->stats.ttl_us;
    self->inner = plain_subject_new(config, NULL);
    if (self->inner)
        return &self->subject;
    front_free(&self->subject);
    return NULL;
}

static const struct front_plan second_cache = {.covers = covers_statistics, .keeps = KEEPS_SOUND};
static const struct front_plan old_while_refreshing = {
    .covers = covers_statistics, .keeps = KEEPS_SOUND, .serves_old = true};
static const struct front_plan refresh_dropped = {
    .covers = covers_statistics, .keeps = KEEPS_SOUND, .serves_old = true, .drops_slow = true};
static const struct front_plan restarted_early = {
    .covers = covers_statistics, .keeps = KEEPS_SOUND, .restarts_early = true};
static const struct front_plan lease_renewed = {
    .covers = covers_statistics, .keeps = KEEPS_SOUND, .restarts_late = true};
static const struct front_plan errors_kept = {
    .covers = covers_statistics_and_job, .keeps = KEEPS_ERRORS, .kept_us = 1000000};
static const struct front_plan absence_kept = {
    .covers = covers_statistics, .keeps = KEEPS_NOT_FOUND, .kept_us = 10000000};
static const struct front_plan details_kept = {
    .covers = covers_details, .keeps = KEEPS_SOUND, .kept_us = NEVER_EXPIRES};
static const struct front_plan details_by_job = {.covers = covers_details,
                                                 .key_length = length_without_last,
                                                 .keeps = KEEPS_SOUND,
                                                 .kept_us = 1000000};
static const struct front_plan flight_without_job = {.covers = covers_statistics,
                                                     .followers = FOLLOWS_ANY_JOB};
static const struct front_plan lost_wakeup = {.covers = covers_statistics,
                                              .followers = FOLLOWS_AND_IS_FORGOTTEN};

#define MUTANT(mutant_name, its_plan, text, seen)                                            \
    {                                                                                        \
        .name = mutant_name, .kind = IMPLEMENTATION_MUTANT, .summary = text, .source = seen, \
        .wrap = front_new, .plan = &(its_plan)                                               \
    }

static const struct implementation items[] = {
    MUTANT("two-caches", second_cache, "a second cache of the same timeout stands before the first",
           "real bug R-41"),
    MUTANT("old-while-refreshing", old_while_refreshing,
           "what has expired is given out while another one is fetched, however old it is",
           "metabase#78339, raystack/stencil#3"),
    MUTANT("refresh-never-lands", refresh_dropped,
           "a new answer that took longer to fetch than the timeout is dropped",
           "caffeine#175, caffeine#467, caffeine#1970"),
    MUTANT("timeout-restarts-early", restarted_early,
           "the timeout starts anew before the new answer is there", "metabase#76856"),
    MUTANT("failed-refresh-keeps-lease", lease_renewed,
           "a failed fetch starts the old answer's timeout anew", "metabase#78075"),
    MUTANT("proxy-keeps-errors", errors_kept, "a proxy keeps errors for a second",
           "metabase/metabase#13164, quarkusio/quarkus#13399"),
    MUTANT("not-found-kept", absence_kept, "that a job is not there is kept for ten seconds",
           "real bug R-04 (negative caching)"),
    MUTANT("details-kept-for-ever", details_kept,
           "details are kept by their path, as if nothing of them changed", "real bug R-06"),
    MUTANT("details-key-without-number", details_by_job,
           "one entry for the details of all checkpoints of a job", "a key too small"),
    MUTANT("flight-without-job", flight_without_job,
           "who asks while another one waits gets that one's answer, whatever the job",
           "a key too small"),
    MUTANT("waiters-forgotten", lost_wakeup, "who asks while another one waits is never answered",
           "the lost wakeup of whoever shares a flight"),
};

const struct implementation_table front_mutants = {items, sizeof items / sizeof items[0]};
