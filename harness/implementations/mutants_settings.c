#include "harness/implementations/implementation_internal.h"

/* Settings read wrongly: the caches are right, and do what nobody asked for. */

static const int64_t second_us = 1000000;

static void set_timeout(struct settings *settings, int64_t timeout_us)
{
    settings->stats_timeout_us = timeout_us;
    settings->stats_timeout_given = true;
}

static void multiply_timeout(struct settings *settings, int64_t factor)
{
    const int64_t timeout_us = settings_stats_timeout_us(settings);
    set_timeout(settings, timeout_us < INT64_MAX / factor ? timeout_us * factor : NEVER_EXPIRES);
}

static void timeout_in_wrong_unit(struct settings *settings)
{
    multiply_timeout(settings, 1000);
}

static void timeout_a_thousandth(struct settings *settings)
{
    set_timeout(settings, settings_stats_timeout_us(settings) / 1000);
}

static void timeout_ten_times(struct settings *settings)
{
    multiply_timeout(settings, 10);
}

/* The falsy zero: 0 is taken for "not set", so the refresh interval applies. */
static void zero_read_as_unset(struct settings *settings)
{
    if (settings->stats_timeout_us == 0)
        settings->stats_timeout_given = false;
}

static void zero_raised(struct settings *settings)
{
    if (settings_stats_timeout_us(settings) == 0)
        set_timeout(settings, 100 * 1000);
}

static void fallback_ignored(struct settings *settings)
{
    if (!settings->stats_timeout_given)
        set_timeout(settings, 3 * second_us);
}

static void refresh_interval_governs(struct settings *settings)
{
    settings->stats_timeout_given = false;
}

static void timeouts_added(struct settings *settings)
{
    if (settings->stats_timeout_given && settings->stats_timeout_us > 0)
        set_timeout(settings, settings->stats_timeout_us + settings->refresh_interval_us);
}

/* The last part of a second counts as a whole one. */
static void timeout_in_whole_seconds(struct settings *settings)
{
    const int64_t timeout_us = settings_stats_timeout_us(settings);
    if (timeout_us % second_us > 0)
        set_timeout(settings, (timeout_us / second_us + 1) * second_us);
}

static void timeout_cut_to_seconds(struct settings *settings)
{
    set_timeout(settings, settings_stats_timeout_us(settings) / second_us * second_us);
}

static void one_timeout_for_both(struct settings *settings)
{
    settings->graph_timeout_us = settings_stats_timeout_us(settings);
    settings->graph_timeout_given = true;
}

static void size_of_zero_is_no_bound(struct settings *settings)
{
    if (settings->stats_entry_count_max == 0)
        settings->stats_entry_count_max = INT64_C(1) << 31;
}

#define MUTANT(mutant_name, function, text, seen)                                            \
    {                                                                                        \
        .name = mutant_name, .kind = IMPLEMENTATION_MUTANT, .summary = text, .source = seen, \
        .misread = function                                                                  \
    }

static const struct implementation items[] = {
    MUTANT("timeout-in-wrong-unit", timeout_in_wrong_unit, "milliseconds read as seconds",
           "strapi-community/plugin-rest-cache#126, directus/directus#5160"),
    MUTANT("timeout-a-thousandth", timeout_a_thousandth, "seconds read as milliseconds",
           "nestjs-redisx#5, nestjs-redisx#10, xitrum#252"),
    MUTANT("timeout-ten-times", timeout_ten_times, "the timeout is ten times what the options say",
           "Flink WebRuntimeMonitor, up to 1.4; apache/flink#4728"),
    MUTANT("zero-read-as-unset", zero_read_as_unset,
           "a timeout of 0 is taken for none, and the default applies",
           "the falsy zero; real bug R-23"),
    MUTANT("zero-raised", zero_raised, "a timeout of 0 is raised to 100 ms",
           "apache/gravitino#9085, apache/pulsar#18728; apache/flink#27509"),
    MUTANT("fallback-ignored", fallback_ignored,
           "without a timeout of its own it is 3 s, whatever the refresh interval is",
           "FLINK-32619, apache/flink#26349"),
    MUTANT("refresh-interval-governs", refresh_interval_governs,
           "statistics go by the refresh interval, also where they have a timeout", "FLINK-32469"),
    MUTANT("timeouts-added", timeouts_added, "the timeout and the refresh interval are added up",
           "real bug R-23"),
    MUTANT("timeout-in-whole-seconds", timeout_in_whole_seconds,
           "a timeout is rounded up to whole seconds", "memcached's exptime has no fractions"),
    MUTANT("timeout-cut-to-seconds", timeout_cut_to_seconds,
           "a timeout is cut to whole seconds, and half a second to none",
           "java.time.Duration.getSeconds()"),
    MUTANT("one-timeout-for-both", one_timeout_for_both,
           "the timeout of statistics governs the dashboard's graphs as well",
           "FLINK-32488, apache/flink#27509"),
    MUTANT("size-of-zero-is-no-bound", size_of_zero_is_no_bound,
           "a cache that may hold nothing holds everything", "real bug R-25"),
};

const struct implementation_table settings_mutants = {items, sizeof items / sizeof items[0]};
