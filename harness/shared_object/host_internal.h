#ifndef FRESHCHECK_HARNESS_SHARED_OBJECT_HOST_INTERNAL_H
#define FRESHCHECK_HARNESS_SHARED_OBJECT_HOST_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "freshcheck/implementation.h"
#include "harness/implementations/implementation.h"
#include "harness/shared_object/link.h"
#include "rest_endpoint/endpoint.h"

/*
 * The endpoint that a shared object is a part of.
 *
 * `handlers` is the reference without its caches: every request goes there first, and what it wants
 * to fetch for it says what the request needs. Then the object is asked. What it replies from goes
 * through the handlers again, as what was fetched for this target. `reference` is the whole
 * reference; it gets the requests for statistics and graphs that the object does not take.
 */

/* A request that the object took and has not answered. */
struct taken {
    uint64_t number;  /* as the object knows it: rising */
    uint64_t request; /* as the caller knows it */
    uint32_t needs;
    bool abandoned;
    int64_t at_us;
    char *target;
};

/* A document made from what was fetched: made once. */
struct document {
    char *target;
    int status;
    struct body *body;
};

enum { DOCUMENTS_MAX = 8 };

/* What the object fetched or fetches, until it releases it. */
struct fetched {
    uint64_t name; /* the object's */
    uint32_t data;
    struct id job;
    int64_t asked_us;
    bool arrived;
    struct fetch_result result;
    char *target; /* of the document that is to come along; NULL: none */
    struct document documents[DOCUMENTS_MAX];
    size_t document_count;
};

enum asker { ASKED_BY_HANDLERS, ASKED_BY_REFERENCE, ASKED_BY_OBJECT };

/* A call to the JobManager. */
struct call_out {
    uint64_t number; /* as the caller knows it */
    enum asker asker;
    uint64_t inner; /* as the asker knows it */
};

struct host {
    struct subject subject; /* first: a subject is one of these */
    struct link link;
    uint32_t takes;
    struct endpoint *handlers;
    struct subject *reference;
    struct taken *taken;
    size_t taken_count, taken_room;
    struct fetched **fetched;
    size_t fetched_count, fetched_room;
    struct call_out *calls_out;
    size_t call_out_count, call_out_room;
    struct endpoint_action *actions; /* to be drained */
    size_t action_count, action_room, action_next;
    uint64_t last_number, last_call_out, last_serial, call_count;
    int64_t now_us, last_call_us, wall_offset_us;
    struct buffer message, doing; /* the call under way, and in words */
    struct conduct conduct;
};

/* --- a run's bookkeeping (host_tables.c) ----------------------------------------------------- */

/* All return false or NULL when out of memory; then nothing has changed. */
bool host_push(struct host *host, const struct endpoint_action *action); /* takes over its body */
bool host_pop(struct host *host, struct endpoint_action *action);
bool host_call_out(struct host *host, enum asker asker, uint64_t inner,
                   const struct fetch_request *what);
bool host_call_back(struct host *host, uint64_t number, struct call_out *call_out);
bool host_take(struct host *host, const struct taken *taken);
struct taken *host_find_taken(const struct host *host, uint64_t number);
void host_forget_taken(struct host *host, struct taken *taken);
struct fetched *host_new_fetched(struct host *host, uint64_t name);
struct fetched *host_find_fetched(const struct host *host, uint64_t name);
void host_release(struct host *host, struct fetched *fetched);
void host_free_tables(struct host *host);

/* --- handlers (host_handlers.c) -------------------------------------------------------------- */

/* What the handlers make of a request: a reply, or a fetch that it needs. */
bool host_inquire(struct host *host, const struct request *request, struct endpoint_action *action);

/* Has them forget what they wanted to fetch for this request. */
void host_drop_inquiry(struct host *host, uint64_t request, const struct endpoint_action *action);

/* Carries out what came out of the handlers, or of the reference. */
bool host_drain_handlers(struct host *host);
bool host_drain_reference(struct host *host);

/* What they answer to `target` from what was fetched. Borrowed; NULL: out of memory, or (with
 * *unfit) this target is not made of it. */
const struct document *host_document(struct host *host, struct fetched *fetched, const char *target,
                                     size_t length, bool *unfit);

/* --- what the object wants (host_actions.c) -------------------------------------------------- */

bool host_act(struct host *host, struct wire_cursor *actions);

/* Writes down misconduct, the first one only. */
void host_blame(struct host *host, enum misconduct misconduct, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
