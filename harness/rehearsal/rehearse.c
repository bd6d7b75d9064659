#include "harness/rehearsal/rehearse.h"

#include "harness/rehearsal/load_plan_internal.h"
#include "harness/virtual_time/run.h"

enum { SECOND_US = 1000000, STEPS_PER_SECOND = 1000000, CLIENTS_MAX = 200000 };

static const int64_t day_us = INT64_C(24) * 3600 * SECOND_US;

int64_t rehearsal_duration_us(const struct load *load, int64_t refresh_interval_us,
                              int64_t second_count)
{
    const double jobs = (double)load->job_count;
    const double steps_per_us =
        jobs * ((double)load->program_count / (double)load->poll_interval_us +
                3.0 * (double)load->dashboard_count / (double)refresh_interval_us +
                1.0 / (double)load->completion_interval_us);
    const double fits_us = (double)second_count * STEPS_PER_SECOND / steps_per_us;
    return fits_us < (double)day_us ? (int64_t)fits_us : day_us;
}

static double share(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static void take_result(const struct rehearsal *rehearsal, const struct run_result *result,
                        struct prediction *prediction, struct rehearsal_facts *facts)
{
    const double seconds = (double)rehearsal->duration_us / SECOND_US;
    const struct staleness *staleness = &result->judgement.staleness;
    const struct run_tally *tally = &result->tally;
    prediction->basis = BASIS_SIMULATED;
    prediction->staleness.mean_us = staleness_mean_us(staleness);
    prediction->staleness.stale_share = share(staleness->stale, staleness->reads);
    prediction->fetches_per_s = (struct fetch_rates){
        .statistics = (double)tally->statistics_fetches / seconds,
        .graphs = (double)tally->graph_fetches / seconds,
        .other = (double)tally->other_fetches / seconds,
    };
    prediction->statistics_error_share = share(tally->statistics.errors, tally->statistics.answers);
    prediction->job_error_share = share(tally->jobs.errors, tally->jobs.answers);
    *facts = (struct rehearsal_facts){.reads = staleness->reads,
                                      .stale_reads = staleness->stale,
                                      .oldest_us = (double)staleness->max_us};
}

const char *rehearse(const struct rehearsal *rehearsal, struct prediction *prediction,
                     struct rehearsal_facts *facts)
{
    static const char out_of_memory[] = "out of memory";
    const struct load *load = rehearsal->load;
    const struct run_options options = {.seed = rehearsal->seed};
    struct endpoint_config config;
    struct run_result result;
    implementation_configure(rehearsal->implementation, rehearsal->settings, &config);
    if (load->job_count * (load->program_count + load->dashboard_count) > CLIENTS_MAX)
        return "too many clients for a run in virtual time";
    if (!predict(&config, load, prediction))
        return out_of_memory;
    struct plan *plan = load_plan(rehearsal);
    if (!plan)
        return out_of_memory;
    const char *why = run_virtual(plan, rehearsal->implementation, &options, &result);
    if (!why) {
        take_result(rehearsal, &result, prediction, facts);
        prediction_settle(&config, load, prediction);
    }
    plan_free(plan);
    return why;
}

const char *predict_or_rehearse(const struct implementation *implementation,
                                const struct settings *settings, const struct load *load,
                                struct prediction *prediction)
{
    struct endpoint_config config;
    struct rehearsal_facts facts;
    implementation_configure(implementation, settings, &config);
    if (!predict(&config, load, prediction))
        return "out of memory";
    if (prediction->basis != BASIS_NONE)
        return NULL;
    const struct rehearsal rehearsal = {
        .implementation = implementation,
        .settings = settings,
        .load = load,
        .duration_us = rehearsal_duration_us(load, settings->refresh_interval_us, 2),
        .seed = 1,
    };
    return rehearse(&rehearsal, prediction, &facts);
}
