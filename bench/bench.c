#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "harness/command_line/files.h"
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

int main(void)
{
    time_scenario("bench/reads.yaml", 0, "hits", true);
    time_scenario("bench/day.yaml", 0, "day_of_64_clients", false);
    time_scenario("bench/hour.yaml", 1000, "hour_with_bodies", false);
    return 0;
}
