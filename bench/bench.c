#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "harness/command_line/files.h"
#include "harness/explore/explore.h"
#include "harness/scenario/scenario.h"
#include "harness/virtual_time/run.h"

/*
 * Times the virtual-time loop on whole scenarios and prints one figure a line: name value unit.
 * Each is the best of three runs on one core; the run must pass its claims, or there is no figure.
 */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct plan *load(const char *name)
{
    struct buffer text = {0};
    struct complaints complaints = {0};
    struct plan *plan = NULL;
    if (file_read(name, 1 << 20, &text))
        plan = scenario_parse(text.bytes, text.length, name, implementation_names(), &complaints);
    if (!plan) {
        struct buffer out = {0};
        complaints_print(&complaints, name, text.bytes, text.length, &out);
        fwrite(out.bytes, 1, out.length, stderr);
        exit(65);
    }
    buffer_free(&text);
    complaints_free(&complaints);
    return plan;
}

/* The best of three: what the machine can do when nothing else takes it away. */
static int runs = 3;
static double best_seconds(const struct plan *plan, uint32_t parse_every, struct run_result *result)
{
    const struct implementation *reference = implementation_find("reference");
    const struct run_options options = {
        .seed = 1, .parse_every = parse_every, .write_bodies = parse_every > 0};
    double best = 1e9;
    for (int i = 0; i < runs; i++) {
        const double before = seconds_now();
        const char *why = run_virtual(plan, reference, &options, result);
        const double taken = seconds_now() - before;
        if (why || result->judgement.whole != VERDICT_PASS) {
            fprintf(stderr, "bench: %s: %s\n", plan->file, why ? why : "the claims did not hold");
            exit(1);
        }
        best = taken < best ? taken : best;
    }
    return best;
}

static void time_scenario(const char *file, uint32_t parse_every, const char *name, bool per_second)
{
    struct plan *plan = load(file);
    struct run_result result;
    const double seconds = best_seconds(plan, parse_every, &result);
    printf("%s_reads %" PRIu64 " reads\n%s_fetches %" PRIu64 " calls\n", name, result.reads, name,
           result.fetches);
    if (per_second)
        printf("checked_reads_per_second %.0f reads/s\n", (double)result.reads / seconds);
    else
        printf("%s_seconds %.3f s\n", name, seconds);
    plan_free(plan);
}

/* All that `freshcheck explore` does to find nothing, in so many processes. */
static double explore_seconds(size_t worker_count, struct tally *tally)
{
    const struct explorer explorer = {.implementation = implementation_find("reference"),
                                      .seeds = {.first = 1, .step = 1, .count = 4000},
                                      .parse_every = EXPLORE_PARSE_EVERY,
                                      .worker_count = worker_count};
    double best = 1e9;
    for (int i = 0; i < runs; i++) {
        struct exploration exploration = {0};
        char trouble[TROUBLE_MAX] = "";
        const double before = seconds_now();
        const bool fine = explore_seeds(&explorer, &exploration, trouble);
        const double taken = seconds_now() - before;
        *tally = exploration.tally;
        exploration_free(&exploration);
        if (!fine || tally->failed_runs > 0) {
            fprintf(stderr, "bench: explore: %s\n", fine ? "the reference broke a claim" : trouble);
            exit(1);
        }
        best = taken < best ? taken : best;
    }
    return best;
}

static void time_explore(size_t worker_count, const char *name)
{
    struct tally tally;
    const double seconds = explore_seconds(worker_count, &tally);
    printf("%s_timelines_per_second %.0f timelines/s\n", name, (double)tally.seeds / seconds);
    printf("%s_reads_per_second %.0f reads/s\n", name, (double)tally.reads / seconds);
    if (worker_count == 1)
        printf("explore_reads_per_timeline %.0f reads\n",
               (double)tally.reads / (double)tally.seeds);
}

int main(void)
{
    time_scenario("bench/reads.yaml", 0, "hits", true);
    time_scenario("bench/day.yaml", 0, "day_of_64_clients", false);
    time_scenario("bench/hour.yaml", 1000, "hour_with_bodies", false);
    time_explore(1, "explore_one_core");
    time_explore(2, "explore");
    return 0;
}
