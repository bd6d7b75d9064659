#include "mock_jobmanager/jobmanager_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* How long the result of an operation is kept. Source: Flink rest.async.store-duration. */
static const int64_t store_duration_us = INT64_C(5) * 60 * 1000 * 1000;

static bool has_expired(const struct jobmanager *jobmanager, const struct operation *operation)
{
    return operation->done && jobmanager->now_us - operation->done_us >= store_duration_us;
}

static void remove_operation(struct jobmanager *jobmanager, size_t place)
{
    free(jobmanager->operations[place].location);
    free(jobmanager->operations[place].failure);
    memmove(&jobmanager->operations[place], &jobmanager->operations[place + 1],
            (--jobmanager->operation_count - place) * sizeof *jobmanager->operations);
}

static void remove_expired(struct jobmanager *jobmanager)
{
    for (size_t i = jobmanager->operation_count; i-- > 0;)
        if (has_expired(jobmanager, &jobmanager->operations[i]))
            remove_operation(jobmanager, i);
}

static bool is_key(struct operation_key a, struct operation_key b)
{
    return a.sort == b.sort && id_equal(a.job, b.job) && id_equal(a.trigger, b.trigger);
}

struct operation *operation_find(struct jobmanager *jobmanager, struct operation_key key)
{
    remove_expired(jobmanager);
    for (size_t i = 0; i < jobmanager->operation_count; i++)
        if (is_key(jobmanager->operations[i].key, key))
            return &jobmanager->operations[i];
    return NULL;
}

bool operation_add(struct jobmanager *jobmanager, struct operation_key key)
{
    struct operation *const operations = grow(jobmanager->operations, jobmanager->operation_count,
                                              &jobmanager->operation_capacity, sizeof *operations);
    if (!operations)
        return false;
    jobmanager->operations = operations;
    operations[jobmanager->operation_count++] = (struct operation){.key = key};
    return true;
}

/* NULL: it was forgotten meanwhile, and ends for nobody. */
static struct operation *finish(struct jobmanager *jobmanager, struct operation_key key)
{
    struct operation *const operation = operation_find(jobmanager, key);
    if (operation) {
        operation->done = true;
        operation->done_us = jobmanager->now_us;
    }
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

/* They were kept in the memory of a JobManager that is gone. */
void operations_forget(struct jobmanager *jobmanager, struct id job)
{
    for (size_t i = jobmanager->operation_count; i-- > 0;)
        if (id_equal(jobmanager->operations[i].key.job, job))
            remove_operation(jobmanager, i);
}

void operations_free(struct jobmanager *jobmanager)
{
    while (jobmanager->operation_count > 0)
        remove_operation(jobmanager, jobmanager->operation_count - 1);
    free(jobmanager->operations);
}
