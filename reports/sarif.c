#include <stdio.h>
#include <string.h>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "reports/alerts.h"
#include "reports/outcome_internal.h"
#include "reports/text_internal.h"

/*
 * SARIF 2.1.0: a rule for each property, a result for each broken claim. Section numbers are those
 * of the OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
 */

/* What GitHub's code scanning takes of one run; it shows the first 5,000. */
enum { RESULTS_MAX = 25000 };

/* Literal braces are doubled (3.11.5), brackets and backslashes have a backslash (3.11.6). */
static void write_text(const char *key, const char *text, struct json_writer *json)
{
    struct buffer escaped = {0};
    for (const char *c = text; *c; c++) {
        if (*c == '{' || *c == '}')
            buffer_char(&escaped, *c);
        else if (*c == '[' || *c == ']' || *c == '\\')
            buffer_char(&escaped, '\\');
        buffer_char(&escaped, *c);
    }
    json_member_object(json, key);
    json_key(json, "text");
    json_text_length(json, escaped.bytes ? escaped.bytes : "", escaped.length);
    json_end_object(json);
    json->out->failed |= escaped.failed;
    buffer_free(&escaped);
}

static void write_rules(const struct alerts *alerts, struct json_writer *json)
{
    json_member_array(json, "rules");
    for (size_t i = 0; i < alerts->rule_count; i++) {
        const struct alert_rule *rule = &alerts->rules[i];
        json_begin_object(json);
        json_member_text(json, "id", rule->id);
        json_member_text(json, "name", rule->id);
        write_text("shortDescription", rule->statement, json);
        write_text("fullDescription", rule->statement, json);
        write_text("help", rule->explanation, json);
        json_end_object(json);
    }
    json_end_array(json);
}

/* Bytes that may stand in a path of a URI. Source: RFC 3986, 3.3 (pchar) and "/"; a colon could be
 * taken for the end of a scheme (4.2). */
static bool stands_in_path(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~!$&'()*+,;=@/", c));
}

/* Bytes of the name that are no UTF-8 become U+FFFD, as in all JSON of ours: a report that was read
 * back names the same file. */
static void write_path(const char *file, struct buffer *uri)
{
    size_t left = strlen(file);
    for (size_t length; left > 0; file += length, left -= length) {
        length = utf8_character_length(file, left);
        if (length == 1 && stands_in_path(*file))
            buffer_char(uri, *file);
        else if (length == 0)
            buffer_text(uri, "%EF%BF%BD");
        for (size_t i = 0; length > 0 && i < length && !stands_in_path(*file); i++)
            buffer_printf(uri, "%%%02X", (unsigned)(unsigned char)file[i]);
        length = length > 0 ? length : 1;
    }
}

/* Relative names stay relative: whoever reads it knows the root of the repository. */
static void write_uri(const char *file, struct json_writer *json)
{
    struct buffer uri = {0};
    while (strncmp(file, "./", 2) == 0)
        file += 2;
    if (*file == '/')
        buffer_text(&uri, "file://");
    write_path(file, &uri);
    json_key(json, "uri");
    json_text_length(json, uri.bytes ? uri.bytes : "", uri.length);
    json->out->failed |= uri.failed;
    buffer_free(&uri);
}

static void write_physical(const struct alert *alert, struct json_writer *json)
{
    if (!alert->file)
        return;
    json_member_object(json, "physicalLocation");
    json_member_object(json, "artifactLocation");
    write_uri(alert->file, json);
    json_end_object(json);
    if (alert->place.line > 0) {
        json_member_object(json, "region");
        json_member_int64(json, "startLine", alert->place.line);
        if (alert->place.column > 0)
            json_member_int64(json, "startColumn", alert->place.column);
        json_end_object(json);
    }
    json_end_object(json);
}

static void write_location(const struct alert *alert, struct json_writer *json)
{
    json_member_array(json, "locations");
    json_begin_object(json);
    write_physical(alert, json);
    json_member_array(json, "logicalLocations");
    json_begin_object(json);
    json_member_text(json, "name", alert->subject);
    json_end_object(json);
    if (alert->implementation) {
        json_begin_object(json);
        json_member_text(json, "name", alert->implementation);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
    json_end_array(json);
}

/* The witness: each event at the line of what it speaks against. */
static void write_flow(const struct alert *alert, struct json_writer *json)
{
    if (!alert->verdict || alert->verdict->witness_count == 0)
        return;
    json_member_array(json, "codeFlows");
    json_begin_object(json);
    json_member_array(json, "threadFlows");
    json_begin_object(json);
    json_member_array(json, "locations");
    for (size_t i = 0; i < alert->verdict->witness_count; i++) {
        struct buffer event = {0};
        outcome_event(&alert->verdict->witness[i], &event);
        buffer_char(&event, '\0');
        json_begin_object(json);
        json_member_object(json, "location");
        write_physical(alert, json);
        write_text("message", event.failed ? "" : event.bytes, json);
        json_end_object(json);
        json_end_object(json);
        json->out->failed |= event.failed;
        buffer_free(&event);
    }
    json_end_array(json);
    json_end_object(json);
    json_end_array(json);
    json_end_object(json);
    json_end_array(json);
}

/* An empty list says that nothing was accepted (3.27.23). */
static void write_suppressions(const struct alert *alert, struct json_writer *json)
{
    json_member_array(json, "suppressions");
    if (alert->is_expected) {
        json_begin_object(json);
        json_member_text(json, "kind", "external");
        json_member_text(json, "status", "accepted");
        if (alert->reason)
            json_member_text(json, "justification", alert->reason);
        json_end_object(json);
    }
    json_end_array(json);
}

/*
 * FNV-1a of what the result is about, so that it stays the same when lines move. GitHub goes by its
 * second name, and would make one of the line's text otherwise: implementations that break one
 * claim would be one alert. Source: GitHub's documentation, "SARIF support for code scanning",
 * "Fingerprint generation".
 */
static uint64_t fingerprint_of(const struct alerts *alerts, const struct alert *alert,
                               struct buffer *name)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    buffer_printf(name, "%s ", alerts->rules[alert->rule].id);
    text_plain(name, alert->subject);
    buffer_text(name, " on ");
    text_plain(name, alert->implementation ? alert->implementation : "");
    for (size_t i = 0; !name->failed && i < name->length; i++)
        hash = (hash ^ (unsigned char)name->bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void write_fingerprint(const struct alerts *alerts, const struct alert *alert,
                              struct json_writer *json)
{
    char text[17];
    struct buffer name = {0};
    const uint64_t hash = fingerprint_of(alerts, alert, &name);
    json->out->failed |= name.failed;
    buffer_free(&name);
    for (int i = 0; i < 16; i++)
        text[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    text[16] = '\0';
    json_member_object(json, "partialFingerprints");
    json_member_text(json, "freshcheckClaim/v1", text);
    json_member_text(json, "primaryLocationLineHash", text);
    json_end_object(json);
}

static void write_result(const struct alerts *alerts, const struct alert *alert,
                         struct json_writer *json)
{
    static const char *const levels[] = {
        [ALERT_NOTE] = "note", [ALERT_WARNING] = "warning", [ALERT_ERROR] = "error"};
    struct buffer message = {0};
    buffer_printf(&message, "%s. %s", alert->title, alert->message);
    buffer_char(&message, '\0');
    json_begin_object(json);
    json_member_text(json, "ruleId", alerts->rules[alert->rule].id);
    json_member_int64(json, "ruleIndex", (int64_t)alert->rule);
    json_member_text(json, "level", levels[alert->is_expected ? ALERT_NOTE : alert->level]);
    write_text("message", message.failed ? "" : message.bytes, json);
    write_location(alert, json);
    write_flow(alert, json);
    write_fingerprint(alerts, alert, json);
    write_suppressions(alert, json);
    if (alert->again) {
        json_member_object(json, "properties");
        json_member_text(json, "again", alert->again);
        json_end_object(json);
    }
    json_end_object(json);
    json->out->failed |= message.failed;
    buffer_free(&message);
}

static void write_invocation(const struct alerts *alerts, struct json_writer *json)
{
    json_member_array(json, "invocations");
    json_begin_object(json);
    json_member_bool(json, "executionSuccessful", alerts->unjudged == 0);
    if (alerts->left_out > 0) {
        char text[96];
        snprintf(text, sizeof text, "%zu more results were left out of this file.",
                 alerts->left_out);
        json_member_array(json, "toolExecutionNotifications");
        json_begin_object(json);
        json_member_text(json, "level", "warning");
        write_text("message", text, json);
        json_end_object(json);
        json_end_array(json);
    }
    json_end_object(json);
    json_end_array(json);
}

static void write_run(const struct alerts *alerts, struct json_writer *json)
{
    json_begin_object(json);
    json_member_object(json, "tool");
    json_member_object(json, "driver");
    json_member_text(json, "name", "freshcheck");
    json_member_text(json, "version", FRESHCHECK_VERSION);
    write_rules(alerts, json);
    json_end_object(json);
    json_end_object(json);
    write_invocation(alerts, json);
    json_member_text(json, "columnKind", "unicodeCodePoints");
    json_member_array(json, "results");
    for (size_t i = 0; i < alerts->count && !json->out->failed; i++)
        write_result(alerts, &alerts->items[i], json);
    json_end_array(json);
    json_end_object(json);
}

void alerts_write_sarif(const struct alerts *alerts, struct buffer *out)
{
    struct json_writer json = {.out = out};
    out->failed |= alerts->failed;
    if (out->failed)
        return;
    json_begin_object(&json);
    json_member_text(&json, "$schema",
                     "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                     "sarif-schema-2.1.0.json");
    json_member_text(&json, "version", "2.1.0");
    json_member_array(&json, "runs");
    write_run(alerts, &json);
    json_end_array(&json);
    json_end_object(&json);
    buffer_char(out, '\n');
}

void report_sarif(const struct report *report, struct buffer *out)
{
    struct alerts alerts;
    alerts_of_report(report, ALERTS_ALL, RESULTS_MAX, &alerts);
    alerts_write_sarif(&alerts, out);
    alerts_free(&alerts);
}
