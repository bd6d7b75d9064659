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
    const struct recorded_completion *completion;
    struct expected_completion times;
};

static int by_job_and_time(const void *left, const void *right)
{
    const struct timed *a = left, *b = right;
    const int jobs = id_compare(a->completion->job, b->completion->job);
    if (jobs != 0)
        return jobs;
    if (a->times.shown_us != b->times.shown_us)
        return a->times.shown_us < b->times.shown_us ? -1 : 1;
    return a->completion->checkpoint < b->completion->checkpoint ? -1 : 1;
}

/* Whoever lacks one of these lacks what came after it too, so the earliest counts. */
static void put_jobs(struct expectation *expectation, const struct timed *sorted, size_t count,
                     int64_t timeout_us)
{
    for (size_t i = count; i-- > 0;) {
        const bool same_job =
            i + 1 < count && id_equal(sorted[i].completion->job, sorted[i + 1].completion->job);
        expectation->completions[i] = sorted[i].times;
        if (same_job &&
            expectation->completions[i + 1].counts_us < expectation->completions[i].counts_us)
            expectation->completions[i].counts_us = expectation->completions[i + 1].counts_us;
    }
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1;
             end < count && id_equal(sorted[i].completion->job, sorted[end].completion->job);)
            end++;
        expectation->jobs[expectation->job_count++] = (struct expected_job){
            sorted[i].completion->job,
            expected_entry(timeout_us, &expectation->completions[i], end - i)};
    }
}

/* A cache with a timeout of 0 is never stale, and of one whose timeout is not known nothing is. */
static size_t count_of(const struct recording *recording, const struct claim *claim)
{
    return claim->settings_timeout_us > 0 && strcmp(recording->flink_version, "unknown") != 0
               ? recording->completion_count
               : 0;
}

static void sort(const struct recording *recording, const struct claim *claim, struct timed *sorted,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct recorded_completion *completion = &recording->completions[i];
        sorted[i].completion = completion;
        sorted[i].times.shown_us = recording_ack_us(recording, completion);
        sorted[i].times.counts_us = recording_complete_us(recording, completion, claim->margin_us);
    }
    qsort(sorted, count, sizeof *sorted, by_job_and_time);
}

struct expectation *expectation_new(const struct recording *recording, const struct claim *claim)
{
    const size_t count = count_of(recording, claim);
    struct expectation *expectation = calloc(1, sizeof *expectation);
    struct expected_job *jobs = calloc(count + 1, sizeof *jobs);
    struct expected_completion *completions = calloc(count + 1, sizeof *completions);
    struct timed *sorted = calloc(count + 1, sizeof *sorted);
    if (!expectation || !jobs || !completions || !sorted) {
        free(expectation);
        free(jobs);
        free(completions);
        free(sorted);
        return NULL;
    }
    *expectation = (struct expectation){
        .jobs = jobs, .completions = completions, .is_shared = recording_shares_cache(recording)};
    sort(recording, claim, sorted, count);
    put_jobs(expectation, sorted, count, claim->settings_timeout_us);
    free(sorted);
    return expectation;
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
    const bool fills = expectation->is_shared &&
                       (exchange->path == PATH_JOB || exchange->path == PATH_CONFIG) &&
                       exchange->status == 200;
    if (!is_read && !fills)
        return;
    struct expected_job *job = find(expectation, exchange->job);
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
