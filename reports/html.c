#include <stdlib.h>
#include <string.h>

#include "reports/html_internal.h"
#include "reports/outcome_internal.h"

/*
 * One file that needs no other: the matrix, a section for each result with more to say, and how
 * stale answers were. Its size is bounded: what does not fit is told of in less, then only counted.
 */

enum {
    SIZE_MAX_BYTES = 2000000,
    MATRIX_BYTES = 700000,
    SHORT_SECTION_BYTES = 1500, /* kept back for each section that is still to come */
    FRAME_BYTES = 8000          /* for the head of the page, counts and notices */
};

static const char style[] =
#include "reports/html/style.css.inc"
    ;
static const char script[] =
#include "reports/html/script.js.inc"
    ;

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<title>freshcheck report</title>\n<style>\n";

/* Shapes that all pictures share. */
static const char shapes[] =
    "<svg class=\"shapes\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs>"
    "<clipPath id=\"plot\"><rect x=\"146\" y=\"0\" width=\"854\" height=\"5000\"/></clipPath>"
    "<pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect class=\"hatching\" width=\"2\" height=\"7\"/></pattern>"
    "</defs></svg>\n";

/* --- sections ------------------------------------------------------------------------------ */

static bool lacks_story(const struct html_page *page, const struct report_result *result)
{
    enum property first;
    return page->has_stories && !result->story && !result->failure &&
           story_property(result->judgement, &first);
}

static bool any_story(const struct report *report)
{
    for (size_t i = 0; i < report->result_count; i++) {
        if (report->results[i].story)
            return true;
    }
    return false;
}

/* False when it did not fit, not even without its story. */
static bool write_section(struct html_page *page, size_t index, size_t to_come, struct buffer *out)
{
    struct buffer section = {0};
    const size_t kept_back = to_come * SHORT_SECTION_BYTES;
    html_failure(page->report, index, true, &section);
    const bool whole = out->length + section.length + kept_back <= page->room;
    if (!whole) {
        out->failed |= section.failed;
        buffer_clear(&section);
        html_failure(page->report, index, false, &section);
    }
    const bool fits = out->length + section.length <= page->room;
    if (fits) {
        buffer_append(out, section.bytes, section.length);
        page->shortened += !whole || lacks_story(page, &page->report->results[index]);
    }
    out->failed |= section.failed;
    buffer_free(&section);
    return fits;
}

static size_t count_told(const struct report *report)
{
    size_t told = 0;
    for (size_t i = 0; i < report->result_count; i++)
        told += html_is_told(report, &report->results[i]);
    return told;
}

/* What fails comes first. */
static void write_sections(struct html_page *page, struct buffer *out)
{
    size_t to_come = page->told;
    for (int fails = 1; fails >= 0; fails--) {
        for (size_t i = 0; i < page->report->result_count; i++) {
            const struct report_result *result = &page->report->results[i];
            if (!html_is_told(page->report, result) ||
                outcome_fails(page->report, result) != (bool)fails)
                continue;
            to_come--;
            if (page->left_out > 0 || !write_section(page, i, to_come, out)) {
                if (page->left_out++ == 0) {
                    page->first_left_out = i;
                    page->first_left_out_fails = fails;
                }
            }
        }
    }
}

bool html_is_written(const struct html_page *page, size_t index)
{
    const struct report_result *result = &page->report->results[index];
    if (!html_is_told(page->report, result))
        return false;
    const bool fails = outcome_fails(page->report, result);
    if (page->left_out == 0)
        return true;
    return fails == page->first_left_out_fails ? index < page->first_left_out : fails;
}

/* --- the head of the page ------------------------------------------------------------------ */

static void write_filters(struct buffer *out)
{
    buffer_text(out, "<div class=\"filters\"><label>Search <input id=\"search\" type=\"search\" "
                     "autocomplete=\"off\"></label> <label>Show <select id=\"state\">"
                     "<option value=\"\">all</option>");
    for (size_t i = 0; i < html_state_count(); i++)
        buffer_printf(out, "<option value=\"%s\">%s</option>", html_state_at(i)->name,
                      html_state_at(i)->word);
    buffer_text(out, "</select></label> <output id=\"shown\" for=\"search state\"></output></div>");
}

static void write_outcome(const struct report *report, struct buffer *out)
{
    bool is_good;
    const char *outcome = outcome_of_report(report, &is_good),
               *verdict = verdict_name(report->verdict);
    const bool goes_by_verdict = outcome == verdict;
    buffer_printf(out, "<p class=\"verdict %s\">%s</p>",
                  goes_by_verdict ? verdict
                  : is_good       ? "pass"
                                  : "fail",
                  outcome);
    if (!goes_by_verdict)
        buffer_printf(out, "<p class=\"dim\">claims: %s</p>", verdict);
}

static void write_summary(const struct report *report, struct buffer *out)
{
    buffer_text(out, "<header><h1>freshcheck report</h1>");
    write_outcome(report, out);
    buffer_text(out, "<button type=\"button\" id=\"theme\" hidden>Dark</button></header>\n<main>\n"
                     "<ul class=\"counts\">");
    for (size_t i = 0; i < html_state_count(); i++) {
        const struct html_state *state = html_state_at(i);
        size_t count = 0;
        for (size_t k = 0; k < report->result_count; k++)
            count += html_state(report, &report->results[k]) == state;
        if (count > 0)
            buffer_printf(out,
                          "<li class=\"%s\"><span class=\"sign\" aria-hidden=\"true\">%s</span> "
                          "<b>%zu</b> %s</li>",
                          state->name, state->sign, count, state->word);
    }
    buffer_text(out, "</ul>\n");
}

static void write_notice(const struct html_page *page, struct buffer *out)
{
    if (page->left_out + page->rows_left_out + page->shortened == 0)
        return;
    buffer_printf(out, "<p class=\"notice\">This file is kept under %d MB.",
                  SIZE_MAX_BYTES / 1000000);
    if (page->shortened > 0)
        buffer_printf(out, " Of %zu results that are told, %zu are told without pictures.",
                      page->told, page->shortened);
    if (page->left_out > 0)
        buffer_printf(out, " %zu more are left out.", page->left_out);
    if (page->rows_left_out > 0)
        buffer_printf(out, " %zu rows of the matrix are left out.", page->rows_left_out);
    buffer_text(out, " The JSON report has every verdict.</p>\n");
}

static void write_page(const struct html_page *page, const struct buffer *matrix,
                       const struct buffer *sections, const struct buffer *distribution,
                       struct buffer *out)
{
    buffer_text(out, head);
    buffer_text(out, style);
    buffer_text(out, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#failures\">To the "
                     "failures</a>\n");
    buffer_text(out, shapes);
    write_summary(page->report, out);
    write_notice(page, out);
    buffer_text(out, "<section><h2>Matrix</h2>");
    write_filters(out);
    buffer_append(out, matrix->bytes, matrix->length);
    buffer_text(out, "</section>\n<section id=\"failures\"><h2>What broke, or was not "
                     "decided</h2>\n");
    if (page->told == 0)
        buffer_text(out, "<p>Everything holds.</p>\n");
    buffer_append(out, sections->bytes, sections->length);
    buffer_text(out, "</section>\n");
    buffer_append(out, distribution->bytes, distribution->length);
    buffer_text(out, "</main>\n<div id=\"tip\" role=\"status\" hidden></div>\n<script>\n");
    buffer_text(out, script);
    buffer_text(out, "</script>\n</body>\n</html>\n");
}

/* The matrix is written twice: how much room it takes, and then with links to what had room. */
void report_html(const struct report *report, struct buffer *out)
{
    struct buffer sections = {0}, matrix = {0}, distribution = {0};
    struct html_page page = {.report = report,
                             .told = count_told(report),
                             .has_stories = any_story(report),
                             .matrix_room = MATRIX_BYTES};
    html_distribution(report, &distribution);
    html_matrix(&page, &matrix);
    page.room = SIZE_MAX_BYTES - sizeof style - sizeof script - FRAME_BYTES - distribution.length -
                matrix.length;
    write_sections(&page, &sections);
    out->failed |= matrix.failed;
    page.matrix_room = matrix.length;
    buffer_clear(&matrix);
    html_matrix(&page, &matrix);
    write_page(&page, &matrix, &sections, &distribution, out);
    out->failed |= sections.failed || matrix.failed || distribution.failed;
    buffer_free(&sections);
    buffer_free(&matrix);
    buffer_free(&distribution);
}
