#ifndef FRESHCHECK_GATEWAY_JOB_ORDER_H
#define FRESHCHECK_GATEWAY_JOB_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a client wants done to a job, besides which: the body of a request that changes something.
 * Filled once by its maker, then shared by counting references. Texts are owned and may be NULL.
 * Source: Flink SavepointTriggerRequestBody, StopWithSavepointRequestBody, JarRunRequestBody.
 */
struct job_order {
    uint32_t references;

    /* TRIGGER_SAVEPOINT, STOP_WITH_SAVEPOINT */
    char *directory;    /* "file:///flink/savepoints"; never NULL in a fetch of these kinds */
    bool native_format; /* NATIVE instead of CANONICAL */
    bool cancels_job;   /* TRIGGER_SAVEPOINT: cancel once the savepoint is there */
    bool drain;         /* STOP_WITH_SAVEPOINT */

    /* RUN_JOB */
    char *name;           /* pipeline.name; NULL: the origin chooses */
    char *savepoint_path; /* NULL: starts from nothing */
    char *arguments;      /* of the program, one behind the other, each with its NUL */
    size_t arguments_length;
    bool allows_non_restored_state;
    int32_t parallelism; /* 0: the origin chooses */
    int64_t interval_ms; /* execution.checkpointing.interval; -1: the origin chooses; 0: none */
};

struct job_order *job_order_new(void); /* zeroed but for interval_ms -1; NULL: out of memory */
struct job_order *job_order_retain(struct job_order *order); /* NULL is allowed */
void job_order_release(struct job_order *order);             /* NULL is allowed */

#endif
