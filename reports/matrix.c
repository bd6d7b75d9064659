#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/report.h"
#include "reports/text_internal.h"

enum { CELL_MAX = 64, GAP = 2 };

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

/* The columns that stand beside each other; where the terminal is too narrow for all of them, the
 * others come below. */
struct block {
    size_t first, end;   /* of the columns */
    size_t columns;      /* in all */
    const size_t *width; /* of each */
    size_t subject;      /* the width of names of scenarios */
};

static void measure_columns(const struct report *report, size_t columns, size_t *width)
{
    char text[CELL_MAX];
    for (size_t i = 0; i < columns; i++)
        width[i] = text_width(report->results[i].implementation);
    for (size_t i = 0; i < report->result_count; i++) {
        write_cell(&report->results[i], text);
        if (strlen(text) > width[i % columns])
            width[i % columns] = strlen(text);
    }
}

/* Names make room only for a column that would not fit beside them, and keep a third. */
static size_t subject_width(const struct report *report, size_t columns, const size_t *width)
{
    const size_t wanted = text_subject_width(report), least = report->width / 3;
    size_t widest = 0;
    for (size_t i = 0; i < columns; i++)
        widest = width[i] > widest ? width[i] : widest;
    if (report->width == 0 || wanted + GAP + widest <= report->width)
        return wanted;
    const size_t left = report->width > widest + GAP ? report->width - widest - GAP : 0;
    const size_t room = left > least ? left : least;
    return wanted < room ? wanted : room;
}

static size_t end_of_block(const struct report *report, const struct block *block)
{
    size_t end = block->first;
    size_t used = block->subject;
    do
        used += GAP + block->width[end++];
    while (end < block->columns &&
           (report->width == 0 || used + GAP + block->width[end] <= report->width));
    return end;
}

static void write_head(const struct report *report, const struct block *block, struct buffer *out)
{
    text_pad(out, 0, block->subject);
    text_begin(report, COLOUR_BOLD, out);
    for (size_t i = block->first; i < block->end; i++) {
        const char *name = report->results[i].implementation;
        text_pad(out, 0, GAP);
        text_plain(out, name);
        if (i + 1 < block->end)
            text_pad(out, text_width(name), block->width[i]);
    }
    text_end(report, out);
    buffer_char(out, '\n');
}

static void write_row(const struct report *report, size_t row, const struct block *block,
                      struct buffer *out)
{
    const struct report_result *cells = &report->results[row * block->columns];
    char text[CELL_MAX];
    text_pad(out, text_clipped(out, cells->subject, block->subject), block->subject);
    for (size_t i = block->first; i < block->end; i++) {
        const enum colour colour = write_cell(&cells[i], text);
        text_pad(out, 0, GAP);
        text_begin(report, colour, out);
        buffer_text(out, text);
        text_end(report, out);
        if (i + 1 < block->end)
            text_pad(out, strlen(text), block->width[i]);
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
    size_t *width = calloc(columns + 1, sizeof *width);
    out->failed |= !width;
    if (columns == 0 || !width)
        goto out;
    measure_columns(report, columns, width);
    struct block block = {.columns = columns, .width = width};
    for (block.subject = subject_width(report, columns, width); block.first < columns;
         block.first = block.end) {
        block.end = end_of_block(report, &block);
        if (block.first > 0)
            buffer_char(out, '\n');
        write_head(report, &block, out);
        for (size_t row = 0; row < report->result_count / columns; row++)
            write_row(report, row, &block, out);
    }
    write_sum(report, columns, out);
out:
    free(width);
}
