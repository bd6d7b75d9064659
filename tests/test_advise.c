/* rooms: harness/rehearsal harness/virtual_time harness/observer harness/cluster harness/clients harness/implementations harness/scenario harness/recording harness/advice harness/flink_config harness/client_models harness/judge mock_jobmanager rest_endpoint gateway base */
#include "tests/support/test_prelude.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "harness/advice/advise.h"
#include "harness/advice/configured.h"
#include "harness/rehearsal/rehearse.h"

/* Advice: what it says, that predict() agrees, that no longer timeout would do, and a few lives. */

enum { MS = 1000, SECOND = 1000 * MS };

#define TIMEOUT "rest.cache.checkpoint-statistics.timeout"
#define SIZE "rest.cache.checkpoint-statistics.size"
#define REFRESH "web.refresh-interval"
#define GRAPHS "rest.cache.execution-graph.timeout"

struct bed {
    struct config_entries entries;
    struct effective effective;
    struct load load;
    struct habits habits;
    struct wants wants;
    struct advice advice;
};

/* Options as "key=value", up to the NULL. */
static void bed_open(struct bed *bed, const char *release, const char *const *options)
{
    *bed = (struct bed){.load = load_default(), .wants = wants_none()};
    bed->load.polls_at_random = true;
    for (; options && *options; options++) {
        char key[64] = "";
        const char *equals = strchr(*options, '=');
        memcpy(key, *options, (size_t)(equals - *options));
        assert_true(config_add_dynamic(&bed->entries, key, equals + 1));
    }
    assert_true(effective_resolve(&bed->effective, &bed->entries, flink_release_for(release)));
}

static bool ask(struct bed *bed)
{
    const struct situation situation = {.entries = &bed->entries,
                                        .effective = &bed->effective,
                                        .load = &bed->load,
                                        .habits = &bed->habits};
    advice_free(&bed->advice);
    return advise(&situation, &bed->wants, &bed->advice);
}

static void bed_close(struct bed *bed)
{
    advice_free(&bed->advice);
    effective_free(&bed->effective);
    config_entries_free(&bed->entries);
}

/* Changes as "key=value; key=value"; why not, where there are none to be had. */
static const char *told(struct bed *bed)
{
    static char text[512];
    assert_true(ask(bed));
    if (!bed->advice.met)
        return bed->advice.because;
    text[0] = '\0';
    for (size_t i = 0; i < bed->advice.best.change_count; i++) {
        const struct advised_change *change = &bed->advice.best.changes[i];
        const size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s%s=%s", i > 0 ? "; " : "", change->key,
                 change->value);
    }
    return text;
}

static void the_longest_timeout_within_the_staleness_is_advised_for_every_release(void **state)
{
    (void)state;
    for (const char *const *release = flink_releases(); *release; release++) {
        struct bed bed;
        const bool is_1_17 = strncmp(*release, "1.17", 4) == 0;
        bed_open(&bed, *release, NULL);
        bed.wants.at_most[WANT_STALENESS] = SECOND;
        assert_string_equal(told(&bed), is_1_17 ? REFRESH "=1000" : TIMEOUT "=1 s");
        bed.wants.at_most[WANT_STALENESS] = SECOND - 1;
        assert_string_equal(told(&bed), is_1_17 ? REFRESH "=999" : TIMEOUT "=999 ms");
        bed.wants.at_most[WANT_STALENESS] = 3 * SECOND;
        assert_string_equal(told(&bed), "");
        bed_close(&bed);
    }
}

static void calls_are_met_up_to_the_very_number(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.20", NULL);
    bed.load.dashboard_count = 0;
    bed.load.call_us = 0;
    bed.wants.at_most[WANT_STALENESS] = SECOND;
    bed.wants.at_most[WANT_CALLS] = 0.5; /* 1 / (1 s + 1 s) */
    assert_string_equal(told(&bed), TIMEOUT "=1 s");
    bed.wants.at_most[WANT_CALLS] = 0.4999;
    assert_string_equal(told(&bed), "staleness of at most 1 s needs at least 0.5 calls a second "
                                    "with this load, and 0.4999 are wanted.");
    assert_true(bed.advice.alone_met[WANT_STALENESS] && bed.advice.alone_met[WANT_CALLS]);
    assert_false(bed.advice.alone_met[WANT_MEAN_STALENESS]);
    assert_int_equal(bed.advice.alone[WANT_CALLS].change_count, 0);
    bed_close(&bed);
}

/* 18.75 ms at 3 s, as in test_predict.c. */
static void a_mean_is_met_by_the_longest_timeout_of_two_digits(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "2.2", NULL);
    bed.load.dashboard_count = 0;
    bed.load.call_us = 0;
    bed.wants.at_most[WANT_MEAN_STALENESS] = 18750;
    assert_string_equal(told(&bed), "");
    bed.wants.at_most[WANT_MEAN_STALENESS] = 18749;
    assert_string_equal(told(&bed), TIMEOUT "=2900 ms");
    bed.wants.at_most[WANT_STALENESS] = 2 * SECOND;
    assert_string_equal(told(&bed), TIMEOUT "=2 s");
    bed_close(&bed);
}

static void dashboards_wait_where_their_calls_are_too_many(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.20", NULL);
    bed.wants.at_most[WANT_STALENESS] = SECOND;
    bed.wants.at_most[WANT_CALLS] = 0.6; /* 0.5 for statistics */
    assert_string_equal(told(&bed), REFRESH "=10 s; " TIMEOUT "=1 s");
    bed_close(&bed);
    bed_open(&bed, "2.3", NULL);
    bed.wants.at_most[WANT_STALENESS] = SECOND;
    bed.wants.at_most[WANT_CALLS] = 0.6;
    /* The dashboard's beat stays 3 s: 9.1 s are reached at 12 s. */
    assert_string_equal(told(&bed), GRAPHS "=9100 ms; " TIMEOUT "=1 s");
    bed_close(&bed);
}

static void release_1_17_has_one_timeout_for_both(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.17", NULL);
    bed.wants.at_most[WANT_STALENESS] = SECOND;
    bed.wants.at_most[WANT_CALLS] = 1;
    assert_string_equal(told(&bed), REFRESH "=1000");
    bed.wants.at_most[WANT_CALLS] = 0.99;
    assert_non_null(strstr(told(&bed), "one timeout for programs and dashboards, " REFRESH));
    /* In a steady beat that divides the timeout, as the dashboard's does, nothing is known. */
    bed.load.polls_at_random = false;
    bed.wants.at_most[WANT_CALLS] = 2;
    assert_string_equal(told(&bed), REFRESH "=990");
    bed_close(&bed);
}

static void calls_alone_lengthen_the_timeout_no_more_than_needed(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "2.1", (const char *const[]){TIMEOUT "=100 ms", NULL});
    bed.load.dashboard_count = 0;
    bed.wants.at_most[WANT_CALLS] = 1;
    assert_string_equal(told(&bed), "");
    bed.wants.at_most[WANT_CALLS] = 0.25;
    assert_string_equal(told(&bed), TIMEOUT "=3 s");
    bed.wants.at_most[WANT_CALLS] = 0;
    assert_non_null(strstr(told(&bed), "100000 s, needs at least"));
    bed.load.program_count = 0;
    assert_string_equal(told(&bed), "");
    bed_close(&bed);
}

static void no_staleness_at_all_is_a_timeout_of_zero(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.18", NULL);
    bed.wants.at_most[WANT_STALENESS] = 999;
    assert_string_equal(told(&bed), TIMEOUT "=0 s");
    bed.wants.at_most[WANT_STALENESS] = 1000;
    assert_string_equal(told(&bed), TIMEOUT "=1 ms");
    bed_close(&bed);
    /* 1.17 refuses a refresh interval of 0. */
    bed_open(&bed, "1.17", NULL);
    bed.wants.at_most[WANT_STALENESS] = 0;
    assert_non_null(strstr(told(&bed), "`refused`"));
    bed_close(&bed);
}

static void a_cache_without_room_is_given_some(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.20", (const char *const[]){SIZE "=0", NULL});
    bed.wants.at_most[WANT_STALENESS] = SECOND;
    assert_string_equal(told(&bed), TIMEOUT "=1 s; " SIZE "=1000");
    bed_close(&bed);
    bed_open(&bed, "1.20", (const char *const[]){SIZE "=3", NULL});
    bed.wants.at_most[WANT_STALENESS] = SECOND;
    bed.load.job_count = 3;
    assert_string_equal(told(&bed), TIMEOUT "=1 s");
    bed.load.job_count = 4;
    assert_string_equal(told(&bed), TIMEOUT "=1 s; " SIZE "=1000");
    bed_close(&bed);
}

static void no_new_danger_is_brought(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.20", (const char *const[]){TIMEOUT "=1 s", NULL});
    bed.load.completion_interval_us = 10 * SECOND;
    bed.load.dashboard_count = 0;
    bed.habits.reaction_us = 2 * SECOND;
    bed.wants.at_most[WANT_STALENESS] = 60 * SECOND;
    assert_string_equal(told(&bed), TIMEOUT "=7900 ms"); /* and 2 ms, and 2 s, are below 10 s */
    assert_string_equal(bed.advice.best.avoided->id, "path-already-deleted");
    bed.wants.at_most[WANT_CALLS] = 0.1;
    assert_non_null(strstr(told(&bed), "A longer timeout brings `path-already-deleted`"));
    bed_close(&bed);
    /* One that is there already keeps nothing from being better. */
    bed_open(&bed, "1.20", (const char *const[]){TIMEOUT "=9 s", NULL});
    bed.load.completion_interval_us = 10 * SECOND;
    bed.habits.reaction_us = 2 * SECOND;
    bed.wants.at_most[WANT_STALENESS] = 60 * SECOND;
    assert_string_equal(told(&bed), TIMEOUT "=60 s");
    assert_null(bed.advice.best.avoided);
    bed_close(&bed);
}

static void a_refused_configuration_gets_no_advice(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.19", (const char *const[]){REFRESH "=5 s", NULL});
    assert_string_equal(told(&bed), "Flink refuses this configuration.");
    bed_close(&bed);
}

static double draw(struct random *random, double low, double high)
{
    return low * pow(high / low, (double)random_below(random, 1 << 20) / (1 << 20));
}

static void draw_bed(struct bed *bed, struct random *random)
{
    const char *const *releases = flink_releases();
    bed_open(bed, releases[random_below(random, 8)], NULL);
    bed->load.job_count = 1 + (int64_t)random_below(random, 5);
    bed->load.program_count = 1 + (int64_t)random_below(random, 8);
    bed->load.poll_interval_us = (int64_t)draw(random, 50 * MS, 30.0 * SECOND);
    bed->load.polls_at_random = random_below(random, 2) == 0;
    bed->load.dashboard_count = (int64_t)random_below(random, 3);
    const unsigned given = 1 + (unsigned)random_below(random, 7);
    if (given & 1)
        bed->wants.at_most[WANT_STALENESS] = draw(random, 20 * MS, 60.0 * SECOND);
    if (given & 2)
        bed->wants.at_most[WANT_MEAN_STALENESS] = draw(random, 1, 1.0 * SECOND);
    if (given & 4)
        bed->wants.at_most[WANT_CALLS] = draw(random, 0.05, 50);
}

/* The configuration with the changes, as predict() sees it. */
static void apply(struct bed *bed, const struct advised *advised, struct settings *settings,
                  struct load *load)
{
    const char *const release = bed->effective.version;
    effective_free(&bed->effective);
    for (size_t i = 0; i < advised->change_count; i++)
        assert_true(
            config_add_dynamic(&bed->entries, advised->changes[i].key, advised->changes[i].value));
    assert_true(effective_resolve(&bed->effective, &bed->entries, release));
    assert_int_equal(bed->effective.refusal_count, 0);
    *settings = configured_settings(&bed->effective);
    *load = configured_load(&bed->load, &bed->effective);
}

static const struct implementation *implementation_of(const struct bed *bed)
{
    return implementation_for_flink(bed->effective.version);
}

static struct prediction predicted(const struct bed *bed, const struct settings *settings,
                                   const struct load *load)
{
    struct prediction prediction;
    struct endpoint_config config;
    implementation_configure(implementation_of(bed), settings, &config);
    assert_true(predict(&config, load, &prediction));
    return prediction;
}

static bool meets(const struct bed *bed, const struct prediction *prediction)
{
    for (unsigned i = 0; i < WANT_COUNT; i++) {
        const double at_most = bed->wants.at_most[i];
        if (at_most >= 0 && i != WANT_STALENESS && prediction->basis == BASIS_NONE)
            return false;
        if (at_most >= 0 && want_measure(prediction, (enum want_kind)i) > at_most * (1 + 1e-9))
            return false;
    }
    return true;
}

static void set_timeout(const struct bed *bed, struct settings *settings, int64_t timeout_us)
{
    settings->stats_timeout_us = timeout_us;
    if (strncmp(bed->effective.version, "1.17", 4) == 0)
        settings->refresh_interval_us = settings->graph_timeout_us = timeout_us;
}

/* Up to twice as long by the tenth: too old, or of no fewer calls. */
static void assert_no_longer_one_is_better(const struct bed *bed, struct settings settings,
                                           const struct load *load)
{
    const int64_t timeout_us = settings.stats_timeout_us;
    const struct prediction here = predicted(bed, &settings, load);
    for (int tenths = 11; tenths <= 20; tenths++) {
        set_timeout(bed, &settings, (timeout_us / 1000 * tenths / 10 + 1) * 1000);
        const struct prediction longer = predicted(bed, &settings, load);
        assert_true(!meets(bed, &longer) || here.basis == BASIS_NONE ||
                    want_measure(&longer, WANT_CALLS) >=
                        want_measure(&here, WANT_CALLS) * (1 - 1e-9));
    }
}

static void assert_none_is_good(const struct bed *bed, struct random *random)
{
    for (int i = 0; i < 30; i++) {
        struct settings settings = configured_settings(&bed->effective);
        const struct load load = configured_load(&bed->load, &bed->effective);
        set_timeout(bed, &settings, (int64_t)draw(random, 1, 100000) * 1000);
        const struct prediction prediction = predicted(bed, &settings, &load);
        assert_false(meets(bed, &prediction));
    }
}

static void drawn_advice_meets_the_wants_and_no_longer_timeout_is_better(void **state)
{
    (void)state;
    unsigned met = 0, unmet = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct bed bed;
        struct random random;
        struct settings settings;
        struct load load;
        random_seed(&random, seed);
        draw_bed(&bed, &random);
        assert_true(ask(&bed));
        const bool bounded =
            bed.wants.at_most[WANT_STALENESS] >= 0 || bed.wants.at_most[WANT_MEAN_STALENESS] >= 0;
        if (bed.advice.met) {
            met++;
            apply(&bed, &bed.advice.best, &settings, &load);
            const struct prediction prediction = predicted(&bed, &settings, &load);
            assert_true(meets(&bed, &prediction));
            if (bounded && !bed.advice.best.avoided)
                assert_no_longer_one_is_better(&bed, settings, &load);
        } else if (!strstr(bed.advice.because, "bring") && !strstr(bed.advice.because, "closed")) {
            unmet++;
            assert_none_is_good(&bed, &random);
        }
        bed_close(&bed);
    }
    assert_true(met > 100);
    assert_true(unmet > 20);
}

/* An hour in virtual time: a few thousand fetches. */
static void lives_are_as_advised(void **state)
{
    (void)state;
    unsigned lived = 0;
    for (uint64_t seed = 1000; lived < 6; seed++) {
        struct bed bed;
        struct random random;
        random_seed(&random, seed);
        draw_bed(&bed, &random);
        assert_true(ask(&bed));
        if (bed.advice.met && bed.advice.best.prediction.basis == BASIS_CLOSED_FORM) {
            struct settings settings;
            struct load load;
            struct prediction seen;
            struct rehearsal_facts facts;
            apply(&bed, &bed.advice.best, &settings, &load);
            const struct rehearsal rehearsal = {.implementation = implementation_of(&bed),
                                                .settings = &settings,
                                                .load = &load,
                                                .duration_us = INT64_C(3600) * SECOND,
                                                .seed = seed};
            assert_null(rehearse(&rehearsal, &seen, &facts));
            if (bed.wants.at_most[WANT_STALENESS] >= 0)
                assert_true(facts.oldest_us <= bed.wants.at_most[WANT_STALENESS]);
            if (bed.wants.at_most[WANT_CALLS] >= 0)
                assert_true(want_measure(&seen, WANT_CALLS) <=
                            bed.wants.at_most[WANT_CALLS] * 1.1 + 0.01);
            lived++;
        }
        bed_close(&bed);
    }
}

static void ask_short_of_memory(void *context, bool may_fail)
{
    struct bed *bed = context;
    const bool done = ask(bed);
    assert_true(may_fail || done);
    if (done)
        assert_true(bed->advice.met || bed->advice.because);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed, "1.20", (const char *const[]){TIMEOUT "=100 ms", NULL});
    bed.wants.at_most[WANT_STALENESS] = SECOND;
    assert_true(fail_each_allocation(ask_short_of_memory, &bed) > 0);
    bed.wants.at_most[WANT_CALLS] = 0;
    assert_true(fail_each_allocation(ask_short_of_memory, &bed) > 0);
    bed_close(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_timeout_within_the_staleness_is_advised_for_every_release),
        cmocka_unit_test(calls_are_met_up_to_the_very_number),
        cmocka_unit_test(a_mean_is_met_by_the_longest_timeout_of_two_digits),
        cmocka_unit_test(dashboards_wait_where_their_calls_are_too_many),
        cmocka_unit_test(release_1_17_has_one_timeout_for_both),
        cmocka_unit_test(calls_alone_lengthen_the_timeout_no_more_than_needed),
        cmocka_unit_test(no_staleness_at_all_is_a_timeout_of_zero),
        cmocka_unit_test(a_cache_without_room_is_given_some),
        cmocka_unit_test(no_new_danger_is_brought),
        cmocka_unit_test(a_refused_configuration_gets_no_advice),
        cmocka_unit_test(drawn_advice_meets_the_wants_and_no_longer_timeout_is_better),
        cmocka_unit_test(lives_are_as_advised),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
