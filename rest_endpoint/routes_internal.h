#ifndef FRESHCHECK_REST_ENDPOINT_ROUTES_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ROUTES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "rest_endpoint/endpoint.h"

/* What a request asks for. Source: Flink WebMonitorEndpoint.initializeHandlers. */
enum route_kind {
    ROUTE_STATISTICS,        /* GET /jobs/:jobid/checkpoints */
    ROUTE_JOB,               /* GET /jobs/:jobid */
    ROUTE_DETAILS,           /* GET /jobs/:jobid/checkpoints/details/:checkpointid */
    ROUTE_SUBTASKS,          /* GET .../details/:checkpointid/subtasks/:vertexid */
    ROUTE_CHECKPOINT_CONFIG, /* GET /jobs/:jobid/checkpoints/config */
    ROUTE_TRIGGER_STATUS,    /* GET /jobs/:jobid/checkpoints/:triggerid */
    ROUTE_TRIGGER,           /* POST /jobs/:jobid/checkpoints */
    ROUTE_CANCEL,            /* PATCH /jobs/:jobid; GET /jobs/:jobid/yarn-cancel, .../yarn-stop */
    ROUTE_JOB_CONFIG,        /* GET /jobs/:jobid/config */
    ROUTE_JOB_EXCEPTIONS,    /* GET /jobs/:jobid/exceptions */
    ROUTE_JOB_PLAN,          /* GET /jobs/:jobid/plan */
    ROUTE_JOB_ACCUMULATORS,  /* GET /jobs/:jobid/accumulators */
    ROUTE_JOB_STATUS,        /* GET /jobs/:jobid/status */
    ROUTE_JOB_IDS,           /* GET /jobs */
    ROUTE_JOBS_OVERVIEW,     /* GET /jobs/overview */
    ROUTE_OVERVIEW,          /* GET /overview */
    ROUTE_DASHBOARD_CONFIG,  /* GET /config */
    ROUTE_COUNT
};

struct route {
    enum route_kind kind;
    struct id job;
    int64_t checkpoint;
    struct id vertex;  /* ROUTE_SUBTASKS */
    struct id trigger; /* ROUTE_TRIGGER_STATUS; ROUTE_TRIGGER once it is chosen */
};

enum route_outcome {
    ROUTE_FOUND,
    ROUTE_UNKNOWN,       /* no such path, or not with this method */
    ROUTE_BAD_PARAMETER, /* a part of the path is no id or number */
    ROUTE_BAD_QUERY,     /* a value of the query is not one of those allowed */
    ROUTE_STOP_REMOVED   /* PATCH /jobs/:jobid?mode=stop, GET /jobs/:jobid/yarn-stop */
};

/* The text that could not be read, and what it should have been; borrowed from the target. */
struct route_fault {
    const char *parameter; /* "jobid" */
    const char *value;
    size_t value_length;
};

/* Reads method and target. `fault` is set with the two outcomes that blame a value. */
enum route_outcome route_find(enum http_method method, const char *target, size_t length,
                              struct route *route, struct route_fault *fault);

/* The body of a POST /jobs/:jobid/checkpoints. */
struct trigger_request {
    bool incremental;
    bool has_trigger;
    struct id trigger;
};

/*
 * False when it is not what Flink would read; a body of no bytes means all defaults.
 * Unknown members are skipped, and so is what follows the object.
 * Source: Flink CheckpointTriggerRequestBody, RestMapperUtils.getFlexibleObjectMapper.
 */
bool trigger_request_parse(const char *body, size_t length, struct trigger_request *request);

#endif
