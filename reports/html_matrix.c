#include <string.h>

#include "reports/html_internal.h"

/* Scenarios by implementations, with links to what is told of each. */

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

/* One scenario on many implementations is a list of them: so are mutants. */
struct layout {
    size_t columns;
    bool is_list;
};

static struct layout choose_layout(const struct report *report)
{
    enum { COLUMNS_MAX_OF_ONE = 8 };
    const struct report_result *results = report->results;
    const size_t columns = column_count(report);
    if (columns > COLUMNS_MAX_OF_ONE && columns == report->result_count &&
        strcmp(results[0].subject, results[columns - 1].subject) == 0)
        return (struct layout){1, true};
    return (struct layout){columns, false};
}

static void write_cell(const struct html_page *page, size_t index, struct buffer *out)
{
    const struct report_result *result = &page->report->results[index];
    const struct html_state *state = html_state(page->report, result);
    enum property first = PROPERTY_FRESH;
    const bool judged = !result->skipped && !result->failure;
    const bool is_linked = html_is_written(page, index);
    buffer_printf(out, "<td class=\"%s\">", state->name);
    if (is_linked) {
        buffer_text(out, "<a href=\"#");
        html_cell_id(out, page->report, index);
        buffer_text(out, "\">");
    }
    buffer_printf(out, "<span class=\"sign\" aria-hidden=\"true\">%s</span> ", state->sign);
    if (judged && story_property(result->judgement, &first))
        buffer_text(out, property_id(first));
    else
        buffer_text(out, judged ? verdict_name(result->judgement->whole) : state->word);
    if (judged && result->has_expectation && report_needs_attention(result))
        buffer_text(out, " <span class=\"word\">unexpected</span>");
    buffer_text(out, is_linked ? "</a></td>" : "</td>");
}

static size_t row_length(const struct report *report, size_t first, size_t columns)
{
    size_t length = 1;
    while (length < columns && first + length < report->result_count &&
           strcmp(report->results[first + length].subject, report->results[first].subject) == 0)
        length++;
    return length;
}

static void write_row(const struct html_page *page, size_t first, struct layout layout,
                      size_t length, struct buffer *out)
{
    const struct report_result *result = &page->report->results[first];
    buffer_text(out, "<tr data-states=\"");
    for (size_t i = 0; i < length; i++)
        buffer_printf(out, "%s%s", i ? " " : "", html_state(page->report, &result[i])->name);
    buffer_text(out, "\"><th scope=\"row\">");
    html_name(out, layout.is_list ? result->implementation : result->subject);
    if (result->title) {
        buffer_text(out, "<span class=\"title\">");
        html_text(out, result->title);
        buffer_text(out, "</span>");
    }
    buffer_text(out, "</th>");
    for (size_t i = 0; i < layout.columns; i++) {
        if (i < length)
            write_cell(page, first + i, out);
        else
            buffer_text(out, "<td></td>");
    }
    buffer_text(out, "</tr>\n");
}

static void write_head(const struct report *report, struct layout layout, struct buffer *out)
{
    const struct report_result *results = report->results;
    buffer_text(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Matrix\">"
                     "<table id=\"matrix\"><thead><tr><th scope=\"col\">");
    buffer_text(out, layout.is_list              ? "implementation"
                     : results[0].implementation ? "scenario"
                                                 : "recording");
    buffer_text(out, "</th>");
    for (size_t i = 0; i < layout.columns; i++) {
        buffer_text(out, "<th scope=\"col\">");
        html_text(out, layout.is_list              ? results[0].subject
                       : results[i].implementation ? results[i].implementation
                                                   : "verdict");
        buffer_text(out, "</th>");
    }
    buffer_text(out, "</tr></thead><tbody>\n");
}

/* Rows that fit into `room`; how many did not. */
static size_t write_rows(const struct html_page *page, struct layout layout, size_t room,
                         struct buffer *out)
{
    size_t left_out = 0, length;
    struct buffer row = {0};
    for (size_t i = 0; i < page->report->result_count; i += length) {
        length = row_length(page->report, i, layout.columns);
        buffer_clear(&row);
        if (left_out == 0)
            write_row(page, i, layout, length, &row);
        if (left_out == 0 && out->length + row.length <= room)
            buffer_append(out, row.bytes, row.length);
        else
            left_out++;
        out->failed |= row.failed;
    }
    buffer_free(&row);
    return left_out;
}

void html_matrix(struct html_page *page, struct buffer *out)
{
    const struct layout layout = choose_layout(page->report);
    if (layout.columns == 0)
        return;
    write_head(page->report, layout, out);
    page->rows_left_out = write_rows(page, layout, page->matrix_room, out);
    buffer_text(out, "</tbody></table></div>");
}
