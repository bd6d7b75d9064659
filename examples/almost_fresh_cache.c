/*
 * A cache of checkpoint statistics as one would write it in an afternoon, and it is almost right.
 * Everything else is left to the reference. README.md in this folder shows what freshcheck says.
 */

#include <freshcheck/implementation.h>

#include <stdlib.h>
#include <string.h>

enum { JOBS_MAX = 64, ACTIONS_MAX = 1024, WAITING_MAX = 256 };

struct entry {
    char job[FRESHCHECK_JOB_DIGITS + 1];
    uint64_t stored, pending; /* fetches; 0: none */
    int64_t expires_us;
    uint64_t waiting[WAITING_MAX];
    size_t waiting_count;
};

struct cache {
    int64_t timeout_us;
    uint64_t last_fetch;
    struct entry entries[JOBS_MAX];
    size_t entry_count;
    struct freshcheck_action actions[ACTIONS_MAX];
    size_t first, count;
};

static struct freshcheck_action *push(struct cache *cache, uint32_t kind, uint64_t request,
                                      uint64_t fetch)
{
    struct freshcheck_action *action =
        &cache->actions[(cache->first + cache->count++) % ACTIONS_MAX];
    memset(action, 0, sizeof *action);
    action->kind = kind;
    action->request = request;
    action->fetch = fetch;
    return action;
}

static void *cache_open(const struct freshcheck_settings *settings)
{
    struct cache *cache = calloc(1, sizeof *cache);
    if (cache)
        cache->timeout_us = settings->statistics_timeout_us;
    return cache;
}

static struct entry *entry_of(struct cache *cache, const char *job)
{
    for (size_t i = 0; i < cache->entry_count; i++) {
        if (strcmp(cache->entries[i].job, job) == 0)
            return &cache->entries[i];
    }
    if (cache->entry_count == JOBS_MAX)
        return NULL;
    struct entry *entry = &cache->entries[cache->entry_count++];
    memcpy(entry->job, job, sizeof entry->job);
    return entry;
}

static int cache_request(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    struct cache *cache = self;
    struct entry *entry = entry_of(cache, request->job);
    if (!entry || entry->waiting_count == WAITING_MAX || request->age_max_us != FRESHCHECK_ANY_AGE)
        return FRESHCHECK_NOT_MINE;
    if (entry->stored && now_us < entry->expires_us) {
        push(cache, FRESHCHECK_REPLY, request->id, entry->stored);
        return FRESHCHECK_TAKEN;
    }
    entry->waiting[entry->waiting_count++] = request->id;
    if (entry->pending)
        return FRESHCHECK_TAKEN; /* one fetch in flight is enough for everybody */
    entry->pending = ++cache->last_fetch;
    struct freshcheck_action *fetch = push(cache, FRESHCHECK_FETCH, 0, entry->pending);
    fetch->data = FRESHCHECK_STATISTICS;
    memcpy(fetch->job, request->job, sizeof fetch->job);
    return FRESHCHECK_TAKEN;
}

static void cache_fetched(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    struct cache *cache = self;
    struct entry *entry = entry_of(cache, fetched->job);
    for (size_t i = 0; i < entry->waiting_count; i++)
        push(cache, FRESHCHECK_REPLY, entry->waiting[i], fetched->fetch);
    entry->waiting_count = 0;
    entry->pending = 0;
    if (entry->stored)
        push(cache, FRESHCHECK_RELEASE, 0, entry->stored);
    entry->stored = 0;
    if (!fetched->ok) {
        push(cache, FRESHCHECK_RELEASE, 0, fetched->fetch);
        return;
    }
    entry->stored = fetched->fetch;
    entry->expires_us = now_us + cache->timeout_us; /* a fresh answer lives for the timeout */
}

static void cache_abandon(void *self, int64_t now_us, uint64_t request)
{
    struct cache *cache = self;
    (void)now_us;
    for (size_t i = 0; i < cache->entry_count; i++) {
        struct entry *entry = &cache->entries[i];
        for (size_t j = 0; j < entry->waiting_count; j++) {
            if (entry->waiting[j] == request)
                entry->waiting[j] = entry->waiting[--entry->waiting_count];
        }
    }
}

static int cache_next(void *self, struct freshcheck_action *action)
{
    struct cache *cache = self;
    if (cache->count == 0)
        return 0;
    *action = cache->actions[cache->first];
    cache->first = (cache->first + 1) % ACTIONS_MAX;
    cache->count--;
    return 1;
}

static void cache_close(void *self)
{
    free(self);
}

const struct freshcheck_implementation freshcheck_implementation = {
    .abi_version = FRESHCHECK_ABI_VERSION,
    .size = sizeof(struct freshcheck_implementation),
    .summary = "almost right",
    .takes = FRESHCHECK_STATISTICS,
    .open = cache_open,
    .request = cache_request,
    .fetched = cache_fetched,
    .abandon = cache_abandon,
    .next = cache_next,
    .close = cache_close,
};
