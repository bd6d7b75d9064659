#include "rest_endpoint/endpoint_internal.h"

#include "base/text.h"

static const struct error_kind illegal_state = {500, ERROR_INTERNAL,
                                                "java.lang.IllegalStateException"};

static const struct id NOBODY = {0};

/*
 * An id that nobody else is likely to choose, yet the same each time the same requests come: Flink
 * draws a random one.
 */
static struct id make_up_id(struct endpoint *endpoint, const struct inquiry *inquiry)
{
    const uint64_t count = ++endpoint->made_up_count;
    const uint64_t job = id_hash(inquiry->route.job);
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

/* The endpoint's own. */
static enum admission prepare_dashboard_config(struct endpoint *endpoint, struct inquiry *inquiry,
                                               struct reply *reply)
{
    (void)inquiry;
    *reply = (struct reply){200, body_retain(endpoint->dashboard_config)};
    return REPLIED;
}

enum admission prepare(struct endpoint *endpoint, struct inquiry *inquiry, struct reply *reply)
{
    static enum admission (*const preparations[ROUTE_COUNT])(struct endpoint *, struct inquiry *,
                                                             struct reply *) = {
        [ROUTE_TRIGGER] = prepare_checkpoint,
        [ROUTE_SAVEPOINT] = prepare_savepoint,
        [ROUTE_STOP] = prepare_savepoint,
        [ROUTE_DASHBOARD_CONFIG] = prepare_dashboard_config,
    };
    return preparations[inquiry->route.kind]
               ? preparations[inquiry->route.kind](endpoint, inquiry, reply)
               : ADMITTED;
}
