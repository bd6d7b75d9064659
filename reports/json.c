#include "base/json_writer.h"
#include "reports/report.h"

/* The shape is in docs/report-json.md. */

static void write_witness(const struct property_verdict *verdict, struct json_writer *json)
{
    json_member_array(json, "witness");
    for (size_t i = 0; i < verdict->witness_count; i++) {
        const struct witness_event *event = &verdict->witness[i];
        json_begin_object(json);
        json_key(json, "at_ms");
        json_decimal(json, (double)event->at_us / 1000.0, 3);
        json_member_text(json, "who", event->who);
        json_member_text(json, "what", event->what);
        if (event->seq != 0)
            json_member_int64(json, "seq", (int64_t)event->seq);
        if (event->since)
            json_member_bool(json, "since", true);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_place(const struct text_place *place, struct json_writer *json)
{
    if (place->line == 0)
        return;
    json_member_int64(json, "line", place->line);
    if (place->column > 0)
        json_member_int64(json, "column", place->column);
}

static void write_property(enum property property, const struct report_result *result,
                           struct json_writer *json)
{
    const struct property_verdict *verdict = &result->judgement->properties[property];
    json_begin_object(json);
    json_member_text(json, "id", property_id(property));
    if (result->places)
        write_place(&result->places[property], json);
    json_member_text(json, "verdict", verdict_name(verdict->verdict));
    json_member_int64(json, "tested", (int64_t)verdict->tested);
    json_member_int64(json, "violations", (int64_t)verdict->violations);
    if (verdict->has_worst) {
        json_member_object(json, "worst");
        json_key(json, "value");
        json_decimal(json, verdict->worst_value, 3);
        json_member_text(json, "unit", verdict->worst_unit);
        if (verdict->worst_behind > 0)
            json_member_int64(json, "checkpoints", (int64_t)verdict->worst_behind);
        json_end_object(json);
    }
    if (verdict->verdict == VERDICT_FAIL)
        json_member_text(json, "layer", layer_name(verdict->layer));
    if (verdict->verdict != VERDICT_PASS && verdict->cause[0] != '\0')
        json_member_text(json, "cause", verdict->cause);
    if (verdict->witness_count > 0)
        write_witness(verdict, json);
    json_end_object(json);
}

static void write_properties(const struct report_result *result, bool judged,
                             struct json_writer *json)
{
    json_member_array(json, "properties");
    for (int i = 0; judged && i < PROPERTY_COUNT; i++) {
        if (result->judgement->claim.claimed[i])
            write_property((enum property)i, result, json);
    }
    json_end_array(json);
}

static void write_ms(const char *key, double us, struct json_writer *json)
{
    json_key(json, key);
    json_decimal(json, us / 1000, 3);
}

static void write_expected(const struct expected_staleness *expected, struct json_writer *json)
{
    const double reads = (double)expected->reads;
    if (expected->reads == 0)
        return;
    json_member_object(json, "expected");
    write_ms("timeout_ms", (double)expected->timeout_us, json);
    json_key(json, "share");
    json_decimal(json, expected->stale / reads, 3);
    write_ms("mean_ms", expected->sum_us / reads, json);
    write_ms("least_mean_ms", expected->least_sum_us / reads, json);
    write_ms("most_mean_ms", expected->most_sum_us / reads, json);
    json_end_object(json);
}

static void write_staleness(const struct report_result *result, struct json_writer *json)
{
    const struct staleness_figures staleness = report_staleness_figures(result);
    if (staleness.reads == 0)
        return;
    json_member_object(json, "staleness");
    json_member_int64(json, "reads", (int64_t)staleness.reads);
    json_member_int64(json, "stale", (int64_t)staleness.stale);
    write_ms("mean_ms", staleness.mean_us, json);
    write_ms("p50_ms", (double)staleness.p50_us, json);
    write_ms("p90_ms", (double)staleness.p90_us, json);
    write_ms("p99_ms", (double)staleness.p99_us, json);
    write_ms("max_ms", (double)staleness.max_us, json);
    write_expected(&result->judgement->expected, json);
    json_end_object(json);
}

static void write_margin(const struct margin *margin, struct json_writer *json)
{
    if (margin->us == 0)
        return;
    json_member_object(json, "margin");
    json_key(json, "value");
    json_decimal(json, (double)margin->us / 1000, 3);
    json_member_text(json, "unit", "ms");
    json_member_text(json, "why", margin->why);
    json_end_object(json);
}

static void write_measures(const struct report_result *result, struct json_writer *json)
{
    if (result->measure_count == 0)
        return;
    json_member_array(json, "measures");
    for (size_t i = 0; i < result->measure_count; i++) {
        json_begin_object(json);
        json_member_text(json, "name", result->measures[i].name);
        json_key(json, "value");
        json_decimal(json, result->measures[i].value, 3);
        json_member_text(json, "unit", result->measures[i].unit);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_result(const struct report_result *result, struct json_writer *json)
{
    const bool judged = !result->failure && !result->skipped;
    json_begin_object(json);
    json_member_text(json, "subject", result->subject);
    if (result->title)
        json_member_text(json, "title", result->title);
    if (result->implementation)
        json_member_text(json, "implementation", result->implementation);
    json_member_text(json, "claim", result->claim);
    if (result->file)
        json_member_text(json, "file", result->file);
    json_member_text(json, "verdict",
                     verdict_name(judged ? result->judgement->whole : VERDICT_UNKNOWN));
    if (result->has_expectation && !result->skipped)
        json_member_bool(json, "as_expected", result->as_expected);
    if (result->difference)
        json_member_text(json, "difference", result->difference);
    if (result->reason)
        json_member_text(json, "reason", result->reason);
    if (result->failure)
        json_member_text(json, "failure", result->failure);
    if (result->skipped)
        json_member_text(json, "skipped", result->skipped);
    if (result->again)
        json_member_text(json, "again", result->again);
    write_properties(result, judged, json);
    if (judged) {
        write_margin(&result->judgement->margin, json);
        write_staleness(result, json);
    }
    write_measures(result, json);
    json_end_object(json);
}

void report_json(const struct report *report, struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_begin_object(&json);
    json_member_text(&json, "verdict", verdict_name(report->verdict));
    if (report->part) {
        json_key(&json, "part");
        json_raw(&json, report->part->bytes, report->part->length);
    }
    json_member_array(&json, "results");
    for (size_t i = 0; i < report->result_count; i++)
        write_result(&report->results[i], &json);
    json_end_array(&json);
    if (report->exploration) {
        json_key(&json, "exploration");
        json_raw(&json, report->exploration->bytes, report->exploration->length);
    }
    json_end_object(&json);
    buffer_char(out, '\n');
}
