#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "harness/judge/judge.h"

/*
 * Times the judge alone: ten million reads against one million completions, held in memory, with
 * every property of age, order and content claimed. Prints name value unit, the best of three runs
 * on one core; the history must pass, or there is no figure.
 */

enum { READS = 10000000, COMPLETIONS = 1000000, CLIENTS = 64, HISTORY = 10, PATH_SIZE = 64 };
enum { PERIOD_US = 1000 };

/* A read in few bytes: what it showed is the snapshot that was there when it was answered. */
struct read {
    int64_t sent_us;
    uint32_t took_us, snapshot, client;
};

struct history {
    struct read *reads;
    int64_t *completed_us;            /* of checkpoint 1, 2 ... */
    struct seen_checkpoint *youngest; /* every checkpoint, the last one first */
    char (*paths)[PATH_SIZE];
};

static const struct id job = {0xaaaaaaaaaaaaaaaa, 0x1111111111111111};

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

static void make_checkpoints(struct history *history, struct random *random)
{
    for (int64_t i = 0; i < COMPLETIONS; i++) {
        history->completed_us[i] = (i + 1) * PERIOD_US + random_between(random, 0, PERIOD_US / 2);
        snprintf(history->paths[i], PATH_SIZE,
                 "s3://c/aaaaaaaaaaaaaaaa1111111111111111/chk-%" PRId64, i + 1);
        history->youngest[COMPLETIONS - 1 - i] =
            (struct seen_checkpoint){.id = i + 1,
                                     .status = SEEN_COMPLETED,
                                     .trigger_ms = i + 1,
                                     .latest_ack_ms = i + 1,
                                     .state_size = 100,
                                     .path = history->paths[i]};
    }
}

/* Reads of many clients, each answered within 200 us, in the order in which they were answered. */
static void make_reads(struct history *history, struct random *random)
{
    const int64_t end_us = (int64_t)COMPLETIONS * PERIOD_US;
    uint32_t snapshot = 0;
    for (int64_t i = 0; i < READS; i++) {
        const int64_t done_us = PERIOD_US + i * (end_us / READS);
        const uint32_t took_us = (uint32_t)random_between(random, 1, 200);
        while (snapshot < COMPLETIONS && history->completed_us[snapshot] < done_us)
            snapshot++;
        history->reads[i] = (struct read){.sent_us = done_us - took_us,
                                          .took_us = took_us,
                                          .snapshot = snapshot,
                                          .client = (uint32_t)random_below(random, CLIENTS)};
    }
}

static void show(const struct history *history, uint32_t snapshot, struct observation *seen)
{
    const struct seen_checkpoint *latest = &history->youngest[COMPLETIONS - snapshot];
    seen->total = seen->completed = snapshot;
    seen->version = 2 * (uint64_t)snapshot;
    seen->has_latest_completed = snapshot > 0;
    seen->history_count = snapshot < HISTORY ? snapshot : HISTORY;
    seen->history = &history->youngest[COMPLETIONS - snapshot];
    if (snapshot > 0)
        seen->latest_completed = *latest;
}

static void tell_completion(const struct history *history, int64_t i, struct judge *judge)
{
    struct fact fact = {.job = job,
                        .at_us = history->completed_us[i],
                        .run = 1,
                        .checkpoint = i + 1,
                        .trigger_ms = i + 1,
                        .path = history->paths[i]};
    fact.kind = FACT_BEGAN;
    judge_fact(judge, &fact);
    fact.kind = FACT_COMPLETED;
    judge_fact(judge, &fact);
}

static void feed(const struct history *history, struct judge *judge)
{
    struct observation seen = {.borrows = true, .kind = OBSERVED_STATISTICS};
    struct exchange exchange = {.path = PATH_STATISTICS,
                                .target = "/jobs/aaaaaaaaaaaaaaaa1111111111111111/checkpoints",
                                .job = job,
                                .bound_us = -1,
                                .status = 200,
                                .seen = &seen};
    uint32_t shown = UINT32_MAX;
    int64_t told = 0;
    judge_fact(judge, &(struct fact){.kind = FACT_RUN_BEGAN, .job = job, .run = 1});
    for (int64_t i = 0; i < READS; i++) {
        const struct read *read = &history->reads[i];
        exchange.sent_us = read->sent_us;
        exchange.done_us = exchange.left_us = read->sent_us + read->took_us;
        while (told < COMPLETIONS && history->completed_us[told] <= exchange.done_us)
            tell_completion(history, told++, judge);
        if (read->snapshot != shown)
            show(history, read->snapshot, &seen);
        shown = read->snapshot;
        exchange.seq = (uint64_t)i + 1;
        exchange.seen_serial = (uint64_t)shown + 1;
        exchange.client_index = read->client;
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

int main(void)
{
    struct random random;
    struct history history = {
        .reads = must(calloc(READS, sizeof *history.reads)),
        .completed_us = must(calloc(COMPLETIONS, sizeof *history.completed_us)),
        .youngest = must(calloc(COMPLETIONS + HISTORY, sizeof *history.youngest)),
        .paths = must(calloc(COMPLETIONS, sizeof *history.paths))};
    random_seed(&random, 1);
    make_checkpoints(&history, &random);
    make_reads(&history, &random);
    printf("check_10m_reads_seconds %.3f s\n", best_seconds(&history, 0));
    printf("check_10m_reads_bounded_seconds %.3f s\n", best_seconds(&history, 10000));
    free(history.reads);
    free(history.completed_us);
    free(history.youngest);
    free(history.paths);
    return 0;
}
