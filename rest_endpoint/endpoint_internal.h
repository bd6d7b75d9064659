#ifndef FRESHCHECK_REST_ENDPOINT_ENDPOINT_INTERNAL_H
#define FRESHCHECK_REST_ENDPOINT_ENDPOINT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "rest_endpoint/actions_internal.h"
#include "rest_endpoint/answer_internal.h"
#include "rest_endpoint/cache_internal.h"
#include "rest_endpoint/details_cache_internal.h"
#include "rest_endpoint/endpoint.h"
#include "rest_endpoint/jars_internal.h"
#include "rest_endpoint/request_body_internal.h"
#include "rest_endpoint/route_memo_internal.h"
#include "rest_endpoint/routes_internal.h"

struct endpoint {
    struct route_memo routes;
    struct endpoint_config config;
    int64_t wall_offset_us;
    struct cache graph, stats;
    struct details_cache details;

    /* Among replies there is always room for one to everyone who waits. */
    struct action_queue replies, fetches;
    struct table pending; /* answers that are under way, by fetch */
    struct table waiting; /* waiters, by request */
    struct slab waiters, answers;
    uint64_t last_fetch;
    struct jars jars;
    uint64_t made_up_count; /* ids made up so far */

    struct body_maker maker;
    struct body *dashboard_config, *cancelled, *out_of_memory;
};

/* An answer to a client: a counted reference. No body: out of memory. */
struct reply {
    int status;
    struct body *body;
};

/* Which of Flink's ways an error takes to the client: reference section 3. */
enum error_shape {
    ERROR_HANDLER,  /* a RestHandlerException: its trace */
    ERROR_INTERNAL, /* any other throwable: two texts */
    ERROR_PLAIN     /* a sentence */
};

struct error_kind {
    int status;
    enum error_shape shape;
    const char *exception_class; /* NULL for ERROR_PLAIN */
};

/* `id`: what the error is about, for error_recall(). */
struct reply reply_error(struct body_maker *maker, struct id id, const struct error_kind *kind,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

extern const struct error_kind error_not_found;   /* 404 NotFoundException */
extern const struct error_kind error_missing;     /* 404 RestHandlerException */
extern const struct error_kind error_bad_request; /* 400 RestHandlerException */

/* Text of an error's message that goes over to what it was caused by. */
#define NEXT_CAUSE "\n\tat freshcheck.rest_endpoint.answer(Native Method)\nCaused by: "
#define CAUSED_BY(exception_class) NEXT_CAUSE exception_class ": "

/* A request that was not seen before, while it is looked at. */
struct inquiry {
    const struct request *request;
    const struct moment *moment;
    struct target target;
    enum route_outcome outcome;
    struct route route;
    struct route_fault fault;
    struct request_body body;
    struct job_order *order; /* counted reference; what to send along with the fetch */
};

enum admission {
    ADMITTED,    /* to a cache or the gateway: route and order are settled */
    REPLIED,     /* without either: *reply is set, and without a body when memory ran out */
    UNROUTED,    /* the same, and a file server may know better */
    NOT_ADMITTED /* out of memory */
};

/* Says what becomes of a request before anyone is asked. */
enum admission admit(struct endpoint *endpoint, struct inquiry *inquiry, struct reply *reply);

/* What is done with an admitted request: an order for the gateway, a refusal, or a reply of the
 * endpoint itself. */
enum admission prepare(struct endpoint *endpoint, struct inquiry *inquiry, struct reply *reply);

/* Whether prepare() reads the target of such requests, besides what the route says. */
bool needs_target(enum route_kind kind);

/* Which body a route's requests have. */
enum body_class body_class_of(enum route_kind kind);

/* Which cache a route is served from; NULL for none. */
struct cache *cache_of(struct endpoint *endpoint, enum route_kind kind);

/* What to ask the gateway for; `cache` as from cache_of(), the order is borrowed. */
struct fetch_request fetch_for(const struct endpoint *endpoint, const struct cache *cache,
                               const struct route *route, struct job_order *order);

/* What the gateway's answer, which is there, means for this request. */
struct reply handle_answer(struct endpoint *endpoint, struct answer *answer,
                           const struct route *route, const struct moment *moment);

#endif
