#ifndef FRESHCHECK_REST_ENDPOINT_BODY_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_BODY_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "gateway/gateway.h"
#include "rest_endpoint/body.h"
#include "rest_endpoint/error_memo_internal.h"
#include "rest_endpoint/policy.h"

enum body_kind {
    BODY_TEXT, /* bytes that were written when it was made */
    BODY_STATISTICS,
    BODY_DETAILS,
    BODY_SUBTASKS,
    BODY_CHECKPOINT_CONFIG,
    BODY_JOB,
    BODY_JOB_CONFIG,
    BODY_JOB_EXCEPTIONS,
    BODY_JOB_PLAN,
    BODY_JOB_ACCUMULATORS,
    BODY_JOB_IDS,
    BODY_JOBS_OVERVIEW,
    BODY_OVERVIEW,
    BODY_KIND_COUNT
};

/* What a body is written from; what its kind does not need is NULL or 0. */
struct body_source {
    enum body_kind kind;
    struct id id; /* SUBTASKS: the vertex */
    struct checkpoint_stats *stats;
    struct checkpoint *checkpoint;
    struct execution_graph *graph;
    struct job_list *jobs;
    int64_t now_ms;         /* JOB, JOBS_OVERVIEW */
    size_t exception_count; /* JOB_EXCEPTIONS */
    bool truncated;         /* JOB_EXCEPTIONS */
};

/* What all bodies of one endpoint have in common. */
struct body_maker {
    struct endpoint_wire wire;
    uint64_t last_serial;
    struct error_memo errors;
};

/* A body to be written when its bytes are asked for. It holds references of its own to its
 * sources. NULL when out of memory. */
struct body *body_new(struct body_maker *maker, const struct body_source *source);

/* A body of these bytes. Empties `bytes` in any case. NULL when out of memory. */
struct body *body_new_text(struct body_maker *maker, struct buffer *bytes);

/* Bodies that belong to one answer of the gateway: at most one for each thing shown. */
struct body_list {
    struct body *first;
};

void body_list_clear(struct body_list *list);

/*
 * The list's body for this source, made when there is none yet, and made anew when the one there
 * is written from something else. Borrowed; NULL when out of memory.
 */
struct body *body_list_get(struct body_list *list, struct body_maker *maker,
                           const struct body_source *source);

#endif
