#include <inttypes.h>
#include <string.h>

#include "reports/html_internal.h"
#include "reports/outcome_internal.h"

/* One failing cell: its sentences, its picture, and what lies behind them. */

static void write_paragraph(const char *class, const char *label, const char *text,
                            struct buffer *out)
{
    buffer_printf(out, "<p class=\"%s\">", class);
    if (label)
        buffer_printf(out, "<b>%s</b> ", label);
    html_text(out, text);
    buffer_text(out, "</p>");
}

static void write_heading(const struct report *report, size_t index, struct buffer *out)
{
    const struct report_result *result = &report->results[index];
    const struct html_state *state = html_state(report, result);
    buffer_printf(out, "<section class=\"failure %s\" data-state=\"%s\" id=\"", state->name,
                  state->name);
    html_cell_id(out, report, index);
    buffer_text(out, "\" tabindex=\"-1\"><h3><span class=\"sign\" aria-hidden=\"true\">");
    buffer_printf(out, "%s</span> ", state->sign);
    html_name(out, result->subject);
    if (result->implementation) {
        buffer_text(out, " <span class=\"on\">on</span> ");
        html_text(out, result->implementation);
    }
    buffer_text(out, " <a class=\"here\" href=\"#");
    html_cell_id(out, report, index);
    buffer_text(out, "\" aria-label=\"Link to ");
    html_text(out, result->subject);
    if (result->implementation) {
        buffer_text(out, " on ");
        html_text(out, result->implementation);
    }
    buffer_printf(out, "\">#</a></h3><p class=\"outcome\">%s", state->word);
    if (result->claim) {
        buffer_text(out, " · claim: ");
        html_text(out, result->claim);
    }
    buffer_text(out, "</p>");
    if (result->title)
        write_paragraph("title", NULL, result->title, out);
}

static void write_again(const struct report *report, const struct report_result *result,
                        struct buffer *out)
{
    if (!result->again)
        return;
    buffer_text(out, "<div class=\"again\"><b>Again</b> <code>");
    html_text(out, report->program ? report->program : "freshcheck");
    buffer_char(out, ' ');
    html_text(out, result->again);
    buffer_text(out, "</code> <button type=\"button\" class=\"copy\" hidden>Copy</button></div>");
}

static void write_verdict(enum property property, const struct property_verdict *verdict,
                          struct buffer *out)
{
    buffer_printf(out, "<p class=\"cause\"><b class=\"property\">%s</b> ", property_id(property));
    html_text(out, verdict->cause);
    buffer_text(out, "</p><ul class=\"facts\">");
    if (verdict->layer != LAYER_UNKNOWN)
        buffer_printf(out, "<li><span class=\"dim\">Layer</span> %s</li>",
                      layer_name(verdict->layer));
    buffer_printf(out,
                  "<li><span class=\"dim\">Broken</span> %" PRIu64 " of %" PRIu64 " times</li>",
                  verdict->violations, verdict->tested);
    if (verdict->has_worst)
        buffer_printf(out, "<li><span class=\"dim\">Worst</span> %.1f %s</li>",
                      verdict->worst_value, verdict->worst_unit);
    buffer_printf(out, "<li><span class=\"dim\">Promised</span> %s</li></ul>",
                  property_statement(property));
}

static void write_witness(const struct property_verdict *verdict, struct buffer *out)
{
    if (verdict->witness_count == 0)
        return;
    buffer_text(out, "<div class=\"scroll\"><table class=\"witness\"><caption>Witness</caption>"
                     "<thead><tr><th scope=\"col\">#</th><th scope=\"col\">time</th>"
                     "<th scope=\"col\">who</th><th scope=\"col\">what</th></tr></thead><tbody>");
    for (size_t i = 0; i < verdict->witness_count; i++) {
        const struct witness_event *event = &verdict->witness[i];
        buffer_printf(out, "<tr><th scope=\"row\">%zu</th><td class=\"time\">", i + 1);
        html_time(out, event->at_us);
        buffer_text(out, "</td><td>");
        html_text(out, event->who);
        buffer_text(out, "</td><td>");
        html_text(out, event->what);
        if (event->seq)
            buffer_printf(out, " <span class=\"dim\">seq %" PRIu64 "</span>", event->seq);
        buffer_text(out, "</td></tr>");
    }
    buffer_text(out, "</tbody></table></div>");
}

/* --- the raw exchanges --------------------------------------------------------------------- */

/* A line end is no control character here. */
static void write_lines(const char *lines, struct buffer *out)
{
    struct buffer line = {0};
    while (*lines) {
        const size_t length = strcspn(lines, "\n");
        buffer_clear(&line);
        buffer_append(&line, lines, length);
        buffer_char(&line, '\0');
        if (!line.failed)
            html_text(out, line.bytes);
        buffer_char(out, '\n');
        out->failed |= line.failed;
        lines += length + (lines[length] == '\n');
    }
    buffer_free(&line);
}

static void write_exchange(const struct story_exchange *exchange, struct buffer *out)
{
    buffer_text(out, "<details class=\"raw\"><summary>");
    html_text(out, exchange->method);
    buffer_char(out, ' ');
    html_text(out, exchange->target);
    buffer_printf(out, " <span class=\"dim\">seq %" PRIu64 ", ", exchange->seq);
    html_time(out, exchange->sent_us);
    buffer_text(out, "</span></summary><pre tabindex=\"0\">");
    html_text(out, exchange->method);
    buffer_char(out, ' ');
    html_text(out, exchange->target);
    buffer_text(out, " HTTP/1.1\n");
    if (exchange->cache_control[0]) {
        buffer_text(out, "Cache-Control: ");
        html_text(out, exchange->cache_control);
        buffer_char(out, '\n');
    }
    if (exchange->status == 0)
        buffer_text(out, "\nNo answer came.");
    else
        buffer_printf(out, "\nHTTP/1.1 %d\n", exchange->status);
    if (exchange->headers)
        write_lines(exchange->headers, out);
    else if (exchange->age_us > 0)
        buffer_printf(out, "Age: %" PRId64 "\n", exchange->age_us / 1000000);
    if (exchange->body) {
        const size_t kept =
            exchange->body_length < STORY_BODY_MAX ? exchange->body_length : STORY_BODY_MAX;
        buffer_char(out, '\n');
        html_json(out, exchange->body, kept);
        if (kept < exchange->body_length)
            buffer_printf(out, "\n... %zu bytes more", exchange->body_length - kept);
    }
    buffer_text(out, "</pre></details>");
}

static void write_exchanges(const struct story *story, struct buffer *out)
{
    for (size_t i = 0; i < story->exchange_count; i++) {
        if (story->exchanges[i].is_witness)
            write_exchange(&story->exchanges[i], out);
    }
}

/* --- a section ----------------------------------------------------------------------------- */

static void write_broken(const struct report_result *result, bool with_story, struct buffer *out)
{
    const struct story *story = with_story ? result->story : NULL;
    enum property first;
    if (!story_property(result->judgement, &first))
        return;
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &result->judgement->properties[i];
        if (!result->judgement->claim.claimed[i] || verdict->verdict != VERDICT_FAIL)
            continue;
        write_verdict((enum property)i, verdict, out);
        if (story && i == (int)first)
            html_picture(story, verdict, out);
        if (with_story)
            write_witness(verdict, out);
    }
    if (!story)
        return;
    write_exchanges(story, out);
    html_series(&story->series, out);
}

/* Folded where something else broke. */
static void write_undecided(const struct judgement *judgement, struct buffer *out)
{
    size_t count = 0;
    struct buffer items = {0};
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        const struct property_verdict *verdict = &judgement->properties[i];
        if (!judgement->claim.claimed[i] || verdict->verdict != VERDICT_UNKNOWN)
            continue;
        count++;
        buffer_printf(&items, "<li><b class=\"property\">%s</b> ", property_id((enum property)i));
        html_text(&items, verdict->cause);
        buffer_text(&items, "</li>");
    }
    if (count > 0)
        buffer_printf(out, "<details class=\"undecided\"%s><summary>Not decided: %zu</summary><ul>",
                      judgement->whole == VERDICT_UNKNOWN ? " open" : "", count);
    buffer_append(out, items.bytes, items.length);
    if (count > 0)
        buffer_text(out, "</ul></details>");
    out->failed |= items.failed;
    buffer_free(&items);
}

void html_failure(const struct report *report, size_t index, bool with_story, struct buffer *out)
{
    const struct report_result *result = &report->results[index];
    write_heading(report, index, out);
    if (result->difference)
        write_paragraph("expected", "Not as expected:", result->difference, out);
    else if (result->reason)
        write_paragraph("expected", "Expected:", result->reason, out);
    if (result->failure) {
        write_paragraph("cause", NULL, result->failure, out);
    } else {
        write_broken(result, with_story, out);
        if (html_state(report, result) != html_state_at(OUTCOME_EXPECTED))
            write_undecided(result->judgement, out);
    }
    write_again(report, result, out);
    buffer_text(out, "</section>\n");
}
