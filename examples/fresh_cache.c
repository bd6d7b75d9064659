/*
 * A correct cache of what a JobManager tells about its jobs, in two halves: checkpoint statistics,
 * and execution graphs. One entry for each job.
 *
 * What makes it correct, and what is easily forgotten:
 *  - an entry's age counts from when it was asked for, not from when it came;
 *  - a request never joins a fetch that began too early for it: it waits for the next one, together
 *    with all others that came meanwhile, so that there is one fetch in flight for a job at most;
 *  - failures are told to those who waited, and not kept;
 *  - what nobody asks for is let go, and the least recently used makes room.
 */

#include <freshcheck/implementation.h>

#include <stdlib.h>
#include <string.h>

struct waiter {
    struct waiter *next;
    uint64_t request;
};

struct waiters {
    struct waiter *first, **end;
};

struct entry {
    struct entry *next; /* most recently used first */
    char job[FRESHCHECK_JOB_DIGITS + 1];
    uint64_t stored; /* the fetch that is kept; 0: none */
    int64_t stored_us, used_us;
    uint64_t pending; /* the fetch under way; 0: none */
    int64_t pending_us;
    struct waiters waiting;    /* for the one under way */
    struct waiters next_batch; /* for the one after it */
};

struct half {
    uint32_t data;
    int64_t timeout_us;
    uint64_t entries_max, stored_count;
    struct entry *entries;
};

struct queued {
    struct queued *next;
    struct freshcheck_action action;
};

struct cache {
    struct half statistics, graphs;
    struct queued *first, **end;
    uint64_t last_fetch;
};

static void list_init(struct waiters *list)
{
    list->first = NULL;
    list->end = &list->first;
}

static int wait_in(struct waiters *list, uint64_t request)
{
    struct waiter *waiter = malloc(sizeof *waiter);
    if (!waiter)
        return FRESHCHECK_FAILED;
    waiter->next = NULL;
    waiter->request = request;
    *list->end = waiter;
    list->end = &waiter->next;
    return FRESHCHECK_TAKEN;
}

/* 0: out of memory. */
static int push(struct cache *cache, uint32_t kind, uint64_t request, uint64_t fetch,
                const struct half *half, const struct entry *entry)
{
    struct queued *queued = calloc(1, sizeof *queued);
    if (!queued)
        return 0;
    queued->action.kind = kind;
    queued->action.request = request;
    queued->action.fetch = fetch;
    if (kind == FRESHCHECK_FETCH) {
        queued->action.data = half->data;
        memcpy(queued->action.job, entry->job, sizeof entry->job);
    }
    *cache->end = queued;
    cache->end = &queued->next;
    return 1;
}

static void *cache_open(const struct freshcheck_settings *settings)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (!cache)
        return NULL;
    cache->end = &cache->first;
    cache->statistics.data = FRESHCHECK_STATISTICS;
    cache->statistics.timeout_us = settings->statistics_timeout_us;
    cache->statistics.entries_max = settings->statistics_jobs_max;
    cache->graphs.data = FRESHCHECK_GRAPH;
    cache->graphs.timeout_us = settings->graph_timeout_us;
    cache->graphs.entries_max = settings->graph_jobs_max;
    return cache;
}

static void drop_stored(struct cache *cache, struct half *half, struct entry *entry)
{
    if (entry->stored == 0)
        return;
    push(cache, FRESHCHECK_RELEASE, 0, entry->stored, half, entry);
    entry->stored = 0;
    half->stored_count--;
}

/* Takes the entry of a job out of its list; NULL: there is none. */
static struct entry *take_out(struct half *half, const char *job)
{
    for (struct entry **at = &half->entries; *at; at = &(*at)->next) {
        struct entry *entry = *at;
        if (strcmp(entry->job, job) != 0)
            continue;
        *at = entry->next;
        return entry;
    }
    return NULL;
}

/* The entry of a job, first in its list from now on. */
static struct entry *find(struct half *half, const char *job)
{
    struct entry *entry = take_out(half, job);
    if (!entry) {
        entry = calloc(1, sizeof *entry);
        if (!entry)
            return NULL;
        memcpy(entry->job, job, sizeof entry->job);
        list_init(&entry->waiting);
        list_init(&entry->next_batch);
    }
    entry->next = half->entries;
    half->entries = entry;
    return entry;
}

static int is_busy(const struct entry *entry)
{
    return entry->pending || entry->waiting.first || entry->next_batch.first;
}

/* Lets go of the last of its list that is stored and either too much or unused for two timeouts. */
static void tidy(struct cache *cache, struct half *half, int64_t now_us)
{
    struct entry **at = &half->entries;
    uint64_t kept = 0;
    while (*at) {
        struct entry *entry = *at;
        const int is_old =
            half->timeout_us <= INT64_MAX / 2 && now_us - entry->used_us >= 2 * half->timeout_us;
        if (entry->stored && (is_old || kept == half->entries_max))
            drop_stored(cache, half, entry);
        kept += entry->stored != 0;
        if (entry->stored || is_busy(entry)) {
            at = &entry->next;
            continue;
        }
        *at = entry->next;
        free(entry);
    }
}

static int fetch(struct cache *cache, struct half *half, struct entry *entry, int64_t now_us)
{
    if (!push(cache, FRESHCHECK_FETCH, 0, cache->last_fetch + 1, half, entry))
        return 0;
    entry->pending = ++cache->last_fetch;
    entry->pending_us = now_us;
    return 1;
}

/* Young enough for the timeout, whose own end is too late, and for this client. */
static int is_usable(const struct half *half, int64_t asked_us, int64_t now_us, int64_t age_max_us)
{
    const int64_t age_us = now_us - asked_us;
    return age_us < half->timeout_us && age_us <= age_max_us;
}

static int forget(struct waiters *list, uint64_t request)
{
    for (struct waiter **at = &list->first; *at; at = &(*at)->next) {
        struct waiter *waiter = *at;
        if (waiter->request != request)
            continue;
        *at = waiter->next;
        if (!*at)
            list->end = at;
        free(waiter);
        return 1;
    }
    return 0;
}

static int answer_or_wait(struct cache *cache, struct half *half, struct entry *entry,
                          int64_t now_us, const struct freshcheck_request *request)
{
    if (entry->stored && is_usable(half, entry->stored_us, now_us, request->age_max_us)) {
        entry->used_us = now_us;
        return push(cache, FRESHCHECK_REPLY, request->id, entry->stored, half, entry)
                   ? FRESHCHECK_TAKEN
                   : FRESHCHECK_FAILED;
    }
    if (entry->pending && !is_usable(half, entry->pending_us, now_us, request->age_max_us))
        return wait_in(&entry->next_batch, request->id);
    const int taking = wait_in(&entry->waiting, request->id);
    if (taking != FRESHCHECK_TAKEN || entry->pending || fetch(cache, half, entry, now_us))
        return taking;
    forget(&entry->waiting, request->id);
    return FRESHCHECK_FAILED;
}

static int cache_request(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    struct cache *cache = self;
    struct half *half =
        request->needs == FRESHCHECK_STATISTICS ? &cache->statistics : &cache->graphs;
    struct entry *entry = find(half, request->job);
    if (!entry)
        return FRESHCHECK_FAILED;
    return answer_or_wait(cache, half, entry, now_us, request);
}

static void serve(struct cache *cache, struct waiters *list, uint64_t fetch)
{
    while (list->first) {
        struct waiter *waiter = list->first;
        push(cache, FRESHCHECK_REPLY, waiter->request, fetch, NULL, NULL);
        list->first = waiter->next;
        free(waiter);
    }
    list_init(list);
}

static void start_next_batch(struct cache *cache, struct half *half, struct entry *entry,
                             int64_t now_us)
{
    if (!entry->next_batch.first)
        return;
    entry->waiting.first = entry->next_batch.first;
    entry->waiting.end = entry->next_batch.end;
    list_init(&entry->next_batch);
    (void)fetch(cache, half, entry, now_us); /* else the next request tries again */
}

static void cache_fetched(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    struct cache *cache = self;
    struct half *half =
        fetched->data == FRESHCHECK_STATISTICS ? &cache->statistics : &cache->graphs;
    struct entry *entry = find(half, fetched->job);
    if (!entry || entry->pending != fetched->fetch)
        return;
    const int64_t asked_us = entry->pending_us;
    entry->pending = 0;
    serve(cache, &entry->waiting, fetched->fetch);
    drop_stored(cache, half, entry);
    if (fetched->ok && half->timeout_us > 0 && half->entries_max > 0) {
        entry->stored = fetched->fetch;
        entry->stored_us = asked_us;
        entry->used_us = now_us;
        half->stored_count++;
    } else {
        push(cache, FRESHCHECK_RELEASE, 0, fetched->fetch, half, entry);
    }
    start_next_batch(cache, half, entry, now_us);
}

/* The fetch that somebody waited for goes on; what it brings may be of use to the next one. */
static void cache_abandon(void *self, int64_t now_us, uint64_t request)
{
    struct cache *cache = self;
    struct half *const halves[] = {&cache->statistics, &cache->graphs};
    (void)now_us;
    for (size_t i = 0; i < 2; i++) {
        for (struct entry *entry = halves[i]->entries; entry; entry = entry->next) {
            if (forget(&entry->waiting, request) || forget(&entry->next_batch, request))
                return;
        }
    }
}

static int cache_next(void *self, struct freshcheck_action *action)
{
    struct cache *cache = self;
    struct queued *queued = cache->first;
    if (!queued)
        return 0;
    const size_t size = action->size;
    *action = queued->action;
    action->size = size;
    cache->first = queued->next;
    if (!cache->first)
        cache->end = &cache->first;
    free(queued);
    return 1;
}

static void free_waiters(struct waiters *list)
{
    while (list->first) {
        struct waiter *waiter = list->first;
        list->first = waiter->next;
        free(waiter);
    }
}

static void free_entries(struct half *half)
{
    while (half->entries) {
        struct entry *entry = half->entries;
        half->entries = entry->next;
        free_waiters(&entry->waiting);
        free_waiters(&entry->next_batch);
        free(entry);
    }
}

static void cache_close(void *self)
{
    struct cache *cache = self;
    free_entries(&cache->statistics);
    free_entries(&cache->graphs);
    while (cache->first) {
        struct queued *queued = cache->first;
        cache->first = queued->next;
        free(queued);
    }
    free(cache);
}

static void cache_tidy(void *self, int64_t now_us)
{
    struct cache *cache = self;
    tidy(cache, &cache->statistics, now_us);
    tidy(cache, &cache->graphs, now_us);
}

const struct freshcheck_implementation freshcheck_implementation = {
    .abi_version = FRESHCHECK_ABI_VERSION,
    .size = sizeof(struct freshcheck_implementation),
    .summary = "a cache of statistics and one of graphs; requests share the next fetch",
    .takes = FRESHCHECK_STATISTICS | FRESHCHECK_GRAPH,
    .open = cache_open,
    .request = cache_request,
    .fetched = cache_fetched,
    .abandon = cache_abandon,
    .next = cache_next,
    .close = cache_close,
    .tidy = cache_tidy,
};
