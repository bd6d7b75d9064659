#include "rest_endpoint/render.h"
#include "rest_endpoint/render_internal.h"

static void render_counts(const struct checkpoint_counts *counts, struct buffer *out)
{
    char *start = buffer_reserve(out, 5 * INT64_ROOM + 128);
    if (!start)
        return;
    char *at = render_int64(PUT(start, "{\"counts\":{\"restored\":"), counts->restored);
    at = render_int64(PUT(at, ",\"total\":"), counts->total);
    at = render_int64(PUT(at, ",\"in_progress\":"), counts->in_progress);
    at = render_int64(PUT(at, ",\"completed\":"), counts->completed);
    at = render_int64(PUT(at, ",\"failed\":"), counts->failed);
    at = PUT(at, "}");
    out->length += (size_t)(at - start);
}

static void render_summaries(const struct checkpoint_stats *stats, struct buffer *out)
{
    buffer_text(out, ",\"summary\":{\"checkpointed_size\":");
    render_summary(&stats->summary.checkpointed_size, out);
    buffer_text(out, ",\"state_size\":");
    render_summary(&stats->summary.state_size, out);
    buffer_text(out, ",\"end_to_end_duration\":");
    render_summary(&stats->summary.duration_ms, out);
    buffer_text(out, ",\"alignment_buffered\":" ZERO_SUMMARY ",\"processed_data\":");
    render_summary(&stats->summary.processed_data, out);
    buffer_text(out, ",\"persisted_data\":");
    render_summary(&stats->summary.persisted_data, out);
    buffer_char(out, '}');
}

static void render_latest_one(const char *key, const struct checkpoint *checkpoint,
                              const struct endpoint_wire *wire, struct buffer *out)
{
    buffer_text(out, key);
    if (checkpoint)
        render_checkpoint(checkpoint, false, wire, out);
    else
        buffer_text(out, "null");
}

static void render_restored(const struct restored_checkpoint *restored, struct buffer *out)
{
    if (!restored) {
        buffer_text(out, ",\"restored\":null}");
        return;
    }
    buffer_text(out, ",\"restored\":{\"id\":");
    buffer_int64(out, restored->id);
    buffer_text(out, ",\"restore_timestamp\":");
    buffer_int64(out, restored->restore_ms);
    buffer_text(out, restored->is_savepoint ? ",\"is_savepoint\":true" : ",\"is_savepoint\":false");
    buffer_text(out, ",\"external_path\":");
    render_text(shared_text_bytes(restored->external_path), out);
    buffer_text(out, "}}");
}

void render_statistics(const struct checkpoint_stats *stats, const struct endpoint_wire *wire,
                       struct buffer *out)
{
    render_counts(&stats->counts, out);
    render_summaries(stats, out);
    render_latest_one(",\"latest\":{\"completed\":", stats->latest_completed, wire, out);
    render_latest_one(",\"savepoint\":", stats->latest_savepoint, wire, out);
    render_latest_one(",\"failed\":", stats->latest_failed, wire, out);
    render_restored(stats->latest_restored, out);
    buffer_text(out, ",\"history\":[");
    for (size_t i = 0; i < stats->history_count; i++) {
        if (i > 0)
            buffer_char(out, ',');
        render_checkpoint(stats->history[i], false, wire, out);
    }
    buffer_text(out, "]}");
}
