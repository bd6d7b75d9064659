#include "harness/target/ages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/recording/proof.h"

enum { READS_MAX = 4096, KNOWN_MAX = 256 };

/* A checkpoint that was complete by at_us, or one after it was. */
struct known {
    int64_t checkpoint, trigger_ms, at_us;
};

struct job {
    struct id id;
    struct job_age age;
    struct known known[KNOWN_MAX]; /* the newest, by number; at_us never falls */
    size_t known_count;
    uint64_t last_read;
};

/* An answer that may turn out to have been older than was known when it came. */
struct read {
    size_t job; /* SIZE_MAX: of a run that is over */
    int64_t sent_us, shown, second, behind_us;
};

struct ages {
    struct job *jobs;
    size_t job_count;
    int64_t epoch_us;
    struct read reads[READS_MAX]; /* the last ones, by number */
    uint64_t read_count;
    struct {
        int64_t second, worst_us;
    } seconds[AGES_SECONDS_MAX]; /* by second, modulo their number */
};

struct ages *ages_new(const struct id *jobs, size_t job_count)
{
    struct ages *ages = calloc(1, sizeof *ages);
    struct job *items = calloc(job_count + 1, sizeof *items);
    if (!ages || !items) {
        free(ages);
        free(items);
        return NULL;
    }
    ages->jobs = items;
    ages->job_count = job_count;
    for (size_t i = 0; i < job_count; i++) {
        items[i].id = jobs[i];
        items[i].age.newest = -1;
    }
    for (size_t i = 0; i < AGES_SECONDS_MAX; i++)
        ages->seconds[i].second = -1;
    return ages;
}

void ages_free(struct ages *ages)
{
    if (ages)
        free(ages->jobs);
    free(ages);
}

void ages_begin(struct ages *ages, int64_t epoch_us)
{
    ages->epoch_us = epoch_us;
}

static void note_second(struct ages *ages, int64_t second, int64_t behind_us)
{
    const size_t slot = (size_t)(second % AGES_SECONDS_MAX);
    if (ages->seconds[slot].second > second)
        return;
    if (ages->seconds[slot].second < second) {
        ages->seconds[slot].second = second;
        ages->seconds[slot].worst_us = 0;
    }
    if (behind_us > ages->seconds[slot].worst_us)
        ages->seconds[slot].worst_us = behind_us;
}

static void note_age(struct ages *ages, uint64_t number, int64_t behind_us)
{
    struct read *read = &ages->reads[number % READS_MAX];
    struct job *job = &ages->jobs[read->job];
    read->behind_us = behind_us;
    note_second(ages, read->second, behind_us);
    if (number == job->last_read)
        job->age.behind_us = behind_us;
    if (behind_us > job->age.worst_behind_us)
        job->age.worst_behind_us = behind_us;
}

/* Answers that came before, and did not show a checkpoint that was complete at at_us. */
static void correct(struct ages *ages, size_t job, int64_t checkpoint, int64_t at_us)
{
    const uint64_t first = ages->read_count > READS_MAX ? ages->read_count - READS_MAX : 0;
    for (uint64_t i = first; i < ages->read_count; i++) {
        const struct read *read = &ages->reads[i % READS_MAX];
        if (read->job == job && read->shown < checkpoint && read->sent_us - at_us > read->behind_us)
            note_age(ages, i, read->sent_us - at_us);
    }
}

/* The place of the first that is newer than `checkpoint`. */
static size_t first_newer(const struct job *job, int64_t checkpoint)
{
    size_t at = job->known_count;
    while (at > 0 && job->known[at - 1].checkpoint > checkpoint)
        at--;
    return at;
}

/* Whoever was older and is not known to have been complete earlier is known to be so now. */
static void lower(struct job *job, size_t at, int64_t at_us)
{
    for (; at > 0 && job->known[at - 1].at_us > at_us; at--)
        job->known[at - 1].at_us = at_us;
}

/* False when that is no news. */
static bool keep(struct job *job, const struct known *news)
{
    const size_t at = first_newer(job, news->checkpoint);
    if (at > 0 && job->known[at - 1].checkpoint == news->checkpoint) {
        struct known *old = &job->known[at - 1];
        if (news->trigger_ms > 0)
            old->trigger_ms = news->trigger_ms;
        if (old->at_us <= news->at_us)
            return false;
        lower(job, at, news->at_us);
        return true;
    }
    if (at < job->known_count && job->known[at].at_us <= news->at_us)
        return false;
    if (at == 0 && job->known_count == KNOWN_MAX)
        return false;
    const size_t dropped = job->known_count == KNOWN_MAX;
    struct known *begin = job->known;
    memmove(begin, begin + dropped, (at - dropped) * sizeof *begin);
    if (!dropped)
        memmove(begin + at + 1, begin + at, (job->known_count - at) * sizeof *begin);
    begin[at - dropped] = *news;
    job->known_count += !dropped;
    lower(job, at - dropped, news->at_us);
    return true;
}

/*
 * Numbers rise with time within a run and begin again with the next, so a number that is not above
 * the newest but was triggered after it is of a new run, and one that is above but was triggered
 * before is of a run that is over.
 * Source: StandaloneCheckpointIDCounter starts at 1; reference section 5.3.
 */
enum run { RUN_SAME, RUN_NEW, RUN_OVER };

static enum run run_of(const struct job *job, const struct known *news)
{
    if (job->known_count == 0)
        return RUN_SAME;
    const struct known *newest = &job->known[job->known_count - 1];
    if (news->trigger_ms <= 0 || newest->trigger_ms <= 0)
        return RUN_SAME;
    if (news->checkpoint <= newest->checkpoint && news->trigger_ms > newest->trigger_ms)
        return RUN_NEW;
    if (news->checkpoint >= newest->checkpoint && news->trigger_ms < newest->trigger_ms)
        return RUN_OVER;
    return RUN_SAME;
}

static void forget_run(struct ages *ages, size_t index)
{
    ages->jobs[index].known_count = 0;
    ages->jobs[index].age.newest = -1;
    for (size_t i = 0; i < READS_MAX; i++) {
        if (ages->reads[i].job == index)
            ages->reads[i].job = SIZE_MAX;
    }
}

static void learn(struct ages *ages, const struct target_exchange *exchange,
                  const struct known *news, const char *means)
{
    const size_t index = exchange->asked->job;
    struct job *job = &ages->jobs[index];
    const enum run run = run_of(job, news);
    if (run == RUN_OVER)
        return;
    if (run == RUN_NEW)
        forget_run(ages, index);
    if (!keep(job, news))
        return;
    if (news->checkpoint > job->age.newest) {
        job->age.newest = news->checkpoint;
        snprintf(job->age.evidence, sizeof job->age.evidence, "%s %s", means,
                 exchange->asked->client ? exchange->asked->client : "a client");
    }
    correct(ages, index, news->checkpoint, news->at_us);
}

/* An answer that is being taken in. */
struct taking {
    struct ages *ages;
    const struct target_exchange *exchange;
};

/* Its last acknowledgement counts, but not after the answer that shows it: clocks may differ. */
static bool learn_entry(void *context, const struct seen_checkpoint *entry)
{
    const struct taking *taking = context;
    const struct ages *ages = taking->ages;
    const struct target_exchange *exchange = taking->exchange;
    struct known news = {entry->id, entry->trigger_ms, exchange->done_us};
    int64_t ack_us;
    if (proof_is_of_another_job(entry->path, ages->jobs[exchange->asked->job].id))
        return true;
    if (!__builtin_mul_overflow(entry->latest_ack_ms, INT64_C(1000), &ack_us) &&
        !__builtin_sub_overflow(ack_us, ages->epoch_us, &ack_us) && ack_us < news.at_us)
        news.at_us = ack_us;
    learn(taking->ages, exchange, &news,
          exchange->seen->kind == OBSERVED_DETAILS ? "details to" : "an answer to");
    return true;
}

static int64_t age_of(const struct job *job, int64_t shown, int64_t sent_us)
{
    const size_t newer = first_newer(job, shown);
    if (newer == job->known_count || job->known[newer].at_us >= sent_us)
        return 0;
    return sent_us - job->known[newer].at_us;
}

static void take_read(struct ages *ages, const struct target_exchange *exchange)
{
    const struct observation *seen = exchange->seen;
    const size_t index = exchange->asked->job;
    struct job *job = &ages->jobs[index];
    const uint64_t number = ages->read_count++;
    const int64_t shown = seen->has_latest_completed ? seen->latest_completed.id : -1;
    ages->reads[number % READS_MAX] = (struct read){.job = index,
                                                    .sent_us = exchange->sent_us,
                                                    .shown = shown,
                                                    .second = exchange->done_us / 1000000};
    job->age.is_read = true;
    job->last_read = number;
    note_age(ages, number, age_of(job, shown, exchange->sent_us));
}

void ages_tell(struct ages *ages, const struct target_exchange *exchange)
{
    const struct observation *seen = exchange->seen;
    struct taking taking = {ages, exchange};
    if (!seen || exchange->asked->job >= ages->job_count)
        return;
    proof_each(seen, exchange->asked->checkpoint, learn_entry, &taking);
    if (proof_by_trigger(seen)) {
        const struct known news = {seen->trigger_checkpoint, 0, exchange->done_us};
        learn(ages, exchange, &news, "a trigger of");
    }
    if (seen->kind == OBSERVED_STATISTICS)
        take_read(ages, exchange);
}

const struct job_age *ages_of(const struct ages *ages, size_t job)
{
    return &ages->jobs[job].age;
}

size_t ages_seconds(const struct ages *ages, int64_t now_us, int64_t *worst_us,
                    size_t second_count_max)
{
    const int64_t now = now_us / 1000000;
    size_t count = second_count_max < AGES_SECONDS_MAX ? second_count_max : AGES_SECONDS_MAX;
    if ((int64_t)count > now + 1)
        count = (size_t)(now + 1);
    for (size_t i = 0; i < count; i++) {
        const int64_t second = now - (int64_t)(count - 1 - i);
        const size_t slot = (size_t)(second % AGES_SECONDS_MAX);
        worst_us[i] = ages->seconds[slot].second == second ? ages->seconds[slot].worst_us : -1;
    }
    return count;
}
