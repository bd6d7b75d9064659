/* rooms: harness/explore harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "harness/explore/explore.h"

/*
 * Generated timelines and clients: no alarm on the reference, every mutant refuted by the property
 * that it breaks, and Flink's models breaking what Flink breaks and nothing else.
 *
 *   test_seeds N                     tables over the seeds 1 to N
 *   test_seeds 1 SEED [NAME]         what one seed does to one implementation
 */

/* Bodies are read back in one of so many reads, and compared with the data they are written from. */
enum { PARSE_EVERY = 16 };

#ifdef __SANITIZE_ADDRESS__
enum { SEEDS = 60, MODEL_SEEDS = 10, MUTANT_SEEDS = 60 };
#else
enum { SEEDS = 300, MODEL_SEEDS = 60, MUTANT_SEEDS = 3000 };
#endif

/* A generator that never puts a property to the test proves nothing of it: in how many of 1000 runs
 * it has to be. */
static const unsigned least_permille[PROPERTY_COUNT] = {
    [PROPERTY_FRESH] = 150,
    [PROPERTY_BOUNDED_AGE] = 350,
    [PROPERTY_NO_PHANTOM] = 600,
    [PROPERTY_MONOTONIC] = 500,
    [PROPERTY_DASHBOARD_CACHED] = 150,
    [PROPERTY_ISOLATED] = 400,
    [PROPERTY_MINIMAL_FETCH] = 700,
    [PROPERTY_BOUNDED_LOAD] = 600,
    [PROPERTY_NO_KEPT_ERROR] = 150,
    [PROPERTY_RIGHT_JOB] = 400,
    [PROPERTY_UNDISTURBED] = 600,
    [PROPERTY_AVAILABLE] = 600,
    [PROPERTY_CONSISTENT] = 700,
    [PROPERTY_NUMERIC_LATEST] = 500,
    [PROPERTY_LIVE_PATH] = 20,
    [PROPERTY_RESTORE_WINDOW] = 20,
    [PROPERTY_BOUNDED_MEMORY] = 700,
    [PROPERTY_SETTINGS_HONOURED] = 50,
    [PROPERTY_CONVERGES] = 800,
    [PROPERTY_RIGHT_RESTORE] = 40,
    [PROPERTY_WELL_BEHAVED] = 900,
};

/* What docs/mutants.md says each breaks. */
static const struct {
    const char *name;
    enum property breaks;
} mutants[] = {
    {"never-refresh", PROPERTY_BOUNDED_AGE},
    {"failures-kept", PROPERTY_NO_KEPT_ERROR},
    {"joined-fetch", PROPERTY_FRESH},
    {"key-without-job", PROPERTY_RIGHT_JOB},
    {"details-key-without-job", PROPERTY_RIGHT_JOB},
    {"expiry-after-access", PROPERTY_BOUNDED_AGE},
    {"timeout-from-answer", PROPERTY_BOUNDED_AGE},
    {"timeout-in-wrong-unit", PROPERTY_BOUNDED_AGE},
    {"zero-read-as-unset", PROPERTY_FRESH},
    {"wall-clock", PROPERTY_BOUNDED_AGE},
    {"old-answer-overwrites", PROPERTY_MONOTONIC},
    {"text-order", PROPERTY_NUMERIC_LATEST},
    {"waiters-cancelled", PROPERTY_UNDISTURBED},
    {"dashboard-uncached", PROPERTY_DASHBOARD_CACHED},
    {"shared-cache", PROPERTY_FRESH},
    {"stampede", PROPERTY_BOUNDED_LOAD},
};
enum { MUTANT_COUNT = sizeof mutants / sizeof mutants[0] };

#define BIT(name) (UINT32_C(1) << PROPERTY_##name)

/*
 * What Flink is known to break (reference, sections 5 and 13): it does not look at Cache-Control
 * (fresh, bounded-age), both caches cancel or multiply calls (undisturbed, bounded-load), details
 * have no job in their key (right-job), a late savepoint is filed as a checkpoint (consistent), and
 * the graph cache goes by the wall clock (dashboard-cached, converges).
 */
static const uint32_t every_flink = BIT(FRESH) | BIT(BOUNDED_AGE) | BIT(UNDISTURBED) |
                                    BIT(BOUNDED_LOAD) | BIT(RIGHT_JOB) | BIT(CONSISTENT) |
                                    BIT(DASHBOARD_CACHED) | BIT(CONVERGES);

/* Besides: 1.17 answers programs from the dashboard's cache and by its interval; later ones keep a
 * failed answer, which may say that there is no such job; since 2.1 the old name of the interval
 * sets no timeout of the statistics. Who restores by an answer that is too old restores too old a
 * checkpoint (right-restore). */
static const uint32_t shared_cache = BIT(ISOLATED) | BIT(MINIMAL_FETCH) | BIT(SETTINGS_HONOURED) |
                                     BIT(AVAILABLE) | BIT(LIVE_PATH) | BIT(RESTORE_WINDOW) |
                                     BIT(MONOTONIC) | BIT(RIGHT_RESTORE);
static const uint32_t kept_errors = BIT(NO_KEPT_ERROR) | BIT(AVAILABLE);
static const uint32_t other_timeout = BIT(SETTINGS_HONOURED) | BIT(LIVE_PATH) |
                                      BIT(RESTORE_WINDOW) | BIT(BOUNDED_MEMORY) |
                                      BIT(RIGHT_RESTORE);

static uint32_t known_to_break(const char *model)
{
    if (strcmp(model, "flink-1.17") == 0)
        return every_flink | shared_cache;
    const bool is_new = strncmp(model, "flink-2.", 8) == 0 && strcmp(model, "flink-2.0") != 0;
    return every_flink | kept_errors | (is_new ? other_timeout : 0);
}

/* --- running ---------------------------------------------------------------------------------- */

static void run(struct choices *choices, const char *name, uint64_t seed, struct tally *tally)
{
    static struct run_result result;
    struct plan *plan = NULL;
    const char *why =
        explore_seed(choices, seed, implementation_find(name), PARSE_EVERY, &plan, &result);
    if (why)
        print_error("seed %" PRIu64 " on %s: %s\n", seed, name, why);
    assert_null(why);
    tally_add(tally, plan, &result, seed);
    plan_free(plan);
}

/* The seeds 1 to count, by all processors. */
static void run_many(const char *name, uint64_t count, struct tally *tally)
{
    static struct exploration exploration;
    char trouble[TROUBLE_MAX];
    const struct explorer explorer = {
        .implementation = implementation_find(name),
        .seeds = {1, 1, count},
        .parse_every = PARSE_EVERY,
        .worker_count = (size_t)sysconf(_SC_NPROCESSORS_ONLN),
    };
    const bool fine = explore_seeds(&explorer, &exploration, trouble);
    if (!fine)
        print_error("%s: %s\n", name, trouble);
    assert_true(fine);
    *tally = exploration.tally;
    exploration_free(&exploration);
}

/* The first seed by which the property breaks; 0: none up to `count`. */
static uint64_t first_refuted(const char *name, enum property property, uint64_t count)
{
    struct choices *choices = choices_new();
    struct tally tally = {0};
    assert_non_null(choices);
    for (uint64_t seed = 1; seed <= count && tally.of[property].failed_runs == 0; seed++)
        run(choices, name, seed, &tally);
    choices_free(choices);
    return tally.of[property].first_failed;
}

static uint32_t broken_by(const struct tally *tally)
{
    uint32_t broken = 0;
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        broken |= tally->of[i].failed_runs > 0 ? UINT32_C(1) << i : 0;
    return broken;
}

/* Prints and returns how many properties are broken that are not among the known ones. */
static int findings(const char *name, const struct tally *tally, uint32_t known)
{
    int count = 0;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (!(broken_by(tally) & ~known & UINT32_C(1) << i))
            continue;
        print_error("%s breaks %s, first with seed %" PRIu64 "\n", name,
                    property_id((enum property)i), tally->of[i].first_failed);
        count++;
    }
    return count;
}

static int too_seldom_tested(const struct tally *tally)
{
    int count = 0;
    for (size_t i = 0; i < PROPERTY_COUNT; i++) {
        if (tally->of[i].tested_runs * 1000 >= tally->seeds * least_permille[i])
            continue;
        print_error("%s was put to the test in %" PRIu64 " of %" PRIu64 " runs\n",
                    property_id((enum property)i), tally->of[i].tested_runs, tally->seeds);
        count++;
    }
    return count;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void test_the_reference_keeps_every_promise_and_each_is_put_to_the_test(void **state)
{
    static struct tally tally;
    (void)state;
    run_many("reference", SEEDS, &tally);
    assert_int_equal(findings("reference", &tally, 0), 0);
    if (SEEDS >= 300) /* of few seeds nobody can say how often */
        assert_int_equal(too_seldom_tested(&tally), 0);
}

static void test_a_seed_does_the_same_each_time(void **state)
{
    static struct tally first, second;
    (void)state;
    run_many("flink-1.18", 20, &first);
    run_many("flink-1.18", 20, &second);
    assert_memory_equal(&first, &second, sizeof first);
}

/* With sanitizers, those that a few seeds refute. */
static void test_every_mutant_is_refuted_by_what_it_breaks(void **state)
{
    size_t refuted = 0;
    (void)state;
    for (size_t i = 0; i < MUTANT_COUNT; i++)
        refuted += first_refuted(mutants[i].name, mutants[i].breaks, MUTANT_SEEDS) != 0;
    if (MUTANT_SEEDS >= 3000)
        assert_int_equal(refuted, MUTANT_COUNT);
    else
        assert_true(refuted >= MUTANT_COUNT - 4);
}

static int judge_models(uint64_t count, bool prints)
{
    int unknown = 0;
    for (size_t i = 0; i < implementation_count(); i++) {
        const struct implementation *model = implementation_at(i);
        const char *name = implementation_name(model);
        struct tally tally = {0};
        if (implementation_kind(model) != IMPLEMENTATION_FLINK)
            continue;
        run_many(name, count, &tally);
        unknown += findings(name, &tally, known_to_break(name));
        for (size_t k = 0; k < PROPERTY_COUNT && prints; k++)
            if (tally.of[k].failed_runs > 0)
                printf("%-13s %-18s in %6" PRIu64 " of %" PRIu64 " runs, first %" PRIu64 "\n", name,
                       property_id((enum property)k), tally.of[k].failed_runs,
                       tally.of[k].tested_runs, tally.of[k].first_failed);
    }
    return unknown;
}

static void test_models_of_flink_break_what_flink_breaks_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(judge_models(MODEL_SEEDS, false), 0);
}

/* --- tables ----------------------------------------------------------------------------------- */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int show_reference(uint64_t count)
{
    static struct tally tally;
    const double before = seconds_now();
    run_many("reference", count, &tally);
    const double taken = seconds_now() - before;
    printf("%-18s %12s %10s %8s\n", "reference", "tested", "in runs", "alarms");
    for (size_t i = 0; i < PROPERTY_COUNT; i++)
        printf("%-18s %12" PRIu64 " %10" PRIu64 " %8" PRIu64 "\n", property_id((enum property)i),
               tally.of[i].tested, tally.of[i].tested_runs, tally.of[i].failed_runs);
    printf("%" PRIu64 " seeds, %" PRIu64 " reads, %" PRIu64 " calls, %" PRIu64
           " completions: %" PRIu64 " runs with an alarm\n",
           tally.seeds, tally.reads, tally.fetches, tally.completions, tally.failed_runs);
    printf("seeds_per_second %.0f seeds/s\nseeds_reads_per_second %.0f reads/s\n\n",
           (double)tally.seeds / taken, (double)tally.reads / taken);
    return findings("reference", &tally, 0) + too_seldom_tested(&tally);
}

static int show_mutants(uint64_t count)
{
    int survivors = 0;
    for (size_t i = 0; i < MUTANT_COUNT; i++) {
        const uint64_t first = first_refuted(mutants[i].name, mutants[i].breaks, count);
        printf("%-24s %-18s first seed %" PRIu64 "\n", mutants[i].name,
               property_id(mutants[i].breaks), first);
        survivors += first == 0;
    }
    printf("%d of %d mutants survive\n\n", survivors, MUTANT_COUNT);
    return survivors;
}

static int show_seed(uint64_t seed, const char *name)
{
    static struct run_result result;
    struct choices *choices = choices_new();
    struct plan *plan = NULL;
    assert_non_null(choices);
    const char *why = explore_seed(choices, seed, implementation_find(name), 1, &plan, &result);
    printf("%" PRIu64 " reads: %s\n", result.reads, why ? why : "ran");
    for (size_t i = 0; i < PROPERTY_COUNT && !why; i++) {
        const struct property_verdict *verdict = &result.judgement.properties[i];
        if (!plan->claim.claimed[i])
            continue;
        printf("%-18s %-8s %8" PRIu64 " of %8" PRIu64 " %s\n", property_id((enum property)i),
               verdict_name(verdict->verdict), verdict->violations, verdict->tested,
               verdict->cause);
        for (size_t k = 0; k < verdict->witness_count; k++)
            printf("    %10.3f ms  %-10s %s\n", (double)verdict->witness[k].at_us / 1000,
                   verdict->witness[k].who, verdict->witness[k].what);
    }
    plan_free(plan);
    choices_free(choices);
    return why != NULL;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_reference_keeps_every_promise_and_each_is_put_to_the_test),
        cmocka_unit_test(test_a_seed_does_the_same_each_time),
        cmocka_unit_test(test_every_mutant_is_refuted_by_what_it_breaks),
        cmocka_unit_test(test_models_of_flink_break_what_flink_breaks_and_nothing_else),
    };
    if (argc == 1)
        return cmocka_run_group_tests(tests, NULL, NULL);
    if (argc > 2)
        return show_seed(strtoull(argv[2], NULL, 10), argc > 3 ? argv[3] : "reference");
    const uint64_t count = strtoull(argv[1], NULL, 10);
    const int found = show_reference(count) + show_mutants(count);
    return found + judge_models(count < 2000 ? count : 2000, true) == 0 ? 0 : 1;
}
