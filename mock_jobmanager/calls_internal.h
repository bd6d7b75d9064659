#ifndef FRESHCHECK_MOCK_JOBMANAGER_CALLS_INTERNAL_H
#define FRESHCHECK_MOCK_JOBMANAGER_CALLS_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gateway/gateway.h"

/* Calls of the gateway. */

struct job;
struct jobmanager;

struct call {
    uint64_t fetch;
    struct fetch_request request;
    size_t job;                 /* index or SIZE_MAX */
    int64_t deadline_us;        /* INT64_MAX: none */
    struct fetch_result result; /* what HAPPENS_CALL_END will deliver; owned */
    bool ended;                 /* before it arrived */
    size_t next_free;
};

struct job *known_job(const struct jobmanager *jobmanager, const struct call *call); /* or NULL */
bool call_arrives(struct jobmanager *jobmanager, size_t slot);
bool call_ends(struct jobmanager *jobmanager, size_t slot);
void calls_free(struct jobmanager *jobmanager);

/* triggers.c: what clients want done to a job's checkpoints */
bool take_trigger(struct jobmanager *jobmanager, const struct call *call,
                  struct fetch_result *result);
bool take_trigger_status(struct jobmanager *jobmanager, const struct call *call,
                         struct fetch_result *result);
bool take_savepoint(struct jobmanager *jobmanager, const struct call *call,
                    struct fetch_result *result);
bool take_stop(struct jobmanager *jobmanager, const struct call *call, struct fetch_result *result);
bool take_savepoint_status(struct jobmanager *jobmanager, const struct call *call,
                           struct fetch_result *result);

#endif
