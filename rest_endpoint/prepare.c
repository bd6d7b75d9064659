#include "rest_endpoint/prepare_internal.h"

#include "base/text.h"
#include "rest_endpoint/render.h"

static const struct error_kind illegal_state = {500, ERROR_INTERNAL,
                                                "java.lang.IllegalStateException"};

static const struct id NOBODY = {0};

struct id make_up_id(struct endpoint *endpoint, const struct inquiry *inquiry)
{
    const uint64_t count = ++endpoint->made_up_count;
    const uint64_t job = id_hash(inquiry->route.job) ^ hash_number(~endpoint->config.id_seed);
    const uint64_t high = hash_number(job ^ hash_number((uint64_t)inquiry->moment->now_us + count));
    const uint64_t low = hash_number(high ^ hash_number(inquiry->request->id * 2 + 1) ^ count);
    return (struct id){.high = high, .low = low};
}

static struct id trigger_of(struct endpoint *endpoint, const struct inquiry *inquiry)
{
    const struct given_id *given = &inquiry->body.trigger;
    return given->given ? given->value : make_up_id(endpoint, inquiry);
}

/* Source: Flink CheckpointHandlers.CheckpointTriggerHandler (FLINK-33723). */
static enum admission prepare_checkpoint(struct endpoint *endpoint, struct inquiry *inquiry,
                                         struct reply *reply)
{
    if (inquiry->body.checkpoint_type == CHECKPOINT_INCREMENTAL &&
        endpoint->config.quirks.refuses_incremental_trigger) {
        *reply = reply_error(&endpoint->maker, NOBODY, &illegal_state,
                             "Flink does not support triggering incremental checkpoint "
                             "explicitly. See FLINK-33723.");
        return REPLIED;
    }
    inquiry->route.trigger = trigger_of(endpoint, inquiry);
    return ADMITTED;
}

/* Gives the order a text of its own: what the body says, else the default. */
static bool give_directory(const struct endpoint *endpoint, struct inquiry *inquiry)
{
    struct request_body *body = &inquiry->body;
    struct job_order *order = inquiry->order;
    order->directory =
        body->directory ? body->directory : text_copy(endpoint->config.savepoint_directory);
    body->directory = NULL;
    return order->directory != NULL;
}

/* Source: Flink SavepointHandlers.SavepointHandlerBase, SavepointTriggerHandler,
 * StopWithSavepointHandler. */
static enum admission prepare_savepoint(struct endpoint *endpoint, struct inquiry *inquiry,
                                        struct reply *reply)
{
    const struct request_body *body = &inquiry->body;
    if (!body->directory && !endpoint->config.savepoint_directory) {
        const bool stops = inquiry->route.kind == ROUTE_STOP;
        *reply = reply_error(&endpoint->maker, NOBODY, &error_bad_request,
                             "Config key [%s] is not set. Property [%s] must be provided.",
                             endpoint->config.wire.savepoint_directory_key,
                             stops ? "targetDirectory" : "target-directory");
        return REPLIED;
    }
    inquiry->order = job_order_new();
    if (!inquiry->order || !give_directory(endpoint, inquiry))
        return NOT_ADMITTED;
    inquiry->order->native_format = body->format == FORMAT_NATIVE;
    inquiry->order->cancels_job = body->cancel_job.value;
    inquiry->order->drain = body->drain.value;
    inquiry->route.trigger = trigger_of(endpoint, inquiry);
    return ADMITTED;
}

enum admission reply_at_once(struct endpoint *endpoint, struct buffer *bytes, struct reply *reply)
{
    *reply = (struct reply){200, body_new_text(&endpoint->maker, bytes)};
    return REPLIED;
}

/* Made once: Flink builds it when it starts. */
static enum admission prepare_dashboard_config(struct endpoint *endpoint, struct inquiry *inquiry,
                                               struct reply *reply)
{
    (void)inquiry;
    *reply = (struct reply){200, body_retain(endpoint->dashboard_config)};
    return REPLIED;
}

/* Source: Flink ClusterConfigHandler. */
static enum admission prepare_configuration(struct endpoint *endpoint, struct inquiry *inquiry,
                                            struct reply *reply)
{
    struct buffer bytes = {0};
    (void)inquiry;
    render_configuration(endpoint->config.configuration, endpoint->config.configuration_count,
                         &bytes);
    return reply_at_once(endpoint, &bytes, reply);
}

/* What there is nothing of, in Flink's shapes. Source: Flink AbstractMetricsHandler,
 * JobManagerEnvironmentHandler, JobManagerLogListHandler, JobManagerThreadDumpHandler. */
static enum admission prepare_nothing(struct endpoint *endpoint, struct inquiry *inquiry,
                                      struct reply *reply)
{
    static const char *const texts[ROUTE_COUNT] = {
        [ROUTE_NO_METRICS] = "[]",
        [ROUTE_ENVIRONMENT] = "{\"jvm\":{\"version\":\"none\",\"arch\":\"none\",\"options\":[]},"
                              "\"classpath\":[]}",
        [ROUTE_NO_LOGS] = "{\"logs\":[]}",
        [ROUTE_NO_THREADS] = "{\"threadInfos\":[]}",
    };
    struct buffer bytes = {0};
    buffer_text(&bytes, texts[inquiry->route.kind]);
    return reply_at_once(endpoint, &bytes, reply);
}

/* Source: Flink JobManagerMetricsHandler. */
static enum admission prepare_jobmanager_metrics(struct endpoint *endpoint, struct inquiry *inquiry,
                                                 struct reply *reply)
{
    struct buffer bytes = {0};
    struct span names;
    const enum parameter_outcome outcome = target_parameter(&inquiry->target, "get", &names);
    if (outcome == PARAMETER_NO_MEMORY)
        return NOT_ADMITTED;
    render_jobmanager_metrics(outcome == PARAMETER_GIVEN ? &names : NULL, &bytes);
    return reply_at_once(endpoint, &bytes, reply);
}

bool needs_target(enum route_kind kind)
{
    return kind == ROUTE_JOBMANAGER_METRICS || kind == ROUTE_JAR_REMOVAL || kind == ROUTE_RUN;
}

enum admission prepare(struct endpoint *endpoint, struct inquiry *inquiry, struct reply *reply)
{
    static preparation *const preparations[ROUTE_COUNT] = {
        [ROUTE_TRIGGER] = prepare_checkpoint,
        [ROUTE_SAVEPOINT] = prepare_savepoint,
        [ROUTE_STOP] = prepare_savepoint,
        [ROUTE_DASHBOARD_CONFIG] = prepare_dashboard_config,
        [ROUTE_CONFIGURATION] = prepare_configuration,
        [ROUTE_JOBMANAGER_METRICS] = prepare_jobmanager_metrics,
        [ROUTE_NO_METRICS] = prepare_nothing,
        [ROUTE_ENVIRONMENT] = prepare_nothing,
        [ROUTE_NO_LOGS] = prepare_nothing,
        [ROUTE_NO_THREADS] = prepare_nothing,
        [ROUTE_JAR_UPLOAD] = prepare_jar_upload,
        [ROUTE_JARS] = prepare_jar_list,
        [ROUTE_JAR_REMOVAL] = prepare_jar_removal,
        [ROUTE_RUN] = prepare_run,
    };
    preparation *prepares = preparations[inquiry->route.kind];
    return prepares ? prepares(endpoint, inquiry, reply) : ADMITTED;
}
