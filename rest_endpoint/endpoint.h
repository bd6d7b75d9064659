#ifndef FRESHCHECK_REST_ENDPOINT_ENDPOINT_H
#define FRESHCHECK_REST_ENDPOINT_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/gateway.h"
#include "rest_endpoint/body.h"
#include "rest_endpoint/policy.h"

/*
 * The REST endpoint of a JobManager, as far as jobs and checkpoints go: routes, handlers, caches.
 *
 * Feed and drain, like a protocol parser: feed requests and gateway answers in order of time,
 * drain actions until there are none. It never blocks and never calls back. Time is an argument
 * and must not go backwards. One endpoint belongs to one thread.
 */
struct endpoint;

enum http_method { METHOD_GET, METHOD_POST, METHOD_PATCH, METHOD_DELETE, METHOD_OTHER };

/* "GET"; METHOD_OTHER for what no route takes. Case counts (RFC 9110, 9.1). */
enum http_method http_method_find(const char *name);

/* What a multipart body held; the shell reads it, and keeps no file. */
struct upload {
    size_t file_count;
    const char *file_name; /* of the first file: "job.jar"; NULL without file_count */
    const char *attribute; /* name of a part that is no file, other than "request", whose content
                              is request.body; NULL: there was none */
};

/* Everything is borrowed for the call only. */
struct request {
    uint64_t id; /* the caller's name for it; REPLY repeats it */
    enum http_method method;
    const char *target; /* path and query as sent: "/v1/jobs/.../checkpoints" */
    size_t target_length;
    const char *cache_control; /* value of that header, NUL-terminated; NULL when absent */
    const char *body;          /* may be NULL */
    size_t body_length;
    const struct upload *upload; /* NULL: the body was not multipart/form-data */
};

/* How old a client's Cache-Control lets the answer be, from when its fetch was asked; -1: fetched
 * after the request (no-cache); INT64_MAX: it does not say. NULL: no such header. RFC 9111, 5.2.1. */
int64_t request_age_max_us(const char *cache_control);

enum action_kind { ACTION_REPLY, ACTION_FETCH };

struct endpoint_action {
    enum action_kind kind;
    /* ACTION_REPLY */
    uint64_t request;
    int status;        /* HTTP */
    bool unrouted;     /* 404 because no route matched: a file server may know better */
    struct body *body; /* a counted reference of the caller's: release with body_release() */
    int64_t age_us;    /* how old the answer is, from when its fetch was asked; -1: no Age header */
    /* ACTION_FETCH */
    uint64_t fetch; /* the endpoint's name for it, rising; endpoint_fetched() repeats it */
    struct fetch_request what;
};

/* NULL when out of memory. The config is copied. */
struct endpoint *endpoint_new(const struct endpoint_config *config);
void endpoint_free(struct endpoint *endpoint); /* NULL is allowed */

/*
 * What to add to now_us for epoch microseconds, for caches that go by the wall clock and for
 * `now` in answers. 0 until it is called. May jump either way at any time.
 */
void endpoint_set_wall_offset(struct endpoint *endpoint, int64_t offset_us);

/*
 * A client asks. Sooner or later exactly one REPLY with this id comes out, unless the request is
 * abandoned first. Returns 0, or -1 when out of memory: then no reply will come for it, and the
 * caller answers 500 itself.
 */
int endpoint_request(struct endpoint *endpoint, int64_t now_us, const struct request *request);

/*
 * The gateway answered. Takes over what `result` refers to, whatever happens. A fetch that is not
 * outstanding is ignored. Returns 0, or -1 when out of memory (waiters are answered with 500).
 */
int endpoint_fetched(struct endpoint *endpoint, int64_t now_us, uint64_t fetch,
                     struct fetch_result *result);

/* The client went away: no REPLY will come for it. Unknown ids are ignored. */
void endpoint_abandon(struct endpoint *endpoint, int64_t now_us, uint64_t request);

/* Takes the next action; false when there is none. Fetches come first, and both kinds in the order in
 * which they arose. Of a REPLY what belongs to a FETCH is not written. */
bool endpoint_next(struct endpoint *endpoint, struct endpoint_action *action);

/* The same with actions of one kind only; those of the other stay. */
bool endpoint_next_fetch(struct endpoint *endpoint, struct endpoint_action *action);
bool endpoint_next_reply(struct endpoint *endpoint, struct endpoint_action *action);
bool endpoint_has_fetches(const struct endpoint *endpoint);

/* How many entries each cache holds now, and how many requests wait. */
struct endpoint_usage {
    size_t graph_entries, stats_entries, detail_entries;
    size_t waiting_requests, fetches_in_flight;
};
void endpoint_measure(const struct endpoint *endpoint, struct endpoint_usage *usage);

#endif
