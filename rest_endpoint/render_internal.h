#ifndef FRESHCHECK_REST_ENDPOINT_RENDER_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_RENDER_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json_writer.h"
#include "gateway/checkpoint_stats.h"
#include "gateway/execution_graph.h"
#include "gateway/summary.h"
#include "rest_endpoint/policy.h"

/*
 * GET /jobs/:jobid/checkpoints is what programs poll, so its parts are written straight into
 * reserved room, member names and all, instead of member by member.
 */

/* Room that render_int64() may touch: 20 bytes of number, and it copies a fixed width. */
enum { INT64_ROOM = 24 };

/* Writes the number at `at`, which has INT64_ROOM; returns the place after it. */
char *render_int64(char *at, int64_t value);

static inline char *put_bytes(char *at, const char *bytes, size_t count)
{
    memcpy(at, bytes, count);
    return at + count;
}

#define PUT(at, literal) put_bytes((at), "" literal, sizeof(literal) - 1)

/* As json_text(), quicker for text that needs no escaping. NULL writes null. */
void render_text(const char *text, struct buffer *out);

/* As json_java_double(), quicker for numbers with few decimals. */
void render_java_double(double value, struct buffer *out);

/* {"min":..,"max":..,"avg":..,"p50":.. to "p999":..}. Source: Flink StatsSummaryDto. */
void render_summary(const struct summary *summary, struct buffer *out);

/* The summary of alignment_buffered, which Flink keeps for old clients only: zero everywhere. */
#define ZERO_SUMMARY                                                                  \
    "{\"min\":0,\"max\":0,\"avg\":0,\"p50\":0.0,\"p90\":0.0,\"p95\":0.0,\"p99\":0.0," \
    "\"p999\":0.0}"

/*
 * One checkpoint, as it stands in a list (`tasks` empty) or by itself (`tasks` filled).
 * Source: Flink CheckpointStatistics.generateCheckpointStatistics.
 */
void render_checkpoint(const struct checkpoint *checkpoint, bool with_tasks,
                       const struct endpoint_wire *wire, struct buffer *out);

/* "COMPLETED", "FAILED", "IN_PROGRESS". Source: Flink CheckpointStatsStatus. */
const char *checkpoint_status_name(enum checkpoint_status status);

/* The members of one task, id to num_acknowledged_subtasks, into an object that is open.
 * Source: Flink TaskCheckpointStatistics. */
void render_task_members(struct json_writer *json, const struct checkpoint *checkpoint,
                         const struct task_stats *task);

/* Key and id as 32 digits. */
void render_member_id(struct json_writer *json, const char *key, struct id id);

/* How long something took or takes; -1 when it has no start. */
int64_t render_duration_ms(int64_t start_ms, int64_t end_ms, int64_t now_ms);

/* How many tasks of a vertex are in which state. */
void count_task_states(const struct graph_vertex *vertex, int64_t counts[EXECUTION_STATE_COUNT]);

/* An object of all states, by their names. */
void render_state_counts(struct json_writer *json, const char *key,
                         const int64_t counts[EXECUTION_STATE_COUNT]);

/* The member "metrics". Source: Flink IOMetricsInfo. */
void render_metrics(struct json_writer *json, const struct vertex_metrics *metrics);

/* "host", "endpoint" or both, by the version. NULL: no task runs there.
 * Source: Flink TaskManagerLocation.getEndpoint (FLINK-33147). */
void render_place(struct json_writer *json, const char *endpoint, const struct endpoint_wire *wire);

/* The member "plan" of a job. Source: Flink JsonPlanGenerator, JobPlanInfo (2.1+). */
void render_plan(struct json_writer *json, const struct execution_graph *graph,
                 const struct endpoint_wire *wire);

/*
 * "CLASS: MESSAGE", or "CLASS" alone when there is none, and a stack trace of one frame, since
 * clients may look for substrings before the trace only. Source: Java Throwable.printStackTrace.
 */
void render_throwable(const char *exception_class, const char *message, struct buffer *text);

/*
 * Base64 of a Java SerializedThrowable, for clients that are Java programs: Flink's own client
 * refuses an answer without one. `trace` is what render_throwable() wrote.
 */
void render_serialized_throwable(const char *exception_class, const char *message,
                                 const struct buffer *trace, struct buffer *out);

/* One text value from what was put together; hands its want of memory on to the writer. */
void render_text_and_free(struct json_writer *json, struct buffer *text);

#endif
