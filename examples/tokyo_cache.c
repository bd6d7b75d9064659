/* packages: tokyocabinet */
/*
 * A cache of documents in Tokyo Cabinet's on-memory hash (tcmdb), which is a least recently used
 * cache when it is asked by tcmdbget3() and cut by tcmdbcutfront(). It knows no timeouts, so each
 * value begins with the time when it was put there: the usual way round a cache without them.
 * README.md in this folder shows what freshcheck finds.
 */

#include <freshcheck/implementation.h>

#include <stdlib.h>
#include <string.h>
#include <tcutil.h>

/* What lies in a record before the body. */
struct record {
    int64_t put_us;
    int status;
};

/* A request that waits for a fetch of its own. */
struct waiter {
    struct waiter *next;
    uint64_t request;
    char *target;
};

struct queued {
    struct queued *next;
    struct freshcheck_action action;
    char *text; /* owned: what the action points to */
};

struct cache {
    TCMDB *records; /* from a target to a struct record and a body */
    int64_t timeout_us;
    uint64_t records_max;
    struct waiter *waiters;
    struct queued *first, **end;
    char *lent; /* the text of the last action */
};

static struct queued *push(struct cache *cache, uint32_t kind, uint64_t number, const char *text,
                           size_t length)
{
    struct queued *queued = tccalloc(1, sizeof *queued);
    queued->text = text ? tcmemdup(text, (int)length) : NULL;
    queued->action.kind = kind;
    queued->action.request = number;
    queued->action.fetch = number;
    *cache->end = queued;
    cache->end = &queued->next;
    return queued;
}

static void *cache_open(const struct freshcheck_settings *settings)
{
    struct cache *cache = tccalloc(1, sizeof *cache);
    cache->records = tcmdbnew2(64);
    cache->end = &cache->first;
    cache->timeout_us = settings->statistics_timeout_us;
    cache->records_max = settings->statistics_jobs_max;
    return cache;
}

static void reply(struct cache *cache, uint64_t request, int status, const char *body,
                  size_t length)
{
    struct queued *queued = push(cache, FRESHCHECK_REPLY_BYTES, request, body, length);
    queued->action.status = status;
    queued->action.body = queued->text;
    queued->action.body_length = length;
}

static void fetch(struct cache *cache, const struct freshcheck_request *request)
{
    struct waiter *waiter = tccalloc(1, sizeof *waiter);
    waiter->request = request->id;
    waiter->target = tcmemdup(request->target, (int)request->target_length);
    waiter->next = cache->waiters;
    cache->waiters = waiter;
    struct queued *queued =
        push(cache, FRESHCHECK_FETCH, request->id, request->target, request->target_length);
    queued->action.data = request->needs;
    memcpy(queued->action.job, request->job, sizeof queued->action.job);
    queued->action.target = queued->text;
    queued->action.target_length = request->target_length;
}

static int cache_request(void *self, int64_t now_us, const struct freshcheck_request *request)
{
    struct cache *cache = self;
    struct record record;
    int size;
    char *value = tcmdbget3(cache->records, request->target, (int)request->target_length, &size);
    if (value) {
        memcpy(&record, value, sizeof record);
        if (now_us - record.put_us < cache->timeout_us)
            reply(cache, request->id, record.status, value + sizeof record,
                  (size_t)size - sizeof record);
        else
            fetch(cache, request);
        tcfree(value);
        return FRESHCHECK_TAKEN;
    }
    fetch(cache, request);
    return FRESHCHECK_TAKEN;
}

static struct waiter *take_waiter(struct cache *cache, uint64_t request)
{
    for (struct waiter **at = &cache->waiters; *at; at = &(*at)->next) {
        struct waiter *waiter = *at;
        if (waiter->request != request)
            continue;
        *at = waiter->next;
        return waiter;
    }
    return NULL;
}

static void free_waiter(struct waiter *waiter)
{
    tcfree(waiter->target);
    tcfree(waiter);
}

static void cache_fetched(void *self, int64_t now_us, const struct freshcheck_fetched *fetched)
{
    struct cache *cache = self;
    const struct record record = {.put_us = now_us, .status = fetched->status};
    struct waiter *waiter = take_waiter(cache, fetched->fetch);
    push(cache, FRESHCHECK_RELEASE, fetched->fetch, NULL, 0);
    if (!waiter)
        return;
    const int key_length = (int)strlen(waiter->target);
    tcmdbput(cache->records, waiter->target, key_length, &record, sizeof record);
    tcmdbputcat(cache->records, waiter->target, key_length, fetched->body,
                (int)fetched->body_length);
    if (tcmdbrnum(cache->records) > cache->records_max)
        tcmdbcutfront(cache->records, 1);
    reply(cache, waiter->request, fetched->status, fetched->body, fetched->body_length);
    free_waiter(waiter);
}

static void cache_abandon(void *self, int64_t now_us, uint64_t request)
{
    struct waiter *waiter = take_waiter(self, request);
    (void)now_us;
    if (waiter)
        free_waiter(waiter);
}

static int cache_next(void *self, struct freshcheck_action *action)
{
    struct cache *cache = self;
    struct queued *queued = cache->first;
    if (!queued)
        return 0;
    *action = queued->action;
    tcfree(cache->lent);
    cache->lent = queued->text;
    cache->first = queued->next;
    if (!cache->first)
        cache->end = &cache->first;
    tcfree(queued);
    return 1;
}

static void cache_close(void *self)
{
    struct cache *cache = self;
    struct freshcheck_action action;
    while (cache_next(cache, &action))
        continue;
    while (cache->waiters) {
        struct waiter *waiter = cache->waiters;
        cache->waiters = waiter->next;
        free_waiter(waiter);
    }
    tcfree(cache->lent);
    tcmdbdel(cache->records);
    tcfree(cache);
}

const struct freshcheck_implementation freshcheck_implementation = {
    .abi_version = FRESHCHECK_ABI_VERSION,
    .size = sizeof(struct freshcheck_implementation),
    .summary = "documents in Tokyo Cabinet's on-memory hash, with times of our own",
    .takes = FRESHCHECK_STATISTICS,
    .open = cache_open,
    .request = cache_request,
    .fetched = cache_fetched,
    .abandon = cache_abandon,
    .next = cache_next,
    .close = cache_close,
};
