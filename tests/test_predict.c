/* rooms: harness/advice rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <math.h>

#include "harness/advice/predict.h"
#include "harness/advice/stale_time.h"
#include "rest_endpoint/policy_sets.h"

/* What is predicted, against numbers that were worked out by hand. Runs of a day in virtual time
 * are in test_rehearse.c. */

enum { MS = 1000, SECOND = 1000 * MS };

static struct endpoint_config config_of(const char *set, int64_t stats_timeout_us)
{
    struct settings settings;
    struct endpoint_config config;
    settings_default(&settings);
    settings.stats_timeout_us = stats_timeout_us;
    settings.stats_timeout_given = true;
    policy_set_configure(policy_set_find(set), &settings, &config);
    return config;
}

static struct prediction predicted(const struct endpoint_config *config, const struct load *load)
{
    struct prediction prediction;
    assert_null(load_complaint(load));
    assert_true(predict(config, load, &prediction));
    return prediction;
}

static void assert_near(double value, double expected)
{
    if (fabs(value - expected) > 1e-9 * fabs(expected) + 1e-12)
        print_error("%.12g is not %.12g\n", value, expected);
    assert_true(fabs(value - expected) <= 1e-9 * fabs(expected) + 1e-12);
}

/* Programs at random, a call of no length: n = 3 reads in a timeout of 3 s, so 1 in 4 fetches. */
static void random_readers_fetch_once_in_a_timeout_and_a_pause(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("flink-1.20", 3 * SECOND);
    struct load load = load_default();
    load.polls_at_random = true;
    load.call_us = 0;
    const struct prediction p = predicted(&config, &load);
    assert_int_equal(p.basis, BASIS_CLOSED_FORM);
    assert_near(p.fetches_per_s.statistics, 0.25);
    assert_near(p.staleness.stale_share, 0.75 * 3 / 120);
    assert_near(p.staleness.mean_us, 0.75 * 9e12 / (6 * 60e6));
    assert_near(p.staleness.worst_us, 3e6);
}

/* Ages 0, 1 and 2 s, and a checkpoint every 60 s: mean of 0, 1/120 and 4/120 s. */
static void steady_readers_see_the_ages_of_their_beat(void **state)
{
    (void)state;
    struct endpoint_config config = config_of("flink-1.20", 3 * SECOND);
    struct load load = load_default();
    load.call_us = 0;
    struct prediction p = predicted(&config, &load);
    assert_near(p.fetches_per_s.statistics, 1.0 / 3);
    assert_near(p.staleness.mean_us, 1e6 * (0 + 1 + 4) / 120 / 3);
    assert_near(p.staleness.stale_share, (0 + 1 + 2) / 60.0 / 3);
    config = config_of("flink-1.20", 3 * SECOND + 1);
    p = predicted(&config, &load);
    assert_near(p.fetches_per_s.statistics, 1.0 / 4);
    config = config_of("flink-1.20", SECOND);
    p = predicted(&config, &load);
    assert_near(p.fetches_per_s.statistics, 1);
    assert_near(p.staleness.mean_us, 0);
}

/* The snapshot is taken half a call after the fetch began: at age 1 ms nothing is missing yet. */
static void an_answer_is_younger_than_its_fetch_by_the_way_there(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("flink-1.20", 3 * SECOND);
    struct load load = load_default();
    load.call_us = 2 * SECOND;
    const struct prediction p = predicted(&config, &load);
    assert_near(p.staleness.mean_us, 1e6 * (0 + 0 + 1) / 120 / 3);
}

static void at_timeout_0_flink_fetches_for_each_and_the_reference_for_all_who_wait(void **state)
{
    (void)state;
    const struct endpoint_config flink = config_of("flink-1.20", 0);
    const struct endpoint_config reference = config_of("reference", 0);
    struct load load = load_default();
    load.program_count = 20;
    load.call_us = 100 * MS;
    struct prediction p = predicted(&flink, &load);
    assert_near(p.fetches_per_s.statistics, 20);
    assert_near(p.staleness.mean_us, 0);
    assert_near(p.staleness.worst_us, 0);
    p = predicted(&reference, &load);
    assert_near(p.fetches_per_s.statistics, 10);
    load.polls_at_random = true;
    p = predicted(&reference, &load);
    assert_near(p.fetches_per_s.statistics, 1 / (0.1 + exp(-2) / 20));
    load.program_count = 1;
    load.polls_at_random = false;
    p = predicted(&reference, &load);
    assert_near(p.fetches_per_s.statistics, 1);
}

/* Reference section 13: 5 readers who ask ten times a second each, at a graph timeout of 0. */
static void readers_of_graphs_cancel_each_other_when_a_call_outlives_the_timeout(void **state)
{
    (void)state;
    struct endpoint_config config = config_of("flink-1.17", 0);
    struct load load = load_default();
    config.graph.ttl_us = 0;
    load.dashboard_count = 0;
    load.program_count = 5;
    load.poll_interval_us = 100 * MS;
    load.polls_at_random = true;
    load.call_us = 8 * MS;
    struct prediction p = predicted(&config, &load);
    assert_near(p.statistics_error_share, 1 - exp(-0.4));
    assert_near(p.fetches_per_s.graphs, 50);
    config.graph.ttl_us = 6 * MS;
    p = predicted(&config, &load);
    assert_near(p.statistics_error_share, 1 - exp(-0.1));
    config.graph.ttl_us = 8 * MS;
    p = predicted(&config, &load);
    assert_near(p.statistics_error_share, 0);
    load.polls_at_random = false;
    load.call_us = 21 * MS;
    p = predicted(&config, &load);
    assert_near(p.statistics_error_share, 1);
    load.call_us = 19 * MS;
    p = predicted(&config, &load);
    assert_near(p.statistics_error_share, 0);
}

/* Two tabs at 3 s each: every 1.5 s somebody asks, and the timeout is their interval too. */
static void in_1_17_dashboards_fetch_for_programs(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("flink-1.17", 0);
    struct load load = load_default();
    load.dashboard_count = 2;
    load.polls_at_random = true;
    load.call_us = 0;
    const struct prediction p = predicted(&config, &load);
    assert_int_equal(p.basis, BASIS_CLOSED_FORM);
    assert_near(p.fetches_per_s.graphs, 1.0 / 3);
    assert_near(p.fetches_per_s.statistics, 0);
    assert_near(p.fetches_per_s.other, 2 * 2 / 3.0);
    assert_near(p.staleness.mean_us, 9e12 / (6 * 60e6));
}

static void what_has_no_closed_form_says_so(void **state)
{
    (void)state;
    struct endpoint_config config = config_of("flink-1.20", 3 * SECOND);
    struct load load = load_default();
    load.job_count = 1000;
    assert_int_equal(predicted(&config, &load).basis, BASIS_CLOSED_FORM);
    load.job_count = 1001;
    assert_int_equal(predicted(&config, &load).basis, BASIS_NONE);
    load.job_count = 1;
    config.stats.expiry = EXPIRE_AFTER_ACCESS;
    assert_int_equal(predicted(&config, &load).basis, BASIS_NONE);
    assert_true(isinf(predicted(&config, &load).staleness.worst_us));
    config = config_of("flink-1.17", 0);
    assert_int_equal(predicted(&config, &load).basis, BASIS_NONE); /* two beats that both lock */
}

static void a_timeout_that_starts_at_the_answer_lasts_longer_by_the_call(void **state)
{
    (void)state;
    struct endpoint_config config = config_of("reference", 3 * SECOND);
    struct load load = load_default();
    config.stats.start = START_AT_ANSWER;
    const struct prediction p = predicted(&config, &load);
    assert_near(p.fetches_per_s.statistics, 1.0 / 4);
    assert_near(p.staleness.worst_us, 3e6 + 2000);
}

/* 0.2 ms for each of 2 fetches a second, 1.7 ms for the page's and the overview's graphs. */
static void the_main_thread_pays_for_overviews_too(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("flink-1.20", 0);
    struct load load = load_default();
    load.job_count = 3;
    load.program_count = 2;
    const struct prediction p = predicted(&config, &load);
    assert_near(p.fetches_per_s.graphs, 1);
    assert_near(p.fetches_per_s.other, 2);
    assert_near(p.main_thread_share, 2 * 0.0002 + (1.0 / 3 + 1) * 0.0017);
}

static void sizes_are_those_of_bodies_as_they_are_written(void **state)
{
    (void)state;
    const struct endpoint_config config = config_of("flink-1.20", 3 * SECOND);
    struct load load = load_default();
    struct prediction p = predicted(&config, &load);
    /* Real clusters: 6.2 to 6.3 KB with ten checkpoints listed. */
    assert_true(p.statistics_bytes > 5800 && p.statistics_bytes < 7000);
    const double ten = p.statistics_bytes, one_job = p.cache_bytes;
    assert_near(one_job, 2 * p.statistics_bytes + p.job_bytes);
    load.history_count = 0;
    load.job_count = 7;
    load.dashboard_count = 0;
    p = predicted(&config, &load);
    assert_true(p.statistics_bytes < ten / 3);
    assert_near(p.cache_bytes, 7 * p.statistics_bytes);
}

static void integrals_of_staleness_are_what_adding_up_gives(void **state)
{
    (void)state;
    const struct completions kinds[] = {{10, false}, {10, true}};
    for (size_t i = 0; i < 2; i++) {
        double share = 0, time = 0;
        for (int step = 0; step < 300000; step++) {
            const double age = (step + 0.5) / 10000;
            share += stale_share_at(&kinds[i], age) / 10000;
            time += stale_time_at(&kinds[i], age) / 10000;
            if (step + 1 != 100000 && step + 1 != 300000 && step + 1 != 5000)
                continue;
            assert_true(fabs(share / stale_share_within(&kinds[i], age) - 1) < 1e-3);
            assert_true(fabs(time / stale_time_within(&kinds[i], age) - 1) < 1e-3);
        }
        assert_near(stale_time_within(&kinds[i], -1), 0);
        assert_near(stale_share_within(&kinds[i], 0), 0);
    }
}

static void small_ages_do_not_drown_in_rounding(void **state)
{
    (void)state;
    const struct completions random = {1e12, true};
    for (double age = 1; age < 1e10; age *= 3)
        assert_true(fabs(stale_time_within(&random, age) * 6e12 / age / age / age - 1) < 0.01);
}

static void predict_once(void *unused, bool may_fail)
{
    (void)unused;
    struct prediction prediction;
    const struct endpoint_config config = config_of("flink-1.20", 3 * SECOND);
    const struct load load = load_default();
    assert_true(predict(&config, &load, &prediction) || may_fail);
}

static void running_out_of_memory_is_told(void **state)
{
    (void)state;
    assert_true(fail_each_allocation(predict_once, NULL) > 20);
}

static void a_load_that_makes_no_sense_is_refused(void **state)
{
    (void)state;
    struct load load = load_default();
    assert_null(load_complaint(&load));
    load.job_count = 0;
    assert_non_null(load_complaint(&load));
    load = load_default();
    load.poll_interval_us = 0;
    assert_non_null(load_complaint(&load));
    load = load_default();
    load.program_count = LOAD_COUNT_MAX;
    assert_null(load_complaint(&load));
    load.program_count++;
    assert_non_null(load_complaint(&load));
    load = load_default();
    load.call_us = LOAD_TIME_MAX_US;
    assert_null(load_complaint(&load));
    load.call_us++;
    assert_non_null(load_complaint(&load));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_readers_fetch_once_in_a_timeout_and_a_pause),
        cmocka_unit_test(steady_readers_see_the_ages_of_their_beat),
        cmocka_unit_test(an_answer_is_younger_than_its_fetch_by_the_way_there),
        cmocka_unit_test(at_timeout_0_flink_fetches_for_each_and_the_reference_for_all_who_wait),
        cmocka_unit_test(readers_of_graphs_cancel_each_other_when_a_call_outlives_the_timeout),
        cmocka_unit_test(in_1_17_dashboards_fetch_for_programs),
        cmocka_unit_test(what_has_no_closed_form_says_so),
        cmocka_unit_test(a_timeout_that_starts_at_the_answer_lasts_longer_by_the_call),
        cmocka_unit_test(the_main_thread_pays_for_overviews_too),
        cmocka_unit_test(sizes_are_those_of_bodies_as_they_are_written),
        cmocka_unit_test(integrals_of_staleness_are_what_adding_up_gives),
        cmocka_unit_test(small_ages_do_not_drown_in_rounding),
        cmocka_unit_test(running_out_of_memory_is_told),
        cmocka_unit_test(a_load_that_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
