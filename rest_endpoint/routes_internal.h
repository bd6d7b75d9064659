#ifndef FRESHCHECK_REST_ENDPOINT_ROUTES_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ROUTES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/id.h"
#include "rest_endpoint/endpoint.h"
#include "rest_endpoint/target_internal.h"

/* What a request asks for. Source: Flink WebMonitorEndpoint.initializeHandlers. */
enum route_kind {
    ROUTE_STATISTICS,        /* GET /jobs/:jobid/checkpoints */
    ROUTE_JOB,               /* GET /jobs/:jobid */
    ROUTE_DETAILS,           /* GET /jobs/:jobid/checkpoints/details/:checkpointid */
    ROUTE_SUBTASKS,          /* GET .../details/:checkpointid/subtasks/:vertexid */
    ROUTE_CHECKPOINT_CONFIG, /* GET /jobs/:jobid/checkpoints/config */
    ROUTE_TRIGGER_STATUS,    /* GET /jobs/:jobid/checkpoints/:triggerid */
    ROUTE_SAVEPOINT_STATUS,  /* GET /jobs/:jobid/savepoints/:triggerid */
    ROUTE_TRIGGER,           /* POST /jobs/:jobid/checkpoints */
    ROUTE_SAVEPOINT,         /* POST /jobs/:jobid/savepoints */
    ROUTE_STOP,              /* POST /jobs/:jobid/stop */
    ROUTE_CANCEL,            /* PATCH /jobs/:jobid; GET /jobs/:jobid/yarn-cancel, .../yarn-stop */
    ROUTE_JOB_CONFIG,        /* GET /jobs/:jobid/config */
    ROUTE_JOB_EXCEPTIONS,    /* GET /jobs/:jobid/exceptions */
    ROUTE_JOB_PLAN,          /* GET /jobs/:jobid/plan */
    ROUTE_JOB_ACCUMULATORS,  /* GET /jobs/:jobid/accumulators */
    ROUTE_JOB_STATUS,        /* GET /jobs/:jobid/status */
    ROUTE_VERTEX,            /* GET /jobs/:jobid/vertices/:vertexid */
    ROUTE_VERTEX_TIMES,      /* GET /jobs/:jobid/vertices/:vertexid/subtasktimes */
    ROUTE_VERTEX_TASK_MANAGERS,   /* GET .../taskmanagers */
    ROUTE_VERTEX_ACCUMULATORS,    /* GET .../accumulators */
    ROUTE_SUBTASK_ACCUMULATORS,   /* GET .../subtasks/accumulators */
    ROUTE_BACK_PRESSURE,          /* GET .../backpressure */
    ROUTE_WATERMARKS,             /* GET .../watermarks */
    ROUTE_JOB_IDS,                /* GET /jobs */
    ROUTE_JOBS_OVERVIEW,          /* GET /jobs/overview */
    ROUTE_OVERVIEW,               /* GET /overview */
    ROUTE_DASHBOARD_CONFIG,       /* GET /config */
    ROUTE_CONFIGURATION,          /* GET /jobmanager/config */
    ROUTE_TASK_MANAGERS,          /* GET /taskmanagers */
    ROUTE_TASK_MANAGER,           /* GET /taskmanagers/:taskmanagerid */
    ROUTE_NO_METRICS,             /* GET .../metrics where there are none: [] */
    ROUTE_JOBMANAGER_METRICS,     /* GET /jobmanager/metrics */
    ROUTE_ENVIRONMENT,            /* GET /jobmanager/environment */
    ROUTE_NO_LOGS,                /* GET /jobmanager/logs */
    ROUTE_NO_THREADS,             /* GET /jobmanager/thread-dump */
    ROUTE_APPLICATIONS,           /* GET /applications/overview */
    ROUTE_APPLICATION,            /* GET /applications/:applicationid */
    ROUTE_APPLICATION_EXCEPTIONS, /* GET /applications/:applicationid/exceptions */
    ROUTE_JARS,                   /* GET /jars */
    ROUTE_JAR_UPLOAD,             /* POST /jars/upload */
    ROUTE_JAR_REMOVAL,            /* DELETE /jars/:jarid */
    ROUTE_RUN,                    /* POST /jars/:jarid/run */
    ROUTE_COUNT
};

/* Short, for everyone who waits has a copy. */
struct route {
    enum route_kind kind;
    bool labelled_only; /* ROUTE_JOB_EXCEPTIONS: those with a failure label */
    struct id job;      /* an application's id too */
    int64_t checkpoint;
    struct id trigger; /* *_STATUS; of what triggers once it is chosen */
    union {
        struct id vertex;      /* ROUTE_SUBTASKS, ROUTE_VERTEX and those below it */
        char task_manager[32]; /* ROUTE_TASK_MANAGER: its id, cut */
    };
    int32_t exception_count; /* ROUTE_JOB_EXCEPTIONS: how many at most */
    int32_t parallelism;     /* ROUTE_RUN, by the query; 0: not said */
    uint64_t number;         /* the memo's: what has the same one is the same; 0: it has none */
};

enum route_outcome {
    ROUTE_FOUND,
    ROUTE_UNKNOWN,       /* no such path, or not with this method */
    ROUTE_MALFORMED,     /* an escape in the target is not one: see target->bad_escape */
    ROUTE_BAD_PARAMETER, /* a part of the path is no id or number */
    ROUTE_BAD_QUERY,     /* a value of the query is not one of those allowed */
    ROUTE_STOP_REMOVED,  /* PATCH /jobs/:jobid?mode=stop, GET /jobs/:jobid/yarn-stop */
    ROUTE_NO_MEMORY
};

/* The text that could not be read, and what it should have been; borrowed from the target. */
struct route_fault {
    const char *parameter; /* "jobid" */
    struct span value;
};

/* Reads method and target. `fault` is set with the two outcomes that blame a value; the kind of
 * the route with them too. The target is taken apart in any case: release it. */
enum route_outcome route_find(enum http_method method, const char *text, size_t length,
                              struct target *target, struct route *route,
                              struct route_fault *fault);

/* What of a query counts; all else in it is skipped. */
enum query_kind {
    QUERY_ANY,
    QUERY_MODE_CANCEL, /* a termination mode; cancel when it names none */
    QUERY_MODE_STOP,   /* the same; stop when it names none */
    QUERY_EXCEPTIONS,
    QUERY_PARALLELISM
};

enum route_outcome route_check_query(enum query_kind kind, struct target *target,
                                     struct route *route, struct route_fault *fault);

#endif
