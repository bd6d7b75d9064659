#ifndef FRESHCHECK_REST_ENDPOINT_BODY_H
#define FRESHCHECK_REST_ENDPOINT_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/checkpoint_stats.h"
#include "gateway/execution_graph.h"

/*
 * The body of an answer: JSON bytes, made when first asked for and never again, shared by all
 * answers that come from one fetch. Counted references, one thread.
 */
struct body;

struct body *body_retain(struct body *body);
void body_release(struct body *body); /* NULL is allowed */

/* The bytes (not NUL-terminated), valid as long as the body is held; NULL when out of memory. */
const char *body_bytes(struct body *body, size_t *length);

/*
 * What a body is written from, for a reader in the same process that wants to spare the writing
 * and the parsing: the bytes say the same. NULL for bodies of every other kind. Borrowed, valid as
 * long as the body is held.
 */
const struct checkpoint_stats *body_statistics(const struct body *body); /* .../checkpoints */
const struct checkpoint *body_details(const struct body *body); /* .../details/:checkpointid */
const struct execution_graph *body_job(const struct body *body, /* /jobs/:jobid */
                                       int64_t *now_ms);        /* its "now" */

/* A body of these bytes, which are copied. `serial`: see body_serial(). NULL: out of memory. */
struct body *body_of_bytes(const char *bytes, size_t length, uint64_t serial);

/* A number of its own for every distinct body of one endpoint, rising: equal serials mean equal
 * bytes. */
uint64_t body_serial(const struct body *body);

#endif
