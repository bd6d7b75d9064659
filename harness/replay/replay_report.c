#include "harness/replay/replay_report.h"

#include <inttypes.h>

#include "base/json_writer.h"

size_t replay_report_uses(const struct replay_report *report, const struct allowed_difference *line)
{
    size_t uses = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct replay *replay = report->results[i].replay;
        for (size_t j = 0; j < replay->count; j++) {
            const struct replayed *item = &replay->items[j];
            for (size_t k = 0; k < item->differences.count; k++)
                uses += item->reasons[k] == line;
        }
    }
    return uses;
}

bool replay_report_is_stale(const struct replay_report *report,
                            const struct allowed_difference *line)
{
    bool could = false;
    for (size_t i = 0; i < report->count; i++)
        could |= conform_matches(line->version, report->results[i].version);
    return could && replay_report_uses(report, line) == 0;
}

static const char *or_nothing(const char *value)
{
    return value ? value : "nothing";
}

static void text_exchange(const struct replayed *item, struct buffer *out)
{
    const struct transcript_exchange *exchange = item->exchange;
    buffer_printf(out, "  seq %" PRId64 "  %s %s\n", exchange->seq, exchange->recorded.method,
                  exchange->recorded.path);
    for (size_t i = 0; i < item->differences.count; i++) {
        const struct difference *difference = &item->differences.items[i];
        if (item->reasons[i])
            continue;
        buffer_printf(out, "    %s: %s\n", difference->pointer, difference->what);
        buffer_printf(out, "      recorded %s\n", or_nothing(difference->recorded));
        buffer_printf(out, "      answered %s\n", or_nothing(difference->answered));
    }
    if (item->differences.left_out > 0)
        buffer_printf(out, "    and %zu more\n", item->differences.left_out);
}

static void text_list(const struct replay_report *report, struct buffer *out)
{
    for (size_t i = 0; i < allowed_count(report->allowed); i++) {
        const struct allowed_difference *line = allowed_at(report->allowed, i);
        const size_t uses = replay_report_uses(report, line);
        const char *verdict = replay_report_is_stale(report, line) ? "never used" : "not asked";
        if (uses > 0)
            buffer_printf(out, "used %zu times", uses);
        else
            buffer_text(out, verdict);
        buffer_printf(out, ": line %u: %s %s %s %s\n  %s\n", line->line, line->version,
                      line->method, line->path, line->pointer, line->reason);
    }
}

void replay_report_text(const struct replay_report *report, struct buffer *out)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct replay_result *result = &report->results[i];
        const struct replay *replay = result->replay;
        buffer_printf(out, "%s: Flink %s on %s\n", result->subject, result->version,
                      result->target);
        for (size_t j = 0; j < replay->count; j++) {
            if (replay->items[j].unmeant > 0)
                text_exchange(&replay->items[j], out);
        }
        buffer_printf(out, "  %zu exchanges: %zu agree, %zu differ deliberately, %zu differ\n",
                      replay->count, replay->agreeing, replay->deliberate, replay->differing);
    }
    if (report->lists_allowed)
        text_list(report, out);
}

static void json_differences(struct json_writer *json, const struct replayed *item)
{
    for (size_t i = 0; i < item->differences.count; i++) {
        const struct difference *difference = &item->differences.items[i];
        json_begin_object(json);
        json_member_int64(json, "seq", item->exchange->seq);
        json_member_int64(json, "line", item->exchange->line);
        json_member_text(json, "method", item->exchange->recorded.method);
        json_member_text(json, "path", item->exchange->recorded.path);
        json_member_text(json, "pointer", difference->pointer);
        json_member_text(json, "what", difference->what);
        json_member_text(json, "recorded", difference->recorded);
        json_member_text(json, "answered", difference->answered);
        if (item->reasons[i])
            json_member_text(json, "reason", item->reasons[i]->reason);
        json_end_object(json);
    }
}

static void json_result(struct json_writer *json, const struct replay_result *result)
{
    const struct replay *replay = result->replay;
    json_begin_object(json);
    json_member_text(json, "subject", result->subject);
    json_member_text(json, "flink_version", result->version);
    json_member_text(json, "target", result->target);
    json_member_int64(json, "exchanges", (int64_t)replay->count);
    json_member_int64(json, "agree", (int64_t)replay->agreeing);
    json_member_int64(json, "deliberate", (int64_t)replay->deliberate);
    json_member_int64(json, "differ", (int64_t)replay->differing);
    json_member_array(json, "differences");
    for (size_t i = 0; i < replay->count; i++)
        json_differences(json, &replay->items[i]);
    json_end_array(json);
    json_end_object(json);
}

static void json_list(struct json_writer *json, const struct replay_report *report)
{
    json_member_array(json, "deliberate");
    for (size_t i = 0; i < allowed_count(report->allowed); i++) {
        const struct allowed_difference *line = allowed_at(report->allowed, i);
        json_begin_object(json);
        json_member_int64(json, "line", line->line);
        json_member_text(json, "reason", line->reason);
        json_member_int64(json, "uses", (int64_t)replay_report_uses(report, line));
        json_member_bool(json, "stale", replay_report_is_stale(report, line));
        json_end_object(json);
    }
    json_end_array(json);
}

void replay_report_json(const struct replay_report *report, struct buffer *out)
{
    struct json_writer json = {.out = out};
    size_t differing = 0;
    for (size_t i = 0; i < report->count; i++)
        differing += report->results[i].replay->differing;
    json_begin_object(&json);
    json_member_text(&json, "verdict", differing > 0 ? "fail" : "pass");
    json_member_array(&json, "results");
    for (size_t i = 0; i < report->count; i++)
        json_result(&json, &report->results[i]);
    json_end_array(&json);
    if (report->lists_allowed)
        json_list(&json, report);
    json_end_object(&json);
    buffer_char(out, '\n');
}
