#include "reports/findings_report.h"

#include "reports/prediction_report.h"

/* --- as text --------------------------------------------------------------------------------- */

static void put_place(const struct config_entry *entry, struct buffer *out)
{
    buffer_printf(out, " (%s", entry->source);
    if (entry->line > 0)
        buffer_printf(out, ":%u", entry->line);
    buffer_char(out, ')');
}

static void put_option(enum flink_option option, const struct effective *effective,
                       struct buffer *out)
{
    const struct effective_value *value = &effective->values[option];
    buffer_printf(out, "      %s: ", flink_option_key(option, effective->version));
    if (value->refusal)
        buffer_text(out, value->text);
    else
        effective_value_print(option, value, out);
    if (value->entry)
        put_place(value->entry, out);
    else
        buffer_text(out, " (default)");
    buffer_char(out, '\n');
}

static void put_finding(const struct finding *finding, const struct effective *effective,
                        struct buffer *out)
{
    buffer_printf(out, "  %s %s\n      %s\n", severity_name(finding->severity), finding->rule->id,
                  finding->consequence);
    if (finding->entry) {
        buffer_printf(out, "      %s: %s", finding->entry->key, finding->entry->value);
        put_place(finding->entry, out);
        buffer_char(out, '\n');
    }
    for (size_t i = 0; i < finding->option_count; i++)
        put_option(finding->options[i], effective, out);
    if (finding->suggested_key)
        buffer_printf(out, "      instead: %s: %s\n", finding->suggested_key,
                      finding->suggested_value);
    if (finding->suggested_release)
        buffer_printf(out, "      instead: Flink %s or later\n", finding->suggested_release);
    buffer_printf(out, "      see it:  freshcheck run %s --implementation %s\n",
                  finding->rule->scenario, finding->rule->implementation);
}

void report_findings(const struct findings *findings, const struct effective *effective,
                     struct buffer *out)
{
    buffer_text(out, "\nfindings\n");
    for (size_t i = 0; i < findings->count; i++)
        put_finding(&findings->items[i], effective, out);
    if (findings->count == 0)
        buffer_text(out, "  none, under this load\n");
}

static void put_changes(const struct compared *before, const struct compared *after,
                        struct buffer *out)
{
    bool any = false;
    buffer_text(out, "changes\n");
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        const enum flink_option option = (enum flink_option)i;
        if (!compare_differs(before, after, option))
            continue;
        any = true;
        buffer_printf(out, "  %s: ", flink_option_key(option, after->effective->version));
        compare_values(before, after, option, out);
        buffer_text(out, ",\n      because ");
        compare_reason(before, after, option, out);
        buffer_text(out, "\n      ");
        const size_t length = out->length;
        compare_consequence(before, after, option, out);
        if (out->length == length && !out->failed)
            out->length -= 6; /* the indent of nothing */
        else
            buffer_char(out, '\n');
    }
    if (!any)
        buffer_text(out, "  none that bear on checkpoint answers\n");
}

/* Findings of `there` that `here` has not. */
static void put_only(const char *heading, const struct compared *here, const struct compared *there,
                     struct buffer *out)
{
    bool any = false;
    for (size_t i = 0; i < there->findings->count; i++) {
        const struct finding *finding = &there->findings->items[i];
        if (findings_have(here->findings, finding->rule))
            continue;
        if (!any)
            buffer_printf(out, "\n%s\n", heading);
        any = true;
        buffer_printf(out, "  %s %s\n      %s\n", severity_name(finding->severity),
                      finding->rule->id, finding->consequence);
    }
}

static void put_common(const struct compared *before, const struct compared *after,
                       struct buffer *out)
{
    const char *separator = "\nfindings that stay\n  ";
    for (size_t i = 0; i < after->findings->count; i++) {
        const struct finding_rule *rule = after->findings->items[i].rule;
        if (!findings_have(before->findings, rule))
            continue;
        buffer_printf(out, "%s%s", separator, rule->id);
        separator = ", ";
    }
    if (*separator == ',')
        buffer_char(out, '\n');
}

void report_comparison(const struct compared *before, const struct compared *after,
                       struct buffer *out)
{
    buffer_printf(out, "from %s on Flink %s to %s on Flink %s\n\n", before->name,
                  before->effective->version, after->name, after->effective->version);
    if (after->effective->missing_file)
        buffer_printf(out, "Flink %s reads %s only; this is with the same options in it.\n\n",
                      after->effective->version, after->effective->missing_file);
    put_changes(before, after, out);
    report_prediction_changes(before->predicted, after->predicted, out);
    put_only("findings that come", before, after, out);
    put_only("findings that go", after, before, out);
    put_common(before, after, out);
}

/* --- as JSON --------------------------------------------------------------------------------- */

static void write_buffer(struct json_writer *json, const char *key, struct buffer *text)
{
    json_key(json, key);
    if (text->length > 0)
        json_text_length(json, text->bytes, text->length);
    else
        json_write_null(json);
    json->out->failed |= text->failed;
    buffer_free(text);
}

static void write_entry(struct json_writer *json, const struct config_entry *entry)
{
    json_member_text(json, "source", entry ? entry->source : NULL);
    if (entry && entry->line > 0)
        json_member_int64(json, "line", entry->line);
}

static void write_option(struct json_writer *json, enum flink_option option,
                         const struct effective *effective)
{
    const struct effective_value *value = &effective->values[option];
    struct buffer text = {0};
    json_begin_object(json);
    json_member_text(json, "option", flink_option_key(option, effective->version));
    effective_value_print(option, value, &text);
    write_buffer(json, "value", &text);
    write_entry(json, value->entry);
    json_end_object(json);
}

static void write_suggestion(struct json_writer *json, const struct finding *finding)
{
    if (!finding->suggested_key && !finding->suggested_release) {
        json_member_null(json, "suggestion");
        return;
    }
    json_member_object(json, "suggestion");
    if (finding->suggested_key) {
        json_member_text(json, "option", finding->suggested_key);
        json_member_text(json, "value", finding->suggested_value);
    } else {
        json_member_text(json, "flink", finding->suggested_release);
    }
    json_end_object(json);
}

static void write_finding(struct json_writer *json, const struct finding *finding,
                          const struct effective *effective)
{
    json_begin_object(json);
    json_member_text(json, "id", finding->rule->id);
    json_member_text(json, "severity", severity_name(finding->severity));
    json_member_text(json, "consequence", finding->consequence);
    json_member_array(json, "options");
    if (finding->entry) {
        json_begin_object(json);
        json_member_text(json, "option", finding->entry->key);
        json_member_text(json, "value", finding->entry->value);
        write_entry(json, finding->entry);
        json_end_object(json);
    }
    for (size_t i = 0; i < finding->option_count; i++)
        write_option(json, finding->options[i], effective);
    json_end_array(json);
    write_suggestion(json, finding);
    json_member_text(json, "scenario", finding->rule->scenario);
    json_member_text(json, "implementation", finding->rule->implementation);
    json_end_object(json);
}

void report_findings_json(const struct findings *findings, const struct effective *effective,
                          struct json_writer *json)
{
    json_member_array(json, "findings");
    for (size_t i = 0; i < findings->count; i++)
        write_finding(json, &findings->items[i], effective);
    json_end_array(json);
}

static void write_side(struct json_writer *json, const char *key, const struct compared *side)
{
    json_member_object(json, key);
    json_member_text(json, "name", side->name);
    json_member_text(json, "flink", side->effective->version);
    json_member_text(json, "missing_file", side->effective->missing_file);
    report_findings_json(side->findings, side->effective, json);
    json_end_object(json);
}

static void write_change(struct json_writer *json, const struct compared *before,
                         const struct compared *after, enum flink_option option)
{
    struct buffer old = {0}, new = {0}, reason = {0}, consequence = {0};
    effective_value_print(option, &before->effective->values[option], &old);
    effective_value_print(option, &after->effective->values[option], &new);
    compare_reason(before, after, option, &reason);
    compare_consequence(before, after, option, &consequence);
    json_begin_object(json);
    json_member_text(json, "option", flink_option_key(option, after->effective->version));
    write_buffer(json, "before", &old);
    write_buffer(json, "after", &new);
    write_buffer(json, "because", &reason);
    write_buffer(json, "consequence", &consequence);
    json_end_object(json);
}

void report_comparison_json(const struct compared *before, const struct compared *after,
                            struct buffer *out)
{
    struct json_writer json = {.out = out};
    json_begin_object(&json);
    write_side(&json, "before", before);
    write_side(&json, "after", after);
    json_member_array(&json, "changes");
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (compare_differs(before, after, (enum flink_option)i))
            write_change(&json, before, after, (enum flink_option)i);
    }
    json_end_array(&json);
    report_prediction_changes_json(before->predicted, after->predicted, &json);
    json_end_object(&json);
    buffer_char(out, '\n');
}
