#ifndef FRESHCHECK_REST_ENDPOINT_RENDER_H
#define FRESHCHECK_REST_ENDPOINT_RENDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "gateway/gateway.h"
#include "rest_endpoint/policy.h"

/*
 * Writes answers as Flink's server writes them, member for member; see reference section 2.
 * All append to `out`; running out of memory shows in out->failed. Pure functions.
 */

/* GET /jobs/:jobid/checkpoints. Source: CheckpointingStatisticsHandler. */
void render_statistics(const struct checkpoint_stats *stats, const struct endpoint_wire *wire,
                       struct buffer *out);

/* GET .../details/:checkpointid. Source: CheckpointStatisticDetailsHandler. */
void render_details(const struct checkpoint *checkpoint, const struct endpoint_wire *wire,
                    struct buffer *out);

/* GET .../subtasks/:vertexid; false when the checkpoint has no such task (nothing is written).
 * Source: TaskCheckpointStatisticDetailsHandler. */
bool render_subtasks(const struct checkpoint *checkpoint, struct id vertex, struct buffer *out);

/* GET .../checkpoints/config. Source: CheckpointConfigHandler. */
void render_checkpoint_config(const struct execution_graph *graph, struct buffer *out);

/* GET /jobs/:jobid as of now_ms (epoch). Source: JobDetailsHandler. */
void render_job(const struct execution_graph *graph, int64_t now_ms,
                const struct endpoint_wire *wire, struct buffer *out);

/*
 * GET /jobs/:jobid/config, /plan, /accumulators, /status. Source: JobConfigHandler,
 * JobPlanHandler, JobAccumulatorsHandler, JobStatusHandler.
 */
void render_job_config(const struct execution_graph *graph, const struct endpoint_wire *wire,
                       struct buffer *out);
void render_job_plan(const struct execution_graph *graph, const struct endpoint_wire *wire,
                     struct buffer *out);
void render_job_accumulators(struct buffer *out);
void render_job_status(enum job_status state, struct buffer *out);

/* GET /jobs/:jobid/exceptions: the newest `count` of its failures, at most all.
 * Source: JobExceptionsHandler. */
void render_job_exceptions(const struct execution_graph *graph, size_t count, bool truncated,
                           const struct endpoint_wire *wire, struct buffer *out);

/*
 * GET /jobs/:jobid/vertices/:vertexid and, under it, subtasktimes, taskmanagers, accumulators,
 * subtasks/accumulators, backpressure, watermarks. Source: JobVertexDetailsInfo, SubtasksTimesInfo,
 * JobVertexTaskManagersInfo, JobVertexAccumulatorsInfo, SubtasksAllAccumulatorsInfo,
 * JobVertexBackPressureInfo, JobVertexWatermarksHandler.
 */
typedef void vertex_renderer(const struct execution_graph *graph, const struct graph_vertex *vertex,
                             int64_t now_ms, const struct endpoint_wire *wire, struct buffer *out);
vertex_renderer render_vertex_details;
vertex_renderer render_vertex_times;
vertex_renderer render_vertex_task_managers;
vertex_renderer render_vertex_accumulators;
vertex_renderer render_subtask_accumulators;
vertex_renderer render_back_pressure;
vertex_renderer render_watermarks;

/* GET /jobs, /jobs/overview, /overview. Source: JobIdsHandler, JobsOverviewHandler,
 * ClusterOverviewHandler. now_ms: epoch, for durations of running jobs. */
void render_job_ids(const struct job_list *jobs, const struct endpoint_wire *wire,
                    struct buffer *out);
void render_jobs_overview(const struct job_list *jobs, int64_t now_ms,
                          const struct endpoint_wire *wire, struct buffer *out);
void render_overview(const struct job_list *jobs, const struct endpoint_wire *wire,
                     struct buffer *out);

/* GET /applications/overview and /applications/:applicationid (2.3+). Source:
 * MultipleApplicationsDetails, ApplicationDetailsInfo. */
void render_applications(const struct job_list *jobs, int64_t now_ms,
                         const struct endpoint_wire *wire, struct buffer *out);
void render_application(const struct job_line *line, int64_t now_ms,
                        const struct endpoint_wire *wire, struct buffer *out);

/* GET /config: fixed at start. Source: DashboardConfiguration. */
void render_dashboard_config(int64_t refresh_interval_ms, const struct endpoint_wire *wire,
                             struct buffer *out);

/* GET /jobmanager/config. Source: ClusterConfigurationInfo. */
void render_configuration(const struct configuration_line *lines, size_t count, struct buffer *out);

/* GET /taskmanagers, /taskmanagers/:taskmanagerid. Source: TaskManagersInfo,
 * TaskManagerDetailsInfo. */
void render_task_managers(const struct task_manager_list *list, const struct endpoint_wire *wire,
                          struct buffer *out);
void render_task_manager(const struct task_manager *line, const struct endpoint_wire *wire,
                         struct buffer *out);

/* GET /jobmanager/metrics: the names, or the values of those asked for: a text with commas; NULL
 * for none. Source: MetricCollectionResponseBody. */
struct span;
void render_jobmanager_metrics(const struct span *names, struct buffer *out);

struct jar;
struct jars;

/* POST /jars/upload, GET /jars, POST /jars/:jarid/run. Source: JarUploadResponseBody,
 * JarListInfo, JarRunResponseBody. */
void render_jar_upload(const struct jar *jar, struct buffer *out);
void render_jars(const struct jars *jars, const char *address, struct buffer *out);
void render_jar_run(struct id job, const struct endpoint_wire *wire, struct buffer *out);

/* 202 of a trigger: {"request-id":"..."}; PATCH cancel: {}. Source: TriggerResponse. */
void render_trigger_response(struct id trigger, struct buffer *out);
void render_empty(struct buffer *out);

/* GET .../checkpoints/:triggerid, .../savepoints/:triggerid. Source:
 * AsynchronousOperationResult, CheckpointInfo, SavepointInfo. */
void render_trigger_status(const struct fetch_result *result, struct buffer *out);
void render_savepoint_status(const struct fetch_result *result, struct buffer *out);

/*
 * Errors, in Flink's three shapes (reference section 3). The first line says what Flink's says;
 * stack traces are short and of our own making, since clients may match by substring only.
 */

/* A RestHandlerException: one text, "CLASS: MESSAGE\n\tat ...". The class is a full name:
 * "org.apache.flink.runtime.rest.NotFoundException". */
void render_handler_error(const char *exception_class, const char *message, struct buffer *out);

/* Any other throwable: "Internal server error." and "<Exception on server side:\nCLASS: ...". */
void render_internal_error(const char *exception_class, const char *message, struct buffer *out);

/* A sentence without trace, from the router: "Not found: /v2/overview". */
void render_plain_error(const char *message, struct buffer *out);

#endif
