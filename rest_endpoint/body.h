#ifndef FRESHCHECK_REST_ENDPOINT_BODY_H
#define FRESHCHECK_REST_ENDPOINT_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "gateway/checkpoint_stats.h"

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
 * The snapshot that a GET /jobs/:jobid/checkpoints body is written from; NULL for every other
 * body. For a reader in the same process that wants to spare the parsing: the bytes say the same.
 * Borrowed, valid as long as the body is held.
 */
const struct checkpoint_stats *body_statistics(const struct body *body);

/* A number of its own for every distinct body of one endpoint, rising: equal serials mean equal
 * bytes. */
uint64_t body_serial(const struct body *body);

#endif
