#include <stdio.h>
#include <string.h>

#include "reports/report.h"
#include "reports/text_internal.h"

enum { CELL_MAX = 64 };

/* What stands in a cell: "pass", the first broken property and how many more, or why there is
 * no verdict. */
static enum colour write_cell(const struct report_result *result, char text[CELL_MAX])
{
    enum property first = PROPERTY_FRESH;
    if (result->skipped) {
        snprintf(text, CELL_MAX, "skipped");
        return COLOUR_DIM;
    }
    if (result->failure) {
        snprintf(text, CELL_MAX, "!! no verdict");
        return COLOUR_BAD;
    }
    const bool surprise = report_needs_attention(result);
    const char *mark = surprise && result->has_expectation ? "!! " : "";
    const size_t broken = text_broken(result->judgement, &first);
    if (broken > 1)
        snprintf(text, CELL_MAX, "%s%s +%zu", mark, property_id(first), broken - 1);
    else if (broken == 1)
        snprintf(text, CELL_MAX, "%s%s", mark, property_id(first));
    else
        snprintf(text, CELL_MAX, "%s%s", mark, verdict_name(result->judgement->whole));
    if (surprise)
        return COLOUR_BAD;
    return broken > 0 ? COLOUR_KNOWN : COLOUR_GOOD;
}

/* Rows have one subject each; columns are the implementations of the first row. They end where
 * the first one comes again: the next scenario may have the same name, from another folder. */
static size_t column_count(const struct report *report)
{
    const struct report_result *first = report->results;
    size_t count = report->result_count > 0;
    while (count < report->result_count &&
           strcmp(first[count].implementation, first->implementation) != 0)
        count++;
    return count;
}

static size_t column_width(const struct report *report, size_t column, size_t columns)
{
    char text[CELL_MAX];
    size_t width = strlen(report->results[column].implementation);
    for (size_t i = column; i < report->result_count; i += columns) {
        write_cell(&report->results[i], text);
        if (strlen(text) > width)
            width = strlen(text);
    }
    return width;
}

static void write_head(const struct report *report, size_t columns, size_t subject,
                       struct buffer *out)
{
    text_pad(out, 0, subject);
    text_begin(report, COLOUR_BOLD, out);
    for (size_t i = 0; i < columns; i++) {
        const char *name = report->results[i].implementation;
        buffer_printf(out, "  %s", name);
        if (i + 1 < columns)
            text_pad(out, strlen(name), column_width(report, i, columns));
    }
    text_end(report, out);
    buffer_char(out, '\n');
}

static void write_row(const struct report *report, size_t row, size_t columns, size_t subject,
                      struct buffer *out)
{
    const struct report_result *cells = &report->results[row * columns];
    char text[CELL_MAX];
    text_plain(out, cells->subject);
    text_pad(out, text_width(cells->subject), subject);
    for (size_t i = 0; i < columns; i++) {
        const enum colour colour = write_cell(&cells[i], text);
        buffer_text(out, "  ");
        text_begin(report, colour, out);
        buffer_text(out, text);
        text_end(report, out);
        if (i + 1 < columns)
            text_pad(out, strlen(text), column_width(report, i, columns));
    }
    buffer_char(out, '\n');
}

static void write_sum(const struct report *report, size_t columns, struct buffer *out)
{
    size_t refuted = 0, surprising = 0, skipped = 0;
    enum property first;
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        skipped += result->skipped != NULL;
        surprising += report_needs_attention(result) && result->has_expectation;
        surprising += result->failure && !result->has_expectation;
        refuted +=
            !result->failure && !result->skipped && text_broken(result->judgement, &first) > 0;
    }
    const size_t rows = report->result_count / columns;
    buffer_printf(out,
                  "\n%zu scenario%s on %zu implementation%s: %zu cell%s, %zu with a broken claim, ",
                  rows, rows == 1 ? "" : "s", columns, columns == 1 ? "" : "s",
                  report->result_count, report->result_count == 1 ? "" : "s", refuted);
    if (skipped > 0)
        buffer_printf(out, "%zu skipped, ", skipped);
    if (surprising == 0)
        buffer_text(out, "all as expected.\n");
    else
        buffer_printf(out, "%zu NOT as expected (marked !!).\n", surprising);
}

void report_matrix(const struct report *report, struct buffer *out)
{
    const size_t columns = column_count(report);
    if (columns == 0)
        return;
    const size_t subject = text_subject_width(report);
    write_head(report, columns, subject, out);
    for (size_t row = 0; row < report->result_count / columns; row++)
        write_row(report, row, columns, subject, out);
    write_sum(report, columns, out);
}
