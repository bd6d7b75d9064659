#ifndef FRESHCHECK_REST_ENDPOINT_PREPARE_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_PREPARE_INTERNAL_H

#include "rest_endpoint/endpoint_internal.h"

/* What prepare() chooses from, by route: each as prepare() itself. */
typedef enum admission preparation(struct endpoint *endpoint, struct inquiry *inquiry,
                                   struct reply *reply);

preparation prepare_jar_upload;
preparation prepare_jar_list;
preparation prepare_jar_removal;
preparation prepare_run;

/*
 * An id that nobody else is likely to choose, yet the same each time the same requests come: Flink
 * draws a random one.
 */
struct id make_up_id(struct endpoint *endpoint, const struct inquiry *inquiry);

/* A reply of the endpoint's own: these bytes, which it empties. */
enum admission reply_at_once(struct endpoint *endpoint, struct buffer *bytes, struct reply *reply);

#endif
