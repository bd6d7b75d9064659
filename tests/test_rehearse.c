/* rooms: harness/rehearsal harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/advice harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"
#include "harness/rehearsal/rehearse.h"

/*
 * Predictions against a simulated day.
 *
 *   test_rehearse N      a table of N drawn settings and loads; ends with 1 when one is off
 */

enum { MS = 1000, SECOND = 1000 * MS };

/* Of the table, and of the test: how many are compared, and how many steps a day may have. */
enum { TABLE_STEPS_MAX = 1500000, TEST_STEPS_MAX = 250000 };
#ifdef __SANITIZE_ADDRESS__
enum { DRAWN = 2 };
#else
enum { DRAWN = 4 };
#endif

static const int64_t day_us = INT64_C(24) * 3600 * SECOND;

struct drawn {
    const char *implementation;
    struct settings settings;
    struct load load;
};

static int64_t draw_time(struct random *random, int64_t low_us, int64_t high_us)
{
    const double ratio = (double)high_us / (double)low_us;
    const double share = (double)random_below(random, 1 << 20) / (1 << 20);
    return (int64_t)((double)low_us * pow(ratio, share));
}

/*
 * As many jobs as give a day so many independent chances to be stale that its own scatter is small
 * beside 3 %: one for each cycle of fetches or each completion, whichever are fewer, but for those
 * that nobody reads.
 */
static int64_t job_count_for(const struct drawn *drawn, int64_t ttl_us)
{
    enum { CHANCES = 25000 };
    const struct load *load = &drawn->load;
    const double rate = (double)load->program_count / (double)load->poll_interval_us;
    const double read = 1 - exp(-rate * (double)ttl_us / 3);
    const double cycle_us = (double)ttl_us + 1 / rate;
    const double slower_us = fmax(cycle_us, (double)load->completion_interval_us);
    return (int64_t)ceil(CHANCES * slower_us / (double)day_us / read);
}

/* An overview's answer lists all jobs. */
static double step_count(const struct drawn *drawn)
{
    const struct load *load = &drawn->load;
    const double jobs = (double)load->job_count;
    const double rate = (double)load->program_count / (double)load->poll_interval_us;
    const double ticks =
        (double)load->dashboard_count / (double)drawn->settings.refresh_interval_us;
    const double completions = 1 / (double)load->completion_interval_us;
    return jobs * (double)day_us * (rate + completions + ticks * (3 + jobs));
}

static struct drawn draw(uint64_t seed)
{
    static const char *const implementations[] = {
        "reference", "flink-1.17", "flink-1.18",   "flink-1.20",
        "flink-2.1", "flink-2.3",  "shared-cache", "timeout-from-answer"};
    struct random random;
    struct drawn drawn = {.load = load_default()};
    struct load *load = &drawn.load;
    random_seed(&random, seed);
    drawn.implementation = implementations[random_below(&random, 8)];
    settings_default(&drawn.settings);
    drawn.settings.refresh_interval_us = draw_time(&random, SECOND, 20 * SECOND) / 1000 * 1000;
    drawn.settings.refresh_interval_given = true;
    drawn.settings.stats_timeout_given = random_chance(&random, 800000);
    drawn.settings.stats_timeout_us =
        random_chance(&random, 150000) ? 0 : draw_time(&random, 300 * MS, 20 * SECOND);
    load->program_count = random_between(&random, 1, 6);
    load->poll_interval_us =
        draw_time(&random, 200 * MS, 10 * SECOND) / load->program_count * load->program_count;
    load->polls_at_random = random_chance(&random, 600000);
    load->dashboard_count = random_between(&random, 0, 2);
    load->completion_interval_us = draw_time(&random, 2 * SECOND, 60 * SECOND);
    load->completes_at_random = random_chance(&random, 500000);
    load->call_us = random_chance(&random, 200000) ? draw_time(&random, 100 * MS, 2 * SECOND)
                                                   : draw_time(&random, 100, 20 * MS);
    load->job_count = 1;
    struct endpoint_config config;
    implementation_configure(implementation_find(drawn.implementation), &drawn.settings, &config);
    const int64_t ttl_us =
        config.quirks.statistics_from_graph ? config.graph.ttl_us : config.stats.ttl_us;
    load->job_count = job_count_for(&drawn, ttl_us > 0 ? ttl_us : 3 * SECOND);
    return drawn;
}

static double off(double predicted, double seen)
{
    const double size = fmax(fabs(predicted), fabs(seen));
    return size > 0 ? fabs(predicted - seen) / size : 0;
}

static double worst_off(const struct prediction *said, const struct prediction *seen)
{
    const double offs[] = {
        off(said->staleness.mean_us, seen->staleness.mean_us),
        off(said->staleness.stale_share, seen->staleness.stale_share),
        off(said->fetches_per_s.statistics, seen->fetches_per_s.statistics),
        off(said->fetches_per_s.graphs, seen->fetches_per_s.graphs),
        off(said->fetches_per_s.other, seen->fetches_per_s.other),
        fabs(said->statistics_error_share - seen->statistics_error_share),
        fabs(said->job_error_share - seen->job_error_share),
    };
    double worst = 0;
    for (size_t i = 0; i < sizeof offs / sizeof offs[0]; i++)
        worst = fmax(worst, offs[i]);
    return worst;
}

static void print_row(uint64_t seed, const struct drawn *drawn, const struct prediction *said,
                      const struct prediction *seen, const struct rehearsal_facts *facts)
{
    const struct load *load = &drawn->load;
    printf("%4" PRIu64 " %-20s %3" PRId64 " jobs, %" PRId64 " x %8.1f ms %s, every %8.1f ms %s, "
           "call %6.1f ms, tabs %" PRId64 ", worst %8.1f/%8.1f, mean %9.3f/%9.3f ms, share "
           "%.4f/%.4f, fetches %.3f/%.3f %.3f/%.3f, errors %.3f/%.3f, off %.2f %%\n",
           seed, drawn->implementation, load->job_count, load->program_count,
           (double)load->poll_interval_us / MS, load->polls_at_random ? "random" : "steady",
           (double)load->completion_interval_us / MS,
           load->completes_at_random ? "random" : "steady", (double)load->call_us / MS,
           load->dashboard_count, said->staleness.worst_us / MS, facts->oldest_us / MS,
           said->staleness.mean_us / MS, seen->staleness.mean_us / MS, said->staleness.stale_share,
           seen->staleness.stale_share, said->fetches_per_s.statistics,
           seen->fetches_per_s.statistics, said->fetches_per_s.graphs, seen->fetches_per_s.graphs,
           said->statistics_error_share, seen->statistics_error_share, 100 * worst_off(said, seen));
}

enum comparison { AS_PREDICTED, NOT_AS_PREDICTED, NO_CLOSED_FORM, TOO_MUCH };

static enum comparison compare(uint64_t seed, double steps_max, bool prints)
{
    const struct drawn drawn = draw(seed);
    const struct rehearsal rehearsal = {.implementation = implementation_find(drawn.implementation),
                                        .settings = &drawn.settings,
                                        .load = &drawn.load,
                                        .duration_us = day_us,
                                        .seed = seed};
    struct endpoint_config config;
    struct prediction said, seen;
    struct rehearsal_facts facts;
    implementation_configure(rehearsal.implementation, &drawn.settings, &config);
    assert_null(load_complaint(&drawn.load));
    assert_true(predict(&config, &drawn.load, &said));
    if (said.basis == BASIS_NONE)
        return NO_CLOSED_FORM;
    if (step_count(&drawn) > steps_max)
        return TOO_MUCH;
    const char *why = rehearse(&rehearsal, &seen, &facts);
    if (why)
        print_error("seed %" PRIu64 ": %s\n", seed, why);
    assert_null(why);
    const bool fine = worst_off(&said, &seen) <= 0.03 && facts.oldest_us <= said.staleness.worst_us;
    if (prints || !fine)
        print_row(seed, &drawn, &said, &seen, &facts);
    return fine ? AS_PREDICTED : NOT_AS_PREDICTED;
}

/* Draws until so many were compared; tallies[] counts what came of each draw. */
static void compare_drawn(int count, double steps_max, bool prints, int tallies[TOO_MUCH + 1])
{
    enum { SEEDS_MAX = 100000 };
    for (uint64_t seed = 1; tallies[AS_PREDICTED] + tallies[NOT_AS_PREDICTED] < count; seed++) {
        assert_true(seed < SEEDS_MAX);
        tallies[compare(seed, steps_max, prints)]++;
    }
}

static int table(int count)
{
    int tallies[TOO_MUCH + 1] = {0};
    compare_drawn(count, TABLE_STEPS_MAX, true, tallies);
    printf("%d of %d as predicted, within 3 %%; of others drawn %d have no closed form, %d would "
           "take too long\n",
           tallies[AS_PREDICTED], count, tallies[NO_CLOSED_FORM], tallies[TOO_MUCH]);
    return tallies[NOT_AS_PREDICTED] > 0;
}

static void drawn_loads_are_as_predicted(void **state)
{
    (void)state;
    int tallies[TOO_MUCH + 1] = {0};
    compare_drawn(DRAWN, TEST_STEPS_MAX, false, tallies);
    assert_int_equal(tallies[NOT_AS_PREDICTED], 0);
}

/* Two tabs' beat and the program's both divide the timeout: nobody knows who of them fetches. */
static void what_has_no_closed_form_is_rehearsed(void **state)
{
    (void)state;
    struct settings settings;
    struct prediction prediction;
    struct load load = load_default();
    settings_default(&settings);
    assert_null(
        predict_or_rehearse(implementation_find("flink-1.17"), &settings, &load, &prediction));
    assert_int_equal(prediction.basis, BASIS_SIMULATED);
    assert_true(off(prediction.fetches_per_s.graphs, 1.0 / 3) < 0.001);
    assert_true(prediction.staleness.worst_us == 3e6);
    assert_true(prediction.main_thread_share > 0 && prediction.statistics_bytes > 0);
    assert_null(
        predict_or_rehearse(implementation_find("flink-1.18"), &settings, &load, &prediction));
    assert_int_equal(prediction.basis, BASIS_CLOSED_FORM);
}

static void more_clients_than_can_be_run_are_refused(void **state)
{
    (void)state;
    struct settings settings;
    struct prediction prediction;
    struct load load = load_default();
    settings_default(&settings);
    load.job_count = load.program_count = 1000;
    assert_non_null(
        predict_or_rehearse(implementation_find("flink-1.17"), &settings, &load, &prediction));
}

static void a_rehearsal_lasts_a_day_or_what_its_clients_leave(void **state)
{
    (void)state;
    struct load load = load_default();
    assert_true(rehearsal_duration_us(&load, 3 * SECOND, 2) == day_us);
    load.job_count = 1000;
    assert_true(rehearsal_duration_us(&load, 3 * SECOND, 2) < day_us / 80);
}

static void rehearse_once(void *unused, bool may_fail)
{
    (void)unused;
    struct settings settings;
    struct prediction prediction;
    struct rehearsal_facts facts;
    struct load load = load_default();
    const struct rehearsal rehearsal = {.implementation = implementation_find("flink-1.20"),
                                        .settings = &settings,
                                        .load = &load,
                                        .duration_us = 3 * SECOND};
    settings_default(&settings);
    load.completion_interval_us = SECOND;
    load.completes_at_random = true;
    const char *why = rehearse(&rehearsal, &prediction, &facts);
    assert_true(!why || may_fail);
}

static void running_out_of_memory_is_told(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(rehearse_once, NULL) > 50);
}

int main(int argument_count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawn_loads_are_as_predicted),
        cmocka_unit_test(what_has_no_closed_form_is_rehearsed),
        cmocka_unit_test(more_clients_than_can_be_run_are_refused),
        cmocka_unit_test(a_rehearsal_lasts_a_day_or_what_its_clients_leave),
        cmocka_unit_test(running_out_of_memory_is_told),
    };
    if (argument_count > 1)
        return table((int)strtol(arguments[1], NULL, 10));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
