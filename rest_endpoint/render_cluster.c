#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

struct job_counts {
    int64_t running, finished, cancelled, failed;
};

/* A job that has not ended counts as running. Source: Flink JobsOverview.create. */
static struct job_counts count_jobs(const struct job_list *jobs)
{
    struct job_counts counts = {0};

    for (size_t i = 0; i < jobs->count; i++) {
        enum job_status state = jobs->lines[i].state;
        if (!job_status_is_terminal(state))
            counts.running++;
        else if (state == JOB_FINISHED)
            counts.finished++;
        else if (state == JOB_CANCELED)
            counts.cancelled++;
        else
            counts.failed++;
    }
    return counts;
}

void render_overview(const struct job_list *jobs, const struct endpoint_wire *wire,
                     struct buffer *out)
{
    struct job_counts counts = count_jobs(jobs);
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    json_member_int64(&json, "taskmanagers", jobs->taskmanagers);
    json_member_int64(&json, "slots-total", jobs->slots_total);
    json_member_int64(&json, "slots-available", jobs->slots_available);
    json_member_int64(&json, "jobs-running", counts.running);
    json_member_int64(&json, "jobs-finished", counts.finished);
    json_member_int64(&json, "jobs-cancelled", counts.cancelled);
    json_member_int64(&json, "jobs-failed", counts.failed);
    json_member_text(&json, "flink-version", wire->flink_version);
    json_member_text(&json, "flink-commit", wire->flink_commit);
    json_end_object(&json);
}

void render_dashboard_config(int64_t refresh_interval_ms, const struct endpoint_wire *wire,
                             struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    json_member_int64(&json, "refresh-interval", refresh_interval_ms);
    json_member_text(&json, "timezone-name", "Coordinated Universal Time");
    json_member_int64(&json, "timezone-offset", 0);
    json_member_text(&json, "flink-version", wire->flink_version);
    json_member_text(&json, "flink-revision", wire->flink_revision);
    json_member_object(&json, "features");
    json_member_bool(&json, "web-submit", true);
    json_member_bool(&json, "web-cancel", true);
    if (wire->web_rescale_feature)
        json_member_bool(&json, "web-rescale", false);
    json_member_bool(&json, "web-history", false);
    json_end_object(&json);
    json_end_object(&json);
}

void render_configuration(const struct configuration_line *lines, size_t count, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_array(&json);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(&json);
        json_member_text(&json, "key", lines[i].key);
        json_member_text(&json, "value", lines[i].value);
        json_end_object(&json);
    }
    json_end_array(&json);
}

void render_trigger_response(struct id trigger, struct buffer *out)
{
    struct json_writer json = {.out = out};

    json_begin_object(&json);
    render_member_id(&json, "request-id", trigger);
    json_end_object(&json);
}

void render_empty(struct buffer *out)
{
    buffer_text(out, "{}");
}
