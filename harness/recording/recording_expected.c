#include <stdlib.h>
#include <string.h>

#include "harness/recording/recording_internal.h"

/* How old the answers of a recording should have been by its settings, if one cache gave them. */

struct expected_job {
    struct id job;
    struct expected_entry entry;
};

struct expectation {
    struct expected_job *jobs; /* by id */
    size_t job_count;
    struct expected_completion *completions; /* job by job */
    bool is_shared;                          /* with the paths of the execution graph */
};

/* A completion with what it is sorted by. */
struct timed {
    struct id job;
    int64_t checkpoint;
    struct expected_completion times;
};

static int by_job_and_time(const void *left, const void *right)
{
    const struct timed *a = left, *b = right;
    const int jobs = id_compare(a->job, b->job);
    if (jobs != 0)
        return jobs;
    if (a->times.shown_us != b->times.shown_us)
        return a->times.shown_us < b->times.shown_us ? -1 : 1;
    return a->checkpoint < b->checkpoint ? -1 : a->checkpoint > b->checkpoint;
}

/* Whoever lacks one of these lacks what came after it too, so the earliest counts. */
static void put_jobs(struct expectation *expectation, const struct timed *sorted, size_t count,
                     int64_t timeout_us)
{
    struct expected_completion *completions = expectation->completions;
    for (size_t i = count; i-- > 0;) {
        completions[i] = sorted[i].times;
        if (i + 1 < count && id_equal(sorted[i].job, sorted[i + 1].job) &&
            completions[i + 1].counts_us < completions[i].counts_us)
            completions[i].counts_us = completions[i + 1].counts_us;
    }
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && id_equal(sorted[i].job, sorted[end].job);)
            end++;
        expectation->jobs[expectation->job_count++] = (struct expected_job){
            sorted[i].job, expected_entry(timeout_us, &completions[i], end - i)};
    }
}

/* A cache with a timeout of 0 is never stale, and of one whose timeout is not known nothing is. */
static bool can_expect(const struct recording *recording, const struct claim *claim)
{
    return claim->settings_timeout_us > 0 && strcmp(recording->flink_version, "unknown") != 0;
}

/* A trigger that is done makes its checkpoint count from then on. One that no answer showed until
 * the end is not known any better. */
static size_t add_triggered(const struct recording *recording, struct timed *items)
{
    size_t count = recording->completion_count, known;
    for (size_t i = 0; i < recording->triggered_count; i++) {
        const struct recorded_trigger *trigger = &recording->triggered[i];
        if (!recording_find_completion(recording, trigger->job, trigger->checkpoint, &known))
            items[count++] = (struct timed){
                trigger->job, trigger->checkpoint, {trigger->done_us, trigger->done_us}};
        else if (trigger->done_us < items[known].times.counts_us)
            items[known].times.counts_us = trigger->done_us;
    }
    return count;
}

static size_t collect(const struct recording *recording, const struct claim *claim,
                      struct timed *items)
{
    if (!can_expect(recording, claim))
        return 0;
    for (size_t i = 0; i < recording->completion_count; i++) {
        const struct recorded_completion *completion = &recording->completions[i];
        items[i] = (struct timed){completion->job,
                                  completion->checkpoint,
                                  {recording_ack_us(recording, completion),
                                   recording_complete_us(recording, completion, claim->margin_us)}};
    }
    const size_t count = add_triggered(recording, items);
    qsort(items, count, sizeof *items, by_job_and_time);
    return count;
}

struct expectation *expectation_new(const struct recording *recording, const struct claim *claim)
{
    const size_t most = recording->completion_count + recording->triggered_count + 1;
    struct expectation *expectation = calloc(1, sizeof *expectation);
    struct timed *sorted = calloc(most, sizeof *sorted);
    if (!expectation || !sorted)
        goto fail;
    const size_t count = collect(recording, claim, sorted);
    expectation->is_shared = recording_shares_cache(recording);
    expectation->jobs = calloc(count + 1, sizeof *expectation->jobs);
    expectation->completions = calloc(count + 1, sizeof *expectation->completions);
    if (!expectation->jobs || !expectation->completions)
        goto fail;
    put_jobs(expectation, sorted, count, claim->settings_timeout_us);
    free(sorted);
    return expectation;
fail:
    free(sorted);
    expectation_free(expectation);
    return NULL;
}

void expectation_free(struct expectation *expectation)
{
    if (!expectation)
        return;
    free(expectation->jobs);
    free(expectation->completions);
    free(expectation);
}

static struct expected_job *find(const struct expectation *expectation, struct id job)
{
    size_t low = 0, high = expectation->job_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (id_compare(expectation->jobs[middle].job, job) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < expectation->job_count && id_equal(expectation->jobs[low].job, job)
               ? &expectation->jobs[low]
               : NULL;
}

void expectation_add(struct expectation *expectation, const struct recorded_exchange *exchange)
{
    const bool is_read = exchange->body->seen.kind == OBSERVED_STATISTICS;
    const bool fills = expectation->is_shared && exchange->status == 200 &&
                       (exchange->path == PATH_JOB || exchange->path == PATH_CONFIG);
    struct expected_job *job = is_read || fills ? find(expectation, exchange->job) : NULL;
    if (job)
        expected_request(&job->entry, exchange->sent_us, is_read);
}

void expectation_conclude(const struct expectation *expectation,
                          struct expected_staleness *expected)
{
    *expected = (struct expected_staleness){0};
    for (size_t i = 0; i < expectation->job_count; i++)
        expected_add(expected, &expectation->jobs[i].entry);
}
