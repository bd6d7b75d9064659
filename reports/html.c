#include <stdlib.h>
#include <string.h>

#include "reports/html_internal.h"

/*
 * One file that needs no other: the matrix, a section for each result with more to say, and how
 * stale answers were. Its size is bounded: what does not fit is told of in less, then only counted.
 */

enum {
    SIZE_MAX_BYTES = 2000000,
    MATRIX_BYTES = 700000,
    SHORT_SECTION_BYTES = 1500, /* kept back for each section that is still to come */
    TAIL_BYTES = 60000          /* for style, script, staleness and notices */
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
    "<clipPath id=\"plot\"><rect x=\"150\" y=\"0\" width=\"850\" height=\"5000\"/></clipPath>"
    "<pattern id=\"hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
    "patternTransform=\"rotate(45)\"><rect class=\"hatching\" width=\"2\" height=\"7\"/></pattern>"
    "</defs></svg>\n";

struct counts {
    size_t told, without_story, left_out, rows_left_out;
};

/* --- sections ------------------------------------------------------------------------------ */

static bool write_section(const struct report *report, size_t index, size_t to_come,
                          struct counts *counts, struct buffer *out)
{
    struct buffer section = {0};
    html_failure(report, index, true, &section);
    const size_t kept_back = MATRIX_BYTES + TAIL_BYTES;
    const size_t room = SIZE_MAX_BYTES - kept_back;
    const bool whole = out->length + section.length + to_come * SHORT_SECTION_BYTES <= room;
    if (!whole) {
        buffer_clear(&section);
        html_failure(report, index, false, &section);
    }
    const bool fits = out->length + section.length <= room;
    if (fits) {
        buffer_append(out, section.bytes, section.length);
        counts->without_story += !whole || !report->results[index].story;
    } else {
        counts->left_out++;
    }
    out->failed |= section.failed;
    buffer_free(&section);
    return fits;
}

/* What nobody expected comes first. */
static void write_sections(const struct report *report, struct counts *counts, struct buffer *out)
{
    size_t told = 0;
    bool fits = true;
    for (size_t i = 0; i < report->result_count; i++)
        counts->told += html_is_told(&report->results[i]);
    for (int attention = 1; attention >= 0; attention--) {
        for (size_t i = 0; i < report->result_count; i++) {
            const struct report_result *result = &report->results[i];
            if (!html_is_told(result) || report_needs_attention(result) != (bool)attention)
                continue;
            told++;
            if (fits)
                fits = write_section(report, i, counts->told - told, counts, out);
            else
                counts->left_out++;
        }
    }
}

/* --- the matrix ---------------------------------------------------------------------------- */

static bool same_name(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Rows have one subject each; columns are the implementations of the first row, as in the matrix of
 * the terminal. What fits into no column begins a row of its own. */
static size_t column_count(const struct report *report)
{
    const struct report_result *first = report->results;
    size_t count = report->result_count > 0;
    while (count < report->result_count && first->implementation &&
           !same_name(first[count].implementation, first->implementation))
        count++;
    return count;
}

static void write_cell(const struct report *report, size_t index, struct buffer *out)
{
    const struct report_result *result = &report->results[index];
    const struct html_state *state = html_state(result);
    enum property first = PROPERTY_FRESH;
    const bool judged = !result->skipped && !result->failure;
    const bool is_told = html_is_told(result);
    buffer_printf(out, "<td class=\"%s\">", state->name);
    if (is_told) {
        buffer_text(out, "<a href=\"#");
        html_cell_id(out, report, index);
        buffer_text(out, "\">");
    }
    buffer_printf(out, "<span class=\"sign\" aria-hidden=\"true\">%s</span> ", state->sign);
    if (judged && story_property(result->judgement, &first))
        buffer_text(out, property_id(first));
    else
        buffer_text(out, judged ? verdict_name(result->judgement->whole) : state->word);
    if (result->has_expectation && is_told && report_needs_attention(result))
        buffer_text(out, " <span class=\"word\">unexpected</span>");
    buffer_text(out, is_told ? "</a></td>" : "</td>");
}

static size_t row_length(const struct report *report, size_t first, size_t columns)
{
    size_t length = 1;
    while (length < columns && first + length < report->result_count &&
           strcmp(report->results[first + length].subject, report->results[first].subject) == 0)
        length++;
    return length;
}

static void write_row(const struct report *report, size_t first, size_t columns, size_t length,
                      struct buffer *out)
{
    const struct report_result *result = &report->results[first];
    buffer_text(out, "<tr data-states=\"");
    for (size_t i = 0; i < length; i++)
        buffer_printf(out, "%s%s", i ? " " : "", html_state(&result[i])->name);
    buffer_text(out, "\"><th scope=\"row\">");
    html_text(out, result->subject);
    if (result->title) {
        buffer_text(out, "<span class=\"title\">");
        html_text(out, result->title);
        buffer_text(out, "</span>");
    }
    buffer_text(out, "</th>");
    for (size_t i = 0; i < columns; i++) {
        if (i < length)
            write_cell(report, first + i, out);
        else
            buffer_text(out, "<td></td>");
    }
    buffer_text(out, "</tr>\n");
}

static void write_matrix_head(const struct report *report, size_t columns, struct buffer *out)
{
    buffer_text(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Matrix\">"
                     "<table id=\"matrix\"><thead><tr><th scope=\"col\">");
    buffer_text(out, report->results[0].implementation ? "scenario" : "recording");
    buffer_text(out, "</th>");
    for (size_t i = 0; i < columns; i++) {
        buffer_text(out, "<th scope=\"col\">");
        html_text(out, report->results[i].implementation ? report->results[i].implementation
                                                         : "verdict");
        buffer_text(out, "</th>");
    }
    buffer_text(out, "</tr></thead><tbody>\n");
}

static void write_matrix(const struct report *report, struct counts *counts, struct buffer *out)
{
    const size_t columns = column_count(report);
    if (columns == 0)
        return;
    write_matrix_head(report, columns, out);
    for (size_t i = 0; i < report->result_count;) {
        const size_t length = row_length(report, i, columns);
        if (out->length < MATRIX_BYTES - 4096)
            write_row(report, i, columns, length, out);
        else
            counts->rows_left_out++;
        i += length;
    }
    buffer_text(out, "</tbody></table></div>");
}

/* --- the head of the page ------------------------------------------------------------------ */

static void write_filters(struct buffer *out)
{
    buffer_text(out, "<div class=\"filters\"><label for=\"search\">Search</label>"
                     "<input id=\"search\" type=\"search\" autocomplete=\"off\">"
                     "<label for=\"state\">Show</label><select id=\"state\">"
                     "<option value=\"\">all</option>");
    for (size_t i = 0; i < html_state_count(); i++)
        buffer_printf(out, "<option value=\"%s\">%s</option>", html_state_at(i)->name,
                      html_state_at(i)->word);
    buffer_text(out, "</select><output id=\"shown\" for=\"search state\"></output></div>");
}

/* A claim that breaks as its scenario says is nothing to look at: what was expected comes before the
 * verdict on the claims. */
static void write_outcome(const struct report *report, struct buffer *out)
{
    const char *verdict = verdict_name(report->verdict);
    size_t attention = 0, expected = 0;
    for (size_t i = 0; i < report->result_count; i++) {
        attention += report_needs_attention(&report->results[i]);
        expected += report->results[i].has_expectation;
    }
    if (expected == 0)
        buffer_printf(out, "<p class=\"verdict %s\">%s</p>", verdict, verdict);
    else
        buffer_printf(out, "<p class=\"verdict %s\">%s</p><p class=\"dim\">claims: %s</p>",
                      attention ? "fail" : "pass",
                      attention ? "not as expected" : "all as expected", verdict);
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
            count += html_state(&report->results[k]) == state;
        if (count > 0)
            buffer_printf(out,
                          "<li class=\"%s\"><span class=\"sign\" aria-hidden=\"true\">%s</span> "
                          "<b>%zu</b> %s</li>",
                          state->name, state->sign, count, state->word);
    }
    buffer_text(out, "</ul>\n");
}

static void write_notice(const struct counts *counts, struct buffer *out)
{
    if (counts->left_out + counts->rows_left_out + counts->without_story == 0)
        return;
    buffer_printf(out, "<p class=\"notice\">This file is kept under %d MB.",
                  SIZE_MAX_BYTES / 1000000);
    if (counts->without_story > 0)
        buffer_printf(out, " %zu of %zu results are told without a picture.", counts->without_story,
                      counts->told);
    if (counts->left_out > 0)
        buffer_printf(out, " %zu are left out here.", counts->left_out);
    if (counts->rows_left_out > 0)
        buffer_printf(out, " %zu rows of the matrix are left out.", counts->rows_left_out);
    buffer_text(out, " The JSON report has every verdict.</p>\n");
}

void report_html(const struct report *report, struct buffer *out)
{
    struct buffer sections = {0}, matrix = {0};
    struct counts counts = {0};
    write_sections(report, &counts, &sections);
    write_matrix(report, &counts, &matrix);
    buffer_text(out, head);
    buffer_text(out, style);
    buffer_text(out, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#failures\">To the "
                     "failures</a>\n");
    buffer_text(out, shapes);
    write_summary(report, out);
    write_notice(&counts, out);
    buffer_text(out, "<section><h2>Matrix</h2>");
    write_filters(out);
    buffer_append(out, matrix.bytes, matrix.length);
    buffer_text(out, "</section>\n<section id=\"failures\"><h2>What broke</h2>\n");
    if (counts.told == 0)
        buffer_text(out, "<p>Nothing broke.</p>\n");
    buffer_append(out, sections.bytes, sections.length);
    buffer_text(out, "</section>\n");
    html_distribution(report, out);
    buffer_text(out, "</main>\n<div id=\"tip\" role=\"status\" hidden></div>\n<script>\n");
    buffer_text(out, script);
    buffer_text(out, "</script>\n</body>\n</html>\n");
    out->failed |= sections.failed || matrix.failed;
    buffer_free(&sections);
    buffer_free(&matrix);
}
