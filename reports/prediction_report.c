#include "reports/prediction_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/duration.h"

static const char *const bases[] = {
    [BASIS_NONE] = "none",
    [BASIS_CLOSED_FORM] = "closed-form",
    [BASIS_SIMULATED] = "simulated",
};

static void put_load(const struct load *load, struct buffer *out)
{
    buffer_printf(out, "\nprediction for %" PRId64 " job%s, each with\n  %" PRId64 " program%s",
                  load->job_count, load->job_count == 1 ? "" : "s", load->program_count,
                  load->program_count == 1 ? "" : "s");
    buffer_text(out, load->polls_at_random ? " asking at random, one request in "
                                           : " asking steadily, one request in ");
    duration_name(out, load->poll_interval_us);
    buffer_printf(out, " each\n  %" PRId64 " open dashboard%s, a checkpoint each ",
                  load->dashboard_count, load->dashboard_count == 1 ? "" : "s");
    duration_name(out, load->completion_interval_us);
    buffer_text(out, load->completes_at_random ? " on the average" : "");
    buffer_text(out, ", a call of the JobManager ");
    duration_name(out, load->call_us);
    buffer_char(out, '\n');
}

static void put_staleness(const struct prediction *prediction, struct buffer *out)
{
    const struct staleness_prediction *staleness = &prediction->staleness;
    if (isinf(staleness->worst_us))
        buffer_text(out, "  staleness of checkpoints    no bound");
    else
        buffer_printf(out, "  staleness of checkpoints    at worst %.1f ms",
                      staleness->worst_us / 1000);
    buffer_printf(out, ", mean %.1f ms, %.1f %% of reads are stale\n", staleness->mean_us / 1000,
                  100 * staleness->stale_share);
    if (prediction->statistics_error_share > 0 || prediction->job_error_share > 0)
        buffer_printf(out,
                      "  cancelled by other readers  %.1f %% of /checkpoints, %.1f %% of "
                      "/jobs/:jobid\n",
                      100 * prediction->statistics_error_share, 100 * prediction->job_error_share);
}

static void put_costs(const struct prediction *prediction, struct buffer *out)
{
    const struct fetch_rates *rates = &prediction->fetches_per_s;
    buffer_printf(out,
                  "  calls a second              %.2f for statistics, %.2f for graphs, %.2f for "
                  "overviews\n",
                  rates->statistics, rates->graphs, rates->other);
    buffer_printf(out, "  a job's main thread         %.2f %% busy with them\n",
                  100 * prediction->main_thread_share);
    buffer_printf(out,
                  "  bytes                       %.0f an answer of /checkpoints, %.0f of "
                  "/jobs/:jobid; caches hold %.0f\n",
                  prediction->statistics_bytes, prediction->job_bytes, prediction->cache_bytes);
}

void report_prediction(const struct predicted *predicted, struct buffer *out)
{
    if (!predicted->made)
        return;
    put_load(&predicted->load, out);
    put_staleness(&predicted->prediction, out);
    put_costs(&predicted->prediction, out);
    if (predicted->prediction.basis == BASIS_SIMULATED)
        buffer_text(out, "  counted in a run in virtual time: no formula holds for this\n");
}

static void member(struct json_writer *json, const char *key, double value, int decimals)
{
    json_key(json, key);
    if (isinf(value))
        json_write_null(json);
    else
        json_decimal(json, value, decimals);
}

static void write_load(struct json_writer *json, const struct load *load)
{
    json_member_object(json, "load");
    json_member_int64(json, "jobs", load->job_count);
    json_member_int64(json, "programs", load->program_count);
    member(json, "poll_interval_ms", (double)load->poll_interval_us / 1000, 3);
    json_member_bool(json, "polls_at_random", load->polls_at_random);
    json_member_int64(json, "dashboards", load->dashboard_count);
    member(json, "checkpoint_interval_ms", (double)load->completion_interval_us / 1000, 3);
    member(json, "call_ms", (double)load->call_us / 1000, 3);
    json_member_int64(json, "history", load->history_count);
    json_end_object(json);
}

void report_prediction_json(const struct predicted *predicted, struct json_writer *json)
{
    const struct prediction *prediction = &predicted->prediction;
    const struct fetch_rates *rates = &prediction->fetches_per_s;
    if (!predicted->made) {
        json_member_null(json, "prediction");
        return;
    }
    json_member_object(json, "prediction");
    json_member_text(json, "basis", bases[prediction->basis]);
    write_load(json, &predicted->load);
    json_member_object(json, "staleness");
    member(json, "worst_ms", prediction->staleness.worst_us / 1000, 3);
    member(json, "mean_ms", prediction->staleness.mean_us / 1000, 3);
    member(json, "share", prediction->staleness.stale_share, 6);
    json_end_object(json);
    json_member_object(json, "calls_per_second");
    member(json, "statistics", rates->statistics, 6);
    member(json, "graphs", rates->graphs, 6);
    member(json, "overviews", rates->other, 6);
    json_end_object(json);
    member(json, "statistics_error_share", prediction->statistics_error_share, 6);
    member(json, "job_error_share", prediction->job_error_share, 6);
    member(json, "main_thread_share", prediction->main_thread_share, 6);
    member(json, "statistics_bytes", prediction->statistics_bytes, 0);
    member(json, "job_bytes", prediction->job_bytes, 0);
    member(json, "cache_bytes", prediction->cache_bytes, 0);
    json_end_object(json);
}

/* --- of two ---------------------------------------------------------------------------------- */

enum { FIGURE_COUNT = 12, FIGURE_DIGITS_MAX = 64 };

/* What is compared, in the order in which it is told; as text and as JSON, each in its own unit. */
static const struct figure {
    const char *name, *unit;
    double text_factor;
    int text_decimals;
    const char *key;
    double json_factor;
    int json_decimals;
} figures[FIGURE_COUNT] = {
    {"a checkpoint each", " ms", 1e-3, 1, "checkpoint_interval_ms", 1e-3, 3},
    {"staleness at worst", " ms", 1e-3, 1, "staleness.worst_ms", 1e-3, 3},
    {"staleness, mean", " ms", 1e-3, 1, "staleness.mean_ms", 1e-3, 3},
    {"reads that are stale", " %", 100, 1, "staleness.share", 1, 6},
    {"calls a second for statistics", "", 1, 2, "calls_per_second.statistics", 1, 6},
    {"calls a second for graphs", "", 1, 2, "calls_per_second.graphs", 1, 6},
    {"calls a second for overviews", "", 1, 2, "calls_per_second.overviews", 1, 6},
    {"/checkpoints cancelled by others", " %", 100, 1, "statistics_error_share", 1, 6},
    {"/jobs/:jobid cancelled by others", " %", 100, 1, "job_error_share", 1, 6},
    {"a job's main thread", " %", 100, 2, "main_thread_share", 1, 6},
    {"bytes of /checkpoints", "", 1, 0, "statistics_bytes", 1, 0},
    {"bytes that caches hold", "", 1, 0, "cache_bytes", 1, 0},
};

static void fill_figures(const struct predicted *predicted, double values[FIGURE_COUNT])
{
    const struct prediction *prediction = &predicted->prediction;
    const double all[FIGURE_COUNT] = {
        (double)predicted->load.completion_interval_us,
        prediction->staleness.worst_us,
        prediction->staleness.mean_us,
        prediction->staleness.stale_share,
        prediction->fetches_per_s.statistics,
        prediction->fetches_per_s.graphs,
        prediction->fetches_per_s.other,
        prediction->statistics_error_share,
        prediction->job_error_share,
        prediction->main_thread_share,
        prediction->statistics_bytes,
        prediction->cache_bytes,
    };
    memcpy(values, all, sizeof all);
}

/* Whether two numbers are written differently with so many digits. */
static bool differs(double a, double b, double factor, int decimals)
{
    char text[2][FIGURE_DIGITS_MAX];
    snprintf(text[0], sizeof text[0], "%.*f", decimals, a * factor);
    snprintf(text[1], sizeof text[1], "%.*f", decimals, b * factor);
    return strcmp(text[0], text[1]) != 0;
}

static void put_figure(const struct figure *figure, double value, struct buffer *out)
{
    if (isinf(value))
        buffer_text(out, "no bound");
    else
        buffer_printf(out, "%.*f%s", figure->text_decimals, value * figure->text_factor,
                      figure->unit);
}

static bool both_made(const struct predicted *before, const struct predicted *after)
{
    return before->made && after->made;
}

void report_prediction_changes(const struct predicted *before, const struct predicted *after,
                               struct buffer *out)
{
    double old[FIGURE_COUNT], new[FIGURE_COUNT];
    bool any = false;
    if (!both_made(before, after))
        return;
    fill_figures(before, old);
    fill_figures(after, new);
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        const struct figure *figure = &figures[i];
        if (!differs(old[i], new[i], figure->text_factor, figure->text_decimals))
            continue;
        if (!any)
            put_load(&after->load, out);
        any = true;
        buffer_printf(out, "  %-33s ", figure->name);
        put_figure(figure, old[i], out);
        buffer_text(out, " to ");
        put_figure(figure, new[i], out);
        buffer_char(out, '\n');
    }
}

void report_prediction_changes_json(const struct predicted *before, const struct predicted *after,
                                    struct json_writer *json)
{
    double old[FIGURE_COUNT], new[FIGURE_COUNT];
    if (!both_made(before, after)) {
        json_member_null(json, "prediction");
        return;
    }
    fill_figures(before, old);
    fill_figures(after, new);
    json_member_object(json, "prediction");
    write_load(json, &after->load);
    json_member_array(json, "changes");
    for (size_t i = 0; i < FIGURE_COUNT; i++) {
        const struct figure *figure = &figures[i];
        if (!differs(old[i], new[i], figure->json_factor, figure->json_decimals))
            continue;
        json_begin_object(json);
        json_member_text(json, "figure", figure->key);
        member(json, "before", old[i] * figure->json_factor, figure->json_decimals);
        member(json, "after", new[i] * figure->json_factor, figure->json_decimals);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}
