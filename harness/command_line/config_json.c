#include "base/json_writer.h"
#include "harness/command_line/config_view.h"
#include "reports/findings_report.h"

static const char *const origins[] = {
    [VALUE_SET] = "set",
    [VALUE_BY_DEPRECATED] = "deprecated",
    [VALUE_BY_FALLBACK] = "fallback",
    [VALUE_DEFAULT] = "default",
};

static const char *const forms[] = {
    [FORM_FLINK_CONF] = "flink-conf.yaml",
    [FORM_YAML] = "config.yaml",
    [FORM_DEPLOYMENT] = "deployment",
    [FORM_CLUSTER] = "cluster",
    [FORM_DYNAMIC] = "dynamic",
};

/* Durations in milliseconds, as everywhere in reports. */
static void write_number(struct json_writer *json, enum flink_option option,
                         const struct effective_value *value)
{
    struct buffer text = {0};
    json_key(json, "value");
    if (value->refusal || (value->number < 0 && !value->text)) {
        json_write_null(json);
        return;
    }
    switch (flink_option_kind(option)) {
    case OPTION_DURATION:
        json_decimal(json, (double)value->number / 1000, 3);
        break;
    case OPTION_NUMBER:
        json_int64(json, value->number);
        break;
    case OPTION_BOOLEAN:
        json_bool(json, value->number != 0);
        break;
    case OPTION_RETENTION_MODE:
        effective_value_print(option, value, &text);
        json_text_length(json, text.bytes, text.length);
        json->out->failed |= text.failed;
        buffer_free(&text);
        break;
    }
}

static void write_place(struct json_writer *json, const struct config_entry *entry)
{
    json_member_text(json, "source", entry ? entry->source : NULL);
    if (entry && entry->line > 0) {
        json_member_int64(json, "line", entry->line);
        json_member_int64(json, "column", entry->column);
    }
}

static void write_value(struct json_writer *json, enum flink_option option, const char *release,
                        const struct effective_value *value)
{
    json_begin_object(json);
    json_member_text(json, "option", flink_option_key(option, release));
    json_member_bool(json, "exists", value->exists);
    write_number(json, option, value);
    json_member_text(json, "text", value->text);
    json_member_text(json, "origin", origins[value->origin]);
    json_member_text(json, "key", value->key);
    write_place(json, value->entry);
    if (value->refusal) {
        json_member_text(json, "refusal", value->refusal);
        json_member_text(json, "refused_at",
                         value->refused_by == REFUSED_AT_START ? "start" : "submission");
    }
    json_end_object(json);
}

static void write_notes(struct json_writer *json, const struct config_view *view)
{
    json_member_array(json, "notes");
    for (size_t i = 0; i < view->entries->count; i++) {
        struct buffer sentence = {0};
        const struct config_entry *entry = &view->entries->items[i];
        if (config_view_note(view, entry, &sentence)) {
            json_begin_object(json);
            json_member_text(json, "key", entry->key);
            write_place(json, entry);
            json_key(json, "note");
            json_text_length(json, sentence.bytes, sentence.length);
            json_end_object(json);
        }
        json->out->failed |= sentence.failed;
        buffer_free(&sentence);
    }
    json_end_array(json);
}

static void write_releases(struct json_writer *json, const struct config_view *view)
{
    json_member_array(json, "releases");
    for (size_t i = 0; i < view->release_count; i++) {
        const struct effective *effective = &view->releases[i];
        json_begin_object(json);
        json_member_text(json, "flink", effective->version);
        json_member_text(json, "missing_file", effective->missing_file);
        json_member_array(json, "differences");
        for (unsigned o = 0; o < OPTION_COUNT; o++) {
            if (config_view_differs(view, i, (enum flink_option)o))
                write_value(json, (enum flink_option)o, effective->version, &effective->values[o]);
        }
        json_end_array(json);
        json_end_object(json);
    }
    json_end_array(json);
}

void config_json_write(const struct config_view *view, const struct findings *findings,
                       const struct predicted *predicted, const struct wanted *wanted,
                       struct buffer *out)
{
    const struct effective *chosen = &view->releases[view->chosen];
    struct json_writer json = {.out = out};
    json_begin_object(&json);
    json_member_text(&json, "flink", chosen->version);
    json_member_text(&json, "missing_file", chosen->missing_file);
    json_member_array(&json, "sources");
    for (size_t i = 0; i < view->entries->source_count; i++) {
        json_begin_object(&json);
        json_member_text(&json, "name", view->entries->sources[i].name);
        json_member_text(&json, "form", forms[view->entries->sources[i].form]);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_member_array(&json, "values");
    for (unsigned i = 0; i < OPTION_COUNT; i++)
        write_value(&json, (enum flink_option)i, chosen->version, &chosen->values[i]);
    json_end_array(&json);
    write_notes(&json, view);
    report_prediction_json(predicted, &json);
    report_findings_json(findings, chosen, &json);
    report_advice_json(wanted, &json);
    write_releases(&json, view);
    json_end_object(&json);
    buffer_char(out, '\n');
}
