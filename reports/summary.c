#include <string.h>

#include "reports/outcome_internal.h"
#include "reports/text_internal.h"

/*
 * Markdown for GitHub's step summary: counts, then each failure with its witness, then what was
 * expected. GitHub shows nothing of a summary above 1 MiB, so it ends before that. Source: GitHub's
 * documentation, "Workflow commands", "Adding a job summary"; CommonMark 0.31, 2.5 (references are
 * never taken for markup).
 */

enum { SUMMARY_MAX = 1 << 20, NOTICE_ROOM = 256 };

/* Inside <pre>, and of a table or heading too: whatever could be markup becomes a reference. */
static void escape_from(struct buffer *out, size_t from, bool in_pre)
{
    struct buffer plain = {0};
    if (out->failed)
        return;
    buffer_append(&plain, out->bytes + from, out->length - from);
    out->length = from;
    for (size_t i = 0; i < plain.length; i++) {
        const char c = plain.bytes[i];
        if (strchr("&<>", c) || (!in_pre && strchr("\\`*_{}[]()#+!|~$@:", c)))
            buffer_printf(out, "&#%d;", c);
        else
            buffer_char(out, c);
    }
    out->failed |= plain.failed;
    buffer_free(&plain);
}

static void write_plain(const char *text, struct buffer *out)
{
    const size_t from = out->length;
    text_plain(out, text);
    escape_from(out, from, false);
}

static void write_name(const struct report_result *result, struct buffer *out)
{
    const size_t from = out->length;
    outcome_name(result, out);
    escape_from(out, from, false);
}

static void write_property(const struct report_result *result, enum property property,
                           struct buffer *out)
{
    const struct property_verdict *verdict = &result->judgement->properties[property];
    buffer_printf(out, "\n**%s**: ", property_id(property));
    size_t from = out->length;
    outcome_cause(verdict, out);
    escape_from(out, from, false);
    buffer_char(out, '\n');
    if (verdict->witness_count == 0)
        return;
    buffer_text(out, "\n<pre>\n");
    for (size_t i = 0; i < verdict->witness_count; i++) {
        from = out->length;
        outcome_event(&verdict->witness[i], out);
        escape_from(out, from, true);
        buffer_char(out, '\n');
    }
    buffer_text(out, "</pre>\n");
}

static void write_failure(const struct report *report, const struct report_result *result,
                          struct buffer *out)
{
    buffer_text(out, "\n### ");
    write_name(result, out);
    buffer_char(out, '\n');
    if (result->failure || result->difference || result->judgement->whole != VERDICT_FAIL) {
        buffer_char(out, '\n');
        write_plain(outcome_sentence(result), out);
        buffer_char(out, '\n');
    }
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (outcome_has(result, (enum property)i, VERDICT_FAIL))
            write_property(result, (enum property)i, out);
    }
    if (!result->again)
        return;
    buffer_text(out, "\n<pre>\n");
    const size_t from = out->length;
    outcome_again(report, result, out);
    escape_from(out, from, true);
    buffer_text(out, "\n</pre>\n");
}

static void write_expected(const struct report *report, const struct report_result *result,
                           struct buffer *out)
{
    (void)report;
    buffer_text(out, "- ");
    write_name(result, out);
    buffer_text(out, " breaks");
    const char *separator = " ";
    for (int i = 0; i < PROPERTY_COUNT; i++) {
        if (!outcome_has(result, (enum property)i, VERDICT_FAIL))
            continue;
        buffer_printf(out, "%s%s", separator, property_id((enum property)i));
        separator = ", ";
    }
    if (result->reason) {
        buffer_text(out, ": ");
        write_plain(result->reason, out);
    }
    buffer_char(out, '\n');
}

static void write_counts(const struct report *report, struct buffer *out)
{
    static const char *const names[] = {
        [OUTCOME_PASSED] = "passed",           [OUTCOME_FAILED] = "failed",
        [OUTCOME_EXPECTED] = "as expected",    [OUTCOME_UNDECIDED] = "undecided",
        [OUTCOME_ERROR] = "without a verdict", [OUTCOME_SKIPPED] = "skipped"};
    size_t counts[OUTCOME_COUNT] = {0};
    for (size_t i = 0; i < report->result_count; i++)
        counts[outcome_of(report, &report->results[i])]++;
    bool is_good;
    buffer_printf(out, "## freshcheck: %s\n\n|", outcome_of_report(report, &is_good));
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        buffer_printf(out, " %s |", names[i]);
    buffer_text(out, "\n|");
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        buffer_text(out, " ---: |");
    buffer_text(out, "\n|");
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        buffer_printf(out, " %zu |", counts[i]);
    buffer_char(out, '\n');
}

struct section {
    const char *heading;
    enum outcome outcomes[2];
    void (*write)(const struct report *report, const struct report_result *result,
                  struct buffer *out);
};

/* Writes one result of a section; false, and nothing written, when it does not fit. */
static bool write_one(const struct report *report, const struct report_result *result,
                      const struct section *section, bool first, size_t end, struct buffer *out)
{
    const size_t from = out->length;
    if (first)
        buffer_text(out, section->heading);
    section->write(report, result, out);
    if (out->length <= end)
        return true;
    out->length = from;
    return false;
}

/* How many were left out. */
static size_t write_section(const struct report *report, const struct section *section, size_t end,
                            struct buffer *out)
{
    size_t written = 0, left_out = 0;
    for (size_t i = 0; i < report->result_count && !out->failed; i++) {
        const struct report_result *result = &report->results[i];
        const enum outcome outcome = outcome_of(report, result);
        if (outcome != section->outcomes[0] && outcome != section->outcomes[1])
            continue;
        if (left_out == 0 && write_one(report, result, section, written == 0, end, out))
            written++;
        else
            left_out++;
    }
    return left_out;
}

void report_summary(const struct report *report, struct buffer *out)
{
    static const struct section sections[] = {
        {"", {OUTCOME_FAILED, OUTCOME_ERROR}, write_failure},
        {"\n<details><summary>broken as expected</summary>\n\n",
         {OUTCOME_EXPECTED, OUTCOME_EXPECTED},
         write_expected},
    };
    const size_t start = out->length;
    const size_t most = report->byte_count_max ? report->byte_count_max : SUMMARY_MAX;
    const size_t room = most > NOTICE_ROOM ? most - NOTICE_ROOM : 0;
    write_counts(report, out);
    size_t left_out = write_section(report, &sections[0], start + room, out);
    const size_t before = out->length;
    left_out += write_section(report, &sections[1], start + room, out);
    if (out->length > before)
        buffer_text(out, "\n</details>\n");
    if (left_out > 0)
        buffer_printf(out,
                      "\n%zu more were left out, since GitHub takes a summary of 1 MiB at most.\n",
                      left_out);
    if (out->length > start + most && !out->failed)
        out->length = start; /* not even the counts fit beside what is there already */
}
