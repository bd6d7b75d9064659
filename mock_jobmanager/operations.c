#include <stdlib.h>

#include "base/text.h"
#include "mock_jobmanager/jobmanager_internal.h"
#include "mock_jobmanager/operations_internal.h"

enum { FIRST_BUCKETS = 64 };

/* How long the result of an operation is kept. Source: Flink rest.async.store-duration. */
static const int64_t store_duration_us = INT64_C(5) * 60 * 1000 * 1000;

static size_t hash(struct operation_key key)
{
    const uint64_t mixed = id_hash(key.job) * 31 + id_hash(key.trigger) + (uint64_t)key.sort;
    return (size_t)(mixed ^ (mixed >> 32));
}

static bool is_key(struct operation_key a, struct operation_key b)
{
    return a.sort == b.sort && id_equal(a.job, b.job) && id_equal(a.trigger, b.trigger);
}

/* Where the operation hangs, or where it would be hung. */
static struct operation **link_of(const struct operations *operations, struct operation_key key)
{
    struct operation **link = &operations->buckets[hash(key) & (operations->bucket_count - 1)];
    while (*link && !is_key((*link)->key, key))
        link = &(*link)->next;
    return link;
}

/* False when out of memory: what hangs stays where it is. */
static bool resize(struct operations *operations, size_t bucket_count)
{
    struct operations resized = *operations;
    resized.buckets = calloc(bucket_count, sizeof(struct operation *));
    resized.bucket_count = bucket_count;
    if (!resized.buckets)
        return false;
    for (size_t i = 0; i < operations->bucket_count; i++) {
        while (operations->buckets[i]) {
            struct operation *const operation = operations->buckets[i];
            operations->buckets[i] = operation->next;
            operation->next = NULL;
            *link_of(&resized, operation->key) = operation;
        }
    }
    free(operations->buckets);
    *operations = resized;
    return true;
}

static void leave_done(struct operations *operations, struct operation *operation)
{
    if (!operation->done)
        return;
    struct operation *const before = operation->done_before, *const after = operation->done_after;
    *(before ? &before->done_after : &operations->done_first) = after;
    *(after ? &after->done_before : &operations->done_last) = before;
}

static void join_done(struct operations *operations, struct operation *operation)
{
    operation->done_before = operations->done_last;
    operation->done_after = NULL;
    struct operation *const last = operations->done_last;
    *(last ? &last->done_after : &operations->done_first) = operation;
    operations->done_last = operation;
}

static void remove_at(struct operations *operations, struct operation **link)
{
    struct operation *const operation = *link;
    *link = operation->next;
    leave_done(operations, operation);
    free(operation->location);
    free(operation->failure);
    free(operation);
    operations->count--;
}

static void remove_expired(struct jobmanager *jobmanager)
{
    struct operations *const operations = &jobmanager->operations;
    while (operations->done_first &&
           jobmanager->now_us - operations->done_first->done_us >= store_duration_us)
        remove_at(operations, link_of(operations, operations->done_first->key));
    /* Without memory for fewer buckets they stay as they are. */
    if (operations->bucket_count > FIRST_BUCKETS &&
        operations->count < operations->bucket_count / 8)
        (void)resize(operations, operations->bucket_count / 2);
}

struct operation *operation_find(struct jobmanager *jobmanager, struct operation_key key)
{
    remove_expired(jobmanager);
    if (jobmanager->operations.count == 0)
        return NULL;
    return *link_of(&jobmanager->operations, key);
}

static bool make_room(struct operations *operations)
{
    if (operations->count < operations->bucket_count)
        return true;
    return resize(operations,
                  operations->bucket_count ? 2 * operations->bucket_count : FIRST_BUCKETS);
}

bool operation_add(struct jobmanager *jobmanager, struct operation_key key)
{
    struct operations *const operations = &jobmanager->operations;
    struct operation *const operation = calloc(1, sizeof *operation);
    if (!operation || !make_room(operations)) {
        free(operation);
        return false;
    }
    operation->key = key;
    *link_of(operations, key) = operation;
    operations->count++;
    return true;
}

/* NULL: it was forgotten meanwhile, and ends for nobody. */
static struct operation *finish(struct jobmanager *jobmanager, struct operation_key key)
{
    struct operation *const operation = operation_find(jobmanager, key);
    if (!operation || operation->done)
        return NULL;
    operation->done = true;
    operation->done_us = jobmanager->now_us;
    join_done(&jobmanager->operations, operation);
    return operation;
}

bool operation_succeeds(struct jobmanager *jobmanager, struct operation_key key, int64_t checkpoint,
                        const char *location)
{
    char *const copy = text_copy(location);
    if (location && !copy)
        return false;
    struct operation *const operation = finish(jobmanager, key);
    if (!operation) {
        free(copy);
        return true;
    }
    operation->checkpoint = checkpoint;
    operation->location = copy;
    return true;
}

bool operation_fails(struct jobmanager *jobmanager, struct operation_key key, const char *failure)
{
    char *const copy = text_copy(failure);
    if (failure && !copy)
        return false;
    struct operation *const operation = finish(jobmanager, key);
    if (!operation) {
        free(copy);
        return true;
    }
    operation->failed = true;
    operation->failure = copy;
    return true;
}

/* Those of one job, or all when there is none. */
static void remove_all(struct operations *operations, const struct id *job)
{
    for (size_t i = 0; i < operations->bucket_count; i++) {
        struct operation **link = &operations->buckets[i];
        while (*link) {
            if (!job || id_equal((*link)->key.job, *job))
                remove_at(operations, link);
            else
                link = &(*link)->next;
        }
    }
}

/* They were kept in the memory of a JobManager that is gone. */
void operations_forget(struct jobmanager *jobmanager, struct id job)
{
    remove_all(&jobmanager->operations, &job);
}

void operations_free(struct jobmanager *jobmanager)
{
    remove_all(&jobmanager->operations, NULL);
    free(jobmanager->operations.buckets);
}
