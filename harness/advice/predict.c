#include "harness/advice/predict.h"

#include <math.h>
#include <string.h>

#include "harness/advice/answer_sizes_internal.h"
#include "harness/advice/fetch_rhythm_internal.h"
#include "harness/advice/stale_time.h"

enum { SECOND_US = 1000000, TICKS_SUMMED_MAX = 4096 };

/* Works: reference section 13, 16 connections of wrk on 1.20.3 with an answer of 6.3 KB. The
 * slowest 3,300 answers a second at timeout 0 and the slowest 10,200 from the cache differ by 0.2 ms
 * an answer, all of which is counted. For a graph: of 5 readers who asked ten times a second each at
 * timeout 0, 8 % cancelled each other at best, which takes a call of 1.7 ms. */
struct load load_default(void)
{
    return (struct load){
        .job_count = 1,
        .vertex_count = 4,
        .history_count = 10,
        .program_count = 1,
        .poll_interval_us = SECOND_US,
        .dashboard_count = 1,
        .completion_interval_us = 60 * (int64_t)SECOND_US,
        .call_us = 2000,
        .statistics_work_us = 200,
        .graph_work_us = 1700,
    };
}

static bool is_count(int64_t value)
{
    return value >= 0 && value <= LOAD_COUNT_MAX;
}

static bool is_time(int64_t value_us)
{
    return value_us >= 0 && value_us <= LOAD_TIME_MAX_US;
}

const char *load_complaint(const struct load *load)
{
    const int64_t counts[] = {load->job_count, load->vertex_count, load->history_count,
                              load->program_count, load->dashboard_count};
    const int64_t times[] = {load->poll_interval_us, load->completion_interval_us, load->call_us,
                             load->statistics_work_us, load->graph_work_us};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (!is_count(counts[i]))
            return "a number of a load is from 0 to 100000";
    }
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (!is_time(times[i]))
            return "a time of a load is from 0 to 30 days";
    }
    if (load->job_count == 0)
        return "a load has one job at least";
    if (load->poll_interval_us == 0 || load->completion_interval_us == 0)
        return "an interval of a load is longer than 0";
    return NULL;
}

/* Source: reference section 8: each tick of a job's page asks for the job; the overview's two are
 * counted with it, as in harness/clients/dashboard.c. */
static struct readers dashboards(const struct endpoint_config *config, const struct load *load)
{
    return (struct readers){.count = config->refresh_interval_ms > 0 ? load->dashboard_count : 0,
                            .interval_us = config->refresh_interval_ms * 1000};
}

static struct readers programs(const struct load *load)
{
    return (struct readers){.count = load->program_count,
                            .interval_us = load->poll_interval_us,
                            .at_random = load->polls_at_random};
}

static double reads_per_us(const struct readers *readers)
{
    return readers->count > 0 ? (double)readers->count / (double)readers->interval_us : 0;
}

/* The mean over reads: each fetch is read at ages that are spread evenly over its life, or at
 * those of the readers' beat. The snapshot is younger than its fetch by the way there. */
static void spread_staleness(const struct fetch_rhythm *rhythm, const struct load *load,
                             struct staleness_prediction *staleness)
{
    const struct completions completions = {.interval = (double)load->completion_interval_us,
                                            .at_random = load->completes_at_random};
    const double way_us = (double)(load->call_us / 2);
    if (rhythm->tick_count == 0 || rhythm->tick_count > TICKS_SUMMED_MAX) {
        const double age_us = rhythm->life_us - way_us;
        staleness->mean_us = rhythm->fetches_per_us * stale_time_within(&completions, age_us);
        staleness->stale_share = rhythm->fetches_per_us * stale_share_within(&completions, age_us);
        return;
    }
    for (int64_t i = 0; i < rhythm->tick_count; i++) {
        const double age_us = (double)i * rhythm->tick_us - way_us;
        staleness->mean_us += stale_time_at(&completions, age_us) / (double)rhythm->tick_count;
        staleness->stale_share += stale_share_at(&completions, age_us) / (double)rhythm->tick_count;
    }
}

static bool has_room(const struct cache_policy *policy, const struct load *load)
{
    return policy->entry_count_max == 0 || policy->entry_count_max >= (size_t)load->job_count;
}

static bool graph_rhythm(const struct endpoint_config *config, const struct load *load,
                         const struct readers *others, struct fetch_rhythm *rhythm)
{
    struct cache_policy policy = config->graph;
    const struct readers readers[2] = {dashboards(config, load), *others};
    if (config->quirks.dashboard_uncached) {
        /* Only /jobs/:jobid goes past the cache. */
        if (others->count > 0)
            return false;
        policy.ttl_us = 0;
        policy.join = JOIN_NEVER;
    }
    return has_room(&policy, load) && fetch_rhythm(&policy, load->call_us, readers, rhythm);
}

/* From 1.18 on programs and dashboards have caches of their own. */
static bool predict_apart(const struct endpoint_config *config, const struct load *load,
                          struct prediction *prediction)
{
    static const struct readers nobody = {0};
    struct fetch_rhythm statistics, graphs;
    const struct readers readers[2] = {programs(load), nobody};
    if (!has_room(&config->stats, load) ||
        !fetch_rhythm(&config->stats, load->call_us, readers, &statistics) ||
        !graph_rhythm(config, load, &nobody, &graphs))
        return false;
    spread_staleness(&statistics, load, &prediction->staleness);
    prediction->fetches_per_s.statistics = statistics.fetches_per_us;
    prediction->fetches_per_s.graphs = graphs.fetches_per_us;
    prediction->statistics_error_share = statistics.error_share;
    prediction->job_error_share = graphs.error_share;
    return true;
}

/* 1.17: everybody reads the graph cache. */
static bool predict_shared(const struct endpoint_config *config, const struct load *load,
                           struct prediction *prediction)
{
    struct fetch_rhythm rhythm;
    const struct readers readers[2] = {programs(load), dashboards(config, load)};
    if (config->quirks.dashboard_uncached || !has_room(&config->graph, load) ||
        !fetch_rhythm(&config->graph, load->call_us, readers, &rhythm))
        return false;
    if (readers[0].count > 0)
        spread_staleness(&rhythm, load, &prediction->staleness);
    prediction->fetches_per_s.graphs = rhythm.fetches_per_us;
    prediction->statistics_error_share = readers[0].count > 0 ? rhythm.error_share : 0;
    prediction->job_error_share = readers[1].count > 0 ? rhythm.error_share : 0;
    return true;
}

static double kept_bytes(const struct cache_policy *policy, const struct load *load,
                         int64_t reader_count, double bytes)
{
    const double room = (double)policy->entry_count_max, jobs = (double)load->job_count;
    if (policy->ttl_us <= 0 || reader_count == 0)
        return 0;
    return bytes * (room < jobs ? room : jobs);
}

static void reckon_memory(const struct endpoint_config *config, const struct load *load,
                          struct prediction *prediction)
{
    if (config->quirks.statistics_from_graph) {
        prediction->cache_bytes =
            kept_bytes(&config->graph, load, load->program_count + load->dashboard_count,
                       prediction->statistics_bytes + prediction->job_bytes);
        return;
    }
    /* A graph holds the statistics too. */
    prediction->cache_bytes =
        kept_bytes(&config->stats, load, load->program_count, prediction->statistics_bytes) +
        kept_bytes(&config->graph, load, load->dashboard_count,
                   prediction->statistics_bytes + prediction->job_bytes);
}

/* /jobs/overview builds a graph of every running job. Source: reference section 7,
 * JobMasterServiceLeadershipRunner.requestJobDetails. */
void prediction_settle(const struct endpoint_config *config, const struct load *load,
                       struct prediction *prediction)
{
    const struct readers readers = dashboards(config, load);
    const struct fetch_rates *rates = &prediction->fetches_per_s;
    const double jobs = (double)load->job_count;
    const double overviews = reads_per_us(&readers) * jobs * SECOND_US;
    prediction->main_thread_share =
        (rates->statistics / jobs * (double)load->statistics_work_us +
         (rates->graphs / jobs + overviews) * (double)load->graph_work_us) /
        SECOND_US;
}

static double worst_us(const struct endpoint_config *config, const struct load *load)
{
    return fetch_rhythm_worst_us(
        config->quirks.statistics_from_graph ? &config->graph : &config->stats, load->call_us);
}

static void scale(struct fetch_rates *rates, double factor)
{
    rates->statistics *= factor;
    rates->graphs *= factor;
}

bool predict(const struct endpoint_config *config, const struct load *load,
             struct prediction *prediction)
{
    const struct readers tabs = dashboards(config, load);
    const double jobs_seconds = (double)load->job_count * SECOND_US;
    memset(prediction, 0, sizeof *prediction);
    if (!answer_sizes(&config->wire, load, &prediction->statistics_bytes, &prediction->job_bytes))
        return false;
    if (config->quirks.statistics_from_graph ? predict_shared(config, load, prediction)
                                             : predict_apart(config, load, prediction))
        prediction->basis = BASIS_CLOSED_FORM;
    scale(&prediction->fetches_per_s, jobs_seconds);
    prediction->fetches_per_s.other = 2 * reads_per_us(&tabs) * jobs_seconds;
    prediction->staleness.worst_us = worst_us(config, load);
    reckon_memory(config, load, prediction);
    prediction_settle(config, load, prediction);
    return true;
}
