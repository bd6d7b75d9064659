#include <inttypes.h>
#include <string.h>

#include "reports/html_internal.h"

/* How stale answers were: over time, and how they are distributed. */

enum { WIDTH = 600, HEIGHT = 70, LEFT = 80, TABLE_ROWS_MAX = 60, TABLE_BYTES = 200000 };

static int64_t worst_of(const struct story_series *series)
{
    int64_t worst_us = 0;
    for (size_t i = 0; i < series->count; i++) {
        if (series->worst_us[i] > worst_us)
            worst_us = series->worst_us[i];
    }
    return worst_us;
}

static void write_bars(const struct story_series *series, int64_t worst_us, struct buffer *out)
{
    const double width = (double)(WIDTH - LEFT) / (double)series->count;
    for (size_t i = 0; i < series->count; i++) {
        const int64_t stale_us = series->worst_us[i];
        const double height = stale_us > 0 ? (double)stale_us * HEIGHT / (double)worst_us : 1;
        if (stale_us < 0)
            continue;
        buffer_printf(out,
                      "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                      "height=\"%.1f\"><title>",
                      stale_us > 0 ? "old" : "new", LEFT + (double)i * width, HEIGHT + 4 - height,
                      width > 2 ? width - 1 : width, height);
        html_time(out, (int64_t)i * series->width_us);
        buffer_text(out, ": ");
        html_time(out, stale_us);
        buffer_text(out, "</title></rect>");
    }
}

void html_series(const struct story_series *series, struct buffer *out)
{
    const int64_t worst_us = worst_of(series);
    if (worst_us == 0)
        return;
    buffer_text(out, "<details class=\"series\"><summary>Staleness over time</summary><figure>");
    buffer_printf(out,
                  "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Staleness of answers "
                  "over time; at most ",
                  WIDTH, HEIGHT + 26);
    html_time(out, worst_us);
    buffer_text(out, "\"><text class=\"time\" x=\"0\" y=\"12\">");
    html_time(out, worst_us);
    buffer_printf(out, "</text><text class=\"time\" x=\"0\" y=\"%d\">0</text>", HEIGHT + 4);
    write_bars(series, worst_us, out);
    buffer_printf(out, "<text class=\"time\" x=\"%d\" y=\"%d\">0</text>", LEFT, HEIGHT + 22);
    buffer_printf(out, "<text class=\"time last\" x=\"%d\" y=\"%d\">", WIDTH, HEIGHT + 22);
    html_time(out, (int64_t)series->count * series->width_us);
    buffer_text(out, "</text></svg><figcaption>Each bar: the worst answer of ");
    html_time(out, series->width_us);
    buffer_text(out, ". A thin line: answers that lacked nothing.</figcaption></figure></details>");
}

/* --- distribution -------------------------------------------------------------------------- */

static void write_quantile(struct buffer *out, int64_t us, int64_t max_us)
{
    const double share = max_us > 0 ? (double)us * 100 / (double)max_us : 0;
    buffer_text(out, "<td class=\"time\">");
    html_time(out, us >= 1000 ? us - us % 100 : us); /* quantiles are not as exact as they look */
    buffer_printf(out,
                  "<svg class=\"spark\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" "
                  "aria-hidden=\"true\"><rect class=\"old\" width=\"%.1f\" height=\"6\"/></svg>"
                  "</td>",
                  share);
}

/* A result with stale answers. */
struct stale_result {
    const struct report_result *result;
    struct staleness_figures figures;
};

static void write_row(const struct stale_result *stale, int64_t max_us, struct buffer *out)
{
    const struct report_result *result = stale->result;
    const struct staleness_figures *figures = &stale->figures;
    buffer_text(out, "<tr><th scope=\"row\">");
    html_name(out, result->subject);
    if (result->implementation) {
        buffer_text(out, " <span class=\"on\">on</span> ");
        html_text(out, result->implementation);
    }
    buffer_printf(out, "</th><td>%" PRIu64 " of %" PRIu64 "</td>", figures->stale, figures->reads);
    write_quantile(out, (int64_t)figures->mean_us, max_us);
    write_quantile(out, figures->p50_us, max_us);
    write_quantile(out, figures->p90_us, max_us);
    write_quantile(out, figures->p99_us, max_us);
    write_quantile(out, figures->max_us, max_us);
    buffer_text(out, "</tr>");
}

/* The worst first; alike, as they come in the report. */
struct worst {
    struct stale_result results[TABLE_ROWS_MAX];
    size_t count, more; /* how many did not fit */
};

static void add_stale(struct worst *worst, const struct stale_result *stale)
{
    size_t at = worst->count;
    while (at > 0 && worst->results[at - 1].figures.max_us < stale->figures.max_us)
        at--;
    worst->more += worst->count == TABLE_ROWS_MAX;
    if (at == TABLE_ROWS_MAX)
        return;
    worst->count += worst->count < TABLE_ROWS_MAX;
    memmove(&worst->results[at + 1], &worst->results[at],
            (worst->count - at - 1) * sizeof worst->results[0]);
    worst->results[at] = *stale;
}

static void find_stale(const struct report *report, struct worst *worst)
{
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        if (result->failure || result->skipped)
            continue;
        const struct stale_result stale = {result, report_staleness_figures(result)};
        if (stale.figures.stale > 0)
            add_stale(worst, &stale);
    }
}

static const char table_head[] =
    "<section id=\"staleness\"><h2>How stale answers were</h2><p>For how long the first checkpoint "
    "that an answer lacked had been complete when its request was sent, be that allowed or not. "
    "The "
    "worst come first.</p><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
    "aria-label=\"Staleness\"><table><thead><tr><th scope=\"col\">where</th>"
    "<th scope=\"col\">stale answers</th><th scope=\"col\">mean</th><th scope=\"col\">half</th>"
    "<th scope=\"col\">9 of 10</th><th scope=\"col\">99 of 100</th><th scope=\"col\">worst</th>"
    "</tr></thead><tbody>";

void html_distribution(const struct report *report, struct buffer *out)
{
    struct worst worst = {0};
    size_t shown = 0;
    find_stale(report, &worst);
    if (worst.count == 0)
        return;
    buffer_text(out, table_head);
    for (; shown < worst.count && out->length < TABLE_BYTES; shown++)
        write_row(&worst.results[shown], worst.results[0].figures.max_us, out);
    buffer_text(out, "</tbody></table></div>");
    if (shown < worst.count + worst.more)
        buffer_printf(out, "<p class=\"dim\">%zu more had stale answers.</p>",
                      worst.count + worst.more - shown);
    buffer_text(out, "</section>");
}
