#include "harness/advice/answer_sizes_internal.h"

#include "base/buffer.h"
#include "base/text.h"
#include "gateway/execution_graph.h"
#include "rest_endpoint/render.h"

/* A job like those that the sizes in docs/configuration.md were counted from: numbers of as many
 * digits as in a cluster that has run for a while. Tasks are not listed in these answers, so
 * their parallelism adds a few digits at most. */
static const int64_t now_ms = INT64_C(1767225600000);
static const struct id job = {UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xaaaaaaaaaaaaaaaa)};
enum { FIRST_ID = 1000, STATE_BYTES = 123456789, TAKES_MS = 1234 };

static struct checkpoint *completed(int64_t id)
{
    struct checkpoint *checkpoint = checkpoint_new(id, CHECKPOINT_ALIGNED, now_ms - 60000, NULL, 0);
    if (!checkpoint)
        return NULL;
    checkpoint->status = CHECKPOINT_COMPLETED;
    checkpoint->latest_ack_ms = checkpoint->trigger_ms + TAKES_MS;
    checkpoint->checkpointed_size = STATE_BYTES / 10;
    checkpoint->state_size = STATE_BYTES;
    checkpoint->subtask_count = checkpoint->acknowledged_count = 10;
    checkpoint->external_path =
        shared_text_new("s3://bucket/flink/checkpoints/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/chk-1000");
    if (checkpoint->external_path)
        return checkpoint;
    checkpoint_release(checkpoint);
    return NULL;
}

static bool count_in(struct summary *summary, int64_t value)
{
    summary->samples = samples_new();
    return summary->samples && summary_add(summary, value);
}

static struct checkpoint_stats *statistics(size_t history_count)
{
    struct checkpoint_stats *stats = checkpoint_stats_new(job, 1, history_count);
    if (!stats)
        return NULL;
    stats->enabled = true;
    stats->counts = (struct checkpoint_counts){.total = FIRST_ID, .completed = FIRST_ID};
    bool fine = (stats->latest_completed = completed(FIRST_ID)) != NULL;
    for (size_t i = 0; fine && i < history_count; i++)
        fine = (stats->history[i] = completed(FIRST_ID + (int64_t)i)) != NULL;
    if (fine && count_in(&stats->summary.checkpointed_size, STATE_BYTES / 10) &&
        count_in(&stats->summary.state_size, STATE_BYTES) &&
        count_in(&stats->summary.duration_ms, TAKES_MS) &&
        count_in(&stats->summary.processed_data, 0) && count_in(&stats->summary.persisted_data, 0))
        return stats;
    checkpoint_stats_release(stats);
    return NULL;
}

static struct execution_graph *graph(size_t vertex_count, struct checkpoint_stats *stats)
{
    struct execution_graph *made = execution_graph_new(job, "A job of some length", vertex_count);
    if (!made)
        return NULL;
    made->state = JOB_RUNNING;
    made->state_ms[JOB_CREATED] = made->state_ms[JOB_RUNNING] = made->start_ms = now_ms;
    made->end_ms = -1;
    made->stats = checkpoint_stats_retain(stats);
    for (size_t i = 0; i < vertex_count; i++) {
        struct graph_vertex *vertex = &made->vertices[i];
        vertex->id = (struct id){UINT64_C(0xcccccccccccccccc), i};
        vertex->name = "Keyed aggregation -> Sink: Writer";
        vertex->parallelism = 10;
        vertex->max_parallelism = 128;
        vertex->state = EXECUTION_RUNNING;
        vertex->start_ms = now_ms;
        vertex->end_ms = -1;
        vertex->metrics.read_bytes = vertex->metrics.write_bytes = STATE_BYTES;
        vertex->metrics.read_records = vertex->metrics.write_records = STATE_BYTES / 100;
    }
    return made;
}

bool answer_sizes(const struct endpoint_wire *wire, const struct load *load,
                  double *statistics_bytes, double *job_bytes)
{
    struct buffer out = {0};
    struct execution_graph *made = NULL;
    struct checkpoint_stats *stats = statistics((size_t)load->history_count);
    bool fine = stats && (made = graph((size_t)load->vertex_count, stats)) != NULL;
    if (fine) {
        render_statistics(stats, wire, &out);
        *statistics_bytes = (double)out.length;
        render_job(made, now_ms, wire, &out);
        *job_bytes = (double)out.length - *statistics_bytes;
        fine = !out.failed;
    }
    buffer_free(&out);
    execution_graph_release(made);
    checkpoint_stats_release(stats);
    return fine;
}
