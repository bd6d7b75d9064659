#include <string.h>

#include "reports/outcome_internal.h"
#include "reports/text_internal.h"

/*
 * TAP 14: a test point for each result. What breaks as expected is a TODO, which counts as no
 * failure; what is undecided is a SKIP, since it is no pass. Source: the specification of the Test
 * Anything Protocol, version 14 ("Test Points", "Escaping", "YAML Diagnostics").
 */

/* Appends what was written since `from` once more, with a backslash before each of `marks`. */
static void escape_from(struct buffer *out, size_t from, const char *marks)
{
    struct buffer plain = {0};
    if (out->failed)
        return;
    buffer_append(&plain, out->bytes + from, out->length - from);
    out->length = from;
    for (size_t i = 0; i < plain.length; i++) {
        if (strchr(marks, plain.bytes[i]))
            buffer_char(out, '\\');
        buffer_char(out, plain.bytes[i]);
    }
    out->failed |= plain.failed;
    buffer_free(&plain);
}

static void write_plain(const char *text, struct buffer *out)
{
    const size_t from = out->length;
    text_plain(out, text);
    escape_from(out, from, "\\#");
}

/* A value of YAML in double quotes: control characters were replaced already. */
static void begin_value(const char *indent, const char *key, struct buffer *out, size_t *from)
{
    buffer_printf(out, "%s%s\"", indent, key);
    *from = out->length;
}

static void end_value(struct buffer *out, size_t from)
{
    escape_from(out, from, "\\\"");
    buffer_text(out, "\"\n");
}

static void write_value(const char *indent, const char *key, const char *text, struct buffer *out)
{
    size_t from;
    if (!text)
        return;
    begin_value(indent, key, out, &from);
    text_plain(out, text);
    end_value(out, from);
}

static void write_broken(const struct report_result *result, enum property property,
                         struct buffer *out)
{
    const struct property_verdict *verdict = &result->judgement->properties[property];
    size_t from;
    buffer_printf(out, "    - property: %s\n", property_id(property));
    write_value("      ", "layer: ", layer_name(verdict->layer), out);
    write_value("      ", "cause: ", verdict->cause, out);
    if (result->places && result->places[property].line > 0)
        buffer_printf(out, "      line: %u\n", result->places[property].line);
    if (verdict->witness_count > 0)
        buffer_text(out, "      witness:\n");
    for (size_t i = 0; i < verdict->witness_count; i++) {
        begin_value("        ", "- ", out, &from);
        outcome_event(&verdict->witness[i], out);
        end_value(out, from);
    }
}

static void write_diagnostics(const struct report *report, const struct report_result *result,
                              bool has_story, struct buffer *out)
{
    bool any = false;
    size_t from;
    buffer_text(out, "  ---\n");
    write_value("  ", "message: ", outcome_sentence(result), out);
    write_value("  ", "reason: ", result->difference ? NULL : result->reason, out);
    write_value("  ", "file: ", result->file, out);
    for (int i = 0; has_story && i < PROPERTY_COUNT; i++) {
        if (!outcome_has(result, (enum property)i, VERDICT_FAIL))
            continue;
        buffer_text(out, any ? "" : "  broken:\n");
        write_broken(result, (enum property)i, out);
        any = true;
    }
    if (!has_story)
        write_value("  ", "left_out: ", "the witness, after 10000 others", out);
    if (result->again) {
        begin_value("  ", "again: ", out, &from);
        outcome_again(report, result, out);
        end_value(out, from);
    }
    buffer_text(out, "  ...\n");
}

static void write_directive(const struct report_result *result, enum outcome outcome,
                            struct buffer *out)
{
    if (outcome == OUTCOME_EXPECTED)
        buffer_text(out, " # TODO ");
    else if (outcome == OUTCOME_SKIPPED || outcome == OUTCOME_UNDECIDED)
        buffer_text(out, " # SKIP ");
    else
        return;
    if (outcome == OUTCOME_UNDECIDED)
        buffer_text(out, "undecided: ");
    write_plain(outcome == OUTCOME_EXPECTED && result->reason ? result->reason
                                                              : outcome_sentence(result),
                out);
}

void report_tap(const struct report *report, struct buffer *out)
{
    size_t told = 0;
    buffer_printf(out, "TAP version 14\n1..%zu\n", report->result_count);
    for (size_t i = 0; i < report->result_count; i++) {
        const struct report_result *result = &report->results[i];
        const enum outcome outcome = outcome_of(report, result);
        const bool is_ok =
            outcome == OUTCOME_PASSED || outcome == OUTCOME_SKIPPED || outcome == OUTCOME_UNDECIDED;
        buffer_printf(out, "%s %zu - ", is_ok ? "ok" : "not ok", i + 1);
        const size_t from = out->length;
        outcome_name(result, out);
        buffer_text(out, ": ");
        text_plain(out, result->claim);
        escape_from(out, from, "\\#");
        write_directive(result, outcome, out);
        buffer_char(out, '\n');
        if (!is_ok)
            write_diagnostics(report, result, told++ < STORIES_TOLD_MAX, out);
    }
}
