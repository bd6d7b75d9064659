#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "harness/judge/judge.h"

/*
 * Times the judge alone: ten million reads against one million completions, held in memory, with
 * every property claimed, of one job and of several, once under `fresh` and once with an age, where
 * each client is compared with itself. Prints name value unit: each the best of three runs on one
 * core, and the slowest of them. The history must pass, or there is no figure.
 */

enum { READS = 10000000, COMPLETIONS = 1000000, CLIENTS = 64, HISTORY = 10, PATH_SIZE = 64 };
enum { JOBS_MAX = 8, BOUND_US = 10 * 1000 };
enum { PERIOD_US = 1000, TOOK_MAX_US = 200 };

/* A read in few bytes: what it showed is the snapshot that was there when it was answered. */
struct read {
    int64_t sent_us;
    uint32_t took_us, snapshot;
    uint16_t client, job;
};

/* Jobs take turns: the i-th completion is of job i % jobs. */
struct history {
    size_t jobs, per_job;
    struct read *reads;
    int64_t *completed_us;
    struct seen_checkpoint *youngest; /* of each job all checkpoints, the last one first */
    char (*paths)[PATH_SIZE];
};

static struct id job_at(size_t index)
{
    return (struct id){0xaaaaaaaaaaaaaaaa, 0x1111111111111111 * (index + 1)};
}

/* Of this process on its core: nothing here waits, and others may use the machine. */
static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *must(void *memory)
{
    if (memory)
        return memory;
    fprintf(stderr, "check_10m: out of memory\n");
    exit(1);
}

/* The checkpoints of a job from this one down; beyond the first there is none. */
static struct seen_checkpoint *youngest_of(const struct history *history, size_t job, uint32_t id)
{
    return &history->youngest[job * (history->per_job + HISTORY) + history->per_job - id];
}

static void make_checkpoints(struct history *history, struct random *random)
{
    for (size_t i = 0; i < COMPLETIONS; i++) {
        const size_t job = i % history->jobs;
        const uint32_t id = (uint32_t)(i / history->jobs) + 1;
        history->completed_us[i] =
            (int64_t)(i + 1) * PERIOD_US + random_between(random, 0, PERIOD_US / 2);
        snprintf(history->paths[i], PATH_SIZE, "s3://c/%016" PRIx64 "%016" PRIx64 "/chk-%" PRIu32,
                 job_at(job).high, job_at(job).low, id);
        *youngest_of(history, job, id) = (struct seen_checkpoint){.id = id,
                                                                  .status = SEEN_COMPLETED,
                                                                  .trigger_ms = id,
                                                                  .latest_ack_ms = id,
                                                                  .state_size = 100,
                                                                  .path = history->paths[i]};
    }
}

/* Reads of many clients, each answered within TOOK_MAX_US, in the order in which they were
 * answered. */
static void make_reads(struct history *history, struct random *random)
{
    const int64_t end_us = (int64_t)COMPLETIONS * PERIOD_US;
    size_t completed = 0;
    for (int64_t i = 0; i < READS; i++) {
        const int64_t done_us = PERIOD_US + i * (end_us / READS);
        const uint32_t took_us = (uint32_t)random_between(random, 1, TOOK_MAX_US);
        const size_t job = random_below(random, history->jobs);
        while (completed < COMPLETIONS && history->completed_us[completed] < done_us)
            completed++;
        history->reads[i] = (struct read){
            .sent_us = done_us - took_us,
            .took_us = took_us,
            .snapshot = (uint32_t)((completed + history->jobs - 1 - job) / history->jobs),
            .job = (uint16_t)job,
            .client = (uint16_t)random_below(random, CLIENTS)};
    }
}

static void show(const struct history *history, const struct read *read, struct observation *seen)
{
    const uint32_t snapshot = read->snapshot;
    const struct seen_checkpoint *latest = youngest_of(history, read->job, snapshot);
    seen->total = seen->completed = snapshot;
    seen->version = 2 * (uint64_t)snapshot;
    seen->has_latest_completed = snapshot > 0;
    seen->history_count = snapshot < HISTORY ? snapshot : HISTORY;
    seen->history = youngest_of(history, read->job, snapshot);
    if (snapshot > 0)
        seen->latest_completed = *latest;
}

static void tell_completion(const struct history *history, size_t i, struct judge *judge)
{
    struct fact fact = {.job = job_at(i % history->jobs),
                        .at_us = history->completed_us[i],
                        .run = 1,
                        .checkpoint = (int64_t)(i / history->jobs) + 1,
                        .trigger_ms = (int64_t)(i / history->jobs) + 1,
                        .path = history->paths[i]};
    fact.kind = FACT_BEGAN;
    judge_fact(judge, &fact);
    fact.kind = FACT_COMPLETED;
    judge_fact(judge, &fact);
}

static void begin(const struct history *history, struct judge *judge)
{
    for (size_t i = 0; i < history->jobs; i++) {
        judge_name_job(judge, job_at(i), "J");
        judge_fact(judge, &(struct fact){.kind = FACT_RUN_BEGAN, .job = job_at(i), .run = 1});
    }
}

static void feed(const struct history *history, struct judge *judge)
{
    static struct observation seen[JOBS_MAX];
    uint32_t shown[JOBS_MAX];
    struct exchange exchange = {.path = PATH_STATISTICS,
                                .target = "/jobs/aaaaaaaaaaaaaaaa1111111111111111/checkpoints",
                                .bound_us = -1,
                                .status = 200};
    size_t told = 0;
    begin(history, judge);
    for (size_t i = 0; i < JOBS_MAX; i++) {
        seen[i] = (struct observation){.borrows = true, .kind = OBSERVED_STATISTICS};
        shown[i] = UINT32_MAX;
    }
    for (int64_t i = 0; i < READS; i++) {
        const struct read *read = &history->reads[i];
        exchange.sent_us = read->sent_us;
        exchange.done_us = exchange.left_us = read->sent_us + read->took_us;
        while (told < COMPLETIONS && history->completed_us[told] <= exchange.done_us)
            tell_completion(history, told++, judge);
        if (read->snapshot != shown[read->job])
            show(history, read, &seen[read->job]);
        shown[read->job] = read->snapshot;
        exchange.job = job_at(read->job);
        exchange.job_hint = read->job;
        exchange.seen = &seen[read->job];
        exchange.seq = (uint64_t)i + 1;
        exchange.seen_serial = (uint64_t)read->snapshot * JOBS_MAX + read->job + 1;
        exchange.client_index = read->client;
        judge_horizon(judge, exchange.done_us - TOOK_MAX_US);
        judge_exchange(judge, &exchange);
    }
}

static double seconds_to_judge(const struct history *history, const struct claim *claim)
{
    static struct judgement judgement;
    const double before = seconds_now();
    struct judge *judge = must(judge_new(claim));
    feed(history, judge);
    judge_verdicts(judge, &judgement);
    const double taken = seconds_now() - before;
    judge_free(judge);
    if (judgement.whole != VERDICT_PASS) {
        fprintf(stderr, "check_10m: the history did not pass\n");
        exit(1);
    }
    return taken;
}

static double best_seconds(const struct history *history, int64_t bound_us)
{
    struct claim claim = {.bound_us = bound_us, .restore_window_us = PERIOD_US};
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        claim.claimed[i] = true;
    double best = 1e9;
    for (int i = 0; i < 3; i++) {
        const double taken = seconds_to_judge(history, &claim);
        best = taken < best ? taken : best;
    }
    return best;
}

static void must_make(struct history *history, size_t jobs)
{
    struct random random;
    random_seed(&random, 1);
    history->jobs = jobs;
    history->per_job = COMPLETIONS / jobs;
    make_checkpoints(history, &random);
    make_reads(history, &random);
}

int main(void)
{
    const struct {
        const char *name;
        size_t jobs;
        int64_t bound_us;
    } cases[] = {{"fresh", 1, 0},
                 {"bounded", 1, BOUND_US},
                 {"fresh_8_jobs", JOBS_MAX, 0},
                 {"bounded_8_jobs", JOBS_MAX, BOUND_US}};
    const size_t places = COMPLETIONS + JOBS_MAX * HISTORY;
    struct history history = {.reads = must(calloc(READS, sizeof *history.reads)),
                              .completed_us =
                                  must(calloc(COMPLETIONS, sizeof *history.completed_us)),
                              .youngest = must(calloc(places, sizeof *history.youngest)),
                              .paths = must(calloc(COMPLETIONS, sizeof *history.paths))};
    double slowest = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].jobs != history.jobs)
            must_make(&history, cases[i].jobs);
        const double taken = best_seconds(&history, cases[i].bound_us);
        printf("check_10m_reads_%s_seconds %.3f s\n", cases[i].name, taken);
        slowest = taken > slowest ? taken : slowest;
    }
    printf("check_10m_reads_seconds %.3f s\n", slowest);
    free(history.reads);
    free(history.completed_us);
    free(history.youngest);
    free(history.paths);
    return 0;
}
